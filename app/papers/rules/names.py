"""Names of uploaded files: made harmless for every system, and recognisable for people."""

import re
import unicodedata

from app import text

LONGEST = 120
_NEVER = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f]')
# Marks that turn or hide text (bidirectional overrides, zero width): "gpj.exe" must not look like "exe.jpg".
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def file_name(sent: str) -> str:
    """The name under which a file is kept: no folders, no control or hidden signs, no reserved word, 120 signs."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    name = text.one_line(_NEVER.sub("_", _HIDDEN.sub("", last))).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem.rstrip(". ") or "Datei"
    if _RESERVED.fullmatch(name) or _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    ending = ending.strip()[:10]
    room = LONGEST - len(ending) - 1
    return f"{stem[:room].rstrip('. ')}.{ending}" if ending else stem[:LONGEST]


def ending_of(name: str) -> str:
    """The ending of a file's name in lower case, "" without one."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def title_of(name: str) -> str:
    """A title made of a file's name: without its ending, with spaces for underlines."""
    stem = name.rpartition(".")[0] or name
    return text.one_line(stem.replace("_", " ")) or name
