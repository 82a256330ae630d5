"""Decisions as plain values for their documents: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.documents.decision_values import (
    ClauseValues,
    DecisionValues,
    ExtractValues,
    HouseValues,
    ProjectValues,
    RegisterValues,
)
from app.documents.decisions import render_extract, render_register
from app.projects.models import Light
from tests.documents.samples import LONG_WORD

CHANGED = dt.datetime(2026, 5, 12, 12, 0, tzinfo=dt.UTC)
HOUSE = HouseValues(
    demo=True,
    body="Steuerungskreis Industriepolitik",
    short_name="SKIP",
    letterhead=("Senatskanzlei Berlin", "Rotes Rathaus", "10178 Berlin"),
    sender="Geschäftsstelle Masterplan Industriestadt",
    reference="SKIP 0815/2026",
)


def decision(serial: int = 3, **changes: Any) -> DecisionValues:
    """A decision of the twelfth of May."""
    values: dict[str, Any] = {
        "number": f"SKIP 2026/{serial:02d}",
        "title": "Ankaufsstrategie für Gewerbe- und Industrieflächen",
        "decided_on": dt.date(2026, 5, 12),
        "place": "17. Sitzung am 12.05.2026, TOP 4.1",
        "outcome": "geändert beschlossen",
        "taking": "mit Stimmen: 9 Ja, 1 Nein, 2 Enthaltungen",
        "present": "12 von 14 stimmberechtigten Sitzen",
        "quorum": "Beschlussfähig: 12 von 14 stimmberechtigten Sitzen anwesend.",
        "level": "intern",
        "wording": "Der Rahmen für Ankäufe wird bis 2027 auf 12 Millionen Euro festgelegt.\n\nEr gilt.",
        "clauses": (
            ClauseValues(position=1, verb="stimmt zu", text="dem Vorgehen der Senatsverwaltung"),
            ClauseValues(
                position=2,
                verb="beauftragt",
                whom="Berlin Partner für Wirtschaft und Technologie GmbH",
                text="mit einer Übersicht der Flächen",
                due_on=dt.date(2026, 9, 30),
            ),
        ),
        "projects": (
            ProjectValues(code="3.2", title="Ankaufsstrategie Flächen", light=Light.RED),
            ProjectValues(code="3.4", title="Gewerbehöfe", light=None),
        ),
        "state": "in Umsetzung",
    }
    return DecisionValues.model_validate(values | changes)


def extract(one: DecisionValues, **changes: Any) -> ExtractValues:
    """An extract of a decision before the minutes are approved."""
    values: dict[str, Any] = {
        "house": HOUSE,
        "decision": one,
        "reservation": "Vorbehaltlich der Genehmigung der Niederschrift",
        "made_at": dt.datetime(2026, 5, 13, 7, 15, tzinfo=dt.UTC),
        "changed_at": CHANGED,
    }
    return ExtractValues.model_validate(values | changes)


def register(*decisions: DecisionValues, year: int = 2026) -> RegisterValues:
    """The register of a year."""
    return RegisterValues(
        house=HOUSE,
        year=year,
        edition="vollständig",
        decisions=decisions,
        made_at=dt.datetime(2026, 12, 31, 10, 47, tzinfo=dt.UTC),
        changed_at=CHANGED,
    )


UGLY = decision(
    4,
    title="Ein Gegenstand 🏭 mit " + "sehr langem " * 22 + "Titel",
    wording=f"{LONG_WORD} 😀\n– Zeile mit U+2010 ‐ und <b>Spitzen</b> & Zeichen\n" + "Ein Satz. " * 400,
    clauses=tuple(
        ClauseValues(position=place, verb="nimmt zur Kenntnis", text=f"{LONG_WORD} {place}") for place in range(1, 40)
    ),
    projects=(ProjectValues(code="1.10a", title="🚀" * 60, light=Light.YELLOW, known=True),),
)
BARE = DecisionValues(number="7/2018", title="Altes", decided_on=dt.date(2018, 5, 16), source="Niederschrift")
VOID = DecisionValues(number="SKIP 2026/05", title="", decided_on=dt.date(2026, 5, 12), void_reason="doppelt erfasst")
EXTRACTS = {
    "extract before the approval": extract(decision()),
    "extract after the approval": extract(
        decision(), reservation="", approval="Die Niederschrift der 17. Sitzung am 12.05.2026 wurde genehmigt."
    ),
    "extract that strains": extract(UGLY),
    "extract of an old one": extract(BARE, reservation=""),
    "provisional extract": extract(decision(number="vorläufig", decided_on=None, outcome=""), provisional=True),
}
REGISTERS = {
    "register": register(*(decision(serial) for serial in range(1, 4)), VOID),
    "register that strains": register(UGLY, BARE),
    "empty register": register(),
}
STRAINING = (*EXTRACTS, *REGISTERS)


@cache
def drawn(name: str) -> bytes:
    """The document as PDF, drawn once."""
    return render_extract(EXTRACTS[name]) if name in EXTRACTS else render_register(REGISTERS[name])
