"""The attendance list to sign as PDF: who may sign for each seat, guests per item, lines for others."""

import hashlib
import json
from dataclasses import dataclass

from app import text
from app.clock import BERLIN
from app.documents import pdf
from app.documents.attendance_values import AttendanceListValues, ListSeat
from app.documents.layout import DEMO, Frame, clipped, run_of, stand, typeset
from app.templating import render

SPARE_LINES = 3
"""Empty lines for people who are not in the list (eigene Festlegung)."""


@dataclass(frozen=True)
class SeatRow:
    """A seat in words; ``people`` are (name, note)."""

    organisation: str
    note: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SignSheet:
    """What ``documents/attendance.html`` shows."""

    title: str
    heading: str
    body_name: str
    letterhead: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    caption: str
    seats: tuple[SeatRow, ...]
    guests: tuple[tuple[str, str], ...]
    spare: tuple[int, ...]
    footer: str


def render_attendance_list(values: AttendanceListValues, *, patience: float = pdf.PATIENCE) -> bytes:
    """The list as PDF/A-3a and PDF/UA-1; equal values give equal bytes. Errors as in ``pdf.to_pdf``."""
    digest = hash_of(values)
    shown = typeset(values)
    sheet = sheet_of(shown)
    frame = Frame(
        title=sheet.title,
        author=text.one_line(shown.sender or shown.body_name),
        footer=sheet.footer,
        running=run_of("Anwesenheitsliste", clipped(shown.label, 60), clipped(shown.body_name, 80)),
        banner=DEMO if shown.demo else "",
    )
    html = render("documents/attendance.html", {"document": frame, "sheet": sheet})
    return pdf.to_pdf(html, identifier=digest[:32], created=values.changed_at, patience=patience)


def hash_of(values: AttendanceListValues) -> str:
    """SHA-256 of everything the list says."""
    plain = json.dumps(values.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def sheet_of(values: AttendanceListValues) -> SignSheet:
    """The list in words."""
    day = values.starts_at.astimezone(BERLIN).date()
    voting = sum(seat.voting for seat in values.seats)
    facts = (
        ("Termin", f"{text.weekday_date(day)}, {text.span(values.starts_at, values.ends_at)}"),
        ("Ort", values.place),
        ("Geschäftszeichen", values.reference),
    )
    return SignSheet(
        title=f"Anwesenheitsliste zur {text.one_line(values.label)} – {text.one_line(values.body_name)}",
        heading=f"Anwesenheitsliste zur {values.label}",
        body_name=values.body_name,
        letterhead=values.letterhead or (values.body_name,),
        facts=tuple((name, value) for name, value in facts if value),
        caption=f"{text.counted(len(values.seats), 'Sitz', 'Sitze')}, davon {voting} mit Stimme. "
        "Bitte kreuzen Sie Ihren Namen an und unterschreiben Sie.",
        seats=tuple(_row(seat) for seat in values.seats),
        guests=tuple((f"TOP {guest.number}" if guest.number else "", guest.name) for guest in values.guests),
        spare=tuple(range(1, SPARE_LINES + 1)),
        footer=run_of(clipped(values.reference, 80), "Anwesenheitsliste", stand(values.made_at)),
    )


def _row(seat: ListSeat) -> SeatRow:
    notes = (seat.title, "Vorsitz" if seat.chair else "", "" if seat.voting else "ohne Stimme")
    return SeatRow(
        organisation=seat.organisation or "Sitz ohne Institution",
        note=run_of(*notes),
        people=tuple((person.name, person.note) for person in seat.people),
    )
