"""The import of institutions, persons and seats: rows, ambiguities, all or nothing, and twice changes nothing."""

import datetime as dt

import pytest

from app.actor import Role
from app.bodies import queries
from app.bodies import service as bodies
from app.bodies.importing.columns import COLUMNS
from app.bodies.importing.report import report_lines
from app.bodies.importing.rows import check_people
from app.bodies.models import Membership, MembershipKind, Seat
from app.bodies.service.importing import import_people, preview_people
from app.db import ident
from app.errors import Forbidden
from app.importing.raw import UnreadableFile
from app.importing.reading import read_table
from app.importing.rows import RowsRefused
from app.people.models import OrganisationKind, Person, PersonFunction
from app.people.queries import find_organisation_by_name, names_on
from tests import factories
from tests.factories import operator

HEADER = (
    "Institution;Kurzname;Art;Nachfolgerin;Anrede;Titel;Vorname;Nachname;Funktion;E-Mail;Sitz;Stimmrecht;Vorsitz;"
    "Reihenfolge;Rolle;ab;bis;Quelle"
)
ROWS = (
    "Handelskammer;HK;Kammer;;Frau;Dr.;Öznur;Äpfel;Präsidentin;o.aepfel@hk.example;;ja;nein;2;Mitglied;1.1.2024;;Satzung",
    "Handelskammer;;;;Herr;;Jörg;Weiß;Geschäftsführer;j.weiss@hk.example;;;;;Stellvertretung;2024-01-01;;",
    "Senatskanzlei;Skzl;Senatsverwaltung;;Herr;;Kai;Ahorn;Regierender Bürgermeister;;;ja;ja;1;Mitglied;01.01.2024;;",
    "Alte Stiftung;;Wissenschaft;Handelskammer;;;;;;;;;;;;;;",
)


def checked(*lines, header=HEADER):
    data = "\r\n".join((header, *lines)).encode("cp1252")
    return check_people(read_table(data, COLUMNS.knows, things="Institutionen oder Personen"))


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def run(session, body, *lines, header=HEADER):
    plan = import_people(session, operator(), body, checked(*lines, header=header), file_name="sitze.csv")
    session.flush()
    session.expire_all()
    return plan


def members(session, body, on):
    return {
        (view.organisation, one.name, one.membership.kind)
        for view in queries.list_seats(session, ident(body), on)
        for one in view.holders
    }


def errors_of(session, body, *lines, header=HEADER):
    plan = preview_people(session, operator(), body, checked(*lines, header=header))
    return [str(one) for one in plan.errors]


def test_a_file_fills_an_empty_house_and_twice_changes_nothing(session, body):
    plan = run(session, body, *ROWS)
    assert plan.summary == "neu 11, geändert 0, berichtigt 0, unverändert 0"
    chamber = find_organisation_by_name(session, "HK")
    assert chamber.kind is OrganisationKind.CHAMBER
    assert find_organisation_by_name(session, "Alte Stiftung").successor_id == chamber.id
    assert members(session, body, dt.date(2026, 3, 2)) == {
        ("Handelskammer", "Dr. Öznur Äpfel", MembershipKind.MEMBER),
        ("Handelskammer", "Jörg Weiß", MembershipKind.DEPUTY),
        ("Senatskanzlei", "Kai Ahorn", MembershipKind.MEMBER),
    }
    assert members(session, body, dt.date(2023, 12, 31)) == set()
    views = queries.list_seats(session, ident(body), dt.date(2026, 3, 2))
    assert [view.organisation for view in views] == ["Senatskanzlei", "Handelskammer"]
    assert views[0].seat.chair
    again = run(session, body, *ROWS)
    assert again.summary == "neu 0, geändert 0, berichtigt 0, unverändert 11"


