"""Feeds: the key is the permission, the rights are those of today, and nothing confidential ever leaves that way."""

import datetime as dt

import icalendar
import pytest
from sqlmodel import select

from app import clock
from app.bodies.models import Membership
from app.main import create_app
from app.people.models import AccountRole
from app.storage import Folder
from tests.conftest import NOW, BoundDatabase
from tests.factories import recorded
from tests.visibility.betrayal import words_in
from tests.visibility.expectations import (
    ADMIN,
    ADVISORY,
    AUDITOR,
    AUDITOR_REASON,
    CHAIR,
    CHAIR_OFFICE,
    DEACTIVATED,
    DEPUTY,
    FORMER,
    GUEST,
    GUEST_CONFIDENTIAL,
    LEAD,
    MEMBER,
    MEMBER_B,
    NOBODY,
    OFFICE,
    PLAIN,
    SECRETARIAT_A,
    SECRETARIAT_ALL,
    SECRETARIAT_B,
    SIGNED_IN,
    may_read,
)
from tests.visibility.visitor import House, Visitor

KNOWN_A = {"announced", "announced draft", "released", "in session", "held", "cancelled", "released twice"}
HIDDEN_A = {"planned", "draft", "cancelled before anybody knew"}
B = {"draft of B", "released of B"}
EVENTS = {
    SECRETARIAT_ALL: KNOWN_A | HIDDEN_A | B | {"released of C"},
    SECRETARIAT_A: KNOWN_A | HIDDEN_A,
    SECRETARIAT_B: B,
    CHAIR: KNOWN_A | HIDDEN_A,
    CHAIR_OFFICE: KNOWN_A | HIDDEN_A,
    MEMBER: KNOWN_A,
    DEPUTY: KNOWN_A,
    OFFICE: KNOWN_A,
    ADVISORY: KNOWN_A,
    MEMBER_B: {"released of B"},
    FORMER: set(),
    GUEST: {"released", "in session", "released twice"},
    GUEST_CONFIDENTIAL: {"released"},
    LEAD: {"released", "in session", "held", "released twice"},
    AUDITOR: set(),
    AUDITOR_REASON: set(),
    ADMIN: set(),
    PLAIN: set(),
}
"""Interface §3: the meetings of the bodies in which somebody sits or whose secretariat they are; guests' and leads'."""


@pytest.fixture
def nobody(visit):
    return visit(NOBODY)


def events(world, answer):
    """The meetings that stand in a feed, by their names in the world."""
    calendar = icalendar.Calendar.from_ical(answer.content)
    pages = {str(event["URL"]) for event in calendar.walk("VEVENT") if "DTSTART" in event and "T" in _start(event)}
    return {thing.fact.label for thing in world.things["meeting"] if f"http://testserver/sitzungen/{thing.id}" in pages}


def _start(event):
    return event["DTSTART"].to_ical().decode()


def betrayed(role, world, answer):
    return [
        f"shows {world.words[word][1]} ({world.words[word][0].label})"
        for word in sorted(words_in(answer))
        if not may_read(role, world.words[word][0], "ics")
    ]


@pytest.mark.parametrize("role", SIGNED_IN)
@pytest.mark.parametrize("query", ["", "?nur=sitzungen", "?nur=fristen"])
def test_a_feed_holds_the_meetings_of_its_reader_and_nothing_confidential(role, query, world, nobody):
    answer = nobody.get(f"/kalender/{world.feeds[role]}.ics{query}")

    assert answer.status == 200
    assert not betrayed(role, world, answer)
    assert events(world, answer) == (EVENTS[role] if query != "?nur=fristen" else set())


def test_titles_stand_in_feeds_only_where_the_body_says_so_and_never_confidential_ones(world, nobody):
    shown = {
        world.words[word][0].label for word in words_in(nobody.get(f"/kalender/{world.feeds[SECRETARIAT_ALL]}.ics"))
    }

    assert {"internal in released of B, titles in feeds", "public in released of B, titles in feeds"} <= shown
    assert not [label for label in shown if label.startswith("confidential")]
    assert not [label for label in shown if label.endswith(" in released")]


@pytest.mark.parametrize("kind", ["revoked", "deactivated", "invented", "token for programs", "cookie"])
def test_what_is_no_living_key_is_unknown(kind, world, nobody):
    keys = {
        "revoked": world.ended[MEMBER],
        "deactivated": world.feeds[DEACTIVATED],
        "invented": "x" * 43,
        "token for programs": world.tokens[MEMBER],
        "cookie": world.cookies[MEMBER],
    }

    answers = {nobody.get(f"/kalender/{key}.ics") for key in (keys[kind], "nicht-da")}

    assert {answer.status for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers for answer in answers}) == 1


@pytest.fixture
def changing(world_database, world_settings):
    """A session and the house on one connection, so that rights can end without leaving a trace."""
    with world_database.engine.connect() as connection:
        outer = connection.begin()
        bound = BoundDatabase(connection, is_sqlite=world_database.is_sqlite)
        opened = House(create_app(world_settings, database=bound, storage=Folder(world_settings.storage)))
        yield bound, opened
        opened.close()
        outer.rollback()


@pytest.mark.parametrize("role", [MEMBER, CHAIR, OFFICE, SECRETARIAT_A])
def test_when_rights_end_the_events_are_gone_and_no_304_keeps_them(role, world, changing):
    database, house = changing
    visitor = Visitor(house)
    place = f"/kalender/{world.feeds[role]}.ics"
    before = visitor.get(place)

    with database.write() as session:
        if role == SECRETARIAT_A:
            for row in session.exec(select(AccountRole).where(AccountRole.account_id == world.accounts[role])):
                recorded(session, row)
                session.delete(row)
        else:
            for row in session.exec(select(Membership)):
                row.valid_to = clock.today() - dt.timedelta(days=1)
                recorded(session, row)
    after = visitor.get(place, **{"if-none-match": before.header("etag")})

    assert events(world, before) == EVENTS[role]
    assert after.status == 200
    assert events(world, after) == set()
    assert not {word for word in words_in(after) if world.words[word][0].kind != "account"}


def test_a_term_ends_at_midnight_in_berlin(world, changing):
    database, house = changing
    with database.write() as session:
        for row in session.exec(select(Membership)):
            row.valid_to = NOW.date()
            session.add(row)
    place = f"/kalender/{world.feeds[MEMBER]}.ics"

    with clock.standing_at(NOW.replace(hour=23, minute=59)):
        last_evening = Visitor(house).get(place)
    with clock.standing_at(NOW.replace(hour=23, minute=59) + dt.timedelta(minutes=2)):
        next_day = Visitor(house).get(place)

    assert events(world, last_evening) == KNOWN_A
    assert events(world, next_day) == set()
