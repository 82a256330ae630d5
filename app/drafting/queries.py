"""Loads everything that drafting looks at, in a fixed number of queries whatever the size of the portfolio."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.actions.queries import list_steps, open_actions, plain_steps
from app.actions.rules.steps import standing
from app.actions.rules.words import told_words
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    Outcome,
    Proposal,
    ProposalProject,
    ProposalState,
    Registration,
    RegistrationProject,
    RegistrationState,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.queries import COMING, frozen_statuses
from app.agenda.queries.registrations import registration_ids
from app.agenda.rules.outcomes import COMES_BACK, SETTLED
from app.agenda.rules.registrations import counts_for
from app.bodies.queries import list_sections, load_rules, steered_periods
from app.circulars.models import CircularState
from app.circulars.queries.carrying import circulars_to_carry, resolved_projects, running_circulars, taken_over_items
from app.clock import BERLIN
from app.db import ident
from app.decisions.queries.following import known_on
from app.decisions.rules.following import WORDS as FOLLOW_UP_WORDS
from app.drafting import schemas as plain
from app.drafting.rules.settings import body_rules
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.rules import life
from app.meetings.rules.deadlines import DeadlineKind
from app.minutes.queries import pending_minutes
from app.people.queries import load_persons, names_on
from app.projects.models import (
    DecisionNeed,
    Milestone,
    MilestoneDate,
    PlanField,
    PlanPeriod,
    Project,
    ProjectEnd,
    ProjectLineage,
    StatusReport,
    StatusState,
)

SHOWN_TITLE = 200
"""So much of a title says where something already is."""

EARLIER_MEETINGS = 20
"""How many held meetings back the runs ("in a row") are followed: ten years at two meetings a year."""


def load_inputs(session: Session, meeting: Meeting, as_of: dt.date) -> plain.DraftInputs:
    """All inputs of the drafting for *meeting* at the Stichtag *as_of*."""
    book, sections = load_rules(session, meeting.body_id), list_sections(session, meeting.body_id)
    times = {
        section.key: plain.SectionTime(section.minutes, section.minutes_in_all, bool(section.standing))
        for section in sections
    }
    stored, keys = _stored_proposals(session, meeting)
    return plain.DraftInputs(
        as_of=as_of,
        meeting=_meeting_facts(session, meeting),
        projects=load_projects(session, steered_periods(session, meeting.body_id)),
        earlier=_earlier(session, meeting),
        deferred=_deferred(session, meeting),
        backlog=_backlog(session, meeting, keys.used_topics),
        registered=_registered(session, meeting, keys.used_registrations),
        circulars=_circulars(session, meeting),
        resolved=tuple(resolved_projects(session, meeting.body_id)),
        minutes=_pending_minutes(session, meeting),
        placements=(*_placements(session, meeting), *_running(session, meeting)),
        agenda=_agenda(session, meeting, keys.of_items),
        existing=stored,
        followed=(*_followed_decisions(session, meeting, as_of), *_followed_actions(session, meeting, as_of)),
        rules=body_rules(book, length=meeting.length_minutes, times=times),
    )


def load_beyond(session: Session, meeting: Meeting, as_of: dt.date) -> plain.DraftInputs:
    """Only what no proposal shows: the reports after *as_of*, and everything carried; it does not grow with the years.

    The projects are those with such a report, and have no others.
    """
    chosen = _chosen(steered_periods(session, meeting.body_id))
    later = _statuses(session, chosen, after=as_of)
    keys = _Keys(_accepted(session, meeting))
    return plain.DraftInputs(
        as_of=as_of,
        meeting=_meeting_facts(session, meeting),
        projects=tuple(
            plain.ProjectFacts(
                id=project_id,
                code=code,
                title=title,
                field=plain.Field(name, position) if name is not None else None,
                statuses=tuple(later[project_id]),
            )
            for project_id, code, title, name, position, _ in _project_rows(session, list(later))
        ),
        deferred=_deferred(session, meeting),
        backlog=_backlog(session, meeting, keys.used_topics),
        registered=_registered(session, meeting, keys.used_registrations),
    )


def _accepted(session: Session, meeting: Meeting) -> Sequence[Proposal]:
    return session.exec(
        select(Proposal).where(Proposal.meeting_id == meeting.id, Proposal.state == ProposalState.ACCEPTED)
    ).all()


def find_stored(session: Session, meeting_id: int) -> dict[str, Proposal]:
    """The stored proposals of a meeting by their key."""
    return {row.key: row for row in session.exec(select(Proposal).where(Proposal.meeting_id == meeting_id))}


def _meeting_facts(session: Session, meeting: Meeting) -> plain.MeetingFacts:
    closes = session.exec(
        select(MeetingDeadline).where(
            MeetingDeadline.meeting_id == meeting.id, MeetingDeadline.kind == DeadlineKind.REGISTRATION
        )
    ).first()
    return plain.MeetingFacts(
        id=ident(meeting),
        on=life.day_of(meeting),
        main_topic=meeting.main_topic,
        registration_closes_on=closes.due_on if closes else None,
    )


# --- projects ---------------------------------------------------------------------------------------------------------


def load_projects(session: Session, periods: Iterable[int] | None) -> tuple[plain.ProjectFacts, ...]:
    """The projects of *periods* (None = all) with everything told about them; eight queries."""
    chosen = _chosen(periods)
    rows = _project_rows(session, chosen)
    statuses, needs = _statuses(session, chosen), _needs(session, chosen)
    milestones, ends = _milestones(session, chosen), _ends(session, chosen)
    predecessors = _predecessors(session, chosen)
    return tuple(
        plain.ProjectFacts(
            id=project_id,
            code=code,
            title=title,
            field=plain.Field(name, position) if name is not None else None,
            statuses=tuple(statuses[project_id]),
            needs=tuple(needs[project_id]),
            milestones=tuple(milestones[project_id]),
            ends=tuple(ends[project_id]),
            predecessors=tuple(predecessors[project_id]),
            plan_ends_on=plan_ends_on,
        )
        for project_id, code, title, name, position, plan_ends_on in rows
    )


def _chosen(periods: Iterable[int] | None) -> Any:
    chosen = sa.select(col(Project.id))
    if periods is None:
        return chosen
    return chosen.where(sa.or_(col(Project.period_id).in_(list(periods)), col(Project.period_id).is_(None)))


def _project_rows(session: Session, chosen: Any) -> Sequence[Any]:
    return session.execute(
        sa.select(
            col(Project.id),
            col(Project.code),
            col(Project.title),
            col(PlanField.name),
            col(PlanField.position),
            col(PlanPeriod.ends_on),
        )
        .join(PlanField, col(PlanField.id) == Project.field_id, isouter=True)
        .join(PlanPeriod, col(PlanPeriod.id) == Project.period_id, isouter=True)
        .where(col(Project.id).in_(chosen))
    ).all()


def _statuses(session: Session, chosen: Any, *, after: dt.date | None = None) -> dict[int, list[plain.Status]]:
    columns = ("project_id", "as_of", "light", "light_schedule", "light_cost", "light_content", "phase")
    statement = sa.select(*(getattr(StatusReport, name) for name in columns)).where(
        col(StatusReport.project_id).in_(chosen),
        col(StatusReport.valid).is_(True),
        col(StatusReport.state) == StatusState.ACCEPTED,
    )
    rows = session.execute(statement if after is None else statement.where(col(StatusReport.as_of) > after))
    found: dict[int, list[plain.Status]] = defaultdict(list)
    for project_id, *values in rows:
        found[project_id].append(plain.Status(*values))
    return found


def _needs(session: Session, chosen: Any) -> dict[int, list[plain.Need]]:
    found: dict[int, list[plain.Need]] = defaultdict(list)
    for row in session.exec(select(DecisionNeed).where(col(DecisionNeed.project_id).in_(chosen))):
        found[row.project_id].append(plain.Need(row.text, row.opened_on, row.closed_on))
    return found


def _milestones(session: Session, chosen: Any) -> dict[int, list[plain.Milestone]]:
    rows = session.execute(
        sa.select(Milestone, col(MilestoneDate.told_on), col(MilestoneDate.due_on))
        .join(MilestoneDate, col(MilestoneDate.milestone_id) == Milestone.id, isouter=True)
        .where(col(Milestone.project_id).in_(chosen))
        .order_by(col(Milestone.id), col(MilestoneDate.told_on))
    )
    stones: dict[int, Milestone] = {}
    datings: dict[int, list[plain.Dating]] = defaultdict(list)
    for stone, told_on, due_on in rows:
        stones[ident(stone)] = stone
        if told_on is not None:
            datings[ident(stone)].append(plain.Dating(told_on, due_on))
    found: dict[int, list[plain.Milestone]] = defaultdict(list)
    for stone_id, stone in stones.items():
        found[stone.project_id].append(plain.Milestone(stone.title, tuple(datings[stone_id]), stone.done_on))
    return found


def _ends(session: Session, chosen: Any) -> dict[int, list[plain.Dating]]:
    found: dict[int, list[plain.Dating]] = defaultdict(list)
    for row in session.exec(select(ProjectEnd).where(col(ProjectEnd.project_id).in_(chosen))):
        found[row.project_id].append(plain.Dating(row.told_on, row.ends_on))
    return found


def _predecessors(session: Session, chosen: Any) -> dict[int, list[plain.Lineage]]:
    found: dict[int, list[plain.Lineage]] = defaultdict(list)
    for row in session.exec(select(ProjectLineage).where(col(ProjectLineage.to_id).in_(chosen))):
        found[row.to_id].append(plain.Lineage(row.from_id, row.kind, row.since_on))
    return found


# --- earlier meetings -------------------------------------------------------------------------------------------------


def _earlier(session: Session, meeting: Meeting) -> tuple[plain.EarlierMeeting, ...]:
    held = session.exec(
        select(Meeting)
        .where(
            Meeting.body_id == meeting.body_id,
            Meeting.starts_at < meeting.starts_at,
            Meeting.state == MeetingState.HELD,
            Meeting.id != meeting.id,
        )
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
        .limit(EARLIER_MEETINGS)
    ).all()
    wanted = [ident(one) for one in held]
    frozen = frozen_statuses(session, wanted)
    own, settled = _items_of_meetings(session, wanted)
    return tuple(
        plain.EarlierMeeting(
            id=ident(one),
            on=life.day_of(one),
            frozen={
                row.project_id: plain.FrozenLight(
                    light=row.light,
                    phase=row.phase,
                    light_schedule=row.light_schedule,
                    light_cost=row.light_cost,
                    light_content=row.light_content,
                    as_of=row.as_of,
                    code=row.code,
                    title=row.title,
                    field=row.field,
                )
                for row in frozen.get(ident(one), ())
            },
            own_items=frozenset(own[ident(one)]),
            settled=frozenset(settled[ident(one)]),
            shows_status=not one.without_status,
        )
        for one in held
    )


def _items_of_meetings(session: Session, meeting_ids: Sequence[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    rows = session.execute(
        sa.select(
            col(AgendaItem.meeting_id),
            col(AgendaItem.outcome),
            col(AgendaItem.grouped),
            col(AgendaItemProject.project_id),
        )
        .join(AgendaItemProject, col(AgendaItemProject.item_id) == AgendaItem.id)
        .where(col(AgendaItem.meeting_id).in_(meeting_ids), col(AgendaItem.withdrawn).is_(False))
    )
    own: dict[int, set[int]] = defaultdict(set)
    settled: dict[int, set[int]] = defaultdict(set)
    for meeting_id, outcome, grouped, project_id in rows:
        if not grouped:
            own[meeting_id].add(project_id)
            if outcome in SETTLED:
                settled[meeting_id].add(project_id)
    return own, settled


def _deferred(session: Session, meeting: Meeting) -> tuple[plain.DeferredItem, ...]:
    """Items that come back: by their outcome, or because their meeting was cancelled; without a successor elsewhere."""
    successor = aliased(AgendaItem)
    followed = sa.select(col(successor.carried_from_id)).where(
        col(successor.carried_from_id).is_not(None), col(successor.meeting_id) != meeting.id
    )
    shelved = sa.select(col(Topic.carried_from_id)).where(col(Topic.carried_from_id).is_not(None))
    # What was joined carries more than one earlier item on: its proposals remember the others.
    joined = sa.select(col(Proposal.carried_from_id)).where(
        col(Proposal.carried_from_id).is_not(None),
        sa.or_(
            sa.and_(col(Proposal.item_id).is_not(None), col(Proposal.meeting_id) != meeting.id),
            sa.and_(col(Proposal.topic_id).is_not(None), col(Proposal.state) == ProposalState.REJECTED),
        ),
    )
    rows = session.execute(
        sa.select(AgendaItem, Meeting)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            col(Meeting.body_id) == meeting.body_id,
            col(Meeting.id) != meeting.id,
            col(Meeting.starts_at) < meeting.starts_at,
            sa.or_(
                sa.and_(col(Meeting.state) == MeetingState.HELD, col(AgendaItem.outcome).in_([*COMES_BACK])),
                sa.and_(col(Meeting.state) == MeetingState.CANCELLED, col(AgendaItem.withdrawn).is_(False)),
            ),
            col(AgendaItem.id).not_in(followed),
            col(AgendaItem.id).not_in(shelved),
            col(AgendaItem.id).not_in(joined),
            col(AgendaItem.id).not_in(taken_over_items(meeting.body_id)),
        )
        .order_by(col(AgendaItem.id))
    ).all()
    wanted = [ident(item) for item, _ in rows]
    projects = _linked(session, AgendaItemProject, "item_id", wanted)
    drafted = _drafted_occasions(session, wanted)
    return tuple(
        plain.DeferredItem(
            item_id=ident(item),
            title=item.title,
            section=item.section,
            kind=item.kind,
            outcome=None if one.state is MeetingState.CANCELLED else Outcome(item.outcome),
            meeting_label=life.label(one),
            meeting_on=life.day_of(one),
            minutes=item.minutes,
            level=item.level,
            proposed_decision=item.proposed_decision,
            project_ids=tuple(projects[ident(item)]),
            resume_on=item.resume_on,
            note=item.outcome_note,
            grouped=item.grouped,
            presenter=item.presenter,
            occasion="" if item.occasion == drafted.get(ident(item), "") else item.occasion,
        )
        for item, one in rows
    )


def _drafted_occasions(session: Session, item_ids: Sequence[int]) -> dict[int, str]:
    """The Anlass that drafting gave to items, where nobody edited their proposals; hands' words are told from it."""
    rows = session.execute(
        sa.select(col(Proposal.item_id), col(Proposal.occasion)).where(
            col(Proposal.item_id).in_(item_ids), col(Proposal.edited).is_(False)
        )
    )
    return {row.item_id: row.occasion for row in rows}


