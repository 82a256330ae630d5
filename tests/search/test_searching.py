"""Searching a real index: the hits that plain words tell, in their order, on both databases; and kept up to date."""

import datetime as dt
import random

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import clock, worker
from app.access.queries import actor_of
from app.actor import Actor, Grant, Role, SeatRight
from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import ItemChange, ItemIn
from app.agenda.service.items import add_item, change_item
from app.db import ident
from app.excerpts import Piece
from app.meetings.queries import lock_meeting
from app.search import service
from app.search.models import EntryKind, Root, SearchEntry
from app.search.queries import candidates
from app.search.queries.candidates import Filters
from app.search.queries.contents import ids_after
from app.search.rules.ranking import place, rank, ranker
from app.search.rules.words import folded, read_search
from app.search.searching import MOST, search
from app.visibility import Level
from tests import factories
from tests.decisions import room
from tests.factories import operator
from tests.queries import recorded_queries
from tests.search.oracle import matches

_TEXT = (
    "Flächen Industrieflächen Beschlüsse Beschluss Straße Strasse Müller Mueller KI H2 EU SKIP Haus Haushalt Häuser "
    "neue Quelle Neuentwicklung Wasserstoff-Strategie Wasserstoffstrategie 1.9 2026/03 Café ß 🙂 'x' \"AND* % _ \\ "
    "Ünïcode Ωmega 中文字"
)
WORDS = _TEXT.split(" ")
QUERIES = [
    *WORDS,
    "Fläche Beschluss",
    '"Haus Haushalt"',
    "Haus -Haushalt",
    "-KI Fläche",
    "KI EU H2",
    "strat",
    "ach",
    "omega",
    "中文字",
    "muller",
    '"müller"',
    "zzz",
    "(a OR b) NEAR/2 c* ^d title:e",
    "a" * 10_000,
    "%' OR 1=1 --",
]


def fill(session, count=60):
    """Actions with made-up texts, the same ones on both databases."""
    chance = random.Random(7)
    body = factories.make_body(session)
    for number in range(count):
        texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 8))) for _ in range(2)]
        given_on = dt.date(2025, 1, 1) + dt.timedelta(days=number % 9)
        factories.make_action(session, body, title=texts[0], details=texts[1], given_on=given_on)
    actions = session.exec(sa.text("SELECT id FROM action ORDER BY id")).scalars().all()
    service.index(session, [(Root.ACTION, one) for one in actions])
    session.flush()
    return body


def expected(session, asked):
    """What plain words say: every entry that holds the terms, in the order of their ranks."""
    terms = read_search(asked)
    weigh = ranker(terms).weight
    rows = session.exec(select(SearchEntry)).all()
    found = [
        rank(weigh(row.folded), row.happened_on, row.kind, row.object_id) for row in rows if matches(terms, row.folded)
    ]
    return sorted(found)


@pytest.mark.parametrize("latest", [candidates.LATEST, 7, 1])
def test_a_search_finds_what_plain_words_say_in_their_order(session, monkeypatch, latest):
    """However many entries PostgreSQL reads before it asks its index."""
    monkeypatch.setattr(candidates, "LATEST", latest)
    fill(session)
    hits = 0
    for asked in QUERIES:
        results = search(session, operator(), asked, limit=100)
        assert [hit.rank for hit in results.hits] == expected(session, asked), asked
        hits += len(results.hits)
    assert hits > 200


def test_pages_go_on_where_they_ended(session):
    fill(session)
    whole = [hit.rank for hit in search(session, operator(), "Fläche", limit=100).hits]
    walked, after = [], None
    while True:
        results = search(session, operator(), "Fläche", after=after, limit=7)
        walked += [hit.rank for hit in results.hits]
        if not results.following:
            break
        after = walked[-1]
    assert walked == whole
    assert len(whole) > 14


def test_filters_narrow(session):
    body = fill(session)
    other = factories.make_body(session, "ANDERS")
    day = dt.date(2025, 1, 3)
    narrowed = search(session, operator(), "Fläche", Filters(since=day, until=day), limit=100)
    assert narrowed.hits
    assert {hit.day for hit in narrowed.hits} == {day}
    assert search(session, operator(), "Fläche", Filters(body_id=ident(other))).total == 0
    assert search(session, operator(), "Fläche", Filters(body_id=ident(body))).total > 0
    assert search(session, operator(), "Fläche", Filters(kinds=(EntryKind.PROJECT,))).total == 0


