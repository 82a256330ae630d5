"""The settings of a body that circular procedures read, and how a running one keeps them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.bodies.rules import RuleBook, RuleKind, RuleSpec

GROUP = "Umlaufverfahren"
_ANALOGY = "eigene Festlegung, in Anlehnung an die Beschlussfähigkeit in Sitzungen"

DAYS = RuleSpec(
    "circular_days",
    "Ein Umlaufverfahren dauert",
    RuleKind.NUMBER,
    14,
    GROUP,
    "Tage",
    1,
    365,
    hint="Ist der letzte Tag kein Arbeitstag, endet es am nächsten, um 24 Uhr.",
)
SHARE = RuleSpec(
    "circular_share",
    "Für einen Umlaufbeschluss müssen antworten mehr als",
    RuleKind.NUMBER,
    50,
    GROUP,
    "Prozent der stimmberechtigten Sitze",
    0,
    99,
    _ANALOGY,
)
CHAIR = RuleSpec(
    "circular_chair",
    "Unter den Antworten muss die des Vorsitzes sein",
    RuleKind.YES_NO,
    True,
    GROUP,
    provenance=_ANALOGY,
)
OBJECTION = RuleSpec(
    "circular_objection",
    "Ein Widerspruch gegen das Verfahren beendet es; der Text kommt in die nächste Sitzung",
    RuleKind.YES_NO,
    True,
    GROUP,
)
EARLY = RuleSpec(
    "circular_early",
    "Haben alle Sitze geantwortet, darf das Ergebnis vor dem Ende festgestellt werden",
    RuleKind.YES_NO,
    True,
    GROUP,
)
CIRCULAR_SETTINGS: tuple[RuleSpec, ...] = (DAYS, SHARE, CHAIR, OBJECTION, EARLY)


@dataclass(frozen=True, slots=True)
class CircularRules:
    """How answers count: ``share`` in percent of the seats must be exceeded, the rest as the settings say."""

    share: int = SHARE.default
    chair: bool = CHAIR.default
    objection: bool = OBJECTION.default
    early: bool = EARLY.default


def rules_of(book: RuleBook) -> CircularRules:
    """The body's rules as they stand now."""
    return CircularRules(share=book[SHARE], chair=book[CHAIR], objection=book[OBJECTION], early=book[EARLY])


def kept(rules: CircularRules) -> str:
    """The rules as a procedure keeps them from its start on."""
    return json.dumps(asdict(rules), sort_keys=True)


def read_kept(stored: str) -> CircularRules:
    """The rules that a procedure kept; the defaults where it has not begun."""
    values: Mapping[str, int] = json.loads(stored)
    return CircularRules(**values)  # type: ignore[arg-type]
