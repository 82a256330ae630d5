"""Needs, proposed projects, phases, milestones and missing reports, with their sentences."""

import datetime as dt
from dataclasses import replace

import pytest

from app.drafting.schemas import BodyRules, Dating, Lineage, MeetingFacts, Need, Rule
from app.projects.models import LineageKind, Phase
from tests.drafting.stories import (
    BEFORE_ON,
    day,
    deferred,
    drafted,
    frozen,
    held,
    milestone,
    project,
    proposal,
    reasons,
    rules,
    status,
    topic,
)

SHOWN = held({1: frozen("g")})
OLD = status("30.09.2025", "g")
NEW = status("14.02.2026", "g")


def test_an_open_need_is_proposed_for_decision_even_without_a_new_status() -> None:
    needs = (Need("Rahmen 2027.", day("02.04.2026")), Need("Fläche\nB", day("15.04.2026")))
    result = drafted(project(statuses=(OLD,), needs=needs), earlier=[SHOWN])
    (reason,) = reasons(result, Rule.DECISION_NEEDED)
    assert reason.text == "Entscheidungsbedarf seit 02.04.2026: Rahmen 2027; seit 15.04.2026: Fläche B"
    assert reason.since == day("02.04.2026")
    found = proposal(result, "project:1")
    assert (found.section, found.kind, found.score, found.mandatory) == ("beschlussfassung", "decision", 90, True)


@pytest.mark.parametrize(
    ("opened", "closed", "speaks"),
    [
        ("01.05.2026", None, True),
        ("02.05.2026", None, False),
        ("02.04.2026", "01.05.2026", False),
        ("02.04.2026", "02.05.2026", True),
    ],
)
def test_a_need_counts_as_of_the_stichtag(opened: str, closed: str | None, speaks: bool) -> None:
    need = Need("Rahmen", day(opened), day(closed) if closed else None)
    result = drafted(project(statuses=(NEW,), needs=(need,)), earlier=[SHOWN])
    assert (rules(result) == {"decision_needed"}) is speaks


def test_a_proposed_project_is_proposed_until_something_about_it_is_settled() -> None:
    new = project(statuses=(status("30.09.2025", phase=Phase.PROPOSED),))
    result = drafted(new, earlier=[held({1: frozen("-", phase=Phase.PROPOSED)})])
    (reason,) = reasons(result)
    assert (reason.rule, reason.text) == (
        "project_proposed",
        "Als Projekt vorgeschlagen (Stand 30.09.2025), noch ohne Ergebnis",
    )
    assert proposal(result, "project:1").score == 70
    settled = held({1: frozen("-", phase=Phase.PROPOSED)}, settled=frozenset({1}))
    assert reasons(drafted(new, earlier=[settled])) == []
    special = held(said="01.02.2026", settled=frozenset({1}), shows_status=False)
    assert reasons(drafted(new, earlier=[SHOWN, special])) == []


def test_a_result_from_before_another_phase_does_not_settle_a_new_proposal() -> None:
    told = (
        status("30.09.2025", phase=Phase.PROPOSED),
        status("31.12.2025", phase=Phase.REJECTED),
        status("14.02.2026", phase=Phase.PROPOSED),
    )
    settled = held({1: frozen("-", phase=Phase.PROPOSED)}, settled=frozenset({1}))
    assert rules(drafted(project(statuses=told), earlier=[settled])) == {"project_proposed"}


def test_a_carried_thing_stands_for_the_proposed_project() -> None:
    new = project(statuses=(status("14.02.2026", phase=Phase.PROPOSED),))
    result = drafted(new, deferred=(deferred(project_ids=(1,)),))
    assert [reason.rule for reason in reasons(result)] == ["item_deferred"]
    waiting = drafted(new, backlog=(topic(project_ids=(1,), resume_on=day("01.12.2026")),))
    assert reasons(waiting) == []
    own = drafted(new, backlog=(topic(project_ids=(1,), from_meeting_id=7),))
    assert [reason.rule for reason in reasons(own)] == ["project_proposed"], "what this drafting itself put away"


