"""The papers of a meeting and of its items: the tab Unterlagen, and the section on the form of an item."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import AgendaItem, AgendaItemPaper
from app.agenda.queries.registrations import awaited_papers
from app.agenda.service.paper_holders import GONE, MeetingPapers, open_meeting_papers
from app.agenda.service.papers import placed_items
from app.agenda.service.shown_papers import papers_of_item, shown_groups
from app.config import Settings
from app.db import ident
from app.errors import Invalid
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.papers.schemas import Place, ShownPaper
from app.web.meetings.meeting_frame import PAPERS, meeting_page
from app.web.papers.desk import EDIT, Desk
from app.web.papers.paper_forms import choices
from app.web.papers.routes import paper_routes

WHOLE = "sitzung"


class MeetingDesk(Desk):
    """The tab Unterlagen of a meeting."""

    def __init__(self, meeting_id: int) -> None:
        self.meeting_id, self.address = meeting_id, f"/sitzungen/{meeting_id}/unterlagen"

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> MeetingPapers:
        """The meeting's papers."""
        return open_meeting_papers(session, actor, self.meeting_id, lock=lock)

    def owner_of(self, holder: MeetingPapers, named: str) -> Place:
        """The item that the form names, or the meeting as a whole."""
        if named in ("", WHOLE):
            return holder.place
        if not named.isdecimal() or len(named) > 9:
            raise Invalid({"owner": GONE})
        return holder.place_of_item(int(named), at="owner")

    def stored(self, paper: ShownPaper) -> dict[str, Any]:
        """With the item to which it belongs."""
        return {**super().stored(paper), "owner": str(paper.item_id or WHOLE)}

    def behind(self, place: Place) -> str:
        """The heading of the item."""
        return f"#punkt-{place.owner_id if place.link is AgendaItemPaper else 0}"

    def list_page(self, request: Request, holder: MeetingPapers, values: dict[str, Any], status: int) -> Response:
        """The papers by item; the secretariat sees which are announced and not there."""
        session, actor, meeting = holder.session, holder.actor, holder.meeting
        run = life.may_run(actor, meeting)
        more = {
            **values,
            "groups": shown_groups(session, actor, meeting),
            "owners": _owners(session, actor, meeting) if run else [],
            "awaited": awaited_papers(session, actor, ident(meeting)) if run else [],
        }
        return meeting_page(request, session, actor, meeting, "papers/meeting.html", tab=PAPERS, status=status, **more)

    def form_page(self, request: Request, holder: MeetingPapers, values: dict[str, Any], status: int) -> Response:
        """One paper below the frame of the meeting."""
        session, actor, meeting = holder.session, holder.actor, holder.meeting
        more = {**values, "owners": _owners(session, actor, meeting)}
        return meeting_page(request, session, actor, meeting, "papers/edit.html", title=EDIT, status=status, **more)


router = paper_routes("/sitzungen/{meeting_id}/unterlagen", MeetingDesk)


def section_of_item(
    session: Session, actor: Actor, settings: Settings, meeting: Meeting, item: AgendaItem
) -> dict[str, Any]:
    """What the section "Unterlagen" on the form of an item needs (``agenda/_papers.html``)."""
    return {"papers": papers_of_item(session, actor, meeting, item), **choices(settings)}


def _owners(session: Session, actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    items = placed_items(session, actor, meeting)
    return [
        (WHOLE, "Sitzung insgesamt"),
        *((str(ident(one.item)), f"TOP {one.number} {one.item.title}"[:120]) for one in items),
    ]
