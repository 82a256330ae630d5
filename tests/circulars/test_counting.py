"""Which answers count, to the second and across the nights when clocks change, and what comes of them."""

import datetime as dt
from dataclasses import dataclass

import pytest

from app import clock
from app.bodies.rules import RuleBook
from app.circulars.models import BallotRole, Vote
from app.circulars.rules.counting import (
    counting,
    end_in_words,
    late_sentence,
    may_establish,
    needed,
    result_of,
    tally,
)
from app.circulars.rules.settings import CircularRules, kept, read_kept, rules_of
from app.meetings.rules.deadlines import deadline

pytestmark = pytest.mark.once

END = clock.end_of_day(dt.date(2026, 3, 16))
SECOND = dt.timedelta(seconds=1)
RULES = CircularRules()
M, D, B = BallotRole.MEMBER, BallotRole.DEPUTY, BallotRole.ON_BEHALF


@dataclass
class Ballot:
    seat_id: int
    vote: Vote = Vote.YES
    role: BallotRole = M
    procedure_agreed: bool = True
    cast_at: dt.datetime = END - 10 * SECOND
    id: int | None = 1


@dataclass
class Seat:
    seat_id: int
    chair: bool = False


def seats(number: int) -> list[Seat]:
    return [Seat(one, chair=one == 1) for one in range(1, number + 1)]


def result(number: int, *ballots: Ballot, rules: CircularRules = RULES):
    return result_of(tally(seats(number), counting(ballots, END)), rules)


@pytest.mark.parametrize(
    "last_day",
    [dt.date(2026, 3, 16), dt.date(2026, 3, 28), dt.date(2026, 3, 29), dt.date(2026, 10, 24), dt.date(2026, 10, 25)],
)
def test_an_answer_counts_until_midnight_in_berlin_to_the_second(last_day):
    end = clock.end_of_day(last_day)
    midnight = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), clock.BERLIN)
    assert end == midnight
    assert counting([Ballot(1, cast_at=end - SECOND)], end)
    assert not counting([Ballot(1, cast_at=end)], end)
    assert not counting([Ballot(1, cast_at=end + SECOND)], end)
    assert end_in_words(end) == f"{last_day:%d.%m.%Y} um 24:00 Uhr"


def test_the_hour_before_the_clocks_change_is_not_lost_and_not_doubled():
    """On 25.10.2026 in Berlin 02:30 comes twice; both are before the end of that day."""
    end = clock.end_of_day(dt.date(2026, 10, 25))
    for fold in (0, 1):
        cast = dt.datetime(2026, 10, 25, 2, 30, tzinfo=clock.BERLIN, fold=fold)
        assert counting([Ballot(1, cast_at=cast)], end)
    assert end - clock.end_of_day(dt.date(2026, 10, 24)) == dt.timedelta(hours=25)


def test_the_last_answer_in_time_counts():
    first, second = Ballot(1, Vote.YES, cast_at=END - 20 * SECOND), Ballot(1, Vote.NO, cast_at=END - 5 * SECOND)
    late = Ballot(1, Vote.ABSTENTION, cast_at=END)
    assert counting([late, second, first], END)[1].vote is Vote.NO


def test_two_answers_of_one_moment_are_told_apart_by_their_order():
    assert counting([Ballot(1, Vote.NO, id=8), Ballot(1, Vote.YES, id=7)], END)[1].vote is Vote.NO


def test_a_deputys_answer_is_void_once_the_member_answers_before_or_after():
    deputy = Ballot(1, Vote.YES, D, cast_at=END - 9 * SECOND)
    assert counting([deputy], END)[1].vote is Vote.YES
    for when in (END - 20 * SECOND, END - SECOND):
        member = Ballot(1, Vote.NO, M, cast_at=when)
        assert counting([deputy, member], END)[1].vote is Vote.NO
    late = Ballot(1, Vote.NO, M, cast_at=END)
    assert counting([deputy, late], END)[1].vote is Vote.YES


