"""iCalendar bytes from plain values; the only module that knows icalendar.

Equal values give equal bytes: nothing here reads a clock. An entry is written once and its text kept, because writing
it is what costs time; a feed is its head, one time zone and the kept texts.

No alarms (VALARM) are written. A feed is read by several people and offices at once; an alarm of ours would ring for
all of them at an hour none of them chose. Every client can remind by its owner's own setting.
"""

import datetime as dt
import hashlib
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Todo, vCalAddress, vDDDTypes, vDuration, vText, vUri
from icalendar.error import BrokenCalendarProperty

from app import text
from app.calendars.schemas import (
    Attendee,
    CalendarDeadline,
    CalendarEvent,
    CalendarTask,
    EventState,
    Feed,
    Method,
    Organizer,
    Reply,
    TaskState,
)

PRODUCT = "-//SKIP//Sitzungskalender//DE"
REFRESH = dt.timedelta(hours=1)
KEPT_ENTRIES = 8192
_END = b"END:VCALENDAR\r\n"

# The rule in force since 1996, written as a rule: lists of single changes end some day, and some clients then
# show every summer meeting one hour late.
_BERLIN_TIMEZONE = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Europe/Berlin\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:19700329T020000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"TZNAME:CEST\r\n"
    b"TZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0200\r\n"
    b"END:DAYLIGHT\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19701025T030000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"TZNAME:CET\r\n"
    b"TZOFFSETFROM:+0200\r\n"
    b"TZOFFSETTO:+0100\r\n"
    b"END:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)
_STATUS = {
    EventState.TENTATIVE: "TENTATIVE",
    EventState.CONFIRMED: "CONFIRMED",
    EventState.CANCELLED: "CANCELLED",
    EventState.HELD: "CONFIRMED",
}
_TASK_STATUS = {
    TaskState.OPEN: "NEEDS-ACTION",
    TaskState.STARTED: "IN-PROCESS",
    TaskState.DONE: "COMPLETED",
    TaskState.DROPPED: "CANCELLED",
}
_PERCENT = {TaskState.OPEN: 0, TaskState.STARTED: 50, TaskState.DONE: 100}
"""Nobody measures an action; begun is half way, so that programs tell it from what nobody has touched."""

Entry = TypeVar("Entry", bound=Component)

_SUMMARY = {
    EventState.TENTATIVE: "{} (Terminvormerkung)",
    EventState.CONFIRMED: "{}",
    EventState.CANCELLED: "ABGESAGT: {}",
    EventState.HELD: "{}",
}


def feed_ics(feed: Feed) -> bytes:
    """The feed as a calendar to subscribe to, meetings before deadlines before tasks, each in the order given.

    Without METHOD, ORGANIZER, ATTENDEE and a UID of the calendar itself: with them clients take a feed for an
    invitation or for a single entry.
    """
    meetings = map(_meeting_text, feed.events)
    deadlines = map(_deadline_text, feed.deadlines)
    tasks = map(_task_text, feed.tasks)
    return b"".join((_opened(_feed_head(feed)), _BERLIN_TIMEZONE, *meetings, *deadlines, *tasks, _END))


def event_ics(event: CalendarEvent, *, organizer: Organizer | None = None) -> bytes:
    """One meeting as a file to download, with the same UID as in every feed.

    With the *organizer*'s mailbox it is published (METHOD:PUBLISH). RFC 5546 (section 3.2.1) forbids that method
    without an ORGANIZER, so without a mailbox the file names none of the two and is a plain calendar.
    """
    head = _calendar()
    if organizer is None:
        entry = _meeting_text(event)
    else:
        head.add("method", "PUBLISH")
        entry = _written(_meeting(event, organizer))
    return b"".join((_opened(head), _BERLIN_TIMEZONE, entry, _END))


def invitation_ics(event: CalendarEvent, *, method: Method, organizer: Organizer, attendee: Attendee) -> bytes:
    """One meeting as an iTIP message to one recipient, whose ATTENDEE alone stands in it (standards §3).

    A cancellation says so of the whole event (STATUS), also where only this recipient is no longer invited.
    """
    head = _calendar()
    head.add("method", method.value)
    entry = _meeting(event, organizer)
    if method is Method.CANCEL:
        entry["status"] = vText("CANCELLED")
        entry["transp"] = vText("TRANSPARENT")
    entry.add("attendee", _invited(attendee, method), encode=False)
    return b"".join((_opened(head), _BERLIN_TIMEZONE, _written(entry), _END))


