"""Feeds kept in memory by their ETag: whoever asks for an unchanged one gets the same bytes without building them."""

from collections import OrderedDict
from threading import Lock

MOST_BYTES = 32 * 1024 * 1024


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
