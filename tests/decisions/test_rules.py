"""Words, numbers, majorities and fitting outcomes of decisions; how searches are read."""

import pytest

from app.agenda.models import AgendaItem, ItemKind, Outcome, SectionKey
from app.attendance.rules.votes import Count
from app.bodies.rules import RuleBook
from app.clock import now
from app.decisions.models import Decision, SeriesKind
from app.decisions.rules.majority import Votes, contradiction, vote_errors, vote_result
from app.decisions.rules.numbers import number_shown, number_text
from app.decisions.rules.outcomes import ends_in_decision, final_wording, mismatch
from app.decisions.rules.searching import folded, patterns
from app.decisions.rules.settings import MODEL
from app.decisions.rules.words import votes_sentence

pytestmark = pytest.mark.once

CONSENSUS = RuleBook()
MAJORITY = RuleBook({MODEL.key: ('"vwvfg"', "Geschäftsordnung")})


def test_numbers_have_two_digits_and_those_of_actions_three():
    assert number_text("SKIP", SeriesKind.DECISION, 2026, 3) == "SKIP 2026/03"
    assert number_text("SKIP", SeriesKind.DECISION, 2026, 104) == "SKIP 2026/104"
    assert number_text("SKIP", SeriesKind.ACTION, 2026, 14) == "A 2026/014"


def test_a_number_says_that_it_is_provisional_or_not_given():
    row = Decision(body_id=1, title="Flächen", changed_at=now())
    assert number_shown(row) == "vorläufig"
    row.number = "SKIP 2026/03"
    assert number_shown(row) == "SKIP 2026/03"
    row.void_reason = "doppelt erfasst"
    assert number_shown(row) == "SKIP 2026/03 (nicht vergeben)"


@pytest.mark.parametrize(
    ("votes", "count", "field", "sentence"),
    [
        (Votes(8, 3, 1), Count(10, 14), "yes", "12 Stimmen, aber nur 10 stimmberechtigte Sitze sind anwesend."),
        (Votes(2, 0, 0), Count(1, 14), "yes", "2 Stimmen, aber nur ein stimmberechtigter Sitz ist anwesend."),
        (Votes(1, 0, 0), Count(0, 14), "yes", "Bitte halten Sie erst die Anwesenheit fest."),
        (Votes(0, 0, 0), Count(10, 14), "yes", "Bitte tragen Sie die abgegebenen Stimmen ein."),
        (Votes(5, 4, 0, True), Count(10, 14, chair_votes=True), "chair_vote", "nur bei Stimmengleichheit"),
        (Votes(5, 5, 0, True), Count(10, 14), "chair_vote", "nicht stimmberechtigt"),
    ],
)
def test_votes_that_cannot_have_been_cast_are_refused(votes, count, field, sentence):
    assert sentence in vote_errors(votes, count)[field]


def test_votes_of_all_seats_that_are_there_hold_and_unknown_attendance_checks_nothing():
    assert vote_errors(Votes(7, 2, 1), Count(10, 14)) == {}
    assert vote_errors(Votes(5, 5, 0, True), Count(10, 14, chair_votes=True)) == {}
    assert vote_errors(Votes(99, 0, 0), None) == {}


@pytest.mark.parametrize(
    ("votes", "adopted"),
    [
        (Votes(3, 2, 9), True),
        (Votes(2, 3, 0), False),
        (Votes(3, 3, 1), False),
        (Votes(3, 3, 1, True), True),
        (Votes(1, 0, 9), True),
    ],
)
def test_the_majority_of_votes_cast_decides_and_abstentions_do_not_count(votes, adopted):
    assert vote_result(MAJORITY, votes).adopted is adopted


def test_consensus_bears_no_vote_against():
    assert vote_result(CONSENSUS, Votes(9, 0, 3)).adopted
    result = vote_result(CONSENSUS, Votes(9, 1, 0))
    assert not result.adopted
    assert "1 Nein-Stimme" in result.sentence
    nobody = vote_result(CONSENSUS, Votes(0, 0, 3))
    assert not nobody.adopted
    assert "niemand stimmt dafür" in nobody.sentence


