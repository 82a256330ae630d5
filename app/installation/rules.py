"""How long what is kept: the kinds of data that end by themselves, with days and provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """Kinds of data that are swept when their days are over."""

    SESSIONS = "sessions"
    FAILURES = "failures"
    TOKENS = "tokens"
    LINKS = "links"
    JOBS = "jobs"
    MAILS = "mails"
    SECURITY = "security"
    FEEDBACK = "feedback"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Retention:
    """A kind in words: what ends, counted from when, after how many days unless the operator set others, and why."""

    label: str
    what: str
    days: int
    source: str = "eigene Festlegung"


RETENTION: Mapping[Kept, Retention] = {
    Kept.SESSIONS: Retention("Anmeldungen", "Beendete Anmeldungen, ab ihrem Ende", 1),
    Kept.FAILURES: Retention("Fehlversuche", "Fehlgeschlagene Anmeldungen, ab dem Versuch; ohne Klartext", 1),
    Kept.TOKENS: Retention(
        "Widerrufene Schlüssel", "Schlüssel für Programme und Kalenderadressen, ab ihrem Widerruf", 90
    ),
    Kept.LINKS: Retention(
        "Persönliche Links",
        "Links aus Mails, ab Ablauf, Widerruf oder Ende der Sitzung; die zum Abbestellen bleiben mit dem Konto",
        90,
    ),
    Kept.JOBS: Retention("Hintergrundarbeiten", "Erledigte und aufgegebene Arbeiten, ab ihrem Ende", 30),
    Kept.MAILS: Retention(
        "Texte von Mails",
        "Wortlaut und Anhänge erledigter Mails, ab dem Tag, an dem sie geschrieben wurden; dass es sie gab, bleibt",
        365,
    ),
    Kept.SECURITY: Retention(
        "Sicherheitsprotokoll", "Angaben zu Anmeldungen und Konten im Verlauf, ab dem Eintrag; die Kette bleibt", 730
    ),
    Kept.FEEDBACK: Retention("Rückmeldungen", "Beantwortete Meldungen zu Barrieren, ab der Antwort", 365),
    Kept.ANSWERS: Retention(
        "Antworten an Programme", "Gemerkte Antworten der Schnittstelle (Idempotency-Key), ab der Anfrage", 7
    ),
}
"""Every kind with its days; the operator sets others on the page of settings."""
