"""A running server with meetings in every season, and the steps of their lives."""

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app import clock
from app.access.queries import actor_of
from app.agenda.models import ItemKind, SectionKey
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.closing import close_agenda
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.clock import BERLIN
from app.db import Database, ident
from app.meetings import service as meetings
from app.meetings.models import Meeting
from app.meetings.schemas import CancelIn, MoveIn
from app.migrating import upgrade
from app.people import service as people
from tests import factories
from tests.factories import operator

PATIENCE_SECONDS = 60
YEAR = clock.today().year + 1
HOUR = dt.timedelta(hours=1)
ELSEWHERE = {"TZ": "America/New_York", "LANG": "C.UTF-8"}
"""The clock of the machine on which the programs run, far from Berlin: who falls back to it is found out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a program shows of one meeting; moments in UTC, ``status`` in capitals or empty where it shows none."""

    starts: dt.datetime
    ends: dt.datetime
    summary: str
    status: str = ""


class House:
    """A body with a member, whose feed the programs read, and meetings by name."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "SKIP_DATABASE_URL": f"sqlite:///{folder / 'skip.db'}",
            "SKIP_STORAGE": str(folder / "files"),
            "SKIP_SECRET_KEY": "a secret for trying programs, of no other use",
            "SKIP_BASE_URL": self.base_url,
        }
        self.database = Database(self.settings["SKIP_DATABASE_URL"])
        upgrade(self.database)
        starts = _starts()
        with clock.standing_at(clock.now() - dt.timedelta(days=60)), self.database.write() as session:
            body = factories.make_body(session, "SKIP")
            account = factories.make_seated(session, body)
            self.ids = {}
            for number, (name, start) in enumerate(starts.items(), 1):
                meeting = factories.make_meeting(session, body, start.date(), number=number, place="Säulensaal; 1. OG")
                meeting.starts_at, meeting.ends_at = start, start.astimezone(dt.UTC) + 2 * HOUR
                meetings.announce_meeting(session, operator(), meeting)
                self.ids[name] = ident(meeting)
            own = {"person_id": account.person_id, "title": "Flächenkarte vorlegen"}
            factories.make_action(session, body, due_on=dt.date(YEAR, 7, 1), **own)
            key = people.create_feed_token(session, actor_of(session, account), body_id=None, label="Programme")
        self.feed = f"{self.base_url}/kalender/{key}.ics"
        self.tasks = f"{self.base_url}/kalender/{key}/aufgaben.ics"

    def move(self) -> None:
        """The meeting in summer moves into the winter, by a day and to another hour."""
        with self.database.write() as session:
            start = dt.datetime(YEAR, 11, 16, 14, tzinfo=BERLIN)
            wish = MoveIn(starts_at=start, ends_at=start + HOUR, place="Rathaus Schöneberg")
            meetings.move_meeting(session, operator(), self._meeting(session, "summer"), wish)

    def cancel(self) -> None:
        """The meeting in winter is cancelled."""
        with self.database.write() as session:
            meetings.cancel_meeting(session, operator(), self._meeting(session, "winter"), CancelIn(reason="Geheim"))

    def hold(self) -> None:
        """The meeting of last week is released, opened and closed."""
        for act in (
            lambda session, meeting: add_item(session, operator(), meeting, REPORT),
            lambda session, meeting: release_agenda(session, operator(), meeting, RELEASED),
            lambda session, meeting: meetings.start_meeting(session, operator(), meeting),
            lambda session, meeting: close_agenda(session, operator(), meeting),
        ):
            with self.database.write() as session:
                act(session, self._meeting(session, "held"))

    def expected(self) -> dict[str, Shown]:
        """What every program has to show now, by UID."""
        shown = {}
        with self.database.read() as session:
            for meeting_id in self.ids.values():
                one = session.get_one(Meeting, meeting_id)
                title, status = f"SKIP: {one.number}. Sitzung", "TENTATIVE"
                if one.state.value == "cancelled":
                    title, status = f"ABGESAGT: {title}", "CANCELLED"
                elif one.state.value == "held":
                    status = "CONFIRMED"
                else:
                    title = f"{title} (Terminvormerkung)"
                starts, ends = (moment.astimezone(dt.UTC) for moment in (one.starts_at, one.ends_at))
                shown[one.uid] = Shown(starts, ends, title, status)
        return shown

    def _meeting(self, session, name: str) -> Meeting:
        return session.get_one(Meeting, self.ids[name])

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The server as a process of its own."""
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port)]
        process = subprocess.Popen(command, env={**os.environ, **self.settings}, stdin=subprocess.DEVNULL)
        try:
            wait_for(self.port)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            self.database.close()


REPORT = ItemIn(title="Bericht", section=SectionKey.MISCELLANEOUS, kind=ItemKind.REPORT)
RELEASED = ReleaseIn(
    approved_by="Vorsitz", approved_on=clock.today(), approved_how="mündlich", late_reason="Probe der Programme"
)


def _starts() -> dict[str, dt.datetime]:
    """Summer, winter, both nights on which the clock changes, and one that will be held."""
    zone = zoneinfo.ZoneInfo("Europe/Berlin")
    return {
        "summer": dt.datetime(YEAR, 7, 6, 10, tzinfo=zone),
        "winter": dt.datetime(YEAR, 1, 12, 10, tzinfo=zone),
        "spring": dt.datetime.combine(_last_sunday(3), dt.time(1, 30), zone),
        "autumn": dt.datetime.combine(_last_sunday(10), dt.time(2, 30, fold=1), zone),
        "held": dt.datetime.combine(clock.today() - dt.timedelta(days=7), dt.time(9, 30), zone),
    }


def _last_sunday(month: int) -> dt.date:
    last = dt.date(YEAR, month, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def wait_for(port: int) -> None:
    """Until somebody listens on the port."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("nobody answers on the port")


def run(command: list[str], *, env: dict[str, str], typed: str = "") -> str:
    """The output of a command on a machine far from Berlin; RuntimeError with what it complained about."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    done = subprocess.run(
        command,
        env={**os.environ, **ELSEWHERE, **env},
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * 2,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-1500:]}")
    return done.stdout


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
