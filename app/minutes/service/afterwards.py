"""What follows the approval of minutes: addenda, publishing and revoking; every function expects the meeting locked."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import DocumentKind, Edition
from app.agenda.service.release import freeze_content
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.history.models import Reach
from app.meetings.models import Meeting, MinutesPublication
from app.meetings.rules import life as meetings
from app.meetings.service import touch_meeting
from app.minutes import queries
from app.minutes.models import Addendum, Minutes, MinutesRelease, MinutesState
from app.minutes.schemas.frozen import AddendumValues, read_minutes, write_minutes
from app.minutes.schemas.wishes import AddendumIn, RevokeIn
from app.minutes.service.life import record_minutes
from app.visibility import Level, highest


def add_addendum(session: Session, actor: Actor, meeting: Meeting, wish: AddendumIn) -> Addendum:
    """Add a dated addendum (Nachtrag) to approved minutes; it is frozen and gets a PDF of its own.

    One to a confidential item is confidential, too.
    """
    minutes, release = _approved(session, actor, meeting)
    items = {ident(item): item for item in queries.items_of_minutes(session, ident(meeting))}
    if wish.item is not None and wish.item not in items:
        raise Invalid({"item": "Bitte wählen Sie einen Punkt dieser Sitzung."})
    item = items[wish.item] if wish.item is not None else None
    before = queries.list_addenda(session, ident(minutes))
    addendum = Addendum(
        minutes_id=ident(minutes),
        serial=len(before) + 1,
        item_id=wish.item,
        level=highest(wish.level, item.level) if item is not None else wish.level,
        added_on=clock.today(),
        text=wish.text,
        added_at=clock.now(),
        added_by=actor.name,
    )
    session.add(addendum)
    session.flush()
    _freeze(session, meeting, minutes, release, addendum, (item.number, item.title) if item is not None else ("", ""))
    touch_meeting(session, meeting)
    record_minutes(
        session,
        actor,
        "minutes.addendum",
        meeting,
        addendum,
        after={"serial": addendum.serial, "addendum": addendum.text, "level": addendum.level},
        reach=Reach.CONFIDENTIAL if addendum.level is Level.CONFIDENTIAL else Reach.INTERNAL,
    )
    return addendum


def publish_minutes(session: Session, actor: Actor, meeting: Meeting) -> MinutesPublication:
    """Let every signed-in person read the public edition of the approved minutes. Refused where it is published."""
    _, release = _approved(session, actor, meeting)
    if queries.find_minutes_publication(session, ident(meeting)) is not None:
        raise Refused("Die öffentliche Fassung dieser Niederschrift ist schon veröffentlicht.")
    publication = MinutesPublication(
        meeting_id=ident(meeting), version=release.version, published_at=clock.now(), published_by=actor.name
    )
    session.add(publication)
    touch_meeting(session, meeting)
    meeting.calendar_changed_at = clock.now()  # calendars of other readers link the minutes from now on
    record_minutes(session, actor, "minutes.publish", meeting, publication, after={"version": release.version})
    return publication


def revoke_minutes(session: Session, actor: Actor, meeting: Meeting, wish: RevokeIn) -> MinutesPublication:
    """Take the publication back, with a reason."""
    _approved(session, actor, meeting)
    holding = queries.find_minutes_publication(session, ident(meeting))
    if holding is None:
        raise Refused("Von dieser Niederschrift ist nichts veröffentlicht.")
    holding.revoked_at, holding.revoked_by, holding.revoked_reason = clock.now(), actor.name, wish.reason
    session.add(holding)
    touch_meeting(session, meeting)
    meeting.calendar_changed_at = clock.now()
    record_minutes(
        session, actor, "minutes.revoke", meeting, holding, after={"version": holding.version}, reason=wish.reason
    )
    return holding


def _approved(session: Session, actor: Actor, meeting: Meeting) -> tuple[Minutes, MinutesRelease]:
    if not meetings.may_run(actor, meeting):
        raise Forbidden()
    minutes = queries.find_minutes(session, ident(meeting))
    if minutes is None or minutes.state is not MinutesState.APPROVED:
        raise Refused("Diese Niederschrift ist noch nicht genehmigt.")
    return minutes, queries.list_minutes_releases(session, ident(meeting))[0]


def _freeze(
    session: Session,
    meeting: Meeting,
    minutes: Minutes,
    release: MinutesRelease,
    addendum: Addendum,
    item: tuple[str, str],
) -> None:
    """In every edition whose readers may know of it, naming the minutes and their hash."""
    editions = {
        Level.CONFIDENTIAL: (Edition.FULL,),
        Level.INTERNAL: (Edition.FULL, Edition.NON_CONFIDENTIAL),
        Level.PUBLIC: (Edition.FULL, Edition.NON_CONFIDENTIAL, Edition.PUBLIC),
    }
    for which in editions[addendum.level]:
        sealed = queries.find_minutes_edition(session, ident(meeting), which, version=release.version)
        if sealed is None:
            continue
        values = read_minutes(sealed.content)
        content = write_minutes(
            AddendumValues(
                demo=values.demo,
                body=values.body,
                meeting=values.meeting,
                edition=which,
                serial=addendum.serial,
                item=item[0],
                item_title=item[1],
                level=addendum.level,
                text=addendum.text,
                added_on=addendum.added_on,
                added_at=addendum.added_at,
                added_by="" if which is Edition.PUBLIC else addendum.added_by,
                minutes_version=release.version,
                minutes_hash=sealed.hash,
                approved_on=minutes.approved_on,
                reference=values.reference,
                letterhead=values.letterhead,
                sender=values.sender,
            )
        )
        freeze_content(
            session, ident(meeting), DocumentKind.ADDENDUM, addendum.serial, which, content, at=addendum.added_at
        )
