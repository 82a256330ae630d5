"""Searching the handbook: German letters, endings, every word, the best place first, marked snippets."""

import pytest

from app.handbook.pages import load_handbook, read_page
from app.handbook.search import search_handbook, snippet, stem

pytestmark = pytest.mark.once

CALENDAR = read_page(
    "kalender", "# Kalender\n\nSatz eins.\n\n## Adresse anlegen\n\nWählen Sie den Knopf. Übermut tut gut.\n"
)
MEETING = read_page("sitzung", "# Sitzung\n\nSatz zwei.\n\n## Absagen\n\nDie Sitzung bleibt im Kalender stehen.\n")
PAGES = [MEETING, CALENDAR]


def found(question):
    return [(hit.page.slug, hit.section.anchor) for hit in search_handbook(PAGES, question)]


def test_title_counts_more_than_text():
    assert [slug for slug, _ in found("kalender")] == ["kalender", "sitzung"]


def test_every_word_must_occur():
    assert found("Sitzung absagen") == [("sitzung", "absagen")]
    assert found("Sitzung Kaffee") == []


@pytest.mark.parametrize("question", ["Übermut", "uebermut", "ubermut", "ÜBERMUTES", "übermut?"])
def test_umlauts_case_and_endings_are_forgiven(question):
    assert found(question) == [("kalender", "adresse-anlegen")]


@pytest.mark.parametrize("question", ["", "  ", "%", "?!", "\x00"])
def test_a_question_without_words_finds_nothing(question):
    assert found(question) == []


def test_hits_are_marked_as_whole_words():
    pieces = snippet("Wählen Sie die Kalenderadresse aus.", ["adress"])
    assert [piece.words for piece in pieces if piece.hit] == ["Kalenderadresse"]
    assert "".join(piece.words for piece in pieces) == "Wählen Sie die Kalenderadresse aus."


def test_a_long_text_is_cut_around_the_first_hit():
    words = " ".join(f"wort{number}" for number in range(60))
    pieces = snippet(words, ["wort40"])
    assert pieces[0].words == "… "
    assert pieces[-1].words.endswith(" …")
    assert len("".join(piece.words for piece in pieces).split()) < 35


def test_endings_leave_short_words_alone():
    assert stem("sitzungen") == "sitzung"
    assert stem("rot") == "rot"
    assert stem("oder") == "oder"


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Sitzung absagen", "sitzung-vorbereiten"),
        ("Kalender abonnieren", "kalender"),
        ("Sachstand berichtigen", "projekte-und-sachstand"),
        ("Tastenkürzel abschalten", "tastatur"),
        ("Konto anlegen", "betrieb"),
    ],
)
def test_people_find_what_they_look_for(question, slug):
    hits = search_handbook(load_handbook().values(), question)
    assert slug in [hit.page.slug for hit in hits[:2]]
