"""Writing minutes while people talk: notes on items, and when each began and ended. The caller locks the meeting."""

import datetime as dt
from typing import Protocol

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import get_item
from app.db import ident
from app.errors import Forbidden, Refused, Stale
from app.history.service import snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import MinuteNote
from app.minutes.rules.times import check_times, moment_at
from app.minutes.schemas.notes import MinuteNoteIn, MinutesTextsIn, TimesIn
from app.minutes.service.frame_texts import MinutesTexts
from app.minutes.service.note_texts import MinuteNoteTexts, begun_note, record_note
from app.revisions import service as revisions
from app.revisions.schemas import Desk

OVERTAKEN_FRAME = (
    "Jemand hat Einleitung oder Schluss inzwischen geändert. "
    "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
)


class Spanned(Protocol):
    """Something that began and ended."""

    @property
    def started_at(self) -> dt.datetime | None:
        """When it began."""

    @property
    def ended_at(self) -> dt.datetime | None:
        """When it ended."""


TIMES = ("started_at", "ended_at")
KEEPING = (MeetingState.IN_SESSION, MeetingState.HELD)
"""While a meeting is in one of these states its minutes are written."""


def minute_note_desk(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> Desk:
    """Where the course of deliberation of an item is written."""
    return Desk(
        holder=MinuteNoteTexts(session, meeting, item, queries.find_note(session, actor, ident(item))),
        title=f"TOP {item.number} {item.title}",
        require_present=lambda: require_keeper(actor, meeting),
        require_writer=lambda: require_writable(actor, meeting, item),
    )


def write_note(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: MinuteNoteIn, *, base_version: int
) -> MinuteNote:
    """Write the note seen at *base_version* (0 = nothing was written yet); Stale where somebody else wrote meanwhile.

    A wish that changes nothing leaves no trace and is never stale.
    """
    require_writable(actor, meeting, item)
    row = queries.find_note(session, actor, ident(item))
    holder = MinuteNoteTexts(session, meeting, item, row)
    before, content = holder.text("note"), holder.checked("note", wish.note)
    if content != before and holder.version != base_version:
        raise Stale({"id": item.id, "version": holder.version, "note": before}, _overtaken(row))
    revisions.close_texts(session, holder, fields=("note",), actor=actor)
    if content != before:
        holder.write(actor, "note", content)
        revisions.note_change(session, actor, holder, "note", before)
        holder.record(actor, "note", before, content)
    return _row(session, actor, item)


def minutes_desk(session: Session, actor: Actor, meeting: Meeting) -> Desk:
    """Where opening and closing of the minutes are written."""
    return Desk(
        holder=MinutesTexts(session, meeting, queries.find_minutes(session, ident(meeting))),
        title=f"Niederschrift der {life.label_with_date(meeting)}",
        require_present=lambda: require_keeper(actor, meeting),
        require_writer=lambda: require_writable(actor, meeting),
    )


def write_frame(session: Session, actor: Actor, meeting: Meeting, wish: MinutesTextsIn, *, base_version: int) -> None:
    """Write opening and closing seen at *base_version*; Stale where somebody else wrote meanwhile."""
    require_writable(actor, meeting)
    holder = MinutesTexts(session, meeting, queries.find_minutes(session, ident(meeting)))
    sent = wish.model_dump(exclude_none=True)
    changed = [name for name, content in sent.items() if content != holder.text(name)]
    if changed and holder.version != base_version:
        stored = {name: holder.text(name) for name in holder.labels}
        raise Stale({"version": holder.version, **stored}, OVERTAKEN_FRAME)
    revisions.close_texts(session, holder, fields=tuple(sent), actor=actor)
    for name in changed:
        before = holder.text(name)
        holder.write(actor, name, sent[name])
        revisions.note_change(session, actor, holder, name, before)
        holder.record(actor, name, before, sent[name])


def begin_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """The item is dealt with from now on; the one before ends. One that had ended goes on from its first beginning."""
    _require_session(actor, meeting)
    require_writable(actor, meeting, item)
    running = queries.find_running(session, ident(meeting))
    if running is not None and running.item_id == ident(item):
        return
    if running is not None:
        other = get_item(session, actor, ident(meeting), running.item_id)
        _set_times(session, actor, meeting, other, running.started_at, clock.now())
    note = queries.find_note(session, actor, ident(item))
    began = note.started_at if note is not None and note.started_at is not None else clock.now()
    _set_times(session, actor, meeting, item, began, None)


def end_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """The item is over now. Refused where it does not run."""
    _require_session(actor, meeting)
    require_writable(actor, meeting, item)
    note = queries.find_note(session, actor, ident(item))
    if note is None or note.started_at is None or note.ended_at is not None:
        raise Refused(f"TOP {item.number} läuft gerade nicht.")
    _set_times(session, actor, meeting, item, note.started_at, clock.now())


def correct_times(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: TimesIn, *, seen: str | None = None
) -> None:
    """Say when the item began and ended. With *seen* (:func:`times_seen`), Stale where somebody changed it meanwhile.

    An item that is made to run ends no other one: that is what :func:`begin_item` is for, so it is refused here.
    """
    require_writable(actor, meeting, item)
    note = queries.find_note(session, actor, ident(item))
    if seen is not None and seen != times_seen(note):
        raise Stale({"id": item.id, **_times(note)}, "Inzwischen hat jemand diese Zeiten geändert; hier stehen sie.")
    started, ended = (
        moment_at(meeting.starts_at, meeting.ends_at, one) if one is not None else None
        for one in (wish.started_at, wish.ended_at)
    )
    set_moments(session, actor, meeting, item, started, ended)


def set_moments(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    started: dt.datetime | None,
    ended: dt.datetime | None,
) -> None:
    """Say at which moments the item began and ended (aware); as :func:`correct_times`."""
    require_writable(actor, meeting, item)
    check_times(started, ended, clock.now())
    running = queries.find_running(session, ident(meeting))
    if started is not None and ended is None and running is not None and running.item_id != ident(item):
        raise Refused("Es läuft schon ein anderer Punkt. Bitte geben Sie auch das Ende an, oder beginnen Sie den TOP.")
    _set_times(session, actor, meeting, item, started, ended)


def times_seen(timed: Spanned | None) -> str:
    """The times as a form shows them, to be sent back with it."""
    moments = (timed.started_at, timed.ended_at) if timed else (None, None)
    return "/".join(one.astimezone(dt.UTC).isoformat() if one else "" for one in moments)


def require_keeper(actor: Actor, meeting: Meeting) -> None:
    """Forbidden for everybody who does not run the meeting."""
    if not life.may_run(actor, meeting):
        raise Forbidden()


def require_writable(actor: Actor, meeting: Meeting, item: AgendaItem | None = None) -> None:
    """Refuse writing before the meeting was opened, once its minutes are approved, or about an item taken off."""
    require_keeper(actor, meeting)
    if meeting.state not in KEEPING:
        raise Refused("Protokoll wird geführt, sobald die Sitzung eröffnet ist.")
    life.require_unsealed(meeting)
    if item is not None and item.withdrawn:
        raise Refused("Dieser Punkt ist abgesetzt.")


def _require_session(actor: Actor, meeting: Meeting) -> None:
    require_keeper(actor, meeting)
    if meeting.state is not MeetingState.IN_SESSION:
        raise Refused(
            "Punkte beginnen und enden, während die Sitzung läuft. Danach lassen sich die Zeiten berichtigen."
        )


def _set_times(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    started: dt.datetime | None,
    ended: dt.datetime | None,
) -> None:
    row = queries.note_to_keep(session, ident(item)) or begun_note(item)
    before = snapshot(row, *TIMES)
    if (row.started_at, row.ended_at) == (started, ended):
        return
    row.started_at, row.ended_at = started, ended
    row.changed_at, row.changed_by = clock.now(), actor.name
    session.add(row)
    session.flush()
    record_note(session, actor, meeting, item, row, "minutes.times", before, snapshot(row, *TIMES))


def _row(session: Session, actor: Actor, item: AgendaItem) -> MinuteNote:
    return queries.find_note(session, actor, ident(item)) or begun_note(item)


def _times(note: MinuteNote | None) -> dict[str, object]:
    return snapshot(note, *TIMES) if note else dict.fromkeys(TIMES, None)


def _overtaken(row: MinuteNote | None) -> str:
    who = row.changed_by if row else ""
    when = f" ({text.moment(row.changed_at)})" if row else ""
    return (
        f"{who or 'Jemand'} hat diese Notiz inzwischen geändert{when}. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
    )
