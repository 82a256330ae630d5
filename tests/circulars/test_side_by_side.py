"""Circular procedures with several writers at once, on real connections of both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app import clock
from app.agenda.models import Outcome, Proposal
from app.agenda.queries import get_proposal
from app.agenda.service.proposals import accept_proposal
from app.circulars.models import Ballot, Circular, CircularState, Vote
from app.circulars.queries.circulars import lock_circular, resolution_of
from app.circulars.schemas import BallotIn, CircularIn, StartIn
from app.circulars.service.answering import cast_ballot
from app.circulars.service.establishing import establish_due, establish_result, tally_of
from app.circulars.service.preparing import prepare_circular
from app.circulars.service.starting import start_circular
from app.db import ident
from app.decisions.models import Decision
from app.decisions.schemas import DecisionIn
from app.decisions.service.writing import write_decision
from app.drafting.service.proposing import draft_agenda
from app.errors import Refused
from app.meetings.queries import lock_meeting
from app.minutes.service.closing import close_meeting
from app.projects.models import Light, Phase
from tests import factories
from tests.circulars.circle import OPERATOR, Circle
from tests.decisions import room

pytestmark = pytest.mark.slow
WRITERS = 8


def all_at_once(works):
    """Do the works, each in a thread of its own; what it raises is raised here."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [task.result() for task in [pool.submit(work) for work in works]]


def test_answers_given_at_the_same_moment_are_all_kept(own_database):
    with own_database.write() as session:
        circle = Circle(session, size=WRITERS)
        actors = [circle.actor(place) for place in range(WRITERS)]
        seats = [ident(seat) for seat in circle.seats]
        number = ident(circle.started())

    def answering(place):
        def work():
            for vote in (Vote.NO, Vote.YES):
                with own_database.write() as session:
                    wish = BallotIn(seat=seats[place], procedure_agreed=True, vote=vote)
                    cast_ballot(session, actors[place], lock_circular(session, actors[place], number), wish)

        return work

    all_at_once([answering(place) for place in range(WRITERS)])
    with own_database.read() as session:
        assert len(session.exec(select(Ballot)).all()) == 2 * WRITERS
        found = tally_of(session, session.get_one(Circular, number))
        assert (found.answered, found.yes, found.no) == (WRITERS, WRITERS, 0)


def test_a_result_established_by_many_at_once_stands_once(own_database):
    with own_database.write() as session:
        circle = Circle(session, short_name="SKIP")
        circular = circle.started()
        for place in range(4):
            circle.answer(circular, place)
        number, end = ident(circular), circular.ends_at

    def by_hand():
        try:
            with own_database.write() as session:
                establish_result(session, OPERATOR, lock_circular(session, OPERATOR, number))
                return True
        except Refused:
            return False

    def by_itself():
        with own_database.write() as session:
            establish_due(session, number)
        return False

    with clock.standing_at(end):
        done = all_at_once([by_hand, by_itself] * 4)
    assert done.count(True) <= 1
    with own_database.read() as session:
        assert [one.number for one in session.exec(select(Decision))] == ["SKIP 2026/01"]
        assert session.get_one(Circular, number).state is CircularState.ADOPTED


def test_circulars_that_end_while_meetings_close_leave_no_gap_and_no_double(own_database):
    with own_database.write() as session:
        circle = Circle(session, short_name="SKIP")
        meetings, circulars = [], []
        for place in range(WRITERS // 2):
            meeting = factories.make_meeting(session, circle.body, dt.date(2026, 4, 1 + place))
            items = [room.add(session, meeting, f"Punkt {place}.{number}") for number in range(2)]
            room.start(session, meeting)
            for item in items:
                write_decision(session, OPERATOR, meeting, item, DecisionIn(wording="So."))
                room.settle(session, meeting, item, Outcome.ADOPTED)
            meetings.append(ident(meeting))
            circular = circle.started(title=f"Umlauf {place}", wording=f"Umlauf {place}")
            for seat in range(4):
                circle.answer(circular, seat, Vote.YES if place else Vote.NO)
            circulars.append(ident(circular))
            end = circular.ends_at

    def closing(meeting_id):
        def work():
            with own_database.write() as session:
                close_meeting(session, OPERATOR, lock_meeting(session, OPERATOR, meeting_id))

        return work

    def ending(circular_id):
        def work():
            with own_database.write() as session:
                establish_due(session, circular_id)

        return work

    with clock.standing_at(end):
        all_at_once([*map(closing, meetings), *map(ending, circulars)])
    with own_database.read() as session:
        numbered = session.exec(select(Decision).where(Decision.number != "")).all()
        assert sorted(one.serial for one in numbered) == list(range(1, 12))
        assert sorted(one.number for one in numbered) == [f"SKIP 2026/{serial:02d}" for serial in range(1, 12)]
        states = [session.get_one(Circular, number).state for number in circulars]
        assert states == [CircularState.FAILED, *[CircularState.ADOPTED] * 3]
        assert resolution_of(session, session.get_one(Circular, circulars[0])).number == ""


def test_a_matter_goes_onto_an_agenda_or_into_writing_never_both(own_database):
    with own_database.write() as session:
        circle = Circle(session)
        pairs = []
        meeting = factories.make_meeting(session, circle.body, dt.date(2026, 5, 12))
        for number in range(WRITERS // 2):
            project = factories.make_project(session)
            factories.make_status(session, project, dt.date(2026, 2, 14), Light.RED, phase=Phase.RUNNING)
            wish = CircularIn(
                body=ident(circle.body), title=f"Text {number}", wording=f"Text {number}", projects=[ident(project)]
            )
            pairs.append((ident(project), ident(prepare_circular(session, OPERATOR, wish))))
        draft_agenda(session, OPERATOR, meeting)
        meeting_id = ident(meeting)
        keys = {row.key: ident(row) for row in session.exec(select(Proposal))}

    def accepting(project_id):
        def work():
            try:
                with own_database.write() as session:
                    there = lock_meeting(session, OPERATOR, meeting_id)
                    proposal = get_proposal(session, OPERATOR, meeting_id, keys[f"project:{project_id}"])
                    accept_proposal(session, OPERATOR, there, proposal)
                    return True
            except Refused:
                return False

        return work

    def starting(circular_id):
        def work():
            try:
                with own_database.write() as session:
                    start_circular(session, OPERATOR, lock_circular(session, OPERATOR, circular_id), StartIn())
                    return True
            except Refused:
                return False

        return work

    works = [work for project, circular in pairs for work in (accepting(project), starting(circular))]
    done = all_at_once(works)
    assert [done[place : place + 2].count(True) for place in range(0, len(done), 2)] == [1] * len(pairs)
