"""The attendance list to sign: who stands in it, where to sign, and that strange names do no harm."""

import subprocess

import pytest

from tests.documents.attendance_samples import STRAINING, drawn
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


def words(name: str) -> str:
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn(name), capture_output=True, check=True)
    return " ".join(shown.stdout.decode().split())


@pytest.mark.parametrize("name", STRAINING)
def test_structure(name):
    assert problems(drawn(name)) == []


def test_every_seat_has_its_people_and_a_place_to_sign():
    page = words("attendance list")
    for part in (
        "Anwesenheitsliste zur 18. Sitzung",
        "3 Sitze, davon 2 mit Stimme.",
        "Unterschrift",
        "Ada Beispiel (abgesagt)",
        "Jo Vertretung (Stellvertretung)",
        "andere Person:",
        "ohne Stimme",
        "TOP 3.1",
        "Beispieldaten",
        "Stand 12. Mai 2026, 10:47 Uhr",
    ):
        assert part in page, part
    assert "Prüfsumme" not in page


def test_a_list_without_seats_says_so():
    page = words("attendance list of nobody")
    assert "keine Sitze" in page
    assert "Zu keinem Punkt sind Gäste eingeladen." in page
    assert "weitere 3" in page
