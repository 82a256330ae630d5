"""Publishing the public edition of a released agenda, and revoking it: acts of the secretariat, both in the history.

Every function expects the meeting locked.
"""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import Edition
from app.agenda.schemas.wishes import RevokeIn
from app.db import ident
from app.errors import Forbidden, Refused
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting, MeetingState, Publication
from app.meetings.queries import find_publication
from app.meetings.rules import life
from app.meetings.service import touch_meeting

PUBLISHABLE = (MeetingState.RELEASED, MeetingState.IN_SESSION, MeetingState.HELD)


def publish_agenda(session: Session, actor: Actor, meeting: Meeting) -> Publication:
    """Let every signed-in person read the public edition of the last released version.

    An older version that is published is replaced. Refused before a release, after a cancellation, where that version
    has no public edition (it was frozen before there were any), and where it is published already.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    document = queries.find_last_edition(session, ident(meeting), Edition.PUBLIC)
    if meeting.state not in PUBLISHABLE or document is None:
        raise Refused("Veröffentlicht wird eine freigegebene Tagesordnung, die eine öffentliche Fassung hat.")
    holding = find_publication(session, ident(meeting))
    if holding is not None:
        if holding.version == document.version:
            raise Refused(f"Version {document.version} ist schon veröffentlicht.")
        _end(session, actor, holding, f"ersetzt durch Version {document.version}")
    publication = Publication(
        meeting_id=ident(meeting), version=document.version, published_at=clock.now(), published_by=actor.name
    )
    session.add(publication)
    touch_meeting(session, meeting)
    _record(session, actor, "agenda.publish", meeting, publication)
    return publication


def revoke_publication(session: Session, actor: Actor, meeting: Meeting, wish: RevokeIn) -> Publication:
    """Take the publication back, with a reason: only those who read the agenda anyway read it from now on."""
    if not life.may_run(actor, meeting):
        raise Forbidden()
    holding = find_publication(session, ident(meeting))
    if holding is None:
        raise Refused("Von dieser Sitzung ist nichts veröffentlicht.")
    _end(session, actor, holding, wish.reason)
    touch_meeting(session, meeting)
    _record(session, actor, "agenda.revoke", meeting, holding, reason=wish.reason)
    return holding


def _end(session: Session, actor: Actor, publication: Publication, reason: str) -> None:
    publication.revoked_at, publication.revoked_by = clock.now(), actor.name
    publication.revoked_reason = reason
    session.add(publication)
    session.flush()  # before the next one is written: only one may hold


def _record(
    session: Session, actor: Actor, verb: str, meeting: Meeting, publication: Publication, *, reason: str = ""
) -> None:
    record(
        session,
        actor,
        verb,
        meeting,
        after={"version": publication.version},
        label=life.label_with_date(meeting),
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.INTERNAL,
    )
