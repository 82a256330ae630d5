"""How texts are folded and searches read: word forms, parts of compounds, umlauts, short words, phrases, signs."""

import datetime as dt

import pytest

from app.search.models import EntryKind
from app.search.rules.ranking import place, rank, ranker
from app.search.rules.words import SHORTEST_PART, folded, grams, read_search, stem
from tests.search.oracle import matches

pytestmark = pytest.mark.once


def finds(search: str, title: str, body: str = "") -> bool:
    return matches(read_search(search), folded(title, body))


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("Flächen", "Entwicklung der Industrieflächen"),
        ("Fläche", "Industrieflächenkonzept"),
        ("beschluss", "die Beschlüsse von 2025"),
        ("Beschlüsse", "ein Grundsatzbeschluss"),
        ("Häuser", "das Haus"),
        ("Haus", "viele Häuser"),
        ("Straße", "Torstrasse"),
        ("Strasse", "Torstraße"),
        ("STRASSE", "Straße"),
        ("Müller", "Frau Mueller"),
        ("Mueller", "Frau Müller"),
        ("Muller", "Frau Mueller"),
        ("Muller", "Frau Müller"),
        ("Entwicklung", "Neuentwicklung"),
        ("Element", "Bauelemente"),
        ("Quelle", "Bezugsquellen"),
        ("neue", "neuer Rahmen"),
        ("KI", "KI-Strategie"),
        ("ki", "Einsatz von „KI“."),
        ("H2", "Netz für H₂"),
        ("EU", "(EU)"),
        ("KI-Strategie", "eine KI Strategie"),
        ("KI-Strategien", "die KI-Strategie"),
        ("Wasserstoffstrategie", "Wasserstoff-Strategie"),
        ("Wasserstoff-Strategie", "Wasserstoffstrategie"),
        ("2026/03", "SKIP 2026/03"),
        ("1.9", "Projekt 1.9"),
        ("Café", "im Cafe"),
        ("Wasserstoff Flächen", "Flächen für Wasserstoff"),
        ('"grüner Wasserstoff"', "für grünen Strom: grüner Wasserstoff!"),
        ("„grüner Wasserstoff“", "grüner Wasserstoff"),
        ("Flächen -Verkehr", "Industrieflächen"),
        ("Indus\u00adtrie", "Industrie"),
    ],
)
def test_what_is_found(search, words):
    assert finds(search, words), folded(words, "")
    assert finds(search, "Titel", words)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("KI", "SKIP"),
        ("EU", "neu"),
        ("H2", "H20"),
        ("1.9", "Projekt 11.90"),
        ('"grüner Wasserstoff"', "grünere Wasserstoffe"),
        ('"Haus"', "Haushalt"),
        ("Flächen Wasserstoff", "Flächen"),
        ("Flächen -Verkehr", "Verkehrsflächen"),
        ("", "Titel"),
        ('!!! -- "" „“', "Titel"),
        ("-Titel", "anderes"),
        ("🙂", "🙂"),
    ],
)
def test_what_is_not_found(search, words):
    assert not finds(search, words)


def test_words_may_stand_in_title_and_text_but_a_phrase_crosses_no_border():
    assert finds("Fonds Wasserstoff", "Fonds", "Wasserstoff")
    assert not finds('"Fonds Wasserstoff"', "Fonds", "Wasserstoff")


@pytest.mark.parametrize(
    "search", ['"AND*', "a OR b)", "NEAR(x y)", "title:x", "*", "^x", "x'; DROP TABLE y", "%_\\", "a" * 10_000]
)
def test_every_needle_is_long_enough_and_plain(search):
    for term in read_search(search):
        for needle in term.needles:
            assert len(needle) >= SHORTEST_PART
            assert all(letter.isalnum() or letter == " " for letter in needle)


def test_grams_are_the_pieces_of_three_letters():
    assert grams("flach") == ["ach", "fla", "lac"]
    assert grams(" ki ") == [" ki", "ki "]


def test_a_stem_is_always_the_beginning_of_its_word():
    for word in ("flachen", "flaechen", "ministerinnen", "ehe", "ergebnisse", "ss", ""):
        assert word.startswith(stem(word))


def test_whole_words_before_parts_and_titles_before_texts():
    weigh = ranker(read_search("Haus")).weight
    texts = [("Das Haus", ""), ("Titel", "die Häuser"), ("Haushalt", ""), ("Titel", "der Haushalt")]
    assert [weigh(folded(*one)) for one in texts] == [0, 1, 2, 3]


def test_later_days_come_first_and_ids_last():
    early, late = dt.date(2025, 1, 1), dt.date(2026, 1, 1)
    order = [
        rank(0, late, EntryKind.DECISION, 1),
        rank(0, late, EntryKind.DECISION, 2),
        rank(0, early, EntryKind.PROJECT, 1),
    ]
    assert sorted(order) == order
    assert place(late, EntryKind.PROJECT, 5) > place(early, EntryKind.REGISTRATION, 2**31)
    assert place(dt.date.max, EntryKind.REGISTRATION, 2**36 - 1) < 2**63