# --- what is followed -------------------------------------------------------------------------------------------------


def _followed_decisions(session: Session, meeting: Meeting, as_of: dt.date) -> tuple[plain.FollowedThing, ...]:
    """The decisions of the body as they were known on the Stichtag: open ones, and closed ones nobody was told of."""
    return tuple(
        plain.FollowedThing(
            key=f"decision:{one.id}",
            rule=plain.Rule.DECISION_DUE,
            number=one.number,
            title=one.title,
            taken_on=one.decided_on,
            state=FOLLOW_UP_WORDS[one.state],
            due_on=one.due_on,
            closed_on=one.closed_on,
            at_next=True,
            level=one.level,
        )
        for one in known_on(session, meeting.body_id, as_of, carried_in=ident(meeting))
    )


def _followed_actions(session: Session, meeting: Meeting, as_of: dt.date) -> tuple[plain.FollowedThing, ...]:
    """The actions given up to the Stichtag that no held meeting has carried as done, as they stood then."""
    actions = [action for action in open_actions(session, meeting.body_id) if action.given_on <= as_of]
    steps = list_steps(session, [ident(action) for action in actions])
    names = names_on(session, {one.organisation_id for one in actions if one.organisation_id}, as_of)
    persons = load_persons(session, {one.person_id for one in actions if one.person_id})
    found = []
    for action in actions:
        stood = standing(action.first_due_on, plain_steps(steps.get(ident(action), ())), as_of)
        name, person = names.get(action.organisation_id or 0), persons.get(action.person_id or 0)
        who = [name.short or name.long] if name else []
        found.append(
            plain.FollowedThing(
                key=f"action:{action.id}",
                rule=plain.Rule.ACTION_OVERDUE,
                number=action.number,
                title=action.title,
                taken_on=action.given_on,
                state=told_words(", ".join([*who, *([person.name] if person else [])]), stood, action.first_due_on),
                due_on=stood.due_on,
                closed_on=stood.over_on,
                level=action.level,
            )
        )
    return tuple(found)


