"""How programs read and write minutes while they are kept: opening, closing, and what is noted about items."""

from app.agenda.models import Outcome
from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident
from app.meetings.models import Meeting
from app.minutes.models import MinuteNote, Minutes, MinutesState
from app.minutes.queries import Point


class MinuteItemOut(Thing):
    """What is noted about an item: ``id`` is the item's, ``version`` 0 while nothing was noted."""

    number: str
    title: str
    outcome: Outcome | None
    note: str
    started_at: Moment | None
    ended_at: Moment | None


class MinutesOut(Thing):
    """The minutes of a meeting as they stand: ``id`` is the meeting's, ``version`` 0 before they were begun."""

    state: MinutesState
    keeper: str
    opening: str
    closing: str
    items: list[MinuteItemOut]


def minute_item_out(meeting: Meeting, point: Point, note: MinuteNote | None) -> MinuteItemOut:
    """What is noted about an item, empty while nothing was."""
    return MinuteItemOut(
        id=point.id,
        version=note.version if note else 0,
        url=f"{PREFIX}/meetings/{meeting.id}/minutes/items/{point.id}",
        page=f"/sitzungen/{meeting.id}/protokoll/{point.id}",
        number=point.number,
        title=point.title,
        outcome=point.outcome,
        note=note.note if note else "",
        started_at=point.started_at,
        ended_at=point.ended_at,
    )


def minutes_out(meeting: Meeting, minutes: Minutes | None, items: list[MinuteItemOut]) -> MinutesOut:
    """The minutes of *meeting* with what is noted about its items."""
    return MinutesOut(
        id=ident(meeting),
        version=minutes.version if minutes else 0,
        url=f"{PREFIX}/meetings/{meeting.id}/minutes",
        page=f"/sitzungen/{meeting.id}/protokoll",
        state=minutes.state if minutes else MinutesState.DRAFT,
        keeper=minutes.keeper if minutes else "",
        opening=minutes.opening if minutes else "",
        closing=minutes.closing if minutes else "",
        items=items,
    )
