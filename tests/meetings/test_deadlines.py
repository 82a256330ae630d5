"""Deadlines: the examples of the specification, working days, moving a meeting, and the twice-a-year hint."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.meetings.rules import deadlines as rules
from app.meetings.rules.deadlines import CountedMeeting, DeadlineKind, Redated

DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2060, 12, 31))
OFFSETS = st.integers(-120, 120)


def day(written: str) -> dt.date:
    return dt.datetime.strptime(written, "%d.%m.%Y").replace(tzinfo=dt.UTC).date()


@pytest.mark.parametrize(
    ("start", "offset", "expected"),
    [
        ("05.04.2027", -28, "05.03.2027"),  # Frauentag is a Monday: back over the weekend to Friday
        ("15.05.2026", -14, "30.04.2026"),  # 1 May
        ("11.05.2026", 14, "26.05.2026"),  # Pfingstmontag: on to Tuesday
        ("12.05.2026", -14, "28.04.2026"),  # a working day stays
        ("06.06.2026", -14, "22.05.2026"),  # Saturday before Pfingsten: back
        ("06.06.2026", 14, "22.06.2026"),  # Saturday: on to Monday
        ("15.04.2026", -9, "02.04.2026"),  # Ostermontag: back over Easter and Karfreitag to Thursday
        ("20.03.2026", 14, "07.04.2026"),  # Karfreitag: on over Easter to Tuesday
        ("18.12.2026", 14, "04.01.2027"),  # Neujahr is a Friday: on over the weekend
        ("14.01.2027", -14, "30.12.2026"),  # 31 December is a working day by law, here the body is closed
        ("22.05.2025", -14, "07.05.2025"),  # 8 May 2025 was a holiday in Berlin, once
    ],
)
def test_a_deadline_moves_off_days_nobody_works(start: str, offset: int, expected: str) -> None:
    assert rules.deadline(day(start), offset, closing_days={day("31.12.2026")}) == day(expected)


@given(start=DAYS, offset=OFFSETS, closing=st.frozensets(DAYS, max_size=5))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_a_deadline_is_the_nearest_working_day_in_its_direction(
    start: dt.date, offset: int, closing: frozenset[dt.date]
) -> None:
    counted = start + dt.timedelta(days=offset)
    found = rules.deadline(start, offset, closing_days=closing)
    assert rules.is_working_day(found, closing)
    assert found >= counted if offset > 0 else found <= counted
    between = (min(found, counted) + dt.timedelta(days=n) for n in range(abs((found - counted).days) + 1))
    assert [one for one in between if rules.is_working_day(one, closing)] == [found]


def test_a_deadline_ends_at_midnight_in_berlin_in_winter_and_summer() -> None:
    assert rules.ends_at(day("05.03.2027")) == dt.datetime(2027, 3, 5, 23, tzinfo=dt.UTC)
    assert rules.ends_at(day("30.04.2026")) == dt.datetime(2026, 4, 30, 22, tzinfo=dt.UTC)
    assert rules.ends_at(day("28.03.2026")) == dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)
    assert rules.ends_at(day("29.03.2026")) == dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC)


def test_all_deadlines_of_a_meeting_with_the_defaults() -> None:
    assert rules.deadlines_for(day("12.05.2026"), {}) == {
        DeadlineKind.ROUND_CLOSES: day("17.03.2026"),
        DeadlineKind.REGISTRATION: day("31.03.2026"),
        DeadlineKind.PAPERS: day("21.04.2026"),
        DeadlineKind.INVITATION: day("28.04.2026"),
        DeadlineKind.MINUTES: day("09.06.2026"),
    }


def test_the_settings_of_a_body_and_its_closing_days_are_followed() -> None:
    found = rules.deadlines_for(day("12.05.2026"), {"invitation": -28, "minutes": 7}, {day("14.04.2026")})
    assert found[DeadlineKind.INVITATION] == day("13.04.2026")
    assert found[DeadlineKind.MINUTES] == day("19.05.2026")
    assert found[DeadlineKind.PAPERS] == day("21.04.2026")


def test_objections_count_from_the_dispatch() -> None:
    assert rules.objections_until(day("11.05.2026"), {}) == day("26.05.2026")
    assert rules.objections_until(day("11.05.2026"), {"objections": 21}) == day("01.06.2026")
    assert rules.objections_until(day("11.05.2026"), {}, {day("26.05.2026")}) == day("27.05.2026")


def test_every_deadline_has_a_german_title_a_default_and_a_provenance() -> None:
    assert [(rule.kind.value, rule.title, rule.offset_days, rule.provenance) for rule in rules.DEADLINES] == [
        ("round_closes", "Monitoring-Runde schließt", -56, "eigene Festlegung"),
        ("registration", "Anmeldeschluss", -42, "eigene Festlegung"),
        ("papers", "Unterlagenschluss", -21, "eigene Festlegung"),
        ("invitation", "Versand der Einladung", -14, "eigene Festlegung"),
        ("minutes", "Niederschrift", 28, "eigene Festlegung"),
        ("objections", "Einwendungsfrist", 14, "eigene Festlegung"),
    ]
    assert {rule.kind for rule in rules.DEADLINES} == set(DeadlineKind)


def test_moving_a_meeting_keeps_what_has_passed_and_computes_the_rest_anew() -> None:
    old = rules.deadlines_for(day("12.05.2026"), {})
    moved = rules.redated(old, day("09.06.2026"), day("02.04.2026"), offsets={})
    assert moved == {
        DeadlineKind.ROUND_CLOSES: Redated(day("17.03.2026"), met=True),
        DeadlineKind.REGISTRATION: Redated(day("31.03.2026"), met=True),
        DeadlineKind.PAPERS: Redated(day("19.05.2026"), met=False),
        DeadlineKind.INVITATION: Redated(day("26.05.2026"), met=False),
        DeadlineKind.MINUTES: Redated(day("07.07.2026"), met=False),
    }


def test_a_deadline_is_open_until_its_day_is_over() -> None:
    old = rules.deadlines_for(day("12.05.2026"), {})
    moved = rules.redated(old, day("09.06.2026"), day("31.03.2026"), offsets={})
    assert moved[DeadlineKind.REGISTRATION] == Redated(day("28.04.2026"), met=False)
    assert moved[DeadlineKind.ROUND_CLOSES].met


def test_a_missed_deadline_gets_a_new_day_and_an_earlier_meeting_may_bring_one_that_has_passed() -> None:
    old = rules.deadlines_for(day("12.05.2026"), {})
    later = rules.redated(old, day("09.06.2026"), day("04.05.2026"), offsets={}, missed={DeadlineKind.INVITATION})
    assert later[DeadlineKind.INVITATION] == Redated(day("26.05.2026"), met=False)
    assert later[DeadlineKind.PAPERS] == Redated(day("21.04.2026"), met=True)
    earlier = rules.redated(old, day("21.04.2026"), day("20.04.2026"), offsets={})
    assert earlier[DeadlineKind.INVITATION] == Redated(day("07.04.2026"), met=False)


def test_a_meeting_on_a_holiday_is_named() -> None:
    assert rules.holiday_warning(day("08.03.2027")) == "Sitzung am Feiertag (Frauentag)"
    assert rules.holiday_warning(day("09.03.2027")) is None
    assert rules.is_holiday(day("01.05.2026"))
    assert rules.is_holiday(day("17.06.2028")), "once, 75 years after 1953"
    assert not rules.is_holiday(day("31.10.2026")), "Reformationstag is a holiday in Brandenburg, not in Berlin"


ONE_HELD = CountedMeeting(day("12.05.2026"))


def hint(*meetings: CountedMeeting, today: str = "01.06.2026", wanted: int = 2, year: int = 2026) -> str | None:
    return rules.twice_a_year_hint(year, meetings, {}, wanted=wanted, today=day(today))


def test_the_hint_names_what_is_missing_and_the_last_day_that_leaves_all_deadlines() -> None:
    assert hint(ONE_HELD) == (
        "In 2026 ist erst 1 von 2 Sitzungen gehalten oder geplant; "
        "damit alle Fristen reichen, muss die nächste bis 05.11. angesetzt werden."
    )
    at_the_end = rules.deadlines_for(day("31.12.2026"), {})
    assert at_the_end[DeadlineKind.ROUND_CLOSES] == day("05.11.2026")


def test_the_hint_is_good_german_with_no_meeting_at_all() -> None:
    assert hint() == (
        "In 2026 ist noch keine von 2 Sitzungen gehalten oder geplant; "
        "damit alle Fristen reichen, muss die nächste bis 05.11. angesetzt werden."
    )
    assert str(hint(wanted=1)).startswith("In 2026 ist noch keine Sitzung gehalten oder geplant; ")
    assert str(hint(ONE_HELD, ONE_HELD, wanted=3)).startswith("In 2026 sind erst 2 von 3 Sitzungen gehalten oder")


def test_cancelled_special_and_other_years_meetings_do_not_count() -> None:
    others = (
        CountedMeeting(day("10.11.2026"), cancelled=True),
        CountedMeeting(day("11.11.2026"), special=True),
        CountedMeeting(day("12.11.2025")),
    )
    assert hint(ONE_HELD, *others) == hint(ONE_HELD)
    assert hint(ONE_HELD, *others, CountedMeeting(day("13.11.2026"))) is None
    assert hint(wanted=0) is None


def test_the_hint_follows_settings_weekends_and_closing_days() -> None:
    closed = {day("31.12.2026"), day("30.12.2026"), day("29.12.2026"), day("28.12.2026")}
    short = {"round_closes": -14, "registration": -14, "papers": -7, "invitation": -7}
    found = rules.twice_a_year_hint(2026, [ONE_HELD], short, today=day("01.06.2026"), closing_days=closed)
    assert found is not None
    assert "bis 10.12. angesetzt" in found, "the last working day is 24.12., 14 days before that is the 10th"
    assert "bis 03.11. angesetzt" in str(hint(year=2028)), "31.12.2028 is a Sunday: held on the 29th at the latest"
    far = rules.twice_a_year_hint(2026, [], {"round_closes": -400}, today=day("01.06.2025"))
    assert "bis 26.11.2025 angesetzt" in str(far)


def test_the_hint_says_when_it_is_too_late_and_is_silent_about_the_past() -> None:
    assert "bis 05.11. angesetzt" in str(hint(ONE_HELD, today="05.11.2026"))
    assert hint(ONE_HELD, today="06.11.2026") == (
        "In 2026 ist erst 1 von 2 Sitzungen gehalten oder geplant; "
        "für eine weitere noch in diesem Jahr reichen die Fristen nicht mehr (letzter Tag war der 05.11.)."
    )
    assert hint(ONE_HELD, today="01.01.2027") is None
