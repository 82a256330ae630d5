"""Decision needs as they follow from what the statuses of a project tell and from how needs were closed by hand."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app import text
from app.projects.models import NeedEnd

BY_HAND = frozenset({NeedEnd.DECIDED, NeedEnd.CLOSED})


@dataclass(frozen=True, slots=True)
class Telling:
    """What a counting status of a Stand says: a text opens or keeps a need, "" withdraws it, None is silent."""

    as_of: dt.date
    words: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """A need was closed by hand on a day: by a decision, or by the secretariat. ``words`` are those of that need."""

    on: dt.date
    how: NeedEnd
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A decision need from its opening to its end; ``words`` are the latest that were told."""

    opened_on: dt.date
    words: str
    closed_on: dt.date | None = None
    closed_how: NeedEnd | None = None
    closed_reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody decided, withdrew or closed it."""
        return self.closed_on is None


def needs_from(tellings: Iterable[Telling], closings: Sequence[Closing] = ()) -> list[Need]:
    """All needs of a project in order, however and whenever the statuses were typed.

    A closing by hand ends the latest need opened up to its day, even one that a status withdrew meanwhile; a status
    of a later Stand opens a new one. On the day itself a status counts before the closing, unless its words differ
    from those that were closed. A closing that no status supports any more ends nothing.
    """
    told = sorted((one for one in tellings if one.words is not None), key=lambda one: one.as_of)
    needs: list[Need] = []
    waiting = sorted(closings, key=lambda one: one.on)
    for telling in told:
        while waiting and _precedes(waiting[0], telling):
            _close(needs, waiting.pop(0))
        _tell(needs, telling.as_of, telling.words or "")
    for closing in waiting:
        _close(needs, closing)
    return needs


def _precedes(closing: Closing, telling: Telling) -> bool:
    if closing.on != telling.as_of:
        return closing.on < telling.as_of
    return bool(telling.words) and text.fold(telling.words or "") != text.fold(closing.words)


def _tell(needs: list[Need], as_of: dt.date, words: str) -> None:
    current = needs[-1] if needs and needs[-1].is_open else None
    if words and current is None:
        needs.append(Need(as_of, words))
    elif words and current is not None:
        needs[-1] = replace(current, words=words)
    elif current is not None:
        reason = f"zurückgezogen mit der Meldung zum Stand {text.date(as_of)}"
        needs[-1] = replace(current, closed_on=as_of, closed_how=NeedEnd.WITHDRAWN, closed_reason=reason)


def _close(needs: list[Need], closing: Closing) -> None:
    if needs and needs[-1].closed_how not in BY_HAND:
        needs[-1] = replace(needs[-1], closed_on=closing.on, closed_how=closing.how, closed_reason=closing.reason)
