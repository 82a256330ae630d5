"""Writing with eight clients at once, what sealing the history costs, and checking its chain."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session

from app.agenda.models import SectionKey
from app.agenda.queries import get_item
from app.agenda.schemas.wishes import ItemChange, ItemIn
from app.agenda.service.items import add_item, change_item
from app.db import Database, commit, ident
from app.history.queries import verify_chain
from app.history.service import record
from app.meetings.queries import lock_meeting
from benchmarks.bench import Bench
from benchmarks.measure import Row, clocked, paired
from benchmarks.servers import Client, bearer, skip_server
from benchmarks.world import Size, World
from tests import factories

CLIENTS = 8
WRITES = 25
ENTRIES = 50
CHAIN = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """An item that one client keeps changing."""

    meeting_id: int
    item_id: int


def measure_writing(bench: Bench) -> Iterator[Row]:
    """A small change of an item with its history, eight clients at once, each at a meeting of its own."""
    world = bench.world(Size(meetings=0))
    database = bench.open(world)
    targets = _targets(database)
    yield _with_and_without_lock(bench, database, targets)
    yield from _over_http(bench, world, targets)


def measure_history(bench: Bench) -> Iterator[Row]:
    """What an entry adds to its change, and walking a chain of 10,000 entries."""
    world = bench.world(Size(projects=5, statuses=1, meetings=0, entries=CHAIN))
    database = bench.open(world)
    yield paired(
        f"Verlauf prüfen, {CHAIN} Einträge",
        lambda: _verify(database),
        "bloßes Lesen derselben Zeilen",
        lambda: _read_all(database),
        rounds=bench.rounds,
        calls=1,
    )
    row = paired(
        f"Siegeln, {ENTRIES} Einträge in einer Transaktion",
        lambda: _write(database, ENTRIES),
        "ein Eintrag",
        lambda: _write(database, 1),
        rounds=bench.rounds,
        calls=4,
    )
    each = (row.p50 - sorted(row.yardstick_samples)[len(row.yardstick_samples) // 2]) / (ENTRIES - 1)
    yield Row(row.name, row.samples, row.yardstick, row.ratios, note=f"{each:.2f} ms je weiterem Eintrag")


def _with_and_without_lock(bench: Bench, database: Database, targets: list[Target]) -> Row:
    ours: list[float] = []
    bare: list[float] = []
    ratios = []
    for number in range(bench.rounds):
        mine = _together([_changing(database.write, target, number) for target in targets])
        theirs = _together([_changing(lambda: _unlocked(database), target, number) for target in targets])
        ratios.append(_p95(mine) / _p95(theirs))
        ours += mine
        bare += theirs
    return Row(
        "Schreiben, 8 Fäden, eine Änderung mit Verlauf (Verhältnis der p95)",
        ours,
        "nur BEGIN IMMEDIATE" if database.is_sqlite else "dasselbe",
        ratios,
        note=f"ohne Sperre p95 {_p95(bare):.0f} ms",
        yardstick_samples=bare,
    )


def _over_http(bench: Bench, world: World, targets: list[Target]) -> Iterator[Row]:
    with skip_server(world.url, bench.folder) as site:
        ports = [Client(site.port) for _ in targets]
        _together([_patching(client, world, target, 1) for client, target in zip(ports, targets, strict=True)])
        samples: list[float] = []
        for _ in range(bench.rounds):
            samples += _together(
                [_patching(client, world, target, WRITES) for client, target in zip(ports, targets, strict=True)]
            )
        yield Row("Schreiben, 8 Clients über HTTP (PATCH, If-Match, Verlauf)", samples, target="p95 <= 60 ms")


def _targets(database: Database) -> list[Target]:
    found = []
    with database.write() as session:
        body = factories.make_body(session, "SCHREIBEN")
        for _ in range(CLIENTS):
            meeting = factories.make_meeting(session, body)
            wish = ItemIn(title="Punkt", section=SectionKey.DEBATE)
            item = add_item(session, factories.operator(), meeting, wish)
            session.flush()
            found.append(Target(ident(meeting), ident(item)))
    return found


@contextmanager
def _unlocked(database: Database) -> Iterator[Session]:
    """A write session that relies on the database's own waiting."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session
        commit(session)


def _changing(opened: Callable[..., object], target: Target, number: int) -> Callable[[], list[float]]:
    def once(place: int) -> None:
        with opened() as session:  # type: ignore[attr-defined]
            actor = factories.operator()
            meeting = lock_meeting(session, actor, target.meeting_id)
            item = get_item(session, actor, target.meeting_id, target.item_id)
            change = ItemChange(title=f"Punkt {number}-{place}-{threading.get_ident()}")
            change_item(session, actor, meeting, item, change, base_version=item.version)

    return lambda: [clocked(lambda place=place: once(place)) for place in range(WRITES)]  # type: ignore[misc]


def _patching(client: Client, world: World, target: Target, count: int) -> Callable[[], list[float]]:
    path = f"/api/v1/meetings/{target.meeting_id}/agenda-items/{target.item_id}"
    headers = {**bearer(world.token), "Content-Type": "application/json"}

    def run() -> list[float]:
        tag = client.ask(path, headers=headers)[1]["etag"]
        took = []
        for place in range(count):
            body = json.dumps({"title": f"Punkt {place} {tag}"})

            def patch(body: str = body) -> None:
                nonlocal tag
                tag = client.ask(path, method="PATCH", body=body, headers={**headers, "If-Match": tag})[1]["etag"]

            took.append(clocked(patch))
        return took

    return run


def _together(works: list[Callable[[], list[float]]]) -> list[float]:
    """Run all at the same moment in threads; RuntimeError if one of them failed."""
    start = threading.Barrier(len(works))
    found: list[list[float]] = []
    failed: list[BaseException] = []

    def run(work: Callable[[], list[float]]) -> None:
        start.wait()
        try:
            found.append(work())
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError("a writer failed") from failed[0]
    return [sample for samples in found for sample in samples]


def _p95(samples: list[float]) -> float:
    return Row("", samples).p95


def _verify(database: Database) -> None:
    with database.read() as session:
        if verify_chain(session).broken_at is not None:
            raise RuntimeError("the chain is broken")


def _read_all(database: Database) -> None:
    with database.read() as session:
        session.connection().exec_driver_sql(
            "SELECT * FROM history_entry JOIN history_detail ON entry_id = id ORDER BY id"
        ).all()


def _write(database: Database, entries: int) -> None:
    with database.write() as session:
        body = factories.load_body(session, 1)
        for place in range(entries):
            record(session, factories.operator(), "body.rules", body, after={"place": place}, label="Messung")
