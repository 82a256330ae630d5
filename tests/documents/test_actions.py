"""The list of action items as PDF: what it says, how long tables are split, and that equal values give equal bytes."""

import pytest

from app.documents.actions import MOST_ROWS, actions_html, render_actions
from tests.documents.action_samples import LISTS, drawn
from tests.tools.pdf_structure import problems

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", [name for name in LISTS if name != "two hundred actions"])
def test_structure_of_lists(name: str) -> None:
    assert problems(drawn(name)) == []


def test_a_list_says_what_is_late_first_with_mark_and_words() -> None:
    page = actions_html(LISTS["actions"])
    assert (
        page.index("<h2>Überfällig</h2>")
        < page.index("<h2>Offen</h2>")
        < page.index("<h2>Erledigt oder aufgehoben</h2>")
    )
    for words in ("◆ seit 12 Tagen überfällig", "ursprünglich 30.11.2025", "erledigt am 20.02.2026", "11 Aufträge"):
        assert words in page
    assert "Stand 2. März 2026, 09:00 Uhr" in page
    assert "Prüfsumme" not in page


def test_long_tables_are_split_and_nothing_is_lost() -> None:
    page = actions_html(LISTS["two hundred actions"])
    assert page.count("<tbody>") == 200
    assert page.count("<table>") == 6
    assert page.count("<h2>") == 3
    assert f"{MOST_ROWS + 1} bis 67 von 67 Aufträge" in page


def test_an_empty_list_says_so() -> None:
    assert "Zu dieser Auswahl gibt es keinen Auftrag." in actions_html(LISTS["actions of nothing"])


def test_what_was_typed_stays_text() -> None:
    page = actions_html(LISTS["ugly actions"])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_equal_values_give_equal_bytes() -> None:
    assert render_actions(LISTS["actions"]) == drawn("actions")
