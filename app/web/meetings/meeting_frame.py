"""The frame of a meeting's pages: its state in one sentence, its deadlines, what can be done now, and its tabs."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries as agenda
from app.agenda.models import AgendaRelease, ProposalState
from app.agenda.rules.reading import edition_of
from app.agenda.rules.speaking import reads_notes
from app.bodies.queries import load_body
from app.calendars.rules import deadline_kinds
from app.db import Database, ident
from app.errors import Forbidden, Invalid, Refused
from app.invitations.queries import told_of
from app.invitations.rules.changes import is_pressing, waits, words_for
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import list_deadlines, lock_meeting
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind, holiday_warning
from app.meetings.rules.life import PREPARING, Act
from app.meetings.schemas import Deadline
from app.minutes import queries as minutes
from app.minutes.models import Minutes, MinutesState
from app.minutes.queries.life import find_readable
from app.minutes.rules.life import STATE_WORDS, period_is_over
from app.visibility import Matter, reads
from app.web.history import reads_history
from app.web.respond import done, page

MINUTES = "protokoll"
RECORD = "niederschrift"
SPEAKING, LETTERS, ATTENDANCE = "sprechzettel", "schreiben", "anwesenheit"
INVITATION = "einladung"
AGENDA, PROPOSALS, DELTA, PAPERS, HISTORY = "tagesordnung", "vorschlaege", "veraenderungen", "unterlagen", "verlauf"

AFTERWARDS = (
    "Diese Sitzung liegt in der Vergangenheit und wird nacherfasst: Tagesordnung freigeben (sie darf leer sein), "
    "Sitzung eröffnen, Ergebnisse festhalten, Sitzung schließen."
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the meeting as a tab."""

    label: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A deadline on the line of deadlines; ``state`` is "past", "today", "next" or "future"."""

    date: str
    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with the meeting now; decided here, so that templates only ask."""

    run: bool
    drafts: bool
    history: bool
    edit_agenda: bool
    announce: bool
    move: bool
    cancel: bool
    release: bool
    supplement: bool
    start: bool
    record: bool
    minutes: bool


def rights_of(actor: Actor, meeting: Meeting) -> Rights:
    """The rights of *actor* in the meeting's present state."""
    run = life.may_run(actor, meeting)
    return Rights(
        run=run,
        drafts=life.reads_draft(actor, meeting),
        history=reads_history(actor, meeting.body_id),
        edit_agenda=run and life.can(Act.DRAFT, meeting),
        announce=run and life.can(Act.ANNOUNCE, meeting),
        move=run and life.can(Act.MOVE, meeting),
        cancel=run and life.can(Act.CANCEL, meeting),
        release=run and life.can(Act.RELEASE, meeting),
        supplement=run and life.can(Act.SUPPLEMENT, meeting),
        start=run and life.can(Act.START, meeting),
        record=run and meeting.state is MeetingState.IN_SESSION,
        minutes=run and meeting.state in (MeetingState.IN_SESSION, MeetingState.HELD) and meeting.sealed_at is None,
    )


@dataclass(frozen=True, slots=True)
class Inviting:
    """What the secretariat reads of inviting by mail: ``offer`` is to be sent ("" nothing), ``first`` before anything
    else; ``last`` says when something went out.
    """

    offer: str
    first: bool
    last: str


