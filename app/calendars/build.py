"""From rows to calendar entries: the only place that decides what their words say.

Never a main topic, a reason or anything else that is typed freely and could be confidential: feeds lie in programs
that we do not know. Titles of the agenda and of own actions come in only as their rows bring them.
"""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

from app import text
from app.actions.models import Action, ActionState
from app.actor import Actor
from app.agenda.schemas.frozen import AgendaValues
from app.calendars.feed import strong_etag
from app.calendars.rows import ActionRow, FeedRows, MeetingRow, VoteRow
from app.calendars.rules import rights_of
from app.calendars.schemas import CalendarDeadline, CalendarEvent, CalendarTask, EventState, Feed, TaskState
from app.clock import BERLIN
from app.db import ident
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.rules import life
from app.meetings.rules.deadlines import TITLES, DeadlineKind

WORDING = 3
"""Rises when the words below change, so that no client keeps the old ones."""

MEETINGS, DEADLINES = "sitzungen", "fristen"
TASKS = "aufgaben"
NAMES = {"": "Sitzungen und Fristen", MEETINGS: "Sitzungen", DEADLINES: "Fristen"}
DEMO = "Beispieldaten – Personen, Sachstände und Beschlüsse sind erfunden."

_STATES = {
    MeetingState.RELEASED: EventState.CONFIRMED,
    MeetingState.IN_SESSION: EventState.CONFIRMED,
    MeetingState.HELD: EventState.HELD,
    MeetingState.CANCELLED: EventState.CANCELLED,
}


def build_feed(
    rows: FeedRows, *, base_url: str, address: str, body: str = "", only: str = "", demo: bool = False
) -> Feed:
    """The feed of one reader. ``body``: short name where it is of one body; ``only``: "sitzungen", "fristen" or ""."""
    events = () if only == DEADLINES else tuple(build_event(row, base_url=base_url, demo=demo) for row in rows.meetings)
    deadlines: tuple[CalendarDeadline, ...] = ()
    if only != MEETINGS:
        deadlines = tuple(
            build_deadline(row, deadline, base_url=base_url, demo=demo)
            for row in rows.meetings
            for deadline in rows.deadlines.get(ident(row.meeting), ())
            if still_matters(row.meeting, deadline)
        )
        periods = (build_objections(row, base_url=base_url, demo=demo) for row in rows.meetings)
        deadlines += tuple(one for one in periods if one is not None)
        deadlines += tuple(build_due(row, base_url=base_url, demo=demo) for row in rows.actions)
        deadlines += tuple(build_vote(row, base_url=base_url, demo=demo) for row in rows.votes)
    return Feed(name=f"{body or 'SKIP'}: {NAMES[only]}", events=events, deadlines=deadlines, source_url=address)


def build_event(row: MeetingRow, *, base_url: str, demo: bool = False) -> CalendarEvent:
    """A meeting as every calendar shows it: feed, download, invitation."""
    meeting = row.meeting
    return CalendarEvent(
        uid=meeting.uid,
        sequence=meeting.sequence,
        changed_at=meeting.calendar_changed_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        body=row.body,
        title=life.label(meeting),
        place=meeting.place,
        url=page_of(meeting, base_url),
        description="\n\n".join(
            part for part in (_words(row), _minutes_words(row, base_url), DEMO if demo else "") if part
        ),
        state=state_of(meeting),
        categories=(row.body,),
        zone=meeting.zone,
    )


def event_of_frozen(values: AgendaValues) -> CalendarEvent:
    """The meeting as its frozen agenda names it, for the file inside the PDF: it depends on nothing but *values*.

    It carries no address of a page, because that is the installation's and not part of what was frozen.
    """
    meeting = values.meeting
    return CalendarEvent(
        uid=meeting.uid,
        sequence=meeting.sequence,
        changed_at=meeting.changed_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        body=values.body.short_name,
        title=meeting.label,
        place=meeting.place,
        description=DEMO if values.demo else "",
        state=EventState.CONFIRMED if values.version else EventState.TENTATIVE,
        categories=(values.body.short_name,),
        zone=meeting.zone,
    )