def test_an_answer_on_behalf_is_the_members_own():
    deputy, behalf = Ballot(1, Vote.YES, D), Ballot(1, Vote.NO, B, cast_at=END - 30 * SECOND)
    assert counting([deputy, behalf], END)[1].vote is Vote.NO
    assert counting([behalf, Ballot(1, Vote.ABSTENTION, M)], END)[1].vote is Vote.ABSTENTION


def test_adopted_when_more_than_half_answer_with_the_chair_and_yes_exceeds_no():
    found = result(5, Ballot(1), Ballot(2), Ballot(3, Vote.NO))
    assert found.adopted
    assert found.sentence == "Beschlossen mit 2 Ja, 1 Nein, 0 Enthaltungen."
    assert found.quorum == "3 von 5 Sitzen haben geantwortet, nötig waren 3."


@pytest.mark.parametrize(("number", "must"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_more_than_half_of_the_seats(number, must):
    assert needed(number, 50) == must
    assert result(number, *(Ballot(one) for one in range(1, must + 1))).adopted
    few = result(number, *(Ballot(one) for one in range(1, must)))
    assert not few.adopted
    assert f"nötig sind {must}" in few.sentence


def test_without_the_chairs_answer_it_fails_unless_the_body_says_otherwise():
    ballots = [Ballot(2), Ballot(3), Ballot(4)]
    assert "nicht der Vorsitz" in result(5, *ballots).sentence
    assert not result(5, *ballots).adopted
    assert result(5, *ballots, rules=CircularRules(chair=False)).adopted
    without = [Seat(one) for one in range(1, 6)]
    assert result_of(tally(without, counting(ballots, END)), RULES).adopted


def test_one_objection_to_the_procedure_stops_it_unless_the_body_says_otherwise():
    ballots = [Ballot(1), Ballot(2), Ballot(3, procedure_agreed=False)]
    found = result(3, *ballots)
    assert not found.adopted
    assert found.sentence == "1 Sitz hat dem Umlaufverfahren widersprochen."
    assert result(3, *ballots, rules=CircularRules(objection=False)).adopted


def test_an_objection_that_was_taken_back_in_time_is_none():
    earlier = Ballot(3, procedure_agreed=False, cast_at=END - 60 * SECOND)
    assert result(3, Ballot(1), Ballot(2), earlier, Ballot(3)).adopted


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ((Vote.YES, Vote.NO, Vote.ABSTENTION), "Stimmengleichheit"),
        ((Vote.ABSTENTION,) * 3, "Stimmengleichheit"),
        ((Vote.NO, Vote.NO, Vote.YES), "mehr Nein als Ja"),
    ],
)
def test_without_more_yes_than_no_it_is_rejected(votes, words):
    found = result(3, *(Ballot(seat, vote) for seat, vote in enumerate(votes, 1)))
    assert not found.adopted
    assert words in found.sentence


def test_an_answer_for_a_seat_that_was_not_asked_is_none():
    assert tally(seats(2), counting([Ballot(1), Ballot(9)], END)).answered == 1


def test_the_result_is_established_after_the_end_or_when_all_have_answered():
    some, every = tally(seats(2), counting([Ballot(1)], END)), tally(seats(2), counting([Ballot(1), Ballot(2)], END))
    assert not may_establish(END - SECOND, END, some, RULES)
    assert may_establish(END, END, some, RULES)
    assert may_establish(END - SECOND, END, every, RULES)
    assert not may_establish(END - SECOND, END, every, CircularRules(early=False))


def test_who_is_late_reads_both_times():
    said = late_sentence(END + 61 * SECOND, END)
    assert "16.03.2026 um 24:00 Uhr" in said
    assert "17.03.2026 um 00:01:01 Uhr" in said


def test_a_running_procedure_keeps_its_rules():
    rules = CircularRules(share=60, chair=False, objection=False, early=False)
    assert read_kept(kept(rules)) == rules
    assert read_kept("{}") == RULES == rules_of(RuleBook())


def test_the_end_is_counted_forward_to_a_working_day():
    assert deadline(dt.date(2026, 5, 11), 14) == dt.date(2026, 5, 26)
