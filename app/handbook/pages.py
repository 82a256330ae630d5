"""Reading the handbook: Markdown files become pages with anchored sections, once per process."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app import text
from app.errors import NotFound
from app.templating import TEMPLATES

FOLDER = TEMPLATES / "help"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INSIDE = re.compile(r"(/(?![/\\])|#)")

CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Für den Anfang", ("ein-halbjahr", "anmelden-und-rollen", "suche", "tastatur")),
    (
        "Sitzungen",
        (
            "sitzung-vorbereiten",
            "themenspeicher-und-anmeldungen",
            "umlaufverfahren",
            "veraenderungen",
            "unterlagen",
            "nachtrag-und-fassungen",
            "sprechzettel-gaeste-schreiben",
            "einladung-und-antworten",
            "gemeinsam-bearbeiten",
            "anwesenheit",
            "protokoll-fuehren",
            "niederschrift",
            "auftraege",
            "beschlusskontrolle",
            "kalender",
            "benachrichtigungen",
            "post-und-zustellung",
        ),
    ),
    ("Ergebnisse", ("beschluesse",)),
    ("Projekte und Stammdaten", ("projekte-und-sachstand", "planperioden", "gremien-personen-import")),
    (
        "Nach Aufgabe",
        ("fuer-mitglieder", "fuer-projektleitungen", "fuer-den-vorsitz", "betrieb", "datenschutz-und-texte"),
    ),
)
"""The order of the handbook: headings with their pages. A page that is missing here stands under "Weiteres"."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a page below one heading, as plain text; ``anchor`` "" is the beginning of the page."""

    anchor: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class HandbookPage:
    """A page of the handbook: its address, its title, the sentence that sums it up, its HTML, its sections."""

    slug: str
    title: str
    summary: str
    html: Markup
    sections: tuple[Section, ...]

    @property
    def address(self) -> str:
        """Where it is read."""
        return f"/hilfe/{self.slug}"

    @property
    def headings(self) -> tuple[Section, ...]:
        """The sections with a heading of their own."""
        return tuple(section for section in self.sections if section.anchor)


@cache
def load_handbook(folder: Path = FOLDER) -> Mapping[str, HandbookPage]:
    """Every page by its slug, in the order of the contents."""
    there = {path.stem: path for path in sorted(folder.glob("*.md"))}
    known = [slug for _, slugs in CONTENTS for slug in slugs]
    return {
        slug: read_page(slug, there[slug].read_text(encoding="utf-8"))
        for slug in [*(slug for slug in known if slug in there), *(slug for slug in there if slug not in known)]
    }


def get_handbook_page(slug: str) -> HandbookPage:
    """The page; NotFound where there is none."""
    try:
        return load_handbook()[slug]
    except KeyError:
        raise NotFound() from None


def list_contents() -> list[tuple[str, list[HandbookPage]]]:
    """Headings with their pages; empty headings are left out."""
    pages = load_handbook()
    listed = {slug for _, slugs in CONTENTS for slug in slugs}
    groups = [(title, [pages[slug] for slug in slugs if slug in pages]) for title, slugs in CONTENTS]
    groups.append(("Weiteres", [page for slug, page in pages.items() if slug not in listed]))
    return [(title, found) for title, found in groups if found]


def read_page(slug: str, source: str) -> HandbookPage:
    """A page from its Markdown: ``# Title``, a summing-up paragraph, sections. ValueError for anything else."""
    tokens = _markdown().parse(source)
    opens = [token.type for token in tokens[:4]]
    if opens != ["heading_open", "inline", "heading_close", "paragraph_open"] or tokens[0].tag != "h1":
        raise ValueError(f"{slug}.md must begin with a title and a sentence that sums it up")
    title, summary, rest = _plain(tokens[1]), _plain(tokens[4]), tokens[6:]
    anchors = _anchor(rest)
    _label_cells(rest)
    html = _markdown().renderer.render(rest, _markdown().options, {})
    sections = tuple(_sections(title, summary, rest, anchors))
    return HandbookPage(slug=slug, title=title, summary=summary, html=Markup(html), sections=sections)  # noqa: S704


class _Markdown(MarkdownIt):
    """Markdown whose links lead only to pages of this product; everything else stays text."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return _INSIDE.match(url) is not None


@cache
def _markdown() -> MarkdownIt:
    return _Markdown("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")


def _plain(inline: Token) -> str:
    """The words of a paragraph or heading without their marks."""
    parts = []
    for token in inline.children or []:
        parts.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
    return "".join(parts).strip()


def _anchor(tokens: Sequence[Token]) -> dict[int, str]:
    """Give every heading an id of its own; {place of the heading: id}."""
    found: dict[int, str] = {}
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = re.sub(r"[^a-z0-9]+", "-", text.fold(_plain(tokens[place + 1]))).strip("-") or "abschnitt"
            anchor, more = words, 2
            while anchor in found.values():
                anchor, more = f"{words}-{more}", more + 1
            token.attrSet("id", anchor)
            found[place] = anchor
    return found


def _label_cells(tokens: Sequence[Token]) -> None:
    """Tables as everywhere in the product: the first cell names its row, the others carry the name of their column."""
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            token.attrSet("class", "table")
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            heads.append(_plain(tokens[place + 1]))
        elif token.type == "td_open":
            if column == 0:
                token.tag = tokens[place + 2].tag = "th"
                token.attrSet("scope", "row")
            else:
                token.attrSet("data-label", heads[column])
            column += 1


def _sections(title: str, summary: str, tokens: Sequence[Token], anchors: Mapping[int, str]) -> Iterator[Section]:
    anchor, heading, words = "", title, [summary]
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield Section(anchor, heading, " ".join(words))
            anchor, heading, words = anchors[place], _plain(tokens[place + 1]), []
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            in_cell = tokens[place - 1].type in ("td_open", "th_open")
            words.append(f"· {_plain(token)}" if in_cell and words else _plain(token))
        elif token.type in ("fence", "code_block"):
            words.append(token.content)
    yield Section(anchor, heading, " ".join(words))
