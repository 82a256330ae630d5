"""The page of one's choices, and stopping mails by their link without a sign-in."""

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actor import Role
from app.db import Database, ident
from app.links.rules import Purpose, link_key
from app.links.service import make_link
from app.notices.models import NoticeChoice, NoticeWay
from app.notices.rules.kinds import KINDS
from tests import factories as make


@pytest.fixture
def account(database: Database):
    with database.write() as session:
        return make.make_account(session)


@pytest.fixture
def key(database: Database, account, settings) -> str:
    with database.write() as session:
        link = make_link(
            session,
            settings.signing_key,
            Purpose.UNSUBSCRIBE,
            account_id=ident(account),
            detail="meeting_announced,agenda_released",
        )
        return link_key(settings.signing_key, link.nonce)


def choices(database: Database) -> list[tuple[str, NoticeWay]]:
    with database.read() as session:
        return [(row.kind, row.way) for row in session.exec(select(NoticeChoice))]


def test_choices_are_kept_and_duties_cannot_be_switched_off(browse, account, database):
    browser = browse(account)
    assert "Tagesordnung und Unterlagen freigegeben" in browser.get("/profil/benachrichtigungen").text
    browser.submit("/profil/benachrichtigungen", circular_result="off")
    assert choices(database) == [("circular_result", NoticeWay.OFF)]
    refused = browser.submit("/profil/benachrichtigungen", agenda_released="off")
    assert refused.status_code == 422
    assert choices(database) == [("circular_result", NoticeWay.OFF)]


def test_what_only_reaches_the_secretariat_is_offered_to_it_alone(browse, account, database):
    with database.write() as session:
        office = make.make_account(session, Role.SECRETARIAT)
    seen, seen_there = (browse(one).get("/profil/benachrichtigungen").text for one in (account, office))
    assert "Einwendung erhoben" not in seen
    assert "Einwendung beantwortet" in seen
    assert "Einwendung erhoben" in seen_there


def test_the_choices_stand_in_groups(browse, account):
    page = browse(account).get("/profil/benachrichtigungen").text
    headings = re.findall(r"<legend>(.+?)</legend>", page)
    assert headings == ["Sitzungen", "Niederschriften", "Umlaufverfahren", "Aufträge und Wiedervorlagen", "Sachstände"]
    assert page.count("<select") == len([spec for spec in KINDS if not spec.is_for_office])


def test_opening_the_link_changes_nothing_and_posting_it_stops_what_may_be_stopped(application, key, database):
    client = TestClient(application)
    asked = client.get(f"/abbestellen/{key}")
    assert asked.headers["referrer-policy"] == "no-referrer"
    assert 'name="referrer" content="no-referrer"' in asked.text
    assert asked.status_code == 200
    assert "Sitzung angekündigt" in asked.text
    assert "Unterlagen freigegeben" not in asked.text
    assert choices(database) == []
    client = TestClient(application)
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        answer = client.post(f"/abbestellen/{key}", data=body, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200
    assert choices(database) == [("meeting_announced", NoticeWay.OFF)]


def test_an_invented_link_is_unknown(application, key):
    client = TestClient(application)
    assert client.get("/abbestellen/erfunden").status_code == 404
    assert client.post("/abbestellen/erfunden").status_code == 404
