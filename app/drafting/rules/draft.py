"""Drafting as a whole: inputs in, proposals in order with their time, delta page and what still waits out."""

import datetime as dt
from collections.abc import Iterable, Mapping

from app import text
from app.agenda.models import ProposalState
from app.drafting.rules import budget, merge, table
from app.drafting.rules.carried import CarriedThing, carried_things, named_projects
from app.drafting.rules.case import Case, cases, previous_meeting
from app.drafting.rules.delta import delta, later_statuses
from app.drafting.rules.followed import of_followed
from app.drafting.rules.merge import Finding
from app.drafting.rules.order import GROUPS, ordered
from app.drafting.schemas import Delta, Draft, DraftInputs, Proposal
from app.errors import Invalid


def require_as_of(as_of: dt.date, meeting_on: dt.date, previous_on: dt.date | None) -> None:
    """Refuse a Stichtag after the meeting's date or before the previous meeting (Invalid at "as_of")."""
    if as_of > meeting_on:
        said = f"Der Stichtag {text.date(as_of)} liegt nach der Sitzung am {text.date(meeting_on)}."
        raise Invalid({"as_of": said})
    if previous_on is not None and as_of < previous_on:
        said = f"Der Stichtag {text.date(as_of)} liegt vor der vorigen Sitzung am {text.date(previous_on)}."
        raise Invalid({"as_of": said})


def draft(inputs: DraftInputs) -> Draft:
    """The draft of an agenda; equal inputs, in whatever order, give an equal draft. Invalid for a wrong Stichtag."""
    previous = previous_meeting(inputs)
    require_as_of(inputs.as_of, inputs.meeting.on, previous.on if previous else None)
    known = {project.id: project for project in inputs.projects}
    all_cases = cases(inputs, named_projects(inputs))
    found = {case.project.id: merge.findings(case) for case in all_cases}
    due, waiting = carried_things(inputs)
    proposals = [
        *merge.of_projects(found, due, inputs),
        *(merge.of_carried(thing, found, inputs, known) for thing in due),
        *merge.of_missing(all_cases),
        *of_followed(inputs),
    ]
    first = frozenset(thing.key for thing in due if thing.first)
    planned, time = budget.plan(ordered(proposals, known, first), inputs)
    red = merge.of_red(_unheard(planned, found, due, inputs))
    return Draft(
        as_of=inputs.as_of,
        previous_id=previous.id if previous else None,
        proposals=ordered([*planned, *red], known, first),
        budget=time,
        delta=_delta(inputs, all_cases, found),
        later=later_statuses(inputs),
        waiting=waiting,
    )


def compare(inputs: DraftInputs) -> Delta:
    """The delta page alone, for any Stichtag: a release is never refused because of it."""
    all_cases = cases(inputs, named_projects(inputs))
    return _delta(inputs, all_cases, {case.project.id: merge.findings(case) for case in all_cases})


def _delta(inputs: DraftInputs, all_cases: Iterable[Case], found: Mapping[int, tuple[Finding, ...]]) -> Delta:
    reasons = {project_id: [finding.reason for finding in own] for project_id, own in found.items()}
    return delta(inputs, all_cases, reasons)


def _unheard(
    proposals: Iterable[Proposal],
    found: Mapping[int, tuple[Finding, ...]],
    due: Iterable[CarriedThing],
    inputs: DraftInputs,
) -> list[Finding]:
    """Findings of red projects that nobody will talk about: no fitting item, none elsewhere, none put away by hand."""
    proposals = tuple(proposals)
    accepted = {one.proposal.key for one in inputs.existing if one.state is ProposalState.ACCEPTED}
    rejected = budget.rejected_keys(inputs.existing, proposals)
    groups = {*GROUPS, *(thing.key for thing in due if thing.grouped)}
    heard = set(budget.standing_projects(item for item in inputs.agenda if not merge.is_group(item)))
    heard.update(project_id for place in inputs.placements for project_id in place.project_ids)
    for proposal in proposals:
        spoken = proposal.fits and proposal.section in table.SPOKEN and proposal.key not in accepted
        if proposal.key not in groups and (spoken or proposal.key in rejected):
            heard.update(project.id for project in proposal.projects)
    return [
        finding for project_id, own in found.items() if project_id not in heard and merge.is_red(own) for finding in own
    ]
