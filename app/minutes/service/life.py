"""The life of minutes from the first writing to the approval; every function expects the meeting locked."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda.models import DocumentKind, Edition, FrozenDocument
from app.agenda.queries import list_items
from app.agenda.schemas.frozen import FrozenApproval
from app.agenda.service.release import freeze_content
from app.bodies import rules as settings
from app.bodies.queries import list_closing_days, load_rules
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.history.models import Reach
from app.history.service import record
from app.jobs.service import enqueue
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import load_deadlines, load_meeting, lock_meeting
from app.meetings.rules import life as meetings
from app.meetings.rules.deadlines import DeadlineKind, ends_at, objections_until
from app.meetings.rules.settings import offsets
from app.meetings.service import touch_meeting
from app.minutes import queries
from app.minutes.models import ApprovalWay, Minutes, MinutesRelease, MinutesState, ObjectionState, ReleaseKind
from app.minutes.rules import life
from app.minutes.rules.settings import SILENT, by_silence
from app.minutes.schemas.frozen import EDITIONS, MinutesValues, edition, essence, read_minutes, write_minutes
from app.minutes.schemas.wishes import ApproveIn, SubmitIn
from app.minutes.service.frame_texts import MinutesTexts
from app.minutes.service.note_texts import MinuteNoteTexts
from app.minutes.service.opening import open_minutes
from app.minutes.service.values import minutes_values
from app.revisions import queries as revisions
from app.revisions.service import close_texts

SILENCE_JOB = "approve_silent_minutes"
BY_SILENCE = "durch Schweigen nach der Einwendungsfrist"


def require_unsealed(session: Session, meeting_id: int) -> None:
    """Refuse to write into notes, presence or results of a meeting whose minutes are approved."""
    meeting = load_meeting(session, meeting_id)
    if meeting is not None:
        meetings.require_unsealed(meeting)


def send_for_review(session: Session, actor: Actor, meeting: Meeting, wish: SubmitIn) -> MinutesRelease:
    """Send the minutes for review: the next version is frozen and the objection period runs, from today, anew.

    Refused before the meeting is closed and after the approval; Invalid without the chair's yes where the body's rule
    wants it, and without a reason where the first dispatch is late.
    """
    _require_run(actor, meeting)
    meetings.require_unsealed(meeting)
    life.require_held(meeting)
    minutes = open_minutes(session, actor, meeting)
    _require_form(session, meeting, minutes, wish)
    _close_writing(session, actor, meeting)
    book, now = load_rules(session, meeting.body_id), clock.now()
    closing = tuple(list_closing_days(session, meeting.body_id))
    minutes.state, minutes.sent_at = MinutesState.REVIEW, now
    minutes.objections_until = objections_until(clock.today(), offsets(book), closing)
    _changed(session, actor, minutes)
    release = _release(session, actor, minutes, ReleaseKind.REVIEW, wish)
    values = minutes_values(
        session,
        actor,
        meeting,
        minutes,
        version=release.version,
        made_at=now,
        approval=approval_of(release),
        late_reason=release.late_reason,
    )
    freeze_minutes(session, values, now, (Edition.FULL, Edition.NON_CONFIDENTIAL))
    touch_meeting(session, meeting)
    meeting.calendar_changed_at = now
    if by_silence(book) and book[SILENT]:
        key = f"{SILENCE_JOB}:{ident(meeting)}:{release.version}"
        payload = {"meeting": ident(meeting), "version": release.version}
        enqueue(session, SILENCE_JOB, payload, dedupe_key=key, run_at=ends_at(minutes.objections_until))
    after = {"version": release.version, "objections_until": minutes.objections_until.isoformat()}
    record_minutes(session, actor, "minutes.submit", meeting, minutes, after=after, reason=wish.late_reason)
    return release


def is_late(session: Session, meeting: Meeting, minutes: Minutes | None) -> bool:
    """Whether a first dispatch now would be after the deadline for minutes; never for a meeting entered afterwards."""
    if meeting.entered_afterwards or (minutes is not None and minutes.state is not MinutesState.DRAFT):
        return False
    due = {row.kind: row.due_on for row in load_deadlines(session, ident(meeting))}.get(DeadlineKind.MINUTES)
    return due is not None and clock.now() >= ends_at(due)


def approve_minutes(session: Session, actor: Actor, meeting: Meeting, wish: ApproveIn) -> Minutes:
    """Approve the minutes: values are frozen in every edition, and from now on nothing of them changes.

    In a later meeting of the body (*wish* names it), or by silence where its rule allows. Refused for minutes that were
    not sent, with an open objection, before the period is over, and where a text changed since the last dispatch.
    """
    _require_run(actor, meeting)
    meetings.require_unsealed(meeting)
    minutes = queries.find_minutes(session, ident(meeting))
    if minutes is None or minutes.state is not MinutesState.REVIEW:
        raise Refused("Diese Niederschrift wurde noch nicht zur Prüfung versandt. Versenden Sie sie zuerst.")
    if any(one.state is ObjectionState.OPEN for one in queries.list_objections(session, ident(minutes))):
        raise Refused("Eine Einwendung ist noch offen. Beantworten Sie sie zuerst.")
    _close_writing(session, actor, meeting)
    if wish.meeting is not None:
        place = _approving_meeting(session, meeting, wish.meeting)
        minutes.approved_way, minutes.approved_in_id = ApprovalWay.MEETING, ident(place)
        minutes.approved_on, how = meetings.day_of(place), f"in der {meetings.label(place)}"
    else:
        _require_silence(session, actor, meeting, minutes)
        minutes.approved_way, minutes.approved_in_id = ApprovalWay.SILENCE, None
        minutes.approved_on, how = clock.today(), BY_SILENCE
    _seal(session, actor, meeting, minutes, how)
    return minutes


def approve_by_silence(session: Session, meeting_id: int, version: int) -> bool:
    """Approve minutes whose period is over, for the worker; False where somebody has to look at them first.

    Asked twice or for an older *version* than the last one sent it does nothing.
    """
    actor = system(clock.today(), "Automatische Feststellung")
    try:
        meeting = lock_meeting(session, actor, meeting_id)
        book = load_rules(session, meeting.body_id)
        newest = next(iter(queries.list_minutes_releases(session, meeting_id)), None)
        if not book[SILENT] or newest is None or newest.version != version or meeting.sealed_at is not None:
            return False
        approve_minutes(session, actor, meeting, ApproveIn())
    except (Refused, NotFound):
        return False
    return True


def approval_of(release: MinutesRelease) -> FrozenApproval | None:
    """The chair's yes before the dispatch, None where there was none."""
    if not release.released_by or release.released_on is None:
        return None
    return FrozenApproval(by=release.released_by, on=release.released_on, how=release.released_how)


