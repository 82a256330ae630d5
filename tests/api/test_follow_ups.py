"""The follow-up of decisions for programs: reading entries, making one, once, with the version seen."""

import datetime as dt

import pytest

from app.actor import Role
from app.decisions.models import Decision
from app.visibility import Level
from tests import factories


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session)
        return {
            "decision": factories.make_decision(session, body),
            "secret": factories.make_decision(session, body, level=Level.CONFIDENTIAL),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body, name="Katrin Berger"),
            "member": factories.make_seated(session, body),
            "advisory": factories.make_seated(session, body, voting=False),
            "stranger": factories.make_account(session, Role.SECRETARIAT, factories.make_body(session)),
        }


def address(house, which="decision"):
    return f"/decisions/{house[which].id}/follow-ups"


def test_an_entry_is_made_listed_and_shown(call, database, house):
    client = call(house["secretariat"])
    wish = {"state": "delayed", "text": "Wartet", "reason": "Einspruch", "due_on": "2026-11-12"}
    made = client.post(address(house), wish)
    assert made.status_code == 201
    body = made.json()
    assert made.headers["location"] == body["url"]
    assert (body["state"], body["as_of"], body["due_on"], body["entered_by"]) == (
        "delayed",
        "2026-03-02",
        "2026-11-12",
        "Katrin Berger",
    )
    member = call(house["member"])
    assert member.get(address(house)).json() == {"items": [body], "next": None}
    assert member.get(body["url"].removeprefix("/api/v1")).json() == body
    assert member.get(f"{address(house)}/2000000000").status_code == 404
    with database.read() as session:
        assert session.get_one(Decision, house["decision"].id).due_on == dt.date(2026, 11, 12)


def test_refusals_name_fields_states_versions_and_rights(call, house):
    client = call(house["secretariat"])
    wrong = client.post(address(house), {"state": "delayed"})
    assert wrong.status_code == 422
    assert {one["field"] for one in wrong.json()["errors"]} == {"reason", "due_on"}
    assert client.post(address(house), {"state": "replaced"}).status_code == 409
    stale = client.post(address(house), {"state": "open"}, seen=99)
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "open")
    assert call(house["member"]).post(address(house), {"state": "open"}).status_code == 403
    for account, which in (("stranger", "decision"), ("advisory", "secret")):
        assert call(house[account]).get(address(house, which)).status_code == 404
        assert call(house[account]).post(address(house, which), {"state": "open"}).status_code == 404


def test_sent_twice_is_entered_once(call, house):
    client = call(house["secretariat"])
    for _ in range(2):
        answer = client.post(address(house), {"state": "in_progress"}, once="eintrag-1", seen=1)
        assert answer.status_code == 201
    assert len(client.get(address(house)).json()["items"]) == 1
