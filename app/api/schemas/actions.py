"""How programs read and give action items (Aufträge)."""

import datetime as dt
from collections.abc import Mapping, Sequence

from app.actions.models import ActionState, ActionStep
from app.actions.schemas import ActionIn, ActionLine
from app.agenda.models import Level
from app.api.schemas.proposals import ProposalProjectOut
from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.validation import RowId


class ActionGiven(ActionIn):
    """A new action of a body."""

    body: RowId


class ProgressOut(Shape):
    """A dated step: progress, a state, or another date (``due_on`` in place of ``due_before``) with its reason."""

    as_of: dt.date
    state: ActionState
    text: str
    reason: str
    due_before: dt.date | None
    due_on: dt.date | None
    entered_at: Moment
    entered_by: str


class ActionOut(Thing):
    """An action. ``number`` is empty until the meeting in which it arose is closed; ``overdue_days`` 0 where it is not.

    ``first_due_on`` is the date it had at first. ``mine``: yours, or of an institution for whose seat you act.
    """

    body: int
    number: str
    title: str
    details: str
    organisation: int | None
    person: int | None
    level: Level
    state: ActionState
    given_on: dt.date
    first_due_on: dt.date | None
    due_on: dt.date | None
    done_on: dt.date | None
    overdue_days: int
    mine: bool
    projects: list[ProposalProjectOut]
    progress: list[ProgressOut]


def action_outs(lines: Sequence[ActionLine], steps: Mapping[int, Sequence[ActionStep]]) -> list[ActionOut]:
    """Actions as programs read them, with their steps by action."""
    return [
        ActionOut(
            id=one.id,
            version=one.version,
            url=f"{PREFIX}/actions/{one.id}",
            page=f"/auftraege/{one.id}",
            body=one.body_id,
            number=one.number,
            title=one.title,
            details=one.details,
            organisation=one.organisation_id,
            person=one.person_id,
            level=one.level,
            state=one.state,
            given_on=one.given_on,
            first_due_on=one.first_due_on,
            due_on=one.due_on,
            done_on=one.done_on,
            overdue_days=one.late_days,
            mine=one.mine,
            projects=[ProposalProjectOut(id=project.id, code=project.code) for project in one.projects],
            progress=[
                ProgressOut(**{name: getattr(step, name) for name in ProgressOut.model_fields})
                for step in steps.get(one.id, ())
            ],
        )
        for one in lines
    ]
