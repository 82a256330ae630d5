"""The main journey in a browser, from a file of projects to the next meeting: by mouse, without scripts, by keys."""

import datetime as dt
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx2
import icalendar
import pikepdf
import pytest
from playwright.sync_api import Locator, Page, expect

from app import clock, text
from tests.browser.hands import Keyboard, Mouse
from tests.browser.site import ADVISOR, MEMBER, PASSWORD, SECRETARY, Site

COLUMNS = "Projektnummer;Titel;Planperiode;Handlungsfeld;Stand;Ampel;Phase;Bericht;Entscheidungsbedarf"
GOOD = (
    "1.1;Ankaufsstrategie Flächen;Plan;Flächen;{stand};rot;in Umsetzung;Der Ankauf stockt.;Rahmen 2027",
    "1.2;Wasserstoff am Westhafen;Plan;Energie;{stand};rot;in Umsetzung;Der Anschluss fehlt.;",
    "1.9;Gründerwerkstatt Nord;Plan;Flächen;{stand};rot;in Umsetzung;Der Umbau ruht.;",
    "1.10;Additive Fertigung Süd;Plan;Flächen;{stand};grün;in Umsetzung;Läuft.;",
    "2.1;Fachkräfte für Morgen;Plan;Energie;{stand};gelb;in Planung;Noch ohne Träger.;",
)
BAD = (
    "1.1;Ankaufsstrategie Flächen;Plan;Flächen;{stand};blau;in Umsetzung;;",
    ";Ohne Nummer;Plan;Flächen;31.02.2026;rot;in Umsetzung;;",
)
SECRET = "Ankauf am Spreeknie"
REASON = "Erst mit dem Haushalt 2027"


