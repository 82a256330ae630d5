"""Every page, as everybody: it answers, has a title and one heading, is accessible, and fits the smallest screen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Page, expect

from app.demo.seats import PERSONAS
from app.web import router
from tests.browser.crawl import MOST_PER_KIND, Found, crawl, is_file, kind_of, outline
from tests.browser.site import SECRETARY, Site
from tests.browser.windows import DESK, PHONE, axe, spilled_anywhere, without_focus_ring

UNLINKED = {
    "/antwort/{}": "a link that comes by mail, with a key",
    "/abbestellen/{}": "a link that comes by mail, with a key",
    "/konto/{}": "a link that comes by mail, with a key",
    "/anmelden/zweiter-faktor": "only after the right password",
    "/anmelden/einrichten": "only after the right password, where a second factor is a duty",
    "/anmelden/passkey": "offered where the address has a name and HTTPS",
    "/anmelden/extern/{}": "offered where a provider is configured",
    "/anmelden/extern/{}/zurueck": "where the provider sends people back to",
    "/anmelden/extern/{}/abmelden": "offered after a sign-in over a provider",
    "/profil/sicherheit/app": "after the password was asked",
    "/profil/sicherheit/passkeys/neu": "after the password was asked",
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/kalender/{}.ics": "found by its key alone",
    "/kalender/{}/aufgaben.ics": "found by the same key",
    "/sitzungen/{}/nachtrag": "only while an agenda is released: tests of supplements walk it",
    "/sitzungen/{}/nachtrag.pdf": "the draft of a supplement",
    "/sitzungen/{}/tagesordnung/{}/gaeste": "stands in the item's form; alone only where its forms hold errors",
    "/sitzungen/{}/vorschlaege/zusammenlegen": "a form of chosen proposals leads there",
    "/sitzungen/{}/ergebnisse": "the former address of the minutes",
    "/sitzungen/{}/saal/stand": "a part of the view for the room that it asks for itself",
    "/sitzungen/{}/protokoll/{}/raum": "a part of the minutes that they ask for themselves",
}
"""Addresses to which no link leads in the demo, and why."""

SELDOM = {
    "/postausgang/{}",
    "/postausgang/{}/ansicht",
    "/sitzungen/{}/versand",
    "/projekte/{}/unterlagen/{}",
    "/projekte/{}/unterlagen/{}/bearbeiten",
    "/anmeldungen/{}/unterlagen/{}",
    "/anmeldungen/{}/unterlagen/{}/bearbeiten",
    "/themenspeicher/{}/unterlagen/{}",
    "/themenspeicher/{}/unterlagen/{}/bearbeiten",
    "/anmeldungen/{}/texte",
    "/sitzungen/{}/bearbeiten/texte",
    "/sitzungen/{}/sprechzettel/rahmen/texte",
    "/sitzungen/{}/sprechzettel/{}/texte",
    "/sitzungen/{}/protokoll/texte",
    "/sitzungen/{}/protokoll/{}/beschluss/texte",
    "/sitzungen/{}/protokoll/{}/texte",
    "/sitzungen/{}/vorschlaege/{}/texte",
    "/beschluesse/{}/bearbeiten",
    "/umlaufverfahren/{}/bearbeiten",
    "/sitzungen/{}/niederschrift/nachtraege/{}.pdf",
    "/auskunft/konten/{}/entfernen",
}
"""Few projects and topics have papers, few texts were changed, few decisions were taken over, few procedures are
drafts, few minutes have addenda and few accounts belong to nobody known; whether one is among the visited ones is
chance.
"""

ROLES = {
    "vorsitz": ("/", "/sitzungen/{}", "/sitzungen/{}/vorschlaege"),
    "mitglied": ("/", "/sitzungen/{}", "/projekte/{}"),
    "projektleitung": ("/", "/projekte"),
    "gast": ("/", "/projekte"),
    "admin": ("/", "/konten", "/konten/{}", "/konten/neu"),
}
"""The kinds of page that these see differently from the secretariat, whose every kind is looked at."""

MAILS = ("/postausgang/{}/ansicht", "/postausgang/vorschau/{}/ansicht")
"""Mails as their readers see them: whole documents with their own title, shown in a frame."""

FINAL = "/sitzungen/{}"
"""The one page that looks different in every state of its object: all of them are looked at."""


@pytest.fixture(scope="session")
def walked(shown_demo: Site) -> dict[str, list[Found]]:
    """Everything that every persona reaches by links; the secretariat, who reaches nearly all, more of a kind."""
    return {
        persona.key: list(crawl(shown_demo, persona.email, most=MOST_PER_KIND if persona.email == SECRETARY else 1))
        for persona in PERSONAS
    }


def test_every_link_of_everybody_leads_somewhere(walked: dict[str, list[Found]]) -> None:
    broken = [f"{who}: {one.status} {one.address}" for who, there in walked.items() for one in there if not one.ok]
    assert broken == []
    assert all(len(there) > 15 for there in walked.values())


def test_every_page_route_is_reached_by_links(walked: dict[str, list[Found]]) -> None:
    reached = {one.kind.partition("?")[0] for there in walked.values() for one in there}
    known = {
        re.sub(r"\{\w+(:\w+)?\}", "{}", route.path or "")
        for route in iter_route_contexts(router.routes)
        if "GET" in (route.methods or ())
    }
    assert known - reached - SELDOM == set(UNLINKED)


def test_every_page_has_a_title_one_heading_and_ids_of_its_own(walked: dict[str, list[Found]]) -> None:
    wrong = []
    for who, there in walked.items():
        for one in there:
            said = outline(one.html)
            twice = {name for name in said.ids if said.ids.count(name) > 1}
            good = len(said.h1) == 1 and said.title.endswith(" – SKIP") and said.language == "de" and not twice
            if one.html and one.kind not in MAILS and not good:
                wrong.append(f"{who} {one.address}: {said.title!r} {said.h1} {twice}")
    assert "\n".join(wrong) == ""


def chosen(walked: dict[str, list[Found]]) -> list[tuple[str, str]]:
    """One address of every kind as the secretariat and of those that others see differently: (email, address)."""
    found: dict[tuple[str, str], str] = {}
    for persona in PERSONAS:
        for one in walked[persona.key]:
            wanted = persona.email == SECRETARY or one.kind in ROLES.get(persona.key, ())
            if wanted and one.html and not is_file(one.address):
                again = one.address if persona.email == SECRETARY and one.kind == FINAL else ""
                found.setdefault((persona.email, one.kind.partition("?")[0] + again), one.address)
    return [(email, address) for (email, _), address in found.items()]


@pytest.mark.parametrize(("width", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_every_page_is_accessible(
    look: Callable[..., Page], shown_demo: Site, walked: dict[str, list[Found]], width: int, theme: str
) -> None:
    windows: dict[str, Page] = {}
    wrong = []
    for email, address in chosen(walked):
        if email not in windows:
            windows[email] = look(shown_demo, email, width=width, theme=theme, bypass_csp=True)
        windows[email].goto(address)
        said = complaints_of(windows[email], width, mail=kind_of(address) in MAILS)
        wrong += [f"{email} {address}: {one}" for one in said]
    assert "\n".join(wrong) == ""
    assert len(windows) == len(ROLES) + 1


def test_mails_are_read_like_pages(walked: dict[str, list[Found]]) -> None:
    seen = [outline(one.html) for one in walked["geschaeftsstelle"] if one.kind in MAILS]
    assert len(seen) > MOST_PER_KIND
    for one in seen:
        assert (len(one.h1), one.title.startswith("[Beispieldaten] "), one.language) == (1, True, "de")


def complaints_of(page: Page, width: int, *, mail: bool = False) -> list[str]:
    """What is wrong with the page at this width and at those that belong to it; in a *mail* its program draws rings."""
    ring = [] if mail else without_focus_ring(page)
    return [*axe(page), *ring, *spilled_anywhere(page, width)]


def test_a_file_is_chosen_in_german(look: Callable[..., Page], shown_demo: Site, tmp_path: Path) -> None:
    """The word on the button stands there without scripts; with them the page says which file it is."""
    file = tmp_path / "projekte.csv"
    file.write_text("Nummer;Titel", encoding="utf-8")
    for scripts in (False, True):
        page = look(shown_demo, SECRETARY, java_script_enabled=scripts)
        page.goto("/projekte/import")
        upload = page.locator(".upload")
        expect(upload.get_by_text("Datei wählen")).to_be_visible()
        assert upload.get_by_text("Noch keine Datei gewählt").count() == scripts
        page.get_by_label("Datei", exact=True).set_input_files(file)
        assert upload.get_by_text("projekte.csv").count() == scripts


def test_the_focus_is_seen_in_colours_of_the_reader_and_nothing_breaks_the_content_policy(
    look: Callable[..., Page], shown_demo: Site, walked: dict[str, list[Found]]
) -> None:
    """Forced colours take away backgrounds and shadows; the ring must stay.

    The policy is in force here (axe needs it off): what the window hears of it fails when the window closes.
    """
    page = look(shown_demo, SECRETARY, forced_colors="active")
    wrong = []
    for email, address in chosen(walked):
        if email == SECRETARY and kind_of(address) not in MAILS:
            page.goto(address)
            wrong += [f"{address}: {said}" for said in without_focus_ring(page)]
    assert "\n".join(wrong) == ""
    assert page.evaluate("typeof htmx") == "object"


@pytest.mark.parametrize(("width", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_every_refusal_is_a_page_of_its_own(
    look: Callable[..., Page], shown_demo: Site, width: int, theme: str
) -> None:
    wrong = []
    options: dict[str, Any] = {"width": width, "theme": theme, "bypass_csp": True}
    nobody, member, secretary = (
        look(shown_demo, email, **options) for email in ("", "mitglied@example.org", SECRETARY)
    )
    for page, status, act in (
        (nobody, 200, lambda: nobody.goto("/anmelden")),
        (nobody, 422, lambda: post(nobody, "/anmelden", "/anmelden")),
        (secretary, 404, lambda: secretary.goto("/gibt-es-nicht")),
        (secretary, 404, lambda: secretary.goto("/sitzungen/999999")),
        (member, 403, lambda: member.goto("/projekte/import")),
        (secretary, 403, lambda: post(secretary, "/sitzungen/neu", "/sitzungen", csrf_token="wrong")),
        (secretary, 422, lambda: post(secretary, "/sitzungen/neu", "/sitzungen")),
        (secretary, 422, lambda: post(secretary, "/projekte/1/status/neu", "/projekte/1/status/neu", light="blue")),
        (secretary, 422, lambda: post(secretary, "/projekte/neu", "/projekte/neu")),
        (secretary, 422, lambda: post(secretary, "/kalender", "/kalender", body="999")),
        (secretary, 422, lambda: post(secretary, "/profil/sicherheit", "/profil/sicherheit/kennwort")),
    ):
        answer = act()
        assert answer is not None
        assert answer.status == status, f"{page.url}: {answer.status}"
        assert page.locator("h1").count() == 1
        wrong += [f"{page.url} {status}: {said}" for said in complaints_of(page, width)]
    assert "\n".join(wrong) == ""


def post(page: Page, start: str, action: str, **values: str) -> Any:
    """Submit a form to *action* as a script-less window would, with the page's own token unless one is given."""
    page.goto(start)
    script = """([action, values]) => {
        const form = document.createElement("form");
        const token = document.querySelector('meta[name="csrf-token"]').content;
        form.method = "post";
        form.action = action;
        for (const [name, value] of Object.entries({csrf_token: token, ...values})) {
            const field = Object.assign(document.createElement("input"), {type: "hidden", name, value});
            form.append(field);
        }
        document.body.append(form);
        form.submit();
    }"""
    with page.expect_navigation() as arrival:
        page.evaluate(script, [action, values])
    return arrival.value
