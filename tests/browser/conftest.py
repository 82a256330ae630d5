"""One Chromium per process; the demo made once per process, served to be looked at, and copied to be worked in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import Site, copy_of, make_demo_file, make_empty_file, make_house_file, serving
from tests.browser.windows import chromium, window


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder walks a real browser, by the real clock, on SQLite only."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for mark in (pytest.mark.browser, pytest.mark.once, pytest.mark.slow, pytest.mark.real_clock):
                item.add_marker(mark)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The module's browser; every test opens windows of its own.

    Not of the session: while Playwright is open its event loop runs in this thread, and other tests need their own.
    """
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Path:
    """The demo of today, not to be written in."""
    return make_demo_file(tmp_path_factory.mktemp("demo") / "demo.db")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Path:
    """An installation in which nothing happened yet, not to be written in."""
    return make_empty_file(tmp_path_factory.mktemp("empty") / "empty.db")


@pytest.fixture(scope="session")
def shown_demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo to be looked at; no test changes it."""
    folder = tmp_path_factory.mktemp("shown")
    with serving(copy_of(demo_file, folder), folder) as site:
        yield site


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo to be worked in."""
    with serving(copy_of(demo_file, tmp_path), tmp_path) as site:
        yield site


@pytest.fixture
def house(tmp_path: Path, cheap_passwords: None) -> Iterator[Site]:
    """An installation ready for its first meeting."""
    with serving(make_house_file(tmp_path / "house.db"), tmp_path) as site:
        yield site


@pytest.fixture
def empty(empty_file: Path, tmp_path: Path) -> Iterator[Site]:
    """The empty installation to be worked in."""
    with serving(copy_of(empty_file, tmp_path), tmp_path) as site:
        yield site


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a window: ``look(site, email, width=…, theme=…)``; what it complained about fails the test at its end."""
    with ExitStack() as windows:
        yield lambda site, email="", **options: windows.enter_context(window(browser, site, email, **options))
