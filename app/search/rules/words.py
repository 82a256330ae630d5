"""German words for searching: how texts are folded, and what a search looks for in them.

Both databases look for the same pieces in the same folded text, so they find the same: stems of words, which German
compounds hold inside ("Flächen" finds "Industrieflächen"); words of one or two letters whole ("KI" is not in "SKIP").
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from app import text

LONGEST_SEARCH = 200
SHORTEST_PART = 3
"""Shorter words are found whole only: the index knows pieces of three letters."""
WORD = re.compile(r"[^\W_]+")
ENDINGS = "e|em|en|ens|er|ern|es|n|ne|nen|s|se|sen|ses|ung|ungen"
"""What may follow a stem in a whole word."""

_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)+")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_TOKEN = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans(dict.fromkeys("„“”«»‟″", '"'))
_DIGRAPH = re.compile(r"(?<![aeq])([aou])e")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of a search; one of ``needles`` must stand in the folded text. Spaces in them bound words."""

    needles: tuple[str, ...]
    excluded: bool = False


def fold_words(words: str) -> list[str]:
    """The words of a text levelled: case, umlauts, accents, ß, and without soft hyphens and other invisible signs."""
    return WORD.findall(text.fold(_INVISIBLE.sub("", words)))


def collapsed(word: str) -> str:
    """*word* (folded) with ae, oe, ue as written-out umlauts: "mueller" as "muller", but "neue" and "quelle" stay."""
    return _DIGRAPH.sub(r"\1", word)


def folded(title: str, body: str) -> str:
    """What is searched of a text: its title, the text itself, and other spellings of its words, a line for each.

    Every word stands between spaces. Other spellings are those with umlauts written out and hyphens left out.
    """
    first, second = fold_words(title), fold_words(body)
    there = set(first) | set(second)
    more = {collapsed(word) for word in there}
    for part in (title, body):
        more |= {"".join(fold_words(found)) for found in _HYPHENED.findall(part)}
    return "\n".join(f" {' '.join(line)} " for line in (first, second, sorted(more - there - {""})))


def shortened(search: str) -> str:
    """A search of at most 200 characters, cut between words where that is possible."""
    if len(search) <= LONGEST_SEARCH:
        return search
    cut = search[:LONGEST_SEARCH]
    return cut if " " not in cut or search[LONGEST_SEARCH] == " " else cut.rpartition(" ")[0]


def read_search(search: str) -> list[Term]:
    """The terms of a search: words by their stems, "phrases" exactly, -excluded; signs alone mean nothing."""
    found: list[Term] = []
    for minus, phrase, token in _TOKEN.findall(shortened(search).translate(_QUOTES)):
        exact = not token
        excluded = minus == "-" or (token.startswith("-") and not exact)
        typed = phrase if exact else token
        needles = {needle for spelling in _spellings(typed) for needle in _needles(spelling, exact=exact)}
        if needles:
            found.append(Term(tuple(sorted(needles)), excluded))
    return list(dict.fromkeys(found))


def _spellings(typed: str) -> set[tuple[str, ...]]:
    """The ways in which the words of *typed* may be spelled, folded."""
    level = unicodedata.normalize("NFC", typed).casefold()
    plain = tuple(fold_words(level))
    ways = {plain, tuple(collapsed(word) for word in plain), tuple(fold_words(level.translate(_WRITTEN_OUT)))}
    if _HYPHENED.fullmatch(level.strip("-")):
        ways.add(("".join(plain),))
    return {way for way in ways if way}


def _needles(words: tuple[str, ...], *, exact: bool) -> list[str]:
    if exact:
        return [f" {' '.join(words)} "]
    last = stem(words[-1])
    begins = " " if len(words[0]) < SHORTEST_PART else ""
    ends = " " if len(last) < SHORTEST_PART else ""
    return [f"{begins}{' '.join([*words[:-1], last])}{ends}"]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The German stem of a folded word, which is always its beginning; short ones stay whole."""
    if len(word) <= SHORTEST_PART:
        return word
    found: str = snowballstemmer.stemmer("german").stemWord(word)
    return found if word.startswith(found) and len(found) >= SHORTEST_PART else word


def grams(needle: str) -> list[str]:
    """The pieces of three letters of a needle, each once."""
    return sorted({needle[at : at + SHORTEST_PART] for at in range(len(needle) - SHORTEST_PART + 1)})
