"""Shapes of notices: an occasion with those whom it may concern, and what one of them is told."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told, fit for a mail: never anything confidential.

    ``line`` says it in one line, ``happened`` in a sentence, ``todo`` what is to be done until the end of ``until``;
    ``address`` is the page's path, ``lines`` are details. ``over``: ``until`` has passed.
    """

    line: str
    happened: str
    address: str
    todo: str = ""
    until: dt.date | None = None
    lines: tuple[str, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to tell, and whom it may concern: persons and accounts; rights are looked at for each of them.

    ``key`` names the occasion for ever, so that nobody is told of it twice. ``doer`` did it and is not told.
    """

    kind: str
    subject_id: int
    key: str
    bundle: str
    persons: frozenset[int] = field(default_factory=frozenset)
    accounts: frozenset[int] = field(default_factory=frozenset)
    body_id: int | None = None
    meeting_id: int | None = None
    detail: str = ""
    doer: int | None = None


@dataclass(frozen=True, slots=True)
class RecentNotice:
    """Something that somebody was told of: what happened, where it is, when."""

    id: int
    kind: str
    words: str
    address: str
    at: dt.datetime
    until: dt.date | None = None
