"""What the demo tells of the second half of a meeting: who came, what was decided, what became of it, the minutes."""

import pytest
from sqlmodel import Session, col, select

from app import clock
from app.actions.models import Action, ActionState
from app.attendance.models import Chairing, Presence
from app.circulars.models import Circular, CircularState
from app.decisions.models import Decision, DecisionProject, FollowUpState
from app.meetings.models import Meeting, MeetingState
from app.minutes.models import Minutes, MinutesState, Objection, ObjectionState, TextBlock
from app.projects.models import Project
from tests.conftest import NOW

pytestmark = pytest.mark.once


def invented(session: Session) -> dict[int | None, Meeting]:
    rows = session.exec(
        select(Meeting).where(Meeting.state == MeetingState.HELD, col(Meeting.entered_afterwards).is_(False))
    )
    return {row.id: row for row in rows}


def test_decisions_and_actions_are_in_every_state(reading: Session) -> None:
    decisions = reading.exec(select(Decision).where(Decision.number != "")).all()
    assert {one.state for one in decisions} == set(FollowUpState)
    actions = reading.exec(select(Action)).all()
    assert {one.state for one in actions} == set(ActionState)
    open_states = (ActionState.OPEN, ActionState.IN_PROGRESS)
    due = [one.due_on for one in actions if one.state in open_states and one.due_on]
    assert min(due) < NOW.date() < max(due)
    moved = [one for one in actions if one.due_on != one.first_due_on]
    assert len(moved) == 1


def test_numbers_have_no_gap(reading: Session) -> None:
    for table in (Decision, Action):
        series: dict[int, list[int]] = {}
        for row in reading.exec(select(table).where(col(table.serial).is_not(None))).all():
            series.setdefault(row.year or 0, []).append(row.serial or 0)
        for serials in series.values():
            assert sorted(serials) == list(range(1, len(serials) + 1))


def test_two_minutes_are_approved_and_one_is_in_review_with_an_objection(reading: Session) -> None:
    minutes = reading.exec(select(Minutes)).all()
    assert sorted(one.state for one in minutes) == [MinutesState.APPROVED, MinutesState.APPROVED, MinutesState.REVIEW]
    assert {one.meeting_id for one in minutes} == set(invented(reading))
    running = next(one for one in minutes if one.state is MinutesState.REVIEW)
    assert running.objections_until is not None
    assert running.objections_until >= NOW.date()
    states = {one.minutes_id == running.id: one.state for one in reading.exec(select(Objection))}
    assert states == {True: ObjectionState.OPEN, False: ObjectionState.PARTLY}
    assert len(reading.exec(select(TextBlock)).all()) == 3


def test_circular_procedures_run_were_adopted_and_failed(reading: Session) -> None:
    states = {row.state for row in reading.exec(select(Circular))}
    assert states == {CircularState.RUNNING, CircularState.ADOPTED, CircularState.FAILED}


def test_nothing_is_invented_about_real_meetings_and_projects(reading: Session) -> None:
    held = set(invented(reading))
    assert {row.meeting_id for row in reading.exec(select(Presence))} == held
    assert {row.meeting_id for row in reading.exec(select(Chairing))} == held
    named = {row.project_id for row in reading.exec(select(DecisionProject))}
    projects = reading.exec(select(Project).where(col(Project.id).in_(named))).all()
    assert projects
    assert all(project.invented for project in projects)
    assert all(row.starts_at < clock.now() for row in invented(reading).values())
