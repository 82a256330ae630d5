"""Keyboard shortcuts: they lead, they never disturb typing, the sheet explains them, and they can be switched off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import SECRETARY, Site
from tests.browser.windows import axe


@pytest.fixture
def page(look: Callable[..., Page], shown_demo: Site) -> Page:
    opened = look(shown_demo, SECRETARY)
    opened.goto("/")
    return opened


def has_focus(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    return found


def test_g_and_a_letter_lead_to_the_places(page: Page) -> None:
    for letter, path in (("p", "/projekte"), ("s", "/sitzungen"), ("k", "/kalender"), ("h", "/hilfe"), ("u", "/")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"**{path}")


def test_letters_in_a_field_are_letters(page: Page) -> None:
    page.goto("/projekte")
    field = page.get_by_role("searchbox")
    field.focus()
    page.keyboard.type("gp/?jke")
    expect(field).to_have_value("gp/?jke")
    expect(page.locator("#tasten")).not_to_be_visible()
    assert page.url.endswith("/projekte")


def test_slash_leads_into_the_search_and_letters_walk_the_list(page: Page) -> None:
    page.goto("/projekte")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.get_by_role("searchbox").blur()
    links = page.locator("tbody th a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/projekte/\d+"))


def test_e_opens_the_form_where_it_is_offered(page: Page) -> None:
    page.goto("/kalender")
    page.keyboard.press("e")
    assert page.url.endswith("/kalender")
    page.goto("/projekte")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/projekte/\d+$"))
    page.keyboard.press("e")
    page.wait_for_url("**/bearbeiten")


def test_ctrl_s_sends_the_form_in_which_somebody_works(page: Page) -> None:
    page.goto("/sitzungen/neu")
    page.get_by_label("Ort").fill("Rotes Rathaus")
    page.keyboard.press("Control+s")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("Ort")).to_have_value("Rotes Rathaus")


def test_the_sheet_opens_explains_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/projekte")
    page.keyboard.press("j")
    before = has_focus(page)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Tastenkürzel")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Projekte")
    page.keyboard.press("g")
    page.keyboard.press("s")
    assert page.url.endswith("/projekte"), "behind the sheet nothing moves"
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    assert has_focus(page) == before


def test_single_characters_can_be_switched_off_and_on_again(page: Page) -> None:
    page.get_by_role("link", name="Tastenkürzel").click()
    page.get_by_role("checkbox", name="Kürzel aus einzelnen").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.keyboard.press("?")
    expect(page.locator("#tasten")).not_to_be_visible()
    page.goto("/profil")
    box = page.locator("main").get_by_role("checkbox", name="Kürzel aus einzelnen")
    expect(box).not_to_be_checked()
    box.check()
    box.blur()
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/projekte")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_is_accessible(look: Callable[..., Page], shown_demo: Site, theme: str) -> None:
    page = look(shown_demo, SECRETARY, theme=theme, bypass_csp=True)
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#tasten")).to_be_visible()
    assert axe(page) == []


def test_without_scripts_the_link_leads_to_the_handbook(look: Callable[..., Page], shown_demo: Site) -> None:
    page = look(shown_demo, SECRETARY, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Tastenkürzel").click()
    page.wait_for_url("**/hilfe/tastatur")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tastatur und Bedienung")
    page.goto("/profil")
    expect(page.locator("main").get_by_role("checkbox", name="Kürzel aus einzelnen")).not_to_be_visible()
