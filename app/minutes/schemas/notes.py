"""What people send while minutes are written: notes on items, times, opening and closing, text blocks."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.validation import Line, Prose, RowId


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MinuteNoteIn(_Wish):
    """The course of deliberation of an item, as Markdown."""

    note: Prose = Field(default="", max_length=50_000)


class TimesIn(_Wish):
    """When an item began and ended, as times of day in Berlin; an absent one is not known."""

    started_at: dt.time | None = None
    ended_at: dt.time | None = None


class MinuteItemChange(_Wish):
    """Fields of what is noted about an item; absent ones stay. Moments carry their offset, null takes one away."""

    note: Prose | None = Field(default=None, max_length=50_000)
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None


class MinutesTextsIn(_Wish):
    """What frames the items in the minutes; absent texts stay."""

    opening: Prose | None = Field(default=None, max_length=20_000)
    closing: Prose | None = Field(default=None, max_length=20_000)


class TextBlockIn(_Wish):
    """A text block of a body for its minutes, as Markdown; ``id`` is that of a stored one."""

    id: RowId | None = None
    title: Line = Field(min_length=1, max_length=120)
    text: Prose = Field(min_length=1, max_length=5000)


class TextBlocksIn(_Wish):
    """All text blocks of a body in their order; a stored one that is missing goes."""

    blocks: list[TextBlockIn] = Field(max_length=50)
