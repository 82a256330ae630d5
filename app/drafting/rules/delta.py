"""The delta page: what changed since the last meeting, with counts per field that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.drafting.rules import table
from app.drafting.rules.case import Case, previous_meeting, superseded_projects
from app.drafting.rules.order import project_key
from app.drafting.rules.shown import Shown, own_at
from app.drafting.rules.standing import ENDED, standing
from app.drafting.rules.words import PHASES, between, changed, day, light
from app.drafting.schemas import (
    Counts,
    Delta,
    DeltaLine,
    DraftInputs,
    EarlierMeeting,
    Field,
    FieldDelta,
    LaterStatus,
    Movement,
    ProjectFacts,
    ProjectRef,
    Reason,
    Rule,
)
from app.projects.models import Light, Phase

_LIGHT_RULES = table.RED_RULES | {Rule.WORSENED, Rule.IMPROVED, Rule.RECOVERED}
_PHASE_RULES = frozenset({Rule.STOPPED, Rule.COMPLETED, Rule.TRANSFERRED, Rule.PROJECT_PROPOSED})
_LAST = 10**6


@dataclass(frozen=True, slots=True)
class _Seen:
    """A project counted on one of the two days."""

    project: ProjectRef
    field: Field | None
    light: Light | None


def delta(inputs: DraftInputs, cases: Iterable[Case], reasons: Mapping[int, Iterable[Reason]]) -> Delta:
    """Then against now. *reasons*: what the rules found for each project, so that the lines say what is news."""
    cases = tuple(sorted(cases, key=lambda case: project_key(case.project)))
    previous = previous_meeting(inputs)
    then = _counted_then(inputs, previous) if previous else {}
    now = _counted_now(inputs, cases)
    by_id = {case.project.id: case for case in cases}
    names = {seen.field.name if seen.field else "" for seen in (*then.values(), *now.values())}
    fields = [_field_delta(name, then, now, by_id, inputs) for name in names]
    fields.sort(
        key=lambda found: (found.field.position if found.field else _LAST, found.field.name if found.field else "")
    )
    lines = (line for case in cases if (line := _line(case, {reason.rule for reason in reasons[case.project.id]})))
    return Delta(
        then_on=previous.on if previous else None,
        as_of=inputs.as_of,
        fields=tuple(fields),
        lines=tuple(lines),
        then=_counts(then.values()),
        now=_counts(now.values()),
    )


def later_statuses(inputs: DraftInputs) -> tuple[LaterStatus, ...]:
    """Reports "nach dem Stichtag", by project and date."""
    return tuple(
        LaterStatus(_ref(project), status.as_of, f"Stand {day(status.as_of)}: {_values(status.light, status.phase)}")
        for project in sorted(inputs.projects, key=project_key)
        for status in sorted(project.statuses, key=lambda status: status.as_of)
        if status.as_of > inputs.as_of
    )


def _values(told: Light | None, phase: Phase | None) -> str:
    ampel = f"Ampel {light(told)}" if told else light(told)
    return f"{ampel}, Phase {PHASES[phase]}" if phase else ampel


def _counted_then(inputs: DraftInputs, previous: EarlierMeeting) -> dict[int, _Seen]:
    """Projects the body was shown and that had not ended; without any frozen row, silent ones count as shown."""
    known = {project.id: project for project in inputs.projects}
    thens = {project.id: standing(project.statuses, previous.on) for project in inputs.projects}
    superseded = superseded_projects(inputs.projects, thens, previous.on)
    found = {}
    for project in inputs.projects:
        if _is_archived(project, inputs):
            continue
        shown = own_at(project, previous)
        silent = not previous.frozen and standing(project.statuses, inputs.as_of).as_of is None
        there = shown.frozen or shown.known or silent
        if there and shown.phase not in ENDED and project.id not in superseded:
            found[project.id] = _Seen(_ref(project), _field(project.field, inputs), shown.light)
    for project_id, row in previous.frozen.items():
        if project_id not in known and row.phase not in ENDED:
            ref = ProjectRef(project_id, row.code, row.title)
            found[project_id] = _Seen(ref, _field(Field(row.field, _LAST) if row.field else None, inputs), row.light)
    return found


def _counted_now(inputs: DraftInputs, cases: Iterable[Case]) -> dict[int, _Seen]:
    return {
        case.project.id: _Seen(_ref(case.project), _field(case.project.field, inputs), case.now.light)
        for case in cases
        if case.now.phase not in ENDED and not case.superseded and not _is_archived(case.project, inputs)
    }


def _is_archived(project: ProjectFacts, inputs: DraftInputs) -> bool:
    """Of a plan period that is over, and nothing was ever told: known by name only, no part of the portfolio."""
    over = project.plan_ends_on is not None and project.plan_ends_on < inputs.as_of
    return over and not any(status.as_of <= inputs.as_of for status in project.statuses)


def _field(field: Field | None, inputs: DraftInputs) -> Field | None:
    """The field with the first place among those of its name."""
    if field is None:
        return None
    same = [project.field for project in inputs.projects if project.field and project.field.name == field.name]
    return min(same, key=lambda found: found.position, default=field)


def _field_delta(
    name: str, then: Mapping[int, _Seen], now: Mapping[int, _Seen], cases: Mapping[int, Case], inputs: DraftInputs
) -> FieldDelta:
    def here(seen: _Seen) -> bool:
        return (seen.field.name if seen.field else "") == name

    before = {project_id: seen for project_id, seen in then.items() if here(seen)}
    after = {project_id: seen for project_id, seen in now.items() if here(seen)}
    came = [Movement(seen.project, _arrival(cases[key])) for key, seen in after.items() if key not in before]
    went = [Movement(seen.project, _departure(key, cases, inputs)) for key, seen in before.items() if key not in after]
    field = next(seen.field for seen in (*before.values(), *after.values()))
    return FieldDelta(field, _counts(before.values()), _counts(after.values()), _sorted(came), _sorted(went))


def _sorted(movements: list[Movement]) -> tuple[Movement, ...]:
    return tuple(sorted(movements, key=lambda movement: (movement.project.code, movement.project.id)))


def _arrival(case: Case) -> str:
    if case.then.known and case.then.phase in ENDED and not case.then.via:
        return "wieder aufgenommen"
    if case.then.via:
        return f"Nachfolger von {case.then.via}"
    return "erste Meldung" if case.now.as_of else "neu im Plan"


def _departure(project_id: int, cases: Mapping[int, Case], inputs: DraftInputs) -> str:
    case = cases.get(project_id)
    if case is None:
        return "nicht mehr im Plan"
    if case.now.phase in ENDED:
        return f"{PHASES[case.now.phase]} seit {day(case.now.phases.since)}"
    heirs = [
        project.code
        for project in sorted(inputs.projects, key=project_key)
        if any(lineage.project_id == project_id for lineage in project.predecessors)
    ]
    return f"weitergeführt in {', '.join(heirs)}"


def _counts(seen: Iterable[_Seen]) -> Counts:
    lights = [found.light for found in seen]
    return Counts(
        green=lights.count(Light.GREEN),
        yellow=lights.count(Light.YELLOW),
        red=lights.count(Light.RED),
        unknown=lights.count(None),
    )


def _line(case: Case, rules: set[Rule]) -> DeltaLine | None:
    """The line of a project whose light or phase changed, or that was red in between."""
    then, now = case.then, case.now
    if case.silent:
        return None
    light_changed, phase_changed = now.light is not then.light, now.phase is not then.phase
    parts = []
    if light_changed:
        parts.append(changed("Ampel", case, now.lights, then.light, then.as_of))
    elif _red_between(case, then):
        parts.append(f"{light(now.light)} zu beiden Terminen{between(now.lights, then.as_of)}")
    if phase_changed:
        shown = None if then.phase is Phase.UNKNOWN else then.phase
        parts.append(changed("Phase", case, now.phases, shown, then.phase_as_of))
    if not parts:
        return None
    news = (light_changed and not rules & _LIGHT_RULES) or (phase_changed and not rules & _PHASE_RULES)
    since = now.lights.since if light_changed or not phase_changed else now.phases.since
    said = ("neu: " if news else "") + "; ".join(parts)
    field = case.project.field
    return DeltaLine(_ref(case.project), field, then.light, now.light, then.phase, now.phase, since, said, news=news)


def _red_between(case: Case, then: Shown) -> bool:
    """Not red on both days, but red on a Stand between."""
    steps = case.now.lights.steps[:-1]
    red = any(step.value is Light.RED and then.as_of and step.since > then.as_of for step in steps)
    return red and case.now.light is not Light.RED


def _ref(project: ProjectFacts) -> ProjectRef:
    return ProjectRef(project.id, project.code, project.title)
