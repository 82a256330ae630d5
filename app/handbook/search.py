"""Searching the handbook: every word counts, umlauts are levelled (however typed), endings are forgiven."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app import text
from app.excerpts import Piece, excerpt
from app.handbook.pages import HandbookPage, Section

WORD = re.compile(r"\w+")
ENDINGS = ("en", "er", "es", "em", "e", "n", "s")
SHORTEST_STEM = 4
_UMLAUTS = re.compile(r"([aou])e")
IN_TITLE, IN_HEADING, IN_TEXT = 9, 4, 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers the question: its best section and the words around the hit."""

    page: HandbookPage
    section: Section
    snippet: tuple[Piece, ...]

    @property
    def address(self) -> str:
        """The section's own address."""
        return self.page.address + (f"#{self.section.anchor}" if self.section.anchor else "")


def search_handbook(pages: Iterable[HandbookPage], question: str) -> list[Hit]:
    """The pages in which every word of *question* occurs, best first; none for a question without words."""
    there = list(pages)
    words = WORD.findall(text.fold(text.one_line(question)))
    return _found(there, words) or _found(there, [_UMLAUTS.sub(r"\1", word) for word in words])


def _found(pages: list[HandbookPage], words: list[str]) -> list[Hit]:
    stems = sorted({stem(word) for word in words})
    if not stems:
        return []
    rated = [(_rate(page, stems), page) for page in pages]
    best = sorted(((rate, page) for rate, page in rated if rate), key=lambda pair: -pair[0])
    return [_hit(page, stems) for _, page in best]


def stem(word: str) -> str:
    """*word* (folded) without a German ending, so that "Sitzungen" finds "Sitzung"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _rate(page: HandbookPage, stems: list[str]) -> int:
    """How well the page answers; 0 where a word does not occur at all."""
    title = text.fold(page.title)
    headings = [text.fold(section.title) for section in page.headings]
    words = [text.fold(section.words) for section in page.sections]
    total = 0
    for one in stems:
        found = IN_TITLE * (one in title) + IN_HEADING * sum(one in heading for heading in headings)
        found += IN_TEXT * min(5, sum(part.count(one) for part in words))
        if not found:
            return 0
        total += found
    return total


def _hit(page: HandbookPage, stems: list[str]) -> Hit:
    """The section with most of the words; the earlier one where two are equal."""

    def worth(section: Section) -> tuple[int, int]:
        heading, words = text.fold(section.title), text.fold(section.words)
        return (sum(one in heading or one in words for one in stems), sum(one in heading for one in stems))

    section = max(page.sections, key=worth)
    return Hit(page, section, snippet(section.words, stems))


def snippet(words: str, stems: list[str]) -> tuple[Piece, ...]:
    """The words around the first hit, hits marked; the beginning where the text itself holds none."""
    return excerpt(
        words, lambda there: {at for at, word in enumerate(there) if any(s in text.fold(word) for s in stems)}
    )
