"""Where the long texts of items and proposals are written together, and what of them is still being written."""

from collections.abc import Collection

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Proposal
from app.agenda.service.items import require_draft, require_standing
from app.agenda.service.proposals import require_open
from app.agenda.service.traces import ItemTexts, ProposalTexts
from app.db import ident
from app.errors import Forbidden
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.revisions import queries as revisions
from app.revisions import service
from app.revisions.schemas import Desk, Presence


def item_desk(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> Desk:
    """Where Anlass and Beschlussvorschlag of an item are written."""

    def require_writer() -> None:
        require_draft(actor, meeting)
        require_standing(item)

    return Desk(
        holder=ItemTexts(session, meeting, item),
        title=item.title,
        require_present=lambda: _require_run(actor, meeting),
        require_writer=require_writer,
    )


def proposal_desk(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> Desk:
    """Where the texts of an open proposal are written; drafting again leaves them as they are then."""

    def require_writer() -> None:
        require_draft(actor, meeting)
        require_open(proposal)

    return Desk(
        holder=ProposalTexts(session, meeting, proposal),
        title=proposal.title,
        require_present=lambda: _require_run(actor, meeting),
        require_writer=require_writer,
    )


def who_edits(
    session: Session, actor: Actor, item_ids: Collection[int], *, but_writer: str = ""
) -> dict[int, list[Presence]]:
    """Who has items open, by item; for people who may edit the agenda."""
    return service.present(session, actor, ItemTexts.kind, item_ids, but_writer=but_writer)


def close_item_texts(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Close everything that is being written in a meeting's agenda: it is about to be released."""
    items = {ident(item): item for item in queries.list_items(session, actor, ident(meeting))}
    for object_id in dict.fromkeys(row.object_id for row in revisions.list_open(session, ItemTexts.kind, items)):
        service.close_texts(session, ItemTexts(session, meeting, items[object_id]))


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not life.may_run(actor, meeting):
        raise Forbidden()
