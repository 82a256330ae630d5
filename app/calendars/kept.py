"""Feeds kept in memory by their ETag, and the tag each address has: what is unchanged is not even examined."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_BYTES = 32 * 1024 * 1024
MOST_ADDRESSES = 20_000


class KeptFeeds:
    """The feeds asked for last, at most ``most_bytes`` in all. A tag names one text for ever, so nothing goes stale."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._feeds: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, tag: str) -> bytes | None:
        """The feed with this tag, None if it is not kept."""
        with self._lock:
            found = self._feeds.get(tag)
            if found is not None:
                self._feeds.move_to_end(tag)
            return found

    def keep(self, tag: str, content: bytes) -> None:
        """Keep a feed; those not asked for the longest time give way."""
        with self._lock:
            if tag in self._feeds or len(content) > self._most_bytes:
                return
            self._feeds[tag] = content
            self._bytes += len(content)
            while self._bytes > self._most_bytes:
                _, gone = self._feeds.popitem(last=False)
                self._bytes -= len(gone)


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a tag holds for: the end of the history (every change is recorded there) and the day (terms end with it)."""

    head: str
    day: dt.date


class KnownTags:
    """The tag that each address had last, and the state of everything in which it had it.

    While history and day are the same, so are the data, the rights, and whether the address works at all: one row
    tells. Anything recorded, and midnight, make an address be examined again.
    """

    def __init__(self, most: int = MOST_ADDRESSES) -> None:
        self._most = most
        self._tags: OrderedDict[tuple[str, ...], tuple[AsOf, str]] = OrderedDict()
        self._lock = Lock()

    def find(self, address: tuple[str, ...], as_of: AsOf) -> str | None:
        """The tag of the address, None if something may have changed since it was kept."""
        with self._lock:
            known = self._tags.get(address)
        return known[1] if known is not None and known[0] == as_of else None

    def keep(self, address: tuple[str, ...], as_of: AsOf, tag: str) -> None:
        """Keep what was just found; ``as_of`` was read before it. Before the first entry nothing is known to change."""
        if not as_of.head:
            return
        with self._lock:
            self._tags[address] = (as_of, tag)
            self._tags.move_to_end(address)
            while len(self._tags) > self._most:
                self._tags.popitem(last=False)
