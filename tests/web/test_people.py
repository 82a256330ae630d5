"""Persons and institutions: lists, files and pages by role; addresses only for secretariats and the person."""

import csv
import datetime as dt
import io

import openpyxl
import pytest

from app import text
from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.people.models import OrganisationKind, OrganisationName, PersonFunction
from tests import factories
from tests.factories import operator
from tests.queries import recorded_queries


@pytest.fixture
def house(database):
    with database.write() as session:
        body, other = factories.make_body(session, "SKIP"), factories.make_body(session, "Geheimrunde")
        senate = factories.make_organisation(session, "Senatsverwaltung für Wirtschaft, Energie und Betriebe", "SenWEB")
        senate.kind = OrganisationKind.SENATE
        old_name = "Senatsverwaltung für Wirtschaft, Technologie und Forschung"
        session.add(
            OrganisationName(
                organisation_id=ident(senate),
                long=old_name,
                short="SenWTF",
                sort_key=text.sort_key(old_name),
                valid_to=dt.date(2016, 12, 7),
            )
        )
        before = factories.make_organisation(session, "Technologiestiftung alt")
        before.successor_id = ident(senate)
        person = factories.make_person(session, "Ahorn", first_name="Ada", title="Dr.", email="ada@senat.example")
        for title, start, end in (
            ("Staatssekretärin", dt.date(2024, 1, 1), None),
            ("Abteilungsleiterin", dt.date(2019, 1, 1), dt.date(2023, 12, 31)),
        ):
            session.add(
                PersonFunction(
                    person_id=ident(person),
                    organisation_id=ident(senate),
                    title=title,
                    valid_from=start,
                    valid_to=end,
                )
            )
        seat = bodies.add_seat(session, operator(), body, organisation_id=ident(senate), title="Wirtschaft")
        bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        elsewhere = bodies.add_seat(session, operator(), other, organisation_id=ident(senate), title="Verborgen")
        bodies.fill_seat(session, operator(), elsewhere, person_id=ident(person), kind=MembershipKind.DEPUTY)
        hidden = factories.make_person(session, "Zeder", email="zeder@example.org")
        bodies.fill_seat(session, operator(), elsewhere, person_id=ident(hidden), kind=MembershipKind.MEMBER)
        factories.make_project(session, "1.1", lead_id=ident(senate))
        return {
            "body": body,
            "person": person,
            "hidden": hidden,
            "senate": senate,
            "before": before,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "self": factories.make_account(session, person=person),
            "member": factories.make_seated(session, body),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "admin": factories.make_account(session, Role.ADMIN),
            "nobody": factories.make_account(session),
        }


@pytest.mark.parametrize("who", ["secretariat", "self", "member", "auditor"])
def test_who_reads_the_body_sees_its_persons(browse, house, who):
    browser = browse(house[who])
    listed = browser.get("/personen").text
    assert "Ahorn, Dr. Ada" in listed
    assert "Staatssekretärin" in listed
    assert "Senatsverwaltung für Wirtschaft, Energie und Betriebe" in listed
    assert ("ada@senat.example" in listed) is (who == "secretariat")
    shown = browser.get(f"/personen/{house['person'].id}").text
    assert "Dr. Ada Ahorn" in shown
    assert "Abteilungsleiterin" in shown
    assert "01.01.2019 bis 31.12.2023" in shown
    assert shown.index("Staatssekretärin") < shown.index("Abteilungsleiterin")
    assert ("ada@senat.example" in shown) is (who in ("secretariat", "self"))
    sees_all = who == "self"
    assert ("Geheimrunde" in shown) is sees_all


@pytest.mark.parametrize("who", ["member", "auditor", "admin", "nobody"])
def test_persons_of_other_bodies_stay_hidden(browse, house, who):
    browser = browse(house[who])
    for address in ("/personen", "/personen.csv"):
        assert "Zeder" not in browser.get(address).text
    hidden, unknown = browser.get(f"/personen/{house['hidden'].id}"), browser.get("/personen/999999")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text == unknown.text


@pytest.mark.parametrize("who", ["admin", "nobody"])
def test_who_reads_no_body_sees_no_persons_and_no_institutions(browse, house, who):
    browser = browse(house[who])
    assert "Ahorn" not in browser.get("/personen").text
    assert "Es gibt keine Personen, die Sie einsehen können." in browser.get("/personen").text
    assert "Senatsverwaltung" not in browser.get("/institutionen").text
    assert browser.get(f"/institutionen/{house['senate'].id}").status_code == 404