def lock_run(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """The meeting locked for writing, for its secretariat; Forbidden for others who see it, whatever they sent."""
    meeting = lock_meeting(session, actor, meeting_id)
    if not life.may_run(actor, meeting):
        raise Forbidden()
    return meeting


def act_on_meeting(
    request: Request,
    database: Database,
    actor: Actor,
    meeting_id: int,
    act: Callable[[Session, Meeting], str],
    again: Callable[[Session, Invalid | Refused], Response],
    *,
    tab: str,
    see: Callable[[Session], object] | None = None,
) -> Response:
    """Do *act* with the locked meeting and go on to its *tab* with what *act* says; *again* shows what does not hold.

    *see* finds what the address names: unknown to those who cannot see it, before they are told that they may not act.
    """
    try:
        with database.write() as session:
            if see is not None:
                see(session)
            meeting = lock_run(session, actor, meeting_id)
            said, address = act(session, meeting), address_of(meeting)
    except (Invalid, Refused) as error:
        with database.read() as session:
            return again(session, error)
    return done(request, f"{address}/{tab}", said)


def meeting_page(
    request: Request,
    session: Session,
    actor: Actor,
    meeting: Meeting,
    template: str,
    *,
    tab: str = "",
    title: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    """A page of *meeting*: one of its tabs, or (with *title*) a page below it."""
    body = load_body(session, meeting.body_id)
    rights = rights_of(actor, meeting)
    deadlines = list_deadlines(session, [ident(meeting)])[ident(meeting)]
    releases = agenda.list_releases(session, ident(meeting))
    values.setdefault("may_download", edition_of(actor, meeting.body_id) is not None)
    label, address = life.label(meeting), address_of(meeting)
    record = find_readable(session, actor, meeting) if meeting.state is MeetingState.HELD else None
    crumbs = (("Sitzungen", "/sitzungen"), (f"{body.short_name} {label}", address if title else None))
    return page(
        request,
        actor,
        template,
        title=title or f"{body.short_name}: {label}",
        status=status,
        crumbs=(*crumbs, (title, None)) if title else crumbs,
        meeting=meeting,
        address=address,
        meeting_label=label,
        state_sentence=state_sentence(actor, meeting, deadlines, releases, record),
        rights=rights,
        tabs=tabs_of(session, actor, meeting, tab) if tab else [],
        tab=tab,
        notices=_notices(actor, meeting, rights),
        next_act=_next_act(session, meeting, rights, record),
        inviting=_inviting(session, meeting) if rights.run else None,
        deadlines=deadline_line(deadlines, meeting, deadline_kinds(actor, meeting.body_id)),
        released=bool(releases),
        register_until=register_until(actor, meeting, deadlines),
        **values,
    )


def register_until(actor: Actor, meeting: Meeting, deadlines: Sequence[Deadline]) -> dt.date | None:
    """The last day for registering a topic for the meeting, for those who may and while it lasts; None otherwise."""
    if not any(seat.body_id == meeting.body_id for seat in actor.seats) or meeting.state not in PREPARING:
        return None
    due = next((one for one in deadlines if one.kind == DeadlineKind.REGISTRATION), None)
    return due.due_on if due is not None and not due.passed and not meeting.entered_afterwards else None


def address_of(meeting: Meeting) -> str:
    """The address of the meeting's page."""
    return f"/sitzungen/{ident(meeting)}"


def state_sentence(
    actor: Actor,
    meeting: Meeting,
    deadlines: Sequence[Deadline],
    releases: Sequence[AgendaRelease],
    record: Minutes | None = None,
) -> str:
    """Dienstag, 12. Mai 2026, 10–12 Uhr · Rotes Rathaus · Entwurf, Versand bis 28. April

    After the meeting it says where its minutes (*record*) stand: gehalten · Niederschrift zur Prüfung versandt, …
    """
    day = life.day_of(meeting)
    when = f"{text.weekday_date(day)}, {text.span(meeting.starts_at, meeting.ends_at)}"
    parts = [when, meeting.place, _state(actor, meeting, deadlines, releases)]
    if meeting.entered_afterwards:
        parts.append("Nacherfassung")
    if record is not None:
        parts.append(_record_words(record))
    return kept_together(" · ".join(part for part in parts if part))


def state_word(actor: Actor, meeting: Meeting) -> str:
    """The meeting's state in a word, as the actor may know it."""
    return life.STATE_WORDS[life.state_for(actor, meeting)]


def _record_words(record: Minutes) -> str:
    """Where the minutes stand, with the day that matters."""
    words = f"Niederschrift {STATE_WORDS[record.state]}"
    if record.state is MinutesState.REVIEW and record.objections_until is not None:
        over = period_is_over(record, clock.now())
        return f"{words}, Einwendungen {'waren ' if over else ''}bis {_day(record.objections_until)} möglich"
    if record.state is MinutesState.APPROVED and record.approved_on is not None:
        return f"{words} am {_day(record.approved_on)}"
    return words


def _next_act(session: Session, meeting: Meeting, rights: Rights, record: Minutes | None) -> str:
    """The one thing that is next, as the page's primary action: "start", "record", "release", "draft" or "".

    After the meeting: "send", "review" or "read", as the minutes stand; "" where there are none to read.
    """
    if record is not None:
        kept = {MinutesState.DRAFT: "send", MinutesState.REVIEW: "review", MinutesState.APPROVED: "read"}
        return kept[record.state] if rights.run else "read"
    if rights.start:
        return "start"
    if rights.record:
        return "record"
    if not rights.release:
        return ""
    filled = meeting.entered_afterwards or agenda.count_items(session, ident(meeting))
    return "release" if filled else "draft"


def _inviting(session: Session, meeting: Meeting) -> Inviting:
    told = told_of(session, [ident(meeting)])[ident(meeting)]
    waiting = waits(meeting, told, clock.now())
    last = f"Zuletzt per Mail versandt am {text.moment(told.last.dispatched_at)}." if told.last else ""
    if waiting and told.last is not None:
        last = f"{last} Seitdem hat sich etwas geändert."
    return Inviting(words_for(meeting, told) if waiting else "", waiting and is_pressing(meeting, told), last)


def _notices(actor: Actor, meeting: Meeting, rights: Rights) -> list[dict[str, str]]:
    """What stands above the page as long as it holds; reasons and sources are the body's interna, not for guests."""
    found = []
    inside = reads(actor, Matter.INTERNAL, meeting.body_id)
    if meeting.state is MeetingState.CANCELLED:
        found.append(f"Die Sitzung ist abgesagt. {meeting.cancel_reason if inside else ''}".strip())
    if rights.run and meeting.entered_afterwards and meeting.state not in (MeetingState.CANCELLED, MeetingState.HELD):
        found.append(AFTERWARDS)
    warning = holiday_warning(life.day_of(meeting))
    if warning and rights.run and meeting.state in PREPARING and not meeting.entered_afterwards:
        found.append(f"Bitte prüfen Sie den Tag: {warning}.")
    if inside and meeting.source and meeting.entered_afterwards:
        found.append(f"Quelle: {meeting.source}.")
    return [{"kind": "note", "text": sentence} for sentence in found]


def _state(actor: Actor, meeting: Meeting, deadlines: Sequence[Deadline], releases: Sequence[AgendaRelease]) -> str:
    word = state_word(actor, meeting)
    if meeting.state is MeetingState.CANCELLED and meeting.cancelled_at is not None:
        return f"abgesagt am {_day(meeting.cancelled_at.astimezone(clock.BERLIN).date())}"
    if meeting.state is MeetingState.RELEASED and releases:
        return f"freigegeben am {_day(releases[0].released_at.astimezone(clock.BERLIN).date())}"
    invitation = next((one for one in deadlines if one.kind == DeadlineKind.INVITATION), None)
    if meeting.state not in PREPARING or meeting.entered_afterwards or invitation is None:
        return word
    if not life.may_run(actor, meeting) and not life.reads_draft(actor, meeting):
        return word
    if invitation.passed:
        return f"{word}, Versand war bis {_day(invitation.due_on)} fällig"
    return f"{word}, Versand bis {_day(invitation.due_on)}"


def _day(day: dt.date) -> str:
    """28. April, with the year where it is not this one"""
    words = text.long_date(day)
    return words.removesuffix(f" {day.year}") if day.year == clock.today().year else words


def kept_together(sentence: str) -> str:
    """Day and month, and numbers and "Uhr", are not torn apart at the end of a line."""
    for number in range(10):
        sentence = sentence.replace(f"{number}. ", f"{number}.\u00a0").replace(f"{number} Uhr", f"{number}\u00a0Uhr")
    return sentence


def deadline_line(deadlines: Sequence[Deadline], meeting: Meeting, kinds: frozenset[DeadlineKind]) -> list[Point]:
    """The deadlines that concern the reader and the meeting itself in order, with today between them."""
    if meeting.state in (MeetingState.CANCELLED, MeetingState.HELD) or meeting.entered_afterwards:
        return []
    today, day = clock.today(), life.day_of(meeting)
    points = [(one.due_on, one.title) for one in deadlines if one.kind in kinds]
    if not points:
        return []
    points = sorted([*points, (day, life.label(meeting))], key=lambda point: point[0])
    upcoming = next((due for due, _ in points if due >= today), None)
    found: list[Point] = []
    for due, label in points:
        if due == upcoming != today and not any(point.state == "today" for point in found):
            found.append(Point(text.date(today), "Heute", "today"))
        state = "past" if due < today else "next" if due == upcoming else "future"
        found.append(Point(text.date(due), label, state, _distance(due, today) if state == "next" else ""))
    return found


def _distance(due: dt.date, today: dt.date) -> str:
    days = (due - today).days
    return "heute" if days == 0 else "morgen" if days == 1 else f"in {days} Tagen"


def _has_record(session: Session, actor: Actor, meeting: Meeting) -> bool:
    """Whether there are minutes that the actor reads; those who read drafts read them from the opening on."""
    if meeting.state not in (MeetingState.IN_SESSION, MeetingState.HELD):
        return False
    return life.reads_draft(actor, meeting) or minutes.is_readable(session, actor, ident(meeting))


def tabs_of(session: Session, actor: Actor, meeting: Meeting, current: str) -> list[Tab]:
    """The pages of the meeting that the actor may open."""
    address = address_of(meeting)
    tabs = [Tab("Tagesordnung", address, current == AGENDA)]
    if life.reads_draft(actor, meeting):
        open_ones = agenda.count_proposals(session, actor, ident(meeting), state=ProposalState.OPEN)
        count = (open_ones or None) if meeting.state in PREPARING else None
        tabs.append(Tab("Vorschläge", f"{address}/vorschlaege", current == PROPOSALS, count))
    released = meeting.state not in PREPARING and meeting.state is not MeetingState.CANCELLED
    if life.reads_draft(actor, meeting) or (released and reads(actor, Matter.INTERNAL, meeting.body_id)):
        tabs.append(Tab("Veränderungen", f"{address}/veraenderungen", current == DELTA))
    if reads(actor, Matter.INTERNAL, meeting.body_id):
        tabs.append(Tab("Anwesenheit", f"{address}/anwesenheit", current == ATTENDANCE))
    if rights_of(actor, meeting).minutes:
        tabs.append(Tab("Protokoll", f"{address}/protokoll", current == MINUTES))
    if _has_record(session, actor, meeting):
        tabs.append(Tab("Niederschrift", f"{address}/niederschrift", current == RECORD))
    if life.reads_draft(actor, meeting) and not meeting.entered_afterwards:
        tabs.append(Tab("Einladung", f"{address}/{INVITATION}", current == INVITATION))
    if life.reads_draft(actor, meeting) and meeting.state is not MeetingState.CANCELLED:
        tabs.append(Tab("Schreiben", f"{address}/schreiben", current == LETTERS))
    if reads_notes(actor, meeting) and meeting.state is not MeetingState.CANCELLED:
        tabs.append(Tab("Sprechzettel", f"{address}/sprechzettel", current == SPEAKING))
    tabs.append(Tab("Unterlagen", f"{address}/unterlagen", current == PAPERS))
    if reads_history(actor, meeting.body_id):
        tabs.append(Tab("Verlauf", f"{address}/verlauf", current == HISTORY))
    return tabs if len(tabs) > 1 else []
