"""How items become an agenda: order, numbers, minutes and clock times; sums beside the meeting's length."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.agenda.models import AgendaItem, SectionKey
from app.bodies.models import Section
from app.db import ident


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item with the number it has or would get and its planned clock time."""

    item: AgendaItem
    number: str
    starts_at: dt.datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section that is not left out, with its items. ``minutes`` counts the whole section."""

    section: Section
    number: str
    starts_at: dt.datetime
    minutes: int
    standing: tuple[str, ...]
    items: tuple[PlacedItem, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Minutes planned beside the length. ``sentence`` is empty while everything fits."""

    planned: int
    mandatory: int
    length: int
    sentence: str


MANDATORY_SECTIONS = frozenset(
    {SectionKey.FORMALITIES, SectionKey.MAIN_TOPIC, SectionKey.DECISION, SectionKey.MISCELLANEOUS}
)


def place(
    sections: Sequence[Section],
    items: Iterable[AgendaItem],
    starts_at: dt.datetime,
    fixed: Mapping[str, str] | None = None,
) -> tuple[PlacedSection, ...]:
    """Lay the items out in the body's sections; empty sections without standing points are left out.

    Fixed numbers stay, of items and (*fixed*, by key) of sections that were released. Other items are numbered in order
    behind them, section by section ("4.1", "4.2" …).
    """
    by_section: dict[str, list[AgendaItem]] = {}
    for item in sorted(items, key=lambda item: (item.position, ident(item))):
        by_section.setdefault(item.section, []).append(item)
    shown = [section for section in sections if by_section.get(section.key) or section.standing]
    numbers = section_numbers(shown, by_section, fixed or {})
    placed, clock = [], starts_at
    for section in shown:
        there = by_section.get(section.key, [])
        total = section_minutes(section, there)
        placed.append(_place_section(section, numbers[section.key], clock, total, there))
        clock += dt.timedelta(minutes=total)
    return tuple(placed)


def section_numbers(
    shown: Sequence[Section], items: Mapping[str, Sequence[AgendaItem]], released: Mapping[str, str]
) -> dict[str, str]:
    """The number of each shown section: as it or its items were released, else counted 1, 2, 3 …, skipping taken ones.

    *released*: numbers by key of sections that were released.
    """
    fixed = {
        section.key: number.split(".")[0]
        for section in shown
        if (number := next((item.number for item in items.get(section.key, ()) if item.number), ""))
    }
    fixed = {**{section.key: released[section.key] for section in shown if section.key in released}, **fixed}
    numbers, count = dict(fixed), 0
    for section in shown:
        if section.key in fixed:
            count = max(count, int(fixed[section.key]))
            continue
        count += 1
        while str(count) in fixed.values():
            count += 1
        numbers[section.key] = str(count)
    return numbers


def section_minutes(section: Section, items: Sequence[AgendaItem]) -> int:
    """Minutes of a section: the sum of its items, at least its own where they count in all."""
    asked = sum(item.minutes for item in items if not item.withdrawn)
    return max(asked, section.minutes) if section.minutes_in_all else asked


def _place_section(
    section: Section, number: str, starts_at: dt.datetime, minutes: int, items: Sequence[AgendaItem]
) -> PlacedSection:
    placed, clock = [], starts_at
    last = max((int(item.number.split(".")[1]) for item in items if item.number), default=0)
    for item in items:
        if not item.number:
            last += 1
        placed.append(
            PlacedItem(item=item, number=item.number or f"{number}.{last}", starts_at=clock, minutes=item.minutes)
        )
        if not item.withdrawn:
            clock += dt.timedelta(minutes=item.minutes)
    standing = tuple(line for line in section.standing.split("\n") if line)
    return PlacedSection(section, number, starts_at, minutes, standing, tuple(placed))


def sums(placed: Sequence[PlacedSection], length: int) -> Sums:
    """Planned and mandatory minutes beside the length, with a sentence where they exceed it (domain §4, Time)."""
    planned = sum(section.minutes for section in placed)
    mandatory = sum(_mandatory_minutes(section) for section in placed)
    sentence = ""
    if mandatory > length:
        sentence = f"Pflichtpunkte {mandatory} von {length} Min."
    elif planned > length:
        sentence = f"Geplant sind {planned} von {length} Min."
    return Sums(planned=planned, mandatory=mandatory, length=length, sentence=sentence)


def _mandatory_minutes(placed: PlacedSection) -> int:
    if SectionKey(placed.section.key) in MANDATORY_SECTIONS:
        return placed.minutes
    return sum(one.minutes for one in placed.items if one.item.mandatory and not one.item.withdrawn)
