"""How programs read and write the chair's speaking notes, and the guests of an item."""

import datetime as dt
from typing import Any

from app.agenda.models import AgendaItem, GuestRole, SpeakingNote
from app.agenda.queries import GuestLine
from app.agenda.service.speaking import note_state
from app.api.schemas.thing import PREFIX, Shape, Thing
from app.db import ident
from app.meetings.models import Meeting


class SpeakingNoteOut(Thing):
    """The chair's own texts about an item: ``id`` is the item's, ``version`` 0 while nothing was written."""

    meeting: int
    item: int
    goal: str
    key_messages: str
    reactive: str
    changed_at: dt.datetime | None
    changed_by: str


class GuestOut(Shape):
    """Somebody invited to an item; ``topic`` is the subject of the talk."""

    person: int
    name: str
    function: str
    role: GuestRole
    topic: str


class GuestsOut(Thing):
    """The guests of an item; ``id`` and ``version`` are the item's."""

    meeting: int
    guests: list[GuestOut]


def note_out(meeting: Meeting, item: AgendaItem, note: SpeakingNote | None) -> SpeakingNoteOut:
    """The texts about *item*, empty ones while nothing was written."""
    return SpeakingNoteOut(
        **_addresses(meeting, item, "speaking-note"),
        page=f"/sitzungen/{meeting.id}/sprechzettel#top-{item.id}",
        item=ident(item),
        changed_at=note.changed_at if note else None,
        **note_state(note),
    )


def guests_out(meeting: Meeting, item: AgendaItem, lines: list[GuestLine]) -> GuestsOut:
    """The guests of *item* by name."""
    return GuestsOut(
        **_addresses(meeting, item, "guests"),
        page=f"/sitzungen/{meeting.id}/tagesordnung/{item.id}/gaeste",
        version=item.version,
        guests=[
            GuestOut(
                person=ident(line.person), name=line.person.name, function=line.where, role=line.role, topic=line.topic
            )
            for line in lines
        ],
    )


def _addresses(meeting: Meeting, item: AgendaItem, part: str) -> dict[str, Any]:
    return {
        "id": ident(item),
        "url": f"{PREFIX}/meetings/{meeting.id}/agenda-items/{item.id}/{part}",
        "meeting": ident(meeting),
    }
