"""Further kinds for exactly the right people, in words of what and by when; and invitations beside notices."""

import datetime as dt

import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.circulars.models import CircularState
from app.config import Settings
from app.db import ident
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.rules.deadlines import DeadlineKind
from app.minutes.models import MinutesState
from app.notices.models import Notice
from app.notices.queries import recent_page
from app.notices.rules.kinds import Kind
from app.notices.rules.timing import next_date
from app.notices.schemas import Told
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.projects.models import ProjectLead, StatusReport, StatusSource, StatusState
from tests import factories as make
from tests.notices.world import (
    BODY_PEOPLE,
    DAY,
    MINUTE,
    WITH_POST,
    World,
    act,
    action_of,
    change_meeting,
    circular_of,
    daily,
    later,
    minutes_of,
    sent,
)


def deadline_in(world: World, kind: DeadlineKind, days: int) -> dt.date:
    change_meeting(world, state=MeetingState.ANNOUNCED)
    due_on = clock.today() + days * DAY
    with world.database.write() as session:
        row = session.get(MeetingDeadline, (world.meeting, kind.value))
        row = row or MeetingDeadline(meeting_id=world.meeting, kind=kind.value, due_on=due_on, changed_at=clock.now())
        row.due_on, row.kept = due_on, False
        session.add(row)
    return due_on


def words_for(world: World, name: str) -> list[str]:
    with world.database.read() as session:
        return [one.words for one in recent_page(session, actor_of(session, world.account(session, name)))[0]]


def test_the_end_of_registrations_is_told_once_within_seven_days(world: World) -> None:
    due_on = deadline_in(world, DeadlineKind.REGISTRATION, 9)
    daily(world, clock.now())
    assert world.told(Kind.REGISTRATION_CLOSES) == set()
    for days in (2, 3):
        daily(world, clock.now() + days * DAY)
    assert world.told(Kind.REGISTRATION_CLOSES) == BODY_PEOPLE
    assert f"am {due_on:%d.%m.%Y}" in words_for(world, "voting")[0]
    with world.database.read() as session:
        rows = session.exec(select(Notice).where(Notice.kind == Kind.REGISTRATION_CLOSES)).all()
    assert len(rows) == len(BODY_PEOPLE)


def test_leads_without_a_report_are_reminded_and_those_with_one_are_not(world: World) -> None:
    with world.database.write() as session:
        project, told = make.make_project(session, "1.9"), make.make_project(session, "1.10")
        lead, other = world.account(session, "lead"), world.account(session, "voting")
        session.add(ProjectLead(project_id=ident(project), person_id=lead.person_id))
        session.add(ProjectLead(project_id=ident(told), person_id=other.person_id))
        session.add(
            StatusReport(
                project_id=ident(told),
                as_of=clock.today(),
                source=StatusSource.LEAD,
                state=StatusState.SUBMITTED,
                created_at=clock.now(),
            )
        )
    due_on = deadline_in(world, DeadlineKind.ROUND_CLOSES, 14)
    daily(world, clock.now())
    assert world.told(Kind.STATUS_DUE) == {"lead"}
    assert words_for(world, "lead")[0].startswith(f"Sachstand fällig am {due_on:%d.%m.%Y}: 1.9")


def test_the_result_of_a_circular_goes_to_those_asked(world: World) -> None:
    circular = circular_of(world)
    act(world, "circular.establish", circular)
    assert world.told(Kind.CIRCULAR_RESULT) == set(), "it still runs"
    with world.database.write() as session:
        row = session.merge(circular)
        row.state = CircularState.WITHDRAWN
        session.add(row)
    act(world, "circular.withdraw", row)
    assert world.told(Kind.CIRCULAR_RESULT) == {"voting", "office", "deputy"}


def test_approved_minutes_are_told_to_those_with_an_account(world: World) -> None:
    act(world, "minutes.approve", minutes_of(world, MinutesState.APPROVED))
    assert world.told(Kind.MINUTES_APPROVED) == BODY_PEOPLE


def test_minutes_for_review_say_until_when(world: World) -> None:
    minutes = minutes_of(world, MinutesState.REVIEW)
    act(world, "minutes.submit", minutes)
    assert words_for(world, "voting")[0].endswith(f"zur Prüfung bis {minutes.objections_until:%d.%m.%Y}")


def test_subjects_of_actions_say_by_when(world: World) -> None:
    action_of(world, 2, title="Karte")
    action_of(world, -1, title="Liste")
    daily(world, clock.now())
    found = " | ".join(words_for(world, "voting"))
    assert f"fällig am {clock.today() + 2 * DAY:%d.%m.%Y}: Karte" in found
    assert f"überfällig seit {clock.today() - DAY:%d.%m.%Y}: Liste" in found
    mail = next(mail for mail in sent(world) if world.names[f"a{mail.account_id}"] == "voting")
    assert mail.subject.endswith(f"2 Mitteilungen, nächste Frist {clock.today() + 2 * DAY:%d.%m.%Y}")
    assert f"Frist: bis {clock.today() + 2 * DAY:%d.%m.%Y}, 24:00 Uhr" in mail.text
    assert f"Die Frist endete am {clock.today() - DAY:%d.%m.%Y}." in mail.text
    assert f"bis {clock.today() - DAY:%d.%m.%Y}, 24:00 Uhr" not in mail.text + mail.html


def test_the_next_date_lies_ahead() -> None:
    today = dt.date(2026, 3, 2)
    past, now, never = (Told("", "", "", until=one) for one in (today - DAY, today, None))
    assert next_date((past, never), today) is None
    assert next_date((past, now, never), today) == today


@pytest.mark.parametrize(("minutes", "gets_notice"), [(-1, True), (1, False)])
def test_an_invitation_covers_only_what_was_told_before_it(
    world: World, settings: Settings, minutes: int, gets_notice: bool
) -> None:
    """One written before the act says nothing of it; one written after it says all."""
    meeting: Meeting = change_meeting(world)
    if minutes > 0:
        act(world, "meeting.move", meeting)
    with clock.standing_at(clock.now() + minutes * MINUTE), world.database.write() as session:
        someone = world.account(session, "voting")
        post_mail(
            session,
            Letter("s", "t"),
            kind="invitation",
            to=Mailbox(someone.email),
            sender=Mailbox("von@example.org"),
            person_id=someone.person_id,
            meeting_id=world.meeting,
        )
    if minutes < 0:
        act(world, "meeting.move", meeting)
    later(world, settings, 12 * MINUTE)
    told = {world.names[f"a{one.account_id}"] for one in sent(world) if one.account_id}
    assert ("voting" in told) is gets_notice
    assert told >= WITH_POST - {"voting", "by post"}
