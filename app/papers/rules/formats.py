"""Which files are taken: an allow-list by ending that looks inside each file before it believes its name."""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.papers.rules import packages, portable
from app.papers.rules.names import ending_of
from app.papers.rules.refusals import Unfit


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is called, its media type, and what looks into it (raises Unfit)."""

    word: str
    media_type: str
    look: Callable[[bytes], None]


def _png(content: bytes) -> None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND\xaeB`\x82" not in content[-64:]:
        raise Unfit("ist kein vollständiges PNG-Bild")


def _jpeg(content: bytes) -> None:
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-4096:]:
        raise Unfit("ist kein vollständiges JPEG-Bild")


_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"\s*<(!doctype|html|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)


def _plain_text(content: bytes) -> None:
    if content.startswith((b"%PDF", b"PK\x03\x04", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"#!")):
        raise Unfit("ist keine Textdatei, obwohl ihr Name das sagt")
    encoding = "utf-16" if content.startswith(_BOMS[1:]) else "utf-8-sig"
    try:
        words = content.decode(encoding)
    except UnicodeDecodeError:
        words = content.decode("cp1252", errors="replace")
    if _CONTROLS.search(words):
        raise Unfit("ist keine Textdatei, obwohl ihr Name das sagt")
    if _MARKUP.match(words):
        raise Unfit("ist eine Internetseite oder ein Programm und keine Textdatei")


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_JPEG_FORMAT = Format("JPEG", "image/jpeg", _jpeg)
FORMATS: Mapping[str, Format] = {
    "pdf": Format("PDF", "application/pdf", portable.look),
    "docx": Format("Word", f"{_OFFICE}wordprocessingml.document", packages.looker_of_office("docx")),
    "xlsx": Format("Excel", f"{_OFFICE}spreadsheetml.sheet", packages.looker_of_office("xlsx")),
    "pptx": Format("PowerPoint", f"{_OFFICE}presentationml.presentation", packages.looker_of_office("pptx")),
    "odt": Format("OpenDocument", f"{_OPEN}text", packages.looker_of_open(f"{_OPEN}text")),
    "ods": Format("OpenDocument", f"{_OPEN}spreadsheet", packages.looker_of_open(f"{_OPEN}spreadsheet")),
    "odp": Format("OpenDocument", f"{_OPEN}presentation", packages.looker_of_open(f"{_OPEN}presentation")),
    "png": Format("PNG", "image/png", _png),
    "jpg": _JPEG_FORMAT,
    "jpeg": _JPEG_FORMAT,
    "txt": Format("Text", "text/plain; charset=utf-8", _plain_text),
    "csv": Format("CSV", "text/csv; charset=utf-8", _plain_text),
}
ACCEPT = ",".join(f".{ending}" for ending in FORMATS)
ALLOWED = "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument (odt, ods, odp), PNG, JPEG, TXT oder CSV"
_INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(("docm", "xlsm", "pptm", "dotm", "xltm", "potm", "xlsb"), "kann Makros enthalten"),
    **dict.fromkeys(
        ("doc", "xls", "ppt", "rtf", "dot"), "hat ein altes Format, in das niemand sicher hineinsehen kann"
    ),
}


def media_type_of(name: str, content: bytes) -> str:
    """The media type of a file whose inside fits its name; Unfit says why it is not taken."""
    ending = ending_of(name)
    found = FORMATS.get(ending)
    if found is None:
        why = _INSTEAD.get(ending, "hat eine Art, die nicht angenommen wird")
        raise Unfit(f"{why}. Erlaubt sind {ALLOWED}")
    if not content:
        raise Unfit("ist leer")
    found.look(content)
    if found.media_type.startswith("text/") and not _is_utf8(content):
        return found.media_type.partition(";")[0]
    return found.media_type


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
