"""How programs read circular procedures (Umlaufverfahren)."""

import datetime as dt

from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.circulars.models import Ballot, BallotRole, Circular, CircularSeat, CircularState, Vote
from app.circulars.rules.counting import Given, Tally
from app.db import ident
from app.decisions.models import Clause, Decision, DecisionProject, Verb
from app.visibility import Level


class ClauseOut(Shape):
    """A numbered clause of the text."""

    position: int
    verb: Verb
    text: str
    organisation: int | None
    person: int | None
    due_on: dt.date | None


class CircularProjectOut(Shape):
    """A project that the text is about; ``answers_need``: a resolution closes its decision need."""

    id: int
    code: str
    answers_need: bool


class SeatAnswerOut(Shape):
    """A seat that is asked, with the answer that counts; null fields where there is none."""

    seat: int
    chair: bool
    procedure_agreed: bool | None = None
    vote: Vote | None = None
    role: BallotRole | None = None
    remark: str = ""
    reason: str = ""
    cast_at: Moment | None = None


class TallyOut(Shape):
    """The answers that count, added up."""

    seats: int
    answered: int
    yes: int
    no: int
    abstentions: int
    objections: int


class CircularOut(Thing):
    """A circular procedure. ``ends_at`` is 24:00 in Berlin of ``ends_on``; an answer counts if it came before.

    ``tally`` and ``answers`` are null for people who may not see them before the end; ``own_answers`` are those of the
    seats for which you answer. ``decision`` and ``number`` are null until it was adopted.
    """

    body: int
    title: str
    wording: str
    grounds: str
    level: Level
    state: CircularState
    clauses: list[ClauseOut]
    projects: list[CircularProjectOut]
    item: int | None
    topic: int | None
    started_at: Moment | None
    ends_on: dt.date | None
    ends_at: Moment | None
    established_at: Moment | None
    outcome_note: str
    decision: int | None
    number: str | None
    tally: TallyOut | None
    answers: list[SeatAnswerOut] | None
    own_answers: list[SeatAnswerOut]


def seat_answer(seat: CircularSeat, given: Given | None) -> SeatAnswerOut:
    """A seat with the answer that counts."""
    if not isinstance(given, Ballot):
        return SeatAnswerOut(seat=seat.seat_id, chair=seat.chair)
    return SeatAnswerOut(
        seat=seat.seat_id,
        chair=seat.chair,
        procedure_agreed=given.procedure_agreed,
        vote=given.vote,
        role=given.role,
        remark=given.remark,
        reason=given.reason,
        cast_at=given.cast_at,
    )


def tally_out(found: Tally) -> TallyOut:
    """The sums as programs read them."""
    return TallyOut(
        seats=found.seats,
        answered=found.answered,
        yes=found.yes,
        no=found.no,
        abstentions=found.abstentions,
        objections=found.objections,
    )


def circular_out(
    circular: Circular,
    decision: Decision,
    *,
    clauses: list[Clause],
    projects: list[tuple[DecisionProject, str]],
    tally: TallyOut | None,
    answers: list[SeatAnswerOut] | None,
    own_answers: list[SeatAnswerOut],
    drafts: bool,
) -> CircularOut:
    """A readable procedure as programs read it; *projects* come with their numbers.

    Where it came from is told to those who read drafts (*drafts*).
    """
    return CircularOut(
        id=ident(circular),
        version=circular.version,
        url=f"{PREFIX}/circular-procedures/{circular.id}",
        page=f"/umlaufverfahren/{circular.id}",
        body=circular.body_id,
        title=decision.title,
        wording=decision.wording,
        grounds=circular.grounds,
        level=decision.level,
        state=circular.state,
        clauses=[
            ClauseOut(
                position=one.position,
                verb=one.verb,
                text=one.text,
                organisation=one.organisation_id,
                person=one.person_id,
                due_on=one.due_on,
            )
            for one in clauses
        ],
        projects=[
            CircularProjectOut(id=link.project_id, code=code, answers_need=link.answers_need) for link, code in projects
        ],
        item=circular.item_id if drafts else None,
        topic=circular.topic_id if drafts else None,
        started_at=circular.started_at,
        ends_on=circular.ends_on,
        ends_at=circular.ends_at,
        established_at=circular.established_at,
        outcome_note=circular.outcome_note,
        decision=decision.id if decision.number else None,
        number=decision.number or None,
        tally=tally,
        answers=answers,
        own_answers=own_answers,
    )
