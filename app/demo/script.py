"""The story as dated acts: played in the order of their moments, each with the clock standing there."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app import clock


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment."""

    moment: dt.datetime
    do: Callable[[], object]


def play(acts: Iterable[Act]) -> None:
    """Play the acts, earliest first; those of one moment in the given order."""
    for act in sorted(acts, key=lambda act: act.moment):
        with clock.standing_at(act.moment):
            act.do()
