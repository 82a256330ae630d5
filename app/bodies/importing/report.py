"""The plan of an import of people in German lines, for the command and beside the preview; the last is the summary."""

from collections.abc import Iterator

from app import text
from app.bodies.importing.plan import PeoplePlan
from app.importing.planned import Outcome, change_line

_HEADINGS = {Outcome.NEW: "Neu", Outcome.CHANGED: "Geändert"}


def report_lines(plan: PeoplePlan) -> Iterator[str]:
    """Errors alone if there are any; else each thing field by field, hints, and the summary."""
    if plan.errors:
        yield from (str(error) for error in plan.errors)
        yield f"Nichts wurde übernommen: {text.counted(len(plan.errors), 'Fehler', 'Fehler')}."
        return
    for outcome, heading in _HEADINGS.items():
        things = plan.of(outcome)
        if things:
            yield f"{heading}:"
        for thing in things:
            yield f"  {thing.noun} {thing.name}"
            yield from (f"    {change_line(change)}" for change in thing.changes)
    yield from hints(plan)
    yield plan.summary


def hints(plan: PeoplePlan) -> Iterator[str]:
    """Which columns nobody knows."""
    if plan.unknown:
        yield f"Unbekannte Spalten, nicht gelesen: {'; '.join(plan.unknown)}"