# --- what stands already ----------------------------------------------------------------------------------------------


def _backlog(session: Session, meeting: Meeting, used: Iterable[int]) -> tuple[plain.BacklogEntry, ...]:
    rows = session.exec(
        select(Topic)
        .where(
            Topic.body_id == meeting.body_id,
            sa.or_(col(Topic.state) == TopicState.OPEN, col(Topic.id).in_(list(used))),
        )
        .order_by(col(Topic.id))
    ).all()
    projects = _linked(session, TopicProject, "topic_id", [ident(row) for row in rows])
    return tuple(
        plain.BacklogEntry(
            topic_id=ident(row),
            title=row.title,
            section=row.section,
            kind=row.kind,
            why=row.why,
            stored_on=row.created_at.astimezone(BERLIN).date(),
            minutes=row.minutes,
            level=row.level,
            proposed_decision=row.proposed_decision,
            project_ids=tuple(projects[ident(row)]),
            resume_on=row.resume_on,
            from_meeting_id=row.from_meeting_id,
            grouped=row.grouped,
            presenter=row.presenter,
            occasion=_by_hand(row.occasion, row.reasons),
        )
        for row in rows
    )


def _by_hand(occasion: str, reasons: str) -> str:
    """An Anlass that is more than the sentences of the stored reasons; else "", and the reasons of today make one."""
    known = read_reasons(reasons)
    return "" if occasion in (plain.sentences_of(known, many) for many in (False, True)) else occasion


