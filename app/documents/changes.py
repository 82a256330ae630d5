"""The sheet of changes of a supplement (Änderungsübersicht): frozen values in, a PDF of one edition out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from app import text
from app.agenda.rules.changes import sentence
from app.agenda.rules.reading import key_of
from app.agenda.schemas.changes import ChangesValues, FrozenChange, write_changes
from app.agenda.schemas.frozen import hash_values
from app.clock import BERLIN
from app.differences import Piece, word_difference
from app.documents import pdf
from app.documents.layout import DEMO, Frame, checksum, clipped, run_of, typeset
from app.templating import render


@dataclass(frozen=True)
class Both:
    """Both texts of a field: the way from one to the other in words, and each of them alone."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> tuple[Piece, ...]:
        """The text as it was."""
        return tuple(one for one in self.pieces if one.kind != "new")

    @property
    def after(self) -> tuple[Piece, ...]:
        """The text as it is now."""
        return tuple(one for one in self.pieces if one.kind != "gone")


@dataclass(frozen=True)
class Entry:
    """What happened to one item (``number``, ``title``) or, without number, to the meeting."""

    number: str
    title: str
    lines: tuple[str, ...]
    texts: tuple[Both, ...]


@dataclass(frozen=True)
class Sheet:
    """What ``documents/changes.html`` shows."""

    letterhead: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    heading: str
    body_name: str
    facts: tuple[tuple[str, str], ...]
    caption: str
    entries: tuple[Entry, ...]
    nothing: str
    release: str


def render_changes(values: ChangesValues, *, kept_text: str = "", patience: float = pdf.PATIENCE) -> bytes:
    """The sheet as PDF/A-3a and PDF/UA-1 with its values as ``aenderungen.json`` inside; equal arguments, equal bytes.

    *kept_text* is the stored text of a kept document. Version 0 is a draft and carries a watermark.
    """
    canonical = kept_text or write_changes(values)
    digest = hash_values(canonical)
    return pdf.to_pdf(
        changes_html(values, digest),
        attachments=[pdf.Attached("aenderungen.json", canonical.encode(), "Data", "Änderungen als Daten (JSON)")],
        identifier=digest[:32],
        created=values.released_at or values.meeting.changed_at,
        patience=patience,
    )


def changes_html(values: ChangesValues, digest: str) -> str:
    """The page that ``render_changes`` sets; *digest* is the hash of the canonical values, 64 hexadecimal digits."""
    shown = typeset(values)
    return render("documents/changes.html", {"document": _frame(shown, digest), "sheet": _sheet(shown)})


def entries_of(changes: tuple[FrozenChange, ...]) -> tuple[Entry, ...]:
    """Changes grouped by item in their order, in words."""
    found = []
    for _, grouped in groupby(changes, key=lambda one: one.item_id or one.label):
        there = list(grouped)
        number = there[0].number
        lines = tuple(_line(one) for one in there if not (one.before or one.after))
        texts = tuple(_both(one) for one in there if one.before or one.after)
        found.append(Entry(number=number, title=there[0].title, lines=lines, texts=texts))
    return tuple(found)


def _line(change: FrozenChange) -> str:
    if change.number:
        return change.words[:1].upper() + change.words[1:]
    return sentence(change)


def _both(change: FrozenChange) -> Both:
    return Both(label=change.label, pieces=word_difference(change.before, change.after))


def _frame(values: ChangesValues, digest: str) -> Frame:
    day = text.long_date(_day(values.meeting.starts_at))
    version = f"Version {values.version}" if values.version else "ENTWURF"
    edition = f"Fassung {key_of(values.edition, values.guest).word}"
    return Frame(
        title=f"{text.one_line(_heading(values))} – {text.one_line(values.body.name)}",
        author=text.one_line(values.sender or (values.letterhead[0] if values.letterhead else values.body.name)),
        footer=run_of(clipped(values.reference, 80), version, edition, checksum(values.version, digest)),
        running=run_of(clipped(_heading(values), 80), clipped(values.body.name, 80), day),
        banner=DEMO if values.demo else "",
        draft=values.version == 0,
    )


def _sheet(values: ChangesValues) -> Sheet:
    entries = entries_of(values.changes)
    return Sheet(
        letterhead=values.letterhead or (values.body.name,),
        marks=tuple(_marks(values)),
        heading=_heading(values),
        body_name=_body_name(values),
        facts=tuple((name, value) for name, value in _facts(values) if value),
        caption=text.counted(len(values.changes), "Änderung", "Änderungen"),
        entries=entries,
        nothing=f"In dieser Fassung hat sich gegenüber Version {values.before_version} nichts geändert.",
        release=_release(values),
    )


def _marks(values: ChangesValues) -> Iterator[tuple[str, str]]:
    word = key_of(values.edition, values.guest).word
    for name, value in (
        ("Absender", values.sender),
        ("Geschäftszeichen", values.reference),
        ("Datum", text.long_date(_day(values.released_at)) if values.released_at else ""),
        ("Version", f"{values.version or 'Entwurf'} gegenüber {values.before_version}, {word}"),
    ):
        if value:
            yield name, value


def _facts(values: ChangesValues) -> Iterator[tuple[str, str]]:
    meeting = values.meeting
    start, end = _day(meeting.starts_at), _day(meeting.ends_at)
    span = text.span(meeting.starts_at, meeting.ends_at)
    yield "Termin", span if start != end else f"{text.weekday_date(start)}, {span}"
    yield "Ort", meeting.place
    yield "Grund", values.reason


def _heading(values: ChangesValues) -> str:
    return f"Änderungsübersicht zur {values.meeting.label}"


def _body_name(values: ChangesValues) -> str:
    name, short = values.body.name, values.body.short_name
    return name if not short or short in name else f"{name} ({short})"


def _release(values: ChangesValues) -> str:
    yes = values.approval
    if yes is not None:
        how = f" ({yes.how})" if yes.how else ""
        return f"Nachtrag freigegeben durch {yes.by} am {text.long_date(yes.on)}{how}."
    return "Entwurf, noch nicht freigegeben." if values.version == 0 else ""


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(BERLIN).date()
