"""The Beschlusskontrolle in a browser: an entry at the line without leaving the list, widths, and what axe finds."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.bodies.models import Body
from app.decisions.models import Clause, FollowUpState, Verb
from app.visibility import Level
from tests import factories
from tests.browser.site import SECRETARY, Site
from tests.browser.windows import DESK, PHONE, axe, spilled_anywhere, window
from tests.factories import make_decision, operator

LIST = "/beschlusskontrolle"


@pytest.fixture
def meeting_address(house: Site) -> str:
    """Decisions in many states, with titles of every length; the page of their meeting."""
    today = clock.today()
    with house.database.write() as session:
        body = session.exec(select(Body)).one()
        meeting = factories.make_meeting(session, body, today + dt.timedelta(days=30), number=18)
        houses = [factories.make_organisation(session, short=short) for short in ("IHK", "Senatsverwaltung Wirtschaft")]
        states = [*FollowUpState, FollowUpState.OPEN]
        for number, state in enumerate(states):
            title = f"Beschluss {number} " + ("mit einem sehr langen Titel über Flächen und Förderung " * (number % 4))
            item = add_item(session, operator(), meeting, ItemIn(title=title[:300], section=SectionKey.DECISION))
            make_decision(
                session,
                body,
                title=title[:300],
                item_id=item.id,
                state=state,
                level=Level.CONFIDENTIAL if number == 2 else Level.INTERNAL,
                due_on=today - dt.timedelta(days=12) if state is FollowUpState.OPEN else None,
                clauses=tuple(
                    Clause(verb=Verb.ASKS, text="zu berichten", decision_id=0, position=1, organisation_id=one.id)
                    for one in houses
                ),
            )
        return f"{LIST}/sitzungen/{meeting.id}"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_entry_is_made_without_leaving_the_list(browser, house, meeting_address, width):
    with window(browser, house, SECRETARY, width=width, bypass_csp=True) as page:
        page.goto(LIST)
        row = page.locator("tr.table-has-more", has_text="Beschluss 0").locator("xpath=following-sibling::tr[1]")
        row.locator("summary").click()
        row.get_by_label("Stand der Umsetzung", exact=True).select_option("delayed")
        row.get_by_role("button", name="Eintrag speichern").click()
        row.get_by_text("Grund der Verzögerung").wait_for()
        row.get_by_label("Grund", exact=False).last.fill("Einspruch der Nachbarn")
        row.locator('input[name="due_on"]').fill((clock.today() + dt.timedelta(days=90)).isoformat())
        row.get_by_role("button", name="Eintrag speichern").click()
        page.get_by_text("eingetragen, Stand „verzögert“").wait_for()
        assert page.url.endswith(LIST)
        row = page.locator("tr.table-has-more", has_text="Beschluss 0")
        assert "neuer Termin" in row.inner_text()
        assert spilled_anywhere(page, width) == []
        assert axe(page) == []


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_numbers_of_a_meeting_fit_and_can_be_read(browser, house, meeting_address, width):
    with window(browser, house, SECRETARY, width=width, bypass_csp=True) as page:
        for address in (
            meeting_address,
            f"{meeting_address}?stand=umgesetzt",
            f"{LIST}/sitzungen",
            f"{LIST}?stand=alle",
        ):
            page.goto(address)
            assert spilled_anywhere(page, width) == [], address
            assert axe(page) == [], address
