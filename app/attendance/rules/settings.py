"""The settings of a body that attendance reads: quorum, ad-hoc representation, taking part by video."""

from enum import StrEnum

from app.bodies.rules import OWN, RuleKind, RuleSpec

ATTENDANCE = "Anwesenheit"


class QuorumModel(StrEnum):
    """Which rule of quorum a body follows (domain §5)."""

    NONE = "none"
    VWVFG = "vwvfg"


QUORUM = RuleSpec(
    "quorum_model",
    "Beschlussfähigkeit",
    RuleKind.CHOICE,
    QuorumModel.NONE.value,
    ATTENDANCE,
    provenance=OWN,
    hint="Das Modell verlangt: alle geladen, mehr als die Hälfte der Stimmen und mindestens drei anwesend.",
    choices=((QuorumModel.NONE.value, "keine Regel"), (QuorumModel.VWVFG.value, "Modell § 90 VwVfG")),
)
AD_HOC = RuleSpec(
    "ad_hoc_representation",
    "Vertretung nur für eine Sitzung (ohne eingetragene Stellvertretung)",
    RuleKind.YES_NO,
    True,
    ATTENDANCE,
)
VIDEO = RuleSpec("video_counts", "Wer per Video teilnimmt, gilt als anwesend", RuleKind.YES_NO, True, ATTENDANCE)

ATTENDANCE_SETTINGS: tuple[RuleSpec, ...] = (QUORUM, AD_HOC, VIDEO)
