"""Data as life brings them: endless words, strange signs, five hundred projects, nothing at all, a lost hour."""

import datetime as dt
from collections.abc import Callable, Iterator

import icalendar
import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.agenda.models import Level
from app.agenda.queries import list_proposals
from app.agenda.schemas.wishes import ItemIn, RejectIn
from app.agenda.service.items import add_item
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.bodies.queries import find_body_by_short_name
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.meetings.queries import lock_meeting
from app.projects.models import Light, Phase
from tests import factories
from tests.browser.crawl import crawl, is_file
from tests.browser.site import SECRETARY, Site, make_house_file, serving
from tests.browser.windows import DESK, PHONE, SMALLEST, axe, spilled, spilled_anywhere

ENDLESS = "Flächenankaufsstrategieausschusssitzungsvorlagenentwurf" * 6
STRANGE = "🚧 Ampel → „rot“ & <b>fett</b> 工業 Ёлка \u202emit Wendung\u202c"
NEVER = dt.time(2, 30)
"""In the night to the last Sunday of March this moment is left out: the clocks in Berlin jump from two to three."""


def strange_night() -> dt.date:
    """The next last Sunday of March, at least 60 days ahead."""
    day = clock.today() + dt.timedelta(days=60)
    while not (day.month == 3 and day.day > 24 and day.weekday() == 6):
        day += dt.timedelta(days=1)
    return day


def fill_with_ugly_data(site: Site) -> str:
    """Five hundred projects, some with names that nobody expects, drafted and half put on an agenda."""
    operator, today = factories.operator(), clock.today()
    with site.database.write() as session:
        body = find_body_by_short_name(session, "SKIP")
        assert body is not None
        period = factories.make_period(session, ENDLESS[:200])
        field = factories.make_field(session, period, ENDLESS[:200])
        for number in range(500):
            title = (ENDLESS[:300], STRANGE)[number % 2] if number < 8 else f"Projekt der Reihe {number}"
            project = factories.make_project(
                session, f"{number // 100 + 1}.{number % 100 + 1}", title, period_id=period.id, main_field_id=field.id
            )
            light = (Light.RED, Light.YELLOW, Light.GREEN, None)[number % 4]
            words = (ENDLESS, STRANGE)[number % 2] if number < 8 else ""
            factories.make_status(session, project, today, light, phase=Phase.RUNNING, summary=words, risks=words)
        meeting = factories.make_meeting(session, body, strange_night(), place=ENDLESS[:300], main_topic=STRANGE)
        locked = lock_meeting(session, operator, ident(meeting))
        draft_agenda(session, operator, locked, as_of=today)
        for place, proposal in enumerate(list_proposals(session, operator, ident(meeting))[:6]):
            if place % 2:
                reject_proposal(session, operator, locked, proposal, RejectIn(reason=ENDLESS[:400]))
            else:
                accept_proposal(session, operator, locked, proposal)
        own = ItemIn(
            section="beschlussfassung",
            title=ENDLESS[:300],
            presenter=STRANGE,
            occasion=ENDLESS,
            proposed_decision=f"1. {ENDLESS}\n2. {STRANGE}",
            level=Level.CONFIDENTIAL,
        )
        add_item(session, operator, locked, own)
        session.flush()
        return f"/sitzungen/{ident(meeting)}"


@pytest.fixture(scope="module")
def ugly(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Iterator[tuple[Site, str]]:
    """A site full of ugly data, and the address of its meeting."""
    folder = tmp_path_factory.mktemp("ugly")
    with serving(make_house_file(folder / "ugly.db"), folder) as site:
        yield site, fill_with_ugly_data(site)


@pytest.mark.parametrize(("width", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_no_page_breaks_with_ugly_data(
    look: Callable[..., Page], ugly: tuple[Site, str], width: int, theme: str
) -> None:
    site, meeting = ugly
    page = look(site, SECRETARY, width=width, theme=theme, bypass_csp=True)
    wrong = []
    with site.database.read() as session:
        body = find_body_by_short_name(session, "SKIP")
    assert body is not None
    for address in (
        "/",
        "/projekte",
        "/projekte/1",
        "/projekte/2",
        "/projekte/1/status/neu",
        "/projekte/1/bearbeiten",
        "/sitzungen",
        meeting,
        f"{meeting}/vorschlaege",
        f"{meeting}/vorschlaege#tagesordnung",
        f"{meeting}/veraenderungen",
        f"{meeting}/bearbeiten",
        f"{meeting}/freigabe",
        f"{meeting}/verlauf",
        "/themenspeicher",
        f"/projekte?q={ENDLESS[:200]}",
    ):
        answer = page.goto(address)
        assert answer is None or answer.status == 200, f"{address}: {answer and answer.status}"
        wrong += [f"{address}: {said}" for said in (*spilled_anywhere(page, width), *axe(page))]
        assert page.locator("main b").count() == 0
    assert "\n".join(wrong) == ""


def test_a_released_agenda_of_ugly_data_becomes_a_page_and_a_pdf(
    look: Callable[..., Page], ugly: tuple[Site, str]
) -> None:
    site, meeting = ugly
    page = look(site, SECRETARY)
    assert page.request.get(f"{meeting}/tagesordnung.pdf").body().startswith(b"%PDF")
    page.goto(f"{meeting}/freigabe")
    page.get_by_label("Freigegeben durch").fill(STRANGE)
    page.get_by_label("Wie").select_option(label="mündlich")
    page.get_by_role("button", name="Tagesordnung freigeben").click()
    expect(page.locator("main")).to_contain_text("Die Tagesordnung ist freigegeben.")
    assert page.request.get(f"{meeting}/tagesordnung.pdf").body().startswith(b"%PDF")
    assert spilled(page, SMALLEST) == []


def test_an_empty_installation_says_everywhere_what_comes_next(look: Callable[..., Page], empty: Site) -> None:
    """Every page of an installation in which nothing happened yet."""
    page = look(empty, SECRETARY, width=PHONE, bypass_csp=True)
    wrong, seen = [], set()
    for found in crawl(empty, SECRETARY):
        assert found.ok, f"{found.address}: {found.status}"
        kind = found.kind.partition("?")[0]
        if found.html and not is_file(found.address) and kind not in seen:
            seen.add(kind)
            page.goto(found.address)
            wrong += [f"{found.address}: {said}" for said in (*axe(page), *spilled_anywhere(page, PHONE))]
    assert {"/", "/projekte", "/sitzungen", "/themenspeicher", "/kalender"} <= seen
    assert "\n".join(wrong) == ""


def test_a_meeting_in_the_night_of_the_lost_hour(look: Callable[..., Page], house: Site) -> None:
    page, night = look(house, SECRETARY), strange_night()

    def plan(start: str, end: str) -> None:
        page.goto("/sitzungen/neu")
        page.get_by_label("Datum").fill(night.isoformat())
        page.get_by_label("Beginn").fill(start)
        page.get_by_label("Ende", exact=True).fill(end)
        page.get_by_role("button", name="Sitzung planen").click()

    plan(f"{NEVER:%H:%M}", "04:00")
    expect(page.locator(".error-summary")).to_contain_text("02:30 Uhr gibt es nicht")
    plan("01:30", "03:30")
    expect(page.locator(".head-state")).to_contain_text("1:30–3:30")
    ics = page.request.get(page.url.partition("#")[0] + "/sitzung.ics").body()
    [event] = icalendar.Calendar.from_ical(ics).walk("VEVENT")
    assert event.end.astimezone(dt.UTC) - event.start.astimezone(dt.UTC) == dt.timedelta(hours=1)
