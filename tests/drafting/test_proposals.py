"""One proposal per subject: merging, carried things, groups, what is already elsewhere, and the order."""

import datetime as dt
from typing import Any

import pytest

from app import clock
from app.agenda.models import ItemKind, Level, Outcome, SectionKey
from app.drafting.rules import merge, table
from app.drafting.rules.draft import require_as_of
from app.drafting.schemas import (
    BodyRules,
    Dating,
    Field,
    MeetingFacts,
    Need,
    PlacedItem,
    Placement,
    ProjectFacts,
    RegisteredTopic,
    Rule,
)
from app.errors import Invalid
from tests.drafting.stories import (
    BEFORE_ON,
    MEETING_ON,
    RED,
    day,
    deferred,
    drafted,
    frozen,
    held,
    keys,
    project,
    proposal,
    reasons,
    rules,
    status,
    topic,
)

SHOWN = held({number: frozen("y") for number in range(1, 40)})


def red(number: int = 1, code: str = "1.1", **values: Any) -> ProjectFacts:
    return project(number, code, statuses=(status("30.09.2025", "y"), status("14.02.2026", "r")), **values)


def test_the_table_names_every_rule_once_and_every_row_has_its_function() -> None:
    assert [row.rule for row in table.TABLE] == list(Rule)
    ready = {row.rule for row in table.TABLE if row.subject is table.Subject.PROJECT}
    assert ready == merge.PROJECT_RULES.keys()
    weights = {str(row.rule): row.weight for row in table.TABLE if row.weight is not None}
    assert weights == {
        "decision_needed": 90,
        "project_proposed": 70,
        "turned_red": 80,
        "still_red": 60,
        "stopped": 65,
        "milestone_overdue": 50,
        "worsened": 30,
        "part_red": 28,
        "improved": 25,
        "still_yellow": 22,
        "recovered": 20,
        "completed": 20,
        "transferred": 15,
    }


def test_rules_about_one_project_make_one_proposal() -> None:
    both = red(needs=(Need("Rahmen", day("02.04.2026")),), ends=(Dating(day("30.09.2025"), day("31.12.2025")),))
    result = drafted(both, earlier=[SHOWN])
    (found,) = result.proposals
    assert [reason.rule for reason in found.reasons] == ["decision_needed", "turned_red", "milestone_overdue"]
    assert (found.section, found.kind, found.score, found.minutes) == ("beschlussfassung", "decision", 100, 10)
    weights = BodyRules(weights={Rule.TURNED_RED: 200}, further_rule=1)
    assert drafted(both, earlier=[SHOWN], rules=weights).proposals[0].score == 202
    assert found.occasion.startswith("Entscheidungsbedarf seit 02.04.2026: Rahmen. Ampel seit 14.02.2026 rot, zuvor")


def test_debate_goes_before_consent() -> None:
    told = (status("30.09.2025", "y"), status("14.02.2026", "g"))
    late = project(statuses=told, ends=(Dating(day("30.09.2025"), day("31.12.2025")),))
    (found,) = drafted(late, earlier=[SHOWN]).proposals
    assert (found.section, found.score) == ("beratung", 55)


def test_a_deferred_item_takes_the_reasons_of_its_projects() -> None:
    owed = deferred(outcome=Outcome.ADJOURNED, project_ids=(1, 2), section=SectionKey.DEBATE, minutes=20)
    calm = project(2, "1.2", statuses=(status("14.02.2026", "y"),))
    loud = red(3, "1.3")
    result = drafted(red(), calm, loud, earlier=[SHOWN], deferred=(owed,))
    assert keys(result) == ["item:55", "project:3"]
    found = proposal(result, "item:55")
    assert [(reason.rule, reason.project) for reason in found.reasons] == [
        ("item_deferred", None),
        ("turned_red", "1.1"),
    ]
    assert found.reasons[0].text == "Vertagt in der 17. Sitzung am 12.11.2025"
    assert found.reasons[0].since == BEFORE_ON
    assert (found.score, found.minutes, found.mandatory, found.title) == (85, 20, True, "Gewerbeflächen")
    assert [reference.code for reference in found.projects] == ["1.1", "1.2"]
    assert found.occasion.endswith("1.1: Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025).")


