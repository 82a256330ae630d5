"""Letters of invitation as PDF and DOCX: one or all of a meeting, each beginning a page."""

import datetime as dt
from dataclasses import dataclass

from app import text
from app.agenda.schemas.frozen import canonical, hash_values
from app.documents import pdf
from app.documents.layout import DEMO, Frame, checksum, clipped, run_of, typeset
from app.documents.letter_values import Letter, LetterValues, one_by_one
from app.documents.office import Paper
from app.templating import render

WINDOW_LINES, WINDOW_SIGNS, RETURN_SIGNS = 6, 44, 68
"""What DIN 5008 form B leaves for the address (27.3 of 45 mm), signs on one of its lines, and of the line above it."""


@dataclass(frozen=True)
class Sheet:
    """A letter as ``documents/letters.html`` sets it; the Anrede is "" where the text itself says it.

    ``crowded``: the address needs the lines above it too, which DIN 5008 keeps for remarks (Vermerkzone).
    """

    address: tuple[str, ...]
    crowded: bool
    footer: str
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    enclosures: tuple[str, ...]
    copies: tuple[str, ...]


def render_letters(values: LetterValues, *, kept_text: str = "", patience: float = pdf.PATIENCE) -> bytes:
    """The letters as PDF/A-3a and PDF/UA-1; equal values give equal bytes. Errors as in ``pdf.to_pdf``.

    *kept_text*: the canonical text under which a single letter was frozen, whose hash it bears for ever.
    """
    digest = hash_values(kept_text) if kept_text else hash_of(values)
    return pdf.to_pdf(letters_html(values, digest), identifier=digest[:32], created=values.created, patience=patience)


def letters_html(values: LetterValues, digest: str) -> str:
    """The pages that ``render_letters`` sets; *digest* is ``hash_of(values)``."""
    shown = typeset(values)
    frame = Frame(
        title=_title(shown),
        author=text.one_line(shown.sender or shown.body_name),
        footer=_footer(shown, digest),
        running=run_of(clipped(shown.label, 60), clipped(shown.body_name, 80)),
        banner=DEMO if shown.demo else "",
        draft=shown.version == 0,
    )
    return render(
        "documents/letters.html",
        {
            "document": frame,
            "letterhead": shown.letterhead or (shown.body_name,),
            "marks": _marks(shown),
            "closing": shown.closing,
            "sender": shown.sender,
            "return_line": _return_line(shown),
            "letters": [
                _sheet(letter, _footer(shown, one))
                for letter, one in zip(shown.letters, _digests(values, digest), strict=True)
            ],
        },
    )


def letters_docx(values: LetterValues) -> bytes:
    """The same letters for a word processor, each a part of its own with its own checksum and pages."""
    paper = Paper(
        title=_title(values),
        author=values.sender or values.body_name,
        subject=f"Einladung zur {values.label}",
        created=values.created,
        headings=(16, 13, 11, 11),
    )
    if values.demo:
        paper.header(DEMO)
    digest = hash_of(values)
    if not values.letters:
        paper.footer(_footer(values, digest))
        paper.heading("Schreiben")
        paper.text("Für diese Sitzung gibt es noch keine Empfänger.")
    for place, (letter, one) in enumerate(zip(values.letters, _digests(values, digest), strict=True)):
        sheet = _sheet(letter, _footer(values, one))
        if place == 0:
            paper.footer(sheet.footer, counted=False)
        else:
            paper.part(sheet.footer)
        _write(paper, values, sheet)
    return paper.content()


def hash_of(values: LetterValues) -> str:
    """SHA-256 of everything the letters say, as they are frozen when they are sent."""
    return hash_values(canonical(values))


def _write(paper: Paper, values: LetterValues, letter: Sheet) -> None:
    paper.letter(
        letterhead=values.letterhead or (values.body_name,),
        return_line=_return_line(values),
        address=letter.address,
        crowded=letter.crowded,
        marks=_marks(values),
    )
    if values.version == 0:
        paper.text("Entwurf: Die Tagesordnung ist noch nicht freigegeben.", muted=True)
    paper.heading(letter.subject)
    if letter.salutation:
        paper.text(letter.salutation)
    for paragraph in letter.paragraphs:
        paper.text(paragraph)
    paper.facts(letter.facts)
    paper.signature(values.closing, values.sender)
    for name, lines in (("Anlagen", letter.enclosures), ("Nachrichtlich", letter.copies)):
        if lines:
            paper.heading(name, 2)
            paper.points(lines)


def _sheet(letter: Letter, footer: str) -> Sheet:
    address = (*letter.address, *letter.postal)
    told = any(letter.salutation in paragraph for paragraph in letter.paragraphs)
    return Sheet(
        address=address,
        crowded=sum(-(-len(line) // WINDOW_SIGNS) for line in address) > WINDOW_LINES,
        footer=footer,
        subject=letter.subject,
        salutation="" if told else f"{letter.salutation},",
        paragraphs=letter.paragraphs,
        facts=letter.facts,
        enclosures=letter.enclosures,
        copies=letter.copies,
    )


def _return_line(values: LetterValues) -> str:
    """Who gets the letter back if it cannot be delivered: the letterhead on one line, or its first and last."""
    lines = values.letterhead or (values.body_name,)
    whole = run_of(*lines)
    return clipped(whole if len(whole) <= RETURN_SIGNS else run_of(lines[0], lines[-1]), RETURN_SIGNS)


def _title(values: LetterValues) -> str:
    to = f" an {text.one_line(values.letters[0].name)}" if len(values.letters) == 1 else ""
    return f"Schreiben zur {text.one_line(values.label)}{to} – {text.one_line(values.body_name)}"


def _digests(values: LetterValues, digest: str) -> list[str]:
    """What each letter is known by; *digest* is that of the only one."""
    return [digest] if len(values.letters) == 1 else [hash_of(one) for one in one_by_one(values)]


def _footer(values: LetterValues, digest: str) -> str:
    version = f"Tagesordnung Version {values.version}" if values.version else "Entwurf"
    return run_of(clipped(values.reference, 80), "Schreiben", version, checksum(values.version, digest))


def _marks(values: LetterValues) -> tuple[tuple[str, str], ...]:
    dated: dt.date = values.dated
    marks = (("Absender", values.sender), ("Geschäftszeichen", values.reference), ("Datum", text.long_date(dated)))
    return tuple((name, value) for name, value in marks if value)
