"""Eight writers at once: numbers without gap or double, on real connections of both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.agenda.models import Outcome
from app.db import ident
from app.decisions import queries
from app.decisions.models import SeriesKind
from app.decisions.schemas import DecisionIn
from app.decisions.service.numbering import take_number
from app.decisions.service.writing import write_decision
from app.meetings.queries import lock_meeting
from app.minutes.service.closing import close_meeting
from tests import factories
from tests.decisions import room
from tests.factories import operator

pytestmark = pytest.mark.slow
WRITERS = 8


def all_at_once(work, arguments):
    """Do *work* with each of the arguments in a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(len(arguments)) as pool:
        return [task.result() for task in [pool.submit(work, argument) for argument in arguments]]


def test_closing_meetings_side_by_side_leaves_no_gap_and_no_double(own_database):
    ids, body_id = [], 0
    with own_database.write() as session:
        body = factories.make_body(session, "SKIP")
        body_id = ident(body)
        for place in range(WRITERS):
            meeting = factories.make_meeting(session, body, dt.date(2026, 4, 1 + place))
            items = [room.add(session, meeting, f"Punkt {place}.{number}") for number in range(3)]
            room.start(session, meeting)
            for item in items:
                write_decision(session, operator(), meeting, item, DecisionIn(wording="So."))
                room.settle(session, meeting, item, Outcome.ADOPTED)
            ids.append(ident(meeting))

    def close(meeting_id):
        with own_database.write() as session:
            close_meeting(session, operator(), lock_meeting(session, operator(), meeting_id))

    all_at_once(close, ids)
    with own_database.read() as session:
        found = queries.list_decisions(session, operator(), queries.DecisionFilter(body_id=body_id))
        assert sorted(one.number for one in found) == [f"SKIP 2026/{place:02d}" for place in range(1, 25)]
        assert sorted(one.serial for one in found) == list(range(1, 25))
        for meeting_id in ids:
            own = sorted((one.title, one.serial) for one in found if queries.meeting_of(session, one) == meeting_id)
            serials = [serial for _, serial in own]
            assert serials == list(range(serials[0], serials[0] + 3)), "one meeting's numbers follow each other"


def test_a_refused_closing_gives_its_numbers_back(own_database):
    with own_database.write() as session:
        body_id = ident(factories.make_body(session))

    def take(place):
        try:
            with own_database.write() as session:
                number = take_number(session, body_id, SeriesKind.DECISION, 2026)
                if place % 2:
                    raise LookupError
                return number
        except LookupError:
            return None

    taken = [number for number in all_at_once(take, list(range(WRITERS))) if number is not None]
    assert sorted(taken) == [1, 2, 3, 4]
