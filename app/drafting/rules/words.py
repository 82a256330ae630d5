"""German words for lights and phases, and the sentences that tell of a change."""

import datetime as dt
from collections.abc import Mapping

from app import text
from app.drafting.rules.case import Case
from app.drafting.rules.standing import Trail
from app.projects.models import Light, Phase

LIGHTS: Mapping[Light, str] = {Light.GREEN: "grün", Light.YELLOW: "gelb", Light.RED: "rot"}

PHASES: Mapping[Phase, str] = {
    Phase.PROPOSED: "vorgeschlagen",
    Phase.REJECTED: "abgelehnt",
    Phase.PLANNED: "in Planung",
    Phase.RUNNING: "in Umsetzung",
    Phase.PAUSED: "ruhend",
    Phase.COMPLETED: "abgeschlossen",
    Phase.ABORTED: "abgebrochen",
    Phase.TRANSFERRED: "übergeleitet",
    Phase.UNKNOWN: "unbekannt",
}


def light(value: Light | None) -> str:
    """grün, gelb, rot, or "keine Ampel"."""
    return "keine Ampel" if value is None else LIGHTS[value]


def word(value: Light | Phase) -> str:
    """The word for a light or a phase."""
    return LIGHTS[value] if isinstance(value, Light) else PHASES[value]


def day(value: dt.date | None) -> str:
    """14.02.2026, or "unbekannt"."""
    return text.date(value) if value else "unbekannt"


def changed(
    noun: str, case: Case, trail: Trail[Light] | Trail[Phase], then: Light | Phase | None, then_on: dt.date | None
) -> str:
    """ "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)": how *trail* stands against what was shown *then*.

    "zuvor" is always what the body was shown; what stood between is named, and so is a correction of what was shown.
    """
    if trail.value is None or trail.since is None:
        return f"{noun} zurückgenommen" + (f", zuvor {word(then)} ({_source(case, then_on)})" if then else "")
    now = f"seit {day(trail.since)} {word(trail.value)}"
    if then is None:
        return f"{noun} {now} ({_first_report(trail)})"
    if case.previous and then_on and trail.since <= then_on and not case.then.via:
        shown = f"in der Sitzung am {day(case.previous.on)} als {word(then)} gezeigt (Stand {day(then_on)})"
        return f"{noun} nach Berichtigung {now}, {shown}"
    return f"{noun} {now}, zuvor {word(then)} ({_source(case, then_on)}){between(trail, then_on)}"


def between(trail: Trail[Light] | Trail[Phase], after: dt.date | None) -> str:
    """ ", dazwischen gelb (Stand 31.12.2025)": the values that came after *after* and went before now."""
    steps = [step for step in trail.steps[:-1] if after and step.since > after]
    listed = text.joined([f"{word(step.value)} (Stand {day(step.since)})" for step in steps])
    return f", dazwischen {listed}" if listed else ""


def _first_report(trail: Trail[Light] | Trail[Phase]) -> str:
    if len(trail.steps) < 2:
        return "erste Meldung"
    before = trail.steps[-2]
    return f"erste Meldung an das Gremium; zuvor {word(before.value)}, Stand {day(before.told_on)}"


def _source(case: Case, then_on: dt.date | None) -> str:
    if then_on:
        return f"Stand {day(then_on)}" + (f", Vorgänger {case.then.via}" if case.then.via else "")
    return f"Sitzung am {day(case.previous.on)}" if case.previous else "Stand unbekannt"
