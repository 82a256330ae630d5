"""Editing together in real browsers: autosave, a cut network, a session gone, two at one item, copies, dragging."""

import datetime as dt
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app import clock
from app.agenda.models import AgendaItem
from app.agenda.schemas.wishes import ItemIn
from app.agenda.service.items import add_item
from app.bodies.queries import find_body_by_short_name
from app.db import ident
from app.meetings.queries import lock_meeting
from tests import factories
from tests.browser.site import PASSWORD, SECRETARY, Site
from tests.browser.test_losing_nothing import make_item
from tests.browser.windows import sign_in

COLLEAGUE = "kollege@example.org"
STATE = "[data-save-word]"
ORDER = """() => [...document.querySelectorAll("[data-section] > li .agenda-row")]
    .map(row => row.closest("[data-section]").dataset.section + row.id).join()"""
SAVED = re.compile(r"^gespeichert \d\d:\d\d$")


def make_colleague(site: Site) -> None:
    """A second account of the secretariat."""
    with site.database.write() as session:
        factories.make_account(session, factories.Role.SECRETARIAT, name="Jo Kollege", email=COLLEAGUE)


def stored(site: Site, address: str) -> AgendaItem:
    with site.database.read() as session:
        return session.get_one(AgendaItem, int(address.rsplit("/", 1)[1]))


def opened(look: Callable[..., Page], site: Site, address: str, email: str = SECRETARY) -> Page:
    """The item's form, whose first sign of life was heard."""
    page = look(site, email)
    with page.expect_response("**/anwesend"):
        page.goto(address)
    return page


def write(page: Page, text: str, label: str = "Anlass") -> None:
    page.get_by_label(label).press("Control+End")
    page.get_by_label(label).press_sequentially(text)


def test_what_is_typed_is_saved_by_itself_and_the_form_can_still_be_sent(
    look: Callable[..., Page], house: Site
) -> None:
    _, address = make_item(house)
    page = opened(look, house, address)
    write(page, "Das Angebot gilt bis Ostern.")
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert stored(house, address).occasion == "Das Angebot gilt bis Ostern."
    write(page, "1. Der Kreis stimmt zu.", "Beschlussvorschlag")
    page.get_by_label("Minuten").fill("25")
    page.get_by_role("button", name="Punkt speichern").click()
    expect(page.locator("main")).to_contain_text("Der Punkt ist gespeichert.")
    item = stored(house, address)
    assert (item.minutes, item.proposed_decision) == (25, "1. Der Kreis stimmt zu.")


def test_leaving_at_once_loses_no_letter(look: Callable[..., Page], house: Site) -> None:
    agenda, address = make_item(house)
    page = opened(look, house, address)
    write(page, "Eilig.")
    page.get_by_role("link", name="Abbrechen").click()
    expect(page).to_have_url(f"{house.address}{agenda}#top-{stored(house, address).id}")
    for _ in range(20):  # the last request of a page that is left may arrive after the next one
        page.goto(address)
        if page.get_by_label("Anlass").input_value():
            break
    expect(page.get_by_label("Anlass")).to_have_value("Eilig.")
    page.get_by_role("link", name="Frühere Texte").click()
    expect(page.locator("main")).to_contain_text("Eilig.")


def test_with_the_network_cut_nothing_is_lost_and_saving_goes_on_by_itself(
    look: Callable[..., Page], house: Site
) -> None:
    _, address = make_item(house)
    page = opened(look, house, address)
    page.context.set_offline(True)
    write(page, "Ohne Netz geschrieben.")
    expect(page.locator(STATE)).to_contain_text("nicht gespeichert: keine Verbindung. Ihr Text liegt auf diesem Gerät.")
    expect(page.get_by_role("status").filter(has_text="keine Verbindung")).to_have_count(1)
    assert stored(house, address).occasion == ""
    write(page, " Und weiter.")
    page.context.set_offline(False)
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert stored(house, address).occasion == "Ohne Netz geschrieben. Und weiter."