def test_changes_are_told_field_by_field_and_others_stay(session, body):
    run(session, body, *ROWS)
    plan = run(
        session,
        body,
        "Handelskammer;IHK;;;;Prof. Dr.;Öznur;Äpfel;;o.aepfel@hk.example;;;;;Mitglied;1.1.2024;30.06.2026;",
        "Handelskammer;;;;Frau;;Mia;Öl;;;;;;;Mitglied;1.7.2026;;",
    )
    lines = "\n".join(report_lines(plan))
    assert "Kurzname: HK → IHK" in lines
    assert "Titel: Dr. → Prof. Dr." in lines
    assert "bis: leer → 30.06.2026" in lines
    assert plan.summary == "neu 2, geändert 3, berichtigt 0, unverändert 1"
    assert ("Handelskammer", "Mia Öl", MembershipKind.MEMBER) in members(session, body, dt.date(2026, 7, 1))
    assert ("Handelskammer", "Prof. Dr. Öznur Äpfel", MembershipKind.MEMBER) in members(
        session, body, dt.date(2026, 6, 30)
    )
    chamber = find_organisation_by_name(session, "IHK")
    assert names_on(session, [ident(chamber)], dt.date(2026, 3, 2))[ident(chamber)].short == "IHK"


def test_one_bad_row_and_nothing_is_written(session, body):
    bad = "Gewerkschaft;;;;;;Eva;Zebra;;;;vielleicht;;0;Mitglied;31.02.2026;;"
    with pytest.raises(RowsRefused) as refused:
        run(session, body, *ROWS, bad)
    told = [str(error) for error in refused.value.errors]
    assert told == [
        "Zeile 6, Spalte Reihenfolge: „0“. Erwartet: eine Zahl von 1 bis 999.",
        "Zeile 6, Spalte Stimmrecht: „vielleicht“. Erwartet: ja, nein oder leer.",
        "Zeile 6, Spalte ab: „31.02.2026“. Erwartet: ein Datum wie 14.02.2026 oder 2026-02-14.",
    ]
    assert find_organisation_by_name(session, "Handelskammer") is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            ";;;;;;;;;;;;;;;;;Satzung",
            "Spalte Institution: leer. Erwartet: der Name einer Institution, oder ein Nachname",
        ),
        ("HK;;;;Frau;;;;;;;;;;;;;", "Spalte Nachname: leer. Erwartet: der Nachname der Person"),
        (";;;;;;A;B;;;;;;;Mitglied;;;", "Spalte Institution: leer. Erwartet: die Institution, zu der die Spalte Rolle"),
        ("HK;;;;;;A;B;;;Jugend;;;;;;;", "Spalte Rolle: leer"),
        ("HK;;;;;;A;B;;;;;;;;1.1.2024;;", "Spalte ab: „01.01.2024“"),
        ("HK;;;;;;A;B;;;;;;;Mitglied;1.1.2024;1.1.2023;", "Spalte bis: „01.01.2023“. Erwartet: ein Tag nicht vor „ab“"),
        ("HK;;Verein;;;;;;;;;;;;;;;", "Spalte Art: „Verein“. Erwartet: Senatsverwaltung, Kammer"),
        ("HK;;;;;;A;B;;keine;;;;;;;;", "Spalte E-Mail: „keine“"),
        ("HK;;;HK;;;;;;;;;;;;;;", "Spalte Nachfolgerin: „HK“. Erwartet: eine andere Institution"),
    ],
)
def test_every_bad_row_says_what_is_expected(session, body, line, words):
    line = line.replace("1.1.2024", "01.01.2024").replace("1.1.2023", "01.01.2023")
    told = errors_of(session, body, line)
    assert any(words in one for one in told), told


def test_a_file_without_people_is_refused_as_a_whole():
    with pytest.raises(UnreadableFile, match="„Institution“ oder „Nachname“"):
        checked("1;2", header="Kurzname;Art")


def test_header_names_stand_in_any_order_and_case(session, body):
    plan = run(session, body, "Öl;Zoll;Handelskammer", header="NACHNAME;vorname;institution")
    assert [thing.name for thing in plan.things] == ["Handelskammer", "Zoll Öl"]


