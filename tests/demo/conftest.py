"""The demo, made once for all of these tests, as the command makes it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.agenda.models import Proposal
from app.config import Settings
from app.db import Database
from app.demo.running import DemoReport, demo_settings, prepare_demo
from app.meetings.models import Meeting, MeetingState
from tests.conftest import NOW


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, DemoReport]:
    """A demo of 2 March 2026, made where an earlier run was killed, and the report of its making."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "demo.unfinished").write_bytes(b"half a database")
    settings = demo_settings(folder, port=8123)
    with clock.standing_at(NOW):
        return settings, prepare_demo(settings)


@pytest.fixture
def demo(made: tuple[Settings, DemoReport]) -> Iterator[Database]:
    """The demo's database, for reading."""
    database = Database(made[0].database_url)
    yield database
    database.close()


@pytest.fixture
def reading(demo: Database) -> Iterator[Session]:
    """A session that reads the demo."""
    with demo.read() as session:
        yield session


@pytest.fixture
def var(made: tuple[Settings, DemoReport], tmp_path: Path) -> Path:
    """A folder ``var`` with a demo of one's own, to be changed."""
    shutil.copytree(Path(made[0].database_url.removeprefix("sqlite:///")).parent, tmp_path / "var")
    return tmp_path / "var"


def next_meeting(session: Session) -> Meeting:
    """The meeting whose agenda the demo drafts."""
    return session.exec(select(Meeting).where(Meeting.state == MeetingState.DRAFT)).one()


def fired(session: Session) -> set[str]:
    """The rules with a reason that holds in the draft of the next agenda."""
    rows = session.exec(select(Proposal).where(col(Proposal.meeting_id) == next_meeting(session).id))
    return {reason["rule"] for row in rows for reason in json.loads(row.reasons) if not reason["gone"]}
