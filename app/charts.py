"""The geometry of small charts, in the units of their drawing: bars that add up, and a line of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, LABEL, SUM = 340.0, 72.0, 34.0
BAR, STEP, TOP = 16.0, 44.0, 18.0
STRIPE = 5.0
DIGIT = 8.0
"""How wide a digit of the numbers above a bar is taken to be."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: which light, where, and how many. ``shown``: there is room for its number above it."""

    key: str
    count: int
    x: float
    width: float
    shown: bool
    stripes: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day as a bar: its label, the sum behind it, and its pieces from left to right."""

    label: str
    y: float
    total: int
    end: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars on one scale."""

    width: float
    height: float
    bars: tuple[Bar, ...]


def bars(days: Sequence[tuple[str, Mapping[str, int]]], most: int) -> Bars:
    """A bar for each (label, counts by light); *most* is the greatest sum among the charts that are compared."""
    scale = (WIDTH - LABEL - SUM) / max(most, 1)
    drawn = []
    for place, (label, counts) in enumerate(days):
        y, x = TOP + place * STEP, LABEL
        segments = []
        for key, count in counts.items():
            if count:
                width = count * scale
                shown = width >= 20 + DIGIT * len(str(count))
                segments.append(Segment(key, count, _round(x), _round(width), shown, _stripes(key, x, y, width)))
                x += width
        drawn.append(Bar(label, y, sum(counts.values()), _round(x), tuple(segments)))
    return Bars(WIDTH, TOP + len(days) * STEP - (STEP - BAR) + 6, tuple(drawn))


def _stripes(key: str, x: float, y: float, width: float) -> str:
    """The pattern of a piece as a path: yellow upright lines, green lying ones; red is plain and "ohne" is empty."""
    if key == "gelb":
        count = int(width / STRIPE)
        return "".join(f"M{_round(x + STRIPE * n)} {y:g}v{BAR:g}" for n in range(1, count + 1) if STRIPE * n < width)
    if key == "gruen":
        return "".join(f"M{_round(x)} {y + BAR * part / 3:.4g}h{_round(width)}" for part in (1, 2))
    return ""


def _round(number: float) -> float:
    return round(number, 1)
