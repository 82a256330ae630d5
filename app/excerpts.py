"""Excerpts: the words around the first hit of a search, hits marked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
AROUND = 14
"""So many words before and after a hit stand in an excerpt."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt; ``hit`` marks a word that was looked for."""

    words: str
    hit: bool


def excerpt(words: str, find_hits: Callable[[Sequence[str]], set[int]], *, whole: bool = False) -> tuple[Piece, ...]:
    """The words around the first hit; the beginning of *words* where there is none. ``whole``: all of them.

    *find_hits* is given the words and says the places of those that were looked for.
    """
    places = list(WORD.finditer(words))
    hits = find_hits([place.group() for place in places])
    middle = min(hits, default=0)
    first, last = (0, len(places)) if whole else (max(0, middle - AROUND), min(len(places), middle + AROUND + 1))
    if first >= last:
        return (Piece(words, hit=False),) if whole and words else ()
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
