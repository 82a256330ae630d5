"""Invitations by mail as programs read them: what would be sent now, what was sent, and the answers."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.thing import PREFIX, Listing, Moment, Shape, Thing
from app.db import ident
from app.invitations.models import (
    DispatchMethod,
    InvitationDispatch,
    InvitationRecipient,
    InvitationReply,
    RecipientRole,
    ReplyOutcome,
    ReplyWay,
)
from app.invitations.schemas import Addressee, Document, Plan
from app.meetings.models import Meeting
from app.outbox.models import Mail, MailState
from app.validation import Line, Prose

Key = Annotated[str, Field(max_length=64)]


class InvitationIn(BaseModel):
    """The confirmation of a preview: its fingerprint, and to whom the mail goes."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    fingerprint: Annotated[Line, Field(min_length=1, max_length=64, description="„fingerprint“ der Vorschau")]
    recipients: Annotated[tuple[Key, ...], Field(max_length=500, description="„key“ der Vorschau")]
    note: Annotated[Prose, Field(max_length=2000, description="Hinweis an alle; nichts Vertrauliches")] = ""


class EnclosureOut(Shape):
    """A document that comes with a mail, as attachment or as link."""

    title: str
    url: str


class AddresseeOut(Shape):
    """Somebody who would be told."""

    key: str = Field(description="Steht beim Versenden für diese Adresse")
    role: RecipientRole
    method: DispatchMethod = Field(description="„cancel“: nicht mehr eingeladen")
    name: str
    address: str
    person: int | None
    seat: int | None
    edition: str = Field(description="Fassung der Tagesordnung; leer: noch keine")
    answers: bool = Field(description="Um eine Antwort wird gebeten")
    standing: str = Field(description="Was bisher geantwortet ist, in Worten")
    told: str = Field(description="Was zuletzt hinausging, in Worten")
    proposed: bool = Field(description="Vorgeschlagen, weil das Neueste noch nicht mitgeteilt ist")
    attached: list[EnclosureOut]
    linked: list[EnclosureOut]


class PreviewOut(Shape):
    """What would be sent now. ``fingerprint`` names exactly this state; who sends tells it."""

    fingerprint: str
    kind: str = Field(description="Das Wort, mit dem der Betreff beginnt")
    method: DispatchMethod
    sequence: int = Field(description="SEQUENCE des Kalendereintrags")
    agenda_version: int | None
    changes: list[str] = Field(description="Was sich seit dem letzten Versand geändert hat")
    recipients: list[AddresseeOut]
    unreachable: list[str] = Field(description="Wer nicht per Mail zu erreichen ist, und warum")


class RecipientOut(Shape):
    """Somebody who got a mail, and what became of it; ``mail`` is null once it is no longer kept."""

    role: RecipientRole
    method: DispatchMethod
    name: str
    address: str = Field(description="Nur für die Geschäftsstelle, sonst leer")
    person: int | None
    seat: int | None
    edition: str
    answers: bool
    mail: int | None
    state: MailState | None


class InvitationOut(Thing):
    """An act of sending with its recipients."""

    meeting: int
    number: int = Field(description="Wievielter Versand zu dieser Sitzung")
    method: DispatchMethod
    sequence: int
    agenda_version: int | None
    subject: str = Field(description="Anlass und Änderungen in Worten")
    note: str
    fingerprint: str
    sent_at: Moment = Field(description="Wann die Mails dem Postausgang übergeben wurden")
    sent_by: str
    recipients: list[RecipientOut]


class InvitationsOut(Listing[InvitationOut]):
    """What was sent, latest first, with the preview of what would be sent now (null: ``why`` says why not)."""

    preview: PreviewOut | None
    why: str


class ReplyOut(Thing):
    """An answer that came by personal link or by mail, and what was done with it."""

    meeting: int
    name: str = Field(description="Wessen Antwort es ist; leer: nicht zuzuordnen")
    sender: str
    way: ReplyWay
    received_at: Moment
    stamped_at: Moment | None = Field(description="Wann sie nach eigener Angabe gegeben wurde")
    answer: str = Field(description="PARTSTAT des Kalenders: ACCEPTED, DECLINED, TENTATIVE …")
    comment: str
    outcome: ReplyOutcome
    why: str


def preview_out(plan: Plan) -> PreviewOut:
    """The next dispatch."""
    return PreviewOut(
        fingerprint=plan.seal,
        kind=plan.kind,
        method=plan.method,
        sequence=plan.sequence,
        agenda_version=plan.version,
        changes=list(plan.changes),
        recipients=[_addressee(one) for one in plan.addressees],
        unreachable=list(plan.unreachable),
    )


def invitation_out(
    dispatch: InvitationDispatch,
    recipients: Sequence[tuple[InvitationRecipient, Mail | None]],
    *,
    addresses: bool,
) -> InvitationOut:
    """What was sent, with those of *recipients* who belong to it; their *addresses* are for the secretariat."""
    mine = [(one, mail) for one, mail in recipients if one.dispatch_id == ident(dispatch)]
    return InvitationOut(
        id=ident(dispatch),
        url=f"{PREFIX}/meetings/{dispatch.meeting_id}/invitations",
        page=f"/sitzungen/{dispatch.meeting_id}/einladung",
        meeting=dispatch.meeting_id,
        number=dispatch.serial,
        method=dispatch.method,
        sequence=dispatch.sequence,
        agenda_version=dispatch.version,
        subject=dispatch.subject,
        note=dispatch.note,
        fingerprint=dispatch.preview,
        sent_at=dispatch.dispatched_at,
        sent_by=dispatch.dispatched_by,
        recipients=[_recipient(one, mail, addresses=addresses) for one, mail in mine],
    )


def reply_out(meeting: Meeting, reply: InvitationReply, name: str) -> ReplyOut:
    """An answer as it came."""
    return ReplyOut(
        id=ident(reply),
        url=f"{PREFIX}/meetings/{meeting.id}/replies",
        page=f"/sitzungen/{meeting.id}/einladung",
        meeting=ident(meeting),
        name=name,
        sender=reply.sender,
        way=reply.way,
        received_at=reply.received_at,
        stamped_at=reply.stamped_at,
        answer=reply.partstat,
        comment=reply.comment,
        outcome=reply.outcome,
        why=reply.why,
    )


def _addressee(one: Addressee) -> AddresseeOut:
    return AddresseeOut(
        key=one.key,
        role=one.role,
        method=one.method,
        name=one.name,
        address=one.address,
        person=one.person_id,
        seat=one.seat_id,
        edition=one.edition,
        answers=one.answers,
        standing=one.standing,
        told=one.told,
        proposed=one.chosen,
        attached=[_enclosure(document) for document in one.attached],
        linked=[_enclosure(document) for document in one.linked],
    )


def _enclosure(document: Document) -> EnclosureOut:
    return EnclosureOut(title=document.title, url=document.address)


def _recipient(one: InvitationRecipient, mail: Mail | None, *, addresses: bool) -> RecipientOut:
    return RecipientOut(
        role=one.role,
        method=one.method,
        name=one.name,
        address=one.address if addresses else "",
        person=one.person_id,
        seat=one.seat_id,
        edition=one.edition,
        answers=one.answers,
        mail=mail.id if mail else None,
        state=mail.state if mail else None,
    )