def build_deadline(
    row: MeetingRow, deadline: MeetingDeadline, *, base_url: str, demo: bool = False
) -> CalendarDeadline:
    """A deadline of a meeting, as a day; its words name the meeting's day, so it changes with the meeting too."""
    meeting = row.meeting
    words = f"Frist der {life.label(meeting)} am {text.weekday_date(life.day_of(meeting))}. Sie endet um 24 Uhr."
    return CalendarDeadline(
        uid=f"{deadline.kind}-{meeting.uid}",
        sequence=deadline.sequence,
        changed_at=max(deadline.changed_at, meeting.calendar_changed_at),
        day=deadline.due_on,
        title=f"{row.body} {life.label(meeting)}: {TITLES[DeadlineKind(deadline.kind)]}",
        url=page_of(meeting, base_url),
        description="\n\n".join(part for part in (words, DEMO if demo else "") if part),
        categories=(row.body, "Frist"),
    )


def build_objections(row: MeetingRow, *, base_url: str, demo: bool = False) -> CalendarDeadline | None:
    """The last day to object to minutes in review, None where none runs for the reader."""
    meeting, minutes = row.meeting, row.minutes
    if minutes is None or minutes.objections_until is None or minutes.sent_at is None:
        return None
    words = "Einwendungen gegen die Niederschrift sind bis 24 Uhr möglich."
    return CalendarDeadline(
        uid=f"objections-{meeting.uid}",
        sequence=max(minutes.dispatches - 1, 0),
        changed_at=max(minutes.sent_at, meeting.calendar_changed_at),
        day=minutes.objections_until,
        title=f"{row.body} {life.label(meeting)}: {TITLES[DeadlineKind.OBJECTIONS]}",
        url=minutes_page_of(meeting, base_url),
        description="\n\n".join(part for part in (words, DEMO if demo else "") if part),
        categories=(row.body, "Frist"),
    )


def build_vote(row: VoteRow, *, base_url: str, demo: bool = False) -> CalendarDeadline:
    """The last day to answer in a circular procedure; what it is about stands on its page only."""
    words = "Ihre Antwort im Umlaufverfahren zählt, wenn sie bis 24 Uhr da ist."
    return CalendarDeadline(
        uid=f"umlauf-{row.circular_id}-{row.started_at:%Y%m%dT%H%M%S}@skip",
        sequence=0,
        changed_at=row.started_at,
        day=row.ends_on,
        title=f"{row.body} Umlaufverfahren: Antwort",
        url=f"{base_url.rstrip('/')}/umlaufverfahren/{row.circular_id}",
        description="\n\n".join(part for part in (words, DEMO if demo else "") if part),
        categories=(row.body, "Frist"),
    )


def build_tasks(rows: Sequence[ActionRow], *, base_url: str, address: str, body: str = "", demo: bool = False) -> Feed:
    """The own actions of one reader as a list of tasks."""
    tasks = tuple(build_task(row, base_url=base_url, demo=demo) for row in rows)
    return Feed(name=f"{body or 'SKIP'}: Aufträge", tasks=tasks, source_url=address)


def build_task(row: ActionRow, *, base_url: str, demo: bool = False) -> CalendarTask:
    """An own action as a task."""
    action = row.action
    noon = dt.datetime.combine(action.done_on, dt.time(12), BERLIN) if action.done_on else None
    return CalendarTask(
        uid=_uid("task", action, base_url),
        sequence=action.version - 1,
        changed_at=action.changed_at,
        title=_action_words(row),
        state=_TASKS[action.state],
        due=action.due_on,
        done_at=min(noon, action.changed_at) if noon else None,
        url=f"{base_url.rstrip('/')}/auftraege/{action.id}",
        description=_action_description(row, demo=demo),
        categories=(row.body, "Auftrag"),
    )


