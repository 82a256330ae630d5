"""What the next dispatch of a meeting would be: who is told what, what changed since, which documents come along."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.bodies.models import Body
from app.bodies.queries import body_mailbox, list_seats, load_body, load_rules
from app.bodies.rules import RuleBook
from app.bodies.schemas import SeatView
from app.config import Settings
from app.db import ident
from app.errors import Forbidden, Refused
from app.invitations import queries
from app.invitations.models import DispatchMethod, InvitationDispatch, InvitationRecipient, RecipientRole
from app.invitations.rules.changes import changes_since
from app.invitations.schemas import Addressee, Plan
from app.invitations.service.enclosing import Enclosures, load_enclosures
from app.invitations.service.recipients import listed
from app.invitations.service.standing import Standing, load_standing
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.outbox.mime import Unsendable, ascii_address
from app.outbox.rules import is_real
from app.people.models import Person
from app.people.queries import load_persons

ANNOUNCED, INVITED, SUPPLEMENTED, MOVED, REPEATED, CANCELLED = (
    "Terminvormerkung",
    "Einladung",
    "Nachtrag",
    "Geändert",
    "Einladung",
    "Abgesagt",
)
SENT_BY_SECRETARIAT = "Einladungen versendet die Geschäftsstelle."
NOTHING_TOLD = "Zu dieser Sitzung wurde noch niemand eingeladen; eine Absage per Mail ist nicht nötig."
ALL_TOLD = "Alle, die eingeladen waren, haben die Absage bekommen."

Told = Mapping[str, tuple[InvitationRecipient, InvitationDispatch]]


def plan_dispatch(session: Session, actor: Actor, meeting: Meeting, settings: Settings) -> Plan:
    """The next dispatch as it would be now, for the secretariat of the body.

    Refused where nothing can be sent: before the meeting is announced, once it has begun, for a Nacherfassung, and
    the cancellation of a meeting of which no invitation went out.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    _require_time(meeting)
    told = queries.last_told(session, ident(meeting))
    last = next(iter(queries.list_dispatches(session, ident(meeting))), None)
    cancelled = meeting.state is MeetingState.CANCELLED
    if cancelled and not any(one.method is DispatchMethod.REQUEST for one, _ in told.values()):
        raise Refused(ALL_TOLD if told else NOTHING_TOLD)
    context = _load(session, meeting, settings, since=(last.version if last else None) or 0)
    sender = body_mailbox(session, meeting.body_id, settings)
    changes = changes_since(meeting, context.enclosures.version, last)
    if cancelled:
        people, problems = _told_before(told, ()), list[str]()
    else:
        people, problems = _addressees(context, sender.address)
        gone = _told_before(told, people)
        people = [_placed(one, told, last, changes) for one in people] + gone
    found = Plan(
        meeting_id=ident(meeting),
        method=DispatchMethod.CANCEL if cancelled else DispatchMethod.REQUEST,
        sequence=meeting.sequence,
        version=context.enclosures.version,
        kind=_kind(meeting, context.enclosures.version, last),
        changes=changes,
        addressees=tuple(people),
        unreachable=tuple(problems),
        last=last,
        sender=sender,
        real_sender=is_real(sender),
        seal="",
    )
    return replace(found, seal=_seal(found, meeting))


def plan_or_reason(session: Session, actor: Actor, meeting: Meeting, settings: Settings) -> tuple[Plan | None, str]:
    """The next dispatch, or the sentence why there is none now; the chair reads only what was sent."""
    if not life.may_run(actor, meeting):
        return None, SENT_BY_SECRETARIAT
    try:
        return plan_dispatch(session, actor, meeting, settings), ""
    except Refused as refused:
        return None, refused.sentence


@dataclass(frozen=True, slots=True)
class _Context:
    """What is read once for all recipients."""

    meeting: Meeting
    body: Body
    book: RuleBook
    seats: list[SeatView]
    persons: dict[int, Person]
    enclosures: Enclosures
    standing: Standing


def _load(session: Session, meeting: Meeting, settings: Settings, *, since: int) -> _Context:
    seats = list_seats(session, meeting.body_id, life.day_of(meeting))
    enclosures = load_enclosures(session, meeting, settings, since=since)
    wanted = {one.membership.person_id for seat in seats for one in seat.holders} | enclosures.guest_ids
    return _Context(
        meeting=meeting,
        body=load_body(session, meeting.body_id),
        book=load_rules(session, meeting.body_id),
        seats=seats,
        persons=load_persons(session, wanted),
        enclosures=enclosures,
        standing=load_standing(session, meeting),
    )


