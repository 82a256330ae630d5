"""Fixtures of all tests: a migrated database per process, an outer transaction per test, clients, a standing clock."""

import datetime as dt
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from sqlmodel import Session

from app import clock
from app.config import Settings
from app.db import Database, commit
from app.main import create_app, furnish
from app.migrating import upgrade
from app.people import rules as people_rules
from app.storage import Folder
from tests.browser_client import Browser
from tests.postgres import fresh_database

hypothesis_settings.register_profile("skip", derandomize=True, deadline=None)
hypothesis_settings.load_profile("skip")

SECRET = "a-key-for-tests-that-is-long-enough"
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=clock.BERLIN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database runs once; what takes long comes first, so that two processes end together."""
    for item in items:
        if "server_url" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.once)
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, item.get_closest_marker("slow") is None))


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


class BoundDatabase(Database):
    """A database whose sessions join one connection's outer transaction, so that a test leaves nothing behind."""

    def __init__(self, connection: sa.Connection, *, is_sqlite: bool) -> None:
        self.connection = connection
        self.is_sqlite = is_sqlite
        self.url = str(connection.engine.url)

    @property
    def engine(self) -> sa.Engine:
        return self.connection.engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(
            self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False, autoflush=False
        ) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
            commit(session)

    def close(self) -> None:
        """The connection belongs to the test."""


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hashing with the least effort; the real parameters are tested once."""
    people_rules.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def server_url() -> str | None:
    """The PostgreSQL server to test on (TEST_DATABASE_URL), None for SQLite."""
    return os.environ.get("TEST_DATABASE_URL")


@pytest.fixture(scope="session")
def migrated_url(server_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database made once per process by the real migrations."""
    file = f"sqlite:///{tmp_path_factory.mktemp('db') / 'skip.db'}"
    with fresh_database(server_url) if server_url else nullcontext(file) as url:
        database = Database(url)
        upgrade(database)
        if database.is_sqlite:
            with database.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            _number_tables_apart(database)
        database.close()
        yield url


def _number_tables_apart(database: Database) -> None:
    """No table counts from 1 and no two alike, so that a test that guesses an id or takes a wrong one fails at once."""
    with database.engine.begin() as connection:
        names = sa.inspect(connection).get_sequence_names()
        for place, name in enumerate(sorted(names), start=1):
            connection.execute(sa.text(f'ALTER SEQUENCE "{name}" RESTART WITH {place * 100_000 + 7}'))


@pytest.fixture(scope="session")
def shared(migrated_url: str) -> Iterator[Database]:
    """The engines of the migrated database."""
    database = Database(migrated_url)
    yield database
    database.close()


@pytest.fixture
def database(shared: Database) -> Iterator[Database]:
    """A database in which everything is undone after the test."""
    with shared.engine.connect() as connection:
        outer = connection.begin()
        yield BoundDatabase(connection, is_sqlite=shared.is_sqlite)
        outer.rollback()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A write session; it is committed into the outer transaction by ``commit(session)`` only."""
    with database.write() as opened:
        yield opened


@pytest.fixture(scope="session")
def pattern(server_url: str | None, migrated_url: str) -> Iterator[str]:
    """What a test's own database is a copy of: the file on SQLite, else a migrated database that nobody opens."""
    if server_url is None:
        yield migrated_url.removeprefix("sqlite:///")
        return
    with fresh_database(server_url) as url:
        database = Database(url)
        upgrade(database)
        database.close()
        yield str(sa.make_url(url).database)


@pytest.fixture
def own_database(server_url: str | None, pattern: str, tmp_path: Path) -> Iterator[Database]:
    """A real database of the test's own, with engines, locks and commits as in life."""
    with _own_address(server_url, pattern, tmp_path) as url:
        database = Database(url)
        yield database
        database.close()


@contextmanager
def _own_address(server_url: str | None, pattern: str, folder: Path) -> Iterator[str]:
    if server_url is None:
        shutil.copy(pattern, folder / "own.db")
        yield f"sqlite:///{folder / 'own.db'}"
        return
    with fresh_database(server_url, like=pattern) as url:
        yield url


@pytest.fixture(autouse=True)
def standing_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands at NOW (2 March 2026, 9:00 in Berlin); ``@pytest.mark.real_clock`` lets it run."""
    if request.node.get_closest_marker("real_clock"):
        yield
        return
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a test installation."""
    return Settings(
        secret_key=SECRET,
        storage=str(tmp_path / "files"),
        base_url="http://testserver",
    )


@pytest.fixture(scope="session")
def assembled(shared: Database, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """One application per process: the framework needs a third of a second to work out its routes."""
    return create_app(Settings(secret_key=SECRET), database=shared, storage=Folder(tmp_path_factory.mktemp("files")))


@pytest.fixture
def application(assembled: FastAPI, settings: Settings, database: Database) -> FastAPI:
    """The application on the test's database."""
    furnish(assembled, settings, database, Folder(settings.storage))
    return assembled


@pytest.fixture
def browse(application: FastAPI, database: Database) -> Iterator[Callable[..., Browser]]:
    """Open a browser: ``browse()`` is nobody, ``browse(account)`` is signed in."""
    opened: list[Browser] = []

    def open_browser(account: object = None) -> Browser:
        browser = Browser(application, database, account)
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.close()
