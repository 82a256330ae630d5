"""Letters as plain values: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.documents.letter_values import Letter, LetterValues
from app.documents.letters import render_letters
from tests.documents.samples import LONG_WORD, SIGNS


def letter(**changes: Any) -> Letter:
    values: dict[str, Any] = {
        "person_id": 1,
        "name": "Dr. Ada Muster",
        "kind": "Mitglied",
        "address": ("Industrie- und Handelskammer zu Berlin", "Frau Dr. Ada Muster", "Präsidentin"),
        "postal": ("Fasanenstraße 85", "10623 Berlin"),
        "subject": "Einladung zur 17. Sitzung: Steuerungskreis Industriepolitik",
        "salutation": "Sehr geehrte Frau Dr. Muster",
        "paragraphs": ("zur 17. Sitzung lade ich Sie herzlich ein.", "Die Tagesordnung ist beigefügt.\nBis dahin."),
        "facts": (("Termin", "Dienstag, 12. Mai 2026, 10–12 Uhr"), ("Ort", "Wappensaal"), ("Einlass", "Pforte\nNord")),
        "enclosures": ("Tagesordnung (Version 1, Fassung vollständig)", "Beschlussvorlage Flächen"),
        "copies": ("Jo Vertretung (Stellvertretung)", "buero@example.org"),
    }
    return Letter.model_validate(values | changes)


def letters(*all_of_them: Letter, **changes: Any) -> LetterValues:
    values: dict[str, Any] = {
        "demo": False,
        "body_name": "Steuerungskreis Industriepolitik",
        "body_short": "SKIP",
        "label": "17. Sitzung",
        "version": 1,
        "letterhead": ("Der Regierende Bürgermeister von Berlin", "Senatskanzlei"),
        "sender": "Geschäftsstelle Masterplan Industriestadt",
        "reference": "IP 4 – 0217/17",
        "dated": dt.date(2026, 4, 28),
        "created": dt.datetime(2026, 4, 28, 10, 12, tzinfo=dt.UTC),
        "closing": "Mit freundlichen Grüßen",
        "letters": all_of_them,
    }
    return LetterValues.model_validate(values | changes)


MANY = tuple("Ü" * length for length in range(1, 40))
STRAINING: dict[str, LetterValues] = {
    "one letter": letters(letter()),
    "two draft letters of the demo": letters(letter(), letter(name="Gast"), version=0, demo=True),
    "no letters": letters(letterhead=(), sender="", reference=""),
    "a letter of endless words": letters(
        letter(address=(LONG_WORD, "W" * 300), paragraphs=("x" * 2000,), enclosures=MANY)
    ),
    "a letter of strange signs": letters(letter(paragraphs=(SIGNS.title, SIGNS.occasion), salutation=SIGNS.title)),
}


@cache
def drawn(name: str) -> bytes:
    """The PDF of one of STRAINING."""
    return render_letters(STRAINING[name])
