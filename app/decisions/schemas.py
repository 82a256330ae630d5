"""What people send about decisions, and the frozen statuses of their projects."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.agenda.models import Outcome
from app.decisions.models import FollowUpState, Taking, Verb
from app.projects.models import Light, Phase
from app.validation import Day, Line, Prose, RowId
from app.visibility import Level

WORDING_LENGTH = 20_000
MOST_VOTES = 1000


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClauseIn(_Wish):
    """A numbered clause (Ziffer). ``id``: the clause that it was before; one without is new."""

    id: RowId | None = None
    verb: Verb
    text: Prose = Field(min_length=1, max_length=5000)
    organisation: RowId | None = None
    person: RowId | None = None
    due_on: Day | None = None


class DecisionIn(_Wish):
    """The decision of an item; absent fields stay, or are the item's where the decision begins.

    ``answers``: those of the projects whose decision need it closes. ``chair_vote``: a tie was decided by the chair.
    ``replaces``: the earlier decision that it replaces. ``taken_at``: the moment whose attendance counts.
    """

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    wording: Prose | None = Field(default=None, max_length=WORDING_LENGTH)
    level: Level | None = None
    taking: Taking | None = None
    yes: int | None = Field(default=None, ge=0, le=MOST_VOTES)
    no: int | None = Field(default=None, ge=0, le=MOST_VOTES)
    abstentions: int | None = Field(default=None, ge=0, le=MOST_VOTES)
    chair_vote: bool | None = None
    clauses: list[ClauseIn] | None = Field(default=None, max_length=50)
    projects: list[RowId] | None = Field(default=None, max_length=200)
    answers: list[RowId] | None = Field(default=None, max_length=200)
    replaces: RowId | None = None
    taken_at: AwareDatetime | None = None


class VoidIn(_Wish):
    """Why a number stands for no decision."""

    reason: Line = Field(min_length=1, max_length=500)


class ReplaceIn(_Wish):
    """The earlier decision that a decision replaces; None takes that back."""

    replaces: RowId | None = None


class FollowUpIn(_Wish):
    """An entry of the Beschlusskontrolle. ``as_of``: its Stand, today if absent; ``due_on``: the next date.

    ``text`` says what happened (Erledigungsvermerk of what is done), ``reason`` why it is late or over.
    """

    state: FollowUpState
    as_of: Day | None = None
    text: Prose = Field(default="", max_length=5000)
    reason: Line = Field(default="", max_length=1000)
    due_on: Day | None = None


class TakenOverIn(_Wish):
    """An old decision with the number it had, outside the series; ``source`` says where it was taken from."""

    body: RowId
    number: Line = Field(min_length=1, max_length=60)
    decided_on: Day
    title: Line = Field(min_length=1, max_length=500)
    wording: Prose = Field(default="", max_length=WORDING_LENGTH)
    outcome: Outcome | None = None
    level: Level = Level.INTERNAL
    clauses: list[ClauseIn] = Field(default_factory=list, max_length=50)
    projects: list[RowId] = Field(default_factory=list, max_length=200)
    source: Line = Field(min_length=1, max_length=300)


class TakenOverChange(_Wish):
    """Fields of a taken-over decision to correct; absent ones stay."""

    number: Line | None = Field(default=None, min_length=1, max_length=60)
    decided_on: Day | None = None
    title: Line | None = Field(default=None, min_length=1, max_length=500)
    wording: Prose | None = Field(default=None, max_length=WORDING_LENGTH)
    outcome: Outcome | None = None
    level: Level | None = None
    clauses: list[ClauseIn] | None = Field(default=None, max_length=50)
    projects: list[RowId] | None = Field(default=None, max_length=200)
    source: Line | None = Field(default=None, min_length=1, max_length=300)


class DecisionChange(DecisionIn):
    """Fields of any decision to change; number, day, outcome and source are those of a taken-over one alone."""

    number: Line | None = Field(default=None, min_length=1, max_length=60)
    decided_on: Day | None = None
    outcome: Outcome | None = None
    source: Line | None = Field(default=None, min_length=1, max_length=300)


@dataclass(frozen=True, slots=True)
class StatusThen:
    """A project of a decision as it stood when it was decided. ``as_of`` None: nothing had been reported."""

    project: int
    code: str
    title: str
    field: str
    light: Light | None
    phase: Phase | None
    as_of: dt.date | None


def write_statuses(statuses: Iterable[StatusThen]) -> str:
    """Canonical JSON of the statuses, as it is stored with the decision."""
    rows = [asdict(one) for one in statuses]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def read_statuses(content: str) -> dict[int, StatusThen]:
    """The stored statuses by project."""
    return {row["project"]: _status(row) for row in json.loads(content)}


def _status(row: Mapping[str, Any]) -> StatusThen:
    return StatusThen(
        project=row["project"],
        code=row["code"],
        title=row["title"],
        field=row["field"],
        light=Light(row["light"]) if row["light"] else None,
        phase=Phase(row["phase"]) if row["phase"] else None,
        as_of=dt.date.fromisoformat(row["as_of"]) if row["as_of"] else None,
    )
