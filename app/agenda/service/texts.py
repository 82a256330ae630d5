"""Writing the long texts of an item together: saving while typing, leaving, restoring, and who is there."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem
from app.agenda.schemas.wishes import ItemChange
from app.agenda.service.items import change_item, require_draft, require_standing
from app.agenda.service.traces import ItemTexts
from app.db import ident
from app.errors import Forbidden, NotFound
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.revisions import queries as revisions
from app.revisions import service
from app.revisions.models import TextRevision
from app.revisions.schemas import Presence, Saved, TextSave


def save_item_text(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: TextSave) -> Saved:
    """Store what somebody is writing into an item; *meeting* is locked by the caller. See ``revisions.save_text``."""
    require_draft(actor, meeting)
    require_standing(item)
    return service.save_text(session, actor, ItemTexts(session, meeting, item), wish)


def leave_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, writer: str) -> None:
    """The form *writer* was left: what it wrote enters the history, and nobody is shown there any more."""
    _require_run(actor, meeting)
    service.close_texts(session, ItemTexts(session, meeting, item), writer=writer)
    service.end_presence(session, actor, writer)


def visit_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, writer: str) -> Sequence[Presence]:
    """The form *writer* is open: says so to others, and tells who else is there."""
    _require_run(actor, meeting)
    service.note_presence(session, actor, ItemTexts.kind, ident(item), writer)
    session.flush()
    return who_edits(session, actor, [ident(item)], but_writer=writer).get(ident(item), [])


def who_edits(
    session: Session, actor: Actor, item_ids: Collection[int], *, but_writer: str = ""
) -> dict[int, list[Presence]]:
    """Who has items open, by item; for people who may edit the agenda."""
    return service.present(session, actor, ItemTexts.kind, item_ids, but_writer=but_writer)


def earlier_texts(session: Session, item: AgendaItem) -> Sequence[TextRevision]:
    """The finished revisions of an item's texts, newest first."""
    return revisions.list_finished(session, ItemTexts.kind, ident(item), clock.now())


def restore_text(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, revision_id: int, *, base_version: int
) -> AgendaItem:
    """Put an earlier text back: a new change beside the old ones, nothing is deleted. Stale like every change."""
    require_draft(actor, meeting)
    found = revisions.find_revision(session, ItemTexts.kind, ident(item), revision_id)
    if found is None:
        raise NotFound()
    return change_item(
        session,
        actor,
        meeting,
        item,
        ItemChange.model_validate({found.field: found.content}),
        base_version=base_version,
        reason=f"Text vom {text.moment(found.saved_at)} wiederhergestellt",
    )


def close_item_texts(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Close everything that is being written in a meeting's agenda: it is about to be released."""
    items = {ident(item): item for item in queries.list_items(session, actor, ident(meeting))}
    for object_id in dict.fromkeys(row.object_id for row in revisions.list_open(session, ItemTexts.kind, items)):
        service.close_texts(session, ItemTexts(session, meeting, items[object_id]))


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()
