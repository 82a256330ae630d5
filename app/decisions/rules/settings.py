"""The settings of a body that decisions read: how it decides."""

from enum import StrEnum

from app.bodies.rules import OWN, RuleKind, RuleSpec

DECIDING = "Beschlüsse"


class DecisionModel(StrEnum):
    """By which rule a body decides (domain §5)."""

    CONSENSUS = "consensus"
    VWVFG = "vwvfg"


MODEL = RuleSpec(
    "decision_model",
    "Beschlussfassung",
    RuleKind.CHOICE,
    DecisionModel.CONSENSUS.value,
    DECIDING,
    provenance=OWN,
    hint=(
        "Konsens: Niemand widerspricht; wird gezählt, darf es keine Nein-Stimme geben. Modell § 91 VwVfG: Es gilt die "
        "Mehrheit der abgegebenen Stimmen; Enthaltungen zählen nicht, bei Stimmengleichheit entscheidet der Vorsitz, "
        "wenn er stimmberechtigt ist, sonst ist abgelehnt."
    ),
    choices=((DecisionModel.CONSENSUS.value, "Konsens"), (DecisionModel.VWVFG.value, "Mehrheit, Modell § 91 VwVfG")),
)

FOLLOW_UP_DAYS = RuleSpec(
    "follow_up_days",
    "Wiedervorlage eines Beschlusses ohne eigenes Datum nach",
    RuleKind.NUMBER,
    0,
    DECIDING,
    "Tagen",
    0,
    1000,
    hint="0: zur nächsten Sitzung. Gilt für Einträge der Beschlusskontrolle, die kein Datum nennen.",
)

DECISION_SETTINGS: tuple[RuleSpec, ...] = (MODEL, FOLLOW_UP_DAYS)
