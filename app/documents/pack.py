"""The meeting pack (Sitzungsmappe): cover with contents, the agenda, and every paper in its place, as one PDF.

Our pages stay tagged; foreign pages come as they were delivered, so the whole claims no standard (domain §7).
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from app import text
from app.clock import BERLIN
from app.documents import foreign, pdf
from app.documents.foreign import NotIncluded, clean_pdf, clean_picture
from app.documents.layout import DEMO, Frame, clipped, run_of, typeset
from app.documents.pack_values import PackItem, PackPaper, PackValues
from app.documents.pdf_tags import move_tags, take_tags_over
from app.papers.rules.formats import FORMATS
from app.papers.rules.names import ending_of
from app.papers.rules.words import size_in_words
from app.templating import render

PATIENCE = 120.0
"""Seconds behind other documents: nobody waits for a pack in a browser."""
MOST_BYTES = 120_000_000
MOST_PAGES = 1500
FULL = "hätte in der Mappe keinen Platz mehr"
LOST = "konnte gerade nicht gelesen werden"
TARGET = "urn:skip:mappe:"
"""How the contents name a page of the pack until its place is known as a page."""

Load = Callable[[str], bytes]
"""The bytes of a stored file by its hash; OSError where the storage has lost it."""


@dataclass(frozen=True)
class Part:
    """One paper: the pages of its file, or a page of ours (a picture, or why the file is not here)."""

    paper: PackPaper
    item: PackItem | None
    content: bytes = b""
    pages: int = 1
    picture: str = ""
    why: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the contents; without ``page`` it is a heading. ``why``: the file is not in the pack."""

    number: str
    words: str
    page: int = 0
    why: str = ""
    level: int = 1


@dataclass(frozen=True)
class Insert:
    """A page of ours in the place of a file."""

    heading: str
    name: str
    picture: str = ""
    why: str = ""
    address: str = ""


@dataclass
class Gathered:
    """All parts in order with the pictures that pages of ours show; ``lost``: some file could not be read."""

    parts: list[Part] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost: bool = False


@dataclass(frozen=True)
class MadePack:
    """A pack. One that is not ``whole`` misses files that may be there again tomorrow: it is not to be kept."""

    content: bytes
    whole: bool


def make_pack(values: PackValues, agenda: bytes, load: Load, *, patience: float = PATIENCE) -> MadePack:
    """The pack of *values* around the bytes of its *agenda*.

    Equal arguments give equal bytes. *patience* and errors as in ``pdf.to_pdf``. To be called when no session is open.
    """
    gathered = _gather(values, load)
    with pikepdf.open(io.BytesIO(agenda)) as opened:
        own, front = _own_pages(values, gathered, len(opened.pages), patience)
        with pikepdf.open(io.BytesIO(own)) as made:
            _join(values, made, opened, gathered.parts, front)
            out = io.BytesIO()
            made.save(out, deterministic_id=True)
    return MadePack(out.getvalue(), whole=not gathered.lost)


# --- files -----------------------------------------------------------------------------------------------------------


def _gather(values: PackValues, load: Load) -> Gathered:
    found, left_bytes, left_pages = Gathered(), MOST_BYTES, MOST_PAGES
    for item, paper in _papers(values):
        part = Part(paper, item, why=paper.barred)
        if not paper.barred:
            try:
                part = _part(found, part, load, left_bytes, left_pages)
            except NotIncluded as reason:
                part = replace(part, why=str(reason))
            except OSError:
                found.lost, part = True, replace(part, why=LOST)
        left_bytes, left_pages = left_bytes - len(part.content), left_pages - part.pages
        found.parts.append(part)
    return found


def _papers(values: PackValues) -> Iterator[tuple[PackItem | None, PackPaper]]:
    for paper in values.papers:
        yield None, paper
    for item in values.items:
        for paper in item.papers:
            yield item, paper


def _part(found: Gathered, part: Part, load: Load, left_bytes: int, left_pages: int) -> Part:
    paper = part.paper
    kind = paper.media_type.partition(";")[0]
    if kind not in ("application/pdf", "image/png", "image/jpeg"):
        named = FORMATS.get(ending_of(paper.file_name))
        word = f"ist eine Datei der Art {named.word}" if named else "hat eine andere Art"
        raise NotIncluded(f"{word}; in der Mappe stehen nur PDF-Dateien und Bilder")
    if paper.size > foreign.MOST_BYTES:
        raise NotIncluded("ist dafür zu groß")
    content = load(paper.hash)
    if kind == "application/pdf":
        cleaned, pages = clean_pdf(content)
        if len(cleaned) > left_bytes or pages > left_pages:
            raise NotIncluded(FULL)
        return replace(part, content=cleaned, pages=pages)
    if left_pages < 1 or len(content) > left_bytes:
        raise NotIncluded(FULL)
    drawn, ending = clean_picture(content)
    name = f"bild-{len(found.pictures)}.{ending}"
    found.pictures[name] = drawn
    return replace(part, picture=name)


