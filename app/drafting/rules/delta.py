"""The delta page: what changed since the last meeting, one row per project, so that every number can be counted."""

from collections.abc import Callable, Iterable, Mapping

from app import text
from app.agenda.schemas.frozen_delta import DeltaProject
from app.drafting.rules import table
from app.drafting.rules.case import Case, previous_meeting, superseded_projects
from app.drafting.rules.order import project_key
from app.drafting.rules.shown import Shown, own_at
from app.drafting.rules.standing import ENDED, standing
from app.drafting.rules.words import PHASES, between, changed, day, light
from app.drafting.schemas import Delta, DraftInputs, EarlierMeeting, LaterStatus, ProjectFacts, ProjectRef, Reason, Rule
from app.projects.models import Light, Phase

_LIGHT_RULES = table.RED_RULES | {Rule.WORSENED, Rule.IMPROVED, Rule.RECOVERED}
_PHASE_RULES = frozenset({Rule.STOPPED, Rule.COMPLETED, Rule.TRANSFERRED, Rule.PROJECT_PROPOSED})
_LAST = 10**6


def delta(inputs: DraftInputs, cases: Iterable[Case], reasons: Mapping[int, Iterable[Reason]]) -> Delta:
    """Then against now. *reasons*: what the rules found for each project, so that the lines say what is news.

    The work grows with the number of projects, not with its square.
    """
    previous = previous_meeting(inputs)
    then = _counted_then(inputs, previous) if previous else {}
    heirs = _heirs(inputs.projects)
    rows = [
        _row(case, then, inputs, {reason.rule for reason in reasons[case.project.id]}, heirs.get(case.project.id, []))
        for case in cases
    ]
    if previous is not None:
        rows += _no_longer_planned(inputs, previous)
    return Delta(
        then_on=previous.on if previous else None,
        then_id=previous.id if previous else None,
        as_of=inputs.as_of,
        projects=tuple(sorted(rows, key=_order(inputs.projects))),
    )


def _order(projects: Iterable[ProjectFacts]) -> Callable[[DeltaProject], tuple[int, str, str, str, int]]:
    """By main field (of one name in several periods: where the first of them stands), number, title, id."""
    places: dict[str, int] = {}
    for project in projects:
        if project.field:
            places[project.field.name] = min(project.field.position, places.get(project.field.name, _LAST))

    def key(row: DeltaProject) -> tuple[int, str, str, str, int]:
        place = places.get(row.field, _LAST) if row.field else _LAST + 1
        name = text.sort_key(row.field)
        return place, name, text.number_key(row.code), text.sort_key(row.title), row.id

    return key


def _row(
    case: Case, then: Mapping[int, Light | None], inputs: DraftInputs, rules: set[Rule], heirs: list[str]
) -> DeltaProject:
    project, now = case.project, case.now
    was = project.id in then
    is_now = now.phase not in ENDED and not case.superseded and not _is_archived(project, inputs)
    move = _arrival(case) if is_now and not was else _departure(case, heirs) if was and not is_now else ""
    said, news = _change(case, rules)
    light_changed = now.light is not case.then.light
    since = now.lights.since if light_changed or now.phase is case.then.phase else now.phases.since
    return DeltaProject(
        id=project.id,
        code=project.code,
        title=project.title,
        field=project.field.name if project.field else "",
        was=was,
        is_now=is_now,
        then_light=then[project.id] if was else case.then.light,
        now_light=now.light,
        then_phase=case.then.phase,
        now_phase=now.phase,
        move=move,
        text=said,
        news=news,
        since=since if said else None,
    )


def _no_longer_planned(inputs: DraftInputs, previous: EarlierMeeting) -> list[DeltaProject]:
    """Projects that only the frozen rows of the last meeting know: of a period that the body no longer steers."""
    known = {project.id for project in inputs.projects}
    return [
        DeltaProject(
            id=project_id,
            code=row.code,
            title=row.title,
            field=row.field,
            was=True,
            is_now=False,
            then_light=row.light,
            then_phase=row.phase or Phase.UNKNOWN,
            move="nicht mehr im Plan",
        )
        for project_id, row in previous.frozen.items()
        if project_id not in known and row.phase not in ENDED
    ]


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


def _counted_then(inputs: DraftInputs, previous: EarlierMeeting) -> dict[int, Light | None]:
    """The lights of the projects the body was shown and that had not ended.

    Without any frozen row, those that are silent to this day count as shown.
    """
    thens = {project.id: standing(project.statuses, previous.on) for project in inputs.projects}
    superseded = superseded_projects(inputs.projects, thens, previous.on)
    found: dict[int, Light | None] = {}
    for project in inputs.projects:
        if _is_archived(project, inputs):
            continue
        shown = own_at(project, previous)
        silent = not previous.frozen and standing(project.statuses, inputs.as_of).as_of is None
        there = shown.frozen or shown.known or silent
        if there and shown.phase not in ENDED and project.id not in superseded:
            found[project.id] = shown.light
    return found


def _is_archived(project: ProjectFacts, inputs: DraftInputs) -> bool:
    """Of a plan period that is over, and nothing was ever told: known by name only, no part of the portfolio."""
    over = project.plan_ends_on is not None and project.plan_ends_on < inputs.as_of
    return over and not any(status.as_of <= inputs.as_of for status in project.statuses)


def _heirs(projects: Iterable[ProjectFacts]) -> dict[int, list[str]]:
    """The codes of the successors of each project."""
    found: dict[int, list[str]] = {}
    for project in sorted(projects, key=project_key):
        for lineage in project.predecessors:
            found.setdefault(lineage.project_id, []).append(project.code)
    return found


def _arrival(case: Case) -> str:
    if case.then.known and case.then.phase in ENDED and not case.then.via:
        return "wieder aufgenommen"
    if case.then.via:
        return f"Nachfolger von {case.then.via}"
    return "erste Meldung" if case.now.as_of else "neu im Plan"


def _departure(case: Case, heirs: list[str]) -> str:
    if case.now.phase in ENDED:
        return f"{PHASES[case.now.phase]} seit {day(case.now.phases.since)}"
    return f"weitergeführt in {', '.join(heirs)}"


def _change(case: Case, rules: set[Rule]) -> tuple[str, bool]:
    """How light or phase changed, or that it was red in between, and whether no rule speaks of it; "" for nothing."""
    then, now = case.then, case.now
    if case.silent:
        return "", False
    light_changed, phase_changed = now.light is not then.light, now.phase is not then.phase
    parts = []
    if light_changed:
        parts.append(changed("Ampel", case, now.lights, then.light, then.as_of))
    elif _red_between(case, then):
        parts.append(f"{light(now.light)} zu beiden Terminen{between(now.lights, then.as_of)}")
    if phase_changed:
        shown = None if then.phase is Phase.UNKNOWN else then.phase
        parts.append(changed("Phase", case, now.phases, shown, then.phase_as_of))
    news = (light_changed and not rules & _LIGHT_RULES) or (phase_changed and not rules & _PHASE_RULES)
    return ("neu: " if news and parts else "") + "; ".join(parts), bool(news and parts)


def _red_between(case: Case, then: Shown) -> bool:
    """Not red on both days, but red on a Stand between."""
    steps = case.now.lights.steps[:-1]
    red = any(step.value is Light.RED and then.as_of and step.since > then.as_of for step in steps)
    return red and case.now.light is not Light.RED


def _ref(project: ProjectFacts) -> ProjectRef:
    return ProjectRef(project.id, project.code, project.title)
