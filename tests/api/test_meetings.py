"""Meetings over the API: plan, change with versions, and every act of their life."""

import datetime as dt

import pytest

from app.meetings.models import MeetingState
from app.meetings.queries import get_meeting
from tests import factories
from tests.api.conftest import fields, problem

WHEN = {"starts_at": "2026-09-01T10:00:00+02:00", "ends_at": "2026-09-01T12:00:00+02:00", "place": "Rotes Rathaus"}
YES = {"approved_by": "Kai Beispiel", "approved_on": "2026-03-01", "approved_how": "E-Mail"}


@pytest.mark.parametrize("named", ["id", "short_name"])
def test_the_minimal_body_plans_a_meeting(call, house, named):
    program = call(house["secretariat"])
    body = house.body.id if named == "id" else " SKIP "
    answer = program.post("/meetings", {"body": body, **WHEN})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == made["url"] == f"/api/v1/meetings/{made['id']}"
    assert made["page"] == f"/sitzungen/{made['id']}"
    assert (made["body"], made["body_short_name"], made["number"]) == (house.body.id, "SKIP", 19)
    assert (made["starts_at"], made["ends_at"]) == (WHEN["starts_at"], WHEN["ends_at"])
    assert {one["kind"]: one["due_on"] for one in made["deadlines"]}["invitation"] == "2026-08-18"
    again = program.get(f"/meetings/{made['id']}")
    assert again.json() == made
    assert again.headers["etag"] == f'"{made["version"]}"'


def test_times_are_told_in_berlin_in_winter_and_in_summer(call, house):
    program = call(house["secretariat"])
    wish = {"body": "SKIP", "starts_at": "2026-12-01T09:00:00Z", "ends_at": "2026-12-01T06:00:00-05:00"}
    made = program.post("/meetings", wish).json()
    assert (made["starts_at"], made["ends_at"]) == ("2026-12-01T10:00:00+01:00", "2026-12-01T12:00:00+01:00")


def test_a_past_meeting_is_entered_afterwards_and_led_through_its_states(call, house):
    program = call(house["secretariat"])
    wish = {
        "body": "SKIP",
        "starts_at": "2025-05-12T10:00:00+02:00",
        "ends_at": "2025-05-12T12:00:00+02:00",
        "number": 9,
    }
    path = f"/meetings/{program.post('/meetings', wish).json()['id']}"
    assert program.get(path).json()["entered_afterwards"] is True
    released = program.post(f"{path}/release")
    assert released.status_code == 200, released.text
    assert released.json()["release"]["version"] == 1
    assert program.post(f"{path}/start").json()["state"] == "in_session"
    assert program.post(f"{path}/close").json()["state"] == "held"
    assert [one["state"] for one in program.get("/meetings", limit=1, since="2025-01-01T00:00:00Z").json()["items"]]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"starts_at": "2026-09-01T10:00:00"}, "starts_at"),
        ({"starts_at": "morgen"}, "starts_at"),
        ({"ends_at": "2026-09-01T09:00:00+02:00"}, "ends_at"),
        ({"ends_at": "2026-09-03T09:00:00+02:00"}, "ends_at"),
        ({"number": 0}, "number"),
        ({"number": 17}, "number"),
        ({"length_minutes": 5}, "length_minutes"),
        ({"place": "x" * 301}, "place"),
        ({"main_topic": "x" * 301}, "main_topic"),
        ({"body": None}, "body"),
        ({"body": True}, "body"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59Z"}, "ends_at"),
        ({"raum": "x"}, "raum"),
    ],
)
def test_wishes_that_do_not_hold_are_refused_at_their_field(call, house, wish, field):
    refused = fields(call(house["secretariat"]).post("/meetings", {"body": "SKIP", **WHEN, **wish}))
    assert field in refused
    assert all(message.endswith(".") for message in refused.values())


def test_missing_fields_are_named(call, house):
    assert set(fields(call(house["secretariat"]).post("/meetings", {}))) == {"body", "starts_at", "ends_at"}


@pytest.mark.parametrize("body", ["AE", "NIX", 987654, 99999999999999999999999, -1, "", "x" * 100])
def test_unknown_and_invisible_bodies_are_alike(call, house, body):
    answer = call(house["secretariat"]).post("/meetings", {"body": body, **WHEN})
    assert answer.status_code in (404, 422)
    if body in ("AE", "NIX", 987654):
        problem(answer, 404)


def test_texts_of_the_allowed_length_keep_every_sign(call, house):
    program = call(house["secretariat"])
    place = ("Großer Saal 🏛️ „Ÿ“ " * 20)[:299].strip()
    made = program.post("/meetings", {"body": "SKIP", **WHEN, "place": place, "main_topic": "ü" * 300}).json()
    assert (made["place"], made["main_topic"]) == (place, "ü" * 300)


def test_a_change_needs_the_version_and_raises_it(call, house):
    program = call(house["secretariat"])
    seen = program.get(house.meeting).json()["version"]
    problem(program.patch(house.meeting, {"main_topic": "Hafen"}), 428)
    changed = program.patch(house.meeting, {"main_topic": "Hafen"}, seen=seen)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["main_topic"], changed.json()["version"]) == ("Hafen", seen + 1)
    assert changed.headers["etag"] == f'"{seen + 1}"'
    stale = problem(program.patch(house.meeting, {"main_topic": "Flughafen"}, seen=seen), 412)
    assert stale["current"] == program.get(house.meeting).json()
    assert stale["current"]["main_topic"] == "Hafen"