def test_a_session_deleted_while_typing_is_said_and_saving_resumes_after_signing_in(
    look: Callable[..., Page], house: Site
) -> None:
    _, address = make_item(house)
    page = opened(look, house, address)
    house.sign_everybody_out()
    write(page, "Mitten im Satz")
    expect(page.locator(STATE)).to_contain_text("Sie sind nicht mehr angemeldet")
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="In einem neuen Fenster anmelden").click()
    other = opening.value
    other.get_by_label("E-Mail-Adresse").fill(SECRETARY)
    other.get_by_label("Kennwort").fill(PASSWORD)
    other.get_by_role("button", name="Anmelden").click()
    expect(other.locator("h1")).to_have_text("Übersicht")
    other.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert stored(house, address).occasion == "Mitten im Satz"
    expect(page.get_by_role("link", name="In einem neuen Fenster anmelden")).to_be_hidden()
    page.get_by_role("button", name="Punkt speichern").click()
    expect(page.locator("main")).to_contain_text("Der Punkt ist gespeichert.")


def test_a_copy_on_this_device_is_offered_to_its_account_only_and_can_be_taken_over(
    look: Callable[..., Page], house: Site
) -> None:
    make_colleague(house)
    agenda, address = make_item(house)
    page = opened(look, house, address)
    house.sign_everybody_out()
    write(page, "Nur auf diesem Gerät")
    expect(page.locator(STATE)).to_contain_text("Ihr Text liegt auf diesem Gerät")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/barrierefreiheit")
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "skip:text:" in kept
    assert "diesem Gerät" not in kept, "the copy is not readable in the browser's store"

    sign_in(page.context, house, COLLEAGUE)
    with page.expect_response("**/anwesend"):
        page.goto(address)
    expect(page.get_by_text("Auf diesem Gerät liegt ein nicht gespeicherter Text")).to_have_count(0)
    expect(page.get_by_label("Anlass")).to_have_value("")

    sign_in(page.context, house, SECRETARY)
    page.goto(address)
    offer = page.get_by_role("region", name="Auf diesem Gerät liegt ein nicht gespeicherter Text")
    expect(offer).to_contain_text("Nur auf diesem Gerät")
    expect(offer).to_contain_text("„Anlass“")
    offer.get_by_role("button", name="Text übernehmen").click()
    expect(page.get_by_label("Anlass")).to_have_value("Nur auf diesem Gerät")
    expect(page.locator(STATE)).to_have_text(SAVED)
    assert stored(house, address).occasion == "Nur auf diesem Gerät"
    page.goto(agenda)
    page.goto(address)
    expect(offer).to_have_count(0)
    assert "skip:text:" not in page.evaluate("JSON.stringify({...localStorage})")


def test_two_browsers_in_one_field_lose_nothing_and_compare_in_words(look: Callable[..., Page], house: Site) -> None:
    make_colleague(house)
    _, address = make_item(house)
    first = opened(look, house, address)
    second = opened(look, house, address, COLLEAGUE)
    expect(second.locator("[data-presence]")).to_contain_text("Wird gerade bearbeitet von")
    write(first, "Der Ankauf ist ausgesetzt.")
    expect(first.locator(STATE)).to_have_text(SAVED)
    write(second, "Der Ankauf ist beschlossen.")
    expect(second.locator(STATE)).to_contain_text("Ihr Text ist nicht verloren")
    assert stored(house, address).occasion == "Der Ankauf ist ausgesetzt."
    second.get_by_role("button", name="Beide Texte vergleichen").click()
    both = second.get_by_role("alert")
    expect(both.locator("del")).to_contain_text("ausgesetzt")
    expect(both.locator("ins")).to_contain_text("beschlossen")
    expect(second.get_by_label("Anlass")).to_have_value("Der Ankauf ist beschlossen.")
    second.get_by_role("button", name="Meinen Text speichern").click()
    expect(second.locator("main")).to_contain_text("Der Punkt ist gespeichert.")
    second.goto(f"{address}/texte")
    expect(second.locator("main")).to_contain_text("Der Ankauf ist ausgesetzt.")
    second.get_by_role("button", name="Diesen Text wiederherstellen").last.click()
    expect(second.get_by_label("Anlass")).to_have_value("Der Ankauf ist ausgesetzt.")


