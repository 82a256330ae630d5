"""Proposals over the API: draft, accept, reject, and who may see them; the command writes them alike."""

import datetime as dt
import json

import pytest

from app.agenda.models import Proposal, ProposalState
from app.api.proposals import draft_proposals
from app.api.schemas.proposals import DraftIn
from app.meetings.queries import lock_meeting
from app.projects.models import Light
from tests import factories
from tests.api.conftest import fields, problem

SHAPE = {"id", "section", "kind", "title", "minutes", "score", "fits", "projects", "reasons", "state"}


@pytest.fixture
def path(house):
    return f"{house.meeting}/proposals"


@pytest.fixture
def drafted(call, house, path):
    answer = call(house["secretariat"]).post(path, {"as_of": "2026-03-01"})
    assert answer.status_code == 201, answer.text
    return answer.json()["items"]


def test_drafting_answers_with_the_proposals_and_their_reasons(call, house, path):
    answer = call(house["secretariat"]).post(path, {"as_of": "2026-03-01"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1{path}"
    got = answer.json()
    assert (got["as_of"], got["next"], got["budget"]["length"]) == ("2026-03-01", None, 120)
    one = got["items"][0]
    assert set(one) >= SHAPE | {"version", "url", "page"}
    assert (one["section"], one["section_key"], one["kind"]) == ("Beratung", "beratung", "debate")
    assert (one["title"], one["minutes"], one["score"], one["fits"]) == ("Hafen der Zukunft", 10, 80, True)
    assert one["projects"] == [{"id": house.project.id, "code": "1.2"}]
    assert one["reasons"][0] | {"text": ""} == {
        "rule": "turned_red",
        "text": "",
        "project": "1.2",
        "since": "2026-02-14",
        "gone": False,
    }
    assert "14.02.2026" in one["reasons"][0]["text"]
    assert one["state"] == "open"
    listed = call(house["chair"]).get(path).json()
    assert listed["items"] == got["items"]
    assert call(house["chair"]).get(f"{path}/{one['id']}").json() == one


def test_without_a_day_today_is_the_stichtag(call, house, path):
    assert call(house["secretariat"]).post(path).json()["as_of"] == "2026-03-02"
    assert call(house["secretariat"]).post(path, {}).json()["as_of"] == "2026-03-02"


@pytest.mark.parametrize("as_of", ["2026-05-13", "gestern", "2026-02-30", 5.5, True])
def test_a_wrong_stichtag_is_refused_at_its_field(call, house, path, as_of):
    assert list(fields(call(house["secretariat"]).post(path, {"as_of": as_of}))) == ["as_of"]


def test_statuses_after_the_stichtag_are_not_used(call, house, path):
    assert call(house["secretariat"]).post(path, {"as_of": "2026-02-13"}).json()["items"] == []


def test_the_command_writes_the_same(call, house, path, database):
    answer = call(house["secretariat"]).post(path, {"as_of": "2026-03-01"}).json()
    with database.write() as session:
        meeting = lock_meeting(session, factories.operator(), house.announced.id)
        made = draft_proposals(session, factories.operator(), meeting, DraftIn(as_of=dt.date(2026, 3, 1)))
    again = json.loads(made.model_dump_json())
    for one in (*answer["items"], *again["items"]):
        one.pop("version")
    assert again == answer


def test_accepting_makes_an_item(call, house, path, drafted):
    program = call(house["secretariat"])
    answer = program.post(f"{path}/{drafted[0]['id']}/accept")
    assert answer.status_code == 200, answer.text
    got = answer.json()
    assert got["state"] == "accepted"
    item = program.get(f"{house.meeting}/agenda-items/{got['item']}").json()
    assert (item["title"], item["occasion"]) == (drafted[0]["title"], drafted[0]["occasion"])
    assert (item["origin"], item["projects"][0]["id"]) == ("proposal", house.project.id)
    assert "schon" in problem(program.post(f"{path}/{got['id']}/accept"), 409)["detail"]
    assert program.get(path, state="open").json()["items"] == []
    assert [one["id"] for one in program.get(path, state="accepted").json()["items"]] == [got["id"]]


def test_a_project_on_another_coming_agenda_is_not_accepted_twice(call, house, path, drafted):
    program = call(house["secretariat"])
    item = {"title": "Hafen", "section": "beratung", "projects": [house.project.id]}
    assert program.post(f"/meetings/{house.planned.id}/agenda-items", item).status_code == 201
    assert "18. Sitzung" in problem(program.post(f"{path}/{drafted[0]['id']}/accept"), 409)["detail"]
    assert "18. Sitzung" in program.post(path).json()["items"][0]["taken_by"]


def test_rejecting_puts_it_into_the_backlog(call, house, path, drafted):
    program = call(house["secretariat"])
    address = f"{path}/{drafted[0]['id']}/reject"
    assert list(fields(program.post(address, {}))) == ["reason"]
    assert list(fields(program.post(address, {"reason": "\x00 "}))) == ["reason"]
    assert list(fields(program.post(address, {"reason": "x" * 501}))) == ["reason"]
    assert list(fields(program.post(address, {"reason": "x", "resume_on": "bald"}))) == ["resume_on"]
    got = program.post(address, {"reason": "Erst nach dem Gutachten", "resume_on": "2026-10-01"}).json()
    assert (got["state"], got["reject_reason"]) == ("rejected", "Erst nach dem Gutachten")
    topic = program.get("/topics").json()["items"][0]
    assert (topic["why"], topic["resume_on"]) == ("Erst nach dem Gutachten", "2026-10-01")
    assert topic["reasons"] == drafted[0]["reasons"]
    problem(program.post(address, {"reason": "noch einmal"}), 409)


def test_what_vanished_is_shown_only_when_asked_for(call, house, path, drafted, database):
    with database.write() as session:
        project = session.get_one(type(house.project), house.project.id)
        factories.make_status(session, project, dt.date(2026, 3, 1), Light.YELLOW)
    program = call(house["secretariat"])
    assert program.post(path).json()["items"] == []
    assert program.get(path).json()["items"] == []
    vanished = program.get(path, state="vanished").json()["items"]
    assert [(one["id"], one["state"]) for one in vanished] == [(drafted[0]["id"], "vanished")]
    assert vanished[0]["reasons"][0]["gone"] is True
    assert list(fields(program.get(path, state="weg"))) == ["state"]


def test_only_secretariat_and_chair_see_proposals(call, house, path, drafted):
    for who in ("all", "secretariat", "chair"):
        assert call(house[who]).get(path).json()["items"]
    for who in ("member", "auditor", "lead", "stranger", "admin", "nobody"):
        problem(call(house[who]).get(path), 404)
        problem(call(house[who]).get(f"{path}/{drafted[0]['id']}"), 404)
        problem(call(house[who]).post(f"{path}/{drafted[0]['id']}/accept"), 404)
    problem(call(house["chair"]).post(f"{path}/{drafted[0]['id']}/accept"), 403)
    problem(call(house["chair"]).post(path), 403)
    problem(call(house["member"]).post(path), 403)


def test_a_proposal_of_another_meeting_is_not_found(call, house, drafted):
    program = call(house["all"])
    for other in (house.planned, house.elsewhere):
        problem(program.get(f"/meetings/{other.id}/proposals/{drafted[0]['id']}"), 404)
        problem(program.post(f"/meetings/{other.id}/proposals/{drafted[0]['id']}/accept"), 404)


def test_states_are_stored_as_the_answer_says(call, house, path, drafted, database):
    call(house["secretariat"]).post(f"{path}/{drafted[0]['id']}/reject", {"reason": "später"})
    with database.read() as session:
        assert session.get_one(Proposal, drafted[0]["id"]).state is ProposalState.REJECTED