@pytest.mark.parametrize("header", ['"{}"', "{}", 'W/"{}"', '"99", "{}"', ' "{}" '])
def test_the_version_may_be_written_in_several_ways(call, house, header):
    program = call(house["secretariat"])
    seen = program.get(house.meeting).json()["version"]
    headers = program.headers | {"If-Match": header.format(seen)}
    answer = program.client.patch(f"/api/v1{house.meeting}", json={"special": True}, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("header", "status"), [("*", 428), ("", 428), ("abc", 412), ('"1x"', 412), ("-2", 412)])
def test_what_names_no_version_is_refused(call, house, header, status):
    program = call(house["secretariat"])
    headers = program.headers | {"If-Match": header}
    problem(program.client.patch(f"/api/v1{house.meeting}", json={"special": True}, headers=headers), status)


def test_announce_move_and_cancel(call, house):
    program = call(house["secretariat"])
    path = f"/meetings/{house.planned.id}"
    problem(call(house["member"]).get(path), 404)
    assert program.post(f"{path}/announce").json()["announced_at"] == "2026-03-02T09:00:00+01:00"
    assert call(house["member"]).get(path).json()["state"] == "announced"
    assert "angekündigt" in problem(program.post(f"{path}/announce"), 409)["detail"]
    moved = program.post(f"{path}/move", {**WHEN, "place": "Louise-Schroeder-Saal"}).json()
    assert (moved["starts_at"], moved["sequence"]) == (WHEN["starts_at"], 1)
    cancelled = program.post(f"{path}/cancel", {"reason": "Terminnot"}).json()
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("cancelled", "Terminnot")
    assert call(house["member"]).get(path).json()["state"] == "cancelled"
    problem(program.post(f"{path}/cancel"), 409)


def test_acts_heed_the_version_where_it_is_sent(call, house):
    program = call(house["secretariat"])
    seen = program.get(house.meeting).json()["version"]
    for act, wish in (("cancel", {}), ("release", YES), ("move", WHEN), ("start", None), ("proposals", {})):
        stale = problem(program.post(f"{house.meeting}/{act}", wish, seen=seen + 7), 412)
        assert stale["current"]["version"] == seen
    any_version = program.headers | {"If-Match": "*"}
    assert program.client.post(f"/api/v1{house.meeting}/start", headers=any_version).status_code == 409
    assert program.post(f"{house.meeting}/cancel", {}, seen=seen).status_code == 200


def test_release_asks_for_the_chairs_yes_and_freezes(call, house):
    program = call(house["secretariat"])
    problem(program.post(f"{house.meeting}/release", YES), 409)
    program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung"})
    assert set(fields(program.post(f"{house.meeting}/release"))) == {"approved_by", "approved_on", "approved_how"}
    assert "approved_on" in fields(program.post(f"{house.meeting}/release", {**YES, "approved_on": "2026-03-09"}))
    released = program.post(f"{house.meeting}/release", YES).json()
    assert released["state"] == "released"
    assert released["release"] | {"as_of": ""} == {
        "version": 1,
        "as_of": "",
        "released_at": "2026-03-02T09:00:00+01:00",
        "late_reason": "",
        **YES,
    }
    problem(program.post(f"{house.meeting}/release", YES), 409)


def test_a_meeting_closes_only_with_outcomes(call, house):
    program = call(house["secretariat"])
    item = program.post(f"{house.meeting}/agenda-items", {"title": "Hafen", "section": "beratung"}).json()
    program.post(f"{house.meeting}/release", YES)
    path = item["url"].removeprefix("/api/v1")
    problem(program.post(f"{path}/outcome", {"outcome": "adopted"}), 409)
    program.post(f"{house.meeting}/start")
    assert "ohne Ergebnis" in problem(program.post(f"{house.meeting}/close"), 409)["detail"]
    assert "note" in fields(program.post(f"{path}/outcome", {"outcome": "referred"}))
    assert "resume_on" in fields(program.post(f"{path}/outcome", {"outcome": "deferred"}))
    assert "outcome" in fields(program.post(f"{path}/outcome", {"outcome": "vertagt"}))
    told = program.post(f"{path}/outcome", {"outcome": "deferred", "note": "bis das Gutachten da ist"})
    assert (told.json()["outcome"], told.json()["outcome_note"]) == ("deferred", "bis das Gutachten da ist")
    assert program.post(f"{house.meeting}/close").json()["state"] == "held"


def test_a_main_topic_is_told_with_the_release_only(call, house, database):
    readers = ("member", "auditor")
    program = call(house["secretariat"])
    path = f"/meetings/{house.planned.id}"
    program.post(f"{path}/announce")
    for who in readers:
        assert call(house[who]).get(path).json()["main_topic"] == ""
    assert call(house["chair"]).get(path).json()["main_topic"] == "Noch geheim"
    program.post(f"{path}/agenda-items", {"title": "Hafen", "section": "beratung"})
    program.post(f"{path}/release", YES)
    for who in readers:
        assert call(house[who]).get(path).json()["main_topic"] == "Noch geheim"


def test_deadlines_are_those_that_concern_the_reader(call, house):
    def kinds(who):
        return {one["kind"] for one in call(house[who]).get(house.meeting).json()["deadlines"]}

    assert kinds("secretariat") == {"round_closes", "registration", "papers", "invitation", "minutes"}
    assert kinds("member") == {"registration", "papers"}
    assert kinds("auditor") == set()


def test_the_service_sees_what_the_api_did(call, house, database):
    made = call(house["secretariat"]).post("/meetings", {"body": "SKIP", **WHEN, "special": True}).json()
    with database.read() as session:
        row = get_meeting(session, factories.operator(), made["id"])
        assert (row.state, row.special, row.number) == (MeetingState.PLANNED, True, None)
        assert row.starts_at == dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
