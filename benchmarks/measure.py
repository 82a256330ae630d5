"""Paired measuring: our work and a yardstick take turns in one run, so that their ratio survives a busy machine."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: milliseconds for orientation, and one ratio (ours to the yardstick) per round."""

    name: str
    samples: Sequence[float]
    yardstick: str = ""
    ratios: Sequence[float] = ()
    target: str = ""
    note: str = ""
    yardstick_samples: Sequence[float] = field(default=())

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return statistics.median(self.samples)

    @property
    def p95(self) -> float:
        """The time in milliseconds that 95 of 100 do not exceed."""
        return sorted(self.samples)[min(int(len(self.samples) * 0.95), len(self.samples) - 1)]

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios, None without a yardstick."""
        return statistics.median(self.ratios) if self.ratios else None


def clocked(work: Work) -> float:
    """Milliseconds that *work* takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def alone(name: str, work: Work, *, rounds: int, calls: int, target: str = "", note: str = "") -> Row:
    """Time *work* without a yardstick; one call warms up."""
    work()
    return Row(name, [clocked(work) for _ in range(rounds * calls)], target=target, note=note)


def paired(
    name: str,
    ours: Work,
    yardstick: str,
    bare: Work,
    *,
    rounds: int,
    calls: int,
    target: str = "",
    note: str = "",
    before: Work = lambda: None,
) -> Row:
    """Time *ours* and *bare* in turn, *calls* times a round; *before* runs unmeasured ahead of each of ours."""
    before()
    ours()
    bare()
    samples: list[float] = []
    bare_samples: list[float] = []
    ratios = []
    for _ in range(rounds):
        mine, theirs = [], []
        for _ in range(calls):
            before()
            mine.append(clocked(ours))
            theirs.append(clocked(bare))
        ratios.append(statistics.median(mine) / statistics.median(theirs))
        samples += mine
        bare_samples += theirs
    return Row(name, samples, yardstick, ratios, target, note, bare_samples)
