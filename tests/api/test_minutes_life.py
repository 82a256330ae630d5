"""The life of minutes through the API: the same acts, refusals and editions as the pages."""

import datetime as dt
from types import SimpleNamespace

import pytest

from app.actor import Role
from app.db import ident
from app.meetings.models import MeetingState
from tests import factories
from tests.api.conftest import problem
from tests.minutes.held import make_held

YES = {"released_by": "Vorsitz", "released_on": "2026-03-02", "released_how": "mündlich"}


@pytest.fixture
def record(database):
    with database.write() as session:
        held = make_held(session)
        later = factories.make_meeting(session, held.body, dt.date(2026, 6, 9), number=2)
        later.state = MeetingState.HELD
        session.add(later)
        return SimpleNamespace(
            address=f"/meetings/{held.meeting.id}/minutes",
            later=ident(later),
            office=factories.make_account(session, Role.SECRETARIAT, held.body),
            member=held.accounts["member"],
            advisory=factories.make_seated(session, held.body, voting=False),
            stranger=factories.make_account(session),
        )


def test_the_whole_life(call, record):
    office, member, advisory = call(record.office), call(record.member), call(record.advisory)
    problem(member.get(f"{record.address}/record"), 404)
    assert office.get(f"{record.address}/record").json()["number"] == 0
    problem(office.post(f"{record.address}/submit", {}), 422)
    sent = office.post(f"{record.address}/submit", YES)
    assert (sent.json()["number"], sent.json()["state"]) == (1, "review")
    text = advisory.get(f"{record.address}/record").text
    assert "Verlauf internal" in text
    assert "Verlauf confidential" not in text
    problem(advisory.get(f"{record.address}/record", edition="vollstaendig"), 404)
    made = member.post(f"{record.address}/objections", {"text": "Es war anders."})
    assert made.status_code == 201
    one = f"{record.address}/objections/{made.json()['id']}"
    problem(member.post(f"{one}/answer", {"state": "accepted"}), 403)
    problem(office.post(f"{record.address}/approve", {"meeting": record.later}), 409)
    problem(office.post(f"{one}/answer", {"state": "declined"}), 422)
    assert office.post(f"{one}/answer", {"state": "accepted"}).json()["state"] == "accepted"
    approved = office.post(f"{record.address}/approve", {"meeting": record.later}).json()
    assert (approved["state"], approved["number"], len(approved["hash"])) == ("approved", 2, 64)
    for act, wish in (
        ("submit", YES),
        ("approve", {"meeting": record.later}),
        ("objections", {"text": "x", "by": "y"}),
    ):
        problem(office.post(f"{record.address}/{act}", wish), 409)
    assert office.post(f"{record.address}/addenda", {"text": "Nachtrag"}).status_code == 201
    assert [one["serial"] for one in member.get(f"{record.address}/addenda").json()["items"]] == [1]
    stranger = call(record.stranger)
    problem(stranger.get(f"{record.address}/record"), 404)
    office.post(f"{record.address}/publish")
    public = stranger.get(f"{record.address}/record").json()
    assert (public["edition"], public["record"]["seats"], public["record"]["keeper"]) == ("oeffentlich", [], "")
    assert stranger.get(f"{record.address}/addenda").json()["items"] == []
    assert stranger.get(f"{record.address}/objections").json()["items"] == []
    office.post(f"{record.address}/unpublish", {"reason": "Fehler"})
    problem(stranger.get(f"{record.address}/record"), 404)


def test_a_public_decision_is_everybodys_while_the_public_minutes_are_published(call, record):
    office, stranger = call(record.office), call(record.stranger)
    made = {one["level"]: one for one in office.walk("/decisions")}
    assert set(made) == {"public", "internal", "confidential"}
    mine = f"/decisions/{made['public']['id']}"

    def hidden():
        assert stranger.walk("/decisions") == []
        problem(stranger.get(mine), 404)

    hidden()
    office.post(f"{record.address}/submit", YES)
    office.post(f"{record.address}/approve", {"meeting": record.later})
    hidden()
    assert office.post(f"{record.address}/publish").status_code in (200, 201)
    assert [one["id"] for one in stranger.walk("/decisions")] == [made["public"]["id"]]
    told = stranger.get(mine).json()
    assert (told["number"], told["wording"], told["whole"]) == (
        made["public"]["number"],
        "Der Kreis stimmt zu.",
        False,
    )
    assert (told["yes"], told["state"]) == (None, None)
    for level in ("internal", "confidential"):
        problem(stranger.get(f"/decisions/{made[level]['id']}"), 404)
    assert stranger.walk("/actions") == []
    office.post(f"{record.address}/unpublish", {"reason": "Fehler"})
    hidden()


def test_an_overtaken_version_is_told(call, record):
    office = call(record.office)
    stale = office.post(f"{record.address}/submit", YES, seen=99)
    assert stale.status_code == 412
