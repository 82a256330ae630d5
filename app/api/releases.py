"""Released versions of an agenda: their documents and changes, discarding a supplement, and publishing."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.rules.reading import edition_of
from app.agenda.schemas.wishes import RevokeIn
from app.agenda.service.publishing import publish_agenda, revoke_publication
from app.agenda.service.supplements import discard_changes
from app.api.answers import answer, listed, shown
from app.api.idempotency import SentOnce
from app.api.meetings import NoBody, lock_seen, show_one
from app.api.paging import ListQuery, Walk
from app.api.schemas.meetings import MeetingOut
from app.api.schemas.releases import (
    ChangesOut,
    PublicationOut,
    VersionOut,
    changes_out,
    publication_out,
    version_out,
)
from app.api.schemas.thing import Id, Listing
from app.api.versions import MaybeSeen
from app.db import ident
from app.documents.choosing import choose_changes
from app.documents.identifying import readable_documents
from app.errors import NotFound
from app.meetings.models import Meeting, Publication
from app.meetings.queries import find_publication, get_meeting
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/meetings/{meeting_id}", tags=["Versionen"])


@router.get("/releases", response_model=Listing[VersionOut], summary="Freigegebene Versionen")
def list_them(
    meeting_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """Every version of which you may read a document, newest first, with these documents and their hashes."""
    walk = Walk(request, query)
    versions = _versions(session, actor, get_meeting(session, actor, meeting_id))
    page, following = walk.cut(versions, lambda one: (-one.number,))
    return listed(page, following)


@router.get("/changes", response_model=ChangesOut, summary="Änderungsübersicht")
def show_changes(
    meeting_id: Id, session: ReadSession, actor: CurrentActor, version: int | None = None, edition: str = ""
) -> Response:
    """What a version (default: the last) changed, in your edition or another that you may read; none for version 1."""
    meeting = get_meeting(session, actor, meeting_id)
    chosen = choose_changes(session, actor, meeting, named=edition, version=version)
    return answer(changes_out(meeting, chosen.values, chosen.digest))


@router.post("/discard-changes", response_model=MeetingOut, summary="Nachtrag verwerfen")
def discard(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Put the working copy of a released meeting back to what was released last: texts, order, projects, guests and
    papers of its items, and its Stichtag. New items become proposals or topics again, new papers of released items are
    withdrawn; papers that were withdrawn stay so.
    """

    def act() -> Meeting:
        meeting = lock_seen(session, actor, meeting_id, seen)
        discard_changes(session, actor, meeting)
        return meeting

    return once.done(session, act, partial(show_one, session, actor))


@router.get("/publication", response_model=PublicationOut, summary="Veröffentlichung")
def show_publication(meeting_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """The publication that holds now; 404 while nothing is published."""
    meeting = get_meeting(session, actor, meeting_id)
    found = find_publication(session, meeting_id)
    if found is None:
        raise NotFound()
    return shown(_publication(actor, meeting, found))


@router.post("/publish", response_model=PublicationOut, summary="Öffentliche Fassung veröffentlichen")
def publish(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, _: NoBody
) -> Response:
    """Let everybody who can sign in read the public edition of the last version."""
    meeting = lock_seen(session, actor, meeting_id, seen)
    return once.done(session, lambda: publish_agenda(session, actor, meeting), partial(_publication, actor, meeting))


@router.post("/unpublish", response_model=PublicationOut, summary="Veröffentlichung zurücknehmen")
def unpublish(
    meeting_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, seen: MaybeSeen, wish: RevokeIn
) -> Response:
    """Take the publication back, with a reason."""
    meeting = lock_seen(session, actor, meeting_id, seen)
    return once.done(
        session, lambda: revoke_publication(session, actor, meeting, wish), partial(_publication, actor, meeting)
    )


def _publication(actor: Actor, meeting: Meeting, publication: Publication) -> PublicationOut:
    return publication_out(publication, inside=edition_of(actor, meeting.body_id) is not None)


def _versions(session: Session, actor: Actor, meeting: Meeting) -> list[VersionOut]:
    inside = edition_of(actor, meeting.body_id) is not None
    documents = readable_documents(session, actor, meeting)
    found = []
    for release in queries.list_releases(session, ident(meeting)):
        there = [one for one in documents if one.version == release.version]
        if there:
            found.append(version_out(meeting, release, there, inside=inside))
    return found
