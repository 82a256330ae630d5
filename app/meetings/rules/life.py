"""The life of a meeting: which act leads from which state to which, in sentences where it does not."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app import text
from app.actor import Actor, Role
from app.clock import BERLIN
from app.errors import Invalid, Refused
from app.meetings.models import Meeting, MeetingState
from app.visibility import Matter, reads

S = MeetingState


class Act(StrEnum):
    """What can be done with a meeting as a whole."""

    ANNOUNCE = "announce"
    DRAFT = "draft"
    RELEASE = "release"
    SUPPLEMENT = "supplement"
    START = "start"
    CLOSE = "close"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states an act is possible, and where it leads (None: the state stays)."""

    of: tuple[MeetingState, ...]
    to: MeetingState | None
    word: str


STEPS: Mapping[Act, Step] = {
    Act.ANNOUNCE: Step((S.PLANNED, S.DRAFT), S.ANNOUNCED, "angekündigt"),
    Act.DRAFT: Step((S.PLANNED, S.ANNOUNCED, S.DRAFT, S.RELEASED), S.DRAFT, "entworfen"),
    Act.RELEASE: Step((S.PLANNED, S.ANNOUNCED, S.DRAFT), S.RELEASED, "freigegeben"),
    Act.SUPPLEMENT: Step((S.RELEASED,), None, "durch einen Nachtrag ergänzt"),
    Act.START: Step((S.RELEASED,), S.IN_SESSION, "eröffnet"),
    Act.CLOSE: Step((S.IN_SESSION,), S.HELD, "geschlossen"),
    Act.MOVE: Step((S.PLANNED, S.ANNOUNCED, S.DRAFT, S.RELEASED), None, "verlegt"),
    Act.CANCEL: Step((S.PLANNED, S.ANNOUNCED, S.DRAFT, S.RELEASED), S.CANCELLED, "abgesagt"),
}

STATE_WORDS: Mapping[MeetingState, str] = {
    S.PLANNED: "geplant",
    S.ANNOUNCED: "angekündigt",
    S.DRAFT: "Entwurf",
    S.RELEASED: "freigegeben",
    S.IN_SESSION: "läuft",
    S.HELD: "gehalten",
    S.CANCELLED: "abgesagt",
}


PREPARING = (S.PLANNED, S.ANNOUNCED, S.DRAFT)
"""The states before the release, in which details and the agenda may change."""

FIRST_YEAR, LAST_YEAR = 1950, 2150


def can(act: Act, meeting: Meeting) -> bool:
    """Whether *act* is possible in the meeting's state."""
    if act is Act.ANNOUNCE and meeting.announced_at is not None:
        return False
    return meeting.state in STEPS[act].of


def require(act: Act, meeting: Meeting) -> None:
    """Refuse *act* with a sentence that names the state."""
    if not can(act, meeting):
        raise Refused(
            f"Diese Sitzung kann jetzt nicht {STEPS[act].word} werden; ihr Stand ist „{STATE_WORDS[meeting.state]}“."
        )


def next_state(act: Act, meeting: Meeting) -> MeetingState:
    """The state after *act*. A draft that is announced stays a draft; a released meeting is drafted on as released."""
    if act is Act.ANNOUNCE and meeting.state is S.DRAFT:
        return S.DRAFT
    if act is Act.DRAFT and meeting.state is S.RELEASED:
        return S.RELEASED
    return STEPS[act].to or meeting.state


SEALED = (
    "Die Niederschrift dieser Sitzung ist genehmigt und ändert sich nicht mehr. "
    "Halten Sie eine Berichtigung als Nachtrag zur Niederschrift fest."
)


def require_unsealed(meeting: Meeting) -> None:
    """Refuse to change what the approved minutes of *meeting* tell: presence, notes, outcomes, decisions."""
    if meeting.sealed_at is not None:
        raise Refused(SEALED)


def may_run(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor may plan, draft, release and lead the meeting: its secretariat."""
    return actor.has(Role.SECRETARIAT, meeting.body_id)


def reads_draft(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor reads the working copy, reasons and backlog: secretariat and chair with its office."""
    return reads(actor, Matter.DRAFT, meeting.body_id)


def state_for(actor: Actor, meeting: Meeting) -> MeetingState:
    """The meeting's state as the actor may know it: whether a draft is being written is not for members."""
    hidden = meeting.state is S.DRAFT and not reads_draft(actor, meeting)
    return S.ANNOUNCED if hidden else meeting.state


def day_of(meeting: Meeting) -> dt.date:
    """The calendar day of the meeting in Berlin."""
    return meeting.starts_at.astimezone(BERLIN).date()


def label(meeting: Meeting) -> str:
    """17. Sitzung, Sondersitzung, Sitzung"""
    word = "Sondersitzung" if meeting.special else "Sitzung"
    return f"{meeting.number}. {word}" if meeting.number else word


def label_with_date(meeting: Meeting) -> str:
    """17. Sitzung am 16.05.2019"""
    return f"{label(meeting)} am {text.date(day_of(meeting))}"


def checked_span(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """Refuse an end before the beginning, meetings of more than 24 hours, and years that are slips of the pen."""
    if not FIRST_YEAR <= starts_at.year <= LAST_YEAR:
        raise Invalid({"starts_at": f"Bitte prüfen Sie das Jahr: Möglich ist {FIRST_YEAR} bis {LAST_YEAR}."})
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "Das Ende muss nach dem Beginn liegen."})
    if ends_at - starts_at > dt.timedelta(hours=24):
        raise Invalid({"ends_at": "Eine Sitzung dauert höchstens 24 Stunden."})