def test_votes_and_outcome_must_say_the_same():
    assert contradiction(MAJORITY, Outcome.ADOPTED, Votes(3, 2, 0)) == ""
    assert contradiction(MAJORITY, Outcome.REJECTED, Votes(2, 3, 0)) == ""
    assert contradiction(MAJORITY, Outcome.ADJOURNED, Votes(2, 3, 0)) == ""
    assert "Abgelehnt mit 3 zu 2" in contradiction(MAJORITY, Outcome.ADOPTED, Votes(2, 3, 0))
    assert "Angenommen mit 3 zu 2" in contradiction(MAJORITY, Outcome.REJECTED, Votes(3, 2, 0))


def test_an_amended_wording_is_decided_as_changed():
    assert "geändert beschlossen" in mismatch(Outcome.ADOPTED, "Der Rahmen gilt.", "Der Rahmen gilt bis 2027.")
    assert mismatch(Outcome.ADOPTED, "Der Rahmen gilt.", "Der Rahmen\n gilt.") == ""
    assert mismatch(Outcome.ADOPTED, "Der Rahmen gilt.", "") == ""
    assert "fehlt" in mismatch(Outcome.ADOPTED_CHANGED, "Der Rahmen gilt.", "")
    assert "der vorgeschlagene" in mismatch(Outcome.ADOPTED_CHANGED, "Der Rahmen gilt.", "Der Rahmen gilt.")
    assert mismatch(Outcome.ADOPTED_CHANGED, "Der Rahmen gilt.", "Er gilt bis 2027.") == ""
    assert mismatch(Outcome.ADOPTED_CHANGED, "", "", clauses=True) == ""


def test_the_proposal_is_the_wording_only_where_it_was_adopted():
    assert final_wording(Outcome.ADOPTED, "So.", "") == "So."
    assert final_wording(Outcome.CONFIRMED, "So.", "") == "So."
    assert final_wording(Outcome.REJECTED, "So.", "") == ""
    assert final_wording(Outcome.ADOPTED, "So.", "Anders.") == "Anders."


@pytest.mark.parametrize(
    ("kind", "outcome", "has_text", "ends"),
    [
        (ItemKind.DECISION, Outcome.ADOPTED, False, True),
        (ItemKind.DEBATE, Outcome.NOTED, False, True),
        (ItemKind.DECISION, Outcome.ADJOURNED, True, False),
        (ItemKind.DECISION, None, True, False),
        (ItemKind.NOTE, Outcome.NOTED, False, False),
        (ItemKind.NOTE, Outcome.NOTED, True, True),
        (ItemKind.REPORT, Outcome.ADOPTED, False, True),
    ],
)
def test_a_settled_item_of_what_is_decided_ends_in_a_decision(kind, outcome, has_text, ends):
    item = AgendaItem(
        meeting_id=1,
        section=SectionKey.DECISION,
        position=1,
        title="Punkt",
        kind=kind,
        minutes=5,
        outcome=outcome,
        changed_at=now(),
    )
    assert ends_in_decision(item, has_text=has_text) is ends
    item.withdrawn = True
    assert ends_in_decision(item, has_text=has_text) is False


def test_a_search_finds_short_words_whole_and_parts_of_compounds():
    kept = folded(["SKIP 2026/03", "Gewerbeflächenkonzept", "KI-Strategie\nin der   Straße, H2"])
    assert kept.startswith("skip 2026/03\ngewerbeflachenkonzept\nki-strategie in der strasse, h2\n")
    for search in ("KI", "H2", "flächen", "FLÄCHEN", "straße", "strasse", "2026/03", "SKIP 2026/03"):
        assert all(pattern.strip("%") in kept for pattern in patterns(search)), search
    for search in ("EU", "k", "ip", "haus"):
        assert not all(pattern.strip("%") in kept for pattern in patterns(search)), search
    assert patterns("  ") == []
    assert patterns("100 % _abc") == ["%100%", "%\\%%", "%\\_abc%"]


def test_votes_are_told_in_words():
    assert votes_sentence(8, 1, 1) == "8 Ja, 1 Nein, 1 Enthaltung"
    assert votes_sentence(8, None, None) == "8 Ja, 0 Nein, 0 Enthaltungen"
    assert votes_sentence(None, None, None) == ""
