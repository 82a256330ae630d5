"""Votes and quorum: one vote per seat, member before deputy, exclusion, video, the model of § 90 VwVfG."""

import datetime as dt

import pytest

from app import clock
from app.attendance.models import PresenceRole
from app.attendance.rules.line import room_line
from app.attendance.rules.quorum import NO_RULE, quorum
from app.attendance.rules.settings import QUORUM
from app.attendance.rules.votes import count_votes
from app.attendance.schemas import Attendee, InTheChair, Repeat, Room, RoomSeat
from app.bodies.rules import RuleBook, parse_rule, told
from app.errors import Invalid
from app.templating import render

pytestmark = pytest.mark.once

NINE = dt.datetime(2026, 5, 12, 9, tzinfo=clock.BERLIN)
MODEL = RuleBook({QUORUM.key: ('"vwvfg"', "Geschäftsordnung")})


def there(person_id, role=PresenceRole.MEMBER, **fields):
    return Attendee(person_id or 0, person_id, f"Person {person_id}", role, fields.pop("remote", False), NINE, **fields)


def seat(number, *present, voting=True, chair=False):
    return RoomSeat(number, f"Haus {number}", "", "", voting, chair, present=present)


def room(*seats, **fields):
    return Room(1, None, None, seats, **fields)


def test_each_seat_has_one_vote_and_the_member_comes_before_the_deputy():
    full = seat(1, there(2, PresenceRole.DEPUTY), there(1))
    deputy = seat(2, there(4, PresenceRole.AD_HOC), there(3, PresenceRole.DEPUTY))
    count = count_votes(room(full, deputy, seat(3), seat(4, there(9), voting=False)))
    assert (count.present, count.entitled) == (2, 3)
    assert [(voter.seat_id, voter.person_id) for voter in count.voters] == [(1, 1), (2, 3)]


def test_who_is_excluded_does_not_vote_but_a_deputy_who_is_there_does():
    alone = seat(1, there(1, excluded=True))
    stood_in = seat(2, there(2, excluded=True), there(3, PresenceRole.DEPUTY))
    count = count_votes(room(alone, stood_in))
    assert (count.present, count.excluded) == (1, 1)
    assert [voter.person_id for voter in count.voters] == [3]


def test_taking_part_by_video_counts_as_the_body_wants():
    seats = (seat(1, there(1, remote=True)), seat(2, there(2)))
    assert count_votes(room(*seats)).present == 2
    assert count_votes(room(*seats, video_counts=False)).present == 1


def test_the_person_in_the_chair_decides_a_tie_only_with_a_vote_of_their_own():
    seats = (seat(1, there(1)), seat(2, there(2), voting=False))
    assert count_votes(room(*seats, chair=InTheChair(1, "Person 1", NINE))).chair_votes
    assert not count_votes(room(*seats, chair=InTheChair(2, "Person 2", NINE))).chair_votes
    assert not count_votes(room(*seats)).chair_votes


def test_without_a_rule_nobody_is_told_that_the_body_is_quorate():
    found = quorum(RuleBook(), room(seat(1)))
    assert (found.met, found.sentence) == (None, NO_RULE)


@pytest.mark.parametrize(
    ("present", "entitled", "met"),
    [(3, 5, True), (2, 5, False), (3, 6, False), (4, 6, True), (2, 3, False), (3, 3, True), (2, 2, False)],
)
def test_more_than_half_and_at_least_three_make_a_quorum(present, entitled, met):
    seats = [seat(number, *([there(number)] if number <= present else [])) for number in range(1, entitled + 1)]
    assert quorum(MODEL, room(*seats)).met is met


def test_the_sentence_says_what_is_missing():
    seats = [seat(number, *([there(number)] if number < 3 else [])) for number in range(1, 6)]
    said = "Nicht beschlussfähig: 2 von 5 stimmberechtigten Sitzen anwesend, nötig sind 3."
    assert quorum(MODEL, room(*seats)).sentence == said
    full = [seat(number, there(number)) for number in range(1, 6)]
    assert quorum(MODEL, room(*full)).sentence == "Beschlussfähig: 5 von 5 stimmberechtigten Sitzen anwesend."
    assert not quorum(MODEL, room(*full, invited=False)).met


@pytest.mark.parametrize(
    ("says_so", "for_item", "met"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_a_second_invitation_is_quorate_only_for_the_same_matter_and_if_it_says_so(says_so, for_item, met):
    found = quorum(MODEL, room(seat(1, there(1)), seat(2), repeat=Repeat(7, says_so, for_item)))
    assert found.met is met


def test_a_choice_takes_its_values_only_and_is_told_in_words():
    assert parse_rule(QUORUM, "vwvfg") == "vwvfg"
    assert told(QUORUM, "none") == "keine Regel"
    with pytest.raises(Invalid) as refused:
        parse_rule(QUORUM, "etwas")
    assert refused.value.fields == {QUORUM.key: "Möglich sind: keine Regel und Modell § 90 VwVfG."}


def test_the_line_of_the_room_is_drawn_in_words():
    full = [seat(number, there(number)) for number in range(1, 4)]
    chaired = room(*full, chair=InTheChair(1, "Person 1", NINE))
    drawn = [render("attendance/_room.html", {"room_line": room_line(MODEL, one)}) for one in (chaired, room(seat(1)))]
    assert "3 von 3 Sitzen mit Stimme" in drawn[0]
    assert "Beschlussfähig: 3 von 3 stimmberechtigten Sitzen anwesend." in drawn[0]
    assert "seit 09:00 Uhr" in drawn[0]
    assert "nicht beschlussfähig" in drawn[1]
    assert "noch nicht eingetragen" in drawn[1]
    assert "keine Regel" in render("attendance/_room.html", {"room_line": room_line(RuleBook(), chaired)})
