"""The extract of a decision and the register of a year: what stands in them, structure, equal bytes."""

import io

import pikepdf
import pytest

from app.documents.decisions import extract_html, register_html, render_extract
from tests.documents.decision_samples import EXTRACTS, REGISTERS, STRAINING, VOID, decision, drawn, extract, register
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", STRAINING)
def test_structure(name):
    assert problems(drawn(name)) == []


def test_an_extract_tells_wording_clauses_votes_and_its_reservation():
    shown = extract_html(EXTRACTS["extract before the approval"])
    assert "Prüfsumme" not in shown
    for words in (
        "Auszug aus der Niederschrift der 17. Sitzung am 12.05.2026, TOP 4.1",
        "Vorbehaltlich der Genehmigung der Niederschrift",
        "SKIP 2026/03 Ankaufsstrategie",
        "mit Stimmen: 9 Ja, 1 Nein, 2 Enthaltungen",
        "Technologie GmbH: mit einer Übersicht der Flächen (bis 30.09.2026)",
        "Für die Richtigkeit des Auszugs",
        "Stand 13. Mai 2026, 09:15 Uhr",
        "Beispieldaten",
        "3.2 Ankaufsstrategie Flächen",
    ):
        assert words in shown, words
    approved = extract_html(EXTRACTS["extract after the approval"])
    assert "Vorbehaltlich" not in approved
    assert "wurde genehmigt" in approved


def test_a_provisional_extract_is_a_draft():
    assert "asset:draft.css" in extract_html(EXTRACTS["provisional extract"])
    assert "asset:draft.css" not in extract_html(EXTRACTS["extract before the approval"])


def test_a_register_tells_what_was_not_given_and_when_there_is_nothing():
    shown = register_html(register(decision(1), VOID))
    assert "2 Beschlüsse des Jahres 2026" in shown
    assert "SKIP 2026/05 nicht vergeben" in shown
    assert "doppelt erfasst" in shown
    assert "Stand 31. Dezember 2026, 11:47 Uhr" in shown
    assert "Prüfsumme" not in shown
    assert "Für 2026 sind keine Beschlüsse verzeichnet." in register_html(REGISTERS["empty register"])


def test_equal_values_give_equal_bytes_and_lie_inside_as_data():
    content = drawn("extract before the approval")
    assert render_extract(extract(decision())) == content
    with pikepdf.open(io.BytesIO(content)) as document:
        assert list(document.attachments) == ["beschluss.json"]
