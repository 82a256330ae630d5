"""The world in a database of its own, built once per process, and a client for every role."""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from fastapi import FastAPI

from app import clock
from app.config import Settings
from app.db import Database
from app.main import create_app
from app.migrating import upgrade
from app.request import SESSION_COOKIE
from app.search.service import rebuild
from app.storage import Folder
from tests.conftest import NOW
from tests.postgres import fresh_database
from tests.visibility.routes import Route, all_routes
from tests.visibility.visitor import House, Visitor
from tests.visibility.world import World, build_world


@pytest.fixture(scope="session")
def world_database(
    server_url: str | None, migrated_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database that only the tests of visibility use."""
    file = tmp_path_factory.mktemp("world") / "world.db"
    with fresh_database(server_url) if server_url else nullcontext(f"sqlite:///{file}") as url:
        if server_url is None:
            shutil.copy(migrated_url.removeprefix("sqlite:///"), file)
        database = Database(url)
        if server_url is not None:
            upgrade(database)
        yield database
        database.close()


@pytest.fixture(scope="session")
def world(world_database: Database, world_settings: Settings, cheap_passwords: None) -> World:
    """What was put into the database and the folder of files, and into the index of the search."""
    with clock.standing_at(NOW):
        built = build_world(world_database, Folder(world_settings.storage))
        rebuild(world_database)
        return built


@pytest.fixture(scope="session")
def world_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the world's installation."""
    return Settings(
        secret_key="a-key-for-tests-that-is-long-enough",
        storage=str(tmp_path_factory.mktemp("world-files")),
        base_url="http://testserver",
    )


@pytest.fixture(scope="session")
def world_application(world_database: Database, world: World, world_settings: Settings) -> FastAPI:
    """The application on the world's database."""
    return create_app(world_settings, database=world_database, storage=Folder(world_settings.storage))


@pytest.fixture(scope="session")
def house(world_application: FastAPI) -> Iterator[House]:
    """The application, ready to be asked."""
    opened = House(world_application)
    gc.collect()
    gc.freeze()  # else every collection looks at the whole application again
    yield opened
    gc.unfreeze()
    opened.close()


@pytest.fixture
def visit(house: House, world: World) -> Callable[[str], Visitor]:
    """``visit(role)``: a signed-in browser, one with the cookie of a deactivated account, or nobody's."""
    return lambda role: visitor_of(house, world, role)


@pytest.fixture(scope="session")
def readable_routes(world_application: FastAPI) -> list[Route]:
    """Everything that can be read by who is signed in."""
    return [route for route in all_routes(world_application) if route.method == "GET" and not route.is_public]


def visitor_of(house: House, world: World, role: str) -> Visitor:
    """The browser of a role."""
    return Visitor(house, {SESSION_COOKIE: world.cookies[role]} if role in world.cookies else {})
