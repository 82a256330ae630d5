"""The settings of a body that drafting reads: weights of the rules and their thresholds, derived from the table."""

from collections.abc import Mapping

from app.agenda.models import SectionKey
from app.bodies.rules import RuleBook, RuleKind, RuleSpec
from app.drafting.rules.table import TABLE
from app.drafting.schemas import BodyRules, Rule, SectionTime

WEIGHTS, THRESHOLDS = "Gewichte der Vorschläge", "Schwellen der Vorschläge"
_DEFAULT = BodyRules()

WEIGHT_SETTINGS: Mapping[Rule, RuleSpec] = {
    row.rule: RuleSpec(f"weight_{row.rule}", row.when, RuleKind.NUMBER, row.weight, WEIGHTS, "Punkte", 0, 1000)
    for row in TABLE
    if row.weight is not None
}


def _threshold(name: str, label: str, unit: str, lowest: int, highest: int) -> RuleSpec:
    return RuleSpec(
        f"drafting_{name}", label, RuleKind.NUMBER, getattr(_DEFAULT, name), THRESHOLDS, unit, lowest, highest
    )


THRESHOLD_SETTINGS: Mapping[str, RuleSpec] = {
    "further_rule": _threshold("further_rule", "Mehr Gewicht für jede weitere Regel", "Punkte", 0, 1000),
    "still_red_step": _threshold(
        "still_red_step", "Mehr Gewicht für jede Sitzung rot ohne eigenen Punkt", "Punkte", 0, 1000
    ),
    "still_yellow_from": _threshold(
        "still_yellow_from", "Anhaltend gelb: vorgeschlagen ab so vielen Sitzungen in Folge", "Sitzungen", 2, 20
    ),
    "late_days": _threshold("late_days", "Überfällig ist ein Meilenstein nach mehr als", "Tagen", 0, 365),
    "moved_days": _threshold("moved_days", "Weit verschoben ist ein Termin um mehr als", "Tagen", 0, 1000),
    "moved_times": _threshold("moved_times", "Oft verschoben ist ein Termin ab", "Verschiebungen", 1, 20),
}

DRAFTING_SETTINGS: tuple[RuleSpec, ...] = (*WEIGHT_SETTINGS.values(), *THRESHOLD_SETTINGS.values())


def body_rules(book: RuleBook, *, length: int, times: Mapping[str, SectionTime] | None = None) -> BodyRules:
    """What the body set, as drafting reads it. ``length`` is the meeting's; ``times`` are its sections', by key."""

    return BodyRules(
        weights={rule: book[spec] for rule, spec in WEIGHT_SETTINGS.items()},
        times={SectionKey(key): time for key, time in (times or {}).items()},
        length=length,
        **{name: book[spec] for name, spec in THRESHOLD_SETTINGS.items()},
    )
