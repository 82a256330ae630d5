"""How items become an agenda: numbers, clock times, sections left out, sums and their sentences."""

import datetime as dt

import pytest

from app.agenda.models import AgendaItem, ItemKind, SectionKey
from app.agenda.rules.layout import place, sums
from app.bodies.models import Section
from app.bodies.rules import DEFAULT_SECTIONS

pytestmark = pytest.mark.once

BEGIN = dt.datetime(2026, 5, 12, 8, 0, tzinfo=dt.UTC)
SECTIONS = [
    Section(
        id=position,
        body_id=1,
        key=one.key,
        title=one.title,
        position=position,
        minutes=one.minutes,
        minutes_in_all=one.minutes_in_all,
        standing="\n".join(one.standing),
    )
    for position, one in enumerate(DEFAULT_SECTIONS, 1)
]


def make(item_id, section, minutes=10, position=1, **fields):
    return AgendaItem(
        id=item_id,
        meeting_id=1,
        section=section,
        position=position,
        title=f"Punkt {item_id}",
        kind=ItemKind.DEBATE,
        minutes=minutes,
        changed_at=BEGIN,
        **fields,
    )


def shown(*items):
    return [
        (section.number, section.section.key, section.minutes, [(one.number, one.starts_at) for one in section.items])
        for section in place(SECTIONS, items, BEGIN)
    ]


def at(minutes):
    return BEGIN + dt.timedelta(minutes=minutes)


def test_empty_sections_are_left_out_but_those_with_standing_points():
    assert [key for _, key, _, _ in shown()] == ["regularien", "verschiedenes"]


def test_numbers_and_clock_times_follow_the_order():
    decision, first, second = (
        make(1, SectionKey.DECISION),
        make(2, SectionKey.DEBATE, 15, 2),
        make(3, SectionKey.DEBATE, 20, 1),
    )
    assert shown(first, decision, second) == [
        ("1", "regularien", 5, []),
        ("2", "beschlussfassung", 10, [("2.1", at(5))]),
        ("3", "beratung", 35, [("3.1", at(15)), ("3.2", at(35))]),
        ("4", "verschiedenes", 5, []),
    ]


def test_a_section_with_time_in_all_takes_at_least_that():
    assert ("2", "ohne-aussprache", 5, [("2.1", at(5)), ("2.2", at(5))]) in shown(
        make(1, SectionKey.CONSENT, 0, 1), make(2, SectionKey.CONSENT, 0, 2)
    )
    assert shown(make(1, SectionKey.CONSENT, 8))[1][2] == 8


def test_fixed_numbers_stay_and_later_items_get_the_next_free_one():
    placed = shown(
        make(1, SectionKey.DEBATE, position=2, number="3.1"),
        make(2, SectionKey.DEBATE, position=1),
        make(3, SectionKey.DECISION, position=1),
    )
    by_key = {key: (number, [one for one, _ in items]) for number, key, _, items in placed}
    assert by_key["beratung"] == ("3", ["3.2", "3.1"])
    assert by_key["beschlussfassung"][0] != "3"
    assert len({number for number, *_ in placed}) == len(placed)


def test_a_withdrawn_item_keeps_its_number_and_takes_no_time():
    placed = shown(
        make(1, SectionKey.DEBATE, position=1, number="2.1", withdrawn=True),
        make(2, SectionKey.DEBATE, position=2, number="2.2"),
    )
    assert placed[1] == ("2", "beratung", 10, [("2.1", at(5)), ("2.2", at(5))])


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([make(1, SectionKey.DEBATE, 110)], ""),
        ([make(1, SectionKey.DEBATE, 111)], "Geplant sind 121 von 120 Min."),
        ([make(1, SectionKey.DECISION, 111)], "Pflichtpunkte 121 von 120 Min."),
        ([make(1, SectionKey.DEBATE, 111, mandatory=True)], "Pflichtpunkte 121 von 120 Min."),
    ],
)
def test_what_exceeds_the_length_is_said_and_never_dropped(items, sentence):
    placed = place(SECTIONS, items, BEGIN)
    assert sums(placed, 120).sentence == sentence
    assert sum(len(section.items) for section in placed) == len(items)
