"""The table of then and now, row by row, with the sentences it gives."""

import datetime as dt
from dataclasses import replace

import pytest

from app.drafting.schemas import BodyRules, Draft, Lineage, Rule
from app.projects.models import LineageKind, Phase
from tests.drafting.stories import (
    GREEN,
    RED,
    day,
    drafted,
    frozen,
    held,
    project,
    proposal,
    reasons,
    rules,
    status,
    then_now,
)


def only(result: Draft) -> str:
    found = reasons(result)
    assert len(found) == 1, found
    return found[0].text


@pytest.mark.parametrize(
    ("then", "now", "rule", "said", "section", "score"),
    [
        ("?", "r", "turned_red", "Ampel seit 14.02.2026 rot (erste Meldung)", "beratung", 80),
        ("g", "r", "turned_red", "Ampel seit 14.02.2026 rot, zuvor grün (Stand 30.09.2025)", "beratung", 80),
        ("y", "r", "turned_red", "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)", "beratung", 80),
        ("g", "y", "worsened", "Ampel seit 14.02.2026 gelb, zuvor grün (Stand 30.09.2025)", "ohne-aussprache", 30),
        ("y", "g", "recovered", "Ampel seit 14.02.2026 grün, zuvor gelb (Stand 30.09.2025)", "ohne-aussprache", 20),
        ("r", "g", "recovered", "Ampel seit 14.02.2026 grün, zuvor rot (Stand 30.09.2025)", "ohne-aussprache", 20),
        ("r", "y", "improved", "Ampel seit 14.02.2026 gelb, zuvor rot (Stand 30.09.2025)", "ohne-aussprache", 25),
        (
            "r",
            "r",
            "still_red",
            "Ampel seit 30.09.2025 rot, schon in der Sitzung am 12.11.2025 rot gezeigt, dort ohne eigenen Punkt",
            "beratung",
            75,
        ),
    ],
)
def test_each_cell_of_the_table(then: str, now: str, rule: str, said: str, section: str, score: int) -> None:
    result = then_now(then, now)
    assert [(reason.rule, reason.text, reason.project) for reason in reasons(result)] == [(rule, said, "1.1")]
    found = proposal(result, "project:1")
    assert (found.section, found.score, found.title) == (section, score, "Projekt 1.1")
    assert reasons(result)[0].since == (day("30.09.2025") if rule == "still_red" else day("14.02.2026"))


@pytest.mark.parametrize(("then", "now"), [("?", "g"), ("?", "y"), ("g", "g"), ("y", "y")])
def test_the_empty_cells_propose_nothing(then: str, now: str) -> None:
    assert reasons(then_now(then, now)) == []


def test_unknown_to_green_or_yellow_is_a_line_neu_on_the_delta_page() -> None:
    (line,) = then_now("?", "y").delta.lines
    assert line.news
    assert line.text == (
        "neu: Ampel seit 14.02.2026 gelb (erste Meldung); Phase seit 14.02.2026 in Umsetzung (erste Meldung)"
    )


