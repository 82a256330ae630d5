"""What changed between two texts, word by word: pure, for screens and documents that show both."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "gone", "new"]

_TOKENS = re.compile(r"\w+(?:[.,:/-]\w+)*|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing words costs more than their product; beyond this (twice 700 words without a line in common, about half a
# second) a block counts as rewritten.
_AFFORDABLE = 2_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands in both texts ("same"), only before ("gone") or only afterwards ("new")."""

    kind: Kind
    text: str


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """The way from *before* to *after* in words, what is gone standing before what is new.

    Without the new pieces the texts joined are *before*, without the gone ones *after*. Lines are matched first, so
    long texts stay cheap; a space between two changed words belongs to the change: a rewritten sentence reads on.
    """
    return tuple(_told(_joined(list(_compared(before, after)))))


def _compared(before: str, after: str) -> Iterator[Piece]:
    """Pieces of lines that are alike, and of words in those that are not."""
    old, new = _LINES.findall(before), _LINES.findall(after)
    for same, gone, added in _blocks(old, new):
        if same:
            yield Piece("same", "".join(gone))
        elif len(gone) == len(added):
            for one, other in zip(gone, added, strict=True):
                yield from _words(one, other)
        else:
            yield from _words("".join(gone), "".join(added))


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) * len(new) > _AFFORDABLE:
        yield from (Piece("gone", before), Piece("new", after))
        return
    for same, gone, added in _blocks(old, new):
        if same:
            yield Piece("same", "".join(gone))
        else:
            yield from (Piece("gone", "".join(gone)), Piece("new", "".join(added)))


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of lines or words as (alike, before, after)."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", old[a:b], new[c:d]


def _joined(pieces: list[Piece]) -> Iterator[tuple[str, str, str]]:
    """Runs as (same, gone, new): neighbours of a kind together, a space between two changes drawn into them."""
    run: tuple[str, str, str] = ("", "", "")
    for place, piece in enumerate(pieces):
        if not piece.text:
            continue
        changed_before, changed_after = bool(run[1] or run[2]), _changes(pieces[place + 1 :])
        inner = piece.text.isspace() and "\n" not in piece.text and changed_before and changed_after
        if piece.kind == "same" and inner:
            run = (run[0], run[1] + piece.text, run[2] + piece.text)
        elif piece.kind == "same":
            if changed_before:
                yield run
                run = ("", "", "")
            run = (run[0] + piece.text, "", "")
        elif piece.kind == "gone":
            run = (run[0], run[1] + piece.text, run[2])
        else:
            run = (run[0], run[1], run[2] + piece.text)
    yield run


def _changes(rest: Sequence[Piece]) -> bool:
    """Whether the next piece with text is a change."""
    following = next((piece for piece in rest if piece.text), None)
    return following is not None and following.kind != "same"


def _told(runs: Iterator[tuple[str, str, str]]) -> Iterator[Piece]:
    for same, gone, new in runs:
        if same:
            yield Piece("same", same)
        if gone:
            yield Piece("gone", gone)
        if new:
            yield Piece("new", new)
