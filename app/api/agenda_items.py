"""Agenda items of a meeting: the working copy for secretariat and chair, the released version for everybody else."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Edition, Topic
from app.agenda.rules.layout import place
from app.agenda.rules.reading import edition_of
from app.agenda.schemas.frozen import edition
from app.agenda.schemas.wishes import ItemChange, ItemIn, OutcomeIn, RejectIn, WithdrawIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item, change_item, set_item_aside
from app.agenda.service.supplements import reinstate_item, withdraw_item
from app.agenda.service.values import default_as_of, released_numbers
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody, lock_seen
from app.api.paging import ListQuery, Walk
from app.api.schemas.agenda_items import AgendaItemOut, released_items, working_items
from app.api.schemas.thing import Id, Listing
from app.api.schemas.topics import TopicOut
from app.api.topics import show_topic
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.bodies.queries import list_sections
from app.db import ident
from app.documents.choosing import part_of_reader
from app.errors import Forbidden, NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/agenda-items", tags=["Tagesordnung"])


@router.get("", response_model=Listing[AgendaItemOut], summary="Tagesordnung")
def list_them(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The agenda in its order: the working copy for secretariat and chair, else what was released and is yours to
    read.
    """
    walk = Walk(request, query)
    items = agenda_items(session, actor, get_meeting(session, actor, meeting_id))
    places = {one.id: place for place, one in enumerate(items)}
    page, following = walk.cut(items, lambda one: (places[one.id],))
    return listed(page, following)


@router.get("/{item_id}", response_model=AgendaItemOut, summary="Ein Tagesordnungspunkt")
def show_item(meeting_id: Id, item_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One item, from the same source as the list."""
    return shown(find_item(session, actor, get_meeting(session, actor, meeting_id), item_id))


@router.post("", response_model=AgendaItemOut, status_code=201, summary="Eigenen Punkt hinzufügen")
def create(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: ItemIn
) -> Response:
    """An item of one's own, at the end of its section. If-Match, if sent, is the meeting's version."""
    return once.created(
        session,
        lambda: add_item(session, actor, lock_seen(session, actor, meeting_id, seen), wish),
        partial(show_item_of, session, actor),
    )


@router.patch("/{item_id}", response_model=AgendaItemOut, summary="Punkt ändern oder verschieben")
def update(
    meeting_id: Id, item_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: ItemChange
) -> Response:
    """Change the given fields; ``position`` moves the item within its section. If-Match is the item's version."""

    def act() -> AgendaItem:
        meeting, item = lock_item(session, actor, meeting_id, item_id, seen)
        return change_item(session, actor, meeting, item, wish, base_version=item.version)

    return changed(session, act, partial(show_item_of, session, actor))


@router.post("/{item_id}/set-aside", response_model=TopicOut, summary="In den Themenspeicher")
def set_aside(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: RejectIn,
) -> Response:
    """Take an item that was not released off the agenda, with a reason; answers with the topic it became."""

    def act() -> Topic:
        return set_item_aside(session, actor, *lock_item(session, actor, meeting_id, item_id, seen), wish)

    return once.done(session, act, partial(show_topic, session))


@router.post("/{item_id}/withdraw", response_model=AgendaItemOut, summary="Freigegebenen Punkt absetzen")
def withdraw(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: WithdrawIn,
) -> Response:
    """A released item keeps its number and is shown as withdrawn, with the reason, from the next supplement on."""

    def act() -> AgendaItem:
        return withdraw_item(session, actor, *lock_item(session, actor, meeting_id, item_id, seen), wish)

    return once.done(session, act, partial(show_item_of, session, actor))


@router.post("/{item_id}/reinstate", response_model=AgendaItemOut, summary="Abgesetzten Punkt wieder aufnehmen")
def reinstate(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    _: NoBody,
) -> Response:
    """Take a withdrawn item up again, under its old number."""

    def act() -> AgendaItem:
        return reinstate_item(session, actor, *lock_item(session, actor, meeting_id, item_id, seen))

    return once.done(session, act, partial(show_item_of, session, actor))


@router.post("/{item_id}/outcome", response_model=AgendaItemOut, summary="Ergebnis festhalten")
def outcome(
    meeting_id: Id,
    item_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: OutcomeIn,
) -> Response:
    """What became of an item, while the meeting is in session."""

    def act() -> AgendaItem:
        return set_outcome(session, actor, *lock_item(session, actor, meeting_id, item_id, seen), wish)

    return once.done(session, act, partial(show_item_of, session, actor))


def agenda_items(session: Session, actor: Actor, meeting: Meeting) -> list[AgendaItemOut]:
    """The items of a readable meeting that the actor reads; a fixed number of queries.

    Guests' confidential items are for the page only (domain §6), so they are left out here.
    """
    if life.reads_draft(actor, meeting):
        return _working_copy(session, actor, meeting)
    part = part_of_reader(session, actor, meeting)
    if part is None:
        return []
    which = edition_of(actor, meeting.body_id) or Edition.NON_CONFIDENTIAL
    return released_items(meeting, part if part.edition is Edition.PUBLIC else edition(part, which))


def _working_copy(session: Session, actor: Actor, meeting: Meeting) -> list[AgendaItemOut]:
    items = queries.list_items(session, actor, ident(meeting))
    links = queries.projects_of_items(session, [ident(item) for item in items])
    projects = queries.project_lines(
        session,
        ids={link.project_id for there in links.values() for link in there},
        on=default_as_of(session, meeting, clock.today()),
    )
    fixed = released_numbers(session, meeting)
    sections = place(list_sections(session, meeting.body_id), items, meeting.starts_at, fixed)
    return working_items(meeting, sections, links, projects)


def find_item(session: Session, actor: Actor, meeting: Meeting, item_id: int) -> AgendaItemOut:
    """One item that the actor reads; NotFound for unknown and invisible alike."""
    found = next((one for one in agenda_items(session, actor, meeting) if one.id == item_id), None)
    if found is None:
        raise NotFound()
    return found


def show_item_of(session: Session, actor: Actor, item: AgendaItem) -> AgendaItemOut:
    """An item of the working copy as programs read it."""
    return find_item(session, actor, get_meeting(session, actor, item.meeting_id), ident(item))


def lock_item(session: Session, actor: Actor, meeting_id: int, item_id: int, seen: Seen) -> tuple[Meeting, AgendaItem]:
    """Meeting and item for writing. Who reads the item in a release only may not change it (Forbidden)."""
    meeting = lock_meeting(session, actor, meeting_id)
    visible = find_item(session, actor, meeting, item_id)
    if visible.agenda_version:
        raise Forbidden()
    seen.check(visible.version, lambda: visible)
    return meeting, queries.get_item(session, actor, meeting_id, item_id)
