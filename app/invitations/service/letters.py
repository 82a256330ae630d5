"""The mail to one recipient: what it says, and its calendar part. Nothing confidential is in either (domain §6)."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from app import text
from app.bodies.queries import load_body, load_rules, name_on
from app.bodies.rules import LETTER_CLOSING, RuleBook, filled
from app.calendars.build import build_event
from app.calendars.feed import invitation_ics
from app.calendars.rows import MeetingRow
from app.calendars.schemas import Attendee, CalendarEvent, Method, Organizer
from app.config import Settings
from app.db import ident
from app.installation.queries import is_demo
from app.invitations.models import DispatchMethod, RecipientRole
from app.invitations.rules.settings import GUEST_TEXT, MAIL_TEXT
from app.invitations.schemas import Addressee, Plan
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.outbox.composing import compose
from app.outbox.rules import KEY_MARK
from app.outbox.schemas import CalendarPart, Letter, Mailbox

WHY = "Sie bekommen diese Mail, weil Sie zu dieser Sitzung eingeladen sind; sie lässt sich nicht abbestellen."
WHY_TOLD = "Sie bekommen diese Mail zur Kenntnis."
INFORMED = (RecipientRole.DEPUTY, RecipientRole.COPY, RecipientRole.SECRETARIAT)
OUTSIDE = (RecipientRole.GUEST, RecipientRole.COPY, RecipientRole.SECRETARIAT)
"""Whoever need not have an account: pages that ask for a sign-in may be shut to them."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all mails of a dispatch share, as plain values of the meeting."""

    short_name: str
    body_name: str
    label: str
    when: str
    place: str
    entry: str
    cancel_reason: str
    book: RuleBook
    event: CalendarEvent
    base_url: str
    page: str
    demo: bool


def load_stationery(session: Session, meeting: Meeting, settings: Settings) -> Stationery:
    """The facts of the meeting as mails tell them; the entry in calendars is that of the feeds."""
    body, book = load_body(session, meeting.body_id), load_rules(session, meeting.body_id)
    demo = is_demo(session)
    day = life.day_of(meeting)
    base_url = settings.base_url.rstrip("/")
    return Stationery(
        short_name=body.short_name,
        body_name=name_on(body, day),
        label=life.label(meeting),
        when=f"{text.weekday_date(day)}, {text.span(meeting.starts_at, meeting.ends_at)}",
        place=meeting.place,
        entry=meeting.entry_details if meeting.state is MeetingState.RELEASED else "",
        cancel_reason=meeting.cancel_reason,
        book=book,
        event=build_event(MeetingRow(meeting, body.short_name), base_url=base_url, demo=demo),
        base_url=base_url,
        page=f"{base_url}/sitzungen/{ident(meeting)}",
        demo=demo,
    )


def write_letter(one: Addressee, plan: Plan, paper: Stationery, *, note: str) -> Letter:
    """Subject, plain text and HTML of the mail to *one*."""
    disinvited = one.method is DispatchMethod.CANCEL and plan.method is DispatchMethod.REQUEST
    kind = "Nicht mehr eingeladen" if disinvited else plan.kind
    shared = {
        "kind": kind,
        "to_name": one.name,
        "salutation": one.salutation,
        "short_name": paper.short_name,
        "body_name": paper.body_name,
        "label": paper.label,
        "when": paper.when,
        "place": paper.place,
        "note": note,
        "closing": paper.book[LETTER_CLOSING],
        "sender_name": plan.sender.name or paper.body_name,
        "page": paper.page,
    }
    if one.method is DispatchMethod.CANCEL:
        reason = paper.cancel_reason if one.inside and not disinvited else ""
        return compose("cancellation", demo=paper.demo, why=WHY, disinvited=disinvited, reason=reason, **shared)
    told = one.role in INFORMED
    return compose(
        "invitation",
        demo=paper.demo,
        why=WHY_TOLD if told else WHY,
        told=told,
        tentative=plan.version is None,
        words=_words(one, plan, paper),
        entry=paper.entry if one.inside or one.items else "",
        items=one.items,
        changes=plan.changes if one.told else (),
        attached=[document.title for document in one.attached],
        linked=[(document.title, document.address, document.too_large) for document in one.linked],
        answer=f"{paper.base_url}/antwort/{KEY_MARK}" if one.answers else "",
        office=one.role is RecipientRole.OFFICE,
        outside=one.role in OUTSIDE,
        where=one.where,
        **shared,
    )


def write_calendar(one: Addressee, plan: Plan, paper: Stationery) -> CalendarPart:
    """The iTIP message to *one*, in which nobody else stands."""
    method = Method.CANCEL if one.method is DispatchMethod.CANCEL else Method.REQUEST
    event = _event(one, paper)
    content = invitation_ics(
        event,
        method=method,
        organizer=Organizer(plan.sender.name, plan.sender.address),
        attendee=Attendee(
            name=one.name, email=one.address, asked=one.answers, informed=one.role in INFORMED, answered=one.answered
        ),
    )
    name = "absage.ics" if method is Method.CANCEL else "einladung.ics"
    return CalendarPart(content.decode(), method.value, name)


def to_mailbox(one: Addressee) -> Mailbox:
    """Where the mail goes."""
    return Mailbox(one.address, one.name)


def _event(one: Addressee, paper: Stationery) -> CalendarEvent:
    """The meeting with what its description may say to this recipient: titles by the body's setting, own items."""
    event = paper.event
    if one.method is DispatchMethod.CANCEL:
        return event
    lines = [f"Tagesordnung\n{chr(10).join(one.titles)}"] if one.titles and not one.items else []
    lines += [f"Ihr Punkt: {' '.join((item.number, item.title)).strip()}, {item.time}" for item in one.items]
    words = "\n\n".join(part for part in (*lines, event.description) if part)
    return replace(event, description=words)


def _words(one: Addressee, plan: Plan, paper: Stationery) -> str:
    """The body's text block; a supplement and a change of date have sentences of their own.

    The first invitation with an agenda has that block also for those who were told to keep the date free.
    """
    values = {
        "sitzung": f"{paper.label} ({paper.body_name})",
        "termin": paper.when,
        "ort": paper.place or "noch offen",
        "top": text.joined(
            [" ".join((item.number, f"„{item.title}“" if item.title else "")).strip() for item in one.items]
        ),
        "uhrzeit": text.joined([item.time for item in one.items]),
    }
    invites_now = plan.version is not None and (plan.last is None or plan.last.version is None)
    if one.told and plan.changes and not invites_now:
        return f"zur {values['sitzung']} hat sich etwas geändert."
    if plan.version is None:
        return (
            f"bitte merken Sie sich den Termin der {values['sitzung']} vor. Die Tagesordnung folgt mit der Einladung."
        )
    block = GUEST_TEXT if one.role is RecipientRole.GUEST else MAIL_TEXT
    return filled(paper.book[block], values)