def test_namesakes_need_an_address_or_an_institution(session, body):
    chamber, union = factories.make_organisation(session, "Kammer"), factories.make_organisation(session, "Bund")
    for place, email in ((chamber, "a@kammer.example"), (union, "a@bund.example")):
        person = factories.make_person(session, "Ahorn", first_name="Ada", email=email)
        session.add(PersonFunction(person_id=ident(person), organisation_id=ident(place), title="Leiterin"))
    session.flush()
    header = "Institution;Vorname;Nachname;E-Mail;Titel"
    told = errors_of(session, body, ";Ada;Ahorn;;Dr.", header=header)
    assert told == [
        "Zeile 2, Spalte Nachname: „Ada Ahorn“. Erwartet: eine eindeutige Person; so heißen mehrere. "
        "Bitte die Spalte E-Mail oder Institution ausfüllen."
    ]
    for line in (";Ada;Ahorn;a@bund.example;Dr.", "Bund;Ada;Ahorn;;Dr."):
        plan = preview_people(session, operator(), body, checked(line, header=header))
        assert plan.persons[0].known["email"] == "a@bund.example"
        assert not plan.errors
    shared = errors_of(session, body, ";Berta;Zebra;a@bund.example;", header=header)
    assert "sie gehört schon zu Ada Ahorn" in shared[0]


def test_a_new_address_of_a_namesake_elsewhere_is_another_person(session, body):
    factories.make_person(session, "Ahorn", first_name="Ada", email="a@kammer.example")
    plan = run(session, body, "Bund;Ada;Ahorn;ada@bund.example", header="Institution;Vorname;Nachname;E-Mail")
    assert plan.persons[0].id is None


def test_one_seat_has_one_member_at_a_time(session, body):
    run(session, body, *ROWS)
    told = errors_of(session, body, "Handelskammer;;;;;;Mia;Öl;;;;;;;Mitglied;1.7.2026;;")
    assert told == [
        "Zeile 2, Spalte ab: „01.07.2026“. "
        "Erwartet: ein Tag nach dem Ende von Dr. Öznur Äpfel (Mitglied seit 01.01.2024)."
    ]
    assert "nur ein Sitz mit Vorsitz" in errors_of(session, body, "Handelskammer;;;;;;;;;;;;ja;;;;;")[0]


def test_rows_that_contradict_each_other_are_refused(session, body):
    told = errors_of(session, body, "Kammer;K1;;;;;;;;;;;;;;;;", "Kammer;K2;;;;;;;;;;;;;;;;")
    assert told == ["Zeile 3, Spalte Kurzname: „K2“. Erwartet: derselbe Wert wie in Zeile 2 für Kammer."]


def test_an_institution_with_several_seats_needs_the_name_of_the_seat(session, body):
    place = factories.make_organisation(session, "Bund")
    for title in ("Jugend", "Vorstand"):
        bodies.add_seat(session, operator(), body, organisation_id=ident(place), title=title)
    header = "Institution;Nachname;Rolle;Sitz"
    assert "Bund hat mehrere (Jugend, Vorstand)" in errors_of(session, body, "Bund;Öl;Mitglied;", header=header)[
        0
    ].replace("„", "").replace("“", "")
    run(session, body, "Bund;Öl;Mitglied;jugend", header=header)
    seat = session.get(Seat, session.exec(queries.select(Membership)).one().seat_id)
    assert seat.title == "Jugend"


def test_an_empty_cell_changes_nothing_and_another_body_stays(session, body):
    run(session, body, *ROWS)
    other = factories.make_body(session, "NETZ")
    plan = run(session, other, "Handelskammer;;;;;;Öznur;Äpfel;;;;;;;Mitglied;;;")
    assert plan.summary == "neu 2, geändert 0, berichtigt 0, unverändert 2"
    person = session.exec(queries.select(Person).where(Person.last_name == "Äpfel")).one()
    assert (person.title, person.salutation, person.email) == ("Dr.", "Frau", "o.aepfel@hk.example")


def test_only_the_secretariat_of_the_body_imports(session, body, database):
    from app.access.queries import actor_of

    account = factories.make_account(session, Role.SECRETARIAT, factories.make_body(session, "NETZ"))
    actor = actor_of(session, account)
    with pytest.raises(Forbidden):
        preview_people(session, actor, body, checked(*ROWS))
