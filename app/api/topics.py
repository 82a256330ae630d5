"""The topic backlog: list, one."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel import Session

from app.agenda.models import Topic, TopicState
from app.agenda.queries import get_topic, list_topics, projects_of_topics
from app.api.answers import listed, shown
from app.api.paging import ListQuery, Walk
from app.api.queries import codes_of, section_titles
from app.api.schemas.thing import Id, Listing
from app.api.schemas.topics import TopicOut, topic_outs
from app.db import ident
from app.request import CurrentActor, ReadSession
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
