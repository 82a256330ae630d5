"""Drafting an agenda: the pure draft is computed from the rows and its changes are stored as proposals."""

import datetime as dt
import json
from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.agenda.models import AgendaDraft, Proposal, ProposalProject, ProposalState
from app.agenda.service.items import enter_draft, require_draft
from app.db import ident
from app.drafting import schemas as plain
from app.drafting.queries import find_stored, load_beyond, load_inputs
from app.drafting.rules.carried import carried_things
from app.drafting.rules.delta import later_statuses
from app.drafting.rules.draft import draft
from app.drafting.rules.order import GROUPS
from app.drafting.rules.redraft import redraft
from app.drafting.schemas import ChangeKind
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting

STATES = {
    ChangeKind.ADDED: ProposalState.OPEN,
    ChangeKind.UPDATED: ProposalState.OPEN,
    ChangeKind.REOPENED: ProposalState.OPEN,
    ChangeKind.VANISHED: ProposalState.VANISHED,
}


def default_stichtag(meeting: Meeting, today: dt.date) -> dt.date:
    """Today, but never after the meeting."""
    return min(today, life.day_of(meeting))


def beyond_draft(
    session: Session, meeting: Meeting, as_of: dt.date
) -> tuple[tuple[plain.LaterStatus, ...], tuple[plain.Waiting, ...]]:
    """Reports after the Stichtag and carried things that still wait, as a draft says them, without drafting."""
    inputs = load_beyond(session, meeting, as_of)
    return later_statuses(inputs), carried_things(inputs)[1]


def draft_agenda(session: Session, actor: Actor, meeting: Meeting, *, as_of: dt.date | None = None) -> plain.Draft:
    """Draft, or draft again, the agenda of a locked meeting and store its proposals.

    Only open proposals change; hands' work is never touched (domain §4). Invalid for a wrong Stichtag.
    """
    require_draft(actor, meeting)
    day = as_of or default_stichtag(meeting, clock.today())
    inputs = load_inputs(session, meeting, day)
    made = draft(inputs)
    changes = redraft(inputs.existing, made.proposals)
    grouped = _grouped_keys(inputs)
    rows = find_stored(session, ident(meeting))
    for row in rows.values():
        row.difference = ""
    for change in changes:
        if change.kind is ChangeKind.DIFFERS:
            rows[change.key].difference = change.difference
        else:
            row = rows.setdefault(change.key, _new_row(meeting, change.proposal))
            _store(session, row, change.proposal, STATES[change.kind], grouped=change.key in grouped)
    _order(rows, made)
    session.add_all(rows.values())
    session.merge(AgendaDraft(meeting_id=ident(meeting), as_of=day, drafted_at=clock.now()))
    enter_draft(meeting)
    touch_meeting(session, meeting)
    _record(session, actor, meeting, made, changes)
    session.flush()
    return made


def _grouped_keys(inputs: plain.DraftInputs) -> frozenset[str]:
    return frozenset(
        {
            *GROUPS,
            *(f"item:{item.item_id}" for item in inputs.deferred if item.grouped),
            *(f"topic:{entry.topic_id}" for entry in inputs.backlog if entry.grouped),
        }
    )


def _new_row(meeting: Meeting, proposal: plain.Proposal) -> Proposal:
    kind, _, number = proposal.key.partition(":")
    return Proposal(
        meeting_id=ident(meeting),
        key=proposal.key,
        section=proposal.section,
        kind=proposal.kind,
        title=proposal.title,
        minutes=proposal.minutes,
        score=proposal.score,
        reasons="[]",
        carried_from_id=int(number) if kind == "item" else None,
        topic_id=int(number) if kind == "topic" else None,
    )


def _store(session: Session, row: Proposal, proposal: plain.Proposal, state: ProposalState, *, grouped: bool) -> None:
    row.state, row.grouped = state, grouped
    row.section, row.kind, row.title = proposal.section, proposal.kind, proposal.title
    row.minutes, row.score, row.level = proposal.minutes, proposal.score, proposal.level
    row.mandatory, row.fits, row.taken_by = proposal.mandatory, proposal.fits, proposal.taken_by
    row.occasion, row.proposed_decision = proposal.occasion, proposal.proposed_decision
    row.presenter = proposal.presenter
    row.reasons = json.dumps([_plain_reason(reason) for reason in proposal.reasons], ensure_ascii=False)
    session.add(row)
    session.flush()
    session.execute(delete(ProposalProject).where(col(ProposalProject.proposal_id) == ident(row)))
    needs = {
        reason.project for reason in proposal.reasons if reason.rule is plain.Rule.DECISION_NEEDED and not reason.gone
    }
    session.add_all(
        ProposalProject(
            proposal_id=ident(row), project_id=project.id, position=place, answers_need=project.code in needs
        )
        for place, project in enumerate(proposal.projects, 1)
    )


def _plain_reason(reason: plain.Reason) -> dict[str, str | bool | None]:
    """A reason as it is stored; ``agenda.queries.told_closed`` reads the lines of decisions and actions, too."""
    return {
        "rule": reason.rule.value,
        "text": reason.text,
        "project": reason.project,
        "since": reason.since.isoformat() if reason.since else None,
        "gone": reason.gone,
        **({"thing": reason.thing, "closed": reason.closed} if reason.thing else {}),
    }


def _order(rows: dict[str, Proposal], made: plain.Draft) -> None:
    """Positions in the draft's order; whether something fits is said anew even where nothing else changed."""
    for place, proposal in enumerate(made.proposals, 1):
        row = rows[proposal.key]
        row.position = place
        if row.state is ProposalState.OPEN:
            row.fits, row.taken_by = proposal.fits, proposal.taken_by
    last = len(made.proposals)
    drafted = {proposal.key for proposal in made.proposals}
    for row in sorted((row for key, row in rows.items() if key not in drafted), key=lambda row: row.key):
        last += 1
        row.position = last


def _record(
    session: Session, actor: Actor, meeting: Meeting, made: plain.Draft, changes: Iterable[plain.Change]
) -> None:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    record(
        session,
        actor,
        "agenda.draft",
        meeting,
        after={"as_of": made.as_of.isoformat(), **counts},
        label=life.label_with_date(meeting),
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )
