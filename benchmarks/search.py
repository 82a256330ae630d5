"""Searching 100,000 texts: rare and common words, for who reads all and who reads little, beside a small archive."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from itertools import islice

import sqlalchemy as sa

from app import clock
from app.actions.models import Action
from app.actor import Actor, SeatRight, system
from app.db import Database, ident
from app.search.models import EntryKind, Root, SearchEntry
from app.search.rules.ranking import place
from app.search.rules.words import folded
from app.search.searching import search
from app.visibility import Level
from benchmarks.bench import Bench
from benchmarks.measure import Row, clocked, paired
from benchmarks.world import Size
from tests import factories

MANY, FEW = 100_000, 1_000
BATCH = 5_000
CALLS = 10
TARGET = "p50 < 50 ms"
FIRST = (
    "Industrie",
    "Gewerbe",
    "Wasserstoff",
    "Fachkräfte",
    "Verkehrs",
    "Haushalts",
    "Digital",
    "Energie",
    "Bau",
    "Netz",
)
SECOND = (
    "flächen",
    "strategien",
    "beschlüsse",
    "förderung",
    "häuser",
    "konzepte",
    "verfahren",
    "entwicklung",
    "straßen",
)
FILLING = ("der", "die", "und", "für", "Berlin", "bis", "mit", "2026", "Stand", "Ziel", "wird", "auf", "Kosten", "Plan")
QUERIES = (
    ("ein seltenes Wort", "Quantenzwirn"),
    ("ein Teil eines Worts", "Fläche"),
    ("drei Wörter", "Wasserstoff Strategie Kosten"),
    ("zwei Buchstaben", "KI"),
    ("eine Wortfolge", '"für Berlin"'),
    ("ein Wort in allem", "Massenwort"),
)


def measure_search(bench: Bench) -> Iterator[Row]:
    """The same searches in a large and in a small archive, in turn."""
    large, small = (bench.open(bench.world(Size(projects=5, statuses=1, meetings=0))) for _ in range(2))
    took = clocked(lambda: fill(large, MANY))
    fill(small, FEW)
    yield Row(f"{MANY} Texte in den Index schreiben", [took], note="einmalig; in Stapeln")
    office = system(clock.today())
    body = _body_of(large)
    member = Actor(
        account_id=1, name="Mitglied", on=clock.today(), seats=(SeatRight(1, body, voting=True, chair=False),)
    )
    stranger = Actor(account_id=1, name="Gast", on=clock.today(), guest_item_ids=frozenset({1}))
    for name, words in QUERIES:
        yield _compared(bench, f"{name}, Geschäftsstelle", large, small, office, words)
    yield _compared(bench, "ein Teil eines Worts, Mitglied", large, small, member, "Fläche")
    yield _compared(bench, "ein Teil eines Worts, wer nichts davon liest", large, small, stranger, "Fläche")


def _compared(bench: Bench, name: str, large: Database, small: Database, actor: Actor, words: str) -> Row:
    return paired(
        f"Suche in {MANY}: {name}",
        _searching(large, actor, words),
        f"in {FEW}",
        _searching(small, actor, words),
        rounds=bench.rounds,
        calls=CALLS,
        target=TARGET,
    )


def _searching(database: Database, actor: Actor, words: str) -> Callable[[], None]:
    def once() -> None:
        with database.read() as session:
            search(session, actor, words)

    return once


def fill(database: Database, count: int) -> None:
    """Actions with invented texts and their entries, in the order of the index, a batch at a time."""
    with database.write() as session:
        body_id = ident(factories.make_body(session, "SUCHE"))
    texts = _texts(count)
    while batch := list(islice(texts, BATCH)):
        actions = [_action(body_id, number, title, details) for number, title, details in batch]
        entries = [_entry(body_id, number, title, details).model_dump() for number, title, details in batch]
        with database.write() as session:
            session.execute(sa.insert(Action), actions)
            session.execute(sa.insert(SearchEntry), entries)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _body_of(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(sa.text("SELECT id FROM body WHERE short_name = 'SUCHE'")).scalar_one())


def _texts(count: int) -> Iterator[tuple[int, str, str]]:
    chance = random.Random(3)
    for number in range(1, count + 1):
        words = [chance.choice(FIRST) + chance.choice(SECOND) for _ in range(14)]
        words += [*chance.choices(FILLING, k=40), "Massenwort", f"Vorgang{number}"]
        words += ["KI"] * (number % 50 == 0) + ["Quantenzwirn"] * (number % 997 == 0)
        chance.shuffle(words)
        yield number, " ".join(words[:6]), " ".join(words[6:])


def _day(number: int) -> dt.date:
    return dt.date(2000, 1, 1) + dt.timedelta(days=number // 12)


def _action(body_id: int, number: int, title: str, details: str) -> dict[str, object]:
    row = Action(
        id=number,
        body_id=body_id,
        number=f"A {number}",
        title=title[:500],
        details=details,
        given_on=_day(number),
        changed_at=clock.now(),
    )
    return {**row.model_dump(), "version": 1}


def _entry(body_id: int, number: int, title: str, details: str) -> SearchEntry:
    return SearchEntry(
        id=place(_day(number), EntryKind.ACTION, number),
        kind=EntryKind.ACTION,
        object_id=number,
        root=Root.ACTION,
        root_id=number,
        happened_on=_day(number),
        body_id=body_id,
        level=Level.INTERNAL,
        title=title,
        text=details,
        folded=folded(title, details),
    )