def test_very_many_hits_are_told_and_the_latest_ones_ranked(session):
    body = factories.make_body(session, "VIELE")
    template = factories.make_action(session, body, title="Massenwort")
    rows = []
    for number in range(MOST + 5):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number)
        action = dict(template.model_dump(exclude={"id"}), given_on=day, number=f"V {number}", serial=90_000 + number)
        rows.append(action)
    table = type(template).__table__
    ids = session.execute(sa.insert(table).returning(table.c.id), rows).scalars().all()
    session.execute(
        sa.insert(SearchEntry),
        [
            SearchEntry(
                id=place(row["given_on"], EntryKind.ACTION, key),
                kind=EntryKind.ACTION,
                object_id=key,
                root=Root.ACTION,
                root_id=key,
                happened_on=row["given_on"],
                body_id=ident(body),
                level=Level.INTERNAL,
                title="Massenwort",
                text="",
                folded=folded("Massenwort", ""),
            ).model_dump()
            for key, row in zip(ids, rows, strict=True)
        ],
    )
    results = search(session, operator(), "Massenwort")
    assert (results.total, results.more_exist) == (MOST, True)
    assert results.hits[0].day == rows[-1]["given_on"]


def test_the_number_of_queries_does_not_grow(session):
    fill(session, 3)
    with recorded_queries(session.connection()) as few:
        search(session, operator(), "Fläche", limit=100)
    fill(session, 60)
    with recorded_queries(session.connection()) as many:
        assert search(session, operator(), "Fläche", limit=100).total > 10
    assert len(many) == len(few)


def test_titles_and_excerpts_mark_what_was_looked_for(session):
    body = factories.make_body(session, "SUCHE")
    text = " ".join(["davor"] * 40 + ["<b>Gewerbeflächen</b>", "&", "Frau", "Müller"] + ["danach"] * 40)
    action = factories.make_action(session, body, title="Flächen <script>", details=text)
    service.index(session, [(Root.ACTION, ident(action))])

    (hit,) = search(session, operator(), "Fläche").hits

    assert Piece("Flächen", hit=True) in hit.title_pieces
    assert Piece("Gewerbeflächen", hit=True) in hit.pieces
    assert "".join(piece.words for piece in hit.title_pieces) == f"{action.number} Flächen <script>"
    words = "".join(piece.words for piece in hit.pieces)
    assert words.startswith("… ")
    assert words.endswith(" …")
    (hit,) = search(session, operator(), "mueller").hits
    assert Piece("Müller", hit=True) in hit.pieces


def test_the_index_follows_the_history(own_database):
    with own_database.write() as session:
        body = factories.make_body(session, "SKIP")
        meeting = factories.make_meeting(session, body, number=17)
        item = add_item(session, operator(), meeting, ItemIn(title="Ankaufsstrategie", section=SectionKey.DEBATE))
        session.flush()
        meeting_id, item_id = ident(meeting), ident(item)

    def titles(words):
        while worker.follow_all(own_database):
            pass
        with own_database.read() as session:
            return [hit.title for hit in search(session, operator(), words).hits]

    assert titles("Strategien") == ["Ankaufsstrategie"]
    with own_database.write() as session:
        meeting = lock_meeting(session, operator(), meeting_id)
        row = session.get_one(type(item), item_id)
        change = ItemChange(title="Verkaufsplan")
        change_item(session, operator(), meeting, row, change, base_version=row.version)
    assert titles("Strategien") == []
    assert titles("Verkauf") == ["Verkaufsplan"]
    with own_database.read() as session:
        assert service.behind(session) == 0
        before = {one.id: one.model_dump() for one in session.exec(select(SearchEntry))}
    assert service.rebuild(own_database) >= 1
    with own_database.read() as session:
        assert {one.id: one.model_dump() for one in session.exec(select(SearchEntry))} == before


def test_what_is_deleted_leaves_the_index(session):
    body = factories.make_body(session, "SUCHE")
    action = factories.make_action(session, body, title="Vergänglich")
    key = ident(action)
    service.index(session, [(Root.ACTION, key)])
    assert search(session, operator(), "vergänglich").total == 1
    session.delete(action)
    session.flush()
    assert search(session, operator(), "vergänglich").total == 0  # at once: nobody may read what is not there
    service.index(session, [(Root.ACTION, key)])
    assert (
        session.exec(select(SearchEntry).where(SearchEntry.root_id == key, SearchEntry.root == Root.ACTION)).all() == []
    )