def _require_time(meeting: Meeting) -> None:
    if meeting.entered_afterwards:
        raise Refused("Diese Sitzung wird nacherfasst; zu ihr wird nicht mehr eingeladen.")
    if meeting.state in (MeetingState.IN_SESSION, MeetingState.HELD):
        raise Refused("Die Sitzung hat schon begonnen; es wird nicht mehr eingeladen.")
    if meeting.state in life.PREPARING and meeting.announced_at is None:
        raise Refused("Die Sitzung ist noch nicht angekündigt. Kündigen Sie zuerst den Termin an.")
    if meeting.starts_at <= clock.now():
        raise Refused("Die Zeit der Sitzung ist schon gekommen; es wird nicht mehr eingeladen.")


def _kind(meeting: Meeting, version: int | None, last: InvitationDispatch | None) -> str:
    """The word with which the subject begins."""
    if meeting.state is MeetingState.CANCELLED:
        return CANCELLED
    if version is None:
        return ANNOUNCED if last is None or last.sequence == meeting.sequence else MOVED
    if last is None or last.version is None:
        return INVITED
    if last.sequence != meeting.sequence:
        return MOVED
    return SUPPLEMENTED if version > last.version else REPEATED


def _addressees(context: _Context, sender: str) -> tuple[list[Addressee], list[str]]:
    """Everybody to be told, each address once (the first reason for it counts), and who cannot be told."""
    found: dict[str, Addressee] = {}
    problems: list[str] = []
    for one in _all_listed(context):
        try:
            address = ascii_address(one.address).lower()
        except Unsendable as error:
            why = f": {error}" if one.address else " hat keine E-Mail-Adresse"
            problems.append(f"{one.name}{f' ({one.where})' if one.where else ''}{why}")
            continue
        if address == sender.lower():
            problems.append(f"{one.name}: {address} ist das Postfach des Gremiums selbst")
        elif address not in found:
            found[address] = _enclosed(replace(one, address=address, key=key_of(address)), context)
    vacant = [seat.organisation or seat.seat.title for seat in context.seats if not seat.holders]
    return list(found.values()), problems + [f"{name}: Den Sitz hält an diesem Tag niemand" for name in vacant]


def _all_listed(context: _Context) -> Iterator[Addressee]:
    return listed(context.seats, context.persons, context.book, context.enclosures, context.meeting.body_id)


def _enclosed(one: Addressee, context: _Context) -> Addressee:
    """The recipient with documents, own items and what was answered so far."""
    return context.standing.of(context.enclosures.for_recipient(one), context.seats)


def key_of(address: str) -> str:
    """What stands for an address in forms."""
    return hashlib.sha256(address.encode()).hexdigest()[:20]


def _placed(one: Addressee, told: Told, last: InvitationDispatch | None, changes: tuple[str, ...]) -> Addressee:
    """The recipient with what they know already; ticked is who does not know the latest."""
    known = told.get(one.address)
    if known is None or last is None:
        return one
    recipient, dispatch = known
    asked = recipient.method is DispatchMethod.REQUEST
    current = asked and dispatch.serial == last.serial and not changes
    version = f", Version {dispatch.version}" if dispatch.version else ""
    what = "" if asked else "ausgeladen, "
    return replace(one, told=f"{what}{text.moment(dispatch.dispatched_at)}{version}", chosen=not current)


def _told_before(told: Told, now: Iterable[Addressee]) -> list[Addressee]:
    """Who was invited and is no longer among *now*: they get a cancellation."""
    addresses = {one.address for one in now}
    persons = {one.person_id for one in now if one.person_id is not None}
    found = []
    for address, (recipient, dispatch) in told.items():
        moved = recipient.person_id is not None and recipient.person_id in persons
        if address in addresses or moved or recipient.method is DispatchMethod.CANCEL:
            continue
        found.append(
            Addressee(
                key=key_of(address),
                role=recipient.role,
                method=DispatchMethod.CANCEL,
                name=recipient.name,
                address=address,
                salutation=f"Guten Tag {recipient.name}".strip(),
                where="",
                person_id=recipient.person_id,
                seat_id=recipient.seat_id,
                inside=recipient.role in (RecipientRole.MEMBER, RecipientRole.DEPUTY, RecipientRole.OFFICE),
                told=text.moment(dispatch.dispatched_at),
            )
        )
    return found


def _seal(plan: Plan, meeting: Meeting) -> str:
    """The fingerprint: it differs whenever what the preview shows does, and after every dispatch."""
    seen = (
        plan.meeting_id,
        plan.method,
        plan.sequence,
        plan.version,
        meeting.calendar_changed_at.astimezone(clock.BERLIN).isoformat(),
        meeting.state,
        plan.last.serial if plan.last else 0,
        plan.changes,
        plan.sender,
        [
            (one.address, one.role, one.method, one.name, one.edition, one.answers, one.attached, one.linked, one.items)
            for one in plan.addressees
        ],
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()
