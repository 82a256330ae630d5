"""The delta page: counts that add up, arrivals and departures, and the lines of what changed."""

import datetime as dt
from collections.abc import Sequence

from app.agenda.rules.delta_sums import Count, FieldSums, counted_projects, field_sums
from app.agenda.schemas.frozen_delta import DeltaProject
from app.drafting.schemas import Delta, Field, Lineage
from app.projects.models import LineageKind, Phase
from tests.drafting.stories import day, drafted, frozen, held, project, status

KEYS = {"r": "rot", "y": "gelb", "g": "gruen", "-": "ohne"}


def fields(delta: Delta) -> list[FieldSums]:
    """The fields without the sum of all."""
    return field_sums(delta.projects)[1:]


def lights(found: FieldSums, count: Count) -> str:
    """A column as letters: "ggr-"."""
    numbers = found.by_light(count)
    return "".join(letter * numbers[KEYS[letter]] for letter in "gyr-")


def moves(projects: Sequence[DeltaProject], field: str, count: Count) -> list[tuple[str, str]]:
    return [(one.code, one.move) for one in counted_projects(projects, count, field=field)]


INNOVATION, ENERGY = Field("Innovation", 2), Field("Energie", 1)


def test_counts_arrivals_and_departures_per_field() -> None:
    projects = [
        project(1, "1.1", field=INNOVATION, statuses=(status("30.09.2025", "g"), status("14.02.2026", "r"))),
        project(2, "1.2", field=INNOVATION, statuses=(status("14.02.2026", "y", Phase.COMPLETED),)),
        project(3, "1.3", field=INNOVATION, statuses=(status("14.02.2026", "g"),)),
        project(4, "2.1", field=ENERGY),
        project(5, "2.2", field=ENERGY, statuses=(status("14.02.2026", "y"),)),
    ]
    rows = {
        1: frozen("g"),
        2: frozen("y"),
        4: frozen("-", None, None),
        5: frozen("r", phase=Phase.ABORTED),
        9: frozen("r", code="0.9", title="Alt", field="Innovation"),
    }
    found = drafted(*projects, earlier=[held(rows)]).delta
    energy, innovation = fields(found)
    assert (energy.name, innovation.name) == ("Energie", "Innovation")
    assert (lights(energy, Count.THEN), lights(energy, Count.NOW)) == ("-", "y-")
    assert moves(found.projects, "Energie", Count.CAME) == [("2.2", "wieder aufgenommen")]
    assert (lights(innovation, Count.THEN), lights(innovation, Count.NOW)) == ("gyr", "gr")
    assert (lights(innovation, Count.TURNED_FROM), lights(innovation, Count.TURNED_TO)) == ("g", "r")
    assert moves(found.projects, "Innovation", Count.CAME) == [("1.3", "erste Meldung")]
    assert moves(found.projects, "Innovation", Count.WENT) == [
        ("0.9", "nicht mehr im Plan"),
        ("1.2", "abgeschlossen seit 14.02.2026"),
    ]
    every = field_sums(found.projects)[0].total.counts
    assert (every[Count.THEN], every[Count.NOW], found.then_on) == (4, 4, dt.date(2025, 11, 12))


def test_a_predecessor_departs_into_its_successor() -> None:
    old = project(1, "1.1", field=INNOVATION, statuses=(status("30.09.2025", "y"),))
    lineage = (Lineage(1, LineageKind.CONTINUED, dt.date(2026, 1, 1)),)
    new = project(2, "2.1", field=ENERGY, statuses=(status("14.02.2026", "y"),), predecessors=lineage)
    found = drafted(old, new, earlier=[held({1: frozen("y")})]).delta.projects
    assert moves(found, "Energie", Count.CAME) == [("2.1", "Nachfolger von 1.1")]
    assert moves(found, "Innovation", Count.WENT) == [("1.1", "weitergeführt in 2.1")]


def test_without_frozen_rows_silent_projects_do_not_arrive() -> None:
    found = drafted(project(), project(2, "1.2", statuses=(status("14.02.2026", "g"),)), earlier=[held()]).delta
    assert lights(fields(found)[0], Count.THEN) == "-"
    assert moves(found.projects, "", Count.CAME) == [("1.2", "erste Meldung")]


