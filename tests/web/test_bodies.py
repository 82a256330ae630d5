"""The pages of bodies: seats, names, rules with provenance; what each role sees, and forms that lose nothing."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

from app.actor import Role
from app.bodies import queries
from app.bodies import rules as body_rules
from app.bodies import service as bodies
from app.bodies.models import AddressKind, BodyName, MembershipKind
from app.bodies.rules import RULES, RuleSpec
from app.db import ident
from app.web.people.bodies import SPECS
from tests import factories
from tests.factories import operator

APP = Path(__file__).parents[2] / "app"


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP", "Steuerungskreis Industriepolitik")
        session.add(
            BodyName(
                body_id=ident(body), name="Lenkungsrunde", valid_to=dt.date(2021, 12, 31), source="Drucksache 17/4"
            )
        )
        chamber = factories.make_organisation(session, "Industrie- und Handelskammer zu Berlin", "IHK Berlin")
        seat = bodies.add_seat(session, operator(), body, organisation_id=ident(chamber), protocol_order=2)
        people = {}
        for name, kind, until in (
            ("Ahorn", MembershipKind.MEMBER, None),
            ("Birke", MembershipKind.DEPUTY, None),
            ("Eiche", MembershipKind.OFFICE, None),
            ("Fichte", MembershipKind.MEMBER, dt.date(2025, 12, 31)),
        ):
            people[name] = factories.make_person(session, name, email=f"{name.lower()}@example.org")
            since = dt.date(2026, 1, 1) if name == "Ahorn" else None
            bodies.fill_seat(
                session,
                operator(),
                seat,
                person_id=ident(people[name]),
                kind=kind,
                valid_from=since,
                valid_to=until,
            )
        bodies.add_seat_address(
            session, operator(), seat, kind=AddressKind.OFFICE, name="Präsidialbüro", email="buero@ihk.example"
        )
        factories.make_body(session, "Geheimrunde")
        return {
            "body": body,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_account(session, person=people["Ahorn"]),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "admin": factories.make_account(session, Role.ADMIN),
            "nobody": factories.make_account(session),
        }


def stand_of(answer, which=0):
    return re.findall(r'name="stand" value="([0-9a-f]+)"', answer.text)[which]


@pytest.mark.parametrize("who", ["secretariat", "chair", "member", "auditor"])
def test_who_belongs_to_the_body_sees_its_seats_and_rules(browse, house, who):
    browser = browse(house[who])
    assert "SKIP" in browser.get("/gremien").text
    assert "Geheimrunde" not in browser.get("/gremien").text
    text = browser.get(f"/gremien/{house['body'].id}").text
    for word in (
        "Steuerungskreis Industriepolitik",
        "Lenkungsrunde",
        "bis 31.12.2021",
        "Drucksache 17/4",
        "Industrie- und Handelskammer zu Berlin",
        "Ahorn",
        "Birke",
        "Eiche",
        "Anmeldeschluss",
        "eigene Festlegung",
        "Beschlussfassung",
        "Ein Entscheidungsbedarf ist offen",
    ):
        assert word in text
    assert "Fichte" not in text
    assert ("buero@ihk.example" in text) is (who == "secretariat")
    assert "ahorn@example.org" not in text
    assert ("/regeln" in text) is (who == "secretariat")
    assert ("/verlauf?gremium=" in text) is (who in ("secretariat", "auditor"))


@pytest.mark.parametrize("who", ["admin", "nobody"])
def test_others_see_no_body(browse, house, who):
    browser = browse(house[who])
    assert "Es gibt kein Gremium, das Sie einsehen können." in browser.get("/gremien").text
    hidden, unknown = browser.get(f"/gremien/{house['body'].id}"), browser.get("/gremien/999999")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text == unknown.text
    assert browser.get(f"/gremien/{house['body'].id}/regeln").status_code == 404
    assert browser.submit(f"/gremien/{house['body'].id}/regeln", length_minutes="90").status_code == 404


def test_former_holders_are_shown_on_demand(browse, house):
    text = browse(house["member"]).get(f"/gremien/{house['body'].id}?frueher=1").text
    assert "Frühere Sitze und Besetzungen" in text
    assert "Fichte" in text
    assert "bis 31.12.2025" in text


def test_a_list_of_bodies_takes_the_same_queries_for_one_and_many(browse, database, house):
    from tests.queries import recorded_queries

    account = house["secretariat"]
    with recorded_queries(database.engine) as few:
        browse(account).get(f"/gremien/{house['body'].id}")
    with database.write() as session:
        for _ in range(3):
            factories.make_seated(session, house["body"])
    with recorded_queries(database.engine) as many:
        browse(account).get(f"/gremien/{house['body'].id}")
    assert len(few) == len(many)


def test_the_secretariat_changes_rules_with_their_provenance(browse, database, house):
    browser, address = browse(house["secretariat"]), f"/gremien/{house['body'].id}/regeln"
    form = browser.get(address)
    answer = browser.submit(
        address,
        stand=stand_of(form),
        length_minutes="90",
        length_minutes_provenance="Beschluss SKIP 2026/01",
        approval_required="nein",
        approval_required_provenance="eigene Festlegung",
        deadline_papers="-28",
        deadline_papers_provenance="Geschäftsordnung § 4",
        weight_turned_red="85",
        weight_turned_red_provenance="",
        quorum_model="vwvfg",
        quorum_model_provenance="Geschäftsordnung § 6",
    )
    assert answer.headers["location"] == f"/gremien/{house['body'].id}#regeln"
    text = browser.get(f"/gremien/{house['body'].id}").text
    assert "Die Regeln sind gespeichert." in text
    assert "Beschluss SKIP 2026/01" in text
    assert "Geschäftsordnung § 4" in text
    with database.read() as session:
        book = queries.load_rules(session, ident(house["body"]))
    specs = {spec.key: spec for spec in SPECS}
    assert book[specs["length_minutes"]] == 90
    assert book[specs["approval_required"]] is False
    assert book[specs["deadline_papers"]] == -28
    assert book.entry(specs["weight_turned_red"]).provenance == "eigene Festlegung"
    assert book.entry(specs["weight_turned_red"]).value == 85
    history = browse(house["secretariat"]).get("/verlauf").text
    assert "Regeln geändert" in history
    assert "Dauer einer Sitzung" in history
    assert "90 (Beschluss SKIP 2026/01)" in history
    assert "Modell § 90 VwVfG (Geschäftsordnung § 6)" in history
    assert "Modell § 90 VwVfG" in text
    assert '<option value="vwvfg" selected>' in browser.get(address).text


def test_every_bad_field_is_named_and_nothing_typed_is_lost(browse, database, house):
    browser, address = browse(house["secretariat"]), f"/gremien/{house['body'].id}/regeln"
    answer = browser.submit(
        address,
        stand=stand_of(browser.get(address)),
        length_minutes="zwei Stunden",
        deadline_papers="-999",
        sender="Geschäftsstelle Masterplan",
        sender_provenance="x" * 301,
    )
    assert answer.status_code == 422
    for sentence in (
        "Bitte geben Sie eine ganze Zahl ein.",
        "Erlaubt ist -365 bis 365.",
        "Bitte kürzen Sie auf höchstens 300 Zeichen.",
        'value="zwei Stunden"',
        'value="-999"',
        'value="Geschäftsstelle Masterplan"',
        "x" * 301,
        'href="#f-deadline_papers"',
    ):
        assert sentence in answer.text
    with database.read() as session:
        assert queries.load_rules(session, ident(house["body"])).stored == {}


def test_who_was_slower_sees_both_and_can_still_save(browse, database, house):
    address = f"/gremien/{house['body'].id}/regeln"
    first, second = browse(house["secretariat"]), browse(house["secretariat"])
    stand = stand_of(second.get(address))
    first.submit(address, stand=stand, length_minutes="90", length_minutes_provenance="Vorschlag A")
    late = second.submit(address, stand=stand, length_minutes="100", length_minutes_provenance="Vorschlag B")
    assert late.status_code == 412
    assert "Inzwischen wurde hier etwas geändert." in late.text
    assert 'value="100"' in late.text
    assert "Jetzt gilt: 90 (Vorschlag A)" in late.text
    again = second.submit(address, stand=stand_of(late), length_minutes="100", length_minutes_provenance="Vorschlag B")
    assert again.status_code == 303
    with database.read() as session:
        assert queries.load_rules(session, ident(house["body"]))[body_rules.LENGTH] == 100


@pytest.mark.parametrize("who", ["chair", "member", "auditor"])
def test_others_of_the_body_may_not_change_its_rules(browse, database, house, who):
    browser, address = browse(house[who]), f"/gremien/{house['body'].id}"
    for answer in (
        browser.get(f"{address}/regeln"),
        browser.submit(f"{address}/regeln", length_minutes="90"),
        browser.submit(f"{address}/schliesstage", closing_days="24.12.2026 Heiligabend"),
    ):
        assert answer.status_code == 403
    with database.read() as session:
        assert queries.load_rules(session, ident(house["body"])).stored == {}
        assert queries.list_closing_days(session, ident(house["body"])) == {}


def test_closing_days_are_typed_one_a_line(browse, database, house):
    browser, body_id = browse(house["secretariat"]), house["body"].id
    stand = stand_of(browser.get(f"/gremien/{body_id}/regeln"), 1)
    typed = "31.12.2026 Silvester\n24.12.2026 – Heiligabend\n"
    answer = browser.submit(f"/gremien/{body_id}/schliesstage", stand=stand, closing_days=typed)
    assert answer.headers["location"] == f"/gremien/{body_id}#schliesstage"
    text = browser.get(f"/gremien/{body_id}").text
    assert text.index("Donnerstag, 24. Dezember 2026: Heiligabend") < text.index("Silvester")
    with database.read() as session:
        assert list(queries.list_closing_days(session, body_id)) == [dt.date(2026, 12, 24), dt.date(2026, 12, 31)]
    late = browser.submit(f"/gremien/{body_id}/schliesstage", stand=stand, closing_days="02.01.2027 Brückentag")
    assert late.status_code == 412
    assert "02.01.2027 Brückentag" in late.text
    assert "24.12.2026 Heiligabend" in late.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Heiligabend", "Zeile 1: Bitte beginnen Sie mit einem Datum"),
        ("24.12.2026 Heiligabend\n30.02.2027 Unsinn", "Zeile 2: Bitte beginnen Sie mit einem Datum"),
        ("24.12.2026", "Zeile 1: Bitte nennen Sie den Anlass"),
        ("24.12.2026 A\n2026-12-24 B", "Zeile 2: Der 24.12.2026 steht schon weiter oben."),
    ],
)
def test_a_bad_closing_day_is_named_by_its_line(browse, house, typed, sentence):
    browser, body_id = browse(house["secretariat"]), house["body"].id
    stand = stand_of(browser.get(f"/gremien/{body_id}/regeln"), 1)
    answer = browser.submit(f"/gremien/{body_id}/schliesstage", stand=stand, closing_days=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed.split("\n")[0] in answer.text


def test_rules_have_keys_of_their_own_and_say_where_they_come_from():
    keys = [spec.key for spec in SPECS]
    assert len(keys) == len(set(keys))
    assert all(spec.provenance and spec.label and spec.group for spec in SPECS)


def _constants_read():
    """Names of constants and functions that modules other than those that define or list rules use."""
    found = set()
    for path in APP.rglob("*.py"):
        if path in (APP / "bodies/rules.py", APP / "web/bodies.py"):
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript):
                index = node.slice
                found.add(index.attr if isinstance(index, ast.Attribute) else getattr(index, "id", ""))
            if isinstance(node, ast.Call):
                found.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return found


def test_every_setting_is_read_somewhere():
    """A setting that nothing reads is a defect (domain.md): rules by their constant, groups by their one reader."""
    read = _constants_read()
    names = {name for name, value in vars(body_rules).items() if isinstance(value, RuleSpec)}
    assert {getattr(body_rules, name).key for name in names} == {spec.key for spec in RULES}
    assert names - read == set()
    assert {"offsets", "body_rules"} <= read, "nothing reads the deadlines or the weights"


# --- a new body -------------------------------------------------------------------------------------------------------


def test_the_secretariat_of_all_bodies_is_led_from_planning_to_the_first_body(browse, session):
    browser = browse(factories.make_account(session, Role.SECRETARIAT))
    session.commit()
    assert browser.get("/sitzungen/neu").headers["location"] == "/gremien/neu"
    assert "Gremium anlegen" in browser.get("/gremien").text
    bad = browser.submit("/gremien/neu", short_name="SKIP", name=" ")
    assert bad.status_code == 422
    assert 'value="SKIP"' in bad.text
    made = browser.submit("/gremien/neu", short_name="SKIP", name="Steuerungskreis Industriepolitik")
    assert made.status_code == 303
    assert "Steuerungskreis Industriepolitik" in browser.get(made.headers["location"]).text
    assert browser.get("/sitzungen/neu").status_code == 200
    again = browser.submit("/gremien/neu", short_name="SKIP", name="Ein anderer")
    assert again.status_code == 422
    assert "gibt es schon" in again.text


def test_the_secretariat_of_one_body_makes_no_other(browse, session):
    body = factories.make_body(session, "SKIP")
    browser = browse(factories.make_account(session, Role.SECRETARIAT, body))
    session.commit()
    assert "/gremien/neu" not in browser.get("/gremien").text
    assert browser.get("/gremien/neu").status_code == 403
    assert browser.submit("/gremien/neu", short_name="B", name="B").status_code == 403
