"""The rules of a body as settings: each with its default, its limits and where it comes from."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app import text
from app.actor import Actor, Role
from app.bodies.models import AddressKind, Membership, MembershipKind, Seat
from app.errors import Invalid
from app.people.rules import Dated, checked_email, is_reversed, overlap

OWN = "eigene Festlegung"


class RuleKind(StrEnum):
    """What a rule's value is."""

    NUMBER = "number"
    YES_NO = "yes_no"
    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule: its key, German label, default, limits (``lowest``/``highest`` for numbers) and default provenance.

    ``choices`` are the values of a CHOICE with their German words, in the order of the form.
    """

    key: str
    label: str
    kind: RuleKind
    default: Any
    group: str
    unit: str = ""
    lowest: int = 0
    highest: int = 1000
    provenance: str = OWN
    hint: str = ""
    placeholders: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A rule as it stands in a body: its value, where that comes from, and whether it is the default."""

    spec: RuleSpec
    value: Any
    provenance: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one body: what was set, and defaults for the rest."""

    stored: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __getitem__(self, spec: RuleSpec) -> Any:
        """The value of the rule *spec* in this body."""
        return self.entry(spec).value

    def entry(self, spec: RuleSpec) -> RuleValue:
        """The rule *spec* with its provenance."""
        if spec.key in self.stored:
            value, provenance = self.stored[spec.key]
            return RuleValue(spec, json.loads(value), provenance, is_default=False)
        return RuleValue(spec, spec.default, spec.provenance, is_default=True)


MEETING, DOCUMENT, CALENDAR, MAIL = "Sitzung", "Schriftstücke", "Kalender", "Post"
CONFIDENTIALITY = "Vertrauliches"

LENGTH = RuleSpec("length_minutes", "Dauer einer Sitzung", RuleKind.NUMBER, 120, MEETING, "Minuten", 15, 600)
PER_YEAR = RuleSpec("meetings_per_year", "Sitzungen im Jahr", RuleKind.NUMBER, 2, MEETING, "Sitzungen", 0, 52)
REPORT_DAYS = RuleSpec(
    "report_days",
    "Ein laufendes Projekt meldet seinen Sachstand spätestens nach",
    RuleKind.NUMBER,
    183,
    MEETING,
    "Tagen",
    1,
    1000,
    "halbjährliches Monitoring der Geschäftsstelle Masterplan Industriestadt",
    hint="Danach bittet die Übersicht der Projektleitung um eine neue Meldung.",
)
APPROVAL = RuleSpec("approval_required", "Freigabe durch den Vorsitz vor dem Versand", RuleKind.YES_NO, True, MEETING)
CHAIR_TITLE = RuleSpec("chair_title", "Amtsbezeichnung des Vorsitzes", RuleKind.TEXT, "", MEETING)
LETTERHEAD = RuleSpec("letterhead", "Briefkopf, eine Zeile je Zeile", RuleKind.LINES, "", DOCUMENT)
SENDER = RuleSpec("sender", "Absender", RuleKind.TEXT, "Geschäftsstelle", DOCUMENT)
REFERENCE = RuleSpec("reference", "Geschäftszeichen", RuleKind.TEXT, "", DOCUMENT)
INVITATION = RuleSpec(
    "invitation_text",
    "Einladungstext",
    RuleKind.LINES,
    "Zu der Sitzung lade ich Sie herzlich ein. Die Tagesordnung finden Sie unten.",
    DOCUMENT,
)
FEED_TITLES = RuleSpec(
    "feed_titles", "Titel der Tagesordnung in Kalendern zeigen (nie vertrauliche)", RuleKind.YES_NO, False, CALENDAR
)
FEED_ACTIONS = RuleSpec(
    "feed_actions",
    "Aufträge in Kalendern und Aufgabenlisten ihrer Zuständigen mit Titel zeigen (nie vertrauliche)",
    RuleKind.YES_NO,
    True,
    CALENDAR,
)

AUDIT_HOURS = RuleSpec(
    "audit_hours",
    "Die Revision sieht Vertrauliches nach der Angabe eines Grundes für",
    RuleKind.NUMBER,
    24,
    CONFIDENTIALITY,
    "Stunden",
    1,
    336,
    hint="Danach braucht sie einen neuen Grund.",
)


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""A word in braces that letters replace by plain text; nothing else in a text block means anything."""

