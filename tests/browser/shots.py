"""Pictures of every page at a desk and on a phone: `python -m tests.browser.shots DIR`."""

import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.demo.seats import PERSONAS
from tests.browser.crawl import crawl, is_file
from tests.browser.site import SECRETARY, Site, make_demo_file, make_empty_file, serving
from tests.browser.windows import DESK, PHONE, chromium, sign_in

PER_KIND = 2
OF_OTHERS = re.compile(r"/|/(sitzungen|projekte|gremien)(/\{\})?|/profil|/konten.*|/kalender")
ALL_MEETINGS = "/sitzungen/{}"


def addresses(site: Site, email: str) -> list[str]:
    """Two of every kind for the secretariat, all meetings; for others what differs between roles."""
    taken: dict[str, int] = {}
    found = []
    for one in crawl(site, email):
        most = 9 if one.kind == ALL_MEETINGS else PER_KIND
        wanted = email == SECRETARY or OF_OTHERS.fullmatch(one.kind)
        if wanted and one.html and not is_file(one.address) and taken.get(one.kind, 0) < most:
            taken[one.kind] = taken.get(one.kind, 0) + 1
            found.append(one.address)
    return found


def name_of(who: str, address: str) -> str:
    """A file name that tells who sees what."""
    words = re.sub(r"[^0-9a-z]+", "-", address.lower()).strip("-")[:80] or "start"
    return f"{who}-{words}"


def shoot(page: Page, folder: Path, name: str) -> None:
    """The whole page, as long as it is."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def shoot_all(browser: Browser, site: Site, folder: Path, who: str, email: str, there: Iterable[str]) -> None:
    """Every address at both widths, the phone in the dark theme."""
    for width, theme, mark in ((DESK, "light", "desk"), (PHONE, "dark", "phone")):
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=width == PHONE,
        )
        if email:
            sign_in(context, site, email)
        page = context.new_page()
        for address in there:
            page.goto(address)
            shoot(page, folder, f"{name_of(who, address)}-{mark}")
        context.close()


def main(folder: Path) -> None:
    """Make both sites and take their pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        here = Path(place)
        with serving(make_empty_file(here / "empty.db"), here / "empty") as site:
            shoot_all(browser, site, folder, "nobody", "", ["/anmelden", "/barrierefreiheit"])
            shoot_all(browser, site, folder, "empty", SECRETARY, addresses(site, SECRETARY))
        with serving(make_demo_file(here / "demo.db"), here / "demo") as site:
            for persona in PERSONAS:
                there = [*addresses(site, persona.email), "/gibt-es-nicht"]
                shoot_all(browser, site, folder, persona.key, persona.email, there)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tests.browser.shots DIR")
    main(Path(sys.argv[1]))
