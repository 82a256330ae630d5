"""The components in a real browser: accessible in both themes, no sideways scrolling, keyboard, the strict CSP."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, sync_playwright

from tests.web.gallery import EXAMPLES, draw_all

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
RUN_AXE = """rules => axe.run(document, {runOnly: rules})
    .then(found => found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | ")))"""

pytestmark = pytest.mark.browser


class _Files(http.server.SimpleHTTPRequestHandler):
    """The drawn pages with the policy that the product sends."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Stays quiet."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    draw_all(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def _open(browser: Browser, url: str, *, width: int = 1280, theme: Any = "light", bypass_csp: bool = False) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=bypass_csp)
    page = context.new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 320)])
def test_pages_are_accessible_in_both_themes(
    chromium: Browser, address: str, name: str, theme: str, width: int
) -> None:
    page = _open(chromium, f"{address}/{name}.html", width=width, theme=theme, bypass_csp=True)
    page.add_script_tag(path=AXE)
    assert page.evaluate(RUN_AXE, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_policy_holds_and_nothing_else_is_fetched(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in EXAMPLES:
        page.goto(f"{address}/{name}.html")
    assert said == []
    assert all(url.startswith(address) for url in asked)
    assert page.evaluate("typeof htmx") == "object"
    page.close()


def test_error_summary_has_the_focus_and_leads_to_the_field(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/form.html")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#f-as_of"
    assert page.evaluate("document.activeElement.id") == "f-as_of"
    page.context.close()


def test_actions_of_a_card_are_one_tab_stop(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/workbench.html")
    first = page.locator("#vorschlag-1 .proposal-actions")
    assert first.get_attribute("role") == "toolbar"
    first.get_by_role("button", name="Übernehmen").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert "Ablehnen" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#vorschlag-2')")
    page.context.close()


def test_alt_and_arrow_press_the_button_that_moves(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/workbench.html")
    page.evaluate("document.addEventListener('submit', e => { e.preventDefault(); window.sent = e.submitter.value; })")
    page.locator("#top-42 a").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate("window.sent") == "up"
    page.evaluate("window.sent = ''")
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("window.sent") == ""
    page.context.close()


def test_htmx_sends_the_token_and_the_focus_stays_on_the_moved_item(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/workbench.html")
    row = page.locator("#top-42").evaluate("row => row.outerHTML")
    tokens: list[str | None] = []

    def answer(route: Route) -> None:
        tokens.append(route.request.headers.get("x-csrf-token"))
        route.fulfill(body=row, content_type="text/html")

    page.route("**/move", answer)
    page.evaluate(
        """() => {
            const form = document.querySelector("#top-42 form");
            form.setAttribute("hx-post", "/move");
            form.setAttribute("hx-target", "#top-42");
            form.setAttribute("hx-swap", "outerHTML");
            htmx.process(form);
            document.addEventListener("htmx:after:swap", () => setTimeout(() => (document.body.dataset.swapped = "")));
        }"""
    )
    page.locator("#top-42 a").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("body[data-swapped]").wait_for()
    assert tokens == ["token-of-the-gallery"]
    assert page.evaluate("document.activeElement.dataset.move") == "up"
    assert page.evaluate("document.activeElement.closest('[data-reorder]').id") == "top-42"
    page.context.close()


def test_unsaved_text_asks_before_leaving(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/form.html")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"{address}/dashboard.html")
    assert asked == []
    page.goto(f"{address}/form.html")
    page.locator("#f-summary").press_sequentially("Der Ankauf stockt.")
    page.goto(f"{address}/dashboard.html")
    assert asked == ["beforeunload"]
    page.context.close()


def test_workbench_shows_one_panel_below_1100_px(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/workbench.html", width=390)
    assert page.locator("#vorschlaege").is_visible()
    assert page.locator("#tagesordnung").is_hidden()
    page.locator(".workbench-switch").get_by_role("link", name="Tagesordnung").click()
    assert page.locator("#vorschlaege").is_hidden()
    assert page.locator("#tagesordnung").is_visible()
    page.goto(f"{address}/workbench.html#top-41")
    assert page.locator("#top-41").is_visible()
    page.context.close()


def test_menu_opens_without_a_mouse_and_closes_with_escape(chromium: Browser, address: str) -> None:
    page = _open(chromium, f"{address}/dashboard.html", width=390)
    assert page.get_by_role("link", name="Projekte", exact=True).count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Projekte", exact=True).is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Projekte", exact=True).count() == 0
    page.context.close()


def test_everything_shows_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/workbench.html")
    page.locator("#vorschlag-1").get_by_text("Ablehnen …").click()
    assert page.locator("#f-reason-1").is_visible()
    context.close()
