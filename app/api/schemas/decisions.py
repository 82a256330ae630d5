"""How programs read decisions."""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.agenda.models import Outcome
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.db import ident
from app.decisions.models import Clause, Decision, DecisionProject, FollowUpState, Taking, Verb
from app.decisions.schemas import read_statuses
from app.projects.models import Light
from app.visibility import Level


class ClauseOut(Shape):
    """A numbered clause; ``organisation`` and ``person`` are ids of whom it charges or asks until ``due_on``."""

    id: int
    position: int
    verb: Verb
    text: str
    organisation: int | None
    person: int | None
    due_on: dt.date | None


class DecisionProjectOut(Shape):
    """A project of a decision; ``light`` as it stood when it was decided (null: none, or not numbered yet)."""

    id: int
    answers_need: bool
    light: Light | None


class DecisionOut(Thing):
    """A decision; ``number`` "" while it is provisional. ``body``, ``item`` and ``replaces`` are ids.

    ``whole`` false: only publishing shows it to you, and votes, projects and follow-up are null or empty. Of a
    number that stands for nothing (``void_reason``) only those who keep the register read the texts.
    """

    body: int
    item: int | None
    number: str
    title: str
    decided_on: dt.date | None
    outcome: Outcome | None
    wording: str
    proposed_wording: str
    level: Level
    taking: Taking | None
    yes: int | None
    no: int | None
    abstentions: int | None
    chair_vote: bool
    present: int | None
    entitled: int | None
    quorum: str
    clauses: list[ClauseOut]
    projects: list[DecisionProjectOut]
    state: FollowUpState | None
    due_on: dt.date | None
    done_on: dt.date | None
    replaces: int | None
    void_reason: str
    source: str
    whole: bool
    changed_at: Moment


def decision_out(
    row: Decision,
    clauses: Sequence[Clause],
    links: Sequence[DecisionProject],
    *,
    whole: bool,
    told: bool,
    projects: Mapping[int, str],
    replaces: int | None,
) -> DecisionOut:
    """A readable decision. *told*: its texts are for the reader; *projects*: those that the reader may know."""
    then = read_statuses(row.statuses)
    return DecisionOut(
        id=ident(row),
        version=row.version,
        url=f"{PREFIX}/decisions/{row.id}",
        page=f"/beschluesse/{row.id}",
        body=row.body_id,
        item=row.item_id,
        number=row.number,
        title=row.title if told else "",
        decided_on=row.decided_on,
        outcome=row.outcome if told else None,
        wording=row.wording if told else "",
        proposed_wording=row.proposed_wording if told and whole else "",
        level=row.level,
        taking=row.taking if whole else None,
        yes=row.yes if whole else None,
        no=row.no if whole else None,
        abstentions=row.abstentions if whole else None,
        chair_vote=row.chair_vote and whole,
        present=row.present if whole else None,
        entitled=row.entitled if whole else None,
        quorum=row.quorum if whole else "",
        clauses=[_clause(one) for one in clauses] if told else [],
        projects=[
            DecisionProjectOut(
                id=link.project_id,
                answers_need=link.answers_need,
                light=then[link.project_id].light if link.project_id in then else None,
            )
            for link in links
            if whole and link.project_id in projects
        ],
        state=row.state if whole and row.number else None,
        due_on=row.due_on if whole else None,
        done_on=row.done_on if whole else None,
        replaces=replaces,
        void_reason=row.void_reason,
        source=row.source if whole else "",
        whole=whole,
        changed_at=row.changed_at,
    )


def _clause(row: Clause) -> ClauseOut:
    return ClauseOut(
        id=ident(row),
        position=row.position,
        verb=row.verb,
        text=row.text,
        organisation=row.organisation_id,
        person=row.person_id,
        due_on=row.due_on,
    )
