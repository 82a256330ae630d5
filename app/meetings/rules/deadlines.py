"""Deadlines around a meeting: counted in Berlin's working days, moved with the meeting, and the twice-a-year hint."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import holidays

from app import text
from app.clock import end_of_day

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class DeadlineKind(StrEnum):
    """What a deadline is for; the value is the key in a body's settings."""

    ROUND_CLOSES = "round_closes"
    REGISTRATION = "registration"
    PAPERS = "papers"
    INVITATION = "invitation"
    MINUTES = "minutes"
    OBJECTIONS = "objections"


class CountsFrom(StrEnum):
    """The day a deadline is counted from."""

    MEETING = "meeting"
    DISPATCH = "dispatch"


@dataclass(frozen=True)
class DeadlineRule:
    """One line of the table of deadlines.

    *offset_days* is the default in calendar days, negative before and positive after *counts_from*; *provenance* is
    shown beside the setting, because no public source of the body itself gives these numbers.
    """

    kind: DeadlineKind
    title: str
    offset_days: int
    counts_from: CountsFrom = CountsFrom.MEETING
    provenance: str = "eigene Festlegung"


DEADLINES = (
    DeadlineRule(DeadlineKind.ROUND_CLOSES, "Monitoring-Runde schließt", -56),
    DeadlineRule(DeadlineKind.REGISTRATION, "Anmeldeschluss", -42),
    DeadlineRule(DeadlineKind.PAPERS, "Unterlagenschluss", -21),
    DeadlineRule(DeadlineKind.INVITATION, "Versand der Einladung", -14),
    DeadlineRule(DeadlineKind.MINUTES, "Niederschrift", 28),
    DeadlineRule(DeadlineKind.OBJECTIONS, "Einwendungsfrist", 14, CountsFrom.DISPATCH),
)
TITLES: Mapping[DeadlineKind, str] = {rule.kind: rule.title for rule in DEADLINES}
DEFAULT_OFFSETS: Mapping[DeadlineKind, int] = {rule.kind: rule.offset_days for rule in DEADLINES}
OF_THE_MEETING = tuple(rule.kind for rule in DEADLINES if rule.counts_from is CountsFrom.MEETING)


@dataclass(frozen=True)
class Redated:
    """A deadline after its meeting was moved; *met* means: it had passed before and stands as it was."""

    day: dt.date
    met: bool


@dataclass(frozen=True)
class CountedMeeting:
    """What the twice-a-year hint must know of a meeting; *on* is its day in Berlin."""

    on: dt.date
    cancelled: bool = False
    special: bool = False


@lru_cache(maxsize=256)
def _holidays(year: int) -> Mapping[dt.date, str]:
    return dict(holidays.country_holidays("DE", subdiv="BE", years=year, language="de"))


def holiday_name(day: dt.date) -> str | None:
    """The name of the public holiday that *day* is in Berlin ("Frauentag"), or None."""
    return _holidays(day.year).get(day)


def is_holiday(day: dt.date) -> bool:
    """Whether *day* is a public holiday in Berlin."""
    return holiday_name(day) is not None


def holiday_warning(day: dt.date) -> str | None:
    """The warning ("Sitzung am Feiertag (Frauentag)") that a meeting on *day* gets, or None; it is never refused."""
    name = holiday_name(day)
    return f"Sitzung am Feiertag ({name})" if name else None


def is_working_day(day: dt.date, closing_days: Collection[dt.date] = ()) -> bool:
    """Whether *day* is neither Saturday, Sunday, a Berlin holiday nor one of the body's *closing_days*."""
    return day.weekday() < SATURDAY and not is_holiday(day) and day not in closing_days


def deadline(start: dt.date, offset_days: int, *, closing_days: Collection[dt.date] = ()) -> dt.date:
    """The last day of a deadline *offset_days* (calendar days, negative = before) from *start*.

    Where that is no working day, a deadline counted back moves to the working day before, so that nobody loses time;
    one counted forward moves to the next, as § 31 Abs. 3 VwVfG says of the end of a period. The day counts to its end
    (see `ends_at`).
    """
    step = ONE_DAY if offset_days > 0 else -ONE_DAY
    day = start + dt.timedelta(days=offset_days)
    while not is_working_day(day, closing_days):
        day += step
    return day


def ends_at(day: dt.date) -> dt.datetime:
    """The moment (aware, UTC) at which a deadline on *day* is over: 24:00 in Berlin; in time means before it."""
    return end_of_day(day)


