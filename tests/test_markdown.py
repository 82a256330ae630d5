"""Markdown of people: what the toolbar offers becomes HTML, everything else stays text."""

import pytest

from app.markdown import prose_html

pytestmark = pytest.mark.once


def test_what_the_toolbar_offers_is_set():
    shown = prose_html("**fett** und *kursiv*\nneue Zeile\n\n- eins\n- zwei\n\n1. drei\n\n> Zitat")
    assert "<strong>fett</strong> und <em>kursiv</em><br />" in shown
    assert "<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>" in shown
    assert "<ol>\n<li>drei</li>" in shown
    assert "<blockquote>\n<p>Zitat</p>" in shown


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[hier](javascript:alert(1))",
        "![Bild](http://example.org/x.png)",
        "<https://example.org>",
        "# Überschrift",
        "    eingerückt",
        "[a]: http://example.org",
        "~~~\nx\n~~~",
    ],
)
def test_nothing_else_becomes_html(typed):
    shown = str(prose_html(typed)).replace("<p>", "").replace("</p>", "").replace("<br />", "")
    assert "<" not in shown.strip()
    assert typed.strip()[0] in shown.replace("&lt;", "<")
