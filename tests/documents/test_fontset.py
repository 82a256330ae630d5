"""What the bundled fonts cannot draw is replaced before it reaches a page."""

import datetime as dt
import html
import os
import random
import shutil
import unicodedata
from pathlib import Path

import pytest

from app import text
from app.documents import fontset, pdf

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Größe ≤ 3 % → „gut“ – ✓ ● ▲ ■ ○ €", "Größe ≤ 3 % → „gut“ – ✓ ● ▲ ■ ○ €"),
        ("漢字 und \U0001f680", "▯▯ und ▯"),
        ("Familie \U0001f469\u200d\U0001f467\ufe0f!", "Familie ▯▯!"),
        ("eigenes \ue000 Zeichen", "eigenes ▯ Zeichen"),
        ("Trenn\u00adstelle, Binde\u2010strich, fester\u2011Strich", "Trennstelle, Binde-strich, fester-Strich"),
        ("rechts\u202eherum\u2066", "rechtsherum"),
        ("A\u2028B\x00\x07", "A▯B"),
        ("<p title='&amp;'>\tbleibt\n</p>", "<p title='&amp;'>\tbleibt\n</p>"),
    ],
)
def test_printable(typed: str, printed: str) -> None:
    assert fontset.printable(typed) == printed


def test_every_latin_letter_greek_and_cyrillic_is_covered() -> None:
    letters = [chr(code) for code in [*range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x410, 0x450)]]
    assert [letter for letter in letters if fontset.printable(letter) != letter] == ["\u00ad"]


def test_any_text_can_be_set() -> None:
    """WeasyPrint complains about any sign it cannot draw, and a complaint is an error."""
    chance = random.Random(20260512)
    drawable = sorted(fontset.coverage())
    marks = [code for code in drawable if unicodedata.category(chr(code)) == "Mn"]
    pools = [range(1, 0x3000), range(0x1F300, 0x1F700), drawable, [*marks, 97, 32], range(0x590, 0x700)]
    rows = ["".join(chr(chance.choice(pool)) for _ in range(20)) for pool in pools for _ in range(40)]
    body = "".join(f"<p>{html.escape(text.clean(row))} <b>{html.escape(text.clean(row))}</b></p>" for row in rows)
    page = f'<html lang="de"><title>Zeichen</title><link rel="stylesheet" href="asset:document.css"><h1>Z</h1>{body}'
    assert pdf.to_pdf(page, identifier="zeichen", created=dt.datetime(2026, 5, 12, tzinfo=dt.UTC)).startswith(
        b"%PDF-1.7"
    )


def test_fontconfig_knows_the_bundled_fonts_only_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "/somebody/elses.conf")
    with fontset.bundled_only():
        first = Path(os.environ["FONTCONFIG_FILE"])
        assert first.read_text().count("<dir>") == 1
        assert f"<dir>{fontset.FONTS}</dir>" in first.read_text()
        assert first.parent.stat().st_mode & 0o077 == 0
    assert os.environ["FONTCONFIG_FILE"] == "/somebody/elses.conf"
    with fontset.bundled_only():
        assert Path(os.environ["FONTCONFIG_FILE"]) == first
    shutil.rmtree(first.parent)
    with fontset.bundled_only():
        assert Path(os.environ["FONTCONFIG_FILE"]).exists()


def test_every_font_has_its_licence_beside_it() -> None:
    assert {path.name for path in fontset.FONTS.glob("*.ttf")} == {
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "SourceSans3-Regular.ttf",
        "SourceSans3-Italic.ttf",
        "SourceSans3-SemiBold.ttf",
        "SourceSans3-Bold.ttf",
        "SourceSans3-BoldItalic.ttf",
    }
    assert "SIL OPEN FONT LICENSE" in (fontset.FONTS / "SourceSans3-LICENSE.txt").read_text().upper()
    assert "Bitstream" in (fontset.FONTS / "DejaVuSans-LICENSE.txt").read_text()
