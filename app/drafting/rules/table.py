"""The table of the rules (domain §4): when each holds, its section, its weight. Change drafting here first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.agenda.models import ItemKind, SectionKey
from app.drafting.schemas import BodyRules, Rule, SectionTime


class Subject(StrEnum):
    """What a rule speaks about: one project, many in one grouped item, or a thing carried from before."""

    PROJECT = "project"
    GROUPED = "grouped"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row. ``section`` None = the thing's own section; ``weight`` None = it has none.

    ``needs_news``: holds only with a new status since then.
    """

    rule: Rule
    when: str
    section: SectionKey | None
    weight: int | None
    subject: Subject = Subject.PROJECT
    needs_news: bool = False


_DECISION, _DEBATE, _CONSENT = SectionKey.DECISION, SectionKey.DEBATE, SectionKey.CONSENT
_IMPLEMENTATION, _FORMALITIES = SectionKey.IMPLEMENTATION, SectionKey.FORMALITIES
_GROUPED, _CARRIED = Subject.GROUPED, Subject.CARRIED

# fmt: off
TABLE: tuple[RuleRow, ...] = (
    RuleRow(Rule.DECISION_NEEDED, "Ein Entscheidungsbedarf ist offen", _DECISION, 90),
    RuleRow(Rule.PROJECT_PROPOSED, "Phase vorgeschlagen, noch ohne Ergebnis und nicht schon vorgemerkt", _DECISION, 70),
    RuleRow(Rule.TURNED_RED, "Ampel jetzt rot, zuletzt nicht rot gezeigt", _DEBATE, 80, needs_news=True),
    RuleRow(Rule.STILL_RED, "Ampel rot, auch zuletzt rot gezeigt; mehr Gewicht je Sitzung ohne eigenen Punkt",
            _DEBATE, 60),
    RuleRow(Rule.STOPPED, "Phase jetzt abgebrochen oder ruhend", _DEBATE, 65, needs_news=True),
    RuleRow(Rule.MILESTONE_OVERDUE,
            "Laufend; Meilenstein oder Projektende überfällig oder mehrfach oder weit verschoben", _DEBATE, 50),
    RuleRow(Rule.WORSENED, "Ampel von grün auf gelb", _CONSENT, 30, needs_news=True),
    RuleRow(Rule.PART_RED, "Termine, Kosten oder Inhalt rot, das Ganze nicht", _CONSENT, 28, needs_news=True),
    RuleRow(Rule.IMPROVED, "Ampel von rot auf gelb", _CONSENT, 25, needs_news=True),
    RuleRow(Rule.STILL_YELLOW, "Ampel gelb, mindestens zum dritten Mal in Folge", _CONSENT, 22, needs_news=True),
    RuleRow(Rule.RECOVERED, "Ampel von gelb oder rot auf grün", _CONSENT, 20, needs_news=True),
    RuleRow(Rule.COMPLETED, "Phase jetzt abgeschlossen", _CONSENT, 20, needs_news=True),
    RuleRow(Rule.TRANSFERRED, "Phase jetzt übergeleitet", _CONSENT, 15, needs_news=True),
    RuleRow(Rule.REPORT_MISSING, "Laufend, ohne Meldung seit Beginn der Runde oder seit der letzten Sitzung",
            _IMPLEMENTATION, None, _GROUPED),
    RuleRow(Rule.ITEM_DEFERRED, "Vertagt, zurückgestellt, überwiesen, nicht behandelt oder Sitzung ausgefallen",
            None, None, _CARRIED),
    RuleRow(Rule.BACKLOG, "Wiedervorlage aus dem Themenspeicher", None, None, _CARRIED),
    RuleRow(Rule.ITEM_REGISTERED, "Angemeldetes Thema, rechtzeitig oder eilbedürftig mit Einverständnis des Vorsitzes",
            None, None, _CARRIED),
    RuleRow(Rule.DECISION_DUE, "Offene Beschlüsse, fällige hervorgehoben; erledigte einmal", _IMPLEMENTATION, None,
            _GROUPED),
    RuleRow(Rule.ACTION_OVERDUE, "Offene Aufträge, fällige hervorgehoben", _IMPLEMENTATION, None, _GROUPED),
    RuleRow(Rule.MINUTES_PENDING, "Niederschrift einer früheren Sitzung noch nicht genehmigt", _FORMALITIES, None,
            _CARRIED),
    RuleRow(Rule.CIRCULAR_FAILED, "Umlaufverfahren gescheitert", _DECISION, None, _CARRIED),
    RuleRow(Rule.CIRCULAR_DONE, "Umlaufbeschluss, von dem noch keine Sitzung erfahren hat", _CONSENT, None, _CARRIED),
)

TIMES: Mapping[SectionKey, SectionTime] = {
    SectionKey.FORMALITIES: SectionTime(5, in_all=True, always=True),
    SectionKey.IMPLEMENTATION: SectionTime(10, in_all=True),
    SectionKey.MAIN_TOPIC: SectionTime(30),
    SectionKey.DECISION: SectionTime(10),
    SectionKey.DEBATE: SectionTime(10),
    SectionKey.CONSENT: SectionTime(5, in_all=True),
    SectionKey.MISCELLANEOUS: SectionTime(5, in_all=True, always=True),
}
# fmt: on

KINDS: Mapping[SectionKey, ItemKind] = {
    SectionKey.FORMALITIES: ItemKind.FORMALITY,
    SectionKey.IMPLEMENTATION: ItemKind.REPORT,
    SectionKey.MAIN_TOPIC: ItemKind.REPORT,
    SectionKey.DECISION: ItemKind.DECISION,
    SectionKey.DEBATE: ItemKind.DEBATE,
    SectionKey.CONSENT: ItemKind.NOTE,
    SectionKey.MISCELLANEOUS: ItemKind.NOTE,
}

PRECEDENCE = (SectionKey.DECISION, SectionKey.DEBATE, SectionKey.CONSENT)
"""The section of a project with reasons of several sections: the first of these."""

SPOKEN = frozenset({SectionKey.MAIN_TOPIC, SectionKey.DECISION, SectionKey.DEBATE})
"""Sections in which an item is talked about; a red project is never put into another."""

RED_RULES = frozenset({Rule.TURNED_RED, Rule.STILL_RED})

ROWS: Mapping[Rule, RuleRow] = {row.rule: row for row in TABLE}
PLACES: Mapping[Rule, int] = {row.rule: place for place, row in enumerate(TABLE)}


def weight(settings: BodyRules, rule: Rule) -> int:
    """The weight of *rule* in this body, 0 for rules without one."""
    return settings.weights.get(rule, ROWS[rule].weight or 0)


def time(settings: BodyRules, section: SectionKey) -> SectionTime:
    """The minutes of *section* in this body."""
    return settings.times.get(section, TIMES[section])
