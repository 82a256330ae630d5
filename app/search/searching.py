"""Searching: what is found for somebody, in its order, page by page, with the words that were looked for marked."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session

from app.actor import Actor
from app.excerpts import Piece, excerpt
from app.search.models import EntryKind
from app.search.queries.candidates import Filters, Found, fetch, keep_readable, load_texts, matching
from app.search.rules.ranking import Rank, rank, ranker
from app.search.rules.words import Term, collapsed, fold_words, read_search

MOST = 500
"""So many hits at most are ranked: the latest ones. Whoever gets more is told so and asked to narrow the search."""
BATCHES = 20

K = EntryKind
GROUPS: Mapping[str, tuple[str, str, tuple[EntryKind, ...]]] = {
    "projekt": ("Projekt", "Projekte", (K.PROJECT,)),
    "sachstand": ("Sachstand", "Sachstände", (K.STATUS,)),
    "sitzung": ("Sitzung", "Sitzungen", (K.MEETING,)),
    "top": ("Tagesordnungspunkt", "Tagesordnungspunkte", (K.ITEM, K.ITEM_DRAFT, K.ITEM_PUBLIC)),
    "unterlage": ("Unterlage", "Unterlagen", (K.PAPER, K.PAPER_DRAFT, K.PAPER_PUBLIC, K.PROJECT_PAPER)),
    "niederschrift": ("Niederschrift", "Niederschriften", (K.MINUTES_FULL, K.MINUTES_INSIDE, K.MINUTES_PUBLIC)),
    "mitschrift": ("Mitschrift", "Mitschriften", (K.NOTE,)),
    "beschluss": ("Beschluss", "Beschlüsse", (K.DECISION,)),
    "auftrag": ("Auftrag", "Aufträge", (K.ACTION,)),
    "umlauf": ("Umlaufverfahren", "Umlaufverfahren", (K.CIRCULAR,)),
    "thema": ("Thema im Themenspeicher", "Themen im Themenspeicher", (K.TOPIC,)),
    "anmeldung": ("Anmeldung", "Anmeldungen", (K.REGISTRATION,)),
}
"""What is found, as people name it: key, word for one and many, and the kinds of entries behind it."""
_GROUP_OF = {kind: key for key, (_, _, kinds) in GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its ``group``, title and the words around the hit, and where it stands.

    ``href`` is the page, ``resource`` the nearest object of the API.
    """

    group: str
    object_id: int
    title: str
    title_pieces: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    day: dt.date
    body_id: int | None
    href: str
    resource: str
    rank: Rank

    @property
    def word(self) -> str:
        """Beschluss"""
        return GROUPS[self.group][0]

    @property
    def undated(self) -> bool:
        """Whether nobody said a day, as of a project without any status."""
        return self.group == "projekt" and self.day.year == _NO_DAY


_NO_DAY = 2000


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. ``total`` counts what this reader may read; ``more_exist``: there are hits beyond those ranked.

    ``has_words`` False: there was nothing to look for. ``following``: whether a further page begins behind the last.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    more_exist: bool = False
    has_words: bool = True
    following: bool = False


def search(
    session: Session,
    actor: Actor,
    asked: str,
    wish: Filters | None = None,
    *,
    after: Rank | None = None,
    limit: int = 20,
) -> Results:
    """What *actor* finds for *asked* behind the hit ranked *after*.

    Every word must stand in the same text. Nothing that the actor may not read is fetched, counted or ranked.
    """
    terms = read_search(asked)
    if all(term.excluded for term in terms):
        return Results(has_words=False)
    found, more_exist = _collect(session, actor, terms, wish or Filters())
    ranked = _ranked(found, terms)
    behind = [pair for pair in ranked if after is None or pair[0] > after]
    shown = behind[:limit]
    texts = load_texts(session, [one.id for _, one in shown])
    hits = tuple(_hit(place, one, *texts[one.id], terms) for place, one in shown)
    return Results(hits, len(ranked), more_exist, following=len(behind) > limit)


def _collect(session: Session, actor: Actor, terms: Sequence[Term], wish: Filters) -> tuple[list[Found], bool]:
    """The latest readable matches, at most ``MOST``; batches go on where values of a release decided against some."""
    kept: list[Found] = []
    for statement in matching(session, terms, actor, wish):
        below: int | None = None
        for _ in range(BATCHES):
            found = fetch(session, statement, MOST + 1, below)
            kept += keep_readable(session, actor, found)
            if len(kept) > MOST:
                return kept[:MOST], True
            if len(found) <= MOST:
                break
            below = found[-1].id
    return kept, False


