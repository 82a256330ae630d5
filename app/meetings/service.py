"""What people do with a meeting as a whole: plan, change, announce, move, cancel, start."""

import uuid

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor, system
from app.bodies import rules as body_rules
from app.bodies.queries import list_closing_days, load_rules, lock_body
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.history.models import Reach
from app.history.service import record, snapshot
from app.meetings import queries
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind, deadlines_for, redated
from app.meetings.rules.life import Act
from app.meetings.rules.settings import offsets
from app.meetings.schemas import CancelIn, MeetingChange, MeetingIn, MoveIn
from app.revisions.queries import last_version
from app.revisions.schemas import Desk, TextHolder
from app.revisions.service import close_texts, note_change

SHOWN = (
    "number",
    "special",
    "without_status",
    "starts_at",
    "ends_at",
    "place",
    "main_topic",
    "length_minutes",
    "entry_details",
    "state",
)


class EntryDetails(TextHolder):
    """The Einlass of a locked meeting as a text that is saved while it is written.

    Its version is its own, counted by its revisions: what else changes in the meeting is not in the writer's way.
    """

    kind = str(Meeting.__tablename__)
    labels = {"entry_details": "Einlass"}
    shape = MeetingChange

    def __init__(self, session: Session, meeting: Meeting) -> None:
        self._session, self._meeting = session, meeting
        self._version = last_version(session, self.kind, ident(meeting))

    @property
    def object_id(self) -> int:
        """The meeting's id."""
        return ident(self._meeting)

    @property
    def version(self) -> int:
        """How often the text was changed."""
        return self._version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._meeting, field))

    def write(self, _actor: Actor, field: str, content: str) -> None:
        """Store the text; the meeting gets a new version too."""
        setattr(self._meeting, field, content)
        self._version += 1
        touch_meeting(self._session, self._meeting)

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        now = snapshot(self._meeting, *SHOWN)
        changed = {**now, field: before}, {**now, field: after}
        _record(self._session, actor, "meeting.change", self._meeting, changed[0], after=changed[1], reason=reason)


def entry_desk(session: Session, actor: Actor, meeting: Meeting) -> Desk:
    """Where the Einlass is written; NotFound for people who read no drafts."""
    if not life.reads_draft(actor, meeting):
        raise NotFound()

    def require_writer() -> None:
        _require_run(actor, meeting)
        _require_preparing(meeting)

    return Desk(
        holder=EntryDetails(session, meeting),
        title="Sitzung bearbeiten",
        require_present=lambda: _require_run(actor, meeting),
        require_writer=require_writer,
    )


def load_entry_details(session: Session, meeting_id: int) -> EntryDetails | None:
    """The Einlass of a meeting for the worker, locked; None if the meeting is gone."""
    try:
        return EntryDetails(session, queries.lock_meeting(session, system(clock.today()), meeting_id))
    except NotFound:
        return None


def plan_meeting(session: Session, actor: Actor, wish: MeetingIn) -> Meeting:
    """A new meeting, planned or (in the past) entered afterwards; computes its deadlines."""
    body = lock_body(session, actor, wish.body)  # two who plan at once must not get the same number
    if not body_rules.may_change(actor, ident(body)):
        raise Forbidden()
    life.checked_span(wish.starts_at, wish.ends_at)
    now, book = clock.now(), load_rules(session, ident(body))
    meeting = Meeting(
        body_id=ident(body),
        number=_number(session, wish),
        special=wish.special,
        without_status=wish.without_status,
        entered_afterwards=wish.starts_at < now,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        place=text.one_line(wish.place),
        main_topic=text.one_line(wish.main_topic),
        length_minutes=wish.length_minutes or book[body_rules.LENGTH],
        entry_details=text.clean(wish.entry_details),
        source=wish.source,
        uid=f"{uuid.uuid4()}@skip",
        calendar_changed_at=now,
        changed_at=now,
    )
    session.add(meeting)
    session.flush()
    days = deadlines_for(life.day_of(meeting), offsets(book), tuple(list_closing_days(session, ident(body))))
    session.add_all(
        MeetingDeadline(meeting_id=ident(meeting), kind=kind, due_on=day, changed_at=now) for kind, day in days.items()
    )
    _record(session, actor, "meeting.plan", meeting, {})
    return meeting


def change_meeting(
    session: Session, actor: Actor, meeting: Meeting, wish: MeetingChange, *, seen_entry: int | None = None
) -> Meeting:
    """Change what is neither time nor place; *meeting* is locked by the caller. Refused once its agenda is released.

    Stale where the Einlass changes and *seen_entry* is not its version any more.
    """
    _require_run(actor, meeting)
    _require_preparing(meeting)
    before, details = snapshot(meeting, *SHOWN), EntryDetails(session, meeting)
    given = wish.model_dump(exclude_unset=True)
    entry = given.pop("entry_details", None)
    entry = text.clean(entry) if entry is not None else meeting.entry_details
    if entry != meeting.entry_details and seen_entry not in (None, details.version):
        raise Stale({"entry_details": meeting.entry_details, "version": details.version})
    number = given.get("number", meeting.number)
    if number is not None and queries.number_is_taken(session, meeting.body_id, number, but=meeting.id):
        raise Invalid({"number": f"Eine {number}. Sitzung gibt es schon."})
    close_texts(session, details, fields=details.labels if entry != meeting.entry_details else (), actor=actor)
    if entry != meeting.entry_details:
        details.write(actor, "entry_details", entry)
        note_change(session, actor, details, "entry_details", str(before["entry_details"]))
    for name, value in given.items():
        if value is not None or name == "number":
            setattr(meeting, name, text.one_line(value) if isinstance(value, str) else value)
    if {"number", "special"} & given.keys():
        _show_in_calendars(meeting)
    return _changed(session, actor, "meeting.change", meeting, before)


