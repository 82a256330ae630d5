"""What every case is given: databases of its own, a folder, and how often to measure."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.db import Database
from benchmarks.measure import Row
from benchmarks.world import Size, World, build
from tests import postgres
from tests.queries import recorded_queries


@dataclass(frozen=True)
class Bench:
    """The conditions of a run. ``server`` is the address of a PostgreSQL server, "" for SQLite."""

    folder: Path
    rounds: int
    server: str
    stack: ExitStack

    def empty(self) -> str:
        """The address of a new, empty database."""
        if self.server:
            return self.stack.enter_context(postgres.fresh_database(self.server))
        return f"sqlite:///{self.folder / secrets.token_hex(4)}.db"

    def world(self, size: Size) -> World:
        """A new database with data in it."""
        return build(self.empty(), size)

    def open(self, world: World) -> Database:
        """The engines of a world, closed at the end of the run."""
        database = Database(world.url)
        self.stack.callback(database.close)
        return database


Case = Callable[[Bench], Iterator[Row]]


@contextmanager
def counted(database: Database) -> Iterator[Callable[[], int]]:
    """How many statements reach the database for reading meanwhile."""
    engines: list[sa.Engine] = [database.engine]
    with database.read() as session:
        bound = session.get_bind()
        engines += [bound] if isinstance(bound, sa.Engine) and bound is not database.engine else []
    with ExitStack() as stack:
        lists = [stack.enter_context(recorded_queries(engine)) for engine in engines]
        yield lambda: sum(len([one for one in found if not one.startswith("BEGIN")]) for found in lists)
