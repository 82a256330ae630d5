"""From reasons to proposals: one per project, one per carried thing with its projects' reasons, one per group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.agenda.models import ItemKind, SectionKey
from app.drafting.rules import lights, projects, table
from app.drafting.rules.carried import CarriedThing
from app.drafting.rules.case import Case
from app.drafting.rules.order import GROUPS, MISSING, RED, project_key, refs
from app.drafting.schemas import BodyRules, DraftInputs, PlacedItem, Placement, ProjectFacts, Proposal, Reason, Rule

RED_TITLE = "Weitere rote Projekte (schriftlicher Bericht)"
MISSING_TITLE = "Fehlende Sachstandsmeldungen"

PROJECT_RULES = {**lights.RULES, **projects.RULES}


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds for a project, with its reason and what it weighs there."""

    case: Case
    reason: Reason
    weight: int


def findings(case: Case) -> tuple[Finding, ...]:
    """Everything the rules about one project find, in the order of the table."""
    found = []
    for row in table.TABLE:
        rule = PROJECT_RULES.get(row.rule)
        if rule is None or (row.needs_news and not case.news):
            continue
        reason = rule(case)
        if reason is not None:
            found.append(Finding(case, reason, _weight(case, row.rule)))
    return tuple(found)


def _weight(case: Case, rule: Rule) -> int:
    weight = table.weight(case.settings, rule)
    if rule is Rule.STILL_RED:
        weight += case.settings.still_red_step * case.run_unowned
    return weight


def is_red(found: Iterable[Finding]) -> bool:
    """Whether the body must hear that this project is red."""
    return any(finding.reason.rule in table.RED_RULES for finding in found)


def of_projects(
    found: Mapping[int, tuple[Finding, ...]], carried: Iterable[CarriedThing], inputs: DraftInputs
) -> list[Proposal]:
    """One proposal for every project with a reason that no carried thing takes.

    A red project whose end the body was shown, with nothing new, has no item of its own: it stays a line of the group.
    """
    taken = {project_id for thing in carried if not thing.grouped for project_id in thing.project_ids}
    proposals = []
    for project_id, own in found.items():
        only_red = {finding.reason.rule for finding in own} <= table.RED_RULES
        if not own or project_id in taken or (only_red and own[0].case.closed):
            continue
        proposals.append(_of_project(own, inputs))
    return proposals


def _of_project(own: tuple[Finding, ...], inputs: DraftInputs) -> Proposal:
    project, settings = own[0].case.project, inputs.rules
    sections = {table.ROWS[finding.reason.rule].section for finding in own}
    section = next(section for section in table.PRECEDENCE if section in sections)
    key = f"project:{project.id}"
    return Proposal(
        key=key,
        section=section,
        kind=table.KINDS[section],
        title=project.title,
        minutes=minutes(settings, section, None),
        score=score(own, settings),
        reasons=tuple(finding.reason for finding in own),
        projects=refs([project]),
        mandatory=section is SectionKey.DECISION,
        taken_by=_taken_by(key, project, inputs),
    )


def of_carried(
    thing: CarriedThing,
    found: Mapping[int, tuple[Finding, ...]],
    inputs: DraftInputs,
    known: Mapping[int, ProjectFacts],
) -> Proposal:
    """The proposal of a carried thing, with the reasons of the projects it names.

    It keeps its section, but what speaks of a red project is talked about: never "Ohne Aussprache".
    """
    named = sorted((known[project_id] for project_id in set(thing.project_ids) if project_id in known), key=project_key)
    own = [] if thing.grouped else [finding for project in named for finding in found[project.id]]
    moved = is_red(own) and thing.section not in table.SPOKEN
    section = SectionKey.DEBATE if moved else thing.section
    decides = any(table.ROWS[finding.reason.rule].section is SectionKey.DECISION for finding in own)
    return Proposal(
        key=thing.key,
        section=section,
        kind=ItemKind.DEBATE if moved else thing.kind,
        title=thing.title,
        minutes=minutes(inputs.rules, section, None if moved else thing.minutes),
        score=score(own, inputs.rules, thing.reason.rule),
        reasons=(thing.reason, *sorted((finding.reason for finding in own), key=_place)),
        projects=refs(named),
        mandatory=thing.mandatory or decides or section in (SectionKey.DECISION, SectionKey.MAIN_TOPIC),
        taken_by=next((place.label for place in _placements(inputs) if thing.key in place.keys), ""),
        level=thing.level,
        proposed_decision=thing.proposed_decision,
        presenter=thing.presenter,
        text=thing.text,
    )


def of_missing(cases: Iterable[Case]) -> list[Proposal]:
    """The one grouped proposal of missing reports, if there are any."""
    found = [(case.project, reason) for case in cases if (reason := projects.report_missing(case))]
    return [_group(MISSING, SectionKey.IMPLEMENTATION, MISSING_TITLE, found, ItemKind.REPORT)] if found else []


def of_red(found: Iterable[Finding]) -> list[Proposal]:
    """The one written item for red projects without an item of their own that fits, if there are any."""
    lines = [(finding.case.project, finding.reason) for finding in found if finding.reason.rule in table.RED_RULES]
    return [_group(RED, SectionKey.DEBATE, RED_TITLE, lines, ItemKind.NOTE)] if lines else []


def _group(
    key: str, section: SectionKey, title: str, lines: list[tuple[ProjectFacts, Reason]], kind: ItemKind
) -> Proposal:
    lines = sorted(lines, key=lambda line: project_key(line[0]))
    return Proposal(
        key=key,
        section=section,
        kind=kind,
        title=title,
        minutes=0,
        score=0,
        reasons=tuple(reason for _, reason in lines),
        projects=refs(project for project, _ in lines),
    )


def score(found: Iterable[Finding], settings: BodyRules, *further: Rule) -> int:
    """The highest weight, and a little more for each further rule; 0 where no rule has a weight."""
    weights: dict[Rule, int] = {}
    for finding in found:
        rule = finding.reason.rule
        weights[rule] = max(weights.get(rule, 0), finding.weight)
    if not weights:
        return 0
    return max(weights.values()) + settings.further_rule * (len({*weights, *further}) - 1)


def minutes(settings: BodyRules, section: SectionKey, own: int | None) -> int:
    """The minutes of an item: its own, else the section's usual; 0 in a section that has one time in all."""
    time = table.time(settings, section)
    if time.in_all:
        return 0
    return time.minutes if own is None else own


def _place(reason: Reason) -> int:
    return table.PLACES[reason.rule]


def _placements(inputs: DraftInputs) -> list[Placement]:
    return sorted(inputs.placements, key=lambda place: place.label)


def _taken_by(key: str, project: ProjectFacts, inputs: DraftInputs) -> str:
    """Where an item about the project already is: this agenda, another coming one, a circular."""
    for item in sorted(inputs.agenda, key=lambda item: item.title):
        if project.id in item.project_ids and key not in item.keys and not is_group(item):
            return f"diese Tagesordnung: {item.title}"
    return next((place.label for place in _placements(inputs) if project.id in place.project_ids), "")


def is_group(item: PlacedItem) -> bool:
    """Whether an item of this agenda is a grouped one, whose lines never replace a project's own item."""
    return not set(GROUPS).isdisjoint(item.keys)