def _registered(session: Session, meeting: Meeting, used: Iterable[int]) -> tuple[plain.RegisteredTopic, ...]:
    """Received topics that count for *meeting*, and those that it has taken up."""
    used = set(used)
    rows = session.execute(
        sa.select(Registration, Meeting, col(MeetingDeadline.due_on))
        .join(Meeting, col(Meeting.id) == Registration.meeting_id, isouter=True)
        .join(
            MeetingDeadline,
            sa.and_(
                col(MeetingDeadline.meeting_id) == Meeting.id,
                col(MeetingDeadline.kind) == DeadlineKind.REGISTRATION,
            ),
            isouter=True,
        )
        .where(
            col(Registration.body_id) == meeting.body_id,
            sa.or_(
                col(Registration.state) == RegistrationState.RECEIVED,
                col(Registration.id).in_(sorted(used)),
            ),
        )
        .order_by(col(Registration.id))
    ).all()
    found = [row for row, one, closes_on in rows if row.id in used or counts_for(row, meeting, one, closes_on)]
    projects = _linked(session, RegistrationProject, "registration_id", [ident(row) for row in found])
    return tuple(
        plain.RegisteredTopic(
            registration_id=ident(row),
            title=row.title,
            section=row.section,
            kind=row.kind,
            by=row.by,
            registered_at=row.chosen_at,
            minutes=row.minutes,
            level=row.level,
            proposed_decision=row.proposed_decision,
            project_ids=tuple(projects[ident(row)]),
            urgency=row.urgency,
            chair_consented=bool(row.consent_by) and row.meeting_id in (None, meeting.id),
            presenter=row.presenter,
            occasion=row.occasion,
        )
        for row in found
    )