MEMBER_LETTER = RuleSpec(
    "letter_member",
    "Anschreiben an Mitglieder",
    RuleKind.LINES,
    "zur {sitzung} lade ich Sie herzlich ein. Sie findet am {termin} statt; Ort ist: {ort}.\n\n"
    "Die Tagesordnung ist beigefügt. Bitte teilen Sie uns mit, ob Sie teilnehmen oder vertreten werden.",
    DOCUMENT,
    placeholders=("anrede", "sitzung", "termin", "ort", "thema"),
)
GUEST_LETTER = RuleSpec(
    "letter_guest",
    "Anschreiben an Gäste",
    RuleKind.LINES,
    "zur {sitzung} am {termin} lade ich Sie zu {top} herzlich ein; Ort ist: {ort}.\n\n"
    "Ihr Punkt ist für {uhrzeit} vorgesehen. Bitte seien Sie zehn Minuten vorher da.",
    DOCUMENT,
    placeholders=("anrede", "sitzung", "termin", "ort", "top", "uhrzeit", "thema"),
)
LETTER_CLOSING = RuleSpec("letter_closing", "Grußformel", RuleKind.TEXT, "Mit freundlichen Grüßen", DOCUMENT)
MAILBOX = RuleSpec(
    "mailbox",
    "Postfach des Gremiums",
    RuleKind.ADDRESS,
    "",
    MAIL,
    hint="Absender aller Mails des Gremiums und Adresse für Antworten; leer: die Adresse der Installation.",
)
ENTRY = RuleSpec("entry_details", "Hinweise zum Einlass", RuleKind.LINES, "", DOCUMENT)

RULES: tuple[RuleSpec, ...] = (
    LENGTH,
    PER_YEAR,
    REPORT_DAYS,
    APPROVAL,
    CHAIR_TITLE,
    LETTERHEAD,
    SENDER,
    REFERENCE,
    INVITATION,
    MEMBER_LETTER,
    GUEST_LETTER,
    LETTER_CLOSING,
    ENTRY,
    FEED_TITLES,
    FEED_ACTIONS,
    MAILBOX,
    AUDIT_HOURS,
)


def parse_rule(spec: RuleSpec, typed: str) -> Any:
    """The value that a person typed for *spec*; Invalid (field = the rule's key) if it does not hold."""
    typed = text.clean(typed)
    if spec.kind is RuleKind.YES_NO:
        return typed in ("1", "on", "true", "ja")
    if spec.kind is RuleKind.CHOICE:
        if typed not in dict(spec.choices):
            raise Invalid({spec.key: f"Möglich sind: {text.joined([words for _, words in spec.choices])}."})
        return typed
    if spec.kind is RuleKind.ADDRESS:
        return _parsed_address(spec, typed)
    if spec.kind is RuleKind.NUMBER:
        try:
            number = int(typed.replace("−", "-"))
        except ValueError:
            raise Invalid({spec.key: "Bitte geben Sie eine ganze Zahl ein."}) from None
        if not spec.lowest <= number <= spec.highest:
            raise Invalid({spec.key: f"Erlaubt ist {spec.lowest} bis {spec.highest}."})
        return number
    unknown = sorted(set(_PLACEHOLDER.findall(typed)) - set(spec.placeholders)) if spec.placeholders else []
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in spec.placeholders)
        raise Invalid({spec.key: f"Den Platzhalter {{{unknown[0]}}} gibt es nicht. Möglich sind {known}."})
    if len(typed) > 2000:
        raise Invalid({spec.key: "Bitte kürzen Sie auf höchstens 2000 Zeichen."})
    return text.one_line(typed) if spec.kind is RuleKind.TEXT else typed


def _parsed_address(spec: RuleSpec, typed: str) -> str:
    try:
        return checked_email(typed) if typed else ""
    except Invalid as error:
        raise Invalid({spec.key: error.fields["email"]}) from None


def filled(block: str, values: Mapping[str, str]) -> str:
    """A text block with its placeholders replaced as plain text; what is in braces otherwise stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), block)


def shown(value: Any) -> str:
    """A rule's value as its field shows it."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return str(value)


def told(spec: RuleSpec, value: Any) -> str:
    """A rule's value as pages and the history tell it: a choice in its words."""
    return dict(spec.choices).get(value, shown(value)) if spec.kind is RuleKind.CHOICE else shown(value)


def parse_closing_days(typed: str) -> dict[dt.date, str]:
    """Closing days as typed, one a line ("24.12.2026 Heiligabend"); Invalid names the first line that does not hold."""
    found: dict[dt.date, str] = {}
    for number, line in enumerate(text.clean(typed).split("\n"), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"(\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4})[\s,;:–-]*(.*)", line.strip())
        try:
            day = text.parse_date(match.group(1)) if match else None
        except ValueError:
            day = None
        if match is None or day is None:
            raise _bad_line(number, "Bitte beginnen Sie mit einem Datum, zum Beispiel 24.12.2026 Heiligabend.")
        label = text.one_line(match.group(2))
        if not label or len(label) > 120:
            raise _bad_line(number, "Bitte nennen Sie den Anlass mit höchstens 120 Zeichen.")
        if day in found:
            raise _bad_line(number, f"Der {text.date(day)} steht schon weiter oben.")
        found[day] = label
    return found


