"""A house for the tests of the API, and programs that call it with a Bearer token."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.actor import Role
from app.bodies.models import Body
from app.db import ident
from app.meetings import service as meetings
from app.meetings.models import Meeting
from app.people import service as people
from app.people.models import Account
from app.projects.models import Light, Phase, PlanField, PlanPeriod, Project, ProjectLead
from tests import factories

PREFIX = "/api/v1"


class Program:
    """A program that calls the API with the token of an account (None: with none)."""

    def __init__(self, client: TestClient, key: str | None) -> None:
        self.client = client
        self.headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path: str, **params: Any) -> httpx2.Response:
        return self.client.get(PREFIX + path, params=params, headers=self.headers)

    def post(self, path: str, content: Any = None, *, once: str | None = None, seen: Any = None) -> httpx2.Response:
        headers = self.headers | ({"Idempotency-Key": once} if once else {})
        headers |= {"If-Match": f'"{seen}"'} if seen is not None else {}
        return self.client.post(PREFIX + path, content=_written(content), headers=headers)

    def patch(self, path: str, content: Any, *, seen: Any = None) -> httpx2.Response:
        headers = self.headers | ({"If-Match": f'"{seen}"'} if seen is not None else {})
        return self.client.patch(PREFIX + path, content=_written(content), headers=headers)

    def walk(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every object of a list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.get(path, **params, **cursor)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            if answer.json()["next"] is None:
                return found
            cursor = {"cursor": answer.json()["next"]}


def _written(content: Any) -> bytes | None:
    """JSON in ASCII, so that even half of an emoji can be sent; None is no body."""
    return None if content is None else json.dumps(content).encode()


@pytest.fixture
def call(application, database):
    """Open a program: ``call()`` has no token, ``call(account)`` one of the account."""
    client = TestClient(application, follow_redirects=False)

    def open_program(account: Account | None = None) -> Program:
        if account is None:
            return Program(client, None)
        with database.write() as session:
            key = people.create_api_token(session, factories.operator(), account, label="Test")
        return Program(client, key)

    yield open_program
    client.close()


@dataclass
class House:
    """Two bodies; in the first a planned and an announced meeting, a project with a status, and people."""

    body: Body
    other: Body
    planned: Meeting
    announced: Meeting
    elsewhere: Meeting
    period: PlanPeriod
    plan_field: PlanField
    project: Project
    accounts: dict[str, Account] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Account:
        return self.accounts[name]

    @property
    def meeting(self) -> str:
        """The path of the announced meeting."""
        return f"/meetings/{self.announced.id}"


@pytest.fixture
def house(database) -> House:
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis Industriepolitik")
        other = factories.make_body(session, "AE", "Arbeitsebene")
        planned = factories.make_meeting(session, body, dt.date(2026, 11, 10), number=18, main_topic="Noch geheim")
        announced = factories.make_meeting(session, body, dt.date(2026, 5, 12), number=17, place="Rotes Rathaus")
        meetings.announce_meeting(session, factories.operator(), announced)
        elsewhere = factories.make_meeting(session, other, dt.date(2026, 6, 2))
        meetings.announce_meeting(session, factories.operator(), elsewhere)
        period = factories.make_period(session, "2022–2026", starts_on=dt.date(2022, 1, 1))
        plan_field = factories.make_field(session, period, "Innovation")
        project = factories.make_project(
            session, "1.2", "Hafen der Zukunft", period_id=ident(period), field_id=ident(plan_field)
        )
        factories.make_status(session, project, dt.date(2025, 9, 30), Light.YELLOW, phase=Phase.RUNNING, progress=40)
        factories.make_status(session, project, dt.date(2026, 2, 14), Light.RED, summary="Die Kaimauer fehlt.")
        lead = factories.make_person(session, "Leitung")
        session.add(ProjectLead(project_id=ident(project), person_id=ident(lead)))
        accounts = {
            "all": factories.make_account(session, Role.SECRETARIAT),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_seated(session, body),
            "stranger": factories.make_seated(session, other),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "lead": factories.make_account(session, person=lead),
            "admin": factories.make_account(session, Role.ADMIN),
            "nobody": factories.make_account(session),
        }
    return House(body, other, planned, announced, elsewhere, period, plan_field, project, accounts)


def served(application: FastAPI) -> set[tuple[str, str]]:
    """Method and path of every operation of the API that the document describes."""
    apart = ("/api/v1/openapi.json", "/api/v1/docs")
    return {
        (method, route.path)
        for route in iter_route_contexts(application.routes)
        for method in route.methods or ()
        if route.path and route.path.startswith("/api/v1/") and route.path not in apart
    }


def problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The problem details of a refusal, checked as far as all of them are alike."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"].endswith((".", "!", "?"))
    return found


def fields(answer: httpx2.Response) -> dict[str, str]:
    """The refused fields of a 422 with their sentences."""
    return {one["field"]: one["message"] for one in problem(answer, 422)["errors"]}