def test_a_field_of_two_periods_is_one_and_projects_without_field_come_last() -> None:
    projects = [
        project(1, "1.1", field=Field("Innovation", 7)),
        project(2, "1.2", field=Field("Innovation", 2)),
        project(3, "1.3", field=None),
    ]
    found = fields(drafted(*projects).delta)
    assert [(one.name, one.total.counts[Count.NOW]) for one in found] == [("Innovation", 2), ("ohne Handlungsfeld", 1)]


def test_every_project_with_another_light_or_phase_has_a_line_in_order() -> None:
    projects = [
        project(10, "1.10", statuses=(status("14.02.2026", "r"),)),
        project(9, "1.9", statuses=(status("14.02.2026", "y", Phase.PAUSED),)),
        project(8, "1.8", statuses=(status("14.02.2026", "y"),)),
    ]
    rows = {number: frozen("y") for number in (8, 9, 10)}
    first, second = drafted(*projects, earlier=[held(rows)]).delta.lines
    assert (first.code, first.text, first.since) == (
        "1.9",
        "Phase seit 14.02.2026 ruhend, zuvor in Umsetzung (Stand 30.09.2025)",
        day("14.02.2026"),
    )
    assert (second.code, second.text, second.then_light, second.now_light) == (
        "1.10",
        "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)",
        "yellow",
        "red",
    )
    assert not first.news
    assert not second.news


def test_green_at_both_with_red_between_is_named() -> None:
    told = (status("30.09.2025", "g"), status("31.12.2025", "r"), status("14.02.2026", "g"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("g")})])
    assert result.proposals == ()
    assert [line.text for line in result.delta.lines] == ["grün zu beiden Terminen, dazwischen rot (Stand 31.12.2025)"]
    yellow = (told[0], status("31.12.2025", "y"), told[2])
    assert drafted(project(statuses=yellow), earlier=[held({1: frozen("g")})]).delta.lines == ()
    earlier = (status("30.06.2025", "r"), *told[::2])
    assert drafted(project(statuses=earlier), earlier=[held({1: frozen("g")})]).delta.lines == ()


def test_without_an_earlier_meeting_everything_arrives() -> None:
    found = drafted(project(statuses=(status("14.02.2026", "g"),))).delta
    every = field_sums(found.projects)[0].total.counts
    assert (found.then_on, every[Count.THEN], every[Count.CAME], every[Count.NOW]) == (None, 0, 1, 1)


def test_who_departed_before_the_last_meeting_does_not_depart_again() -> None:
    old = project(1, "1.1", statuses=(status("30.06.2025", "y"),))
    lineage = (Lineage(1, LineageKind.CONTINUED, dt.date(2025, 7, 1)),)
    new = project(2, "1.2", statuses=(status("30.09.2025", "y"),), predecessors=lineage)
    (found,) = fields(drafted(old, new, earlier=[held({1: frozen("y", "30.06.2025"), 2: frozen("y")})]).delta)
    assert [lights(found, count) for count in Count] == ["y", "", "", "", "", "y"]


def test_a_project_of_a_period_that_is_over_and_never_reported_is_no_part_of_the_portfolio() -> None:
    over, silent = dt.date(2021, 12, 31), frozen("-", None, None)
    archived = project(1, "1.1", plan_ends_on=over)
    told = project(2, "1.2", plan_ends_on=over, statuses=(status("30.09.2025", "g"),))
    found = drafted(archived, told, project(3, "1.3"), earlier=[held({1: silent, 2: frozen("g"), 3: silent})]).delta
    every = field_sums(found.projects)[0]
    assert (lights(every, Count.THEN), lights(every, Count.NOW)) == ("g-", "g-")
    assert found.lines == ()


def test_the_rows_of_a_thousand_projects_are_counted_in_one_pass() -> None:
    class Told(str):
        """A name that counts how often it is compared."""

        compared = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Told.compared += 1
            return str.__eq__(self, other)

    many = [project(n, f"1.{n}", field=Field(Told("Innovation"), 1)) for n in range(1000)]
    drafted(*many)
    assert Told.compared < 50_000
