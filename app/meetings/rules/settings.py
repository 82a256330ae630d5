"""The settings of a body that meetings read: its deadlines."""

from collections.abc import Mapping

from app.bodies.rules import RuleBook, RuleKind, RuleSpec
from app.meetings.rules.deadlines import DEADLINES, CountsFrom, DeadlineKind

DEADLINE_SETTINGS: Mapping[DeadlineKind, RuleSpec] = {
    rule.kind: RuleSpec(
        f"deadline_{rule.kind}",
        rule.title,
        RuleKind.NUMBER,
        rule.offset_days,
        "Fristen",
        "Tage vor (−) oder nach der Sitzung" if rule.counts_from is CountsFrom.MEETING else "Tage nach dem Versand",
        -365 if rule.counts_from is CountsFrom.MEETING else 1,
        365,
        provenance=rule.provenance,
    )
    for rule in DEADLINES
}


def offsets(book: RuleBook) -> dict[str, int]:
    """The body's deadlines in calendar days from the meeting."""
    return {kind: book[spec] for kind, spec in DEADLINE_SETTINGS.items()}