MOST_REPLIES = 20
"""Answers that one calendar part may bring; programs send one."""


def read_replies(content: bytes) -> tuple[Reply, ...]:
    """The answers in an iTIP message of whoever sent it; nothing for other methods and for what is no calendar."""
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    found: list[Reply] = []
    for calendar in calendars:
        if str(calendar.get("method", "")).strip().upper() == Method.REPLY:
            for event in calendar.walk("VEVENT"):
                found += _replies_of(event)
    return tuple(found[:MOST_REPLIES])


def _replies_of(event: Component) -> list[Reply]:
    """What each ATTENDEE of the event says; a reply names one, and one without UID answers nothing."""
    uid = text.one_line(str(event.get("uid", "")))[:200]
    attendees = event.get("attendee", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    comment = event.get("comment", "")
    comment = " ".join(str(one) for one in comment) if isinstance(comment, list) else str(comment)
    return [
        Reply(
            uid=uid,
            attendee=_bare(str(one)),
            partstat=text.one_line(str(getattr(one, "params", {}).get("partstat", ""))).upper()[:40],
            sequence=_sequence(event.get("sequence")),
            stamped_at=_stamp(event.get("dtstamp")),
            comment=text.one_line(comment)[:500],
            delegated_to=_named(getattr(one, "params", {}).get("delegated-to", ())),
        )
        for one in attendees
        if uid
    ]


def _named(value: object) -> tuple[str, ...]:
    several = value if isinstance(value, list | tuple) else [value]
    return tuple(_bare(str(one)) for one in several if one)[:3]


def _sequence(value: object) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 0 <= number < 2**31 else None


def _stamp(value: object) -> dt.datetime | None:
    """A moment in UTC; one without a zone is taken as UTC, as DTSTAMP has to be."""
    try:
        moment = getattr(value, "dt", None)
        if not isinstance(moment, dt.datetime):
            return None
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (OverflowError, ValueError, BrokenCalendarProperty):
        return None


def _bare(address: str) -> str:
    """mailto:Ada@Example.org as ada@example.org"""
    bare = text.one_line(address).strip("'\"").lower()
    return bare.removeprefix("mailto:").strip()[:254]


def strong_etag(*parts: bytes | str | int | dt.date) -> str:
    """A strong ETag, quotes included, from the bytes sent or from what determines them (versions, rights, address).

    Equal parts in equal order give equal tags on every machine, moments (aware) whatever their zone; ("a", "bc") and
    ("ab", "c") differ.
    """
    digest = hashlib.sha256()
    for part in parts:
        value = part.astimezone(dt.UTC) if isinstance(part, dt.datetime) else part
        raw = value if isinstance(value, bytes) else f"{type(value).__name__}:{value}".encode()
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return f'"{digest.hexdigest()[:40]}"'


@lru_cache(maxsize=KEPT_ENTRIES)
def _meeting_text(event: CalendarEvent) -> bytes:
    return _written(_meeting(event))


@lru_cache(maxsize=KEPT_ENTRIES)
def _deadline_text(deadline: CalendarDeadline) -> bytes:
    return _written(_deadline(deadline))


@lru_cache(maxsize=KEPT_ENTRIES)
def _task_text(task: CalendarTask) -> bytes:
    return _written(_task(task))


def _meeting(event: CalendarEvent, organizer: Organizer | None = None) -> Event:
    """The VEVENT of a meeting; only a cancelled one leaves the time free."""
    entry = _entry(event, _summary(event))
    entry.add("dtstart", _moment(event.starts_at, event.zone))
    entry.add("dtend", _moment(event.ends_at, event.zone))
    entry.add("status", _STATUS[event.state])
    entry.add("transp", "TRANSPARENT" if event.state is EventState.CANCELLED else "OPAQUE")
    _add_text(entry, "location", text.one_line(event.place))
    if organizer is not None:
        entry.add("organizer", _mailbox(organizer))
    return entry


def _deadline(deadline: CalendarDeadline) -> Event:
    """The VEVENT of a deadline: its whole day, in which everybody stays free."""
    entry = _entry(deadline, text.one_line(deadline.title))
    entry.add("dtstart", deadline.day)
    entry.add("dtend", deadline.day + dt.timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    return entry


def _task(task: CalendarTask) -> Todo:
    """The VTODO of an action. Its day is a DATE: it may be done until that day ends."""
    entry = _filled(Todo(), task, text.one_line(task.title))
    entry.add("status", _TASK_STATUS[task.state])
    if task.due is not None:
        entry.add("due", task.due)
    if task.state in _PERCENT:
        entry.add("percent-complete", _PERCENT[task.state])
    if task.state is TaskState.DONE and task.done_at is not None:
        entry.add("completed", task.done_at.astimezone(dt.UTC).replace(microsecond=0))
    return entry


def _entry(source: CalendarEvent | CalendarDeadline, summary: str) -> Event:
    return _filled(Event(), source, summary)


def _filled(entry: Entry, source: CalendarEvent | CalendarDeadline | CalendarTask, summary: str) -> Entry:
    """What meetings, deadlines and tasks share."""
    changed_at = source.changed_at.astimezone(dt.UTC).replace(microsecond=0)
    entry.add("uid", text.one_line(source.uid))
    entry.add("sequence", source.sequence)
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("summary", summary)
    _add_text(entry, "description", _description(source))
    if url := _address(source.url):
        entry.add("url", vUri(url))
    if categories := [name for name in map(text.one_line, source.categories) if name]:
        entry.add("categories", categories)
    return entry


def _summary(event: CalendarEvent) -> str:
    body, title = text.one_line(event.body), text.one_line(event.title)
    return _SUMMARY[event.state].format(": ".join(part for part in (body, title) if part))


def _description(source: CalendarEvent | CalendarDeadline | CalendarTask) -> str:
    """The description with the address as its last line, because several clients show no URL."""
    words, url = text.clean(source.description), _address(source.url)
    return words if url in words else "\n\n".join(part for part in (words, url) if part)


def _moment(moment: dt.datetime, zone: str) -> dt.datetime:
    """*moment* by the clock of Berlin, or in UTC where that would not be exact.

    That is in a zone whose rules we do not send, and in the hour that autumn has twice: readers disagree on it.
    """
    local = moment.astimezone(ZoneInfo(zone)).replace(microsecond=0)
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.astimezone(dt.UTC) if zone != "Europe/Berlin" or comes_twice else local


def _feed_head(feed: Feed) -> Calendar:
    head = _calendar()
    name = text.one_line(feed.name)
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("x-wr-timezone", "Europe/Berlin")
    _add_text(head, "color", text.one_line(feed.color))
    interval = vDDDTypes(REFRESH)
    interval.params["VALUE"] = "DURATION"
    head["REFRESH-INTERVAL"] = interval
    head.add("x-published-ttl", vDuration(REFRESH))
    if source := _address(feed.source_url):
        address = vUri(source)
        address.params["VALUE"] = "URI"
        head["SOURCE"] = address
    return head


def _calendar() -> Calendar:
    head = Calendar()
    head.add("prodid", PRODUCT)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    return head


def _written(component: Component) -> bytes:
    """The lines of *component*, folded and escaped by the library, CRLF at every end."""
    lines: bytes = component.to_ical()
    return lines


def _opened(head: Calendar) -> bytes:
    """*head* written without its last line, so that entries can follow."""
    return _written(head).removesuffix(_END)


def _add_text(component: Component, name: str, value: str) -> None:
    if value:
        component.add(name, value)


def _address(url: str) -> str:
    """*url* with everything that has no place in an address percent-encoded, line breaks first of all removed."""
    return quote("".join(text.clean(url).split()), safe="!#$%&'()*+,/:;=?@[]~")


def _mailbox(organizer: Organizer | Attendee) -> vCalAddress:
    mailbox = vCalAddress(f"mailto:{_address(organizer.email)}")
    if name := text.one_line(organizer.name).replace('"', "'"):
        mailbox.params["CN"] = name
    return mailbox


def _invited(attendee: Attendee, method: Method) -> vCalAddress:
    mailbox = _mailbox(attendee)
    mailbox.params["ROLE"] = "NON-PARTICIPANT" if attendee.informed else "REQ-PARTICIPANT"
    if method is Method.REQUEST:
        mailbox.params["PARTSTAT"] = attendee.answered.value
        mailbox.params["RSVP"] = "TRUE" if attendee.asked else "FALSE"
    return mailbox
