"""What people send about circular procedures."""

from pydantic import BaseModel, ConfigDict, Field

from app.circulars.models import Vote
from app.decisions.schemas import WORDING_LENGTH, ClauseIn
from app.validation import Day, Line, Prose, RowId
from app.visibility import Level


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CircularChange(_Wish):
    """Fields of a draft to change; absent ones stay. ``answers_needs``: it closes the projects' decision needs."""

    title: Line | None = Field(default=None, min_length=1, max_length=500)
    wording: Prose | None = Field(default=None, max_length=WORDING_LENGTH)
    grounds: Prose | None = Field(default=None, max_length=10_000)
    level: Level | None = None
    clauses: list[ClauseIn] | None = Field(default=None, max_length=50)
    projects: list[RowId] | None = Field(default=None, max_length=200)
    answers_needs: bool | None = None


class CircularIn(CircularChange):
    """A new draft; absent fields are those of the ``item`` or of the entry of the backlog (``topic``) it takes over."""

    body: RowId
    item: RowId | None = None
    topic: RowId | None = None


class StartIn(_Wish):
    """The last day for answers; absent: as many days from today as the body's rule says."""

    ends_on: Day | None = None


class BallotIn(_Wish):
    """An answer: to the procedure and to the matter. ``seat`` may be absent where the actor answers for one only.

    With a ``reason`` the secretariat writes down what somebody else answered (im Auftrag).
    """

    seat: RowId | None = None
    procedure_agreed: bool
    vote: Vote
    remark: Line = Field(default="", max_length=1000)
    reason: Line = Field(default="", max_length=500)


class WithdrawIn(_Wish):
    """Why a running procedure ends without a result."""

    reason: Line = Field(min_length=1, max_length=500)
