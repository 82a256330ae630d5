"""Accounts: only the administration finds them; it adds, stills and frees them, and never locks itself out."""

import threading

import pytest

from app.actor import Role
from app.db import ident
from app.errors import Refused
from app.people import queries, service
from tests import factories
from tests.factories import operator

GOOD = {"name": "Berta Beispiel", "email": "Berta@Example.org", "password": "ein Anfangskennwort"}


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis Industriepolitik")
        person = factories.make_person(session, "Ahorn")
        return {
            "body": body,
            "person": person,
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org", name="Alma Verwalter"),
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body, email="ada@example.org"),
            "auditor": factories.make_account(session, Role.AUDITOR),
            "member": factories.make_seated(session, body),
        }


@pytest.mark.parametrize("who", ["secretariat", "auditor", "member"])
def test_nobody_else_finds_accounts(browse, house, who):
    browser = browse(house[who])
    for address in ("/konten", "/konten/neu", f"/konten/{house['admin'].id}", "/konten/999999"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "admin@example.org" not in answer.text
    for address in ("/konten/neu", f"/konten/{house['admin'].id}/stilllegen", f"/konten/{house['admin'].id}/kennwort"):
        assert browser.submit(address, **GOOD).status_code == 404
    assert 'href="/konten"' not in browser.get("/profil").text


def test_the_administration_sees_accounts_but_nothing_of_bodies_beyond_short_names(browse, house):
    browser = browse(house["admin"])
    text = browser.get("/konten").text
    for word in ("Alma Verwalter", "ada@example.org", "Geschäftsstelle (SKIP)", "Systemadministration", "4 Konten"):
        assert word in text
    form = browser.get("/konten/neu").text
    assert ">SKIP</option>" in form
    assert "Steuerungskreis Industriepolitik" not in form + text


def test_a_new_account_signs_in_with_its_role_and_person(browse, database, house):
    browser = browse(house["admin"])
    answer = browser.submit(
        "/konten/neu", **GOOD, role="secretariat", body_id=str(house["body"].id), person_id=str(house["person"].id)
    )
    assert answer.headers["location"] == "/konten"
    text = browser.get("/konten").text
    assert "Das Konto berta@example.org ist angelegt." in text
    assert "Ahorn" in text
    entered = browse().submit("/anmelden", email="berta@example.org", password=GOOD["password"])
    assert entered.status_code == 303
    with database.read() as session:
        account = queries.find_account_by_email(session, "berta@example.org")
        roles = [(row.role, row.body_id) for row in queries.list_account_roles(session, ident(account))]
    assert roles == [(Role.SECRETARIAT, house["body"].id)]
    assert account is not None
    assert account.person_id == house["person"].id
    assert "Konto angelegt" in browser.get("/verlauf").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "ada@example.org"}, "Für ada@example.org gibt es schon ein Konto."),
        ({"email": "keine"}, "Bitte geben Sie eine gültige E-Mail-Adresse ein."),
        ({"name": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"password": "kurz"}, "Das Kennwort braucht mindestens 12 Zeichen"),
        ({"role": "chair"}, "Bitte wählen Sie eine der Rollen."),
        ({"role": "admin", "body_id": "BODY"}, "Ein Gremium gehört nur zu den Rollen"),
        ({"body_id": "BODY"}, "Ein Gremium gehört nur zu den Rollen"),
        ({"role": "auditor", "body_id": "999999"}, "Bitte wählen Sie eines der Gremien."),
        ({"person_id": "999999"}, "Bitte wählen Sie eine der Personen."),
    ],
)
def test_bad_input_is_named_and_the_rest_kept(browse, database, house, changed, sentence):
    fields = {**GOOD, **changed}
    if fields.get("body_id") == "BODY":
        fields["body_id"] = str(house["body"].id)
    answer = browse(house["admin"]).submit("/konten/neu", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["name"] in answer.text
    assert fields["password"] not in answer.text
    with database.read() as session:
        assert queries.find_account_by_email(session, "berta@example.org") is None


def test_a_stilled_account_is_signed_out_and_comes_back(browse, house):
    browser, theirs = browse(house["admin"]), browse(house["secretariat"])
    address = f"/konten/{house['secretariat'].id}"
    assert theirs.get("/profil").status_code == 200
    assert browser.submit(f"{address}/stilllegen").headers["location"] == address
    assert "ist stillgelegt." in browser.get(address).text
    assert theirs.get("/profil").status_code == 303
    entered = browse().submit("/anmelden", email="ada@example.org", password=factories.PASSWORD)
    assert entered.status_code == 422
    assert "stillgelegt" in browser.get("/konten").text
    browser.submit(f"{address}/freischalten")
    assert browse().submit("/anmelden", email="ada@example.org", password=factories.PASSWORD).status_code == 303
    history = browser.get("/verlauf").text
    assert "Konto stillgelegt" in history
    assert "Konto wieder freigeschaltet" in history


def test_the_last_administration_cannot_lock_itself_out(browse, database, house):
    browser, address = browse(house["admin"]), f"/konten/{house['admin'].id}/stilllegen"
    answer = browser.submit(address)
    assert answer.status_code == 409
    assert "Das ist das letzte Konto der Systemadministration." in answer.text
    assert browser.get("/konten").status_code == 200
    with database.write() as session:
        factories.make_account(session, Role.ADMIN, active=False)
    assert browser.submit(address).status_code == 409
    with database.write() as session:
        factories.make_account(session, Role.ADMIN)
    assert browser.submit(address).status_code == 303
    assert browser.get("/konten").status_code == 303


def test_two_administrations_cannot_still_each_other_at_once(own_database):
    with own_database.write() as session:
        ids = [ident(factories.make_account(session, Role.ADMIN)) for _ in range(2)]
    barrier, outcomes = threading.Barrier(2), []

    def still(account_id):
        barrier.wait()
        try:
            with own_database.write() as session:
                service.deactivate_account(session, operator(), queries.lock_accounts(session, account_id))
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")

    threads = [threading.Thread(target=still, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_the_administration_sets_a_new_password_for_others(browse, database, house):
    browser, address = browse(house["admin"]), f"/konten/{house['secretariat'].id}"
    bad = browser.submit(f"{address}/kennwort", password="kurz")
    assert bad.status_code == 422
    assert "mindestens 12 Zeichen" in bad.text
    theirs = browse(house["secretariat"])
    assert browser.submit(f"{address}/kennwort", password="ein Ersatzkennwort").status_code == 303
    assert theirs.get("/profil").status_code == 303
    assert browse().submit("/anmelden", email="ada@example.org", password="ein Ersatzkennwort").status_code == 303
    assert browser.submit("/konten/999999/kennwort", password="ein Ersatzkennwort").status_code == 404


def test_the_list_takes_the_same_queries_for_few_and_many(browse, database, house):
    from tests.queries import recorded_queries

    browser = browse(house["admin"])
    with recorded_queries(database.engine) as few:
        browser.get("/konten")
    with database.write() as session:
        for _ in range(5):
            factories.make_account(session, Role.AUDITOR, house["body"])
    with recorded_queries(database.engine) as many:
        browser.get("/konten")
    assert len(few) == len(many)


def test_a_long_list_is_filtered_by_name_person_and_address(browse, database, house):
    browser = browse(house["admin"])
    assert 'action="/konten"' not in browser.get("/konten").text, "a short list is read, not searched"
    with database.write() as session:
        for number in range(20):
            factories.make_account(session, name=f"Müller {number}", email=f"m{number}@example.org")
    assert 'action="/konten"' in browser.get("/konten").text
    found = browser.get("/konten?q=muller+m7@").text
    assert "Müller 7" in found
    assert "Müller 8" not in found
    none = browser.get("/konten?q=Niemand").text
    assert "Kein Konto heißt so" in none
    assert "Müller" not in none