def test_a_text_of_a_new_thing_is_offered_again_after_a_lost_session_until_its_form_was_taken(
    look: Callable[..., Page], house: Site
) -> None:
    page = look(house, SECRETARY)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/sitzungen/neu")
    write(page, "Über den Hof, mit Ausweis.", "Einlass")
    expect(page.get_by_text("der Text liegt auf diesem Gerät")).to_be_visible()
    house.sign_everybody_out()
    page.goto("/barrierefreiheit")
    assert "Ausweis" not in page.evaluate("JSON.stringify({...localStorage})")
    sign_in(page.context, house, SECRETARY)
    page.goto("/sitzungen/neu")
    offer = page.get_by_role("region", name="Auf diesem Gerät liegt ein nicht gespeicherter Text")
    expect(offer).to_contain_text("Über den Hof, mit Ausweis.")
    offer.get_by_role("button", name="Text übernehmen").click()
    page.get_by_role("button", name="Sitzung planen").click()
    expect(page.get_by_role("alert")).to_be_visible()  # without a date it is refused: the copy stays
    expect(page.get_by_label("Einlass")).to_have_value("Über den Hof, mit Ausweis.")
    assert "skip:text:" in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_label("Datum").fill((clock.today() + dt.timedelta(days=90)).isoformat())
    page.get_by_label("Beginn").fill("10:00")
    page.get_by_label("Ende", exact=True).fill("12:00")
    page.get_by_role("button", name="Sitzung planen").click()
    expect(page.locator("main")).to_contain_text("ist geplant")
    page.goto("/sitzungen/neu")
    expect(offer).to_have_count(0)
    assert "skip:text:" not in page.evaluate("JSON.stringify({...localStorage})")


def make_items(site: Site) -> tuple[str, list[int]]:
    """A meeting with three items of debate and one of decision."""
    with site.database.write() as session:
        body = find_body_by_short_name(session, "SKIP")
        assert body is not None
        meeting = factories.make_meeting(session, body, clock.today() + dt.timedelta(days=60))
        locked = lock_meeting(session, factories.operator(), ident(meeting))
        made = [
            ident(add_item(session, factories.operator(), locked, ItemIn(section=section, title=title, minutes=5)))
            for section, title in (
                ("beschlussfassung", "Ankauf"),
                ("beratung", "Eins"),
                ("beratung", "Zwei"),
                ("beratung", "Drei"),
            )
        ]
        return f"/sitzungen/{ident(meeting)}", made


def drag(page: Page, what: int, onto: int) -> None:
    """Take the grip of one row and let it go on another."""
    grip, target = page.locator(f"#top-{what} [data-grip]"), page.locator(f"#top-{onto}")
    grip.scroll_into_view_if_needed()
    start, goal = grip.bounding_box(), target.bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    y = goal["y"] + goal["height"] * 0.2
    page.mouse.move(start["x"] + 2, (start["y"] + y) / 2, steps=8)
    before = page.evaluate(ORDER)
    page.mouse.move(start["x"] + 2, y, steps=12)
    page.wait_for_function(f"before => ({ORDER})() !== before", arg=before)
    page.mouse.up()


def titles(page: Page, section: str) -> list[str]:
    return page.locator(f"[data-section={section}] > li .agenda-title > a").all_text_contents()


def test_items_are_ordered_by_dragging_and_screen_readers_hear_it(look: Callable[..., Page], house: Site) -> None:
    address, (decision, _, _, third) = make_items(house)
    page = look(house, SECRETARY)
    page.goto(address)
    first = page.locator("[data-section=beratung] > li").first
    with page.expect_response("**/verschieben"):
        drag(page, third, int(str(first.locator(".agenda-row").get_attribute("id")).removeprefix("top-")))
    expect(first).to_contain_text("Drei")
    expect(page.locator("#ansage")).to_contain_text("an 1. Stelle von 3")
    assert titles(page, "beratung") == ["Drei", "Eins", "Zwei"]
    with page.expect_response("**/verschieben"):
        drag(page, decision, third)
    expect(page.locator("#ansage")).to_contain_text("von 4")
    assert titles(page, "beschlussfassung") == []
    assert "Ankauf" in titles(page, "beratung")
    page.reload()
    assert "Ankauf" in titles(page, "beratung")
    row = page.locator(f"#top-{third}")
    row.get_by_role("link").first.focus()
    before = titles(page, "beratung")
    with page.expect_response("**/verschieben"):
        page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#ansage")).to_contain_text("steht jetzt an")
    assert titles(page, "beratung") != before
