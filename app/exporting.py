"""``skip export``: the bytes that a reader gets at a document's address, for scripts and operators."""

from collections.abc import Callable, Mapping

from app.access.queries import actor_of
from app.actor import Actor
from app.calendars.build import build_event
from app.calendars.feed import event_ics
from app.calendars.queries import load_meeting_row
from app.config import Settings
from app.db import Database
from app.documents.choosing import choose_agenda, choose_changes
from app.documents.delta import render_delta
from app.documents.keeping import draw_agenda, keep_pdf
from app.documents.minutes import render_minutes
from app.documents.minutes_choosing import choose_minutes, find_record
from app.documents.pack_keeping import keep_pack
from app.documents.pack_values import choose_pack
from app.documents.speaking import render_speaking_notes
from app.documents.speaking_values import speaking_values
from app.drafting.service.comparing import choose_delta
from app.errors import NotFound
from app.installation.queries import is_demo
from app.meetings.queries import get_meeting
from app.people.queries import find_account_by_email
from app.storage import open_storage

PATIENCE_SECONDS = 120.0
"""Nobody waits in a browser: the command may stand behind other documents for long."""


def actor_for(database: Database, email: str) -> Actor:
    """The person of an account as of today; NotFound for unknown and inactive ones."""
    with database.read() as session:
        account = find_account_by_email(session, email.strip().lower())
        if account is None or not account.active:
            raise NotFound(f"Ein Konto {email} gibt es nicht, oder es ist nicht aktiv.")
        return actor_of(session, account)


def agenda_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, edition: str, version: int | None
) -> bytes:
    """The invitation with agenda."""
    with database.read() as session:
        chosen = choose_agenda(session, actor, get_meeting(session, actor, meeting_id), named=edition, version=version)
    if not chosen.digest:
        return draw_agenda(chosen.values, patience=PATIENCE_SECONDS)
    return keep_pdf(database, open_storage(settings.storage), chosen.digest, patience=PATIENCE_SECONDS)


def delta_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, _edition: str, version: int | None
) -> bytes:
    """The changes since the last meeting."""
    with database.read() as session:
        chosen = choose_delta(session, actor, get_meeting(session, actor, meeting_id), version=version)
    if chosen is None:
        raise NotFound("Mit dieser Freigabe wurde kein Vergleich festgehalten.")
    if not chosen.digest:
        return render_delta(chosen.values, patience=PATIENCE_SECONDS)
    return keep_pdf(database, open_storage(settings.storage), chosen.digest, patience=PATIENCE_SECONDS)


def changes_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, edition: str, version: int | None
) -> bytes:
    """The sheet of changes of a supplement."""
    with database.read() as session:
        chosen = choose_changes(session, actor, get_meeting(session, actor, meeting_id), named=edition, version=version)
    return keep_pdf(database, open_storage(settings.storage), chosen.digest, patience=PATIENCE_SECONDS)


def meeting_ics(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, _edition: str, _version: int | None
) -> bytes:
    """The meeting as a calendar file."""
    with database.read() as session:
        row = load_meeting_row(session, actor, meeting_id)
        return event_ics(build_event(row, base_url=settings.base_url, demo=is_demo(session)))


def minutes_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, edition: str, version: int | None
) -> bytes:
    """The minutes: the last version that was sent or approved, the working copy (version 0) as a draft."""
    with database.read() as session:
        meeting, minutes = find_record(session, actor, meeting_id)
        chosen = choose_minutes(session, actor, meeting, minutes, named=edition, version=version)
    if not chosen.digest:
        return render_minutes(chosen.values, patience=PATIENCE_SECONDS)
    return keep_pdf(database, open_storage(settings.storage), chosen.digest, patience=PATIENCE_SECONDS)


def pack_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, edition: str, version: int | None
) -> bytes:
    """Contents, agenda and papers in one."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        chosen, values = choose_pack(
            session, actor, meeting, base_url=settings.base_url, named=edition, version=version
        )
    storage = open_storage(settings.storage)
    return keep_pack(database, storage, meeting_id, chosen, values, patience=PATIENCE_SECONDS)


def speaking_notes_pdf(
    database: Database, settings: Settings, actor: Actor, meeting_id: int, _edition: str, _version: int | None
) -> bytes:
    """The chair's speaking notes, for accounts that may read them: the operator alone may not."""
    del settings
    with database.read() as session:
        values = speaking_values(session, actor, get_meeting(session, actor, meeting_id))
    return render_speaking_notes(values, patience=PATIENCE_SECONDS)


Export = Callable[[Database, Settings, Actor, int, str, int | None], bytes]
DOCUMENTS: Mapping[str, Export] = {
    "agenda-pdf": agenda_pdf,
    "changes-pdf": changes_pdf,
    "delta-pdf": delta_pdf,
    "meeting-ics": meeting_ics,
    "minutes-pdf": minutes_pdf,
    "pack-pdf": pack_pdf,
    "speaking-notes-pdf": speaking_notes_pdf,
}
