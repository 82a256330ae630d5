"""Three ways to work a page: the mouse with scripts, the mouse without them, and the keyboard alone."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
_HAS_FOCUS = "one => one === document.activeElement"
_BESIDE_IN_TOOLBAR = """one => one.tabIndex < 0 &&
    !!one.closest("[role=toolbar]")?.contains(document.activeElement)"""
_IN_ITS_GROUP = "one => document.activeElement.type === 'radio' && document.activeElement.name === one.name"
_RING = "one => parseFloat(getComputedStyle(one).outlineWidth) * (getComputedStyle(one).outlineStyle !== 'none')"


@dataclass(frozen=True, slots=True)
class Mouse:
    """Points and clicks; what it does works with and without scripts."""

    page: Page

    def press(self, target: Locator) -> None:
        """A link, a button, or what opens and closes."""
        target.click()

    def write(self, target: Locator, words: str) -> None:
        """Replace what a field holds."""
        target.fill(words)

    def date(self, target: Locator, day: dt.date) -> None:
        """A date field."""
        target.fill(day.isoformat())

    def time(self, target: Locator, clock_time: str) -> None:
        """A time field, ``10:00``."""
        target.fill(clock_time)

    def choose(self, target: Locator, label: str) -> None:
        """One of a list."""
        target.select_option(label=label)

    def tick(self, target: Locator) -> None:
        """A radio button or a box."""
        target.check()

    def upload(self, target: Locator, file: Path) -> None:
        """A file; the dialog of the operating system is not ours."""
        target.set_input_files(file)

    def move_up(self, row: Locator) -> None:
        """An agenda item one place up."""
        row.get_by_role("button", name="nach oben").click()


@dataclass(frozen=True, slots=True)
class Keyboard(Mouse):
    """Tab, Enter, space, arrows and letters; whatever has the focus must show it."""

    def reach(self, target: Locator) -> None:
        """Walk to *target* as the page lets one walk."""
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate(_HAS_FOCUS):
                assert target.evaluate(_RING) >= 2, f"the focus on {target} cannot be seen"
                return
            self.page.keyboard.press("ArrowRight" if target.evaluate(_BESIDE_IN_TOOLBAR) else "Tab")
        raise AssertionError(f"{target} cannot be reached by keyboard")

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, words: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(words)

    def date(self, target: Locator, day: dt.date) -> None:
        """Digits alone: whether the day or the month comes first is the browser's language, not ours."""
        for digits in (f"{day:%d%m%Y}", f"{day:%m%d%Y}"):
            self.reach(target)
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(digits)
            if target.input_value() == day.isoformat():
                return
        raise AssertionError(f"{day} cannot be typed into {target}")

    def time(self, target: Locator, clock_time: str) -> None:
        """Digits, and which half of the day where the browser's language asks for it."""
        self.reach(target)
        at = dt.time.fromisoformat(clock_time)
        self.page.keyboard.type(f"{at:%H%M}")
        if not target.input_value():
            self.page.keyboard.type(f"{at:%p}")
        assert target.input_value() == clock_time

    def choose(self, target: Locator, label: str) -> None:
        self.reach(target)
        self.page.keyboard.type(label)
        assert target.evaluate("one => one.selectedOptions[0].label") == label

    def tick(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate(_IN_ITS_GROUP) or target.evaluate(_HAS_FOCUS):
                break
            self.page.keyboard.press("Tab")
        for _ in range(10):
            if target.is_checked():
                return
            radio = target.get_attribute("type") == "radio"
            self.page.keyboard.press("ArrowDown" if radio else "Space")
        raise AssertionError(f"{target} cannot be ticked by keyboard")

    def move_up(self, row: Locator) -> None:
        self.reach(row.get_by_role("link").first)
        self.page.keyboard.press("Alt+ArrowUp")
