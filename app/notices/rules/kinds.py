"""The table of notices: what each kind is called, who is told, whether it is a duty, and how by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.notices.models import NoticeWay


class Kind(StrEnum):
    """What somebody may be told of."""

    MEETING_ANNOUNCED = "meeting_announced"
    AGENDA_RELEASED = "agenda_released"
    AGENDA_CHANGED = "agenda_changed"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    REGISTRATION_CLOSES = "registration_closes"
    MINUTES_REVIEW = "minutes_review"
    MINUTES_APPROVED = "minutes_approved"
    OBJECTION_RAISED = "objection_raised"
    OBJECTION_ANSWERED = "objection_answered"
    CIRCULAR_OPENED = "circular_opened"
    CIRCULAR_CLOSING = "circular_closing"
    CIRCULAR_RESULT = "circular_result"
    ACTION_GIVEN = "action_given"
    ACTION_DUE = "action_due"
    ACTION_OVERDUE = "action_overdue"
    STATUS_DUE = "status_due"
    STATUS_SUBMITTED = "status_submitted"
    STATUS_ANSWERED = "status_answered"
    DECISION_DUE = "decision_due"


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One line of the table. ``duty``: nobody can do without it, only choose between at once and once a day."""

    kind: Kind
    title: str
    told: str
    why: str
    duty: bool = False
    default: NoticeWay = NoticeWay.AT_ONCE

    @property
    def is_for_office(self) -> bool:
        """Whether only a secretariat is told."""
        return self.told == _OFFICE


_SEAT = "Mitglieder, Stellvertretungen und Büros des Gremiums"
_ASKED = "die gefragten Sitze mit Stellvertretung und Büro"
_DOERS = "wer für den Auftrag zuständig ist, sonst die Sitze der Institution"
_OFFICE = "Geschäftsstelle des Gremiums"
_BY_SEAT = "Sie sind für einen Sitz dieses Gremiums eingetragen oder an der Sitzung beteiligt."
_BY_ACTION = "Sie oder Ihre Institution sind für diesen Auftrag zuständig."
_BY_OFFICE = "Sie gehören zur Geschäftsstelle dieses Gremiums."
_BY_LEAD = "Sie leiten dieses Projekt."
_DIGEST = NoticeWay.DIGEST

KINDS: tuple[KindSpec, ...] = (
    KindSpec(Kind.MEETING_ANNOUNCED, "Sitzung angekündigt", _SEAT, _BY_SEAT),
    KindSpec(
        Kind.AGENDA_RELEASED,
        "Tagesordnung und Unterlagen freigegeben",
        f"{_SEAT}, Gäste und Projektleitungen der Punkte",
        _BY_SEAT,
        duty=True,
    ),
    KindSpec(
        Kind.AGENDA_CHANGED,
        "Tagesordnung geändert (Nachtrag)",
        f"{_SEAT}, Gäste und Projektleitungen der Punkte",
        _BY_SEAT,
        duty=True,
    ),
    KindSpec(Kind.MEETING_MOVED, "Sitzung verlegt", f"{_SEAT}, Gäste und Projektleitungen", _BY_SEAT, duty=True),
    KindSpec(Kind.MEETING_CANCELLED, "Sitzung abgesagt", f"{_SEAT}, Gäste und Projektleitungen", _BY_SEAT, duty=True),
    KindSpec(Kind.REGISTRATION_CLOSES, "Anmeldeschluss für Themen in 7 Tagen", _SEAT, _BY_SEAT, default=_DIGEST),
    KindSpec(Kind.MINUTES_REVIEW, "Niederschrift zur Prüfung", _SEAT, _BY_SEAT, duty=True),
    KindSpec(Kind.MINUTES_APPROVED, "Niederschrift genehmigt", _SEAT, _BY_SEAT, default=_DIGEST),
    KindSpec(Kind.OBJECTION_RAISED, "Einwendung erhoben", _OFFICE, _BY_OFFICE),
    KindSpec(
        Kind.OBJECTION_ANSWERED, "Einwendung beantwortet", "wer sie erhoben hat", "Sie haben die Einwendung erhoben."
    ),
    KindSpec(Kind.CIRCULAR_OPENED, "Umlaufverfahren eröffnet", _ASKED, "Ihr Sitz ist gefragt.", duty=True),
    KindSpec(
        Kind.CIRCULAR_CLOSING,
        "Umlaufverfahren endet in 2 Tagen",
        f"{_ASKED}, solange keine Antwort vorliegt",
        "Für Ihren Sitz liegt noch keine Antwort vor.",
        duty=True,
    ),
    KindSpec(Kind.CIRCULAR_RESULT, "Ergebnis eines Umlaufverfahrens", _ASKED, "Ihr Sitz war gefragt."),
    KindSpec(Kind.ACTION_GIVEN, "Auftrag erteilt", _DOERS, _BY_ACTION, duty=True),
    KindSpec(Kind.ACTION_DUE, "Auftrag in 14 und in 2 Tagen fällig", _DOERS, _BY_ACTION),
    KindSpec(Kind.ACTION_OVERDUE, "Auftrag überfällig, danach wöchentlich", _DOERS, _BY_ACTION),
    KindSpec(Kind.STATUS_DUE, "Sachstand fällig, in 14 und in 2 Tagen", "Projektleitungen", _BY_LEAD),
    KindSpec(Kind.STATUS_SUBMITTED, "Sachstand eingereicht", _OFFICE, _BY_OFFICE, default=_DIGEST),
    KindSpec(Kind.STATUS_ANSWERED, "Sachstand angenommen oder nicht angenommen", "Projektleitungen", _BY_LEAD),
    KindSpec(
        Kind.DECISION_DUE, "Wiedervorlage eines Beschlusses, danach wöchentlich", _OFFICE, _BY_OFFICE, default=_DIGEST
    ),
)
SPECS: Mapping[str, KindSpec] = {spec.kind.value: spec for spec in KINDS}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Sitzungen": ("meeting", "agenda", "registration"),
    "Niederschriften": ("minutes", "objection"),
    "Umlaufverfahren": ("circular",),
    "Aufträge und Wiedervorlagen": ("action", "decision"),
    "Sachstände": ("status",),
}
"""Headings over the kinds, by the first word of their names."""

WAY_WORDS: Mapping[NoticeWay, str] = {
    NoticeWay.AT_ONCE: "sofort",
    NoticeWay.DIGEST: "einmal täglich gesammelt",
    NoticeWay.OFF: "nicht per Mail",
}

COVERED = frozenset(
    {
        Kind.MEETING_ANNOUNCED,
        Kind.AGENDA_RELEASED,
        Kind.AGENDA_CHANGED,
        Kind.MEETING_MOVED,
        Kind.MEETING_CANCELLED,
    }
)
"""Kinds that need no mail of their own where an invitation, update or cancellation went to the person meanwhile."""


def chosen_way(spec: KindSpec, choice: NoticeWay | None) -> NoticeWay:
    """How somebody is told: as chosen, else by default; a duty is never switched off."""
    if choice is None or (spec.duty and choice is NoticeWay.OFF):
        return spec.default
    return choice


def group_of(kind: Kind) -> str:
    """The heading under which a kind is chosen."""
    first = kind.value.partition("_")[0]
    return next(heading for heading, words in GROUPS.items() if first in words)