def _circulars(session: Session, meeting: Meeting) -> tuple[plain.EndedCircular, ...]:
    return tuple(
        plain.EndedCircular(
            circular_id=ident(one.circular),
            title=one.decision.title,
            adopted=one.circular.state is CircularState.ADOPTED,
            ended_on=one.decision.decided_on or one.circular.ends_on or life.day_of(meeting),
            note=one.circular.outcome_note,
            number=one.decision.number,
            wording=one.decision.wording,
            grounds=one.circular.grounds,
            level=one.decision.level,
            project_ids=one.project_ids,
        )
        for one in circulars_to_carry(session, meeting)
    )


def _pending_minutes(session: Session, meeting: Meeting) -> tuple[plain.PendingMinutes, ...]:
    return tuple(
        plain.PendingMinutes(ident(one), life.label(one), life.day_of(one), minutes.objections_until)
        for minutes, one in pending_minutes(session, meeting.body_id, meeting.starts_at)
    )


def _running(session: Session, meeting: Meeting) -> Iterable[plain.Placement]:
    """What running circular procedures decide just now."""
    for one in running_circulars(session, meeting.body_id):
        circular, title = one.circular, one.decision.title
        things = (("item", circular.item_id), ("topic", circular.topic_id))
        yield plain.Placement(
            label=f"Umlaufverfahren „{title if len(title) <= SHOWN_TITLE else title[:SHOWN_TITLE] + '…'}“",
            project_ids=one.project_ids,
            keys=tuple(f"{kind}:{number}" for kind, number in things if number is not None),
        )


def _placements(session: Session, meeting: Meeting) -> tuple[plain.Placement, ...]:
    """Where projects and carried things already are: the other coming agendas of this body."""
    rows = session.execute(
        sa.select(AgendaItem, Meeting, Proposal)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .join(Proposal, col(Proposal.item_id) == AgendaItem.id, isouter=True)
        .where(
            col(Meeting.body_id) == meeting.body_id,
            col(Meeting.id) != meeting.id,
            col(Meeting.state).in_(COMING),
            col(AgendaItem.withdrawn).is_(False),
        )
    ).all()
    projects = _linked(session, AgendaItemProject, "item_id", [ident(item) for item, *_ in rows])
    return tuple(
        plain.Placement(
            label=f"Tagesordnung der {life.label_with_date(one)}",
            project_ids=() if item.grouped else tuple(projects[ident(item)]),
            keys=tuple(_carried_keys(item, proposal)),
        )
        for item, one, proposal in rows
    )


