"""The rules about the light: the table of then and now, still red, still yellow, red parts."""

from collections.abc import Callable, Mapping

from app import text
from app.drafting.rules.case import Case
from app.drafting.rules.words import between, changed, day, light
from app.drafting.schemas import Reason, Rule
from app.projects.models import Light

_GREEN, _YELLOW, _RED = Light.GREEN, Light.YELLOW, Light.RED


def turned_red(case: Case) -> Reason | None:
    """Red now, and not shown red then."""
    holds = case.now.light is _RED and case.then.light is not _RED
    return _light_change(case, Rule.TURNED_RED) if holds else None


def worsened(case: Case) -> Reason | None:
    """From green to yellow."""
    holds = case.now.light is _YELLOW and case.then.light is _GREEN
    return _light_change(case, Rule.WORSENED) if holds else None


def improved(case: Case) -> Reason | None:
    """From red to yellow."""
    holds = case.now.light is _YELLOW and case.then.light is _RED
    return _light_change(case, Rule.IMPROVED) if holds else None


def recovered(case: Case) -> Reason | None:
    """From yellow or red to green."""
    holds = case.now.light is _GREEN and case.then.light in (_YELLOW, _RED)
    return _light_change(case, Rule.RECOVERED) if holds else None


def still_red(case: Case) -> Reason | None:
    """Red now and shown red then, unless a successor speaks; names the meetings in a row and a missing new report."""
    if not (case.now.light is _RED and case.then.light is _RED) or case.silent:
        return None
    since = case.now.lights.since
    said = f"Ampel seit {day(since)} {_again(case)}rot, {_run_of(case)}{between(case.now.lights, case.then.as_of)}"
    if not case.news:
        said += f"; keine neue Meldung seit {day(case.now.as_of)}"
    return Reason(Rule.STILL_RED, said + silent_about_light(case), case.project.code, since)


def still_yellow(case: Case) -> Reason | None:
    """Yellow for at least the third meeting in a row, this one included (the number is a setting)."""
    times = len(case.run) + 1
    yellow = case.now.light is _YELLOW and case.then.light is _YELLOW
    if not yellow or times < case.settings.still_yellow_from:
        return None
    since = case.now.lights.since
    days = text.joined([text.date(meeting.on) for meeting in reversed(case.run)])
    held = "Sitzungen" if len(case.run) > 1 else "Sitzung"
    said = f"Ampel seit {day(since)} {_again(case)}gelb, zum {times}. Mal in Folge ({held} am {days})"
    said += between(case.now.lights, case.then.as_of) + silent_about_light(case)
    return Reason(Rule.STILL_YELLOW, said, case.project.code, since)


def part_red(case: Case) -> Reason | None:
    """Termine, Kosten or Inhalt red while the whole is not."""
    parts = (("Termine", case.now.schedule), ("Kosten", case.now.cost), ("Inhalt", case.now.content))
    red = [(word, trail) for word, trail in parts if trail.value is _RED]
    if case.now.light is _RED or not red:
        return None
    listed = text.joined([f"{word} seit {day(trail.since)}" for word, trail in red])
    whole = "ohne Gesamtampel" if case.now.light is None else f"Gesamtampel {light(case.now.light)}"
    since = min((trail.since for _, trail in red if trail.since), default=None)
    told = max((trail.told_on for _, trail in red if trail.told_on), default=None)
    return Reason(Rule.PART_RED, f"{listed} rot, {whole} (Stand {day(told)})", case.project.code, since)


def silent_about_light(case: Case) -> str:
    """What to add when the latest report names no light, so that the last one still stands."""
    told_on, latest = case.now.lights.told_on, case.now.as_of
    if told_on is None or latest is None or latest == told_on:
        return ""
    return f"; die Meldung zum {day(latest)} nennt keine Ampel, es gilt die vom {day(told_on)}"


def _light_change(case: Case, rule: Rule) -> Reason:
    said = changed("Ampel", case, case.now.lights, case.then.light, case.then.as_of)
    return Reason(rule, said + silent_about_light(case), case.project.code, case.now.lights.since)


def _run_of(case: Case) -> str:
    meetings, unowned = case.run, case.run_unowned
    last = day(meetings[0].on)
    if len(meetings) == 1:
        return f"schon in der Sitzung am {last} rot gezeigt" + (", dort ohne eigenen Punkt" if unowned else "")
    said = f"in {len(meetings)} Sitzungen in Folge rot gezeigt (zuletzt am {last})"
    return said + (f", davon {unowned} ohne eigenen Punkt" if unowned else "")


def _again(case: Case) -> str:
    since, after = case.now.lights.since, case.then.as_of
    return "wieder " if since and after and since > after and len(case.now.lights.steps) > 1 else ""


RULES: Mapping[Rule, Callable[[Case], Reason | None]] = {
    Rule.TURNED_RED: turned_red,
    Rule.STILL_RED: still_red,
    Rule.WORSENED: worsened,
    Rule.PART_RED: part_red,
    Rule.IMPROVED: improved,
    Rule.STILL_YELLOW: still_yellow,
    Rule.RECOVERED: recovered,
}
