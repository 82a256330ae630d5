"""The rules about needs, phases, milestones and missing reports of one project."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app import text
from app.drafting.rules.case import Case
from app.drafting.rules.standing import RUNNING
from app.drafting.rules.words import changed, day
from app.drafting.schemas import Dating, Reason, Rule
from app.projects.models import Phase

_OFTEN = {1: "einmal", 2: "zweimal", 3: "dreimal"}
_LIVELY = frozenset({Phase.PROPOSED, Phase.PLANNED, Phase.RUNNING, Phase.PAUSED})


def decision_needed(case: Case) -> Reason | None:
    """A decision need is open on the Stichtag; an open need stays open without a new status."""
    needs = sorted(
        (need.opened_on, need.text)
        for need in case.project.needs
        if need.opened_on <= case.as_of and (need.closed_on is None or need.closed_on > case.as_of)
    )
    if not needs:
        return None
    listed = "; ".join(f"seit {day(opened_on)}: {text.one_line(said).rstrip('.')}" for opened_on, said in needs)
    return Reason(Rule.DECISION_NEEDED, f"Entscheidungsbedarf {listed}", case.project.code, needs[0][0])


def project_proposed(case: Case) -> Reason | None:
    """Phase vorgeschlagen, nothing about it settled since, nothing carried; holds until it is answered."""
    if case.now.phase is not Phase.PROPOSED or case.settled or case.carried:
        return None
    since = case.now.phases.since
    said = f"Als Projekt vorgeschlagen (Stand {day(since)}), noch ohne Ergebnis"
    return Reason(Rule.PROJECT_PROPOSED, said, case.project.code, since)


def stopped(case: Case) -> Reason | None:
    """The phase became abgebrochen or ruhend."""
    return _became(case, Rule.STOPPED, Phase.ABORTED, Phase.PAUSED)


def completed(case: Case) -> Reason | None:
    """The phase became abgeschlossen."""
    return _became(case, Rule.COMPLETED, Phase.COMPLETED)


def transferred(case: Case) -> Reason | None:
    """The phase became übergeleitet."""
    return _became(case, Rule.TRANSFERRED, Phase.TRANSFERRED)


def _became(case: Case, rule: Rule, *phases: Phase) -> Reason | None:
    """Another phase than was shown. Never shown: only if an earlier report tells of a livelier phase."""
    trail = case.now.phases
    if case.now.phase not in phases or case.now.phase is case.then.phase:
        return None
    if not case.then.known and not any(step.value in _LIVELY for step in trail.steps[:-1]):
        return None
    then = None if case.then.phase is Phase.UNKNOWN else case.then.phase
    said = changed("Phase", case, trail, then, case.then.phase_as_of)
    return Reason(rule, said, case.project.code, trail.since)


@dataclass(frozen=True, slots=True)
class _Trouble:
    since: dt.date
    text: str


def milestone_overdue(case: Case) -> Reason | None:
    """Running, and a milestone or the end is late, or was put off too often or too far since then: one reason."""
    if case.now.phase not in RUNNING or case.silent:
        return None
    troubles = [
        trouble
        for milestone in case.project.milestones
        if milestone.done_on is None or milestone.done_on > case.as_of
        if (trouble := _trouble(case, f"Meilenstein „{text.one_line(milestone.title)}“", milestone.datings))
    ]
    end = _trouble(case, "Projektende", case.project.ends)
    troubles.extend([end] if end else [])
    if not troubles:
        return None
    troubles.sort(key=lambda trouble: (trouble.since, trouble.text))
    said = "; ".join(trouble.text for trouble in troubles)
    return Reason(Rule.MILESTONE_OVERDUE, said, case.project.code, troubles[0].since)


def _trouble(case: Case, noun: str, datings: Iterable[Dating]) -> _Trouble | None:
    told = sorted((dating for dating in datings if dating.told_on <= case.as_of), key=lambda dating: dating.told_on)
    if not told or told[-1].due_on is None:
        return None
    due = told[-1].due_on
    late = (case.as_of - due).days
    if late > case.settings.late_days:
        return _Trouble(due, f"{noun} seit {day(due)} überfällig ({text.counted(late, 'Tag', 'Tage')})")
    return _moved(case, noun, told)


def _moved(case: Case, noun: str, told: list[Dating]) -> _Trouble | None:
    """Put off since then: what the body knew is the last date told up to then, or the first ever told."""
    until = case.then.until or dt.date.min
    known = [dating for dating in told if dating.told_on <= until] or told[:1]
    later = [dating for dating in told if dating.told_on > known[-1].told_on]
    dates = [dating.due_on for dating in (known[-1], *later) if dating.due_on]
    if len(dates) < 2:
        return None
    times = sum(1 for before, after in pairwise(dates) if after > before)
    far = (dates[-1] - dates[0]).days
    if times < case.settings.moved_times and far <= case.settings.moved_days:
        return None
    since = f"seit der Sitzung am {day(case.previous.on)}" if case.previous else "bisher"
    often = _OFTEN.get(times, f"{times}-mal")
    said = f"{noun} {since} {often} verschoben, von {day(dates[0])} auf {day(dates[-1])} ({_days(far)})"
    return _Trouble(later[0].told_on, said)


def _days(number: int) -> str:
    return f"{'+' if number > 0 else '−' if number < 0 else '±'}{text.counted(abs(number), 'Tag', 'Tage')}"


def report_missing(case: Case) -> Reason | None:
    """Running without a report since the latest round opened, without rounds since the last meeting, or ever."""
    last = case.now.as_of
    if case.superseded:
        return None
    if last is None:
        over = case.project.plan_ends_on is not None and case.project.plan_ends_on < case.as_of
        said = f"Bis zum Stichtag {day(case.as_of)} liegt keine Meldung vor"
        return None if over else Reason(Rule.REPORT_MISSING, said, case.project.code)
    if case.now.phase not in RUNNING:
        return None
    if case.round_opened_on is not None:
        missing, since = last < case.round_opened_on, f"Beginn der Monitoring-Runde am {day(case.round_opened_on)}"
    elif case.previous is not None:
        missing, since = last <= case.previous.on, f"der Sitzung am {day(case.previous.on)}"
    else:
        return None
    said = f"Keine Meldung seit {since} (letzter Stand {day(last)})"
    return Reason(Rule.REPORT_MISSING, said, case.project.code, last) if missing else None


RULES: Mapping[Rule, Callable[[Case], Reason | None]] = {
    Rule.DECISION_NEEDED: decision_needed,
    Rule.PROJECT_PROPOSED: project_proposed,
    Rule.STOPPED: stopped,
    Rule.MILESTONE_OVERDUE: milestone_overdue,
    Rule.COMPLETED: completed,
    Rule.TRANSFERRED: transferred,
}
