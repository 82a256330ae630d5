"""The columns of the import of people: German header, accepted spellings, parser, and what is expected."""

import re
from collections.abc import Callable
from enum import StrEnum

from app.bodies.models import MembershipKind
from app.errors import Invalid
from app.importing.cells import Cell, Number, is_blank
from app.importing.columns import A_DAY, ColumnRule, ColumnSet, NotExpected, day, header_key, line, one_of, words_of
from app.people.models import OrganisationKind
from app.people.rules import KIND_WORDS, checked_email

ROLE_WORDS: dict[MembershipKind, str] = {
    MembershipKind.MEMBER: "Mitglied",
    MembershipKind.DEPUTY: "Stellvertretung",
    MembershipKind.OFFICE: "Büro",
}


class Column(StrEnum):
    """A column of the import; its value is the German header."""

    ORGANISATION = "Institution"
    SHORT = "Kurzname"
    KIND = "Art"
    SUCCESSOR = "Nachfolgerin"
    SALUTATION = "Anrede"
    TITLE = "Titel"
    FIRST_NAME = "Vorname"
    LAST_NAME = "Nachname"
    FUNCTION = "Funktion"
    EMAIL = "E-Mail"
    SEAT = "Sitz"
    VOTING = "Stimmrecht"
    CHAIR = "Vorsitz"
    PROTOCOL_ORDER = "Reihenfolge"
    ROLE = "Rolle"
    VALID_FROM = "ab"
    VALID_TO = "bis"
    SOURCE = "Quelle"


def _email(cell: Cell) -> str:
    words = line(254)(cell)
    if words:
        try:
            checked_email(words)
        except Invalid as error:
            raise NotExpected from error
    return words


def _place(cell: Cell) -> int | None:
    if is_blank(cell):
        return None
    if isinstance(cell, Number):
        found = int(cell.value) if cell.value == int(cell.value) else 0
    else:
        match = re.fullmatch(r"(\d{1,3})\.?", words_of(cell).strip())
        found = int(match[1]) if match else 0
    if found not in range(1, 1000):
        raise NotExpected
    return found


_YES_NO: Callable[[Cell], bool | None] = one_of(
    {"ja": True, "j": True, "x": True, "wahr": True, "1": True, "nein": False, "n": False, "falsch": False, "0": False}
)
_ROLES: Callable[[Cell], MembershipKind | None] = one_of(
    {
        **{header_key(word): kind for kind, word in ROLE_WORDS.items()},
        "stellvertreter": MembershipKind.DEPUTY,
        "stellvertreterin": MembershipKind.DEPUTY,
        "stv": MembershipKind.DEPUTY,
        "buero": MembershipKind.OFFICE,
    }
)
_KINDS: Callable[[Cell], OrganisationKind | None] = one_of(
    {
        **{header_key(word): kind for kind, word in KIND_WORDS.items()},
        "sonstige": OrganisationKind.OTHER,
        "wirtschaftsfoerderung": OrganisationKind.PROMOTION,
    }
)

COLUMNS = ColumnSet(
    (
        ColumnRule(Column.ORGANISATION, line(300), "der Name einer Institution", ("Organisation", "Einrichtung")),
        ColumnRule(Column.SHORT, line(80), "ein Text mit höchstens 80 Zeichen", ("Kurzbezeichnung", "Kürzel")),
        ColumnRule(Column.KIND, _KINDS, f"{', '.join(KIND_WORDS.values())} oder leer"),
        ColumnRule(Column.SUCCESSOR, line(300), "der Name einer Institution", ("Übergegangen in", "Nachfolger")),
        ColumnRule(Column.SALUTATION, line(40), "zum Beispiel Frau oder Herr"),
        ColumnRule(Column.TITLE, line(80), "zum Beispiel Dr.", ("Akademischer Titel",)),
        ColumnRule(Column.FIRST_NAME, line(120), "der Vorname"),
        ColumnRule(Column.LAST_NAME, line(120), "der Nachname", ("Name", "Familienname")),
        ColumnRule(Column.FUNCTION, line(200), "die Funktion in der Institution"),
        ColumnRule(Column.EMAIL, _email, "eine E-Mail-Adresse oder leer", ("E-Mail-Adresse", "Mail")),
        ColumnRule(Column.SEAT, line(200), "die Bezeichnung des Sitzes"),
        ColumnRule(Column.VOTING, _YES_NO, "ja, nein oder leer"),
        ColumnRule(Column.CHAIR, _YES_NO, "ja, nein oder leer"),
        ColumnRule(Column.PROTOCOL_ORDER, _place, "eine Zahl von 1 bis 999", ("Platz", "Protokoll")),
        ColumnRule(Column.ROLE, _ROLES, "Mitglied, Stellvertretung, Büro oder leer"),
        ColumnRule(Column.VALID_FROM, day, A_DAY, ("von", "seit", "gültig ab", "Beginn")),
        ColumnRule(Column.VALID_TO, day, A_DAY, ("gültig bis", "Ende")),
        ColumnRule(Column.SOURCE, line(300), "ein Text mit höchstens 300 Zeichen"),
    )
)
