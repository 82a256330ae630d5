"""The bundled fonts: where they lie, what they can draw, and a fontconfig that knows nothing else."""

import atexit
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

FONTS = Path(__file__).parent / "fonts"
FAMILIES = {"Source Sans 3": "SKIP Text", "DejaVu Sans": "SKIP Zeichen"}
"""Names inside the font files -> names in style sheets. Own names keep a machine's fonts of the same name out."""

SUBSTITUTE = "▯"
"""Stands for a character that no bundled font can draw."""

_SAME_LOOK = {"\u2010": "-", "\u2011": "-"}
_UNSEEN = {"Cc", "Cf", "Cs", "Mn", "Me", "Mc"}
_UNFIT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_VARIATIONS = frozenset(range(0xFE00, 0xFE10))
_SPACING = frozenset({0x09, 0x0A, 0x0D, 0x200B})
_PLAIN = re.compile(r"[\t\n\r -~\xa1-\xac\xae-\u017f\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]*")

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{fonts}</dir>
<cachedir>{cache}</cachedir>
{names}
</fontconfig>
"""
_NAME = (
    '<match target="scan"><test name="family"><string>{inside}</string></test>'
    '<edit name="family" mode="prepend"><string>{outside}</string></edit></match>'
)


def printable(text: str) -> str:
    """*text* with every character that the fonts lack replaced by SUBSTITUTE, or left out where it shows nothing.

    Works character by character and touches no ASCII, so it may be used on finished HTML.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_drawn(sign) for sign in text)


def _drawn(sign: str) -> str:
    if sign in _SAME_LOOK:
        return _SAME_LOOK[sign]
    if ord(sign) in coverage():
        return sign
    return "" if unicodedata.category(sign) in _UNSEEN else SUBSTITUTE


@cache
def coverage() -> frozenset[int]:
    """The code points that every style of at least one bundled family can draw and that PDF/A and PDF/UA allow.

    Private, invisible and separating ones are left out (but for the zero width space, where a line may break): in a PDF
    they break a standard or become ``.notdef``.
    """
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    drawn: frozenset[int] = frozenset()
    for family in ("SourceSans3", "DejaVuSans"):
        styles = []
        for path in sorted(FONTS.glob(f"{family}*.ttf")):
            with TTFont(path, lazy=True) as font:
                styles.append(set(font.getBestCmap()))
        drawn |= frozenset(set.intersection(*styles))
    fit = frozenset(code for code in drawn if unicodedata.category(chr(code)) not in _UNFIT)
    return fit - _VARIATIONS | _SPACING


_folder: Path | None = None


@contextmanager
def bundled_only() -> Iterator[None]:
    """While this lasts, fontconfig finds the bundled fonts and no others.

    The setting is a variable of the process, so callers take turns (see ``pdf``). The configuration and its cache lie
    in a private folder that is written once per process, and again should somebody have swept it away.
    """
    global _folder
    if _folder is None or not (_folder / "fonts.conf").exists():
        _folder = Path(tempfile.mkdtemp(prefix="skip-fonts-"))
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
        _write_configuration(_folder)
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_folder / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _write_configuration(folder: Path) -> None:
    names = (_NAME.format(inside=inside, outside=outside) for inside, outside in FAMILIES.items())
    text = _CONFIGURATION.format(fonts=escape(str(FONTS)), cache=escape(str(folder / "cache")), names="\n".join(names))
    (folder / "fonts.conf").write_text(text, encoding="utf-8")
