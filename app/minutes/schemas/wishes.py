"""What people send about minutes: dispatch, objections and answers, approval, addenda, revocation."""

from pydantic import BaseModel, ConfigDict, Field

from app.agenda.schemas.wishes import Day
from app.minutes.models import ObjectionState
from app.validation import Line, Prose, RowId
from app.visibility import Level


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SubmitIn(_Wish):
    """The dispatch of minutes for review: the chair's yes (Freigabe), and the reason where it is late."""

    released_by: Line = Field(default="", max_length=200)
    released_on: Day | None = None
    released_how: Line = Field(default="", max_length=40)
    late_reason: Line = Field(default="", max_length=500)


class ObjectionIn(_Wish):
    """A wish to correct the minutes, of one item or (null) the whole. ``by``: for whom the secretariat enters it."""

    item: RowId | None = None
    text: Prose = Field(min_length=1, max_length=10000)
    by: Line = Field(default="", max_length=400)


class AnswerIn(_Wish):
    """The answer to an objection: taken over, partly, or not, and what is said to it."""

    state: ObjectionState
    answer: Prose = Field(default="", max_length=10000)


class ApproveIn(_Wish):
    """The approval in a later meeting (its id), or (null) by silence after the objection period."""

    meeting: RowId | None = None


class AddendumIn(_Wish):
    """A dated addendum to approved minutes, of one item or the whole."""

    item: RowId | None = None
    text: Prose = Field(min_length=1, max_length=10000)
    level: Level = Level.INTERNAL


class RevokeIn(_Wish):
    """Why a publication is taken back."""

    reason: Line = Field(min_length=1, max_length=500)
