"""Papers of meetings and their items, projects, registered topics and entries of the backlog."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.actor import Actor
from app.agenda.service.paper_holders import (
    MeetingPapers,
    RegistrationPapers,
    TopicPapers,
    open_meeting_papers,
    open_registration_papers,
    open_topic_papers,
)
from app.api.agenda_items import find_item
from app.api.paging import ListQuery
from app.api.paper_routes import Shelf, add, paper_routes
from app.api.schemas.papers import ITEM, PaperOut
from app.api.schemas.thing import Id, Listing
from app.api.uploads import number_in
from app.papers.schemas import Place
from app.projects.service.papers import ProjectPapers, open_project_papers
from app.request import CurrentActor, ReadSession


class MeetingShelf(Shelf):
    """The papers of a meeting; ``item`` in an upload or a change names one of its items."""

    def __init__(self, meeting_id: Id) -> None:
        self.meeting_id = meeting_id

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> MeetingPapers:
        """The meeting's papers."""
        return open_meeting_papers(session, actor, self.meeting_id, lock=lock)

    def above(self) -> dict[str, int]:
        """The meeting."""
        return {"meeting": self.meeting_id}

    def upload_place(self, holder: MeetingPapers, submitted: FormData) -> Place:
        """The named item, else the meeting as a whole."""
        return holder.place_of_item(number_in(submitted, "item"), at="item")

    def item_place(self, holder: MeetingPapers, item_id: int | None) -> Place:
        """The named item, else the meeting as a whole."""
        return holder.place_of_item(item_id, at="item")


class ItemShelf(MeetingShelf):
    """The papers of one item of a meeting."""

    def __init__(self, meeting_id: Id, item_id: Id) -> None:
        super().__init__(meeting_id)
        self.item_id = item_id

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> MeetingPapers:
        """The meeting's papers, for those who see the item."""
        holder = super().open(session, actor, lock=lock)
        find_item(session, actor, holder.meeting, self.item_id)
        return holder

    def upload_place(self, holder: MeetingPapers, submitted: FormData) -> Place:  # noqa: ARG002 - the address says it
        """The item."""
        return holder.place_of_item(self.item_id, at="item")


class ProjectShelf(Shelf):
    """The papers of a project."""

    def __init__(self, project_id: Id) -> None:
        self.project_id = project_id

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> ProjectPapers:
        """The project's papers."""
        return open_project_papers(session, actor, self.project_id, lock=lock)

    def above(self) -> dict[str, int]:
        """The project."""
        return {"project": self.project_id}


class RegistrationShelf(Shelf):
    """The papers of a registered topic; once it stands on an agenda they are the item's."""

    def __init__(self, registration_id: Id) -> None:
        self.registration_id = registration_id

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> RegistrationPapers:
        """The topic's papers."""
        return open_registration_papers(session, actor, self.registration_id, lock=lock)

    def above(self) -> dict[str, int]:
        """The registered topic."""
        return {"registration": self.registration_id}


class TopicShelf(Shelf):
    """The papers of an entry of the backlog."""

    def __init__(self, topic_id: Id) -> None:
        self.topic_id = topic_id

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> TopicPapers:
        """The entry's papers."""
        return open_topic_papers(session, actor, self.topic_id, lock=lock)

    def above(self) -> dict[str, int]:
        """The entry."""
        return {"topic": self.topic_id}


of_items = APIRouter(prefix="/meetings/{meeting_id}/agenda-items/{item_id}/papers", tags=["Unterlagen"])


@of_items.get("", response_model=Listing[PaperOut], summary="Unterlagen eines Punktes")
def list_of_item(
    at: Annotated[ItemShelf, Depends(ItemShelf)],
    request: Request,
    session: ReadSession,
    actor: CurrentActor,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """The papers of one item."""
    found = [one for one in at.papers(at.open(session, actor)) if one.item == at.item_id]
    return at.page(request, query, found)


add(of_items, ItemShelf, "eines Punktes", {})

router = APIRouter()
router.include_router(paper_routes("/meetings/{meeting_id}/papers", MeetingShelf, of="einer Sitzung", about=ITEM))
router.include_router(of_items)
router.include_router(paper_routes("/projects/{project_id}/papers", ProjectShelf, of="eines Projekts"))
router.include_router(paper_routes("/registrations/{registration_id}/papers", RegistrationShelf, of="einer Anmeldung"))
router.include_router(paper_routes("/topics/{topic_id}/papers", TopicShelf, of="eines Themas im Themenspeicher"))
