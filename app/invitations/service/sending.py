"""Sending invitations: the confirmed preview becomes mails in the outbox, one for each recipient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.queries import find_kept
from app.config import Settings
from app.db import Database, ident
from app.documents.keeping import keep_pdf
from app.errors import Invalid, Stale
from app.history.models import Reach
from app.history.service import record
from app.invitations import queries
from app.invitations.models import DispatchMethod, InvitationDispatch, InvitationRecipient
from app.invitations.schemas import Addressee, Plan, SendIn
from app.invitations.service.letters import Stationery, load_stationery, to_mailbox, write_calendar, write_letter
from app.invitations.service.planning import key_of, plan_dispatch
from app.links.rules import Purpose
from app.links.service import make_link
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.outbox.schemas import AttachedFile, CalendarPart, Letter
from app.outbox.service import post_mail
from app.storage import Storage

MOST_ATTACHED = 10 * 1024 * 1024
"""Bytes that the attachments of one mail have at most: what is larger, many mail servers refuse. The rest is linked."""

OVERTAKEN = (
    "Inzwischen hat sich etwas geändert, oder es wurde schon versandt. Es ging nichts hinaus; "
    "bitte sehen Sie die Vorschau noch einmal an."
)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Prepared:
    """All mails of a dispatch, written before the database is locked.

    ``chosen`` are their recipients with what is attached to each: what is too large for a mail is linked instead.
    """

    plan: Plan
    chosen: tuple[Addressee, ...]
    letters: Mapping[str, tuple[Letter, CalendarPart]]


def send_invitations(
    database: Database, storage: Storage, settings: Settings, actor: Actor, meeting_id: int, wish: SendIn
) -> InvitationDispatch:
    """Send what the preview ``wish.preview`` showed to the chosen ones; a second click finds the first.

    Stale where the preview is no longer what would be sent. Mails are composed and documents rendered while no
    transaction is open; what they say is checked against the locked meeting before they are written into the outbox.
    """
    prepared = prepare_mails(database, storage, settings, actor, meeting_id, wish)
    with database.write() as session:
        return dispatch_mails(session, settings, actor, meeting_id, wish, prepared)


def dispatch_mails(
    session: Session, settings: Settings, actor: Actor, meeting_id: int, wish: SendIn, prepared: Prepared | None
) -> InvitationDispatch:
    """Write what was prepared into the outbox, in one transaction with the dispatch; Stale where it is overtaken."""
    meeting = lock_meeting(session, actor, meeting_id)
    done = _sent_already(session, actor, meeting, wish)
    if done is not None:
        return done
    plan = plan_dispatch(session, actor, meeting, settings)
    if prepared is None or plan.seal != wish.preview or prepared.plan.seal != plan.seal:
        raise Stale({"preview": plan.seal, "sequence": plan.sequence}, OVERTAKEN)
    return _dispatch(session, actor, meeting, prepared, wish, settings)


def prepare_mails(
    database: Database, storage: Storage, settings: Settings, actor: Actor, meeting_id: int, wish: SendIn
) -> Prepared | None:
    """The mails of the chosen ones, documents rendered; None where the preview is overtaken already."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        if _sent_already(session, actor, meeting, wish) is not None:
            return None
        plan = plan_dispatch(session, actor, meeting, settings)
        paper = load_stationery(session, meeting, settings)
    if plan.seal != wish.preview:
        return None
    chosen = chosen_of(plan, wish)
    digests = {document.digest for one in chosen for document in one.attached}
    sizes = {digest: encoded_size(len(keep_pdf(database, storage, digest))) for digest in digests}
    return write_mails(plan, paper, (fitted(one, sizes) for one in chosen), note=wish.note)


def write_mails(plan: Plan, paper: Stationery, chosen: Iterable[Addressee], *, note: str) -> Prepared:
    """The mails to the *chosen* ones of a plan, as they are; what is attached to them fits already."""
    people = tuple(chosen)
    letters = {one.key: (write_letter(one, plan, paper, note=note), write_calendar(one, plan, paper)) for one in people}
    return Prepared(plan, people, letters)


