"""The tables of decisions and actions in a draft: lines in words, their order, what is secret, and drafting again."""

from typing import Any

import pytest

from app.agenda.models import ItemKind, Level, ProposalState, SectionKey
from app.drafting.rules.followed import LONGEST_TITLE
from app.drafting.rules.redraft import redraft
from app.drafting.schemas import ChangeKind, ExistingProposal, FollowedThing, Rule
from tests.drafting.stories import day, drafted

pytestmark = pytest.mark.once


def decision(
    number: int = 1, state: str = "in Umsetzung", *, due: str = "", closed: str = "", **values: Any
) -> FollowedThing:
    return FollowedThing(
        f"decision:{number}",
        Rule.DECISION_DUE,
        f"SKIP 2025/{number:02}",
        values.pop("title", f"Flächen {number} sichern"),
        day("12.11.2025"),
        state,
        day(due) if due else None,
        day(closed) if closed else None,
        **values,
    )


def test_all_open_ones_stand_in_one_item_and_what_is_due_at_the_meeting_is_marked_first() -> None:
    followed = (
        decision(1, due="30.09.2026"),
        decision(2, due="12.05.2026"),
        decision(3, "umgesetzt", closed="01.04.2026"),
        decision(4, "offen", at_next=True),
        decision(5, due="13.05.2026"),
        decision(6, "verzögert", due="01.02.2026"),
    )
    (proposal,) = drafted(followed=followed).proposals
    assert (proposal.key, proposal.section, proposal.kind) == (
        "decisions",
        SectionKey.IMPLEMENTATION,
        ItemKind.REPORT,
    )
    assert (proposal.minutes, proposal.level, proposal.fits) == (0, Level.INTERNAL, True)
    assert proposal.occasion.split("\n") == [
        "Fällig am 01.02.2026: SKIP 2025/06 „Flächen 6 sichern“ (12.11.2025), verzögert",
        "Fällig am 12.05.2026: SKIP 2025/02 „Flächen 2 sichern“ (12.11.2025), in Umsetzung",
        "Fällig: SKIP 2025/04 „Flächen 4 sichern“ (12.11.2025), offen",
        "Offen: SKIP 2025/05 „Flächen 5 sichern“ (12.11.2025), in Umsetzung, Wiedervorlage 13.05.2026",
        "Offen: SKIP 2025/01 „Flächen 1 sichern“ (12.11.2025), in Umsetzung, Wiedervorlage 30.09.2026",
        "Erledigt: SKIP 2025/03 „Flächen 3 sichern“ (12.11.2025), umgesetzt, Stand 01.04.2026",
    ]
    assert [reason.thing for reason in proposal.reasons if reason.closed] == ["decision:3"]


def test_without_decisions_there_is_no_item() -> None:
    assert drafted().proposals == ()


def test_confidential_lines_stand_in_an_item_of_their_own() -> None:
    proposals = drafted(
        followed=(decision(1, at_next=True), decision(2, at_next=True, title="Geheim", level=Level.CONFIDENTIAL))
    ).proposals
    assert [(one.key, one.level) for one in proposals] == [
        ("decisions", Level.INTERNAL),
        ("decisions-confidential", Level.CONFIDENTIAL),
    ]
    assert "Geheim" not in proposals[0].occasion
    assert "Geheim" in proposals[1].occasion


def test_a_title_is_one_line_and_not_endless() -> None:
    (proposal,) = drafted(followed=(decision(1, at_next=True, title="Sehr\nlang " + "x" * 300),)).proposals
    (line,) = proposal.occasion.split("\n")
    assert "Sehr lang" in line
    assert len(line) < LONGEST_TITLE + 60


def test_drafting_again_says_of_an_accepted_item_what_has_changed_since() -> None:
    (before,) = drafted(followed=(decision(1, at_next=True), decision(2, at_next=True))).proposals
    after = drafted(followed=(decision(1, "umgesetzt", closed="20.04.2026"), decision(3, at_next=True))).proposals
    (change,) = redraft([ExistingProposal(before, ProposalState.ACCEPTED)], after)
    assert change.kind is ChangeKind.DIFFERS
    assert change.proposal == before
    assert "jetzt: Erledigt: SKIP 2025/01" in change.difference
    assert "neu: Fällig: SKIP 2025/03" in change.difference
    assert "entfallen: Fällig: SKIP 2025/02" in change.difference
    (open_again,) = redraft([ExistingProposal(before)], after)
    assert open_again.kind is ChangeKind.UPDATED
    assert "SKIP 2025/02" not in open_again.proposal.occasion