# --- our own pages ---------------------------------------------------------------------------------------------------


def _own_pages(values: PackValues, gathered: Gathered, agenda_pages: int, patience: float) -> tuple[bytes, int]:
    """Cover, contents and inserts as one document, and how many pages stand before the inserts.

    Where the contents take more pages than thought all numbers move, so it is drawn again.
    """
    inserts = [part for part in gathered.parts if not part.content]
    front, content = 1, b""
    for _ in range(3):
        content = pdf.to_pdf(
            pack_html(values, gathered.parts, front, agenda_pages),
            pictures=gathered.pictures,
            identifier=values.content_hash[:32],
            created=values.made_at,
            patience=patience,
        )
        with pikepdf.open(io.BytesIO(content)) as drawn:
            there = len(drawn.pages) - len(inserts)
        if there == front:
            break
        front = there
    return content, front


def pack_html(values: PackValues, parts: Sequence[Part], front: int, agenda_pages: int) -> str:
    """The pages of ours, where *front* of them stand before the agenda."""
    shown = typeset(values)
    inserts = [_insert(part) for part in parts if not part.content]
    lines = list(_lines(shown, parts, front + 1, front + 1 + agenda_pages))
    facts = (
        ("Termin", f"{text.weekday_date(shown.starts_at.astimezone(BERLIN).date())}, {_span(shown)}"),
        ("Ort", shown.place),
        ("Stand", run_of(_version(shown), f"Fassung {shown.edition_word}")),
    )
    return render(
        "documents/pack.html",
        {
            "document": _frame(shown),
            "letterhead": shown.letterhead or (shown.body,),
            "heading": f"Sitzungsmappe zur {shown.label}",
            "body_name": shown.body,
            "facts": [(name, value) for name, value in facts if value],
            "lines": lines,
            "target": TARGET,
            "inserts": inserts,
            "left_out": sum(bool(part.why) for part in parts),
        },
    )


def _frame(values: PackValues) -> Frame:
    return Frame(
        title=f"Sitzungsmappe zur {text.one_line(values.label)} – {text.one_line(values.body)}",
        author=text.one_line(values.sender or values.body),
        footer=run_of(clipped(values.reference, 80), _version(values), f"Fassung {values.edition_word}"),
        running=run_of(clipped(values.label, 60), clipped(values.body, 80), "Sitzungsmappe"),
        banner=DEMO if values.demo else "",
        draft=values.version == 0,
    )


def _version(values: PackValues) -> str:
    return f"Version {values.version}" if values.version else "ENTWURF"


def _span(values: PackValues) -> str:
    return text.span(values.starts_at, values.ends_at)


def _insert(part: Part) -> Insert:
    paper = typeset(part.paper)
    number = f"TOP {part.item.number} · " if part.item and part.item.number else ""
    return Insert(
        heading=f"{number}{paper.kind}: {paper.title}",
        name=f"{paper.file_name}, {size_in_words(paper.size)}",
        picture=part.picture,
        why=part.why,
        address="" if paper.barred else paper.address,
    )


def _lines(values: PackValues, parts: Sequence[Part], agenda_page: int, page: int) -> Iterator[Line]:
    """The contents: the agenda, then every paper below its item, with the page on which it begins."""
    yield Line("", "Tagesordnung", agenda_page)
    waiting = list(parts)
    if values.papers:
        yield Line("", "Unterlagen zur Sitzung")
    for item in (None, *values.items):
        papers = values.papers if item is None else item.papers
        if item is not None:
            yield Line(item.number, f"{item.title}{' (abgesetzt)' if item.withdrawn else ''}")
        for paper in papers:
            part = waiting.pop(0)
            yield Line("", f"{paper.kind}: {paper.title}", page, part.why, level=2)
            page += part.pages


# --- putting together ------------------------------------------------------------------------------------------------


