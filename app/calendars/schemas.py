"""What a calendar entry is made of: frozen plain values that know neither the database nor iCalendar."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class EventState(StrEnum):
    """How sure a meeting is, as calendars see it: announced, released, cancelled, or held."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    HELD = "held"


@dataclass(frozen=True)
class CalendarEvent:
    """One meeting as its reader may see it.

    *uid* never changes and is the same in feed, download and invitation; *sequence* rises with date, time, place and
    cancellation; *changed_at* (aware) is the last change of anything shown. *starts_at* and *ends_at* are aware;
    *zone* names the clock on which the meeting was agreed. *body* and *title* ("SKIP", "17. Sitzung") make the
    summary; words for the state are added when it is written.
    """

    uid: str
    sequence: int
    changed_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    body: str
    title: str
    place: str = ""
    url: str = ""
    description: str = ""
    state: EventState = EventState.CONFIRMED
    categories: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"


@dataclass(frozen=True)
class CalendarDeadline:
    """One deadline, shown as a day that takes nobody's time; *day* is the last day of it.

    *title* is whole ("SKIP 17. Sitzung: Anmeldeschluss"); *uid*, *sequence* and *changed_at* as for a meeting. The
    deadlines of a cancelled meeting are simply left out: a subscribed calendar then drops them.
    """

    uid: str
    sequence: int
    changed_at: dt.datetime
    day: dt.date
    title: str
    url: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()


class TaskState(StrEnum):
    """How far a task is, as programs for tasks know it."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class CalendarTask:
    """One task (an own action): *due* the last day for it, *done_at* (aware) when it was done or dropped.

    *uid*, *sequence* and *changed_at* as for a meeting. *uid* differs from that of the deadline of the same action.
    """

    uid: str
    sequence: int
    changed_at: dt.datetime
    title: str
    state: TaskState
    due: dt.date | None = None
    done_at: dt.datetime | None = None
    url: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A calendar to subscribe to: *name* on the screen, *color* as a CSS colour name, *source_url* its own address."""

    name: str
    events: tuple[CalendarEvent, ...] = ()
    deadlines: tuple[CalendarDeadline, ...] = ()
    tasks: tuple[CalendarTask, ...] = ()
    color: str = "steelblue"
    source_url: str = ""


@dataclass(frozen=True)
class Organizer:
    """The mailbox that a downloaded meeting names as its sender; a real one that is read."""

    name: str
    email: str


class Answered(StrEnum):
    """What an attendee answered so far, as iTIP names it (PARTSTAT)."""

    OPEN = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True)
class Attendee:
    """The one recipient whom an invitation names. ``asked``: an answer is wanted; ``informed``: only told of it."""

    name: str
    email: str
    asked: bool = True
    informed: bool = False
    answered: Answered = Answered.OPEN


class Method(StrEnum):
    """What an iTIP message does (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    REPLY = "REPLY"


@dataclass(frozen=True)
class Reply:
    """One answer of an attendee as a mail brought it: texts are cleaned, addresses in lower case without ``mailto:``.

    ``stamped_at`` (aware) is when it was given, None where the program did not say; ``delegated_to`` whom it names.
    """

    uid: str
    attendee: str
    partstat: str
    sequence: int | None = None
    stamped_at: dt.datetime | None = None
    comment: str = ""
    delegated_to: tuple[str, ...] = ()
