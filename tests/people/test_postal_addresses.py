"""Postal addresses: what fits a window, what is refused with which sentence, and how it is printed."""

import pytest

from app.people.rules import address_errors, postal_lines

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("", ""),
        ("Martin-Luther-Straße 105\n10825 Berlin", ""),
        ("Postfach 12 34 56\n10623 Berlin", ""),
        ("c/o Beispiel GmbH\nHinterhaus\nGasse 1\n1010 Wien", "Österreich"),
    ],
)
def test_good_addresses(address, country):
    assert address_errors(address, country) == {}


@pytest.mark.parametrize(
    ("address", "country", "field", "sentence"),
    [
        ("Gasse 1\n10825 Berlin", "Deutschland", "country", "steht kein Land"),
        ("Gasse 1\n10825 Berlin", "GERMANY", "country", "steht kein Land"),
        ("Gasse 1\nBerlin", "", "address", "Die letzte Zeile nennt Postleitzahl und Ort"),
        ("1010 Wien", "", "address", "im Ausland"),
        ("", "Österreich", "address", "Zu einem Land gehört eine Anschrift"),
        ("a\nb\nc\nd\n10825 Berlin", "", "address", "höchstens 4 Zeilen"),
        ("Gasse 1\n\n10825 Berlin", "", "address", "keine Zeile leer"),
        ("x" * 46 + "\n10825 Berlin", "", "address", "zu lang"),
    ],
)
def test_what_does_not_arrive_is_refused(address, country, field, sentence):
    assert sentence in address_errors(address, country)[field]


def test_the_country_is_printed_in_capitals_and_only_abroad():
    assert postal_lines("Gasse 1\n1010 Wien", "Österreich") == ("Gasse 1", "1010 Wien", "ÖSTERREICH")
    assert postal_lines("Gasse 1\n10825 Berlin", "") == ("Gasse 1", "10825 Berlin")
    assert postal_lines("", "") == ()
