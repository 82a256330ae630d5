"""The live minutes in real browsers: nothing typed is lost, the keyboard leads, the tools write, the room is told."""

import datetime as dt
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from app import clock
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.bodies.queries import find_body_by_short_name
from app.db import Database, ident
from app.decisions.models import Clause, Decision
from app.drafting.service.releasing import release_meeting
from app.meetings.queries import lock_meeting
from app.meetings.service import start_meeting
from app.minutes.models import MinuteNote, TextBlock
from tests import factories
from tests.browser.site import PASSWORD, SECRETARY, Site, make_house_file
from tests.browser.test_together import COLLEAGUE, make_colleague
from tests.browser.windows import PHONE, WIDTHS, axe, spilled, without_focus_ring

LINE = "[data-save-line]"
SAVED = re.compile(r"^gespeichert \d\d:\d\d:\d\d$")
YES = ReleaseIn(
    approved_by="Vera Vorsitz",
    approved_on=dt.date(2026, 3, 2),
    approved_how="E-Mail",
    late_reason="Die Sitzung ist heute.",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting in session: its address, and those of its three items in the minutes."""

    address: str
    items: tuple[str, str, str]

    def id_of(self, place: int) -> int:
        return int(self.items[place].rsplit("/", 1)[1])


def make_session(database: Database) -> Session:
    with database.write() as session:
        body = find_body_by_short_name(session, "SKIP")
        assert body is not None
        meeting = factories.make_meeting(session, body, clock.today(), number=18)
        locked = lock_meeting(session, factories.operator(), ident(meeting))
        wishes = (
            ItemIn(
                title="Flächen am Spreeknie", section="beschlussfassung", proposed_decision="1. Der Kreis stimmt zu."
            ),
            ItemIn(title="Fachkräfte für die Industrie von morgen", section="beratung"),
            ItemIn(title="Geheimer Ankauf", section="beratung", level="confidential"),
        )
        made = [add_item(session, factories.operator(), locked, wish) for wish in wishes]
        session.add(TextBlock(body_id=ident(body), title="Einstimmig", text="Einstimmig.", changed_at=clock.now()))
        release_meeting(session, factories.operator(), locked, YES)
        start_meeting(session, factories.operator(), locked)
        session.flush()
        address = f"/sitzungen/{ident(meeting)}"
        first, second, third = (f"{address}/protokoll/{ident(one)}" for one in made)
        return Session(address, (first, second, third))


def note_of(database: Database, item_id: int) -> str:
    with database.read() as session:
        found = session.exec(select(MinuteNote).where(MinuteNote.item_id == item_id)).first()
        return found.note if found else ""


def opened(look: Callable[..., Page], site: Site, address: str, email: str = SECRETARY, **options: object) -> Page:
    """The item's page, whose note and wording gave their first signs of life."""
    page = look(site, email, **options)
    with page.expect_response(re.compile(r"protokoll/\d+/anwesend")):
        page.goto(address)
    return page


def write(page: Page, text: str, label: str = "Notiz") -> None:
    page.get_by_label(label).press("Control+End")
    page.get_by_label(label).press_sequentially(text)


def test_with_the_network_cut_in_the_middle_no_letter_is_lost(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    write(page, "Die Kammer fragt")
    page.context.set_offline(True)
    write(page, " nach der Frist.")
    expect(page.locator(LINE)).to_contain_text("nicht gespeichert: keine Verbindung")
    write(page, " Die Verwaltung antwortet.")
    page.context.set_offline(False)
    expect(page.locator(LINE)).to_have_text(SAVED)
    wanted = "Die Kammer fragt nach der Frist. Die Verwaltung antwortet."
    assert note_of(house.database, made.id_of(0)) == wanted


def test_a_session_deleted_on_the_server_loses_nothing(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    write(page, "Vorher. ")
    expect(page.locator(LINE)).to_have_text(SAVED)
    house.sign_everybody_out()
    write(page, "Mitten im Satz.")
    write(page, "Wortlaut ohne Anmeldung", "Beschlossener Wortlaut")
    expect(page.locator(LINE)).to_contain_text("Sie sind nicht mehr angemeldet")
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="In einem neuen Fenster anmelden").first.click()
    other = opening.value
    other.get_by_label("E-Mail-Adresse").fill(SECRETARY)
    other.get_by_label("Kennwort").fill(PASSWORD)
    other.get_by_role("button", name="Anmelden").click()
    expect(other.locator("h1")).to_have_text("Übersicht")
    other.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-save-word]").first).to_have_text(re.compile("^gespeichert"))
    expect(page.locator("[data-save-word]").last).to_have_text(re.compile("^gespeichert"))
    assert note_of(house.database, made.id_of(0)) == "Vorher. Mitten im Satz."
    with house.database.read() as session:
        found = session.exec(select(Decision).where(Decision.item_id == made.id_of(0))).one()
        assert found.wording == "Wortlaut ohne Anmeldung"


# --- a server that dies -----------------------------------------------------------------------------------------------


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    yield port


class Killable:
    """The program as an operator runs it, in a process of its own."""

    def __init__(self, file: Path, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._settings = {
            **os.environ,
            "SKIP_DATABASE_URL": f"sqlite:///{file}",
            "SKIP_SECRET_KEY": "a-key-for-tests-that-is-long-enough",
            "SKIP_STORAGE": str(folder / "files"),
            "SKIP_BASE_URL": self.address,
            "SKIP_SMTP_URL": "",
        }
        self._command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--no-worker"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert self._process is None, "the server before is still running"
        self._process = subprocess.Popen(
            self._command, env=self._settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(400):
            assert self._process.poll() is None, "the server ended before it began"
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not begin")

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing finished."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@pytest.fixture
def killable(tmp_path: Path, cheap_passwords: None) -> Iterator[tuple[Killable, Site]]:
    file = make_house_file(tmp_path / "house.db")
    with free_port() as port:
        server = Killable(file, tmp_path, port)
    server.start()
    database = Database(f"sqlite:///{file}")
    yield server, Site(server.address, database)
    server.kill()
    database.close()


def test_a_server_killed_during_autosave_loses_no_sentence(
    look: Callable[..., Page], killable: tuple[Killable, Site]
) -> None:
    server, site = killable
    made = make_session(site.database)
    page = opened(look, site, made.items[0])
    write(page, "Der erste Satz. ")
    expect(page.locator(LINE)).to_have_text(SAVED)

    def die(route: Route) -> None:
        server.kill()
        route.continue_()

    page.route("**/texte", die, times=1)
    write(page, "Der zweite Satz. ")
    expect(page.locator(LINE)).to_have_text(re.compile("^nicht gespeichert: "))  # not the "noch nicht" before a saving
    write(page, "Der dritte Satz.")
    assert note_of(site.database, made.id_of(0)) == "Der erste Satz."
    server.start()
    expect(page.locator(LINE)).to_have_text(SAVED, timeout=40_000)
    assert note_of(site.database, made.id_of(0)) == "Der erste Satz. Der zweite Satz. Der dritte Satz."


def test_what_was_typed_while_the_server_was_gone_is_offered_after_the_window_was_closed(
    look: Callable[..., Page], killable: tuple[Killable, Site]
) -> None:
    server, site = killable
    made = make_session(site.database)
    page = opened(look, site, made.items[0])
    server.kill()
    write(page, "Ohne Server geschrieben.")
    expect(page.locator(LINE)).to_contain_text("Ihr Text liegt auf diesem Gerät.")
    again = page.context.new_page()
    page.close()
    server.start()
    again.goto(made.items[0])
    offer = again.get_by_role("region", name="Auf diesem Gerät liegt ein nicht gespeicherter Text")
    expect(offer).to_contain_text("Ohne Server geschrieben.")
    offer.get_by_role("button", name="Text übernehmen").click()
    expect(again.locator(LINE)).to_have_text(SAVED)
    assert note_of(site.database, made.id_of(0)) == "Ohne Server geschrieben."


# --- working ----------------------------------------------------------------------------------------------------------


def test_acts_on_the_page_wait_for_what_was_just_typed(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    write(page, "Noch im Schreiben")
    page.get_by_role("button", name="TOP beginnen").click()
    expect(page.locator(".minutes-since")).to_contain_text("läuft seit")
    expect(page.get_by_label("Notiz")).to_have_value("Noch im Schreiben")
    write(page, ", und weiter.")
    expect(page.locator(LINE)).to_have_text(SAVED)
    assert note_of(house.database, made.id_of(0)) == "Noch im Schreiben, und weiter."


def test_two_writers_at_two_items_and_at_one(look: Callable[..., Page], house: Site) -> None:
    make_colleague(house)
    made = make_session(house.database)
    one, other = opened(look, house, made.items[0]), opened(look, house, made.items[1], COLLEAGUE)
    write(one, "Eins.")
    write(other, "Zwei.")
    for page in (one, other):
        expect(page.locator(LINE)).to_have_text(SAVED)
    with other.expect_response(re.compile(r"protokoll/\d+/anwesend")):
        other.goto(made.items[0])
    write(one, " Von Katrin.")
    expect(one.locator(LINE)).to_have_text(SAVED)
    write(other, " Von Jo.")
    expect(other.locator(LINE)).to_contain_text("hat diesen Text")
    other.get_by_role("button", name="Beide Texte vergleichen").click()
    both = other.get_by_role("alert")
    expect(both).to_contain_text("Eins. Von Katrin.")
    expect(both).to_contain_text("Eins. Von Jo.")
    assert note_of(house.database, made.id_of(0)) == "Eins. Von Katrin."


def test_the_keyboard_leads_from_item_to_item_also_while_writing(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    write(page, "Schnell weiter")
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url(f"**{made.items[1]}")
    page.keyboard.press("n")
    page.wait_for_url(f"**{made.items[2]}")
    page.keyboard.press("v")
    page.wait_for_url(f"**{made.items[1]}")
    page.keyboard.press("Alt+PageUp")
    page.wait_for_url(f"**{made.items[0]}")
    assert note_of(house.database, made.id_of(0)) == "Schnell weiter"


def test_tools_text_blocks_and_preview(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    note = page.get_by_label("Notiz")
    write(page, "wichtig")
    note.press("Control+a")
    tools = page.get_by_role("toolbar", name="Text gestalten")
    tools.get_by_role("button", name="Fett").click()
    expect(note).to_have_value("**wichtig**")
    note.press("Control+End")
    note.press_sequentially("\n\neins\nzwei")
    note.press("Shift+ArrowUp")
    tools.get_by_role("button", name="Fett").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(note).to_have_value("**wichtig**\n\n- eins\n- zwei")
    note.press("Control+End")
    note.press_sequentially("\n\n")
    page.get_by_label("Textbaustein").select_option(label="Einstimmig")
    page.get_by_role("button", name="Textbaustein einfügen").click()
    expect(note).to_have_value("**wichtig**\n\n- eins\n- zwei\n\nEinstimmig.")
    page.get_by_role("button", name="Vorschau zeigen").click()
    shown = page.locator("#vorschau")
    expect(shown.locator("strong")).to_have_text("wichtig")
    expect(shown.locator("li")).to_have_count(2)
    expect(page.locator(LINE)).to_have_text(SAVED)
    assert note_of(house.database, made.id_of(0)).endswith("Einstimmig.")


def test_clauses_come_and_go_without_leaving_the_item(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0])
    page.get_by_label("Ergebnis", exact=True).select_option(label="geändert beschlossen")
    page.get_by_role("button", name="Vorschlag übernehmen").click()
    expect(page.get_by_label("Beschlossener Wortlaut")).to_have_value("1. Der Kreis stimmt zu.")
    write(page, " Mit Auflagen.", "Beschlossener Wortlaut")
    for place, words in enumerate(("Eins", "Zwei", "Drei"), 1):
        page.get_by_role("group", name=f"Ziffer {place}").get_by_label("Text der Ziffer").fill(words)
        page.get_by_role("button", name="Weitere Ziffer").click()
    page.get_by_role("group", name="Ziffer 2").get_by_role("button", name="Ziffer entfernen").click()
    page.get_by_role("button", name="Ergebnis speichern").click()
    expect(page.locator("main")).to_contain_text("Das Ergebnis ist gespeichert.")
    with house.database.read() as session:
        found = session.exec(select(Decision).where(Decision.item_id == made.id_of(0))).one()
        clauses = session.exec(select(Clause).where(Clause.decision_id == found.id).order_by(Clause.position)).all()
        assert found.wording == "1. Der Kreis stimmt zu. Mit Auflagen."
        assert [one.text for one in clauses] == ["Eins", "Drei"]


def test_without_scripts_forms_do_all_of_it(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    page = look(house, SECRETARY, java_script_enabled=False)
    page.goto(made.items[0])
    page.get_by_role("button", name="TOP beginnen").click()
    page.get_by_label("Notiz").fill("**Ohne** Skript")
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.locator("#vorschau strong")).to_have_text("Ohne")
    page.get_by_label("Textbaustein").select_option(label="Einstimmig")
    page.get_by_role("button", name="Textbaustein einfügen").click()
    expect(page.get_by_label("Notiz")).to_have_value("**Ohne** Skript\n\nEinstimmig.")
    page.get_by_label("Ergebnis", exact=True).select_option(label="ungeändert beschlossen")
    page.get_by_role("button", name="Ergebnis speichern").click()
    expect(page.locator("main")).to_contain_text("Das Ergebnis ist gespeichert.")
    page.get_by_role("button", name=re.compile(r"^TOP [\d.]+ beginnen$")).click()
    page.wait_for_url(re.compile(r"/protokoll/\d+"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_minutes_are_accessible_and_fit(look: Callable[..., Page], house: Site, width: int) -> None:
    made = make_session(house.database)
    page = opened(look, house, made.items[0], width=width, bypass_csp=True)
    write(page, "Ein Satz")
    page.locator("summary", has_text="Auftrag von Hand").click()
    page.locator("summary", has_text="Zeiten berichtigen").click()
    for address in ("", f"{made.address}/protokoll", f"{made.address}/saal"):
        if address:
            page.goto(address)
        assert axe(page) == []
        for one in WIDTHS[width]:
            assert spilled(page, one) == [], address
        assert without_focus_ring(page) == []


def test_the_room_is_told_what_runs_and_that_the_connection_is_lost(look: Callable[..., Page], house: Site) -> None:
    made = make_session(house.database)
    room, page = look(house, SECRETARY), opened(look, house, made.items[0], width=PHONE)
    room.goto(f"{made.address}/saal")
    expect(room.locator(".hall-title")).to_have_text("Gerade läuft kein Punkt.")
    page.get_by_role("button", name="TOP beginnen").click()
    expect(room.locator(".hall-title")).to_have_text("Flächen am Spreeknie", timeout=15_000)
    expect(room.locator(".hall-text")).to_have_text("1. Der Kreis stimmt zu.")
    expect(room.locator("main")).not_to_contain_text("Ankauf")
    room.context.set_offline(True)
    expect(room.get_by_role("status").filter(has_text="Keine Verbindung seit")).to_be_visible(timeout=15_000)
    room.context.set_offline(False)
    expect(room.locator("[data-hall-trouble]")).to_have_text("", timeout=15_000)
