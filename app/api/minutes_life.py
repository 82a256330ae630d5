"""The life of minutes: reading them, dispatch, objections with answers, approval, addenda, publication."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import DocumentKind
from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.paging import ListQuery, Walk
from app.api.schemas.minutes_life import (
    AddendumOut,
    MinutesPublicationOut,
    ObjectionOut,
    RecordOut,
    addendum_out,
    minutes_publication_out,
    objection_out,
    record_out,
)
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen
from app.db import ident
from app.documents.minutes_choosing import choose_minutes, edition_for, find_record, minutes_documents
from app.errors import Forbidden, NotFound
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life as meetings
from app.minutes import queries
from app.minutes.models import Minutes, Objection
from app.minutes.rules import life
from app.minutes.rules.reading import keeps_names
from app.minutes.schemas.wishes import AddendumIn, AnswerIn, ApproveIn, ObjectionIn, RevokeIn, SubmitIn
from app.minutes.service.afterwards import add_addendum, publish_minutes, revoke_minutes
from app.minutes.service.life import approve_minutes, send_for_review
from app.minutes.service.objections import answer_objection, raise_objection, shown_objections
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}/minutes", tags=["Niederschrift"])


@router.get("/record", response_model=RecordOut, summary="Niederschrift, wie sie versandt oder genehmigt wurde")
def show_record(
    meeting_id: Id, session: ReadSession, actor: CurrentActor, version: int | None = None, edition: str = ""
) -> Response:
    """The version that was sent or approved last (0: the working copy), in your edition or another you may read."""
    meeting, minutes = find_record(session, actor, meeting_id)
    chosen = choose_minutes(session, actor, meeting, minutes, named=edition, version=version)
    return shown(record_out(meeting_id, minutes, chosen.values, chosen.digest))


@router.post("/submit", response_model=RecordOut, summary="Zur Prüfung versenden")
def submit(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: SubmitIn
) -> Response:
    """Freeze the next version and begin the objection period; whose yes it needs is a rule of the body."""
    meeting = _lock_run(session, actor, meeting_id, seen)
    return once.done(session, lambda: send_for_review(session, actor, meeting, wish), _show(session, actor, meeting))


@router.post("/approve", response_model=RecordOut, summary="Niederschrift genehmigen")
def approve(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: ApproveIn
) -> Response:
    """In a later meeting (its id), or by silence after the period (null) where the body's rule allows."""
    meeting = _lock_run(session, actor, meeting_id, seen)
    return once.done(session, lambda: approve_minutes(session, actor, meeting, wish), _show(session, actor, meeting))


