"""The topic backlog: list, one, add, change, close, put onto an agenda."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.actor import Actor, Role
from app.agenda.models import Topic, TopicState
from app.agenda.queries import get_topic, list_topics, lock_topic, projects_of_topics
from app.agenda.schemas.wishes import CloseTopicIn, OtherMeetingIn, TopicChange, TopicIn
from app.agenda.service import topics as service
from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody
from app.api.paging import ListQuery, Walk
from app.api.queries import codes_of, section_titles
from app.api.schemas.thing import Id, Listing
from app.api.schemas.topics import TopicOut, topic_outs
from app.api.versions import MaybeSeen, MustHaveSeen, Seen
from app.db import ident
from app.errors import Forbidden
from app.meetings.queries import lock_meeting
from app.request import CurrentActor, ReadSession, WriteSession
from app.validation import RowId

router = APIRouter(prefix="/topics", tags=["Themenspeicher"])


class TopicQuery(ListQuery):
    """Filters of the backlog; without ``state`` the open ones."""

    body: RowId | None = Field(default=None, description="Kennung des Gremiums")
    state: TopicState = TopicState.OPEN


@router.get("", response_model=Listing[TopicOut], summary="Themenspeicher")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[TopicQuery, Query()]
) -> Response:
    """What did not make an agenda, oldest first; for secretariat and chair."""
    walk = Walk(request, query)
    found = list_topics(session, actor, body_id=query.body, state=query.state)
    page, following = walk.cut(found, lambda one: (ident(one),))
    return listed(show_all(session, page), following)


@router.get("/{topic_id}", response_model=TopicOut, summary="Ein Thema")
def show_one(topic_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One topic with its reasons."""
    return shown(show_topic(session, get_topic(session, actor, topic_id)))


@router.post("", response_model=TopicOut, status_code=201, summary="Eintrag anlegen")
def create(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: TopicIn) -> Response:
    """An entry of one's own."""
    return once.created(session, lambda: service.add_topic(session, actor, wish), partial(show_topic, session))


@router.patch("/{topic_id}", response_model=TopicOut, summary="Eintrag ändern")
def update(topic_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: TopicChange) -> Response:
    """Change the given fields of an open entry; ``resume_on`` null means the next meeting."""

    def act() -> Topic:
        topic = _lock(session, actor, topic_id, seen)
        return service.change_topic(session, actor, topic, wish, base_version=topic.version)

    return changed(session, act, partial(show_topic, session))


@router.post("/{topic_id}/close", response_model=TopicOut, summary="Als erledigt abschließen")
def close(
    topic_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: CloseTopicIn
) -> Response:
    """The entry needs no meeting any more."""

    def act() -> Topic:
        return service.close_topic(session, actor, _lock(session, actor, topic_id, seen), wish)

    return once.done(session, act, partial(show_topic, session))


@router.post("/{topic_id}/reopen", response_model=TopicOut, summary="Wieder öffnen")
def reopen(
    topic_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """A closed entry waits again."""

    def act() -> Topic:
        return service.reopen_topic(session, actor, _lock(session, actor, topic_id, seen))

    return once.done(session, act, partial(show_topic, session))


@router.post("/{topic_id}/use", response_model=TopicOut, summary="Auf die Tagesordnung nehmen")
def use(
    topic_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    seen: MaybeSeen,
    wish: OtherMeetingIn,
) -> Response:
    """Put an open entry onto the agenda of a coming meeting of its body."""

    def act() -> Topic:
        _require_run(actor, get_topic(session, actor, topic_id))
        meeting = lock_meeting(session, actor, wish.meeting)
        topic = _lock(session, actor, topic_id, seen)
        service.use_topic(session, actor, meeting, topic)
        return topic

    return once.done(session, act, partial(show_topic, session))


def _lock(session: Session, actor: Actor, topic_id: int, seen: Seen) -> Topic:
    _require_run(actor, get_topic(session, actor, topic_id))
    topic = lock_topic(session, actor, topic_id)
    seen.check(topic.version, lambda: show_topic(session, topic))
    return topic


def _require_run(actor: Actor, topic: Topic) -> None:
    if not actor.has(Role.SECRETARIAT, topic.body_id):
        raise Forbidden()


def show_topic(session: Session, topic: Topic) -> TopicOut:
    """A readable topic as programs read it."""
    return show_all(session, [topic])[0]


def show_all(session: Session, topics: Sequence[Topic]) -> list[TopicOut]:
    """Readable topics as programs read them; three queries, whatever their number."""
    links = projects_of_topics(session, [ident(one) for one in topics])
    return topic_outs(
        topics,
        links=links,
        codes=codes_of(session, {link.project_id for there in links.values() for link in there}),
        sections=section_titles(session, {one.body_id for one in topics}),
    )
