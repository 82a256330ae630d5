"""A held meeting with everything that minutes tell, made of rows: for tests of what comes after the meeting."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from app import clock
from app.agenda.models import AgendaItem, Outcome, SectionKey
from app.agenda.schemas.wishes import ItemIn, OutcomeIn, ReleaseIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.attendance.models import Announcement, Answer, Chairing, Exclusion, Presence, PresenceRole
from app.bodies.models import Body
from app.db import ident
from app.decisions.models import Clause, Decision, Taking, Verb
from app.meetings.models import Meeting
from app.meetings.service import start_meeting
from app.minutes.models import MinuteNote
from app.minutes.schemas.wishes import SubmitIn
from app.minutes.service.closing import close_meeting
from app.visibility import Level
from tests import factories
from tests.factories import operator

YES = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail", late_reason="eilig")
SENT = SubmitIn(released_by="Vorsitz", released_on=dt.date(2026, 3, 2), released_how="mündlich")
DAY = dt.date(2026, 3, 2)
NOTE = "Frau Muster erläutert:\n\n1. die Lage\n   - am Markt\n   - im Werk\n2. den **Plan**"


@dataclass
class Held:
    """What a test holds in hand."""

    body: Body
    meeting: Meeting
    items: dict[Level, AgendaItem]
    decision: Decision
    accounts: dict[str, Any] = field(default_factory=dict)


def make_held(session: Session, *, on: dt.date = DAY, **fields: Any) -> Held:
    """The first meeting of a body: a public decision, an internal debate, a confidential one; two seats, one away."""
    body = factories.make_body(session)
    chair, member = (factories.make_seated(session, body, chair=one) for one in (True, False))
    away = factories.make_seat(session, body)
    meeting = factories.make_meeting(session, body, on=on, number=fields.pop("number", 1), **fields)
    levels = {
        Level.PUBLIC: SectionKey.DECISION,
        Level.INTERNAL: SectionKey.DEBATE,
        Level.CONFIDENTIAL: SectionKey.DEBATE,
    }
    items = {
        level: add_item(
            session,
            operator(),
            meeting,
            ItemIn(
                title=f"Punkt {level.value}", section=section, level=level, proposed_decision=f"Vorschlag {level.value}"
            ),
        )
        for level, section in levels.items()
    }
    release_agenda(session, operator(), meeting, YES)
    start_meeting(session, operator(), meeting)
    for level, item in items.items():
        outcome = Outcome.ADOPTED_CHANGED if level is Level.PUBLIC else Outcome.ADOPTED
        set_outcome(session, operator(), meeting, item, OutcomeIn(outcome=outcome))
    decision = _record(session, body, meeting, items, chair, member, ident(away))
    close_meeting(session, operator(), meeting)
    session.flush()
    return Held(body, meeting, items, decision, {"chair": chair, "member": member})


def _record(
    session: Session, body: Body, meeting: Meeting, items: dict[Level, AgendaItem], chair: Any, member: Any, away: int
) -> Decision:
    begin, mine = clock.now() - dt.timedelta(hours=1), ident(items[Level.INTERNAL])
    now, item = clock.now(), items[Level.PUBLIC]
    seats = factories.seats_of(session, body)
    session.add_all(
        Presence(
            meeting_id=ident(meeting),
            seat_id=seat_id,
            person_id=account.person_id,
            name=account.name,
            role=PresenceRole.MEMBER,
            from_at=begin,
        )
        for account, seat_id in zip((chair, member), seats, strict=False)
    )
    session.add_all(
        [
            Presence(
                meeting_id=ident(meeting), item_id=ident(items[Level.CONFIDENTIAL]), name="Gast der Geheimsache",
                role=PresenceRole.GUEST, from_at=begin,
            ),
            Chairing(
                meeting_id=ident(meeting), person_id=chair.person_id, name=chair.name, from_at=begin
            ),
            Announcement(
                meeting_id=ident(meeting), seat_id=away, answer=Answer.DECLINED, excused=True, answered_at=now
            ),
            Exclusion(item_id=mine, person_id=member.person_id, reason="eigener Antrag", recorded_at=now),
            *(
                MinuteNote(item_id=ident(one), note=NOTE if level is Level.PUBLIC else f"Verlauf {level.value}",
                           started_at=begin, ended_at=clock.now(), changed_at=now)
                for level, one in items.items()
            ),
        ]
    )  # fmt: skip
    decision = Decision(
        body_id=ident(body), item_id=item.id, title=item.title,
        wording="Der Kreis stimmt zu.", level=Level.PUBLIC,
        taking=Taking.VOTES, yes=2, no=0, abstentions=0, present=2, entitled=3, quorum="beschlussfähig", changed_at=now,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    session.add(Clause(decision_id=ident(decision), position=1, verb=Verb.AGREES, text="stimmt dem Vorschlag zu"))
    session.flush()
    return decision
