"""The demo can be made on any day, and its rules fire on all of them."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from app import clock
from app.config import Settings
from app.db import Database
from app.demo.days import at
from app.demo.making import make_demo
from app.drafting.rules.table import TABLE
from app.history.queries import verify_chain
from app.migrating import upgrade
from tests.conftest import SECRET
from tests.demo.conftest import fired

pytestmark = [pytest.mark.once, pytest.mark.slow]
AWKWARD = [
    dt.date(2027, 1, 1),
    dt.date(2028, 2, 29),
    dt.date(2026, 3, 29),
    dt.date(2026, 10, 25),
    dt.date(2026, 12, 24),
    dt.date(2026, 5, 31),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "skip.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.mark.parametrize("today", AWKWARD, ids=str)
def test_the_demo_can_be_made(today: dt.date, empty: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(empty, tmp_path / "demo.db"))
    database = Database(f"sqlite:///{path}")
    with clock.standing_at(at(today, 8)):
        make_demo(database, Settings(secret_key=SECRET), today=today)
        with database.read() as session:
            assert fired(session) == {row.rule.value for row in TABLE}
            assert verify_chain(session).broken_at is None
    database.close()
