"""Attendance over the API: answers of seats, presences, the chair, exclusions; who reads how much of it."""

import datetime as dt

import pytest

from app import clock
from app.actor import Role
from app.bodies.queries import list_seats
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.rules.life import day_of
from tests import factories
from tests.api.conftest import problem

APPROVAL = {"approved_by": "Kai", "approved_on": "2026-03-01", "approved_how": "E-Mail"}
NOW = dt.datetime(2026, 5, 12, 10, 5, tzinfo=clock.BERLIN)


@pytest.fixture
def room(call, house, database):
    """The announced meeting with an internal and a confidential item and two occupied seats, one of them advisory."""
    with database.write() as session:
        people = {
            "voting": factories.make_seated(session, house.body),
            "advising": factories.make_seated(session, house.body, voting=False),
        }
        meeting = session.get_one(Meeting, house.announced.id)
        seats = {
            one.membership.person_id: ident(view.seat)
            for view in list_seats(session, ident(house.body), day_of(meeting))
            for one in view.holders
        }
        desk = factories.make_account(session, Role.SECRETARIAT, house.body)
    program = call(desk)
    items = [
        program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung", "level": level}).json()
        for level in ("internal", "confidential")
    ]
    house.accounts |= {**people, "desk": desk}
    house.seats = {name: seats[account.person_id] for name, account in people.items()}
    house.items = [item["id"] for item in items]
    house.path = f"{house.meeting}/attendance"
    return house


@pytest.fixture
def running(call, room):
    program = call(room["desk"])
    assert program.post(f"{room.meeting}/release", APPROVAL).status_code == 200
    with clock.standing_at(NOW):
        assert program.post(f"{room.meeting}/start").status_code == 200
        yield room


def test_a_seat_answers_and_who_was_overtaken_is_told_what_holds(call, room):
    program, path = call(room["voting"]), f"{room.path}/seats/{room.seats['voting']}"
    answer = program.patch(path, {"answer": "accepted"}, seen=0)
    assert (answer.status_code, answer.json()["answer"], answer.headers["etag"]) == (200, "accepted", '"1"')
    stale = call(room["desk"]).patch(path, {"answer": "declined"}, seen=0)
    assert problem(stale, 412)["current"]["answer"] == "accepted"
    wrong = problem(program.patch(path, {"answer": "represented"}, seen=1), 422)
    assert [error["field"] for error in wrong["errors"]] == ["deputy"]
    (own,) = program.get(room.path).json()["seats"]
    assert (own["seat"], own["answer"]) == (room.seats["voting"], "accepted")
    problem(program.patch(f"{room.path}/seats/{room.seats['advising']}", {"answer": "accepted"}, seen=0), 404)


def test_people_come_lead_and_go(call, running):
    program = call(running["desk"])
    came = program.post(f"{running.path}/presences", {"seat": running.seats["voting"]}, once="k1")
    again = program.post(f"{running.path}/presences", {"seat": running.seats["voting"]}, once="k1")
    assert (came.status_code, again.json()) == (201, came.json())
    assert came.json()["from_at"] == "2026-05-12T10:05:00+02:00"
    problem(program.post(f"{running.path}/presences", {"seat": running.seats["voting"]}), 409)
    person, row = came.json()["person"], came.json()
    led = program.post(f"{running.path}/chair", {"person": person}).json()
    assert led["room"]["present"] == 1
    assert led["room"]["chair"] == row["name"]
    assert [one["person"] for one in led["chair"]] == [person]
    path = f"{running.path}/presences/{row['id']}"
    problem(program.patch(path, {"remote": True}), 428)
    assert program.patch(path, {"remote": True}, seen=1).json()["remote"]
    problem(program.patch(path, {"remote": False}, seen=1), 412)
    with clock.standing_at(NOW + dt.timedelta(minutes=5)):
        left = program.post(f"{path}/leave", {})
        assert left.json()["until_at"] == "2026-05-12T10:10:00+02:00"
        gone = program.client.delete(f"/api/v1{path}", headers=program.headers)
    assert gone.json()["presences"] == []
    problem(program.get(path), 404)


def test_everybody_who_said_yes_comes_in_one_act(call, running):
    program = call(running["desk"])
    for seat in running.seats.values():
        program.patch(f"{running.path}/seats/{seat}", {"answer": "accepted"}, seen=0)
    there = program.post(f"{running.path}/arrive-all", {}).json()
    assert {one["seat"] for one in there["presences"]} == set(running.seats.values())


def test_exclusions_are_told_and_lifted(call, running):
    program, person = call(running["desk"]), running["voting"].person_id
    wish = {"item": running.items[1], "person": person, "reason": "Aufsichtsrat"}
    assert program.post(f"{running.path}/exclusions", wish).json()["exclusions"] == [wish]
    lifted = program.post(f"{running.path}/exclusions/{running.items[1]}/{person}/lift")
    assert lifted.json()["exclusions"] == []


def test_members_read_who_was_there_after_the_meeting_but_no_guest_of_a_confidential_item(call, running):
    program = call(running["desk"])
    program.post(f"{running.path}/presences", {"seat": running.seats["voting"]})
    for number, item in enumerate(running.items):
        guest = {"name": f"Gast {number}", "item": item}
        assert program.post(f"{running.path}/presences", guest).status_code == 201
    for name in ("voting", "advising"):
        seen = call(running[name]).get(running.path).json()
        assert (seen["presences"], seen["room"], len(seen["seats"])) == ([], None, 1)
        problem(call(running[name]).post(f"{running.path}/presences", {"name": "Kim"}), 403)
    for item in running.items:
        program.post(f"{running.meeting}/agenda-items/{item}/outcome", {"outcome": "noted"})
    with clock.standing_at(NOW + dt.timedelta(minutes=55)):
        assert program.post(f"{running.meeting}/close").status_code == 200

    def guests(name):
        rows = call(running[name]).get(running.path).json()["presences"]
        return [one["name"] for one in rows if one["seat"] is None]

    assert guests("advising") == ["Gast 0"]
    assert guests("voting") == ["Gast 0", "Gast 1"]


def test_a_second_invitation_needs_a_rule_of_quorum(call, room):
    answer = call(room["desk"]).post(f"{room.path}/second-invitation", {"first_meeting": room.planned.id})
    assert "keine Regel zur Beschlussfähigkeit" in problem(answer, 409)["detail"]


def test_for_others_there_is_no_attendance(call, room, database):
    with database.write() as session:
        admin = factories.make_account(session, Role.ADMIN)
    problem(call(admin).get(room.path), 404)
