"""What is different from what was told last, and whether that waits to be told."""

import datetime as dt
from dataclasses import dataclass

from app import clock, text
from app.invitations.models import DispatchMethod, InvitationDispatch
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of inviting to a meeting: the last dispatch, the released version (None before), and whether
    letters went out by post instead.
    """

    last: InvitationDispatch | None = None
    version: int | None = None
    by_post: bool = False


def changes_since(meeting: Meeting, version: int | None, last: InvitationDispatch | None) -> tuple[str, ...]:
    """What is different from what the last dispatch told, in words; nothing for a cancelled meeting."""
    if last is None or meeting.state is MeetingState.CANCELLED:
        return ()
    found = []
    if (last.starts_at, last.ends_at) != (meeting.starts_at, meeting.ends_at):
        found.append(f"Termin: {_when(meeting)} (bisher {_when(last)})")
    if last.place != meeting.place:
        found.append(f"Ort: {meeting.place or 'noch offen'} (bisher {last.place or 'noch offen'})")
    if last.method is DispatchMethod.CANCEL:
        found.append("Die Sitzung findet statt.")
    if version != last.version and version is not None:
        told = (
            f"Version {version} (bisher Version {last.version})" if last.version else f"liegt vor (Version {version})"
        )
        found.append(f"Tagesordnung: {told}")
    return tuple(found)


def may_invite(meeting: Meeting, now: dt.datetime) -> bool:
    """Whether mails can be sent at all: once the meeting is announced, until it begins, never for a Nacherfassung."""
    if meeting.entered_afterwards or meeting.starts_at <= now:
        return False
    if meeting.state in (MeetingState.IN_SESSION, MeetingState.HELD):
        return False
    return meeting.state not in life.PREPARING or meeting.announced_at is not None


def waits(meeting: Meeting, told: Told, now: dt.datetime) -> bool:
    """Whether those invited do not know the latest: nothing was sent yet, or something changed since.

    Who invited by post and never by mail is not asked to do it again.
    """
    if not may_invite(meeting, now):
        return False
    if told.last is None:
        return meeting.state is not MeetingState.CANCELLED and not told.by_post
    if meeting.state is MeetingState.CANCELLED:
        return told.last.method is DispatchMethod.REQUEST
    return bool(changes_since(meeting, told.version, told.last))


def is_pressing(meeting: Meeting, told: Told) -> bool:
    """Of what waits: more than an early note of the date, so that it is the next thing to do."""
    return told.last is not None or meeting.state is MeetingState.RELEASED


def words_for(meeting: Meeting, told: Told) -> str:
    """What is to be sent: Absage, Änderung, Einladung or Terminvormerkung."""
    if meeting.state is MeetingState.CANCELLED:
        return "Absage"
    if told.last is not None and told.last.version == told.version:
        return "Änderung"
    if told.version is not None:
        return "Einladung" if told.last is None or told.last.version is None else "Nachtrag"
    return "Terminvormerkung"


def _when(one: Meeting | InvitationDispatch) -> str:
    day = one.starts_at.astimezone(clock.BERLIN).date()
    return f"{text.weekday_date(day)}, {text.span(one.starts_at, one.ends_at)}"
