"""What people typed survives: two of them on one item, a session that ended meanwhile, a page left by mistake."""

import datetime as dt
from collections.abc import Callable

from playwright.sync_api import Dialog, Page, expect

from app import clock
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.bodies.queries import find_body_by_short_name
from app.db import ident
from app.meetings.queries import lock_meeting
from tests import factories
from tests.browser.site import PASSWORD, SECRETARY, Site


def make_item(site: Site) -> tuple[str, str]:
    """The addresses of a meeting and of the one item on its agenda."""
    with site.database.write() as session:
        body = find_body_by_short_name(session, "SKIP")
        assert body is not None
        meeting = factories.make_meeting(session, body, clock.today() + dt.timedelta(days=60))
        locked = lock_meeting(session, factories.operator(), ident(meeting))
        wish = ItemIn(section="beratung", title="Flächen am Spreeknie", minutes=10)
        item = add_item(session, factories.operator(), locked, wish)
        session.flush()
        address = f"/sitzungen/{ident(meeting)}"
        return address, f"{address}/tagesordnung/{ident(item)}"


def save(page: Page, words: str = "Punkt speichern") -> None:
    page.get_by_role("button", name=words).click()


def test_of_two_editors_the_second_sees_both_texts_and_loses_nothing(look: Callable[..., Page], house: Site) -> None:
    agenda, address = make_item(house)
    first, second = look(house, SECRETARY), look(house, SECRETARY)
    for page in (first, second):
        page.goto(address)
    first.get_by_label("Titel", exact=True).fill("Flächen am Spreeknie kaufen")
    first.get_by_label("Minuten").fill("25")
    save(first)
    expect(first.locator("main")).to_contain_text("Der Punkt ist gespeichert.")

    second.get_by_label("Titel", exact=True).fill("Flächen am Spreeknie pachten")
    second.get_by_label("Anlass").fill("Das Angebot gilt bis Ostern.")
    save(second)
    both = second.get_by_role("alert")
    expect(both).to_contain_text("Flächen am Spreeknie kaufen")
    expect(both).to_contain_text("Flächen am Spreeknie pachten")
    expect(both).to_be_focused()
    expect(second.get_by_label("Titel", exact=True)).to_have_value("Flächen am Spreeknie pachten")
    expect(second.get_by_label("Anlass")).to_have_value("Das Angebot gilt bis Ostern.")

    first.goto(agenda)
    expect(first.locator("main")).to_contain_text("Flächen am Spreeknie kaufen")
    save(second, "Meinen Text speichern")
    row = second.locator(".agenda-row", has_text="Flächen am Spreeknie pachten")
    expect(row).to_contain_text("Das Angebot gilt bis Ostern.")


def test_what_the_second_did_not_touch_stays_as_the_first_left_it(look: Callable[..., Page], house: Site) -> None:
    _, address = make_item(house)
    first, second = look(house, SECRETARY), look(house, SECRETARY)
    for page in (first, second):
        page.goto(address)
    first.get_by_label("Minuten").fill("25")
    save(first)
    expect(first.locator("main")).to_contain_text("Der Punkt ist gespeichert.")
    second.get_by_label("Titel", exact=True).fill("Flächen am Spreeknie pachten")
    save(second)
    expect(second.get_by_role("alert")).to_contain_text("25")


def test_a_session_that_ended_loses_no_text(look: Callable[..., Page], house: Site) -> None:
    """The form is filled, the session is gone: sign in in a second window, send again, and it is saved.

    The first sending still carries the token of the session that ended; the page then offers it with a new one.
    """
    _, address = make_item(house)
    page = look(house, SECRETARY)
    page.goto(address)
    page.get_by_label("Titel", exact=True).fill("Flächen am Spreeknie tauschen")
    page.get_by_label("Anlass").fill("Zeile eins\nZeile zwei")
    house.sign_everybody_out()
    save(page)
    expect(page.locator("h1")).to_have_text("Ihre Eingaben sind noch da")
    expect(page.locator("main")).to_contain_text("Flächen am Spreeknie tauschen")
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="in einem neuen Fenster an").click()
    other = opening.value
    other.get_by_label("E-Mail-Adresse").fill(SECRETARY)
    other.get_by_label("Kennwort").fill(PASSWORD)
    other.get_by_role("button", name="Anmelden").click()
    expect(other.locator("h1")).to_have_text("Übersicht")
    page.get_by_role("button", name="Noch einmal senden").click()
    expect(page.locator("main")).to_contain_text("Das Formular war abgelaufen")
    page.get_by_role("button", name="Noch einmal senden").click()
    expect(page.locator("main")).to_contain_text("Der Punkt ist gespeichert.")
    page.goto(address)
    expect(page.get_by_label("Titel", exact=True)).to_have_value("Flächen am Spreeknie tauschen")
    expect(page.get_by_label("Anlass")).to_have_value("Zeile eins\nZeile zwei")


def test_a_session_that_ended_on_the_workbench_says_so(look: Callable[..., Page], demo: Site) -> None:
    """Where htmx sends the form, the refusal must not vanish either."""
    page = look(demo, SECRETARY)
    page.goto("/")
    page.get_by_role("link", name="Vorschläge prüfen").click()
    card = page.locator("article.proposal:not(.proposal-out)").first
    card.locator("summary").click()
    card.get_by_label("Grund").fill("Erst nach dem Haushalt")
    demo.sign_everybody_out()
    card.get_by_role("button", name="Vorschlag ablehnen").click()
    expect(page.locator("main")).to_contain_text("Erst nach dem Haushalt")
    expect(page.locator("main")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("link", name="in einem neuen Fenster an")).to_be_visible()


def test_leaving_a_page_with_unsaved_text_asks_first(look: Callable[..., Page], house: Site) -> None:
    agenda, address = make_item(house)
    page = look(house, SECRETARY)
    page.goto(address)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Titel", exact=True).press("End")
    page.get_by_label("Titel", exact=True).press_sequentially(" und Umgebung")
    page.get_by_role("link", name="Abbrechen").click()
    expect(page.get_by_label("Titel", exact=True)).to_have_value("Flächen am Spreeknie und Umgebung")
    assert asked == ["beforeunload"]
    assert page.url.endswith(address)
    assert agenda in address