def _carried_keys(item: AgendaItem, proposal: Proposal | None) -> Iterable[str]:
    if item.carried_from_id is not None:
        yield f"item:{item.carried_from_id}"
    if proposal is None:
        return
    if proposal.topic_id is not None:
        yield f"topic:{proposal.topic_id}"
    if not proposal.key.startswith("project:"):
        yield proposal.key


def _agenda(session: Session, meeting: Meeting, keys: dict[int, tuple[str, ...]]) -> tuple[plain.PlacedItem, ...]:
    rows = session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id, col(AgendaItem.withdrawn).is_(False))
    ).all()
    projects = _linked(session, AgendaItemProject, "item_id", [ident(row) for row in rows])
    return tuple(
        plain.PlacedItem(
            title=row.title,
            section=row.section,
            minutes=row.minutes,
            keys=keys.get(ident(row), ()),
            project_ids=tuple(projects[ident(row)]),
            mandatory=row.mandatory,
        )
        for row in rows
    )


class _Keys:
    """What the stored proposals say about items and topics of this agenda."""

    def __init__(self, rows: Iterable[Proposal]) -> None:
        accepted = [row for row in rows if row.state is ProposalState.ACCEPTED]
        self.of_items: dict[int, tuple[str, ...]] = {}
        for row in accepted:
            if row.item_id is not None:
                self.of_items[row.item_id] = (*self.of_items.get(row.item_id, ()), row.key)
        self.used_topics = [row.topic_id for row in accepted if row.key.startswith("topic:") and row.topic_id]
        self.used_registrations = registration_ids(row.key for row in accepted)


def _stored_proposals(session: Session, meeting: Meeting) -> tuple[tuple[plain.ExistingProposal, ...], _Keys]:
    rows = session.exec(select(Proposal).where(Proposal.meeting_id == meeting.id).order_by(col(Proposal.id))).all()
    named: dict[int, list[plain.ProjectRef]] = defaultdict(list)
    links = session.execute(
        sa.select(col(ProposalProject.proposal_id), col(Project.id), col(Project.code), col(Project.title))
        .join(Project, col(Project.id) == ProposalProject.project_id)
        .where(col(ProposalProject.proposal_id).in_([ident(row) for row in rows]))
        .order_by(col(ProposalProject.proposal_id), col(ProposalProject.position))
    )
    for proposal_id, project_id, code, title in links:
        named[proposal_id].append(plain.ProjectRef(project_id, code, title))
    stored = tuple(
        plain.ExistingProposal(_plain_proposal(row, named[ident(row)]), row.state, row.edited) for row in rows
    )
    return stored, _Keys(rows)


def _plain_proposal(row: Proposal, projects: Sequence[plain.ProjectRef]) -> plain.Proposal:
    return plain.Proposal(
        key=row.key,
        section=row.section,
        kind=row.kind,
        title=row.title,
        minutes=row.minutes,
        score=row.score,
        reasons=read_reasons(row.reasons),
        projects=tuple(projects),
        mandatory=row.mandatory,
        fits=row.fits,
        taken_by=row.taken_by,
        level=row.level,
        proposed_decision=row.proposed_decision,
        presenter=row.presenter,
        text=row.occasion,
    )


def read_reasons(stored: str) -> tuple[plain.Reason, ...]:
    """The reasons of a stored proposal."""
    return tuple(
        plain.Reason(
            rule=plain.Rule(one["rule"]),
            text=one["text"],
            project=one["project"],
            since=dt.date.fromisoformat(one["since"]) if one["since"] else None,
            gone=one.get("gone", False),
            thing=one.get("thing"),
            closed=one.get("closed", False),
        )
        for one in json.loads(stored)
    )


def _linked(session: Session, table: Any, owner: str, owner_ids: Sequence[int]) -> dict[int, list[int]]:
    """Project ids by owner from a link table, in their order."""
    found: dict[int, list[int]] = defaultdict(list)
    column = getattr(table, owner)
    rows = session.execute(
        sa.select(column, table.project_id).where(column.in_(owner_ids)).order_by(column, table.position)
    )
    for owner_id, project_id in rows:
        found[owner_id].append(project_id)
    return found