def _ranked(found: Sequence[Found], terms: Sequence[Term]) -> list[tuple[Rank, Found]]:
    """In their order; of the texts of one thing (as drafted, as released) the best alone."""
    weigh = ranker(terms).weight
    ordered = sorted(
        ((rank(weigh(one.folded), one.happened_on, one.kind, one.object_id), one) for one in found),
        key=lambda pair: (pair[0], pair[1].id),
    )
    seen: set[tuple[str, int]] = set()
    best = []
    for place, one in ordered:
        thing = (_GROUP_OF[one.kind], one.object_id)
        if thing not in seen:
            seen.add(thing)
            best.append((place, one))
    return best


def _hit(place: Rank, one: Found, title: str, body: str, terms: Sequence[Term]) -> Hit:
    def hits(words: Sequence[str]) -> set[int]:
        return found_words(words, terms)

    return Hit(
        group=_GROUP_OF[one.kind],
        object_id=one.object_id,
        title=title,
        title_pieces=excerpt(title, hits, whole=True),
        pieces=excerpt(body, hits),
        day=one.happened_on,
        body_id=one.body_id,
        href=_ADDRESSES[one.kind](one),
        resource=_resource(one),
        rank=place,
    )


def found_words(words: Sequence[str], terms: Sequence[Term]) -> set[int]:
    """The places of the words that a search looked for."""
    spelled = [_spelled(word) for word in words]
    needles = {needle for term in terms if not term.excluded for needle in term.needles}
    hits: set[int] = set()
    for there in {tuple(word for word, _ in spelled), tuple(word for _, word in spelled)}:
        for needle in needles:
            hits |= _places(needle, there)
    return hits


@lru_cache(maxsize=16_384)
def _spelled(word: str) -> tuple[str, str]:
    """A word folded, as it is and with written-out umlauts."""
    folded = "".join(fold_words(word))
    return folded, collapsed(folded)


def _places(needle: str, there: Sequence[str]) -> set[int]:
    """The places of the words of *there* that hold the needle, whose spaces bound words."""
    line = f" {' '.join(there)} "
    hits: set[int] = set()
    at = line.find(needle)
    while at >= 0:
        # every word has one space before it: that of its own place is the last one at or before its first letter
        first = line.count(" ", 0, at + 1) - 1
        hits.update(range(first, first + len(needle.split())))
        at = line.find(needle, at + 1)
    return hits


_ADDRESSES: Mapping[EntryKind, Callable[[Found], str]] = {
    K.PROJECT: lambda one: f"/projekte/{one.object_id}",
    K.STATUS: lambda one: f"/projekte/{one.project_id}",
    K.PROJECT_PAPER: lambda one: f"/projekte/{one.project_id}",
    K.MEETING: lambda one: f"/sitzungen/{one.object_id}",
    K.ITEM: lambda one: f"/sitzungen/{one.meeting_id}/top/{one.object_id}",
    K.ITEM_DRAFT: lambda one: f"/sitzungen/{one.meeting_id}/top/{one.object_id}",
    K.ITEM_PUBLIC: lambda one: f"/sitzungen/{one.meeting_id}",
    K.PAPER: lambda one: f"/sitzungen/{one.meeting_id}/unterlagen",
    K.PAPER_DRAFT: lambda one: f"/sitzungen/{one.meeting_id}/unterlagen",
    K.PAPER_PUBLIC: lambda one: f"/sitzungen/{one.meeting_id}",
    K.NOTE: lambda one: f"/sitzungen/{one.meeting_id}/protokoll/{one.object_id}",
    K.MINUTES_FULL: lambda one: f"/sitzungen/{one.object_id}/niederschrift",
    K.MINUTES_INSIDE: lambda one: f"/sitzungen/{one.object_id}/niederschrift",
    K.MINUTES_PUBLIC: lambda one: f"/sitzungen/{one.object_id}/niederschrift",
    K.DECISION: lambda one: f"/beschluesse/{one.object_id}",
    K.ACTION: lambda one: f"/auftraege/{one.object_id}",
    K.CIRCULAR: lambda one: f"/umlaufverfahren/{one.object_id}",
    K.TOPIC: lambda one: f"/themenspeicher/{one.object_id}",
    K.REGISTRATION: lambda one: f"/anmeldungen/{one.object_id}",
}


_OWN = {
    K.PROJECT: "projects",
    K.DECISION: "decisions",
    K.ACTION: "actions",
    K.CIRCULAR: "circular-procedures",
    K.TOPIC: "topics",
    K.REGISTRATION: "registrations",
}


def _resource(one: Found) -> str:
    if one.kind in _OWN:
        return f"/{_OWN[one.kind]}/{one.object_id}"
    if one.kind in (K.STATUS, K.PROJECT_PAPER):
        return f"/projects/{one.project_id}"
    if one.kind in (K.ITEM, K.ITEM_DRAFT):
        return f"/meetings/{one.meeting_id}/agenda-items/{one.object_id}"
    return f"/meetings/{one.meeting_id}"
