"""Letters that left the house: marking them as sent, with what they said frozen, and taking a wrong mark back.

Every function expects the meeting locked.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import LetterDispatch, LetterRevocation
from app.agenda.rules.words import WAY_WORDS
from app.agenda.schemas.frozen import hash_values
from app.agenda.schemas.wishes import DispatchIn, RevokeIn
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.rules import life


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter to be marked as sent: its canonical text, and the released version of the agenda that it invites to."""

    person_id: int
    name: str
    version: int
    dated: dt.date
    content: str


def record_dispatches(
    session: Session, actor: Actor, meeting: Meeting, wish: DispatchIn, letters: Sequence[WrittenLetter]
) -> list[LetterDispatch]:
    """Mark *letters*, all those of the meeting's last release that the wish names, as sent and freeze what they say.

    Invalid for nobody chosen, for a day to come and for one before the version was released.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if not letters:
        raise Invalid({"persons": "Bitte wählen Sie mindestens ein Schreiben."})
    if wish.sent_on > clock.today():
        raise Invalid({"sent_on": "Der Versand kann nicht in der Zukunft liegen."})
    if wish.sent_on < letters[0].dated and not meeting.entered_afterwards:
        version = f"Version {letters[0].version} ist erst am {text.date(letters[0].dated)} freigegeben worden"
        raise Invalid({"sent_on": f"{version}; vorher kann sie nicht versandt sein."})
    rows = [_row(actor, meeting, wish, letter) for letter in letters]
    session.add_all(rows)
    session.flush()
    record(
        session,
        actor,
        "letters.send",
        meeting,
        after={
            "version": letters[0].version,
            "recipients": [letter.name for letter in letters],
            "way": wish.way.value,
            "sent_on": wish.sent_on.isoformat(),
            "sent_by": wish.sent_by,
        },
        label=life.label_with_date(meeting),
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
    return rows


def revoke_dispatch(
    session: Session, actor: Actor, meeting: Meeting, dispatch: LetterDispatch, wish: RevokeIn
) -> LetterRevocation:
    """The letter was not sent after all, for a reason; what was frozen stays. Refused the second time."""
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if queries.find_revocation(session, ident(dispatch)) is not None:
        raise Refused("Dieser Versandvermerk ist schon zurückgenommen.")
    revocation = LetterRevocation(
        dispatch_id=ident(dispatch), reason=wish.reason, revoked_at=clock.now(), revoked_by=actor.name
    )
    session.add(revocation)
    session.flush()
    record(
        session,
        actor,
        "letters.revoke",
        meeting,
        before={"recipients": [dispatch.name], "version": dispatch.version, "sent_on": dispatch.sent_on.isoformat()},
        label=life.label_with_date(meeting),
        reason=wish.reason,
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
    return revocation


def dispatch_words(dispatch: LetterDispatch) -> str:
    """Version 1 am 28.04.2026 per Post (Frau Muster)"""
    when = text.date(dispatch.sent_on)
    return f"Version {dispatch.version} am {when} {WAY_WORDS[dispatch.way]} ({dispatch.sent_by})"


def _row(actor: Actor, meeting: Meeting, wish: DispatchIn, letter: WrittenLetter) -> LetterDispatch:
    return LetterDispatch(
        meeting_id=ident(meeting),
        person_id=letter.person_id,
        version=letter.version,
        name=letter.name,
        content=letter.content,
        hash=hash_values(letter.content),
        way=wish.way,
        sent_on=wish.sent_on,
        sent_by=wish.sent_by,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