def build_due(row: ActionRow, *, base_url: str, demo: bool = False) -> CalendarDeadline:
    """The day until which an own action is to be done."""
    action = row.action
    return CalendarDeadline(
        uid=_uid("due", action, base_url),
        sequence=action.version - 1,
        changed_at=action.changed_at,
        day=action.due_on or action.given_on,
        title=f"{_action_words(row)} (fällig)",
        url=f"{base_url.rstrip('/')}/auftraege/{action.id}",
        description=_action_description(row, demo=demo),
        categories=(row.body, "Frist", "Auftrag"),
    )


_TASKS = {
    ActionState.OPEN: TaskState.OPEN,
    ActionState.IN_PROGRESS: TaskState.STARTED,
    ActionState.DONE: TaskState.DONE,
    ActionState.DROPPED: TaskState.DROPPED,
}


def _uid(kind: str, action: Action, base_url: str) -> str:
    """One that no other entry and no other installation has, and that stays."""
    return f"{kind}-{action.id}@{urlsplit(base_url).hostname or 'skip'}"


def _action_words(row: ActionRow) -> str:
    """SKIP A 2026/014: Flächenkarte vorlegen"""
    named = f"{row.body} Auftrag {row.action.number}"
    return f"{named}: {row.action.title}" if row.titled else named


def _action_description(row: ActionRow, *, demo: bool) -> str:
    due, first = row.action.due_on, row.action.first_due_on
    until = f"Frist: {text.date(due)}, sie endet um 24 Uhr." if due else "Ohne Frist."
    moved = f"Ursprünglich: {text.date(first)}." if first and first != due else ""
    return "\n\n".join(
        part for part in (" ".join(part for part in (until, moved) if part), DEMO if demo else "") if part
    )


def still_matters(meeting: Meeting, deadline: MeetingDeadline) -> bool:
    """Whether anybody can still do something by the deadline: once a meeting is held only its minutes are due."""
    if meeting.state is MeetingState.CANCELLED or meeting.entered_afterwards:
        return False
    return meeting.state is not MeetingState.HELD or deadline.kind == DeadlineKind.MINUTES


def state_of(meeting: Meeting) -> EventState:
    """How sure a meeting is: everything before the release is tentative, but what is entered afterwards has been."""
    if meeting.entered_afterwards and meeting.state is not MeetingState.CANCELLED:
        return EventState.HELD
    return _STATES.get(meeting.state, EventState.TENTATIVE)


def page_of(meeting: Meeting, base_url: str) -> str:
    """The address of the meeting's page."""
    return f"{base_url.rstrip('/')}/sitzungen/{meeting.id}"


def minutes_page_of(meeting: Meeting, base_url: str) -> str:
    """The address of the page of the meeting's minutes."""
    return f"{page_of(meeting, base_url)}/niederschrift"


def feed_tag(state: tuple[object, ...], actor: Actor, token_hash: str, *, only: str, base_url: str) -> str:
    """The ETag of a feed from what determines its text: the data's state, rights, token, choice, our wording."""
    return strong_etag(repr(state), rights_of(actor), token_hash, only, base_url, WORDING)


def _words(row: MeetingRow) -> str:
    meeting = row.meeting
    if meeting.state is MeetingState.CANCELLED:
        return "Die Sitzung ist abgesagt."
    if row.titles:
        return "\n".join(("Tagesordnung", *row.titles))
    if state_of(meeting) is not EventState.TENTATIVE:
        return ""
    if meeting.announced_at is None:
        return "Geplant, noch nicht angekündigt."
    return "Die Tagesordnung folgt mit der Einladung."


def _minutes_words(row: MeetingRow, base_url: str) -> str:
    """Where the approved minutes stand; minutes in review are no news for calendars but for their deadline."""
    if row.minutes is None or not row.minutes.approved:
        return ""
    return f"Niederschrift (genehmigt): {minutes_page_of(row.meeting, base_url)}"
