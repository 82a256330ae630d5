"""Speaking notes as plain values: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.agenda.models import ItemKind
from app.agenda.rules.speaking import to_decide
from app.documents.speaking import render_speaking_notes
from app.documents.speaking_duties import Duty
from app.documents.speaking_values import SpeakingItem, SpeakingProject, SpeakingSection, SpeakingValues
from app.projects.models import Light, Phase
from tests.documents.samples import LONG_WORD, SIGNS, at

STATUSES = (
    SpeakingProject(
        id=1,
        code="3.2",
        title="Ankaufsstrategie Flächen",
        known_then=True,
        then=Light.YELLOW,
        then_on=dt.date(2025, 9, 30),
        phase_then=Phase.RUNNING,
        now=Light.RED,
        now_on=dt.date(2026, 2, 14),
        phase_now=Phase.RUNNING,
    ),
    SpeakingProject(id=2, code="1.10", title="Transferzentrum", now=Light.GREEN, now_on=dt.date(2026, 3, 1)),
    SpeakingProject(id=3, code="2.4", title="Kältenetz", known_then=True),
)


DUTIES = (
    Duty(decision=True, number="SKIP 2025/03", title="Flächen sichern", state="in Umsetzung"),
    Duty(decision=True, number="SKIP 2025/04", title="Rahmen", state="verzögert", due_on=dt.date(2026, 5, 12)),
    Duty(
        decision=False,
        number="A 2025/014",
        title="Eigentümer befragen",
        state="offen",
        who="IHK Berlin, Ada Beispiel",
        due_on=dt.date(2026, 3, 31),
    ),
    Duty(decision=False, number="A 2025/015", title="Bericht", state="erledigt", over=True),
)


def sheet(number: str, **changes: Any) -> SpeakingItem:
    values: dict[str, Any] = {
        "id": int(number.replace(".", "")),
        "number": number,
        "title": f"Gegenstand {number}",
        "section": "Beratung",
        "kind": ItemKind.DEBATE,
        "starts_at": at(15),
        "minutes": 10,
        "presenter": "IHK Berlin",
        "confidential": False,
        "occasion": "",
        "reasons": (),
        "projects": (),
        "proposed_decision": "",
        **changes,
    }
    values.setdefault("to_decide", to_decide(values["kind"], values["proposed_decision"]))
    return SpeakingItem.model_validate(values)


FULL = sheet(
    "4.1",
    title="Ankaufsstrategie für Gewerbe- und Industrieflächen",
    kind=ItemKind.DECISION,
    presenter="Senatsverwaltung für Wirtschaft, Energie und Betriebe",
    confidential=True,
    occasion="Der Rahmen für 2027 ist zu bestimmen.",
    reasons=("Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025).", "Entscheidungsbedarf seit 02.04.2026."),
    projects=STATUSES,
    guests=("Dr. Ada Beispiel, Leiterin Additive Fertigung",),
    proposed_decision="1. Der Steuerungskreis stimmt zu.\n2. Er bittet um Bericht bis zum 30. September 2026.",
    goal="Einvernehmen über den Rahmen 2027.",
    key_messages="- Berlin sichert Flächen, bevor sie fehlen.\n- Der Rahmen ist mit der Finanzverwaltung abgestimmt.",
    reactive="Falls nach Marzahn gefragt wird: Gespräche laufen.\n\nFalls nach dem Haushalt: gedeckt bis 2027.",
)


def notes(**changes: Any) -> SpeakingValues:
    values: dict[str, Any] = {
        "demo": False,
        "body_name": "Steuerungskreis Industriepolitik",
        "body_short": "SKIP",
        "chair_title": "Regierender Bürgermeister",
        "label": "17. Sitzung",
        "starts_at": at(0),
        "ends_at": at(120),
        "place": "Berliner Rathaus, Wappensaal",
        "main_topic": "Additive Fertigung",
        "changed_at": dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC),
        "made_at": dt.datetime(2026, 5, 12, 8, 47, tzinfo=dt.UTC),
        "version": 1,
        "as_of": dt.date(2026, 4, 15),
        "previous": "04.11.2025",
        "reference": "IP 4 – 0217/17",
        "sender": "Geschäftsstelle Masterplan Industriestadt",
        "letterhead": (),
        "length_minutes": 120,
        "sections": (
            section("1", "Regularien", standing=("Eröffnung", "Ladung und Anwesenheit")),
            section("4", "Beschlussfassung", FULL, sheet("4.2", kind=ItemKind.DECISION, duties=DUTIES)),
            section("6", "Ohne Aussprache", sheet("6.1", kind=ItemKind.NOTE, minutes=0)),
        ),
        "opening": "Herzlich willkommen im Wappensaal.\nBesonders begrüße ich Frau Dr. Beispiel.",
        "closing": "Dank an alle; die nächste Sitzung ist am 10. November.",
    }
    return SpeakingValues.model_validate(values | changes)


def section(number: str, title: str, *items: SpeakingItem, standing: tuple[str, ...] = ()) -> SpeakingSection:
    minutes = sum(item.minutes for item in items) or 5
    return SpeakingSection(number=number, title=title, starts_at=at(0), minutes=minutes, standing=standing, items=items)


STRAINING: dict[str, SpeakingValues] = {
    "notes": notes(),
    "notes of a draft of the demo": notes(version=0, demo=True),
    "empty notes": notes(
        sections=(), opening="", closing="", reference="", sender="", as_of=None, previous="", place="", main_topic=""
    ),
    "forty items": notes(
        sections=(section("5", "Beratung", *(sheet(f"5.{n}", title="Ü" * (n * 7)) for n in range(1, 41))),)
    ),
    "endless words in notes": notes(
        reference=LONG_WORD,
        opening=LONG_WORD * 3,
        sections=(section("1", "T" * 300, sheet("1.1", title="W" * 300, goal="x" * 5000, reactive=LONG_WORD)),),
    ),
    "endless and strange duties": notes(
        sections=(
            section(
                "2",
                "Umsetzungsstand",
                sheet(
                    "2.1",
                    kind=ItemKind.REPORT,
                    duties=tuple(
                        Duty(
                            decision=number % 2 == 0,
                            number=f"SKIP 2026/{number:02}",
                            title=(LONG_WORD, SIGNS.title, "T" * 300)[number % 3],
                            state="nicht umgesetzt",
                            who="W" * 120,
                            due_on=dt.date(2026, 5, 1),
                        )
                        for number in range(1, 31)
                    ),
                ),
            ),
        )
    ),
    "strange signs in notes": notes(
        opening=SIGNS.title,
        sections=(
            section("1", "Z", sheet("1.1", title=SIGNS.title, goal=SIGNS.occasion, reactive="\x0b\ud7ff\ufffe")),
        ),
    ),
}


@cache
def drawn(name: str) -> bytes:
    """The PDF of one of STRAINING."""
    return render_speaking_notes(STRAINING[name])