def freeze_minutes(session: Session, values: MinutesValues, at: dt.datetime, editions: tuple[Edition, ...]) -> None:
    """Freeze *values* in these editions; their PDFs are rendered and kept."""
    for which in editions:
        content = write_minutes(edition(values, which))
        freeze_content(session, values.meeting.id, DocumentKind.MINUTES, values.version, which, content, at=at)


def record_minutes(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    thing: object,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
    reach: Reach = Reach.INTERNAL,
) -> None:
    """The history of an act on minutes."""
    record(
        session,
        actor,
        verb,
        thing,
        before=before,
        after=after,
        label=f"Niederschrift der {meetings.label_with_date(meeting)}",
        reason=reason,
        body_id=meeting.body_id,
        reach=reach,
    )


def _require_run(actor: Actor, meeting: Meeting) -> None:
    if not meetings.may_run(actor, meeting):
        raise Forbidden()


def _require_form(session: Session, meeting: Meeting, minutes: Minutes, wish: SubmitIn) -> None:
    bad: dict[str, str] = {}
    if load_rules(session, meeting.body_id)[settings.APPROVAL] and not meeting.entered_afterwards:
        if not wish.released_by:
            bad["released_by"] = "Bitte geben Sie an, wer die Niederschrift zum Versand freigegeben hat."
        if wish.released_on is None:
            bad["released_on"] = "Bitte geben Sie an, wann die Freigabe erteilt wurde."
        if not wish.released_how:
            bad["released_how"] = "Bitte geben Sie an, wie die Freigabe erteilt wurde."
    if wish.released_on is not None and wish.released_on > clock.today():
        bad["released_on"] = "Die Freigabe kann nicht in der Zukunft liegen."
    if is_late(session, meeting, minutes) and not wish.late_reason:
        bad["late_reason"] = "Die Frist für die Niederschrift ist abgelaufen. Bitte begründen Sie den späten Versand."
    if bad:
        raise Invalid(bad)


