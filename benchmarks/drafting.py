"""Drafting an agenda, and importing a file: how long, how many statements, and how both grow."""

import csv
import io
from collections.abc import Callable, Iterator

from sqlmodel import Session

from app import clock
from app.db import Database
from app.drafting.queries import load_inputs
from app.drafting.rules.draft import draft
from app.drafting.schemas import Draft
from app.history.service import seal
from app.meetings.queries import get_meeting
from app.projects.importing.reading import read_table
from app.projects.importing.rows import check_rows
from app.projects.service.importing import import_projects
from benchmarks.bench import Bench, counted
from benchmarks.measure import Row, paired
from benchmarks.world import Size, World
from tests import factories


def measure_drafting(bench: Bench) -> Iterator[Row]:
    """The whole draft without storing it: 500 projects with 24 statuses beside 100 with 6 (20 times the reports)."""
    small, large = bench.world(Size()), bench.world(Size(projects=500, statuses=24))
    draft_small, draft_large = _drafting(bench.open(small), small), _drafting(bench.open(large), large)
    yield paired(
        "Entwurf, 500 Projekte x 24 Stände",
        draft_large,
        "100 Projekte x 6 Stände",
        draft_small,
        rounds=bench.rounds,
        calls=2,
        target="gleich viele Anweisungen",
        note=f"{_count(bench, large)} statt {_count(bench, small)} Anweisungen, "
        f"{len(draft_large().proposals)} statt {len(draft_small().proposals)} Vorschläge",
    )


def measure_import(bench: Bench) -> Iterator[Row]:
    """Read, check, write and seal 500 rows beside 50; undone each time."""
    database = bench.open(bench.world(Size(projects=1, statuses=1, meetings=0)))
    with counted(database) as count:
        _import(database, _file(500))
        sent = count()
    large, small = _file(500), _file(50)
    yield paired(
        "Import, 500 Zeilen mit Stand",
        lambda: _import(database, large),
        "50 Zeilen",
        lambda: _import(database, small),
        rounds=bench.rounds,
        calls=1,
        target="<= x10 (linear)",
        note=f"{sent} Anweisungen",
    )


def _drafting(database: Database, world: World) -> Callable[[], Draft]:
    def work() -> Draft:
        with database.read() as session:
            return _draft(session, world)

    return work


def _draft(session: Session, world: World) -> Draft:
    meeting = get_meeting(session, factories.operator(), world.draft)
    return draft(load_inputs(session, meeting, clock.today()))


def _count(bench: Bench, world: World) -> int:
    database = bench.open(world)
    with counted(database) as count, database.read() as session:
        _draft(session, world)
        return count()


def _import(database: Database, data: bytes) -> None:
    checked = check_rows(read_table(data), as_of=None, today=clock.today())
    with Session(database.engine) as session:
        import_projects(session, factories.operator(), checked, file_name="messung.csv")
        session.flush()
        seal(session)
        session.rollback()


def _file(count: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        ("Projektnummer", "Titel", "Planperiode", "Handlungsfeld", "Federführung", "Stand", "Ampel", "Phase", "Bericht")
    )
    for place in range(count):
        writer.writerow(
            (
                f"8.{place}",
                f"Eingeführtes Vorhaben {place}",
                "2027–2030",
                f"Feld {place % 5}",
                f"Institution {place % 20} für Beispiele",
                "2026-01-15",
                ("grün", "gelb", "rot")[place % 3],
                "in Umsetzung",
                "Der Aufbau kommt voran.",
            )
        )
    return out.getvalue().encode("utf-8-sig")