def encoded_size(size: int) -> int:
    """The bytes that a file of *size* bytes takes in a mail: Base64 in lines of 76 signs (RFC 2045)."""
    signs = 4 * -(-size // 3)
    return signs + 2 * -(-signs // 76)


def fitted(one: Addressee, sizes: Mapping[str, int]) -> Addressee:
    """The recipient with as many documents attached as one mail carries, in their order; the mail links the others."""
    attached, linked, size = [], list(one.linked), 0
    for document in one.attached:
        if size + sizes[document.digest] <= MOST_ATTACHED:
            size += sizes[document.digest]
            attached.append(document)
        else:
            linked.append(replace(document, too_large=True))
    return replace(one, attached=tuple(attached), linked=tuple(linked))


def chosen_of(plan: Plan, wish: SendIn) -> list[Addressee]:
    """The recipients that the wish names; Invalid for nobody and for somebody who is none."""
    known = {one.key: one for one in plan.addressees}
    unknown = set(wish.recipients) - known.keys()
    if unknown:
        raise Invalid({"recipients": "Jemand von den Ausgewählten wird nicht mehr eingeladen. Bitte wählen Sie neu."})
    if not wish.recipients:
        raise Invalid({"recipients": "Bitte wählen Sie mindestens eine Person."})
    return [one for one in plan.addressees if one.key in wish.recipients]


def _sent_already(session: Session, actor: Actor, meeting: Meeting, wish: SendIn) -> InvitationDispatch | None:
    """The dispatch of the same preview to the same people: what a double click finds."""
    if not life.may_run(actor, meeting):
        return None
    rows = queries.list_dispatches(session, ident(meeting))
    done = next((one for one in rows if one.preview == wish.preview), None)
    if done is None:
        return None
    told = {key_of(recipient.address) for recipient, _ in queries.list_recipients(session, [ident(done)])}
    return done if told == set(wish.recipients) else None


def _dispatch(
    session: Session, actor: Actor, meeting: Meeting, prepared: Prepared, wish: SendIn, settings: Settings
) -> InvitationDispatch:
    plan = prepared.plan
    dispatch = InvitationDispatch(
        meeting_id=ident(meeting),
        serial=plan.last.serial + 1 if plan.last else 1,
        method=plan.method,
        sequence=plan.sequence,
        version=plan.version,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        subject="; ".join((plan.kind, *plan.changes))[:1000],
        note=wish.note,
        preview=plan.seal,
        dispatched_at=clock.now(),
        dispatched_by=actor.name,
    )
    session.add(dispatch)
    session.flush()
    for one in prepared.chosen:
        letter, calendar = prepared.letters[one.key]
        _post(session, meeting, dispatch, plan, one, letter, calendar, settings)
    record(
        session,
        actor,
        "invitation.cancel" if plan.method is DispatchMethod.CANCEL else "invitation.send",
        meeting,
        after={"version": plan.version, "recipients": [one.name for one in prepared.chosen]},
        label=life.label_with_date(meeting),
        reason="; ".join(plan.changes),
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
    return dispatch


def _post(
    session: Session,
    meeting: Meeting,
    dispatch: InvitationDispatch,
    plan: Plan,
    one: Addressee,
    letter: Letter,
    calendar: CalendarPart,
    settings: Settings,
) -> None:
    """One mail with its own link, and the line of the dispatch that says so."""
    link_id = _link_id(session, meeting, one, settings)
    mail = post_mail(
        session,
        letter,
        kind="cancellation" if one.method is DispatchMethod.CANCEL else "invitation",
        to=to_mailbox(one),
        sender=plan.sender,
        dedupe_key=f"invitation:{dispatch.id}:{one.key}",
        calendar=calendar,
        files=_files(session, one),
        person_id=one.person_id,
        body_id=meeting.body_id,
        meeting_id=ident(meeting),
        link_id=link_id,
    )
    session.add(
        InvitationRecipient(
            dispatch_id=ident(dispatch),
            method=one.method,
            role=one.role,
            person_id=one.person_id,
            seat_id=one.seat_id,
            name=one.name,
            address=one.address,
            edition=one.edition,
            answers=link_id is not None,
            link_id=link_id,
            mail_id=mail.id,
        )
    )
    session.flush()


def _link_id(session: Session, meeting: Meeting, one: Addressee, settings: Settings) -> int | None:
    """The link of whoever is asked for an answer; its key follows from the secret only when the mail is sent."""
    if not one.answers or one.method is not DispatchMethod.REQUEST:
        return None
    link = make_link(
        session,
        settings.signing_key,
        Purpose.ANSWER,
        person_id=one.person_id,
        meeting_id=ident(meeting),
        seat_id=one.seat_id,
    )
    return link.id


def _files(session: Session, one: Addressee) -> list[AttachedFile]:
    """The kept bytes of what is attached."""
    kept = [(document, find_kept(session, document.digest)) for document in one.attached]
    return [AttachedFile(document.file_name, PDF, row.file_key) for document, row in kept if row is not None]
