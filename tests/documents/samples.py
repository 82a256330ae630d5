"""Agendas as plain values: an ordinary one and those that strain a page."""

import datetime as dt
from functools import cache
from typing import Any

from app.agenda.models import Edition, ItemKind, Level
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenApproval,
    FrozenBody,
    FrozenItem,
    FrozenMeeting,
    FrozenPaper,
    FrozenProject,
    FrozenSection,
    edition,
)
from app.documents.agenda import render_agenda
from app.projects.models import Light

ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//SKIP//DE\r\nEND:VCALENDAR\r\n"
SECRET = "Verhandlungsziele Marzahn"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4


def at(minute: int) -> dt.datetime:
    """So many minutes after 10:00 in Berlin on the day of the meeting."""
    return dt.datetime(2026, 5, 12, 8, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)


def project(code: str, light: Light | None = Light.GREEN, title: str = "Ankaufsstrategie Flächen") -> FrozenProject:
    as_of = dt.date(2026, 3, 31) if light else None
    return FrozenProject(id=1, code=code, title=title, light=light, as_of=as_of)


def item(number: str, **changes: Any) -> FrozenItem:
    values: dict[str, Any] = {
        "id": 1,
        "number": number,
        "title": f"Gegenstand {number}",
        "kind": ItemKind.DEBATE,
        "minutes": 10,
        "starts_at": at(15),
        "presenter": "IHK Berlin",
    }
    return FrozenItem.model_validate(values | changes)


def section(number: str, title: str, *items: FrozenItem, standing: tuple[str, ...] = ()) -> FrozenSection:
    minutes = sum(each.minutes for each in items) or 5
    return FrozenSection(
        number=number, key="beratung", title=title, minutes=minutes, starts_at=at(0), standing=standing, items=items
    )


DECISION = item(
    "4.1",
    title="Ankaufsstrategie für Gewerbe- und Industrieflächen",
    kind=ItemKind.DECISION,
    presenter="Senatsverwaltung für Wirtschaft, Energie und Betriebe",
    occasion="Ampel seit 14. Februar 2026 rot, zuvor gelb (Stand 30. September 2025).",
    proposed_decision="1. Der Steuerungskreis stimmt zu.\n2. Er bittet um Bericht bis zum 30. September 2026.",
    projects=(project("3.2", Light.RED), project("1.10", Light.YELLOW), project("2.4", None), project("4.1")),
)
HIDDEN = item(
    "4.2",
    title=SECRET,
    kind=ItemKind.DECISION,
    level=Level.CONFIDENTIAL,
    occasion=f"Anlass {SECRET}",
    proposed_decision=f"Beschluss {SECRET}",
    projects=(project("9.9", Light.RED, f"Projekt {SECRET}"),),
)
SECTIONS = (
    section("1", "Regularien", standing=("Eröffnung", "Ladung und Anwesenheit")),
    section("4", "Beschlussfassung", DECISION, HIDDEN),
    section("6", "Ohne Aussprache", item("6.1", kind=ItemKind.NOTE, minutes=0), item("6.2", minutes=0)),
)


def agenda(**changes: Any) -> AgendaValues:
    """A released agenda; *changes* replace fields, ``meeting`` and ``body`` may be given as dicts of changes."""
    meeting = {
        "id": 17,
        "uid": "sitzung-17@example.org",
        "sequence": 1,
        "changed_at": dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC),
        "label": "17. Sitzung",
        "starts_at": at(0),
        "ends_at": at(120),
        "zone": "Europe/Berlin",
        "place": "Berliner Rathaus, Wappensaal",
        "main_topic": "Additive Fertigung",
    }
    body = {
        "id": 1,
        "short_name": "SKIP",
        "name": "Steuerungskreis Industriepolitik",
        "chair_title": "Regierender Bürgermeister",
    }
    values: dict[str, Any] = {
        "version": 1,
        "as_of": dt.date(2026, 4, 15),
        "released_at": dt.datetime(2026, 4, 28, 10, 12, tzinfo=dt.UTC),
        "approval": FrozenApproval(by="den Vorsitz", on=dt.date(2026, 4, 27), how="mündlich"),
        "reference": "IP 4 – 0217/17",
        "letterhead": ("Der Regierende Bürgermeister von Berlin", "Senatskanzlei"),
        "sender": "Geschäftsstelle Masterplan Industriestadt",
        "invitation": "Sehr geehrte Damen und Herren,\n\nich lade Sie herzlich ein.",
        "sections": SECTIONS,
    }
    values |= changes
    values["meeting"] = FrozenMeeting.model_validate(meeting | values.get("meeting", {}))
    values["body"] = FrozenBody.model_validate(body | values.get("body", {}))
    return AgendaValues.model_validate(values)


