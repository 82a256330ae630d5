"""The time of the agenda: what always stays, what of the debate fits, and the sentence when it is too much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.agenda.models import ProposalState, SectionKey
from app.drafting.rules import table
from app.drafting.schemas import Budget, DraftInputs, ExistingProposal, PlacedItem, Proposal

_MANDATORY = frozenset({SectionKey.FORMALITIES, SectionKey.MAIN_TOPIC, SectionKey.DECISION})


@dataclass(frozen=True, slots=True)
class _Line:
    """Something that takes time: an item that stands, or a proposal (``key``) that may join it."""

    section: SectionKey
    minutes: int
    mandatory: bool
    key: str = ""


def plan(proposals: Sequence[Proposal], inputs: DraftInputs) -> tuple[tuple[Proposal, ...], Budget]:
    """The proposals, in the order of the agenda, each with its ``fits``; and the minutes of what then stands.

    Standing items come first; decisions, the main topic, deferred and registered things always stay. The debate is
    filled in the given order up to the first proposal that does not fit. Accepted proposals count as the items they
    became; what was rejected or is elsewhere takes no time and does not fit.
    """
    accepted, rejected, edited = _by_hand(inputs.existing, proposals)
    lines = [_Line(item.section, item.minutes, item.mandatory) for item in inputs.agenda]
    fitting = set(accepted)
    waiting: list[_Line] = []
    for proposal in proposals:
        if proposal.key in accepted or proposal.key in rejected or proposal.taken_by:
            continue
        line = _line(edited.get(proposal.key, proposal))
        if line.section is SectionKey.DEBATE and not line.mandatory:
            waiting.append(line)
        else:
            lines.append(line)
            fitting.add(line.key)
    used = _minutes(lines, inputs)
    for line in waiting:
        if used + line.minutes > inputs.rules.length:
            break
        used += line.minutes
        lines.append(line)
        fitting.add(line.key)
    must = _minutes([line for line in lines if line.section in _MANDATORY or line.mandatory], inputs, only_must=True)
    return tuple(replace(proposal, fits=proposal.key in fitting) for proposal in proposals), _budget(inputs, must, used)


def rejected_keys(existing: Iterable[ExistingProposal], proposals: Iterable[Proposal]) -> frozenset[str]:
    """Keys of proposals that were rejected by hand and which no new rule has joined since."""
    stored = {found.proposal.key: found.proposal for found in existing if found.state is ProposalState.REJECTED}
    return frozenset(
        proposal.key
        for proposal in proposals
        if proposal.key in stored and not proposal.rules - stored[proposal.key].rules
    )


def _by_hand(
    existing: Iterable[ExistingProposal], proposals: Iterable[Proposal]
) -> tuple[frozenset[str], frozenset[str], dict[str, Proposal]]:
    existing = tuple(existing)
    accepted = frozenset(found.proposal.key for found in existing if found.state is ProposalState.ACCEPTED)
    edited = {found.proposal.key: found.proposal for found in existing if found.edited}
    return accepted, rejected_keys(existing, proposals), edited


def _line(proposal: Proposal) -> _Line:
    return _Line(proposal.section, proposal.minutes, proposal.mandatory, proposal.key)


def _minutes(lines: Iterable[_Line], inputs: DraftInputs, *, only_must: bool = False) -> int:
    """The minutes of *lines* by section; ``only_must`` leaves the standing times of other sections out."""
    lines = tuple(lines)
    total = 0
    for section in SectionKey:
        if only_must and section not in _MANDATORY and table.time(inputs.rules, section).in_all:
            continue
        here = [line.minutes for line in lines if line.section is section]
        total += section_minutes(section, here, inputs)
    return total


def section_minutes(section: SectionKey, items: Sequence[int], inputs: DraftInputs) -> int:
    """The minutes of a section with *items* of these minutes.

    A section with one time in all takes that, or more if its items need more, when it has items or standing points;
    the main topic takes its time as soon as it is named.
    """
    time = table.time(inputs.rules, section)
    if time.in_all:
        return max(time.minutes, sum(items)) if items or time.always else 0
    if section is SectionKey.MAIN_TOPIC and inputs.meeting.main_topic and not items:
        return time.minutes
    return sum(items)


def _budget(inputs: DraftInputs, must: int, planned: int) -> Budget:
    length = inputs.rules.length
    sentence = ""
    if must > length:
        sentence = f"Pflichtpunkte {must} von {length} Min."
    elif planned > length:
        sentence = f"Tagesordnung {planned} von {length} Min."
    return Budget(length, must, planned, sentence)


def standing_projects(items: Iterable[PlacedItem]) -> frozenset[int]:
    """Projects that a standing item is about in a section in which it is talked about."""
    return frozenset(project_id for item in items if item.section in table.SPOKEN for project_id in item.project_ids)