@router.get("/objections", response_model=Listing[ObjectionOut], summary="Einwendungen")
def list_objections(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The objections in the order in which they came, with their answers, as far as you read their items."""
    walk = Walk(request, query)
    meeting, minutes = find_record(session, actor, meeting_id)
    rows = shown_objections(session, actor, meeting, minutes) if minutes is not None else []
    page, following = walk.cut([objection_out(meeting_id, one) for one in rows], lambda one: (one.id,))
    return listed(page, following)


@router.post("/objections", status_code=201, response_model=ObjectionOut, summary="Einwendung erheben")
def object_to(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ObjectionIn
) -> Response:
    """Members, deputies and offices until 24:00 of the last day; the secretariat enters others' (``by``), also late."""
    meeting, _ = find_record(session, actor, meeting_id)
    if not meetings.may_run(actor, meeting) and not life.may_object(actor, meeting.body_id):
        raise Forbidden()
    meeting = lock_meeting(session, actor, meeting_id)
    show = partial(objection_out, meeting_id)
    return once.created(session, lambda: raise_objection(session, actor, meeting, wish), show)


@router.get("/objections/{objection_id}", response_model=ObjectionOut, summary="Eine Einwendung")
def show_objection(meeting_id: Id, objection_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One objection with its answer."""
    return shown(objection_out(meeting_id, _objection(session, actor, meeting_id, objection_id)))


@router.post("/objections/{objection_id}/answer", response_model=ObjectionOut, summary="Einwendung beantworten")
def answer(
    meeting_id: Id,
    objection_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: AnswerIn,
) -> Response:
    """What becomes of an objection: taken over, partly, or not."""
    _objection(session, actor, meeting_id, objection_id)
    meeting = _lock_run(session, actor, meeting_id)
    objection = _objection(session, actor, meeting_id, objection_id)
    if seen.given:
        current = objection_out(meeting_id, objection)
        seen.check(current.version, lambda: current)
    show = partial(objection_out, meeting_id)
    return once.done(session, lambda: answer_objection(session, actor, meeting, objection, wish), show)


@router.get("/addenda", response_model=Listing[AddendumOut], summary="Nachträge")
def list_addenda(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The addenda to approved minutes that stand in your edition."""
    walk = Walk(request, query)
    meeting, minutes = find_record(session, actor, meeting_id)
    own = edition_for(session, actor, meeting, minutes)
    documents = minutes_documents(session, actor, meeting, minutes)
    mine = {one.version for one in documents if one.kind is DocumentKind.ADDENDUM and one.edition is own}
    rows = queries.list_addenda(session, ident(minutes)) if minutes is not None else []
    found = [addendum_out(meeting_id, one, named=keeps_names(own)) for one in rows if one.serial in mine]
    page, following = walk.cut(found, lambda one: (one.serial,))
    return listed(page, following)


@router.post("/addenda", status_code=201, response_model=AddendumOut, summary="Nachtrag festhalten")
def add(meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: AddendumIn) -> Response:
    """A dated addendum; the approved minutes themselves never change."""
    meeting = _lock_run(session, actor, meeting_id)
    show = partial(addendum_out, meeting_id)
    return once.created(session, lambda: add_addendum(session, actor, meeting, wish), show)


@router.post("/publish", response_model=MinutesPublicationOut, summary="Niederschrift veröffentlichen")
def publish(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Let everybody who can sign in read the public edition."""
    meeting = _lock_run(session, actor, meeting_id, seen)
    show = partial(minutes_publication_out, meeting_id)
    return once.done(session, lambda: publish_minutes(session, actor, meeting), show)


@router.post("/unpublish", response_model=MinutesPublicationOut, summary="Veröffentlichung der Niederschrift beenden")
def unpublish(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: RevokeIn
) -> Response:
    """Take the publication of the minutes back, with a reason."""
    meeting = _lock_run(session, actor, meeting_id, seen)
    show = partial(minutes_publication_out, meeting_id)
    return once.done(session, lambda: revoke_minutes(session, actor, meeting, wish), show)


def _lock_run(session: Session, actor: Actor, meeting_id: int, seen: MaybeSeen | None = None) -> Meeting:
    """The meeting locked, for its secretariat; NotFound where the minutes are not for the actor.

    Stale where If-Match names another version of the minutes.
    """
    meeting, _ = find_record(session, actor, meeting_id)
    if not meetings.may_run(actor, meeting):
        raise Forbidden()
    meeting = lock_meeting(session, actor, meeting_id)
    if seen is not None and seen.given:
        current = _out(session, actor, meeting)
        seen.check(current.version, lambda: current)
    return meeting


def _out(session: Session, actor: Actor, meeting: Meeting) -> RecordOut:
    minutes: Minutes | None = queries.find_minutes(session, ident(meeting))
    chosen = choose_minutes(session, actor, meeting, minutes)
    return record_out(ident(meeting), minutes, chosen.values, chosen.digest)


def _show(session: Session, actor: Actor, meeting: Meeting) -> "partial[RecordOut]":
    return partial(_shown, session, actor, meeting)


def _shown(session: Session, actor: Actor, meeting: Meeting, _done: object) -> RecordOut:
    return _out(session, actor, meeting)


def _objection(session: Session, actor: Actor, meeting_id: int, objection_id: int) -> Objection:
    meeting, minutes = find_record(session, actor, meeting_id)
    rows = shown_objections(session, actor, meeting, minutes) if minutes is not None else []
    found = next((one for one in rows if one.id == objection_id), None)
    if found is None:
        raise NotFound()
    return found
