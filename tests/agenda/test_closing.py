"""Outcomes and closing: what needs an outcome, what comes back, what it does to decision needs."""

import datetime as dt

import pytest
from sqlmodel import select

from app.agenda.models import Outcome, SectionKey
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service.closing import close_agenda, set_outcome
from app.agenda.service.items import add_item, store_item
from app.agenda.service.release import release_agenda
from app.db import ident
from app.errors import Invalid, Refused, Stale
from app.meetings.models import MeetingState
from app.meetings.service import start_meeting
from app.projects.models import DecisionNeed, NeedEnd
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")


@pytest.fixture
def meeting(session):
    return factories.make_meeting(session, factories.make_body(session), number=1)


def start(session, meeting):
    release_agenda(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    session.flush()


def add(session, meeting, section=SectionKey.DEBATE, **fields):
    return add_item(session, operator(), meeting, ItemIn(title="Punkt", section=section, **fields))


def test_a_meeting_stays_open_while_an_item_that_needs_an_outcome_has_none(session, meeting):
    decided = [add(session, meeting, SectionKey.DECISION) for _ in range(2)]
    debate, note = add(session, meeting), add(session, meeting, SectionKey.CONSENT)
    start(session, meeting)
    with pytest.raises(Refused) as refused:
        close_agenda(session, operator(), meeting)
    assert refused.value.sentence.endswith("TOP 2.1, TOP 2.2 und TOP 3.1 ohne Ergebnis.")
    for item in (*decided, debate):
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.ADOPTED))
    close_agenda(session, operator(), meeting)
    assert meeting.state is MeetingState.HELD
    assert note.outcome is Outcome.NOTED


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (OutcomeIn(outcome=Outcome.REFERRED), "note"),
        (OutcomeIn(outcome=Outcome.DEFERRED), "resume_on"),
        (OutcomeIn(outcome=Outcome.DEFERRED, resume_on=dt.date(2026, 5, 1)), "resume_on"),
    ],
)
def test_what_comes_back_says_how(session, meeting, wish, field):
    item = add(session, meeting)
    start(session, meeting)
    with pytest.raises(Invalid) as refused:
        set_outcome(session, operator(), meeting, item, wish)
    assert field in refused.value.fields
    assert item.outcome is None


def test_a_settled_item_keeps_no_date_for_going_on(session, meeting):
    item = add(session, meeting)
    start(session, meeting)
    later = dt.date(2026, 9, 1)
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.DEFERRED, resume_on=later))
    assert item.resume_on == later
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.ADOPTED, resume_on=later))
    assert item.resume_on is None


def test_an_outcome_that_was_overtaken_is_refused(session, meeting):
    item = add(session, meeting)
    start(session, meeting)
    seen = item.version
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.ADOPTED), base_version=seen)
    session.flush()
    with pytest.raises(Stale):
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.REJECTED), base_version=seen)
    assert item.outcome is Outcome.ADOPTED


def test_outcomes_are_for_running_meetings(session, meeting):
    item = add(session, meeting)
    with pytest.raises(Refused, match="während die Sitzung läuft"):
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=Outcome.ADOPTED))


@pytest.mark.parametrize(("outcome", "closed"), [(Outcome.ADOPTED, True), (Outcome.ADJOURNED, False)])
def test_a_settled_item_closes_the_need_it_answers(session, meeting, outcome, closed):
    project = factories.make_project(session)
    session.add(DecisionNeed(project_id=ident(project), opened_on=dt.date(2026, 1, 5), text="Rahmen"))
    item = add(session, meeting, SectionKey.DECISION)
    store_item(session, operator(), meeting, item, [(ident(project), True)])
    start(session, meeting)
    set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=outcome))
    close_agenda(session, operator(), meeting)
    session.flush()
    need = session.exec(select(DecisionNeed)).one()
    assert (need.closed_how is NeedEnd.DECIDED) is closed
    if closed:
        assert need.closed_reason == "1. Sitzung am 01.05.2026, TOP 2.1: ungeändert beschlossen"
