"""Searching the handbook: every word counts, umlauts are levelled (however typed), endings are forgiven."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app import text
from app.handbook.pages import HandbookPage, Section

WORD = re.compile(r"\w+")
ENDINGS = ("en", "er", "es", "em", "e", "n", "s")
SHORTEST_STEM = 4
_UMLAUTS = re.compile(r"([aou])e")
AROUND = 14
"""So many words before and after a hit stand in the snippet."""
IN_TITLE, IN_HEADING, IN_TEXT = 9, 4, 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; ``hit`` marks a word that was looked for."""

    words: str
    hit: bool


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
    places = list(WORD.finditer(words))
    hits = {at for at, place in enumerate(places) if any(one in text.fold(place.group()) for one in stems)}
    middle = min(hits, default=0)
    first, last = max(0, middle - AROUND), min(len(places), middle + AROUND + 1)
    if first >= last:
        return ()
    start = places[first].start() if first else 0
    end = places[last - 1].end() if last < len(places) else len(words)
    found, at = [Piece("… ", hit=False)] if first else [], start
    for number in range(first, last):
        if number in hits:
            place = places[number]
            found += [Piece(words[at : place.start()], hit=False), Piece(place.group(), hit=True)]
            at = place.end()
    found.append(Piece(words[at:end] + (" …" if last < len(places) else ""), hit=False))
    return tuple(piece for piece in found if piece.words)
