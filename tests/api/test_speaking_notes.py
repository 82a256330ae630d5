"""The API below an agenda item: speaking notes with If-Match, guests, and who finds them."""

import pytest

from app.access.queries import actor_of
from app.actor import Role
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.db import ident
from app.people import service as people
from tests import factories
from tests.factories import operator


@pytest.fixture
def stage(database, browse):
    with database.write() as session:
        body = factories.make_body(session)
        meeting = factories.make_meeting(session, body)
        item = add_item(session, operator(), meeting, ItemIn(title="Flächen", section=SectionKey.DEBATE))
        person = factories.make_person(session, "Beispiel", first_name="Ada")
        accounts = {
            "chair": factories.make_seated(session, body, chair=True),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "member": factories.make_seated(session, body),
        }
        tokens = {
            who: people.create_api_token(session, actor_of(session, account), account, label="t")
            for who, account in accounts.items()
        }
        address = f"/api/v1/meetings/{meeting.id}/agenda-items/{item.id}"
    client = browse()

    def ask(who, method, part, **values):
        headers = {"Authorization": f"Bearer {tokens[who]}", **values.pop("headers", {})}
        return client.request(method, address + part, headers=headers, **values)

    return ask, ident(person)


def test_notes_are_written_with_the_version_that_was_seen(stage):
    ask, _ = stage
    empty = ask("chair", "GET", "/speaking-note")
    assert (empty.status_code, empty.json()["version"], empty.json()["goal"]) == (200, 0, "")
    assert ask("chair", "PATCH", "/speaking-note", json={"goal": "Ja"}).status_code == 428
    written = ask("chair", "PATCH", "/speaking-note", json={"goal": "Ja"}, headers={"If-Match": '"0"'})
    assert (written.status_code, written.json()["goal"], written.json()["version"]) == (200, "Ja", 1)
    stale = ask("chair", "PATCH", "/speaking-note", json={"goal": "Nein"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["goal"] == "Ja"
    assert ask("chair", "PATCH", "/speaking-note", json={"other": 1}, headers={"If-Match": '"1"'}).status_code == 422


@pytest.mark.parametrize("who", ["secretariat", "member"])
def test_notes_are_unknown_to_everybody_else(stage, who):
    ask, _ = stage
    assert ask(who, "GET", "/speaking-note").status_code == 404
    assert ask(who, "PATCH", "/speaking-note", json={"goal": "x"}, headers={"If-Match": '"0"'}).status_code == 404


def test_guests_are_invited_changed_and_uninvited(stage):
    ask, person = stage
    made = ask("secretariat", "POST", "/guests", json={"person": person, "role": "speaker", "topic": "Guss"})
    assert made.status_code == 200
    assert made.json()["guests"] == [
        {"person": person, "name": "Ada Beispiel", "function": "", "role": "speaker", "topic": "Guss"}
    ]
    assert ask("secretariat", "POST", "/guests", json={"person": person}).status_code == 422
    assert (
        ask("secretariat", "PATCH", f"/guests/{person}", json={"topic": "Druck"}).json()["guests"][0]["topic"]
        == "Druck"
    )
    assert ask("chair", "GET", "/guests").json()["guests"][0]["name"] == "Ada Beispiel"
    assert ask("chair", "DELETE", f"/guests/{person}").status_code == 403
    assert ask("member", "GET", "/guests").status_code == 404
    assert ask("secretariat", "DELETE", f"/guests/{person}").json()["guests"] == []
    assert ask("secretariat", "DELETE", f"/guests/{person}").status_code == 404
