"""The changes since the last meeting: numbers that add up and lead to their projects, frozen with the release."""

import datetime as dt
import html
import json
import re

import pytest
from sqlmodel import select

from app.agenda.models import DocumentKind, FrozenDocument
from app.agenda.rules.delta_sums import Count
from app.db import ident
from app.projects.models import Light, Phase
from tests import factories
from tests.queries import recorded_queries
from tests.web.heart import add_item, make_house, release, words


@pytest.fixture
def house(database):
    """Two projects that turned red and yellow; one came, one ended."""
    house = make_house(database)
    with database.write() as session:
        new = factories.make_project(session, "2.1", "Neues Projekt")
        factories.make_status(session, new, dt.date(2026, 2, 1), Light.GREEN, phase=Phase.RUNNING)
        done = session.get_one(type(house.worse), house.worse.id)
        factories.make_status(session, done, dt.date(2026, 2, 20), Light.GREEN, phase=Phase.COMPLETED)
    return house


def page_of(browse, house, who="secretariat", query=""):
    return browse(getattr(house, who)).get(f"{house.address}/veraenderungen{query}")


def numbers(page):
    """The addresses of the numbers with their value."""
    found = re.findall(r'<td><a href="([^"]+)">[+−]?(\d+)</a></td>', page.text)
    return [(html.unescape(address).partition("#")[0], int(value)) for address, value in found]


def test_the_rows_add_up(browse, house):
    page = words(page_of(browse, house))
    assert "Veränderungen seit der 17. Sitzung am 18. November 2025, Stand 2. März 2026." in page
    assert "18.11.2025 + Zugang − Abgang + Wechsel hierher − Wechsel von hier 02.03.2026" in page
    assert "rot 0 0 0 +1 0 1" in page
    assert "grün 2 +1 −1 0 −1 1" in page
    assert "zusammen 2 +1 −1 +1 −1 2" in page
    assert "+ 2.1 Neues Projekt : erste Meldung" in page.replace("Projekt:", "Projekt :")
    assert "abgeschlossen seit 20.02.2026" in page
    assert "1.9 Reallabor Wasserstoff grün → jetzt rot" in page


def test_every_number_leads_to_exactly_its_projects(browse, house):
    browser = browse(house.secretariat)
    found = numbers(browser.get(f"{house.address}/veraenderungen"))
    assert len(found) >= 10
    for address, value in found:
        answer = browser.get(address)
        listed = answer.text.split('id="projekte"')[1].split("</section>")[0]
        assert listed.count("<li>") == value, address
    red = browser.get(f"{house.address}/veraenderungen?zahl=jetzt&ampel=rot")
    assert "Alle Handlungsfelder, rot, am 02.03.2026: 1 Projekt" in words(red)


def test_an_address_that_names_no_number_shows_the_page(browse, house):
    for query in ("?zahl=unfug", "?zahl=jetzt&ampel=blau", "?ampel=rot", "?feld=x"):
        answer = page_of(browse, house, query=query)
        assert answer.status_code == 200
        assert 'id="projekte"' not in answer.text


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("secretariat", 200, 200),
        ("chair", 200, 200),
        ("member", 404, 200),
        ("advisory", 404, 200),
        ("auditor", 404, 200),
        ("admin", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_readers_of_interna_read_it_after_the_release(browse, database, house, who, before, after):
    with database.write() as session:
        meeting = session.get_one(type(house.meeting), house.meeting.id)
        meeting.announced_at = meeting.calendar_changed_at
        session.add(meeting)
    browser = browse(getattr(house, who))
    for ending in ("", ".pdf"):
        assert browser.get(f"{house.address}/veraenderungen{ending}").status_code == before
    add_item(database, house)
    release(database, house)
    for ending in ("", ".pdf", "?version=1", ".pdf?version=1"):
        assert browser.get(f"{house.address}/veraenderungen{ending}").status_code == after
    assert browser.get(f"{house.address}/veraenderungen?version=2").status_code == 404
    tab = ">Veränderungen</a>" in browser.get(house.address).text
    assert tab == (after == 200)


def test_what_was_released_stays(browse, database, house):
    add_item(database, house)
    release(database, house)
    before = page_of(browse, house, "member")
    first = browse(house.member).get(f"{house.address}/veraenderungen.pdf")
    with database.write() as session:
        red = session.get_one(type(house.red), house.red.id)
        factories.make_status(session, red, dt.date(2026, 3, 1), Light.GREEN, phase=Phase.RUNNING)
        red.title = "Umbenannt"
        session.add(red)
    assert words(page_of(browse, house, "member")) == words(before)
    again = browse(house.chair).get(f"{house.address}/veraenderungen.pdf")
    assert again.content == first.content
    with database.read() as session:
        kept = session.exec(select(FrozenDocument).where(FrozenDocument.kind == DocumentKind.DELTA)).all()
    frozen = next(one for one in kept if one.meeting_id == house.meeting.id)
    assert first.headers["etag"] == f'"{frozen.hash}"'
    assert json.loads(frozen.content)["format"] == 1
    assert frozen.hash[:12] in words(before)


def test_a_released_page_is_not_drafted_again(browse, database, house):
    add_item(database, house)
    release(database, house)
    with recorded_queries(database.connection) as seen:
        page_of(browse, house, "member")
    assert not [statement for statement in seen if "status_report" in statement]


def test_without_an_earlier_meeting_only_the_present_is_counted(browse, database):
    with database.write() as session:
        body = factories.make_body(session)
        meeting = factories.make_meeting(session, body)
        account = factories.make_account(session, factories.Role.SECRETARIAT, body)
    browser = browse(account)
    address = f"/sitzungen/{meeting.id}/veraenderungen"
    assert "Es gibt noch keine Projekte" in words(browser.get(address))
    assert browser.get(f"{address}.pdf").status_code == 200
    with database.write() as session:
        factories.make_status(session, factories.make_project(session), dt.date(2026, 2, 1), Light.RED)
    page = words(browser.get(address))
    assert "Es gibt keine frühere Sitzung zum Vergleich" in page
    assert "rot 1" in page
    assert "Zugang" not in page


def test_many_projects_take_as_many_queries(browse, database, house):
    def count():
        with recorded_queries(database.connection) as seen:
            page_of(browse, house)
        return len(seen)

    few = count()
    with database.write() as session:
        for number in range(60):
            project = factories.make_project(session, f"7.{number}", f"Titel {'sehr lang ' * 29}")
            factories.make_status(session, project, dt.date(2026, 2, 1), Light.RED, phase=Phase.RUNNING)
    assert count() == few


def test_ugly_names_are_escaped_in_page_and_drawing(browse, database, house):
    ugly = '"><script>alert(1)</script>&'
    with database.write() as session:
        for number in (1, 2):
            field = factories.make_field(session, name=f"{ugly}{number}")
            project = factories.make_project(session, f"8.{number}", ugly, field_id=ident(field))
            factories.make_status(session, project, dt.date(2026, 2, 1), Light.RED, phase=Phase.RUNNING)
    page = page_of(browse, house)
    assert "<script>alert" not in page.text
    assert "Ampeln: &#34;&gt;&lt;script&gt;" in page.text
    address, value = next(one for one in numbers(page) if "feld=%22" in one[0])
    assert browse(house.secretariat).get(address).text.count("8.1") >= value


def test_the_columns_are_named_as_addresses():
    assert [count.value for count in Count] == ["damals", "zugang", "abgang", "geworden", "gewesen", "jetzt"]