def test_indexing_twice_writes_nothing(session):
    fill(session, 5)
    actions = session.exec(sa.text("SELECT id FROM action ORDER BY id")).scalars().all()
    assert service.index(session, [(Root.ACTION, one) for one in actions]) == 0


def test_rights_count_at_the_moment_of_the_search(session):
    body = factories.make_body(session, "SUCHE")
    auditor = factories.make_account(session, role=Role.AUDITOR)
    action = factories.make_action(session, body, title="Geheimplan")
    service.index(session, [(Root.ACTION, ident(action))])
    actor = actor_of(session, auditor)
    assert search(session, actor, "Geheimplan").total == 1
    action.level = Level.CONFIDENTIAL
    session.add(action)
    session.flush()
    assert search(session, actor, "Geheimplan").total == 0


@pytest.mark.parametrize("latest", [candidates.LATEST, 2])
def test_each_reader_finds_of_an_agenda_what_they_read(session, monkeypatch, latest):
    monkeypatch.setattr(candidates, "LATEST", latest)
    body, project = factories.make_body(session, "SUCHE"), factories.make_project(session, "1.1", "Zwirnhalle")
    meeting = factories.make_meeting(session, body, number=17)
    room.add(session, meeting, "Zwirn offen", projects=[ident(project)])
    room.add(session, meeting, "Zwirn geheim", level=Level.CONFIDENTIAL, projects=[ident(project)])
    room.start(session, meeting)
    late = factories.make_meeting(session, body, number=18)
    room.add(session, late, "Zwirn im Entwurf")
    factories.make_decision(session, body, title="Zwirn vorläufig", number="")
    index_all(session)

    def found(*, grants=(), seats=(), **more):
        actor = Actor(account_id=1, name="X", on=clock.today(), grants=grants, seats=seats, **more)
        results = search(session, actor, "Zwirn", limit=100)
        assert results.total == len(results.hits)
        return sorted(hit.title for hit in results.hits)

    seat = {"seat_id": 1, "body_id": ident(body)}
    items = ["TOP 2.1 Zwirn offen", "TOP 2.2 Zwirn geheim"]
    project_title = "1.1 Zwirnhalle"
    assert found(seats=(SeatRight(**seat, voting=True, chair=False),)) == [project_title, *items]
    assert found(seats=(SeatRight(**seat, voting=False, chair=False),)) == [project_title, items[0]]
    assert found(seats=(SeatRight(**seat, voting=True, chair=True),)) == [
        project_title,
        *items,
        "Zwirn im Entwurf",
        "Zwirn vorläufig",
    ]
    led = {"lead_project_ids": frozenset({ident(project)}), "own_meeting_ids": frozenset({ident(meeting)})}
    assert found(**led) == [project_title, items[0]]
    assert found() == []
    assert found(grants=(Grant(Role.ADMIN),)) == []
    elsewhere = SeatRight(seat_id=2, body_id=ident(factories.make_body(session)), voting=True, chair=True)
    assert found(seats=(elsewhere,), body_periods=((elsewhere.body_id, 1),)) == [project_title]


def index_all(session):
    """Everything there is, as the command does it."""
    session.flush()
    for root in Root:
        service.index(session, [(root, one) for one in ids_after(session, root, 0, 1000)])


def test_who_reads_little_finds_their_own_and_is_not_asked_about_the_rest(session):
    body, person = factories.make_body(session, "SUCHE"), factories.make_person(session)
    for number in range(3):
        factories.make_action(session, body, title=f"Zwirn {number}")
    own = factories.make_action(session, body, title="Zwirn eigen", person_id=ident(person))
    service.index(session, [(Root.ACTION, one) for one in ids_after(session, Root.ACTION, 0, 100)])
    responsible = Actor(account_id=1, name="X", on=clock.today(), person_id=ident(person))
    assert [hit.object_id for hit in search(session, responsible, "Zwirn").hits] == [ident(own)]
    with recorded_queries(session.connection()) as asked:
        assert search(session, Actor(account_id=1, name="X", on=clock.today()), "Zwirn").total == 0
    assert any("search_entry" in one for one in asked)
    assert not any(table in one for one in asked for table in ("FROM action", "FROM topic", "FROM registration"))
