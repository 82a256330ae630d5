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
    return f"/api/v1/decisions/{house[which].id}/follow-ups"


def test_an_entry_is_made_listed_and_shown(api, database, house):
    client = api(house["secretariat"])
    wish = {"state": "delayed", "text": "Wartet", "reason": "Einspruch", "due_on": "2026-11-12"}
    made = client.post(address(house), json=wish)
    assert made.status_code == 201
    body = made.json()
    assert made.headers["location"] == body["url"]
    assert (body["state"], body["as_of"], body["due_on"], body["entered_by"]) == (
        "delayed",
        "2026-03-02",
        "2026-11-12",
        "Katrin Berger",
    )
    member = api(house["member"])
    assert member.get(address(house)).json() == {"items": [body], "next": None}
    assert member.get(body["url"]).json() == body
    assert member.get(f"{address(house)}/2000000000").status_code == 404
    with database.read() as session:
        assert session.get_one(Decision, house["decision"].id).due_on == dt.date(2026, 11, 12)


def test_refusals_name_fields_states_versions_and_rights(api, house):
    client = api(house["secretariat"])
    wrong = client.post(address(house), json={"state": "delayed"})
    assert wrong.status_code == 422
    assert {one["field"] for one in wrong.json()["errors"]} == {"reason", "due_on"}
    assert client.post(address(house), json={"state": "replaced"}).status_code == 409
    stale = client.post(address(house), json={"state": "open"}, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "open")
    assert api(house["member"]).post(address(house), json={"state": "open"}).status_code == 403
    for account, which in (("stranger", "decision"), ("advisory", "secret")):
        assert api(house[account]).get(address(house, which)).status_code == 404
        assert api(house[account]).post(address(house, which), json={"state": "open"}).status_code == 404


def test_sent_twice_is_entered_once(api, house):
    client = api(house["secretariat"])
    for _ in range(2):
        answer = client.post(
            address(house), json={"state": "in_progress"}, headers={"Idempotency-Key": "eintrag-1", "If-Match": '"1"'}
        )
        assert answer.status_code == 201
    assert len(client.get(address(house)).json()["items"]) == 1
