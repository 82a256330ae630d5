"""Drafting again: what is updated, what hands have touched, what stays rejected, what vanishes."""

from dataclasses import replace
from typing import Any

from app.agenda.models import ItemKind, ProposalState, SectionKey
from app.drafting.rules.redraft import redraft
from app.drafting.schemas import Change, ChangeKind, ExistingProposal, ProjectRef, Proposal, Reason, Rule
from tests.drafting.stories import day

RED = Reason(Rule.TURNED_RED, "Ampel seit 14.02.2026 rot", "1.1", day("14.02.2026"))
LATE = Reason(Rule.MILESTONE_OVERDUE, "Meilenstein überfällig", "1.1", day("01.02.2026"))
NEED = Reason(Rule.DECISION_NEEDED, "Entscheidungsbedarf: Rahmen", "1.1", day("02.04.2026"))


def proposed(*reasons: Reason, **values: Any) -> Proposal:
    found = Proposal("project:1", SectionKey.DEBATE, ItemKind.DEBATE, "Flächen", 10, 80, reasons)
    return replace(found, projects=(ProjectRef(1, "1.1", "Flächen"),), **values)


def applied(existing: list[ExistingProposal], changes: list[Change]) -> list[ExistingProposal]:
    """What the database does with the changes."""
    stored = {found.proposal.key: found for found in existing}
    for change in changes:
        if change.kind is ChangeKind.DIFFERS:
            continue
        vanished = change.kind is ChangeKind.VANISHED
        state = ProposalState.VANISHED if vanished else ProposalState.OPEN
        stored[change.key] = ExistingProposal(change.proposal, state)
    return list(stored.values())


def test_a_new_proposal_is_added() -> None:
    new = proposed(RED)
    assert redraft([], [new]) == [Change(ChangeKind.ADDED, "project:1", new)]


def test_nothing_changed_means_no_change() -> None:
    assert redraft([ExistingProposal(proposed(RED))], [proposed(RED)]) == []


def test_an_open_one_is_updated_and_lost_reasons_say_entfallen() -> None:
    old = proposed(RED, LATE, score=85)
    new = proposed(NEED, RED, section=SectionKey.DECISION, kind=ItemKind.DECISION, score=95)
    (change,) = redraft([ExistingProposal(old)], [new])
    assert change.kind is ChangeKind.UPDATED
    assert [(reason.text, reason.gone) for reason in change.proposal.reasons] == [
        (NEED.text, False),
        (RED.text, False),
        ("entfallen: Meilenstein überfällig", True),
    ]
    assert (change.proposal.score, change.proposal.section) == (95, "beschlussfassung")
    stored = applied([ExistingProposal(old)], [change])
    assert redraft(stored, [new]) == [], "drafting the same again changes nothing"
    (back,) = redraft(stored, [replace(new, reasons=(NEED, RED, LATE))])
    assert [reason.gone for reason in back.proposal.reasons] == [False, False, False]


def test_accepted_and_edited_ones_are_never_touched_and_differences_are_said() -> None:
    old = proposed(RED, LATE)
    new = proposed(NEED, replace(RED, text="Ampel seit 01.04.2026 rot"), section=SectionKey.DECISION, title="Neu")
    for existing in (ExistingProposal(old, ProposalState.ACCEPTED), ExistingProposal(old, edited=True)):
        (change,) = redraft([existing], [new])
        assert (change.kind, change.proposal) == (ChangeKind.DIFFERS, old)
        assert change.difference == (
            "neu: Entscheidungsbedarf: Rahmen; jetzt: Ampel seit 01.04.2026 rot; "
            "entfallen: Meilenstein überfällig; Abschnitt nach den Regeln jetzt: Beschlussfassung"
        )
        assert redraft([existing], [replace(old, title="Anderer Titel", minutes=20)]) == []
        (gone,) = redraft([existing], [])
        assert (gone.kind, gone.proposal, gone.difference) == (
            ChangeKind.DIFFERS,
            old,
            "entfallen: Ampel seit 14.02.2026 rot; entfallen: Meilenstein überfällig",
        )


def test_a_rejected_one_stays_rejected_unless_a_new_rule_joins() -> None:
    rejected = ExistingProposal(proposed(RED, LATE), ProposalState.REJECTED)
    assert redraft([rejected], [proposed(replace(RED, text="anders"), score=10)]) == []
    assert redraft([rejected], []) == []
    (change,) = redraft([rejected], [proposed(NEED, RED)])
    assert change.kind is ChangeKind.REOPENED
    assert [reason.gone for reason in change.proposal.reasons] == [False, False, True]


def test_an_open_one_without_any_reason_left_says_entfallen_and_may_come_back() -> None:
    (change,) = redraft([ExistingProposal(proposed(RED))], [])
    assert (change.kind, change.proposal.score, change.proposal.fits, change.proposal.gone) == (
        ChangeKind.VANISHED,
        0,
        False,
        True,
    )
    assert change.proposal.reasons[0].text == "entfallen: Ampel seit 14.02.2026 rot"
    stored = applied([ExistingProposal(proposed(RED))], [change])
    assert redraft(stored, []) == []
    (back,) = redraft(stored, [proposed(RED)])
    assert (back.kind, back.proposal) == (ChangeKind.REOPENED, proposed(RED))


def test_in_a_group_another_project_is_a_new_rule() -> None:
    group = replace(proposed(RED), key="red")
    rejected = ExistingProposal(group, ProposalState.REJECTED)
    joined = replace(group, reasons=(RED, replace(RED, project="1.2")))
    assert [change.kind for change in redraft([rejected], [joined])] == [ChangeKind.REOPENED]


def test_a_rejected_edited_one_opens_again_with_the_texts_of_hands() -> None:
    hands = proposed(RED, title="Von Hand", minutes=25, text="Mein Anlass.")
    rejected = ExistingProposal(hands, ProposalState.REJECTED, edited=True)
    assert redraft([rejected], [proposed(RED)]) == []
    (change,) = redraft([rejected], [proposed(NEED, RED, score=95)])
    assert change.kind is ChangeKind.REOPENED
    found = change.proposal
    assert (found.title, found.minutes, found.occasion, found.score) == ("Von Hand", 25, "Mein Anlass.", 95)
    assert [reason.rule for reason in found.reasons] == [Rule.DECISION_NEEDED, Rule.TURNED_RED]


def test_another_anlass_of_the_same_thing_is_an_update() -> None:
    old = ExistingProposal(proposed(RED, text="Begründung"))
    (change,) = redraft([old], [proposed(RED, text="Neue Begründung")])
    assert (change.kind, change.proposal.occasion) == (ChangeKind.UPDATED, "Neue Begründung")


def test_why_something_lay_in_the_backlog_is_never_printed() -> None:
    shelved = Reason(Rule.BACKLOG, "Im Themenspeicher seit 01.02.2026: Streit")
    assert proposed(shelved, RED).occasion == "Ampel seit 14.02.2026 rot."
    assert proposed(shelved).occasion == ""
