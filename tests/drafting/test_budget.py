"""The time of an agenda: what always stays, what of the debate fits, what is said when it is too much."""

import pytest

from app.agenda.models import ItemKind, Outcome, ProposalState, SectionKey
from app.drafting.rules.draft import draft
from app.drafting.schemas import (
    BodyRules,
    Draft,
    DraftInputs,
    ExistingProposal,
    MeetingFacts,
    Need,
    PlacedItem,
    ProjectFacts,
    SectionTime,
)
from tests.drafting.stories import (
    MEETING_ON,
    day,
    deferred,
    drafted,
    frozen,
    held,
    inputs,
    keys,
    project,
    proposal,
    status,
    topic,
)

SHOWN = held({number: frozen("y") for number in range(1, 60)})


def red(number: int) -> ProjectFacts:
    return project(number, f"1.{number}", statuses=(status("30.09.2025", "y"), status("14.02.2026", "r")))


def wants(number: int) -> ProjectFacts:
    told = (status("30.09.2025", "y"), status("14.02.2026", "y"))
    return project(number, f"1.{number}", statuses=told, needs=(Need("Ja?", day("01.03.2026")),))


def fitting(result: Draft) -> list[str]:
    return [found.key for found in result.proposals if found.fits]


def test_an_empty_agenda_has_its_formalities_and_the_end() -> None:
    assert (drafted().budget.planned, drafted().budget.mandatory, drafted().budget.sentence) == (10, 5, "")


def test_sections_with_one_time_in_all_count_once_and_only_with_items() -> None:
    calm = [project(number, f"1.{number}", statuses=(status("14.02.2026", "g"),)) for number in (1, 2, 3)]
    silent = [project(number, f"1.{number}", statuses=(status("30.09.2025", "y"),)) for number in (4, 5)]
    result = drafted(*calm, *silent, earlier=[SHOWN])
    assert result.budget.planned == 5 + 5 + 5 + 10
    assert {found.minutes for found in result.proposals} == {0}
    assert all(found.fits for found in result.proposals)


def test_the_main_topic_takes_its_time_once() -> None:
    meeting = MeetingFacts(7, MEETING_ON, main_topic="Additive Fertigung")
    assert drafted(meeting=meeting).budget.mandatory == 35
    placed = PlacedItem("Additive Fertigung", SectionKey.MAIN_TOPIC, 40)
    assert drafted(meeting=meeting, agenda=(placed,)).budget.mandatory == 45


def test_the_debate_is_taken_up_to_the_first_that_does_not_fit() -> None:
    long = topic(3, minutes=40)
    short = topic(4, minutes=5, title="Zuletzt")
    result = drafted(*[red(number) for number in range(1, 9)], earlier=[SHOWN], backlog=(long, short))
    assert fitting(result) == [f"project:{number}" for number in range(1, 9)]
    assert not proposal(result, "topic:3").fits
    assert not proposal(result, "topic:4").fits, "nothing jumps the queue"
    assert (result.budget.planned, result.budget.length, result.budget.sentence) == (90, 120, "")


def test_red_projects_that_do_not_fit_become_one_written_item() -> None:
    result = drafted(*[red(number) for number in range(1, 15)], earlier=[SHOWN])
    assert fitting(result) == [f"project:{number}" for number in range(1, 12)] + ["red"]
    assert result.budget.planned == 120
    assert keys(result)[-1] == "red"
    assert "project:12" in keys(result), "its own proposal stays"
    group = proposal(result, "red")
    assert (group.title, group.section, group.kind, group.minutes) == (
        "Weitere rote Projekte (schriftlicher Bericht)",
        SectionKey.DEBATE,
        ItemKind.NOTE,
        0,
    )
    assert [reference.code for reference in group.projects] == ["1.12", "1.13", "1.14"]
    assert group.reasons[0].text == "Ampel seit 14.02.2026 rot, zuvor gelb (Stand 30.09.2025)"


