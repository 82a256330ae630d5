"""The geometry of small charts, in the units of their drawing: bars that add up, and a line of time."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

WIDTH, LABEL, SUM = 340.0, 72.0, 34.0
BAR, STEP, TOP = 16.0, 44.0, 18.0
STRIPE = 5.0
COUNT_LABEL, COUNT_STEP = 116.0, 24.0
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


def counts(rows: Sequence[tuple[str, int]]) -> Bars:
    """One plain bar for each (label, number), one below the other; what is none keeps its line."""
    scale = (WIDTH - COUNT_LABEL - SUM) / max([1, *(number for _, number in rows)])
    drawn = []
    for place, (label, number) in enumerate(rows):
        y, width = 2 + place * COUNT_STEP, number * scale
        segments = (Segment("zahl", number, COUNT_LABEL, _round(width), False, ""),) if number else ()
        drawn.append(Bar(label, y, number, _round(COUNT_LABEL + width), segments))
    return Bars(WIDTH, 2 + len(rows) * COUNT_STEP, tuple(drawn))


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


# --- a line of time ---------------------------------------------------------------------------------------------------

LINE, LEFT, RIGHT = 640.0, 96.0, 18.0
LANE, HEAD = 34.0, 14.0
BACK, AHEAD = dt.timedelta(days=6 * 366), dt.timedelta(days=3 * 366)
"""How far around today the line reaches; what lies beyond stands in the table only."""
APART = 46.0
"""How far two labels must stand apart to be both written."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on the line: in which lane, from when (to when, for a span), its light key or kind, and its label."""

    lane: str
    on: dt.date
    kind: str
    label: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A drawn span of time."""

    kind: str
    x: float
    y: float
    width: float
    stripes: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn moment; the label is "" where it would lie over another one."""

    kind: str
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A chart of lanes over one axis of time; ``today`` is where today lies."""

    width: float
    height: float
    lanes: tuple[tuple[str, float], ...]
    stretches: tuple[Stretch, ...]
    dots: tuple[Dot, ...]
    years: tuple[tuple[float, str], ...]
    axis: float
    today: float


def time_line(happenings: Iterable[Happening], lanes: Sequence[str], today: dt.date) -> TimeLine:
    """The happenings in their *lanes* (those without any are left out), on a line from the first to the last."""
    there = [one for one in happenings if today - BACK <= (one.until or one.on) and one.on <= today + AHEAD]
    shown = [lane for lane in lanes if any(one.lane == lane for one in there)]
    days = [today, *(max(one.on, today - BACK) for one in there)]
    days += [min(one.until, today + AHEAD) for one in there if one.until]
    first, last = min(days) - dt.timedelta(days=20), max(days) + dt.timedelta(days=20)
    scale = (LINE - LEFT - RIGHT) / (last - first).days

    def place(day: dt.date) -> float:
        return LEFT + (min(max(day, first), last) - first).days * scale

    tops = {lane: HEAD + number * LANE for number, lane in enumerate(shown)}
    axis = HEAD + len(shown) * LANE
    return TimeLine(
        width=LINE,
        height=axis + 22,
        lanes=tuple((lane, top) for lane, top in tops.items()),
        stretches=tuple(_stretch(one, place, tops[one.lane]) for one in there if one.until),
        dots=tuple(_dots([one for one in there if not one.until], place, tops)),
        years=tuple(_years(first, last, place)),
        axis=axis,
        today=_round(place(today)),
    )


def _stretch(one: Happening, place: Callable[[dt.date], float], y: float) -> Stretch:
    x = place(one.on)
    width = max(place(one.until or one.on) - x, 1.5)
    return Stretch(one.kind, _round(x), y, _round(width), _stripes(one.kind, x, y, width))


def _dots(moments: Sequence[Happening], place: Callable[[dt.date], float], tops: Mapping[str, float]) -> Iterator[Dot]:
    free: dict[str, float] = {}
    for one in sorted(moments, key=lambda one: one.on):
        x = place(one.on)
        fits = one.label and x >= free.get(one.lane, 0)
        if fits:
            free[one.lane] = x + max(APART, 7 * len(one.label) + 14)
        yield Dot(one.kind, _round(x), tops[one.lane] + BAR / 2, one.label if fits and len(one.label) <= 12 else "")


def _years(first: dt.date, last: dt.date, place: Callable[[dt.date], float]) -> Iterator[tuple[float, str]]:
    years = range(first.year + 1, last.year + 1)
    step = max(1, len(years) // 8 + 1) if len(years) > 8 else 1
    for year in years[::step]:
        yield _round(place(dt.date(year, 1, 1))), str(year)
