"""The life of minutes: what may be done in which state and until when, in sentences where it may not."""

import datetime as dt
from collections.abc import Mapping

from app import text
from app.actor import Actor
from app.clock import BERLIN
from app.errors import Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules.deadlines import ends_at
from app.minutes.models import ApprovalWay, Minutes, MinutesState, ObjectionState

STATE_WORDS: Mapping[MinutesState, str] = {
    MinutesState.DRAFT: "Entwurf",
    MinutesState.REVIEW: "zur Prüfung versandt",
    MinutesState.APPROVED: "genehmigt",
}
OBJECTION_WORDS: Mapping[ObjectionState, str] = {
    ObjectionState.OPEN: "offen",
    ObjectionState.ACCEPTED: "übernommen",
    ObjectionState.PARTLY: "teilweise übernommen",
    ObjectionState.DECLINED: "nicht übernommen",
}
WAY_WORDS: Mapping[ApprovalWay, str] = {
    ApprovalWay.MEETING: "in der nächsten Sitzung",
    ApprovalWay.SILENCE: "durch Schweigen nach der Einwendungsfrist",
}


def require_held(meeting: Meeting) -> None:
    """Refuse a dispatch or approval before the meeting is closed."""
    if meeting.state is not MeetingState.HELD:
        raise Refused(
            "Die Sitzung ist noch nicht geschlossen. Schließen Sie sie, dann lässt sich das Protokoll versenden."
        )


def period_is_over(minutes: Minutes, moment: dt.datetime) -> bool:
    """Whether the objection period is over at *moment*: it ends at 24:00 Berlin time of its last day."""
    return minutes.objections_until is not None and moment >= ends_at(minutes.objections_until)


def may_object(actor: Actor, body_id: int) -> bool:
    """Whether the actor may object: a member, deputy or office of a seat of the body."""
    return any(seat.body_id == body_id for seat in actor.seats)


def days_left(minutes: Minutes, today: dt.date) -> str:
    """On *today*, how much of the objection period is left, in words; "" where none runs."""
    if minutes.state is not MinutesState.REVIEW or minutes.objections_until is None:
        return ""
    days = (minutes.objections_until - today).days
    if days < 0:
        return f"Die Einwendungsfrist ist am {text.long_date(minutes.objections_until)} abgelaufen."
    left = "Heute ist der letzte Tag" if days == 0 else f"Noch {text.counted(days, 'Tag', 'Tage')}"
    return f"{left}: Einwendungen sind bis {text.long_date(minutes.objections_until)}, 24 Uhr, möglich."


def sentence(minutes: Minutes, in_label: str = "") -> str:
    """The state in one sentence; *in_label* names the meeting that approved, "" for silence."""
    if minutes.state is MinutesState.APPROVED and minutes.approved_on is not None:
        how = f"in der {in_label}" if in_label else "durch Schweigen nach der Einwendungsfrist"
        return f"Genehmigt am {text.long_date(minutes.approved_on)} {how}"
    if minutes.state is MinutesState.REVIEW and minutes.sent_at is not None:
        sent = text.long_date(minutes.sent_at.astimezone(BERLIN).date())
        return f"Zur Prüfung versandt am {sent}"
    return "Entwurf"
