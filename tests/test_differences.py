"""The difference between two texts in words."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.differences import Piece, word_difference
from app.templating import environment

pytestmark = pytest.mark.once

TEXTS = st.text(alphabet="ab ,.\nß", max_size=60)


def _without(pieces, kind):
    return "".join(piece.text for piece in pieces if piece.kind != kind)


def test_a_changed_word_stands_between_what_is_the_same():
    assert word_difference("stimmt dem Rahmen 2027 zu.", "stimmt dem Rahmen 2028 zu.") == (
        Piece("same", "stimmt dem Rahmen "),
        Piece("gone", "2027"),
        Piece("new", "2028"),
        Piece("same", " zu."),
    )


def test_added_words_leave_the_full_stop_where_it_was():
    assert word_difference("Er stimmt zu.", "Er stimmt zu und bittet um Bericht.") == (
        Piece("same", "Er stimmt zu"),
        Piece("new", " und bittet um Bericht"),
        Piece("same", "."),
    )


def test_a_rewritten_phrase_is_one_change_and_not_word_salad():
    pieces = word_difference("Der Kreis nimmt Kenntnis.", "Der Kreis stimmt zu.")
    assert pieces == (
        Piece("same", "Der Kreis "),
        Piece("gone", "nimmt Kenntnis"),
        Piece("new", "stimmt zu"),
        Piece("same", "."),
    )


def test_dates_and_sums_change_whole():
    assert Piece("gone", "14.02.2026") in word_difference("Stand 14.02.2026", "Stand 15.02.2026")


def test_lines_that_stay_are_the_same_however_long_the_text():
    before = "\n".join(f"{number}. Der Steuerungskreis beschließt Ziffer {number}." for number in range(3000))
    pieces = word_difference(before, before.replace("Ziffer 1500.", "Ziffer 1500 nicht."))
    assert [piece for piece in pieces if piece.kind != "same"] == [Piece("new", " nicht")]


def test_two_long_texts_without_anything_alike_are_told_as_two_texts():
    before, after = " ".join(f"a{number}" for number in range(4000)), " ".join(f"b{number}" for number in range(4000))
    assert word_difference(before, after) == (Piece("gone", before), Piece("new", after))


def test_equal_and_empty_texts():
    assert word_difference("", "") == ()
    assert word_difference("so", "so") == (Piece("same", "so"),)
    assert word_difference("", "neu") == (Piece("new", "neu"),)
    assert word_difference("alt", "") == (Piece("gone", "alt"),)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = word_difference(before, after)
    assert _without(pieces, "new") == before
    assert _without(pieces, "gone") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


def test_the_macro_says_in_words_what_is_gone_and_what_is_new():
    ui = environment().globals["ui"]
    shown = str(ui.difference(word_difference("alt <b>", "neu <b>")))
    assert "<del>" in shown
    assert "<ins>" in shown
    assert "gestrichen:" in shown
    assert "neu:" in shown
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