def test_a_deferred_item_heads_its_section_whatever_the_score() -> None:
    result = drafted(red(), earlier=[SHOWN], deferred=(deferred(),))
    assert keys(result) == ["item:55", "project:1"]
    assert proposal(result, "item:55").score == 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"outcome": Outcome.ADJOURNED, "note": "Gast fehlte."},
            "Vertagt in der 17. Sitzung am 12.11.2025: Gast fehlte",
        ),
        ({"outcome": Outcome.NOT_REACHED}, "In der 17. Sitzung am 12.11.2025 nicht behandelt"),
        ({"outcome": None}, "Stand auf der Tagesordnung der ausgefallenen 17. Sitzung am 12.11.2025"),
        (
            {"outcome": Outcome.DEFERRED, "resume_on": MEETING_ON},
            "Zurückgestellt in der 17. Sitzung am 12.11.2025 bis 12.05.2026",
        ),
        (
            {"outcome": Outcome.REFERRED, "resume_on": dt.date(2026, 4, 1), "note": "Arbeitsebene"},
            "Überwiesen in der 17. Sitzung am 12.11.2025, Wiedervorlage 01.04.2026: Arbeitsebene",
        ),
        (
            {"outcome": Outcome.REFERRED, "reported_on": dt.date(2026, 4, 1)},
            "Überwiesen in der 17. Sitzung am 12.11.2025, Bericht vom 01.04.2026",
        ),
    ],
)
def test_why_an_item_comes_back(values: dict[str, Any], said: str) -> None:
    result = drafted(deferred=(deferred(**values),))
    assert [reason.text for reason in reasons(result)] == [said]
    assert result.waiting == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"outcome": Outcome.DEFERRED, "resume_on": dt.date(2026, 5, 13)}, "zurückgestellt bis 13.05.2026"),
        ({"outcome": Outcome.DEFERRED, "note": "Gutachten"}, "zurückgestellt: Gutachten"),
        ({"outcome": Outcome.REFERRED, "note": "Arbeitsebene"}, "überwiesen, Bericht steht aus: Arbeitsebene"),
        (
            {"outcome": Outcome.REFERRED, "reported_on": dt.date(2026, 6, 1), "resume_on": dt.date(2026, 6, 1)},
            "überwiesen, Bericht steht aus, Wiedervorlage 01.06.2026",
        ),
    ],
)
def test_what_waits_is_said_and_not_proposed(values: dict[str, Any], said: str) -> None:
    result = drafted(deferred=(deferred(**values),))
    assert result.proposals == ()
    assert [(waiting.key, waiting.text) for waiting in result.waiting] == [("item:55", said)]


@pytest.mark.parametrize("outcome", [Outcome.ADOPTED, Outcome.REMOVED, Outcome.RETRACTED])
def test_other_outcomes_do_not_come_back(outcome: Outcome) -> None:
    result = drafted(deferred=(deferred(outcome=outcome),))
    assert (result.proposals, result.waiting) == ((), ())


def test_the_backlog_comes_back_with_its_old_reason() -> None:
    stored = topic(level=Level.CONFIDENTIAL, proposed_decision="Der SKIP stimmt zu.", minutes=15)
    result = drafted(
        backlog=(stored, topic(4, title="Später", resume_on=day("13.05.2026")), topic(5, from_meeting_id=7))
    )
    (found,) = result.proposals
    assert [reason.text for reason in found.reasons] == ["Im Themenspeicher seit 12.11.2025: keine Zeit"]
    assert (found.key, found.level, found.proposed_decision, found.minutes, found.mandatory) == (
        "topic:3",
        "confidential",
        "Der SKIP stimmt zu.",
        15,
        False,
    )
    assert [(waiting.key, waiting.text) for waiting in result.waiting] == [("topic:4", "Wiedervorlage 13.05.2026")]


def registered(at: dt.datetime, **values: Any) -> RegisteredTopic:
    return RegisteredTopic(9, "Energie", SectionKey.DEBATE, ItemKind.DEBATE, "IHK Berlin", at, **values)


def test_registered_in_time_until_midnight_in_berlin() -> None:
    meeting = MeetingFacts(7, MEETING_ON, registration_closes_on=day("31.03.2026"))
    in_time = registered(dt.datetime(2026, 3, 31, 23, 59, tzinfo=clock.BERLIN))
    (found,) = drafted(meeting=meeting, registered=(in_time,)).proposals
    assert (found.key, found.mandatory) == ("registration:9", True)
    assert found.reasons[0].text == "Angemeldet von IHK Berlin am 31.03.2026"
    late_at = dt.datetime(2026, 3, 31, 22, 0, tzinfo=dt.UTC)
    result = drafted(meeting=meeting, registered=(registered(late_at),))
    assert result.proposals == ()
    assert result.waiting[0].text == (
        "nach Anmeldeschluss angemeldet, Eilbedarf und Einverständnis des Vorsitzes fehlen: nächste Sitzung"
    )
    half = drafted(meeting=meeting, registered=(registered(late_at, urgency="Frist des Bundes"),))
    assert half.waiting[0].text.endswith("das Einverständnis des Vorsitzes fehlt: nächste Sitzung")
    urgent = registered(late_at, urgency="Frist des Bundes", chair_consented=True)
    assert reasons(drafted(meeting=meeting, registered=(urgent,)))[0].text == (
        "Angemeldet von IHK Berlin am 01.04.2026, nach Anmeldeschluss 31.03.2026; Eilbedarf: Frist des Bundes"
    )


def test_a_carried_thing_about_a_red_project_leaves_ohne_aussprache() -> None:
    stored = topic(section=SectionKey.CONSENT, kind=ItemKind.NOTE, project_ids=(1,), minutes=0)
    (found,) = drafted(red(), earlier=[SHOWN], backlog=(stored,)).proposals
    assert (found.section, found.kind, found.minutes) == ("beratung", "debate", 10)
    calm = project(statuses=(status("14.02.2026", "y"),))
    (found,) = drafted(calm, earlier=[SHOWN], backlog=(stored,)).proposals
    assert (found.section, found.kind, found.minutes) == ("ohne-aussprache", "note", 0)


