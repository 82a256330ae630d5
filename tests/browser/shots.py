"""Pictures of every page at a desk and on a phone: `python -m tests.browser.shots DIR` (`--help` for more)."""

import argparse
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.db import Database
from app.demo.seats import PERSONAS
from app.migrating import upgrade
from tests.browser.crawl import crawl, is_file
from tests.browser.site import SECRETARY, Site, copy_of, make_demo_file, make_empty_file, serving
from tests.browser.windows import DESK, PHONE, chromium, sign_in, spilled

PER_KIND = 2
OF_OTHERS = re.compile(r"/|/(sitzungen|projekte|gremien)(/\{\})?|/profil|/konten.*|/kalender")
ALL_MEETINGS = "/sitzungen/{}"


def addresses(site: Site, email: str) -> list[str]:
    """Two of every kind for the secretariat, all meetings; for others what differs between roles."""
    taken: dict[str, int] = {}
    found = []
    for one in crawl(site, email):
        kind = one.kind.partition("?")[0]
        most = 9 if kind == ALL_MEETINGS else PER_KIND
        wanted = email == SECRETARY or OF_OTHERS.fullmatch(kind)
        if wanted and one.html and not is_file(one.address) and taken.get(kind, 0) < most:
            taken[kind] = taken.get(kind, 0) + 1
            found.append(one.address)
    return found


def name_of(who: str, address: str) -> str:
    """A file name that tells who sees what."""
    words = re.sub(r"[^0-9a-z]+", "-", address.lower()).strip("-")[:80] or "start"
    return f"{who}-{words}"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: (width, theme) pairs, addresses, personas, and a demo to look at instead of a new one."""

    folder: Path
    looks: Sequence[tuple[int, str]]
    only: re.Pattern[str]
    who: re.Pattern[str]
    demo: Path | None

    def wants(self, who: str) -> bool:
        return self.who.fullmatch(who) is not None

    def sift(self, there: Iterable[str]) -> list[str]:
        return [address for address in there if self.only.search(address)]


def shoot(page: Page, folder: Path, name: str) -> None:
    """The whole page, as long as it is."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def shoot_all(browser: Browser, site: Site, order: Order, who: str, email: str, there: Iterable[str]) -> None:
    """Every wanted address in every wanted look; pages wider than their window are named."""
    addresses = order.sift(there)
    for width, theme in order.looks:
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            forced_colors="active" if theme == "forced" else "none",
            has_touch=width <= PHONE,
            locale="de-DE",
        )
        if email:
            sign_in(context, site, email)
        page = context.new_page()
        page.emulate_media(media="print" if theme == "print" else "screen")
        for address in addresses:
            page.goto(address)
            shoot(page, order.folder, f"{name_of(who, address)}-{width}-{theme}")
            for complaint in spilled(page, width):
                print(f"{width} px {who} {address}: {complaint}")
        context.close()


def shoot_demo(browser: Browser, order: Order, here: Path) -> None:
    """The demo as every wanted persona."""
    if not any(order.wants(persona.key) for persona in PERSONAS):
        return
    with serving(_demo_file(order, here), here / "demo") as site:
        for persona in PERSONAS:
            if order.wants(persona.key):
                there = [*addresses(site, persona.email), "/gibt-es-nicht"]
                shoot_all(browser, site, order, persona.key, persona.email, there)


def _demo_file(order: Order, here: Path) -> Path:
    if order.demo is None:
        return make_demo_file(here / "demo.db")
    file = copy_of(order.demo, here)
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


def main(order: Order) -> None:
    """Make both sites and take their pictures; the folder keeps itself out of commits."""
    order.folder.mkdir(parents=True, exist_ok=True)
    (order.folder / ".gitignore").write_text("*\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        here = Path(place)
        if order.wants("nobody") or order.wants("empty"):
            with serving(make_empty_file(here / "empty.db"), here / "empty") as site:
                if order.wants("nobody"):
                    there = ["/anmelden", "/barrierefreiheit", "/datenschutz", "/impressum"]
                    shoot_all(browser, site, order, "nobody", "", there)
                if order.wants("empty"):
                    shoot_all(browser, site, order, "empty", SECRETARY, addresses(site, SECRETARY))
        shoot_demo(browser, order, here)


def ordered(words: Sequence[str] | None = None) -> Order:
    """What the command line asks for: by default a desk in light and a phone in dark, everything, everybody."""
    reader = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    reader.add_argument("folder", type=Path, help="where the pictures go; never committed")
    reader.add_argument("--widths", help="such as 390,768,1280,1920; each in every theme")
    reader.add_argument("--themes", default="light,dark", help="of light, dark, forced, print (only with --widths)")
    reader.add_argument("--only", default="", help="addresses that match this pattern")
    reader.add_argument("--who", default=".*", help="personas (and nobody, empty) that match this pattern")
    reader.add_argument("--demo", type=Path, help="the database file of a demo that is there already")
    asked = reader.parse_args(words)
    looks = [(DESK, "light"), (PHONE, "dark")]
    if asked.widths:
        looks = [(int(width), theme) for width in asked.widths.split(",") for theme in asked.themes.split(",")]
    return Order(asked.folder, looks, re.compile(asked.only), re.compile(asked.who), asked.demo)


if __name__ == "__main__":
    main(ordered())
