"""The page on which two entries of the same institution become one."""

import re

import pytest

from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import Body
from app.db import ident
from app.people.models import Organisation
from tests import factories
from tests.factories import operator


@pytest.fixture
def house(database):
    with database.write() as session:
        body, other = factories.make_body(session, "SKIP"), factories.make_body(session, "Netzwerk")
        a = factories.make_organisation(session, "Senatsverwaltung für Wirtschaft", "SenWEB")
        b = factories.make_organisation(session, "SenWEB doppelt")
        bodies.add_seat(session, operator(), body, organisation_id=ident(b), title="Hausleitung")
        project = factories.make_project(session, "1.1", "Gründerzentrum", lead_id=ident(b))
        return {
            "a": ident(a),
            "b": ident(b),
            "project": ident(project),
            "body": ident(body),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "stranger": factories.make_account(session, Role.SECRETARIAT, other),
            "member": factories.make_seated(session, body),
            "admin": factories.make_account(session, Role.ADMIN),
        }


def stand_of(answer):
    return re.findall(r'name="stand" value="(\w+)"', answer.text)[0]


def test_a_secretary_merges_what_was_imported_twice(browse, house):
    browser, (a, b) = browse(house["secretariat"]), (house["a"], house["b"])
    address = f"/institutionen/{b}/zusammenfuehren"
    assert f'href="{address}"' in browser.get(f"/institutionen/{b}/bearbeiten").text
    chosen = browser.get(address)
    assert "Endgültig zusammenführen" not in chosen.text
    assert "Hausleitung" in chosen.text
    shown = browser.get(f"{address}?mit={a}")
    for words in (
        "Hausleitung",
        "1.1 Gründerzentrum",
        "Bleibt: ",
        "Senatsverwaltung für Wirtschaft",
        "Daran hängt nichts.",
    ):
        assert words in shown.text, words
    done = browser.submit(address, into=str(a), stand=stand_of(shown))
    assert (done.status_code, done.headers["location"]) == (303, f"/institutionen/{a}")
    page = browser.get(f"/institutionen/{a}").text
    assert "Hier aufgegangen, weil doppelt geführt: SenWEB doppelt." in page
    assert "Institution mit einer anderen zusammengeführt" in page
    assert "Institution ist in einer anderen aufgegangen" in page, "the history of the other one stays"
    for path in ("", "/bearbeiten", "/zusammenfuehren"):
        moved = browser.get(f"/institutionen/{b}{path}", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (303, f"/institutionen/{a}"), path
    found = browser.get("/institutionen?q=doppelt").text
    assert f'href="/institutionen/{a}"' in found
    assert f'href="/institutionen/{b}"' not in browser.get("/institutionen").text
    assert f'<option value="{b}"' not in browser.get("/projekte/neu").text
    again = browser.submit(address, into=str(a), stand="x")
    assert again.status_code == 303


def test_what_was_attached_meanwhile_is_shown_before_it_moves(browse, database, house):
    browser, address = browse(house["secretariat"]), f"/institutionen/{house['b']}/zusammenfuehren"
    stand = stand_of(browser.get(f"{address}?mit={house['a']}"))
    with database.write() as session:
        factories.make_project(session, "2.2", "Nachzügler", lead_id=house["b"])
    answer = browser.submit(address, into=str(house["a"]), stand=stand)
    assert answer.status_code == 412
    assert "Es wurde nichts zusammengeführt" in answer.text
    assert "2.2 Nachzügler" in answer.text
    assert browser.submit(address, into=str(house["a"]), stand=stand_of(answer)).status_code == 303


def test_refusals_stand_on_the_page(browse, database, house):
    browser, address = browse(house["secretariat"]), f"/institutionen/{house['b']}/zusammenfuehren"
    answer = browser.submit(address, stand="x")
    assert answer.status_code == 422
    assert browser.get(f"{address}?mit=999999").status_code == 200
    with database.write() as session:
        body = session.get_one(Body, house["body"])
        bodies.add_seat(session, operator(), body, organisation_id=house["a"])
    shown = browser.get(f"{address}?mit={house['a']}")
    assert "Beide haben zur selben Zeit einen Sitz in SKIP." in shown.text
    assert "Endgültig zusammenführen" not in shown.text
    refused = browser.submit(address, into=str(house["a"]), stand="")
    assert refused.status_code == 409
    assert "So geht es nicht" in refused.text
    with database.read() as session:
        assert session.get_one(Organisation, house["b"]).merged_into_id is None


def test_who_may_not_does_not(browse, house):
    address = f"/institutionen/{house['b']}/zusammenfuehren"
    wish = {"into": str(house["a"]), "stand": ""}
    for who, status in (("member", 403), ("admin", 404)):
        browser = browse(house[who])
        assert browser.get(address).status_code == status, who
        assert browser.submit(address, **wish).status_code == status, who
    stranger = browse(house["stranger"])
    shown = stranger.get(f"{address}?mit={house['a']}").text
    assert "Hausleitung" not in shown
    assert "die Sie nicht einsehen können" in shown
    assert stranger.submit(address, **wish).status_code == 409
