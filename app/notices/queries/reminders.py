"""The reminders of a day: what falls due, is overdue or closes, as occasions to tell."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actions.models import Action, ActionState
from app.bodies.models import BodyPeriod
from app.circulars.models import Circular, CircularState
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries.following import followed
from app.decisions.rules.following import CLOSED
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.queries import find_previous_meeting
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind
from app.notices.queries import recipients
from app.notices.queries.rows import OF_THE_DAY
from app.notices.rules.kinds import Kind
from app.notices.rules.timing import CLOSING_DAYS, DUE_STEPS, REGISTRATION_DAYS, due_step, week_of_delay
from app.notices.schemas import Occasion
from app.people.rules import holds
from app.projects.models import Phase, Project, ProjectLead, StatusReport, StatusState

PREPARED = (MeetingState.ANNOUNCED, MeetingState.DRAFT)
RUNNING = (Phase.PLANNED.value, Phase.RUNNING.value)


def reminders_of(session: Session, today: dt.date) -> list[Occasion]:
    """What is to be told today, whether or not it was told already; only what is still open is looked at."""
    return [
        *_actions(session, today),
        *_circulars(session, today),
        *_decisions(session, today),
        *_registrations(session, today),
        *_statuses(session, today),
    ]


def _bundle(today: dt.date) -> str:
    return f"{OF_THE_DAY}{today.isoformat()}"


def _actions(session: Session, today: dt.date) -> Iterator[Occasion]:
    horizon = today + dt.timedelta(days=max(DUE_STEPS))
    rows = session.exec(
        select(Action)
        .where(
            col(Action.state).in_((ActionState.OPEN, ActionState.IN_PROGRESS)),
            Action.number != "",
            col(Action.due_on) <= horizon,
        )
        .order_by(col(Action.due_on), col(Action.id))
    )
    due = rows.all()
    persons = recipients.of_actions(session, due, today)
    for row in due:
        if row.due_on is None:
            continue
        step = due_step((row.due_on - today).days)
        late = row.due_on < today
        mark = f"week{week_of_delay(row.due_on, today)}" if late else f"step{step}"
        yield Occasion(
            kind=Kind.ACTION_OVERDUE if late else Kind.ACTION_DUE,
            subject_id=ident(row),
            key=f"{row.id}:{row.due_on.isoformat()}:{mark}",
            bundle=_bundle(today),
            persons=persons[ident(row)],
            body_id=row.body_id,
            detail=row.due_on.isoformat(),
        )


def _circulars(session: Session, today: dt.date) -> Iterator[Occasion]:
    rows = session.exec(
        select(Circular)
        .where(
            Circular.state == CircularState.RUNNING,
            col(Circular.ends_on) >= today,
            col(Circular.ends_on) <= today + dt.timedelta(days=CLOSING_DAYS),
        )
        .order_by(col(Circular.ends_on), col(Circular.id))
    )
    closing = rows.all()
    persons = recipients.of_circulars(session, [ident(row) for row in closing], today)
    for row in closing:
        yield Occasion(
            kind=Kind.CIRCULAR_CLOSING,
            subject_id=ident(row),
            key=f"{row.id}",
            bundle=_bundle(today),
            persons=persons[ident(row)],
            body_id=row.body_id,
        )


def _decisions(session: Session, today: dt.date) -> Iterator[Occasion]:
    statement = select(Decision).where(
        followed(), col(Decision.state).not_in(sorted(CLOSED)), col(Decision.due_on) <= today
    )
    rows = session.exec(statement.order_by(col(Decision.due_on), col(Decision.id))).all()
    offices = {one: recipients.secretariats(session, one) for one in {row.body_id for row in rows}}
    for row in rows:
        if row.due_on is not None:
            yield Occasion(
                kind=Kind.DECISION_DUE,
                subject_id=ident(row),
                key=f"{row.id}:{row.due_on.isoformat()}:week{week_of_delay(row.due_on, today)}",
                bundle=_bundle(today),
                accounts=offices[row.body_id],
                body_id=row.body_id,
                detail=row.due_on.isoformat(),
            )


def _closing(session: Session, kind: DeadlineKind, today: dt.date, days: int) -> list[tuple[Meeting, dt.date]]:
    """Announced meetings with a deadline of this kind from today on within *days* days."""
    rows = session.execute(
        sa.select(Meeting, col(MeetingDeadline.due_on))
        .join(MeetingDeadline, col(MeetingDeadline.meeting_id) == col(Meeting.id))
        .where(
            col(Meeting.state).in_(PREPARED),
            col(Meeting.announced_at).is_not(None),
            col(Meeting.entered_afterwards).is_(False),
            col(MeetingDeadline.kind) == kind.value,
            col(MeetingDeadline.kept).is_(False),
            col(MeetingDeadline.due_on) >= today,
            col(MeetingDeadline.due_on) <= today + dt.timedelta(days=days),
        )
        .order_by(col(Meeting.id))
    )
    return [(row[0], row[1]) for row in rows]


def _registrations(session: Session, today: dt.date) -> Iterator[Occasion]:
    for meeting, due_on in _closing(session, DeadlineKind.REGISTRATION, today, REGISTRATION_DAYS):
        yield Occasion(
            kind=Kind.REGISTRATION_CLOSES,
            subject_id=ident(meeting),
            key=f"{meeting.id}:{due_on.isoformat()}",
            bundle=_bundle(today),
            persons=recipients.of_body(session, meeting.body_id, today),
            body_id=meeting.body_id,
            meeting_id=meeting.id,
            detail=due_on.isoformat(),
        )


def _statuses(session: Session, today: dt.date) -> Iterator[Occasion]:
    """The leads of running projects without a report since the previous meeting; of the meeting itself they know
    nothing before its release, so they are told of the project and the day alone.
    """
    for meeting, due_on in _closing(session, DeadlineKind.ROUND_CLOSES, today, max(DUE_STEPS)):
        previous = find_previous_meeting(session, meeting.body_id, meeting.starts_at)
        since = life.day_of(previous) if previous is not None else dt.date(1900, 1, 1)
        for project_id, persons in _silent(session, meeting.body_id, since, today).items():
            yield Occasion(
                kind=Kind.STATUS_DUE,
                subject_id=project_id,
                key=f"{project_id}:{due_on.isoformat()}:step{due_step((due_on - today).days)}",
                bundle=_bundle(today),
                persons=frozenset(persons),
                body_id=meeting.body_id,
                detail=f"{due_on.isoformat()} {since.isoformat()}",
            )


def _silent(session: Session, body_id: int, since: dt.date, today: dt.date) -> dict[int, set[int]]:
    told = sa.select(col(StatusReport.project_id)).where(
        col(StatusReport.state).in_((StatusState.SUBMITTED, StatusState.ACCEPTED)), col(StatusReport.as_of) >= since
    )
    phase = (
        sa.select(col(StatusReport.phase))
        .where(
            col(StatusReport.project_id) == col(Project.id),
            col(StatusReport.state) == StatusState.ACCEPTED,
            col(StatusReport.valid).is_(True),
            col(StatusReport.phase).is_not(None),
        )
        .order_by(col(StatusReport.as_of).desc())
        .limit(1)
        .correlate(Project)
        .scalar_subquery()
    )
    steered = list(session.exec(select(BodyPeriod.period_id).where(BodyPeriod.body_id == body_id)))
    statement = (
        sa.select(ProjectLead)
        .join(Project, col(Project.id) == col(ProjectLead.project_id))
        .where(col(Project.id).not_in(told), sa.func.coalesce(phase, Phase.RUNNING.value).in_(RUNNING))
    )
    if steered:
        mine = sa.or_(col(Project.period_id).in_(steered), col(Project.period_id).is_(None))
        statement = statement.where(mine)
    found: dict[int, set[int]] = {}
    for lead in session.execute(statement.order_by(col(ProjectLead.id))).scalars():
        if holds(lead, today):
            found.setdefault(lead.project_id, set()).add(lead.person_id)
    return found
