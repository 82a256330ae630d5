"""The forms of persons and institutions: everything dated, nothing typed is lost, nothing that is used is deleted."""

import datetime as dt
import re

import pytest

from app.actor import Role
from app.bodies import service as bodies
from app.bodies.models import MembershipKind
from app.db import ident
from app.people import queries
from app.people.models import Organisation, Person
from app.projects.models import ProjectLead
from tests import factories
from tests.factories import operator


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        chamber = factories.make_organisation(session, "Handelskammer", "HK")
        person = factories.make_person(session, "Ahorn", first_name="Ada", email="ada@example.org")
        alone = factories.make_person(session, "Birke")
        unused = factories.make_organisation(session, "Vergessener Verband")
        seat = bodies.add_seat(session, operator(), body, organisation_id=ident(chamber))
        bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=MembershipKind.MEMBER)
        project = factories.make_project(session, "1.1", "Gründerzentrum")
        session.add(ProjectLead(project_id=ident(project), person_id=ident(person)))
        return {
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "member": factories.make_account(session, person=person),
            "person": ident(person),
            "alone": ident(alone),
            "chamber": ident(chamber),
            "unused": ident(unused),
        }


def version_of(answer, which=-1):
    return re.findall(r'name="version" value="(\d+)"', answer.text)[which]


def test_a_person_is_created_with_functions_and_the_list_knows_it(browse, database, house):
    browser = browse(house["secretariat"])
    answer = browser.submit(
        "/personen/neu",
        salutation="Frau",
        title="Dr.",
        first_name="Öznur",
        last_name="von der Heide",
        email="Oe.Heide@example.org",
        **{
            "functions-0-title": "Präsidentin",
            "functions-0-organisation": house["chamber"],
            "functions-0-valid_from": "2024-01-01",
        },
    )
    assert answer.status_code == 303
    text = browser.get(answer.headers["location"]).text
    assert "Präsidentin" in text
    assert "Handelskammer" in text
    assert "seit 01.01.2024" in text
    assert "von der Heide, Dr. Öznur" in browser.get("/personen").text
    with database.read() as session:
        person = session.get(Person, int(answer.headers["location"].rpartition("/")[2]))
        assert person.sort_key == "heide oznur von der"


def test_what_does_not_hold_is_said_at_its_field_and_everything_typed_stays(browse, house):
    answer = browse(house["secretariat"]).submit(
        "/personen/neu",
        first_name="Ohne",
        last_name="",
        **{"functions-0-title": "", "functions-1-title": "Leiterin", "functions-1-valid_from": "99.99.2024"},
    )
    assert answer.status_code == 422
    assert 'href="#f-last_name"' in answer.text
    assert 'href="#f-functions-1-valid_from"' in answer.text
    assert 'value="Ohne"' in answer.text
    assert 'value="Leiterin"' in answer.text
    answer = browse(house["secretariat"]).submit(
        "/personen/neu",
        last_name="Kurz",
        email="keine Adresse",
        **{"functions-0-title": "A", "functions-0-valid_from": "2024-02-01", "functions-0-valid_to": "2024-01-01"},
    )
    assert answer.status_code == 422
    assert "Das Ende liegt vor dem Beginn." in answer.text


def test_who_comes_second_sees_both_states_and_loses_nothing(browse, house):
    address = f"/personen/{house['person']}/bearbeiten"
    first, second = browse(house["secretariat"]), browse(house["secretariat"])
    seen = version_of(second.get(address))
    assert first.submit(address, version=seen, last_name="Ahorn", first_name="Adele").status_code == 303
    late = second.submit(address, version=seen, last_name="Ahorn-Eiche", first_name="Ada")
    assert late.status_code == 412
    assert "Nachname: Ahorn-Eiche" in late.text
    assert "Nachname: Ahorn" in late.text
    assert "Vorname: Adele" in late.text
    assert 'value="Ahorn-Eiche"' in late.text
    again = second.submit(address, version=version_of(late), last_name="Ahorn-Eiche", first_name="Ada")
    assert again.status_code == 303
    assert "Ada Ahorn-Eiche" in second.get(f"/personen/{house['person']}").text


def test_a_function_alone_raises_the_version_and_is_in_the_history(browse, house):
    browser, home = browse(house["secretariat"]), f"/personen/{house['person']}"
    seen = version_of(browser.get(f"{home}/bearbeiten"))
    values = {"last_name": "Ahorn", "first_name": "Ada", "email": "ada@example.org"}
    browser.submit(f"{home}/bearbeiten", version=seen, **values, **{"functions-0-title": "Geschäftsführerin"})
    assert version_of(browser.get(f"{home}/bearbeiten")) != seen
    text = browser.get(home).text
    assert "Person geändert" in text
    assert "Funktionen" in text


def test_the_page_of_a_person_names_the_projects_that_it_leads(browse, house):
    assert "1.1 Gründerzentrum" in browse(house["secretariat"]).get(f"/personen/{house['person']}").text


def test_only_who_is_used_nowhere_is_deleted(browse, database, house):
    browser = browse(house["secretariat"])
    answer = browser.submit(f"/personen/{house['person']}/loeschen")
    assert answer.status_code == 409
    for word in ("1 Besetzung eines Sitzes", "1 Projektleitung", "1 Konto"):
        assert word in answer.text
    assert browser.submit(f"/personen/{house['alone']}/loeschen").status_code == 303
    assert browser.submit(f"/institutionen/{house['unused']}/loeschen").status_code == 303
    answer = browser.submit(f"/institutionen/{house['chamber']}/loeschen")
    assert "1 Sitz in einem Gremium" in answer.text
    with database.read() as session:
        assert session.get(Person, house["person"])
        assert not session.get(Person, house["alone"])
        assert session.get(Organisation, house["chamber"])
        assert not session.get(Organisation, house["unused"])