@pytest.mark.parametrize(
    ("phase", "rule", "word", "section", "score"),
    [
        (Phase.ABORTED, "stopped", "abgebrochen", "beratung", 65),
        (Phase.PAUSED, "stopped", "ruhend", "beratung", 65),
        (Phase.COMPLETED, "completed", "abgeschlossen", "ohne-aussprache", 20),
        (Phase.TRANSFERRED, "transferred", "übergeleitet", "ohne-aussprache", 15),
    ],
)
def test_a_phase_that_ends_the_work(phase: Phase, rule: str, word: str, section: str, score: int) -> None:
    told = (OLD, status("14.02.2026", "g", phase), status("31.03.2026", "g", phase))
    result = drafted(project(statuses=told), earlier=[SHOWN])
    (reason,) = reasons(result)
    said = f"Phase seit 14.02.2026 {word}, zuvor in Umsetzung (Stand 30.09.2025)"
    assert (reason.rule, reason.text, reason.since) == (rule, said, day("14.02.2026"))
    found = proposal(result, "project:1")
    assert (found.section, found.score) == (section, score)
    again = drafted(project(statuses=told), earlier=[held({1: frozen("g", phase=phase)})])
    assert reasons(again) == [], "it is said once"


def test_an_end_that_was_never_news_is_not_proposed() -> None:
    first = drafted(project(statuses=(status("14.02.2026", "g", Phase.COMPLETED),)))
    assert reasons(first) == []
    assert first.delta.lines[0].news
    told = (status("31.12.2025", "g"), status("14.02.2026", "g", Phase.ABORTED))
    (reason,) = reasons(drafted(project(statuses=told)))
    assert reason.text == (
        "Phase seit 14.02.2026 abgebrochen (erste Meldung an das Gremium; zuvor in Umsetzung, Stand 31.12.2025)"
    )


def test_other_changes_of_phase_are_news_on_the_delta_page() -> None:
    told = (status("30.09.2025", "g", Phase.PLANNED), NEW)
    result = drafted(project(statuses=told), earlier=[held({1: frozen("g", phase=Phase.PLANNED)})])
    assert reasons(result) == []
    (line,) = result.delta.lines
    said = "neu: Phase seit 14.02.2026 in Umsetzung, zuvor in Planung (Stand 30.09.2025)"
    assert (line.text, line.news) == (said, True)


def test_a_milestone_is_overdue_after_thirty_days() -> None:
    late = milestone("Baubeginn", ("30.09.2025", "01.04.2026"))
    assert reasons(drafted(project(statuses=(OLD, NEW), milestones=(late,)), earlier=[SHOWN])) == []
    late = milestone("Baubeginn", ("30.09.2025", "31.03.2026"))
    result = drafted(project(statuses=(OLD, NEW), milestones=(late,)), earlier=[SHOWN])
    (reason,) = reasons(result)
    said = "Meilenstein „Baubeginn“ seit 31.03.2026 überfällig (31 Tage)"
    assert (reason.rule, reason.text, reason.since) == ("milestone_overdue", said, day("31.03.2026"))
    found = proposal(result, "project:1")
    assert (found.section, found.score) == ("beratung", 50)


def test_five_late_milestones_are_one_reason_and_the_end_joins() -> None:
    late = tuple(milestone(f"M{number}", ("30.09.2025", f"0{number}.01.2026")) for number in range(1, 6))
    ends = (Dating(day("30.09.2025"), day("31.12.2025")),)
    result = drafted(project(statuses=(OLD, NEW), milestones=late, ends=ends), earlier=[SHOWN])
    (reason,) = reasons(result)
    assert reason.text.startswith("Projektende seit 31.12.2025 überfällig (121 Tage); Meilenstein „M1“ seit 01.01.2026")
    assert reason.text.count("Meilenstein") == 5
    assert proposal(result, "project:1").score == 50