def _join(values: PackValues, made: pikepdf.Pdf, agenda: pikepdf.Pdf, parts: Sequence[Part], front: int) -> None:
    """Into *made* (our pages, the inserts last) come the agenda behind the contents and files before the inserts."""
    inserts = [page.obj.objgen for page in made.pages][front:]
    marks = _bookmarks_of(agenda)
    for place, page in enumerate(agenda.pages):
        made.pages.insert(front + place, page)
    take_tags_over(made, agenda, [page.obj for page in made.pages][front : front + len(agenda.pages)])
    move_tags(made, inserts)
    own = set(range(front + len(agenda.pages)))
    places, place = [], front + len(agenda.pages)
    for part in parts:
        places.append(place)
        if part.content:
            with pikepdf.open(io.BytesIO(part.content)) as file:
                for number, page in enumerate(file.pages):
                    made.pages.insert(place + number, page)
        else:
            own.add(place)
        place += part.pages
    _link(made, front)
    _stamp(made, own)
    _bookmark(made, values, parts, places, front, marks)
    _describe(made, values)


def _link(made: pikepdf.Pdf, front: int) -> None:
    """The lines of the contents lead to their pages."""
    for page in list(made.pages)[:front]:
        for annotation in page.obj.get("/Annots", pikepdf.Array()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if isinstance(action, pikepdf.Dictionary) else ""
            if address.startswith(TARGET):
                target = made.pages[int(address.removeprefix(TARGET)) - 1].obj
                del annotation["/A"]
                annotation.Dest = pikepdf.Array([target, pikepdf.Name.Fit])


def _stamp(made: pikepdf.Pdf, own: set[int]) -> None:
    """Our pages say where they stand in the pack; foreign ones stay as they are."""
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    total = len(made.pages)
    for place in sorted(own):
        page = made.pages[place]
        name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.SKIPMappe)
        words = f"Sitzungsmappe, Seite {place + 1} von {total}"
        drawing = f"\nQ\n/Artifact <</Type /Pagination>> BDC q BT 0.36 g {name} 8 Tf 65.2 18 Td ({words}) Tj ET Q EMC\n"
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(drawing.encode("ascii"))


def _bookmarks_of(agenda: pikepdf.Pdf) -> dict[str, int]:
    """Where the agenda speaks of what: the words of its bookmarks with the number of the page, from 0."""
    numbers = {page.obj.objgen: number for number, page in enumerate(agenda.pages)}
    found: dict[str, int] = {}

    def walk(items: Any) -> None:
        for one in items:
            target = one.destination
            if isinstance(target, pikepdf.Array) and target[0].objgen in numbers:
                found.setdefault(str(one.title), numbers[target[0].objgen])
            walk(one.children)

    with agenda.open_outline() as outline:
        walk(outline.root)
    return found


def _bookmark(
    made: pikepdf.Pdf,
    values: PackValues,
    parts: Sequence[Part],
    places: Sequence[int],
    front: int,
    marks: dict[str, int],
) -> None:
    """One bookmark for each item, at its place in the agenda, and below it one for each paper."""
    entries = list(zip(parts, places, strict=True))
    with made.open_outline() as outline:
        outline.root.clear()
        outline.root.append(pikepdf.OutlineItem("Inhalt", 0))
        outline.root.append(pikepdf.OutlineItem("Tagesordnung", front))
        outline.root += [_paper_mark(part, place) for part, place in entries if part.item is None]
        for item in values.items:
            papers = [(part, place) for part, place in entries if part.item is item]
            begins = next((page for words, page in marks.items() if words.startswith(f"{item.number} ")), 0)
            mark = pikepdf.OutlineItem(clipped(f"{item.number} {item.title}".strip(), 200), front + begins)
            mark.children += [_paper_mark(part, place) for part, place in papers]
            outline.root.append(mark)


def _paper_mark(part: Part, place: int) -> pikepdf.OutlineItem:
    return pikepdf.OutlineItem(clipped(f"{part.paper.kind}: {part.paper.title}", 200), place)


def _describe(made: pikepdf.Pdf, values: PackValues) -> None:
    """Title and language stay; what our pages alone could claim (PDF/A, PDF/UA) does not hold for the whole."""
    for key in ("/Metadata", "/OutputIntents", "/AF"):
        if key in made.Root:
            del made.Root[key]
    made.Root.MarkInfo = pikepdf.Dictionary(Marked=True, Suspects=True)
    with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = _frame(values).title
        metadata["dc:language"] = {"de"}