@dataclass(slots=True)
class Journey:
    """The secretary at work: the window, the hands, and what was learnt on the way."""

    site: Site
    page: Page
    hand: Mouse
    folder: Path
    meeting: str = ""

    def link(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("link", name=name, exact=True)

    def button(self, name: str, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=name, exact=True)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        words = re.compile(rf"^\s*{re.escape(label)}\s*(\(freiwillig\))?\s*$")
        return (within or self.page.locator("main")).get_by_label(words)

    def says(self, words: str) -> None:
        """The page tells *words* somewhere."""
        expect(self.page.locator("main")).to_contain_text(words)

    def is_headed(self, words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(words)

    def go(self, place: str) -> None:
        """One of the main places, by the bar."""
        self.hand.press(self.link(place, self.page.get_by_role("navigation", name="Hauptbereiche")))

    # --- the stages, in order

    def sign_in(self) -> None:
        self.page.goto("/projekte")
        for password in ("falsch geraten", PASSWORD):
            self.hand.write(self.field("E-Mail-Adresse"), SECRETARY)
            self.hand.write(self.field("Kennwort"), password)
            self.hand.press(self.button("Anmelden"))
            if password != PASSWORD:
                self.says("E-Mail-Adresse oder Kennwort stimmen nicht.")
                expect(self.field("E-Mail-Adresse")).to_have_value(SECRETARY)
        self.is_headed("Projekte")

    def file(self, rows: tuple[str, ...]) -> Path:
        """A table of projects with a Stand of yesterday, as Excel writes it in Germany."""
        stand = text.date(clock.today() - dt.timedelta(days=1))
        path = self.folder / "projekte.csv"
        path.write_text("\r\n".join([COLUMNS, *rows]).format(stand=stand), encoding="cp1252")
        return path

    def read_in(self, rows: tuple[str, ...]) -> None:
        self.hand.upload(self.field("Datei"), self.file(rows))
        self.hand.press(self.button("Vorschau zeigen"))

    def import_projects(self) -> None:
        self.hand.press(self.link("Projekte einlesen"))
        self.read_in(BAD)
        self.is_headed("Nichts wurde übernommen")
        rows = self.page.locator("main table").first.locator("tbody tr")
        expect(rows.filter(has_text="Zeile 2").filter(has_text="Ampel")).to_contain_text("blau")
        expect(rows.filter(has_text="Zeile 3").filter(has_text="Projektnummer")).to_contain_text("leer")
        expect(rows.filter(has_text="Zeile 3").filter(has_text="Stand")).to_contain_text("31.02.2026")
        self.read_in(GOOD)
        self.is_headed("Vorschau")
        self.says("neu 5, geändert 0, berichtigt 0, unverändert 0")
        self.hand.press(self.button("Alles übernehmen"))
        self.says("Übernommen: neu 5, geändert 0, berichtigt 0, unverändert 0.")
        self.hand.press(self.link("Projekte einlesen"))
        self.read_in(GOOD)
        self.says("Diese Datei ändert nichts")

    def find_project(self) -> None:
        self.go("Projekte")
        self.says("5 Projekte")
        self.hand.choose(self.field("Ampel"), "rot")
        self.hand.press(self.button("Filtern"))
        self.says("gezeigt: rot")
        expect(self.page.locator("main tbody tr")).to_have_count(3)
        self.hand.press(self.link("Zurücksetzen"))
        self.hand.press(self.link("Additive Fertigung Süd"))
        self.is_headed("1.10 Additive Fertigung Süd")

    def report(self) -> None:
        """The form of five minutes: green turns yellow."""
        self.hand.press(self.link("Sachstand melden"))
        light = self.page.get_by_role("group", name="Ampel", exact=True)
        self.hand.tick(light.get_by_role("radio", name="gelb"))
        self.hand.write(self.field("Bericht"), "Der zweite Drucker kommt später.")
        self.hand.press(self.button("Sachstand speichern"))
        self.is_headed("1.10 Additive Fertigung Süd")
        expect(self.page.locator("dl.now")).to_contain_text("gelb")
        self.says("Der zweite Drucker kommt später.")

    def plan(self, on: dt.date, number: str = "") -> None:
        self.go("Sitzungen")
        self.hand.press(self.link("Sitzung planen").first)
        self.hand.date(self.field("Datum"), on)
        self.hand.time(self.field("Beginn"), "10:00")
        self.hand.time(self.field("Ende"), "12:00")
        self.hand.write(self.field("Ort"), "Rotes Rathaus, Raum 337")
        if number:
            self.hand.write(self.field("Nummer der Sitzung"), number)
        self.hand.press(self.button("Sitzung planen"))
        expect(self.page.locator(".head-state")).to_contain_text(text.long_date(on).replace(". ", ".\u00a0", 1))
        self.meeting = self.page.url.removeprefix(self.site.address).partition("#")[0]

    def announce(self) -> None:
        self.hand.press(self.link("Sitzung bearbeiten"))
        self.hand.press(self.button("Termin ankündigen"))
        expect(self.page.locator(".head-state")).to_contain_text("angekündigt")

    def draft(self) -> None:
        self.hand.press(self.link("Vorschläge erarbeiten"))
        self.hand.press(self.button("Vorschläge erarbeiten"))
        self.says("Erarbeitet am")

    def proposal(self, title: str) -> Locator:
        named = self.page.locator(".proposal-title", has_text=title)
        return self.page.locator("article.proposal:not(.proposal-out)").filter(has=named)

    def read_reasons(self) -> None:
        day = text.date(clock.today() - dt.timedelta(days=1))
        first = self.proposal("Ankaufsstrategie Flächen")
        expect(first).to_contain_text(f"Entscheidungsbedarf seit {day}: Rahmen 2027")
        expect(first).to_contain_text(f"Ampel seit {day} rot")
        expect(self.proposal("Fachkräfte für Morgen")).to_have_count(0)

    def accept(self, title: str) -> None:
        self.hand.press(self.button("Übernehmen", self.proposal(title)))
        expect(self.proposal(title)).to_have_count(0)
        expect(self.agenda).to_contain_text(title)

    def reject(self, title: str) -> None:
        card = self.proposal(title)
        self.hand.press(card.locator("summary"))
        self.hand.press(self.button("Vorschlag ablehnen", card))
        expect(card).to_contain_text("Bitte")
        self.hand.write(self.field("Grund", card), REASON)
        self.hand.press(self.button("Vorschlag ablehnen", card))
        expect(card).to_have_count(0)
        self.says("Abgelehnt (1)")

    @property
    def agenda(self) -> Locator:
        return self.page.locator("#tagesordnung")

    def open_agenda(self) -> None:
        self.hand.press(self.link("Tagesordnung", self.page.locator("nav.tabs")))
        expect(self.page.locator("nav.tabs [aria-current]")).to_have_text("Tagesordnung")

    def add_own_item(self) -> None:
        self.hand.press(self.agenda.locator("summary", has_text="Eigenen Punkt anlegen"))
        self.hand.write(self.field("Titel", self.agenda), "Flächenbericht")
        self.hand.choose(self.field("Abschnitt", self.agenda), "Beschlussfassung")
        self.hand.write(self.field("Minuten", self.agenda), "15")
        self.hand.press(self.button("Punkt anlegen"))
        self.says("Der Punkt ist angelegt.")

    def edit_item(self) -> None:
        self.hand.press(self.link("Flächenbericht"))
        form = self.page.locator("form", has=self.button("Punkt speichern"))
        self.hand.write(self.field("Titel", form), SECRET)
        self.hand.write(self.field("Minuten"), "20")
        self.hand.write(self.field("Projekte"), "1.10, 99.9")
        self.hand.write(self.field("Anlass"), "Das Grundstück steht zum Verkauf.")
        self.hand.write(self.field("Beschlussvorschlag"), "1. Der Steuerungskreis stimmt dem Ankauf zu.")
        self.hand.tick(self.page.get_by_role("radio", name="vertraulich"))
        self.hand.press(self.button("Punkt speichern"))
        self.says("99.9")
        expect(self.field("Titel", form)).to_have_value(SECRET)
        self.hand.write(self.field("Projekte"), "1.10")
        self.hand.press(self.button("Punkt speichern"))
        self.says("Der Punkt ist gespeichert.")
        row = self.page.locator(".agenda-row", has_text=SECRET)
        for words in ("vertraulich", "1.10", "Das Grundstück steht zum Verkauf.", "stimmt dem Ankauf zu", "20 Min."):
            expect(row).to_contain_text(words)

    def reorder(self) -> None:
        rows = self.agenda.locator("#abschnitt-beschlussfassung ol .agenda-row")
        expect(rows.first).to_contain_text("Ankaufsstrategie Flächen")
        self.hand.move_up(rows.filter(has_text=SECRET))
        expect(rows.first).to_contain_text(SECRET)
        expect(rows.nth(1)).to_contain_text("Ankaufsstrategie Flächen")

    def sum_up(self) -> None:
        """5 Regularien, 20 and 10 for decisions, 10 to deliberate, 5 at the end."""
        expect(self.agenda.locator(".meter-text")).to_contain_text("50 von 120 Min.")
        expect(self.agenda.locator(".meter-text")).to_contain_text("noch 70 Min.")

    def release(self) -> None:
        self.hand.press(self.page.get_by_role("link", name="Tagesordnung freigeben"))
        self.hand.press(self.button("Tagesordnung freigeben"))
        self.says("Bitte prüfen Sie diese Angaben")
        self.hand.write(self.field("Freigegeben durch"), "Vera Vorsitz")
        self.hand.choose(self.field("Wie"), "E-Mail")
        self.hand.press(self.button("Tagesordnung freigeben"))
        self.says("Die Tagesordnung ist freigegeben.")
        self.says("Vera Vorsitz")
        expect(self.page.locator(".head-state")).to_contain_text("freigegeben am")

    def subscribe(self) -> str:
        """A feed address; read without any cookie."""
        self.go("Kalender")
        self.hand.write(self.field("Wofür"), "Büro")
        self.hand.press(self.button("Kalenderadresse anlegen"))
        address = self.field("Adresse").first.input_value()
        self.go("Kalender")
        expect(self.page.locator("tbody tr", has_text="Büro")).to_contain_text("noch nie")
        return address

    def hold(self) -> None:
        """Start, say what came of it, close."""
        self.page.goto(self.meeting)
        self.hand.press(self.page.locator("summary", has_text="Sitzung eröffnen"))
        self.hand.press(self.button("Sitzung eröffnen"))
        expect(self.page.locator("h2", has_text="Überblick")).to_be_visible()
        self.hand.choose(self.outcome(SECRET), "ungeändert beschlossen")
        self.hand.press(self.button("Sitzung schließen"))
        self.says("Bitte halten Sie ein Ergebnis fest")
        expect(self.outcome(SECRET).locator("option:checked")).to_have_text("ungeändert beschlossen")
        self.hand.choose(self.outcome("Ankaufsstrategie Flächen"), "vertagt")
        self.hand.choose(self.outcome("Wasserstoff am Westhafen"), "zur Kenntnis genommen")
        self.hand.press(self.button("Sitzung schließen"))
        self.says("Die Sitzung ist geschlossen.")
        expect(self.page.locator(".head-state")).to_contain_text("gehalten")

    def outcome(self, title: str) -> Locator:
        return self.field("Ergebnis", self.page.get_by_role("group", name=title))


def look_in(look: Callable[..., Page], site: Site, email: str, address: str) -> Page:
    page = look(site, email)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    return page


def fetched(page: Page, address: str) -> bytes:
    """A file, as the window's person gets it."""
    answer = page.request.get(address)
    assert answer.status == 200, f"{address}: {answer.status}"
    return answer.body()


def events_of(calendar: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(calendar).walk("VEVENT"))


@pytest.mark.parametrize("how", ["mouse", "without scripts", "keyboard"])
def test_from_a_file_of_projects_to_the_next_meeting(
    look: Callable[..., Page], house: Site, tmp_path: Path, how: str
) -> None:
    page = look(house, java_script_enabled=how != "without scripts")
    here = Journey(house, page, Keyboard(page) if how == "keyboard" else Mouse(page), tmp_path)
    on = clock.today() + dt.timedelta(days=60)
    here.sign_in()
    here.import_projects()
    here.find_project()
    here.report()
    here.plan(on, "17")
    here.announce()
    here.draft()
    here.read_reasons()
    here.accept("Ankaufsstrategie Flächen")
    here.accept("Wasserstoff am Westhafen")
    here.reject("Gründerwerkstatt Nord")
    here.open_agenda()
    here.add_own_item()
    here.edit_item()
    here.reorder()
    here.sum_up()
    here.release()
    check_files(here, on)
    check_feed(here.subscribe(), on)
    check_backlog(here)
    check_readers(look, here)
    with clock.standing_at(dt.datetime.combine(on, dt.time(10, 5), clock.BERLIN)):
        here.page.context.clear_cookies()
        here.sign_in()
        here.hold()
        here.plan(on + dt.timedelta(days=120))
        here.draft()
        deferred = f"Vertagt in der 17. Sitzung am {text.date(on)}"
        expect(here.proposal("Ankaufsstrategie Flächen")).to_contain_text(deferred)
        expect(here.proposal("Gründerwerkstatt Nord").first).to_contain_text(REASON)


def check_files(here: Journey, on: dt.date) -> None:
    """The PDF and the date, as the page offers them."""
    pdf = here.link("PDF").get_attribute("href") or ""
    content = fetched(here.page, pdf)
    assert content.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(content)) as made:
        assert len(made.pages) >= 1
    ics = here.page.locator("a[href$='sitzung.ics']").first.get_attribute("href") or ""
    [event] = events_of(fetched(here.page, ics))
    assert event.start == dt.datetime.combine(on, dt.time(10), clock.BERLIN)
    assert event["STATUS"] == "CONFIRMED"
    assert "17. Sitzung" in event["SUMMARY"]


def check_feed(address: str, on: dt.date) -> None:
    with httpx2.Client() as nobody:
        answer = nobody.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        meetings = [one for one in events_of(answer.content) if isinstance(one.start, dt.datetime)]
        assert [one.start for one in meetings] == [dt.datetime.combine(on, dt.time(10), clock.BERLIN)]
        assert SECRET not in answer.text
        assert nobody.get(address.replace(".ics", "x.ics")).status_code == 404


def check_backlog(here: Journey) -> None:
    here.go("Themenspeicher")
    expect(here.page.locator("tbody tr", has_text="Gründerwerkstatt Nord")).to_contain_text(REASON)


def check_readers(look: Callable[..., Page], here: Journey) -> None:
    """Voting members read the released agenda, advisors all but what is confidential; nobody reads the reasons."""
    for email, secret in ((MEMBER, True), (ADVISOR, False)):
        page = look_in(look, here.site, email, here.meeting)
        main = page.locator("main")
        expect(main).to_contain_text("Ankaufsstrategie Flächen")
        assert (SECRET in main.inner_text()) is secret
        assert REASON not in main.inner_text()
        assert page.request.get(f"{here.meeting}/vorschlaege").status == 404
        assert page.request.get("/themenspeicher").status in (403, 404)
        edition = page.request.get(f"{here.meeting}?fassung=vollstaendig").status
        assert edition == (200 if secret else 404)
        page.context.close()