def deadlines_for(
    meeting_day: dt.date, offsets: Mapping[str, int], closing_days: Collection[dt.date] = ()
) -> dict[DeadlineKind, dt.date]:
    """The days of all deadlines that count from a meeting on *meeting_day*, in the order of the table.

    *offsets* are the body's settings by `DeadlineKind`; a missing one stands at its default. The objection period is
    not among them: it counts from the dispatch of the minutes (`objections_until`).
    """
    wanted = {**DEFAULT_OFFSETS, **{DeadlineKind(kind): days for kind, days in offsets.items()}}
    return {kind: deadline(meeting_day, wanted[kind], closing_days=closing_days) for kind in OF_THE_MEETING}


def objections_until(
    dispatched_on: dt.date, offsets: Mapping[str, int], closing_days: Collection[dt.date] = ()
) -> dt.date:
    """The last day for objections to minutes that were sent on *dispatched_on*."""
    days = offsets.get(DeadlineKind.OBJECTIONS, DEFAULT_OFFSETS[DeadlineKind.OBJECTIONS])
    return deadline(dispatched_on, days, closing_days=closing_days)


def redated(
    old: Mapping[DeadlineKind, dt.date],
    new_day: dt.date,
    today: dt.date,
    *,
    offsets: Mapping[str, int],
    closing_days: Collection[dt.date] = (),
    missed: Collection[DeadlineKind] = (),
) -> dict[DeadlineKind, Redated]:
    """The deadlines of a meeting that is moved to *new_day*, seen from *today* (its day in Berlin).

    Each is computed anew, but one that had passed (its *old* day lies before *today*) is kept as met: who registered
    in time stays in time, and a closed round is not opened again. *missed* names those that passed without being met,
    such as the invitation of a meeting that was never released; they get their new day.
    """
    fresh = deadlines_for(new_day, offsets, closing_days)
    return {kind: _kept_or_new(kind, old, day, today, missed) for kind, day in fresh.items()}


def _kept_or_new(
    kind: DeadlineKind,
    old: Mapping[DeadlineKind, dt.date],
    fresh: dt.date,
    today: dt.date,
    missed: Collection[DeadlineKind],
) -> Redated:
    before = old.get(kind)
    if before is not None and before < today and kind not in missed:
        return Redated(before, met=True)
    return Redated(fresh, met=False)


def twice_a_year_hint(
    year: int,
    meetings: Iterable[CountedMeeting],
    offsets: Mapping[str, int],
    *,
    wanted: int = 2,
    today: dt.date,
    closing_days: Collection[dt.date] = (),
) -> str | None:
    """A sentence for the secretariat when *year* has fewer than *wanted* meetings held or planned, else None.

    Cancelled and special meetings do not count. The day named is the last on which a meeting of this year can still
    be set up with all its deadlines ahead: its earliest deadline, if it were held on the last working day of the
    year. Once that day is over the sentence says so; a year that is over gives no hint.
    """
    counted = sum(1 for one in meetings if one.on.year == year and not one.cancelled and not one.special)
    if counted >= wanted or year < today.year:
        return None
    latest = _last_day_to_schedule(year, offsets, closing_days)
    return f"{_counted_so_far(year, counted, wanted)}; {_what_follows(latest, year, today)}"


def _last_day_to_schedule(year: int, offsets: Mapping[str, int], closing_days: Collection[dt.date]) -> dt.date:
    last_meeting_day = deadline(dt.date(year, 12, 31), 0, closing_days=closing_days)
    return min(last_meeting_day, *deadlines_for(last_meeting_day, offsets, closing_days).values())


def _counted_so_far(year: int, counted: int, wanted: int) -> str:
    if counted:
        return (
            f"In {year} {'ist' if counted == 1 else 'sind'} erst {counted} von {wanted} Sitzungen gehalten oder geplant"
        )
    if wanted == 1:
        return f"In {year} ist noch keine Sitzung gehalten oder geplant"
    return f"In {year} ist noch keine von {wanted} Sitzungen gehalten oder geplant"


def _what_follows(latest: dt.date, year: int, today: dt.date) -> str:
    day = f"{latest:%d.%m.}" if latest.year == year else text.date(latest)
    if today > latest:
        return f"für eine weitere noch in diesem Jahr reichen die Fristen nicht mehr (letzter Tag war der {day})."
    return f"damit alle Fristen reichen, muss die nächste bis {day} angesetzt werden."