@pytest.mark.parametrize("number", [11, 12])
def test_mandatory_items_over_the_length_are_said_and_never_dropped(number: int) -> None:
    meeting = MeetingFacts(7, MEETING_ON, main_topic="Additive Fertigung")
    result = drafted(*[wants(one) for one in range(1, number + 1)], red(50), earlier=[SHOWN], meeting=meeting)
    assert len([key for key in fitting(result) if key.startswith("project:")]) == number
    assert result.budget.sentence == f"Pflichtpunkte {35 + 10 * number} von 120 Min."
    assert not proposal(result, "project:50").fits
    assert [reference.code for reference in proposal(result, "red").projects] == ["1.50"]


def test_a_little_over_because_of_fixed_times_is_said_too() -> None:
    result = drafted(*[wants(one) for one in range(1, 12)], earlier=[SHOWN], rules=BodyRules(length=118))
    assert (result.budget.mandatory, result.budget.planned) == (115, 120)
    assert result.budget.sentence == "Tagesordnung 120 von 118 Min."


def test_deferred_and_registered_items_always_stay() -> None:
    owed = [deferred(number, outcome=Outcome.ADJOURNED, minutes=30) for number in range(1, 6)]
    result = drafted(deferred=tuple(owed))
    assert fitting(result) == [f"item:{number}" for number in range(1, 6)]
    assert result.budget.sentence == "Pflichtpunkte 155 von 120 Min."


def test_times_are_settings_of_the_body() -> None:
    times = {SectionKey.DECISION: SectionTime(20), SectionKey.MISCELLANEOUS: SectionTime(15, in_all=True, always=True)}
    result = drafted(wants(1), earlier=[SHOWN], rules=BodyRules(times=times))
    assert proposal(result, "project:1").minutes == 20
    assert result.budget.planned == 5 + 20 + 15


def test_what_stands_on_the_agenda_takes_its_time_first() -> None:
    placed = PlacedItem("Haushalt", SectionKey.DEBATE, 95)
    result = drafted(red(1), red(2), earlier=[SHOWN], agenda=(placed,))
    assert fitting(result) == ["project:1", "red"]
    assert result.budget.planned == 115
    carried = PlacedItem("Haushalt", SectionKey.DEBATE, 130, mandatory=True)
    result = drafted(red(1), earlier=[SHOWN], agenda=(carried,))
    assert result.budget.sentence == "Pflichtpunkte 135 von 120 Min."


def after(given: DraftInputs, key: str, state: ProposalState, *agenda: PlacedItem, edited: bool = False) -> Draft:
    found = proposal(draft(given), key)
    existing = (ExistingProposal(found, state, edited),)
    values = {name: getattr(given, name) for name in given.__dataclass_fields__}
    return draft(DraftInputs(**{**values, "existing": existing, "agenda": agenda}))


def test_an_accepted_proposal_counts_as_its_item() -> None:
    given = inputs(red(1), earlier=[SHOWN])
    item = PlacedItem("Projekt 1.1", SectionKey.DEBATE, 25, keys=("project:1",), project_ids=(1,))
    result = after(given, "project:1", ProposalState.ACCEPTED, item)
    assert result.budget.planned == 35
    assert fitting(result) == ["project:1"]


def test_an_accepted_red_project_moved_to_ohne_aussprache_is_still_named() -> None:
    given = inputs(red(1), earlier=[SHOWN])
    item = PlacedItem("Projekt 1.1", SectionKey.CONSENT, 0, keys=("project:1",), project_ids=(1,))
    result = after(given, "project:1", ProposalState.ACCEPTED, item)
    assert [reference.code for reference in proposal(result, "red").projects] == ["1.1"]


def test_a_rejected_proposal_takes_no_time_and_stays_away() -> None:
    given = inputs(red(1), red(2), earlier=[SHOWN], rules=BodyRules(length=20))
    result = after(given, "project:1", ProposalState.REJECTED)
    assert fitting(result) == ["project:2"]
    assert "red" not in keys(result)


def test_a_carried_group_is_no_item_of_its_own() -> None:
    stored = topic(title="Weitere rote Projekte", project_ids=(1,), grouped=True, minutes=0)
    result = drafted(red(1), earlier=[SHOWN], backlog=(stored,), rules=BodyRules(length=15))
    assert proposal(result, "topic:3").fits is False
    result = drafted(
        red(1),
        earlier=[SHOWN],
        deferred=(deferred(project_ids=(1,), grouped=True, minutes=0),),
        rules=BodyRules(length=15),
    )
    assert fitting(result) == ["item:55", "red"]
