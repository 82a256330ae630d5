"""When a stretch of writing ends, what collides, and how presence is said."""

import datetime as dt
from dataclasses import dataclass

import pytest

from app.clock import BERLIN
from app.revisions import rules
from app.revisions.schemas import Presence

pytestmark = pytest.mark.once

AT = dt.datetime(2026, 3, 2, 10, 41, tzinfo=BERLIN)


@dataclass
class Row:
    writer: str = "a"
    writer_name: str = "Dana Muster"
    version: int = 7
    content: str = "Text"
    saved_at: dt.datetime = AT


def test_a_stretch_of_writing_ends_after_five_minutes():
    assert not rules.is_over(AT, AT + dt.timedelta(minutes=4, seconds=59))
    assert rules.is_over(AT, AT + dt.timedelta(minutes=5))


def test_only_what_others_wrote_after_the_seen_version_collides():
    assert rules.collides(Row(version=7), "b", 6)
    assert not rules.collides(Row(version=7), "b", 7)
    assert not rules.collides(Row(version=7, writer="b"), "b", 6)
    assert not rules.collides(None, "b", 0)


def test_the_sentence_says_who_when_and_that_nothing_is_lost():
    today = rules.collision_sentence(Row(), AT + dt.timedelta(minutes=3))
    assert "Dana Muster hat diesen Text um 10:41 Uhr geändert" in today
    assert "nicht verloren" in today
    assert "am 02.03.2026" in rules.collision_sentence(Row(), AT + dt.timedelta(days=1))


def test_presence_is_said_of_others_first_and_of_oneself_only_alone():
    other = Presence(1, "Dana Muster", AT)
    own = Presence(1, "Ich", AT, own=True)
    assert rules.presence_sentence([other, own]) == "Wird gerade bearbeitet von Dana Muster (seit 10:41)."
    assert "anderen Fenster" in rules.presence_sentence([own])
    assert rules.presence_sentence([]) == ""