def _bad_line(number: int, sentence: str) -> Invalid:
    return Invalid({"closing_days": f"Zeile {number}: {sentence}"})


def may_change(actor: Actor, body_id: int) -> bool:
    """Whether the actor may change the body, its seats and its rules: its secretariat."""
    return actor.has(Role.SECRETARIAT, body_id)


ADDRESS_WORDS: Mapping[AddressKind, str] = {AddressKind.OFFICE: "Büro", AddressKind.COPY: "nachrichtlich"}


def lies_within(inner: Dated, outer: Dated) -> bool:
    """Whether every day of *inner* is a day of *outer* (an open beginning of *inner* follows that of *outer*)."""
    begins = inner.valid_from is None or outer.valid_from is None or outer.valid_from <= inner.valid_from
    ended = outer.valid_to is None or (inner.valid_to is not None and inner.valid_to <= outer.valid_to)
    reached = inner.valid_to is None or outer.valid_from is None or outer.valid_from <= inner.valid_to
    return begins and ended and reached


def membership_errors(
    seat: Seat, wanted: Membership, name: str, others: Iterable[tuple[Membership, str]]
) -> dict[str, str]:
    """Why *wanted* (the person *name*) cannot sit on *seat* beside *others*: one member at a time, many deputies."""
    if is_reversed(wanted):
        return {"valid_to": "Das Ende liegt vor dem Beginn."}
    if not lies_within(wanted, seat):
        return {
            "valid_from": f"Der Sitz besteht {text.validity(seat.valid_from, seat.valid_to)}; bitte bleiben Sie darin."
        }
    for other, holder in others:
        if not overlap(other, wanted):
            continue
        when = text.validity(other.valid_from, other.valid_to) or "ohne Ende"
        if other.person_id == wanted.person_id and other.kind is wanted.kind:
            return {"person": f"{name} ist hier schon eingetragen ({when})."}
        if other.kind is wanted.kind is MembershipKind.MEMBER:
            return {
                "valid_from": f"Mitglied ist schon {holder} ({when}). Ein Sitz hat an einem Tag nur ein Mitglied; "
                "nehmen Sie „Nachfolge eintragen“, oder beenden Sie diese Besetzung."
            }
    return {}


def may_name(actor: Actor, body_id: int) -> bool:
    """Whether the actor says who of the secretariat works on the speaking notes: chair, its office, administration."""
    return actor.is_admin or any(seat.chair and seat.body_id == body_id for seat in actor.seats)


def may_audit(actor: Actor, body_id: int) -> bool:
    """Whether the actor may open confidential matters of the body with a reason: its Revision, with an account."""
    return actor.account_id is not None and actor.has(Role.AUDITOR, body_id)


@dataclass(frozen=True, slots=True)
class DefaultSection:
    """A section as a new body gets it (domain §4)."""

    key: str
    title: str
    minutes: int
    minutes_in_all: bool = False
    standing: tuple[str, ...] = ()


DEFAULT_SECTIONS: tuple[DefaultSection, ...] = (
    DefaultSection(
        "regularien",
        "Regularien",
        5,
        minutes_in_all=True,
        standing=(
            "Eröffnung",
            "Ladung und Anwesenheit",
            "Feststellung der Tagesordnung",
            "Genehmigung der letzten Niederschrift",
        ),
    ),
    DefaultSection("umsetzungsstand", "Umsetzungsstand und Beschlusskontrolle", 10, minutes_in_all=True),
    DefaultSection("schwerpunktthema", "Schwerpunktthema", 30),
    DefaultSection("beschlussfassung", "Beschlussfassung", 10),
    DefaultSection("beratung", "Beratung", 10),
    DefaultSection("ohne-aussprache", "Ohne Aussprache", 5, minutes_in_all=True),
    DefaultSection(
        "verschiedenes",
        "Verschiedenes",
        5,
        minutes_in_all=True,
        standing=("Verschiedenes", "Nächster Termin"),
    ),
)
SECTION_KEYS: Mapping[str, DefaultSection] = {section.key: section for section in DEFAULT_SECTIONS}
"""The sections that a body may have; rules of drafting know them by these keys."""