def announce_meeting(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """Terminvormerkung: members see date and place, calendars show it as tentative."""
    _require_run(actor, meeting)
    life.require(Act.ANNOUNCE, meeting)
    before = snapshot(meeting, *SHOWN)
    meeting.state = life.next_state(Act.ANNOUNCE, meeting)
    meeting.announced_at = clock.now()
    _show_in_calendars(meeting)
    return _changed(session, actor, "meeting.announce", meeting, before)


def move_meeting(session: Session, actor: Actor, meeting: Meeting, wish: MoveIn) -> Meeting:
    """Another time or place: deadlines are computed anew, passed ones kept as met, SEQUENCE rises (domain §5)."""
    _require_run(actor, meeting)
    life.require(Act.MOVE, meeting)
    life.checked_span(wish.starts_at, wish.ends_at)
    before = snapshot(meeting, *SHOWN)
    meeting.starts_at, meeting.ends_at = wish.starts_at, wish.ends_at
    if wish.place is not None:
        meeting.place = text.one_line(wish.place)
    meeting.entered_afterwards = meeting.entered_afterwards and wish.starts_at < clock.now()
    meeting.sequence += 1
    _show_in_calendars(meeting)
    _move_deadlines(session, meeting)
    return _changed(session, actor, "meeting.move", meeting, before)


def cancel_meeting(session: Session, actor: Actor, meeting: Meeting, wish: CancelIn) -> Meeting:
    """The meeting does not take place; it stays visible, also in calendars."""
    _require_run(actor, meeting)
    life.require(Act.CANCEL, meeting)
    before = snapshot(meeting, *SHOWN)
    meeting.state = life.next_state(Act.CANCEL, meeting)
    meeting.cancelled_at = clock.now()
    meeting.cancel_reason = text.clean(wish.reason)
    meeting.sequence += 1
    _show_in_calendars(meeting)
    return _changed(session, actor, "meeting.cancel", meeting, before, reason=meeting.cancel_reason)


def start_meeting(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """The meeting is opened."""
    _require_run(actor, meeting)
    life.require(Act.START, meeting)
    before = snapshot(meeting, *SHOWN)
    meeting.state = life.next_state(Act.START, meeting)
    return _changed(session, actor, "meeting.start", meeting, before)


def record_held(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """A meeting of the past of which no agenda is known was held: nothing is released, no status was shown."""
    _require_run(actor, meeting)
    if not meeting.entered_afterwards or meeting.state not in (MeetingState.PLANNED, MeetingState.ANNOUNCED):
        raise Refused("Nur eine nachgetragene Sitzung ohne Tagesordnung kann so als gehalten eingetragen werden.")
    before = snapshot(meeting, *SHOWN)
    meeting.state, meeting.without_status = MeetingState.HELD, True
    meeting.announced_at = meeting.announced_at or clock.now()
    _show_in_calendars(meeting)
    return _changed(session, actor, "meeting.close", meeting, before)


def touch_meeting(session: Session, meeting: Meeting) -> None:
    """Let the meeting's version rise because something below it changed."""
    meeting.changed_at = clock.now()
    flag_modified(meeting, "changed_at")
    session.add(meeting)


def _number(session: Session, wish: MeetingIn) -> int | None:
    if wish.number is not None:
        if queries.number_is_taken(session, wish.body, wish.number):
            raise Invalid({"number": f"Eine {wish.number}. Sitzung gibt es schon."})
        return wish.number
    highest = queries.highest_number(session, wish.body)
    counts_on = highest is not None and not wish.special and wish.starts_at >= clock.now()
    return highest + 1 if counts_on and highest is not None else None


def _move_deadlines(session: Session, meeting: Meeting) -> None:
    book = load_rules(session, meeting.body_id)
    rows = {DeadlineKind(row.kind): row for row in queries.load_deadlines(session, ident(meeting))}
    moved = redated(
        {kind: row.due_on for kind, row in rows.items()},
        life.day_of(meeting),
        clock.today(),
        offsets=offsets(book),
        closing_days=tuple(list_closing_days(session, meeting.body_id)),
        missed=() if meeting.state is MeetingState.RELEASED else (DeadlineKind.INVITATION,),
    )
    for kind, new in moved.items():
        row = rows[kind]
        if (row.due_on, row.kept) != (new.day, new.met):
            row.sequence += row.due_on != new.day
            row.due_on, row.kept, row.changed_at = new.day, new.met, clock.now()
            session.add(row)


def _show_in_calendars(meeting: Meeting) -> None:
    meeting.calendar_changed_at = clock.now()


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()


def _require_preparing(meeting: Meeting) -> None:
    if meeting.state in life.PREPARING:
        return
    hint = " Datum, Zeit und Ort ändern Sie, indem Sie die Sitzung verlegen." if life.can(Act.MOVE, meeting) else ""
    raise Refused(f"Diese Sitzung ist {life.STATE_WORDS[meeting.state]}; ihre Angaben stehen fest.{hint}")


def _changed(
    session: Session, actor: Actor, verb: str, meeting: Meeting, before: dict[str, object], *, reason: str = ""
) -> Meeting:
    touch_meeting(session, meeting)
    _record(session, actor, verb, meeting, before, reason=reason)
    return meeting


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    before: dict[str, object],
    *,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    record(
        session,
        actor,
        verb,
        meeting,
        before=before,
        after=after or snapshot(meeting, *SHOWN),
        label=life.label_with_date(meeting),
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.INTERNAL if meeting.announced_at else Reach.DRAFT,
    )
