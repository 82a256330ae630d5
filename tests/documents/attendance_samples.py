"""Attendance lists as plain values: ordinary ones and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.documents.attendance import render_attendance_list
from app.documents.attendance_values import AttendanceListValues, ListGuest, ListPerson, ListSeat
from tests.documents.samples import LONG_WORD, SIGNS, at


def listed(**changes: Any) -> AttendanceListValues:
    values: dict[str, Any] = {
        "label": "18. Sitzung",
        "body_name": "Steuerungskreis Industriepolitik",
        "body_short": "SKIP",
        "letterhead": ("Senatsverwaltung für Wirtschaft", "Geschäftsstelle SKIP"),
        "sender": "Geschäftsstelle",
        "reference": "II A 3",
        "starts_at": at(0),
        "ends_at": at(120),
        "place": "Rotes Rathaus, Raum 320",
        "changed_at": at(0),
        "made_at": dt.datetime(2026, 5, 12, 8, 47, tzinfo=dt.UTC),
        "seats": (
            ListSeat(organisation="Senatskanzlei", chair=True, people=(ListPerson(name="Dr. Vera Vorsitz"),)),
            ListSeat(
                organisation="IHK Berlin",
                title="Präsidium",
                people=(
                    ListPerson(name="Ada Beispiel", note="abgesagt"),
                    ListPerson(name="Jo Vertretung", note="Stellvertretung"),
                ),
            ),
            ListSeat(organisation="Agentur für Arbeit", voting=False),
        ),
        "guests": (ListGuest(number="3.1", name="Prof. Dr. Kim Gast, TU Berlin"),),
    }
    return AttendanceListValues.model_validate({**values, **changes})


STRAINING = {
    "attendance list": listed(demo=True),
    "attendance list of nobody": listed(
        seats=(), guests=(), letterhead=(), sender="", reference="", place="", body_name="S"
    ),
    "attendance list of forty": listed(
        label=LONG_WORD[:60],
        body_name=LONG_WORD[:300],
        letterhead=(LONG_WORD,),
        reference=LONG_WORD,
        place=LONG_WORD[:300],
        seats=tuple(
            ListSeat(
                organisation=LONG_WORD[:300] if number % 3 == 0 else f"Institution {number} mit langem Namen " * 4,
                title="Titel " * 30,
                voting=number % 2 == 0,
                people=tuple(ListPerson(name=f"Dr. Person {number}.{one}", note=LONG_WORD[:80]) for one in range(4)),
            )
            for number in range(1, 41)
        ),
        guests=tuple(ListGuest(number=f"{number}.{number}", name=LONG_WORD[:330]) for number in range(1, 6)),
    ),
    "strange signs in an attendance list": listed(
        label=SIGNS.title,
        seats=(ListSeat(organisation=SIGNS.title, title="\x0b\ud7ff\ufffe", people=(ListPerson(name=SIGNS.title),)),),
        guests=(ListGuest(number="", name=SIGNS.title),),
    ),
}


@cache
def drawn(name: str) -> bytes:
    """The PDF of one of STRAINING."""
    return render_attendance_list(STRAINING[name])
