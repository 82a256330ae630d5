"""Chromium as the tests use it, and what is asked of every page: no complaints, nothing from elsewhere, axe, width."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import PATIENCE_SECONDS, Site

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE, SMALLEST = 1280, 390, 320
"""Widths in CSS pixels: a desk, a phone, and 1280 at 400 percent zoom (WCAG 1.4.10)."""
WIDTHS = {DESK: (DESK,), PHONE: (SMALLEST, PHONE)}
"""What a page opened at a desk or on a phone must fit."""

_RUN_AXE = """standards => axe.run(document, {runOnly: standards})
    .then(found => found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | ")))"""
_SPILLED = """width => document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > width + 0.5)
        .map(one => one.tagName + "." + one.className + ": " + one.textContent.trim().slice(0, 60))
        .slice(0, 8).concat("the page is " + document.documentElement.scrollWidth + " px wide")"""
_FOCUSABLE = """() => {
    const found = [];
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    for (const one of document.querySelectorAll(wanted)) {
        if (one.disabled || !one.checkVisibility()) continue;
        one.focus({focusVisible: true, preventScroll: true});
        if (document.activeElement !== one) continue;
        const {outlineStyle, outlineWidth} = getComputedStyle(one);
        if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) found.push(one.outerHTML.slice(0, 120));
    }
    document.activeElement.blur();
    return found;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser, site: Site, email: str = "", *, width: int = DESK, theme: Any = "light", **options: Any
) -> Iterator[Page]:
    """A window of its own, signed in as *email*; what the page complains about fails when the window closes."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": width, "height": 900}, color_scheme=theme, locale="de-DE", **options
    )
    if email:
        sign_in(context, site, email)
    with watched(context, site) as complaints:
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield context.new_page()
    context.close()
    if complaints:
        raise AssertionError("\n".join(complaints))


def sign_in(context: BrowserContext, site: Site, email: str) -> None:
    """Sign in without the form, which has a test of its own."""
    context.clear_cookies()
    context.add_cookies([site.cookie(email)])  # type: ignore[list-item]


@contextmanager
def watched(context: BrowserContext, site: Site) -> Iterator[list[str]]:
    """What goes wrong without being seen: console errors, the content policy, scripts that fail, foreign hosts."""
    complaints: list[str] = []

    def hear(message: Any) -> None:
        # Chromium reports every answer of 4xx as a console error; the answers are asserted where they are asked for.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def see(request: Any) -> None:
        if not request.url.startswith((site.address, "data:", "blob:", "about:")):
            complaints.append(f"asked elsewhere: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", see)
    yield complaints


def axe(page: Page) -> list[str]:
    """What axe finds; the context needs ``bypass_csp``."""
    page.add_script_tag(path=AXE)
    found: list[str] = page.evaluate(_RUN_AXE, STANDARDS)
    return found


def spilled(page: Page, width: int) -> list[str]:
    """What makes the page wider than *width*; the window stays that wide."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(_SPILLED, width)
    return found


def spilled_anywhere(page: Page, width: int) -> list[str]:
    """What is too wide at any of the widths that belong to *width*; the window is as wide as before at the end."""
    found = [f"{one} px: {said}" for one in WIDTHS[width] for said in spilled(page, one)]
    page.set_viewport_size({"width": width, "height": 900})
    return found


def without_focus_ring(page: Page) -> list[str]:
    """What can be reached by keyboard without being seen."""
    found: list[str] = page.evaluate(_FOCUSABLE)
    return found