def test_a_carried_decision_need_always_stays() -> None:
    stored = topic(project_ids=(1,), minutes=200)
    calm = project(statuses=(status("14.02.2026", "y"),), needs=(Need("Rahmen", day("02.04.2026")),))
    (found,) = drafted(calm, earlier=[SHOWN], backlog=(stored,)).proposals
    assert (found.section, found.mandatory, found.fits) == ("beratung", True, True)


def test_a_carried_group_takes_no_reasons() -> None:
    stored = topic(title="Weitere rote Projekte", project_ids=(1,), grouped=True, minutes=0)
    result = drafted(red(), earlier=[SHOWN], backlog=(stored,))
    assert keys(result) == ["project:1", "topic:3"]
    assert len(proposal(result, "topic:3").reasons) == 1


def test_a_line_of_a_group_never_replaces_the_own_proposal() -> None:
    silent = project(statuses=(status("30.09.2025", "r"),))
    result = drafted(silent, earlier=[held({1: frozen("r")})])
    assert keys(result) == ["missing", "project:1"]
    placed = PlacedItem("Fehlende Meldungen", SectionKey.IMPLEMENTATION, 0, keys=("missing",), project_ids=(1,))
    result = drafted(silent, earlier=[held({1: frozen("r")})], agenda=(placed,))
    assert proposal(result, "project:1").acceptable


def test_what_is_on_a_coming_agenda_says_where_and_cannot_be_accepted_twice() -> None:
    place = Placement("Tagesordnung der Sondersitzung am 20.05.2026", project_ids=(1,), keys=("topic:3",))
    result = drafted(red(), red(2, "1.2"), earlier=[SHOWN], placements=(place,), backlog=(topic(),))
    found = proposal(result, "project:1")
    assert (found.taken_by, found.acceptable, found.fits) == (place.label, False, False)
    assert proposal(result, "topic:3").taken_by == place.label
    assert proposal(result, "project:2").acceptable
    typed = PlacedItem("Ankauf von Flächen", SectionKey.DEBATE, 10, project_ids=(1,))
    result = drafted(red(), earlier=[SHOWN], agenda=(typed,))
    assert proposal(result, "project:1").taken_by == "diese Tagesordnung: Ankauf von Flächen"
    assert "red" not in keys(result)
    own = PlacedItem("Ankauf von Flächen", SectionKey.DEBATE, 10, keys=("project:1",), project_ids=(1,))
    assert proposal(drafted(red(), earlier=[SHOWN], agenda=(own,)), "project:1").acceptable


def test_the_order_is_score_then_field_then_natural_number_then_title_then_id() -> None:
    first, second = Field("Innovation", 1), Field("Energie", 2)
    told = (status("30.09.2025", "y"), status("14.02.2026", "r"))
    projects = [
        project(1, "1.10", statuses=told, field=first),
        project(2, "1.9", statuses=told, field=first),
        project(3, "1.1", statuses=told, field=second),
        project(4, "0.1", statuses=(*told[:1], status("14.02.2026", "r", light_cost=RED)), field=second),
        project(6, "1.9", statuses=told, field=first, title="Projekt 1.9"),
        project(5, "1.9", statuses=told, field=first, title="Äpfel"),
        project(7, "9.9", statuses=told, field=None),
        project(8, "9.8", statuses=told, field=second, ends=(Dating(day("30.09.2025"), day("31.12.2025")),)),
    ]
    result = drafted(*projects, earlier=[SHOWN])
    assert [found.key for found in result.proposals if found.key != "red"] == [
        f"project:{number}" for number in (8, 5, 2, 6, 1, 4, 3, 7)
    ]


def test_sections_come_in_the_order_of_the_agenda() -> None:
    told = [
        project(1, "1.1", statuses=(status("14.02.2026", "g"),)),
        project(2, "1.2", statuses=(status("14.02.2026", "r"),)),
        project(3, "1.3", statuses=(status("14.02.2026", "y"),), needs=(Need("Ja?", day("01.03.2026")),)),
        project(4, "1.4", statuses=(status("30.09.2025", "y"),)),
    ]
    result = drafted(*told, earlier=[SHOWN])
    assert keys(result) == ["missing", "project:3", "project:2", "project:1"]
    assert rules(result, "1.4") == set()


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("13.05.2026", "Der Stichtag 13.05.2026 liegt nach der Sitzung am 12.05.2026."),
        ("11.11.2025", "Der Stichtag 11.11.2025 liegt vor der vorigen Sitzung am 12.11.2025."),
    ],
)
def test_a_wrong_stichtag_is_refused_with_a_sentence(as_of: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        drafted(as_of=day(as_of), earlier=[SHOWN])
    assert refused.value.fields == {"as_of": said}


def test_the_stichtag_may_be_the_day_of_either_meeting() -> None:
    require_as_of(MEETING_ON, MEETING_ON, BEFORE_ON)
    require_as_of(BEFORE_ON, MEETING_ON, BEFORE_ON)
    require_as_of(day("01.01.2020"), MEETING_ON, None)