def draft(**changes: Any) -> AgendaValues:
    return agenda(version=0, released_at=None, approval=None, **changes)


SIGNS = item(
    "1.1",
    title="Emoji \U0001f600\U0001f469\u200d\U0001f469 und 漢字 und \x00\x07Steuerzeichen \ufffd",
    occasion="\u0338\u2028 beginnt mit einem Zeichen, das sich anhängt → ≤ ✓ Ω \ue000 \ufeff",
    proposed_decision="Trennstrich\u2010 und \u2011, weiches\u00adTrennzeichen, e\u0301 zerlegt",
)


def paper(number: int, **changes: Any) -> FrozenPaper:
    values: dict[str, Any] = {
        "id": number,
        "kind": "annex",
        "title": f"Anlage {number}",
        "version": 1,
        "file_name": f"Anlage_{number}.pdf",
        "media_type": "application/pdf",
        "size": 1_400_000,
        "hash": f"{number:064d}",
    }
    return FrozenPaper.model_validate(values | changes)


ENCLOSED = agenda(
    papers=(paper(1, kind="submission", title="Gesamtplan"), paper(2, title=SECRET, level=Level.CONFIDENTIAL)),
    sections=(
        section(
            "4",
            "Beschlussfassung",
            item(
                "4.1",
                papers=(
                    paper(3, title=LONG_WORD[:300], file_name=f"{LONG_WORD[:110]}.pdf"),
                    paper(4, title=f"Kosten {SECRET}", level=Level.CONFIDENTIAL, size=734),
                    paper(5, kind="tabled", title="Öffentlicher Lageplan", level=Level.PUBLIC, size=12_000),
                ),
            ),
        ),
    ),
)
STRAINING: dict[str, AgendaValues] = {
    "papers": ENCLOSED,
    "released": agenda(),
    "draft": draft(),
    "demo": agenda(demo=True, late_reason="Die Vorlage kam später."),
    "without the confidential": edition(agenda(), Edition.NON_CONFIDENTIAL),
    "empty": agenda(sections=(), letterhead=(), sender="", reference="", invitation="", approval=None, as_of=None),
    "sixty items": agenda(
        demo=True,
        sections=(
            section("4", "Beratung", *(item(f"4.{n}", occasion="Anlass " * (n % 9), minutes=2) for n in range(1, 61))),
        ),
    ),
    "endless words": agenda(
        reference=LONG_WORD,
        letterhead=(LONG_WORD,),
        sender=LONG_WORD,
        meeting={"place": LONG_WORD, "main_topic": "x" * 300},
        sections=(
            section(
                "1",
                "T" * 300,
                item("10000.1000", title="W" * 300, presenter=LONG_WORD[:300], occasion="x" * 5000),
                item("1.2", title=("Ein Titel mit Umlauten äöüß " * 12)[:300], projects=(project(LONG_WORD[:60]),) * 6),
            ),
        ),
    ),
    "longer than a page": draft(
        sections=(
            section("1", "Anlass", item("1.1", occasion="Ein langer Anlass. " * 500)),
            section("2", "Beschluss", item("2.1", proposed_decision="1. Der Steuerungskreis beschließt.\n" * 90)),
        )
    ),
    "strange signs": agenda(sections=(section("1", "Zeichen \U0001f600", SIGNS),)),
}


@cache
def drawn(name: str) -> bytes:
    """The PDF of one of STRAINING."""
    return render_agenda(STRAINING[name], ics=ICS)
