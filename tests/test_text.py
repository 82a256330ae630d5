"""Cleaning what people type: what is taken out, and what stays."""

import unicodedata

import pytest

from app import text

pytestmark = pytest.mark.once

OVERRIDES = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("sign", OVERRIDES, ids=lambda sign: f"U+{ord(sign):04X}")
def test_nothing_turns_the_writing_direction(sign):
    assert text.clean(f"Rechnung{sign}fdp.exe") == "Rechnungfdp.exe"
    assert text.one_line(f"{sign}a {sign} b") == "a b"


def test_letters_of_other_scripts_and_their_marks_stay():
    for words in ("שלום עולם", "مرحبا", "e\u0301t\u00e9 – „ja“ 👍", "a\u200eb"):
        assert text.clean(words) == unicodedata.normalize("NFC", words)


def test_controls_go_and_lines_are_told_one_way():
    assert text.clean(" a\r\nb\x00\rc\u2028 ") == "a\nb\nc"


def test_only_a_word_that_no_column_holds_is_endless():
    assert text.endless("x" * 29)
    assert text.endless(f"kurz {'x' * 29} kurz")
    assert not text.endless("Umsetzungsstand und Beschlusskontrolle")
    assert not text.endless("Senats-Verwaltungs-Ausschuss-Vorlagen")
    assert not text.endless(None)
