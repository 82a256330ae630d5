"""Projects as people type them: separators, periods, earlier numbers, and sentences for what does not fit."""

import datetime as dt

import pytest

from app.agenda.rules.codes import KnownProject, codes_of_projects, projects_of_codes
from app.errors import Invalid

pytestmark = pytest.mark.once

ON = dt.date(2026, 5, 12)
OLD = {"period": "2018–2021", "starts_on": dt.date(2018, 1, 1), "ends_on": dt.date(2021, 12, 31)}
NEW = {"period": "2022–2026", "starts_on": dt.date(2022, 1, 1), "ends_on": dt.date(2026, 12, 31)}
KNOWN = [
    KnownProject(1, "1.9", "Reallabor", **NEW),
    KnownProject(2, "1.10", "Prüffeld", **NEW),
    KnownProject(3, "3.2", "Flächen alt", **OLD),
    KnownProject(4, "3.2", "Flächen neu", earlier=("F-7",), **NEW),
    KnownProject(5, "A, B", "Nummer mit Komma"),
    KnownProject(6, "7", "Ohne Zeitraum", period="X"),
    KnownProject(7, "7", "Auch ohne Zeitraum", period="Y"),
]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", []),
        ("1.9, 1.10", [1, 2]),
        ("1.10;1.9\n1.10", [2, 1]),
        ("3.2", [4]),
        ("3.2 (2018–2021)", [3]),
        ("f-7", [4]),
        ("1.9, A, B, 1.10", [1, 5, 2]),
        (" 1.9 ,, ", [1]),
    ],
)
def test_numbers_find_their_projects(typed, ids):
    assert projects_of_codes(typed, KNOWN, ON) == ids


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.9, 9.99", "Ein Projekt mit der Nummer „9.99“ gibt es nicht."),
        ("7", "„7“ gibt es mehrmals. Bitte schreiben Sie „7 (X)“ oder „7 (Y)“."),
    ],
)
def test_what_does_not_fit_is_named(typed, sentence):
    with pytest.raises(Invalid) as refused:
        projects_of_codes(typed, KNOWN, ON)
    assert refused.value.fields == {"projects": sentence}


def test_what_is_written_is_read_back():
    ids = [project.id for project in KNOWN]
    assert projects_of_codes(codes_of_projects(ids, KNOWN, ON), KNOWN, ON) == ids
    assert codes_of_projects([4, 3], KNOWN, ON) == "3.2, 3.2 (2018–2021)"
