"""How letters address people: by Anrede, title and name, neutral where nothing is known."""

import pytest

from app.bodies.rules import GUEST_LETTER, MEMBER_LETTER, filled, parse_rule
from app.errors import Invalid
from app.people.models import Person
from app.people.rules import letter_name, letter_salutation

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("salutation", "title", "first", "last", "begins", "named"),
    [
        ("Frau", "Dr.", "Ada", "Muster", "Sehr geehrte Frau Dr. Muster", "Frau Dr. Ada Muster"),
        ("Herr", "", "Jo", "Özdemir", "Sehr geehrter Herr Özdemir", "Herrn Jo Özdemir"),
        ("Herr", "Prof. Dr.", "", "Süß", "Sehr geehrter Herr Prof. Dr. Süß", "Herrn Prof. Dr. Süß"),
        ("Frau Senatorin", "", "Ada", "Muster", "Sehr geehrte Frau Senatorin", "Frau Ada Muster"),
        ("", "Dr.", "Alex", "Muster", "Guten Tag Dr. Alex Muster", "Dr. Alex Muster"),
        ("divers", "", "Alex", "Muster", "Guten Tag Alex Muster", "Alex Muster"),
        ("", "", "", "Madonna", "Guten Tag Madonna", "Madonna"),
        ("Liebe Kim Muster,", "", "Kim", "Muster", "Liebe Kim Muster", "Kim Muster"),
        (" frau ", "", "A", "B", "Sehr geehrte Frau B", "Frau A B"),
    ],
)
def test_how_a_letter_begins(salutation, title, first, last, begins, named):
    person = Person(title=title, first_name=first, last_name=last, salutation=salutation, sort_key="")
    assert letter_salutation(person) == begins
    assert letter_name(person) == named


def test_place_holders_are_replaced_once_and_as_text():
    assert filled("{a} {b} {{a}} {c}", {"a": "{b}", "b": "<x>"}) == "{b} <x> {{b}} {c}"


def test_unknown_place_holders_are_refused_where_the_block_is_typed():
    assert parse_rule(GUEST_LETTER, "Zu {top} um {uhrzeit}") == "Zu {top} um {uhrzeit}"
    with pytest.raises(Invalid) as refusal:
        parse_rule(MEMBER_LETTER, "Zu {top}")
    assert "Den Platzhalter {top} gibt es nicht. Möglich sind {anrede}" in refusal.value.fields["letter_member"]