@pytest.mark.parametrize(
    ("phase", "done", "speaks"),
    [
        (Phase.RUNNING, None, True),
        (Phase.PLANNED, None, True),
        (Phase.PAUSED, None, False),
        (None, None, True),
        (Phase.RUNNING, "15.03.2026", False),
        (Phase.RUNNING, "02.05.2026", True),
    ],
)
def test_only_open_milestones_of_running_projects(phase: Phase | None, done: str | None, speaks: bool) -> None:
    late = milestone("Baubeginn", ("30.09.2025", "31.12.2025"), done=done)
    told = (OLD, status("14.02.2026", "g", phase))
    result = drafted(project(statuses=told, milestones=(late,)), earlier=[SHOWN])
    assert ("milestone_overdue" in rules(result)) is speaks


def test_a_milestone_moved_twice_or_far_since_then() -> None:
    twice = milestone("A", ("30.06.2025", "01.01.2026"), ("31.12.2025", "01.06.2026"), ("31.03.2026", "15.06.2026"))
    shown = held({1: frozen("g")})
    result = drafted(project(statuses=(OLD, NEW), milestones=(twice,)), earlier=[shown])
    assert reasons(result)[0].text == (
        "Meilenstein „A“ seit der Sitzung am 12.11.2025 zweimal verschoben, von 01.01.2026 auf 15.06.2026 (+165 Tage)"
    )
    far = milestone("B", ("30.06.2025", "01.06.2026"), ("31.12.2025", "31.08.2026"))
    result = drafted(project(statuses=(OLD, NEW), milestones=(far,)), earlier=[shown])
    assert reasons(result)[0].text == (
        "Meilenstein „B“ seit der Sitzung am 12.11.2025 einmal verschoben, von 01.06.2026 auf 31.08.2026 (+91 Tage)"
    )
    assert reasons(result)[0].since == day("31.12.2025")
    near = milestone("C", ("30.06.2025", "01.06.2026"), ("31.12.2025", "30.08.2026"))
    again = milestone("D", ("30.06.2025", "01.06.2026"), ("31.12.2025", "01.06.2026"), ("31.03.2026", "02.06.2026"))
    before = milestone("E", ("31.12.2024", "01.01.2026"), ("30.06.2025", "01.06.2026"), ("30.09.2025", "01.09.2026"))
    forward = milestone("F", ("30.06.2025", "01.09.2026"), ("31.12.2025", "01.08.2026"), ("31.03.2026", "01.07.2026"))
    later = milestone("G", ("30.06.2025", "01.06.2026"), ("02.05.2026", "01.06.2027"))
    withdrawn = replace(far, datings=(*far.datings, Dating(day("31.03.2026"), None)))
    quiet = (near, again, before, forward, later, withdrawn)
    assert reasons(drafted(project(statuses=(OLD, NEW), milestones=quiet), earlier=[shown])) == []


def test_the_end_of_the_project_moves_like_a_milestone_and_limits_are_settings() -> None:
    ends = (Dating(day("30.06.2025"), day("01.06.2026")), Dating(day("31.12.2025"), day("01.07.2026")))
    moved = project(statuses=(OLD, NEW), ends=ends)
    assert reasons(drafted(moved, earlier=[SHOWN])) == []
    strict = drafted(moved, earlier=[SHOWN], rules=BodyRules(moved_days=20))
    assert reasons(strict)[0].text.startswith("Projektende seit der Sitzung am 12.11.2025 einmal verschoben")
    strict = drafted(moved, earlier=[SHOWN], rules=BodyRules(moved_times=1))
    assert rules(strict) == {"milestone_overdue"}
    late = project(statuses=(OLD, NEW), ends=(Dating(day("30.06.2025"), day("20.04.2026")),))
    assert rules(drafted(late, earlier=[SHOWN])) == set()
    assert rules(drafted(late, earlier=[SHOWN], rules=BodyRules(late_days=10))) == {"milestone_overdue"}