def test_an_institution_shows_its_names_over_time_and_what_came_before(browse, house):
    browser = browse(house["member"])
    shown = browser.get(f"/institutionen/{house['senate'].id}").text
    assert "Senatsverwaltung für Wirtschaft, Technologie und Forschung" in shown
    assert "bis 07.12.2016" in shown
    assert "Hervorgegangen aus" in shown
    assert "Technologiestiftung alt" in shown
    assert "Wirtschaft</td>" in shown
    assert "Verborgen" not in shown
    assert f'<a href="/projekte?federfuehrung={house["senate"].id}">1 Projekt</a>' in shown
    former = browser.get(f"/institutionen/{house['before'].id}").text
    assert "übergegangen in" in former
    assert "Senatsverwaltung für Wirtschaft, Energie und Betriebe" in former


def test_lists_can_be_searched_also_by_former_names(browse, house):
    browser = browse(house["member"])
    assert "SenWEB" in browser.get("/institutionen?q=technologie+forschung").text
    assert "SenWEB" not in browser.get("/institutionen?q=handwerk").text
    assert "Nichts passt zu dieser Suche." in browser.get("/institutionen?q=handwerk").text
    assert "Ahorn" in browser.get("/personen?q=STAATSSEKRETAR").text
    assert "Ahorn" not in browser.get("/personen?q=niemand").text


def test_files_carry_what_the_page_carries(browse, house):
    for who, heads in (
        ("secretariat", ["Name", "Funktion", "Institution", "E-Mail-Adresse"]),
        ("member", ["Name", "Funktion", "Institution"]),
    ):
        answer = browse(house[who]).get("/personen.csv?q=ahorn")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0] == heads
        assert rows[1][:2] == ["Ahorn, Dr. Ada", "Staatssekretärin"]
        assert len(rows) == 2
        assert ("ada@senat.example" in answer.text) is (who == "secretariat")
    answer = browse(house["member"]).get("/institutionen.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == ["Name", "Kurzname", "Art", "Übergegangen in"]
    assert ["Senatsverwaltung für Wirtschaft, Energie und Betriebe", "SenWEB", "Senatsverwaltung", None] in cells


@pytest.mark.parametrize("address", ["/personen.csv", "/personen.xlsx", "/institutionen.csv", "/institutionen.xlsx"])
def test_files_need_a_sign_in(browse, house, address):
    answer = browse().get(address)
    assert (answer.status_code, answer.text) == (401, "Bitte melden Sie sich an.")


@pytest.mark.parametrize("address", ["/personen", "/institutionen"])
def test_lists_take_the_same_queries_for_few_and_many(browse, database, house, address):
    browser = browse(house["secretariat"])
    with recorded_queries(database.engine) as few:
        browser.get(address)
    with database.write() as session:
        for _ in range(5):
            factories.make_seated(session, house["body"])
    with recorded_queries(database.engine) as many:
        browser.get(address)
    assert len(few) == len(many)


def test_the_secretariat_reads_the_history_of_a_person_below_it(browse, database, house):
    from app.people import service as people

    with database.write() as session:
        person = people.add_person(session, operator(), last_name="Buche")
        bodies.fill_seat(
            session,
            operator(),
            bodies.add_seat(session, operator(), house["body"], organisation_id=ident(house["senate"])),
            person_id=ident(person),
            kind=MembershipKind.MEMBER,
        )
    address = f"/personen/{person.id}"
    assert "Person angelegt" in browse(house["secretariat"]).get(address).text
    assert "Person angelegt" not in browse(house["member"]).get(address).text


def test_a_person_without_a_seat_reads_the_own_function_but_is_led_to_no_hidden_institution(database, browse, house):
    with database.write() as session:
        guest = factories.make_person(session, "Gast")
        place = factories.make_organisation(session, "Technische Hochschule")
        session.add(PersonFunction(person_id=ident(guest), organisation_id=ident(place), title="Professorin"))
        account = factories.make_account(session, person=guest)
        number, hidden = ident(guest), ident(place)
    browser = browse(account)
    page = browser.get(f"/personen/{number}").text
    assert "Technische Hochschule" in page
    assert f"/institutionen/{hidden}" not in page
    assert browser.get(f"/institutionen/{hidden}").status_code == 404