def _approving_meeting(session: Session, meeting: Meeting, meeting_id: int) -> Meeting:
    place = load_meeting(session, meeting_id)
    if place is None or place.body_id != meeting.body_id or ident(place) == ident(meeting):
        raise Invalid({"meeting": "Bitte wählen Sie eine spätere Sitzung dieses Gremiums."})
    if place.starts_at <= meeting.starts_at:
        raise Invalid({"meeting": "Genehmigt wird in einer späteren Sitzung."})
    if place.state not in (MeetingState.IN_SESSION, MeetingState.HELD):
        raise Invalid({"meeting": f"Die {meetings.label_with_date(place)} hat noch nicht begonnen."})
    return place


def _require_silence(session: Session, actor: Actor, meeting: Meeting, minutes: Minutes) -> None:
    if not by_silence(load_rules(session, meeting.body_id)):
        raise Refused("Nach den Regeln dieses Gremiums wird die Niederschrift in einer späteren Sitzung genehmigt.")
    if not life.period_is_over(minutes, clock.now()):
        raise Refused("Die Einwendungsfrist läuft noch. Durch Schweigen genehmigt ist die Niederschrift erst danach.")
    sent = last_sent(session, ident(meeting))
    now = minutes_values(session, actor, meeting, minutes)
    if sent is None or essence(read_minutes(sent.content)) != essence(now):
        raise Refused(
            "Seit dem Versand wurde etwas geändert, was die Mitglieder noch nicht gesehen haben. "
            "Versenden Sie die Niederschrift noch einmal, oder lassen Sie sie in der nächsten Sitzung genehmigen."
        )


def last_sent(session: Session, meeting_id: int) -> FrozenDocument | None:
    """The whole edition of the version that was sent last, None before the first dispatch."""
    newest = next(iter(queries.list_minutes_releases(session, meeting_id)), None)
    if newest is None:
        return None
    return queries.find_minutes_edition(session, meeting_id, Edition.FULL, version=newest.version)


def _seal(session: Session, actor: Actor, meeting: Meeting, minutes: Minutes, how: str) -> None:
    now = clock.now()
    minutes.state = MinutesState.APPROVED
    _changed(session, actor, minutes)
    release = _release(session, actor, minutes, ReleaseKind.APPROVAL, SubmitIn())
    values = minutes_values(session, actor, meeting, minutes, version=release.version, made_at=now, approved_how=how)
    freeze_minutes(session, values, now, EDITIONS)
    session.flush()
    meeting.sealed_at = meeting.calendar_changed_at = now  # last: from here on the database refuses
    touch_meeting(session, meeting)
    after: dict[str, object] = {"version": release.version, "approval": how}
    record_minutes(session, actor, "minutes.approve", meeting, minutes, after=after)


def _release(session: Session, actor: Actor, minutes: Minutes, kind: ReleaseKind, wish: SubmitIn) -> MinutesRelease:
    newest = next(iter(queries.list_minutes_releases(session, minutes.meeting_id)), None)
    release = MinutesRelease(
        meeting_id=minutes.meeting_id,
        version=newest.version + 1 if newest is not None else 1,
        kind=kind,
        objections_until=minutes.objections_until if kind is ReleaseKind.REVIEW else None,
        made_at=clock.now(),
        made_by=actor.name,
        **wish.model_dump(),
    )
    session.add(release)
    session.flush()
    return release


def _changed(session: Session, actor: Actor, minutes: Minutes) -> None:
    minutes.changed_at, minutes.changed_by = clock.now(), actor.name
    session.add(minutes)
    session.flush()


def _close_writing(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Everything that is being written enters the history before it is frozen."""
    items = {ident(item): item for item in list_items(session, actor, ident(meeting))}
    for item_id in dict.fromkeys(row.object_id for row in revisions.list_open(session, MinuteNoteTexts.kind, items)):
        row = queries.note_to_keep(session, item_id)
        close_texts(session, MinuteNoteTexts(session, meeting, items[item_id], row))
    close_texts(session, MinutesTexts(session, meeting, queries.find_minutes(session, ident(meeting))))