def test_a_renamed_institution_bears_each_name_on_its_days(browse, database, house):
    browser, home = browse(house["secretariat"]), f"/institutionen/{house['chamber']}"
    seen = version_of(browser.get(f"{home}/bearbeiten"))
    answer = browser.submit(
        f"{home}/umbenennen", version=seen, long="Wirtschaftskammer", short="WK", valid_from="01.03.2026"
    )
    assert answer.status_code == 303
    with database.read() as session:
        for day, name in ((dt.date(2026, 2, 28), "Handelskammer"), (dt.date(2026, 3, 1), "Wirtschaftskammer")):
            assert queries.names_on(session, [house["chamber"]], day)[house["chamber"]].long == name
    text = browser.get(home).text
    assert "bis 28.02.2026" in text
    assert "seit 01.03.2026" in text
    early = browser.submit(f"{home}/umbenennen", long="Noch anders", valid_from="2026-01-01")
    assert early.status_code == 422
    assert "gilt schon „Wirtschaftskammer“" in early.text
    assert 'value="Noch anders"' in early.text
    assert browser.submit(f"{home}/umbenennen", version=seen, long="X", valid_from="2027-01-01").status_code == 412


def test_names_that_overlap_or_belong_to_another_are_refused(browse, house):
    browser, home = browse(house["secretariat"]), f"/institutionen/{house['chamber']}/bearbeiten"
    answer = browser.submit(
        home, kind="chamber", **{"names-0-long": "Handelskammer", "names-1-long": "Kammer", "names-1-short": "K"}
    )
    assert answer.status_code == 422
    assert "Überschneidet sich mit „Handelskammer“" in answer.text
    assert 'value="Kammer"' in answer.text
    answer = browser.submit(home, kind="chamber", **{"names-0-long": "Vergessener Verband"})
    assert "heißt schon eine andere Institution" in answer.text
    assert browser.submit(home, kind="chamber").status_code == 422


def test_no_institution_succeeds_itself(browse, house):
    browser = browse(house["secretariat"])
    own, other = house["chamber"], house["unused"]
    there = {"kind": "other", "names-0-long": "Vergessener Verband", "successor": own}
    assert browser.submit(f"/institutionen/{other}/bearbeiten", **there).status_code == 303
    assert "Vergessener Verband" in browser.get(f"/institutionen/{own}").text
    back = {"kind": "other", "names-0-long": "Handelskammer", "successor": other}
    answer = browser.submit(f"/institutionen/{own}/bearbeiten", **back)
    assert answer.status_code == 422
    assert "am Ende in sich selbst über" in answer.text


def test_members_see_no_forms_and_change_nothing(browse, house):
    browser = browse(house["member"])
    for address in ("/personen/neu", "/institutionen/neu", f"/institutionen/{house['chamber']}/bearbeiten"):
        assert browser.get(address).status_code == 403
    assert "/bearbeiten" not in browser.get(f"/personen/{house['person']}").text
    answer = browser.submit(f"/personen/{house['person']}/bearbeiten", last_name="Anders")
    assert answer.status_code == 403
    assert browser.submit(f"/institutionen/{house['unused']}/loeschen").status_code == 403


def test_the_own_address_of_a_person_is_checked_kept_and_shown_to_few(browse, database, house):
    browser, address = browse(house["secretariat"]), f"/personen/{house['alone']}"
    form = {"last_name": "Birke", "version": version_of(browser.get(f"{address}/bearbeiten"))}
    refused = browser.submit(f"{address}/bearbeiten", **form, address="Postfach 77", country="")
    assert refused.status_code == 422
    assert "Die letzte Zeile nennt Postleitzahl und Ort" in refused.text
    assert "Postfach 77" in refused.text
    saved = browser.submit(f"{address}/bearbeiten", **form, address="Postfach 77\r\n1010 Wien", country="Österreich")
    assert saved.status_code == 303
    assert "Postfach 77, 1010 Wien, ÖSTERREICH" in browser.get(address).text
    own = f"/personen/{house['person']}"
    version = version_of(browser.get(f"{own}/bearbeiten"))
    browser.submit(f"{own}/bearbeiten", last_name="Ahorn", version=version, address="c/o Ulme\n10825 Berlin")
    assert "c/o Ulme, 10825 Berlin" in browse(house["member"]).get(own).text
    assert "Postanschrift" in browser.get("/verlauf").text


def test_an_institution_has_a_postal_address_without_a_country_at_home(browse, house):
    browser, address = browse(house["secretariat"]), f"/institutionen/{house['chamber']}"
    form = {
        "kind": "chamber",
        "names-0-long": "Handelskammer",
        "version": version_of(browser.get(address + "/bearbeiten")),
    }
    typed = {"address": "Fasanenstraße 85\n10623 Berlin"}
    refused = browser.submit(f"{address}/bearbeiten", **form, **typed, country="Deutschland")
    assert refused.status_code == 422
    assert "Innerhalb Deutschlands steht kein Land in der Anschrift." in refused.text
    assert browser.submit(f"{address}/bearbeiten", **form, **typed).status_code == 303
    assert "Fasanenstraße 85, 10623 Berlin" in browser.get(address).text
