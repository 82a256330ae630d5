"""The settings of a body that minutes read: how they are approved, and what their editions carry."""

from app.bodies.rules import OWN, RuleBook, RuleKind, RuleSpec
from app.minutes.models import ApprovalWay

MINUTES = "Niederschrift"

APPROVAL_WAY = RuleSpec(
    "minutes_approval",
    "Genehmigung der Niederschrift",
    RuleKind.CHOICE,
    ApprovalWay.MEETING.value,
    MINUTES,
    provenance=OWN,
    hint="In einer späteren Sitzung genehmigen geht immer; durch Schweigen nur ohne offene Einwendungen.",
    choices=(
        (ApprovalWay.MEETING.value, "in der nächsten Sitzung"),
        (ApprovalWay.SILENCE.value, "durch Schweigen nach der Einwendungsfrist"),
    ),
)
SILENT = RuleSpec(
    "minutes_silent",
    "Genehmigung durch Schweigen stellt das Programm nach Ablauf der Frist selbst fest",
    RuleKind.YES_NO,
    False,
    MINUTES,
    hint="Sonst stellt die Geschäftsstelle sie fest.",
)
COURSE = RuleSpec(
    "minutes_course",
    "Die Fassung ohne Vertrauliches enthält auch den Verlauf der Beratung",
    RuleKind.YES_NO,
    True,
    MINUTES,
    hint="Die öffentliche Fassung enthält immer nur die Ergebnisse.",
)
SIGNATURES = RuleSpec(
    "minutes_signatures",
    "Unterschriften, eine Zeile je Zeile",
    RuleKind.LINES,
    "Vorsitz: {vorsitz}\nProtokoll: {protokoll}",
    MINUTES,
    placeholders=("vorsitz", "protokoll"),
)
KEPT = RuleSpec(
    "minutes_kept",
    "Wer an einer Sitzung teilgenommen hat, liest ihre genehmigte Niederschrift auch nach dem Ende der Amtszeit",
    RuleKind.YES_NO,
    True,
    MINUTES,
    provenance=OWN,
    hint="In der Fassung ohne Vertrauliches. Sonst endet mit der Amtszeit jeder Zugang.",
)

MINUTES_SETTINGS: tuple[RuleSpec, ...] = (APPROVAL_WAY, SILENT, COURSE, SIGNATURES, KEPT)


def by_silence(book: RuleBook) -> bool:
    """Whether the body's rule allows approval by silence."""
    return bool(book[APPROVAL_WAY] == ApprovalWay.SILENCE)