def test_missing_reports_are_one_grouped_item() -> None:
    silent = [project(number, f"1.{number}", statuses=(OLD,)) for number in (10, 9)]
    fresh = project(3, "1.3", statuses=(OLD, NEW))
    done = project(4, "1.4", statuses=(status("30.09.2025", "g", Phase.COMPLETED),))
    rows = {number: frozen("g") for number in (3, 9, 10)} | {4: frozen("g", phase=Phase.COMPLETED)}
    result = drafted(*silent, fresh, done, earlier=[held(rows)])
    (found,) = result.proposals
    assert (found.key, found.section, found.minutes, found.title) == (
        "missing",
        "umsetzungsstand",
        0,
        "Fehlende Sachstandsmeldungen",
    )
    assert [reference.code for reference in found.projects] == ["1.9", "1.10"]
    assert found.reasons[0].text == "Keine Meldung seit der Sitzung am 12.11.2025 (letzter Stand 30.09.2025)"
    assert [reason.project for reason in found.reasons] == ["1.9", "1.10"]


def test_missing_reports_since_the_latest_round() -> None:
    told = project(statuses=(OLD, NEW))
    rounds = (dt.date(2025, 9, 1), dt.date(2026, 3, 1), dt.date(2026, 5, 2))
    result = drafted(told, earlier=[SHOWN], rounds=rounds)
    assert reasons(result)[0].text == (
        "Keine Meldung seit Beginn der Monitoring-Runde am 01.03.2026 (letzter Stand 14.02.2026)"
    )
    assert reasons(drafted(told, earlier=[SHOWN], rounds=rounds[:1])) == []


def test_a_project_that_never_reported_is_missing_while_its_plan_runs() -> None:
    never = project()
    (reason,) = reasons(drafted(never))
    assert (reason.rule, reason.text) == ("report_missing", "Bis zum Stichtag 01.05.2026 liegt keine Meldung vor")
    assert reasons(drafted(replace(never, plan_ends_on=dt.date(2021, 12, 31)))) == []
    assert reasons(drafted(replace(never, plan_ends_on=dt.date(2026, 12, 31)))) != []
    assert reasons(drafted(project(statuses=(OLD,)))) == [], "no round, no earlier meeting, but it has reported"


def test_a_predecessor_owes_no_report_once_its_successor_reports() -> None:
    old = project(1, "1.1", statuses=(OLD,), milestones=(milestone("A", ("30.06.2025", "01.10.2025")),))
    lineage = (Lineage(1, LineageKind.CONTINUED, dt.date(2026, 1, 1)),)
    new = project(2, "2.1", statuses=(NEW,), predecessors=lineage)
    assert reasons(drafted(old, new, earlier=[SHOWN])) == []
    future = replace(new, predecessors=(replace(lineage[0], since=dt.date(2026, 5, 2)),))
    assert {reason.rule for reason in reasons(drafted(old, future, earlier=[SHOWN]))} == {
        "report_missing",
        "milestone_overdue",
    }


def test_only_earlier_meetings_count() -> None:
    later = held({1: frozen("r")}, "12.05.2026")
    assert rules(drafted(project(statuses=(OLD, NEW)), earlier=[SHOWN, later])) == set()
    assert drafted(earlier=[SHOWN]).delta.then_on == BEFORE_ON
    assert drafted(meeting=MeetingFacts(7, BEFORE_ON), as_of=BEFORE_ON, earlier=[SHOWN]).previous_id is None


def test_a_report_of_the_day_itself_belongs_to_the_meeting_and_to_the_round() -> None:
    told = project(statuses=(status("12.11.2025", "g"),))
    assert [reason.rule for reason in reasons(drafted(told, earlier=[SHOWN]))] == ["report_missing"]
    assert reasons(drafted(told, earlier=[SHOWN], rounds=(BEFORE_ON,))) == []
