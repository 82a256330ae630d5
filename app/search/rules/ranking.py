"""The order of hits: whole words before parts, title before text, newer before older."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.search.models import EntryKind
from app.search.rules.words import ENDINGS, Term

Rank = tuple[int, int, int, int]
"""Weight of the words, day (negative), kind and object: smaller ones come first."""

_KINDS, _OBJECTS = 5, 36
"""Bits of an id that hold the kind and the object; the day takes 22 more, which makes 63."""

_ORDER = {kind: place for place, kind in enumerate(EntryKind)}


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weighs folded texts against the terms of one search."""

    patterns: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]

    def weight(self, folded: str) -> int:
        """0 for every word whole in the title, 1 whole in the text, 2 a part in the title, 3 a part in the text."""
        end = folded.find("\n")
        return sum(_weight(pattern, needles, folded, end) for pattern, needles in self.patterns)


def ranker(terms: Sequence[Term]) -> Ranker:
    """The ranker of a search; excluded words have no weight."""
    return Ranker(tuple((_whole(term.needles), term.needles) for term in terms if not term.excluded))


def _whole(needles: Sequence[str]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(re.escape(one.strip()) for one in needles)})(?:{ENDINGS})?(?= )")


def _weight(pattern: re.Pattern[str], needles: Sequence[str], folded: str, end: int) -> int:
    found = pattern.search(folded)
    if found is not None:
        return 0 if found.start() < end else 1
    return 2 if any(-1 < folded.find(one) < end for one in needles) else 3


def place(day: dt.date, kind: EntryKind, object_id: int) -> int:
    """The id of an entry: one number that orders by day, then kind, then object, the same on both databases."""
    if not 0 <= object_id < 1 << _OBJECTS:
        raise ValueError(object_id)
    return (day.toordinal() << (_KINDS + _OBJECTS)) | (_ORDER[kind] << _OBJECTS) | object_id


def number_of(kind: EntryKind) -> int:
    """The number of a kind within the ids of its entries."""
    return _ORDER[kind]


def kind_in(key: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The number of the kind out of an entry's id, as SQL."""
    found: sa.ColumnElement[int] = key.bitwise_rshift(_OBJECTS).bitwise_and((1 << _KINDS) - 1)
    return found


def rank(weight: int, day: dt.date, kind: EntryKind, object_id: int) -> Rank:
    """The place of a hit among all of its search."""
    return (weight, -day.toordinal(), _ORDER[kind], object_id)