def test_the_streak_of_a_light_begins_with_its_first_stand() -> None:
    told = (status("30.09.2025", "y"), status("14.02.2026", "r"), status("31.03.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("y")})])
    assert only(result) == "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)"


def test_zuvor_is_what_was_shown_and_what_stood_between_is_named() -> None:
    told = (status("30.06.2025", "g"), status("30.11.2025", "y"), status("14.02.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("g", "30.06.2025")})])
    assert only(result) == (
        "Ampel seit 14.02.2026 rot, zuvor grün (Stand 30.06.2025), dazwischen gelb (Stand 30.11.2025)"
    )


def test_without_an_earlier_meeting_the_history_is_named() -> None:
    told = (status("30.06.2025", "y"), status("30.09.2025", "y"), status("14.02.2026", "r"))
    said = "Ampel seit 14.02.2026 rot (erste Meldung an das Gremium; zuvor gelb, Stand 30.09.2025)"
    assert only(drafted(project(statuses=told))) == said


def test_red_yellow_red_is_still_red_since_the_second_time() -> None:
    told = (status("30.09.2025", "r"), status("31.12.2025", "y"), status("14.02.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("r")}, own_items=frozenset({1}))])
    assert only(result) == (
        "Ampel seit 14.02.2026 wieder rot, schon in der Sitzung am 12.11.2025 rot gezeigt, "
        "dazwischen gelb (Stand 31.12.2025)"
    )
    assert proposal(result, "project:1").score == 60


def test_still_red_counts_the_meetings_in_a_row_and_weighs_those_without_an_own_item() -> None:
    told = (status("31.12.2023", "r"), status("14.02.2026", "r"))
    earlier = [
        held({1: frozen("g", "31.12.2022")}, "01.06.2023"),
        held({1: frozen("r", "31.12.2023")}, "01.06.2024", own_items=frozenset({1})),
        held({1: frozen("r", "31.12.2023")}, "01.06.2025"),
        held({1: frozen("r", "31.12.2023")}),
    ]
    result = drafted(project(statuses=told), earlier=earlier)
    assert only(result) == (
        "Ampel seit 31.12.2023 rot, in 3 Sitzungen in Folge rot gezeigt (zuletzt am 12.11.2025), "
        "davon 2 ohne eigenen Punkt"
    )
    assert proposal(result, "project:1").score == 90
    changed = BodyRules(still_red_step=4, weights={Rule.STILL_RED: 50})
    again = drafted(project(statuses=told), earlier=earlier, rules=changed)
    assert proposal(again, "project:1").score == 58


def test_a_break_ends_the_row_of_red_meetings() -> None:
    earlier = [
        held({1: frozen("r", "31.12.2023")}, "01.06.2024"),
        held({1: frozen("y", "31.12.2024")}, "01.06.2025"),
        held({1: frozen("r")}),
    ]
    result = drafted(project(statuses=(status("14.02.2026", "r"),)), earlier=earlier)
    assert "schon in der Sitzung am 12.11.2025" in reasons(result, Rule.STILL_RED)[0].text


def test_without_a_new_status_only_still_red_speaks_and_says_so() -> None:
    told = (status("30.09.2025", "r", light_cost=RED),)
    result = drafted(project(statuses=told), earlier=[held({1: frozen("r", light_cost=RED)})])
    assert rules(result) == {"still_red"}
    assert reasons(result, Rule.STILL_RED)[0].text.endswith("; keine neue Meldung seit 30.09.2025")


@pytest.mark.parametrize(("number", "speaks"), [(1, False), (2, True), (3, True)])
def test_still_yellow_speaks_from_the_third_meeting_in_a_row(number: int, speaks: bool) -> None:
    days = ["12.11.2025", "01.06.2025", "01.12.2024"][:number]
    earlier = [held({1: frozen("y", "31.10.2024")}, said) for said in days]
    told = (status("31.10.2024", "y"), status("14.02.2026", "y"))
    result = drafted(project(statuses=told), earlier=earlier)
    assert (rules(result) == {"still_yellow"}) is speaks
    if number == 2:
        assert only(result) == (
            "Ampel seit 31.10.2024 gelb, zum 3. Mal in Folge (Sitzungen am 01.06.2025 und 12.11.2025)"
        )
        silent = drafted(project(statuses=told[:1]), earlier=earlier)
        assert rules(silent) == set()
    if number == 3:
        later = drafted(project(statuses=told), earlier=earlier, rules=BodyRules(still_yellow_from=5))
        assert rules(later) == set()


def test_a_red_part_speaks_while_the_whole_is_not_red() -> None:
    told = (
        status("31.12.2025", "g", light_schedule=RED),
        status("14.02.2026", "y", light_schedule=RED, light_cost=RED),
    )
    result = drafted(project(statuses=told), earlier=[held({1: frozen("y")})])
    assert only(result) == (
        "Termine seit 31.12.2025 und Kosten seit 14.02.2026 rot, Gesamtampel gelb (Stand 14.02.2026)"
    )
    assert proposal(result, "project:1").section == "ohne-aussprache"
    red = (*told, status("31.03.2026", "r", light_cost=RED))
    assert rules(drafted(project(statuses=red), earlier=[held({1: frozen("y")})])) == {"turned_red"}
    told_green = (*told, status("31.03.2026", "y", light_schedule=GREEN, light_cost=GREEN))
    assert rules(drafted(project(statuses=told_green), earlier=[held({1: frozen("y")})])) == set()
    silent = (*told, status("31.03.2026", "y"))
    assert rules(drafted(project(statuses=silent), earlier=[held({1: frozen("y")})])) == {"part_red"}
    shown = held({1: frozen("y", "14.02.2026", light_schedule=RED, light_cost=RED)}, "01.03.2026")
    assert rules(drafted(project(statuses=told), earlier=[shown])) == set(), "no new status since then"


def test_a_status_without_a_light_leaves_the_last_one_standing_and_says_so() -> None:
    told = (status("14.02.2026", "r"), status("31.03.2026"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("y")})])
    assert only(result) == (
        "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025); "
        "die Meldung zum 31.03.2026 nennt keine Ampel, es gilt die vom 14.02.2026"
    )
    silent = (status("30.09.2025", "r"), status("31.03.2026"))
    result = drafted(project(statuses=silent), earlier=[held({1: frozen("r")})])
    assert "keine neue Meldung" not in only(result)
    assert only(result).endswith("; die Meldung zum 31.03.2026 nennt keine Ampel, es gilt die vom 30.09.2025")


def test_a_correction_of_what_was_shown_is_news() -> None:
    result = drafted(project(statuses=(status("30.09.2025", "r"),)), earlier=[held({1: frozen("g")})])
    (reason,) = reasons(result, Rule.TURNED_RED)
    assert reason.text == (
        "Ampel nach Berichtigung seit 30.09.2025 rot, in der Sitzung am 12.11.2025 als grün gezeigt (Stand 30.09.2025)"
    )


def test_a_correction_that_takes_the_light_back_is_a_line() -> None:
    result = drafted(project(statuses=(status("30.09.2025"),)), earlier=[held({1: frozen("r")})])
    assert reasons(result, Rule.STILL_RED) == []
    (line,) = result.delta.lines
    assert (line.text, line.news) == ("neu: Ampel zurückgenommen, zuvor rot (Stand 30.09.2025)", True)


def test_a_report_typed_late_for_a_stand_between_release_and_meeting_is_new() -> None:
    told = (status("30.09.2025", "y"), status("31.10.2025", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("y")})])
    assert reasons(result, Rule.TURNED_RED)[0].text == "Ampel seit 31.10.2025 rot, zuvor gelb (Stand 30.09.2025)"


def test_nothing_frozen_means_the_reports_up_to_the_date_of_the_meeting() -> None:
    told = (status("30.09.2025", "y"), status("12.11.2025", "r"), status("14.02.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held()])
    assert rules(result) == {"still_red"}
    result = drafted(project(statuses=told), earlier=[held({2: frozen("g")})])
    assert rules(result) == {"still_red"}, "a project without a row of its own falls back too"


def test_a_frozen_row_counts_even_without_a_light() -> None:
    told = (status("30.09.2025", "y"), status("14.02.2026", "y"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("-", None, None)})])
    assert reasons(result) == []
    assert result.delta.lines[0].text.startswith("neu: Ampel seit 30.09.2025 gelb")


def test_later_reports_are_listed_and_never_used() -> None:
    told = (status("30.09.2025", "g"), status("02.05.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("g")})])
    assert rules(result) == set()
    (later,) = result.later
    assert (later.project.code, later.text) == ("1.1", "Stand 02.05.2026: Ampel rot, Phase in Umsetzung")


def test_a_meeting_without_project_statuses_is_skipped() -> None:
    special = held({1: frozen("r")}, "01.02.2026", shows_status=False)
    told = (status("30.09.2025", "g"), status("14.02.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("g")}), special])
    assert rules(result) == {"turned_red"}
    assert result.previous_id == 20251112


def test_then_of_a_merged_project_is_the_worst_of_its_predecessors() -> None:
    old = [
        project(1, "1.1", statuses=(status("30.09.2025", "g"),)),
        project(2, "1.2", statuses=(status("31.08.2025", "r"),)),
    ]
    merged = [Lineage(number, LineageKind.MERGED, dt.date(2026, 1, 1)) for number in (1, 2)]
    new = project(3, "2.1", statuses=(status("14.02.2026", "y"),), predecessors=tuple(merged))
    earlier = [held({1: frozen("g"), 2: frozen("r", "31.08.2025")})]
    result = drafted(*old, new, earlier=earlier)
    assert reasons(result, Rule.IMPROVED)[0].text == (
        "Ampel seit 14.02.2026 gelb, zuvor rot (Stand 31.08.2025, Vorgänger 1.2)"
    )
    assert rules(result, "1.2") == set(), "the successor speaks for it"
    red = replace(new, statuses=(status("14.02.2026", "r"),))
    still = drafted(*old, red, earlier=[held({2: frozen("r", "31.08.2025")}, own_items=frozenset({2}))])
    assert proposal(still, "project:3").score == 60, "an item of the predecessor counts as its own"


def test_until_the_successor_reports_the_predecessor_speaks() -> None:
    old = project(1, "1.1", statuses=(status("30.09.2025", "r"),))
    new = project(2, "2.1", predecessors=(Lineage(1, LineageKind.CONTINUED, dt.date(2026, 1, 1)),))
    result = drafted(old, new, earlier=[held({1: frozen("r")})])
    assert rules(result, "1.1") == {"still_red"}


def test_a_project_merged_into_an_existing_one_is_compared_with_the_worst() -> None:
    old = project(1, "1.1", statuses=(status("30.09.2025", "r"),))
    lineage = Lineage(1, LineageKind.MERGED, dt.date(2026, 1, 1))
    into = project(2, "1.2", statuses=(status("30.09.2025", "g"), status("14.02.2026", "y")), predecessors=(lineage,))
    shown = held({1: frozen("r"), 2: frozen("g")})
    assert rules(drafted(old, into, earlier=[shown]), "1.2") == {"improved"}
    since_long = replace(into, predecessors=(replace(lineage, since=dt.date(2025, 1, 1)),))
    assert rules(drafted(old, since_long, earlier=[shown]), "1.2") == {"worsened"}


def test_a_red_project_whose_end_was_shown_stays_a_line_only() -> None:
    told = (status("30.09.2025", "r", Phase.ABORTED),)
    result = drafted(project(statuses=told), earlier=[held({1: frozen("r", phase=Phase.ABORTED)})])
    assert [found.key for found in result.proposals] == ["red"]
    assert [reason.rule for reason in reasons(result)] == ["still_red"]


def test_an_item_of_another_project_is_not_its_own() -> None:
    told = (status("30.09.2025", "r"), status("14.02.2026", "r"))
    result = drafted(project(statuses=told), earlier=[held({1: frozen("r")}, own_items=frozenset({2}))])
    assert proposal(result, "project:1").score == 75


def test_a_successor_with_the_same_stand_speaks_for_its_predecessor() -> None:
    old = project(1, "1.1", statuses=(status("14.02.2026", "r"),))
    lineage = (Lineage(1, LineageKind.SPLIT, dt.date(2026, 1, 1)),)
    new = project(2, "2.1", statuses=(status("14.02.2026", "r"),), predecessors=lineage)
    shown = held({1: frozen("r", "14.02.2026")}, "01.03.2026")
    result = drafted(old, new, earlier=[shown])
    assert rules(result, "1.1") == set()
    assert rules(result, "2.1") == {"still_red"}


def test_its_own_light_goes_before_an_equal_one_of_a_predecessor() -> None:
    old = project(1, "1.1", statuses=(status("31.10.2025", "r"),))
    lineage = (Lineage(1, LineageKind.MERGED, dt.date(2026, 1, 1)),)
    into = project(2, "1.2", statuses=(status("30.09.2025", "r"), status("14.02.2026", "g")), predecessors=lineage)
    result = drafted(old, into, earlier=[held({1: frozen("r", "31.10.2025"), 2: frozen("r")})])
    assert reasons(result, Rule.RECOVERED)[0].text == "Ampel seit 14.02.2026 grün, zuvor rot (Stand 30.09.2025)"


def test_a_predecessor_of_a_period_no_longer_steered_speaks_through_its_frozen_row() -> None:
    lineage = (Lineage(1, LineageKind.CONTINUED, dt.date(2026, 1, 1)),)
    new = project(2, "2.1", statuses=(status("14.02.2026", "r"),), predecessors=lineage)
    result = drafted(new, earlier=[held({1: frozen("g", code="0.7", title="Alt")})])
    said = "Ampel seit 14.02.2026 rot, zuvor grün (Stand 30.09.2025, Vorgänger 0.7)"
    assert [reason.text for reason in reasons(result)] == [said]


def test_projects_that_name_each_other_as_predecessors_do_no_harm() -> None:
    since = dt.date(2026, 1, 1)
    one = project(1, "1.1", statuses=(status("14.02.2026", "g"),), predecessors=(Lineage(2, LineageKind.SPLIT, since),))
    two = project(2, "1.2", statuses=(status("14.02.2026", "g"),), predecessors=(Lineage(1, LineageKind.SPLIT, since),))
    assert drafted(one, two, earlier=[held({1: frozen("r")})]).proposals != ()


def test_a_successor_without_a_light_does_not_silence_a_red_predecessor() -> None:
    old = project(1, "1.1", statuses=(status("30.09.2025", "r"),))
    lineage = (Lineage(1, LineageKind.CONTINUED, dt.date(2026, 1, 1)),)
    new = project(2, "2.1", statuses=(status("14.02.2026"),), predecessors=lineage)
    result = drafted(old, new, earlier=[held({1: frozen("r")})])
    assert rules(result, "1.1") == {"still_red"}
