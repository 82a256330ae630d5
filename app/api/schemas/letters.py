"""Letters of invitation and the marks that they were sent, as programs read them."""

import datetime as dt

from pydantic import Field

from app.agenda.models import DispatchWay, LetterDispatch, LetterRevocation
from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident
from app.documents.letter_sending import Standing
from app.meetings.models import Meeting


class DispatchOut(Thing):
    """A letter that was marked as sent, frozen as it was; the mark holds while ``revoked_at`` is null."""

    meeting: int
    person: int
    name: str = Field(description="Name beim Versand")
    agenda_version: int = Field(description="Version der Tagesordnung, zu der das Schreiben einlädt")
    way: DispatchWay
    sent_on: dt.date
    sent_by: str
    recorded_at: Moment
    recorded_by: str
    hash: str = Field(description="SHA-256 der eingefrorenen Angaben")
    file: str = Field(description="Pfad der PDF-Datei")
    revoked_at: Moment | None
    revoked_by: str
    revoked_reason: str


class LetterOut(Thing):
    """The letter that a person gets today, and what was sent to them; ``id`` is the person's."""

    meeting: int
    person: int
    name: str
    kind: str = Field(description="Mitglied, Stellvertretung oder Gast")
    agenda_version: int = Field(description="0: Die Tagesordnung ist noch ein Entwurf")
    address: list[str] = Field(description="Wer: die ersten Zeilen der Anschrift")
    postal: list[str] = Field(description="Wo: ihre übrigen Zeilen; leer, wo keine Postanschrift bekannt ist")
    salutation: str
    enclosures: list[str]
    copies: list[str] = Field(description="Nachrichtlich")
    due: bool = Field(description="Noch oder wieder zu versenden")
    note: str = Field(description="Wie sich das heutige Schreiben vom versandten unterscheidet")
    pdf: str
    docx: str
    sent: list[DispatchOut] = Field(description="Vermerke, die gelten, der letzte zuerst")


def letter_out(meeting: Meeting, version: int, standing: Standing) -> LetterOut:
    """A letter on *version* of the agenda."""
    letter, page = standing.letter, f"/sitzungen/{meeting.id}/schreiben"
    return LetterOut(
        id=letter.person_id,
        url=f"{PREFIX}/meetings/{meeting.id}/letters",
        page=f"{page}#person-{letter.person_id}",
        meeting=ident(meeting),
        person=letter.person_id,
        name=letter.name,
        kind=letter.kind,
        agenda_version=version,
        address=list(letter.address),
        postal=list(letter.postal),
        salutation=letter.salutation,
        enclosures=list(letter.enclosures),
        copies=list(letter.copies),
        due=standing.due,
        note=standing.note,
        pdf=f"{page}/{letter.person_id}.pdf",
        docx=f"{page}/{letter.person_id}.docx",
        sent=[dispatch_out(one, None) for one in standing.sent],
    )


def dispatch_out(dispatch: LetterDispatch, revocation: LetterRevocation | None) -> DispatchOut:
    """A mark, with what took it back."""
    page = f"/sitzungen/{dispatch.meeting_id}/schreiben"
    return DispatchOut(
        id=ident(dispatch),
        url=f"{PREFIX}/meetings/{dispatch.meeting_id}/letters/dispatches/{dispatch.id}",
        page=f"{page}#person-{dispatch.person_id}",
        meeting=dispatch.meeting_id,
        person=dispatch.person_id,
        name=dispatch.name,
        agenda_version=dispatch.version,
        way=dispatch.way,
        sent_on=dispatch.sent_on,
        sent_by=dispatch.sent_by,
        recorded_at=dispatch.recorded_at,
        recorded_by=dispatch.recorded_by,
        hash=dispatch.hash,
        file=f"{page}/versandt/{dispatch.id}.pdf",
        revoked_at=revocation.revoked_at if revocation else None,
        revoked_by=revocation.revoked_by if revocation else "",
        revoked_reason=revocation.reason if revocation else "",
    )
