"""Looking into office files, which are ZIP packages: the right parts, no macros, no bombs."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.papers.rules.refusals import Unfit

MOST_PARTS = 5000
MOST_UNPACKED = 500 * 1024 * 1024
MOST_RATIO = 200
"""A part may be this many times as large as it lies in the package, where it is larger than 8 MB."""
_FREE = 8 * 1024 * 1024
_MOST_READ = 4 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, KeyError, RuntimeError)
_OLE_PACKAGE = "\x01Ole10Native".encode("utf-16-le")
_REMOTE_TEMPLATE = re.compile(rb"attachedTemplate\"[^>]*\"(?:https?|ftp):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Office:
    """What makes an Office Open XML file: its word, its main part and the content type that has no macros."""

    word: str
    part: str
    content_type: bytes


_OFFICE: Mapping[str, _Office] = {
    "docx": _Office("Word-Datei", "word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": _Office("Excel-Datei", "xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    "pptx": _Office("PowerPoint-Datei", "ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
_MACROS = re.compile(r"(^|/)(vbaproject|vbadata)[^/]*$|(^|/)(macrosheets|activex|dialogsheets)/", re.IGNORECASE)
_SCRIPTS = re.compile(r"^(basic|scripts)/.", re.IGNORECASE)
_PROGRAM = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|sh|docm|xlsm|pptm)$", re.IGNORECASE
)


def looker_of_office(ending: str) -> Callable[[bytes], None]:
    """What looks into a docx, xlsx or pptx."""
    wanted = _OFFICE[ending]

    def look(content: bytes) -> None:
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            raise Unfit(f"ist mit einem Kennwort geschützt oder keine {wanted.word} im heutigen Format")
        package = _open(content, wanted.word)
        names = {one.filename for one in package.infolist()}
        types = _read(package, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
        if any(_MACROS.search(name) for name in names) or b"macroEnabled" in types or b"vbaProject" in types:
            raise Unfit("enthält Makros. Bitte speichern Sie sie ohne Makros oder als PDF")
        if wanted.part not in names or wanted.content_type not in types:
            raise Unfit(f"ist keine {wanted.word}, obwohl ihr Name das sagt")
        _refuse_programs(package)
        for one in names:
            if one.endswith("settings.xml.rels") and _REMOTE_TEMPLATE.search(_read(package, one)):
                raise Unfit("lädt beim Öffnen eine Vorlage aus dem Internet")

    return look


def looker_of_open(media_type: str) -> Callable[[bytes], None]:
    """What looks into an OpenDocument file of one media type."""
    word = "OpenDocument-Datei"

    def look(content: bytes) -> None:
        package = _open(content, word)
        names = {one.filename for one in package.infolist()}
        if "mimetype" not in names or "content.xml" not in names:
            raise Unfit(f"ist keine {word}, obwohl ihr Name das sagt")
        if _read(package, "mimetype").strip() != media_type.encode():
            raise Unfit(f"ist keine {word} der Art, die ihr Name nennt")
        if any(_SCRIPTS.match(name) for name in names):
            raise Unfit("enthält Makros. Bitte speichern Sie sie ohne Makros oder als PDF")
        if "META-INF/manifest.xml" in names and b"encryption-data" in _read(package, "META-INF/manifest.xml"):
            raise Unfit("ist mit einem Kennwort geschützt; so kann niemand sicher hineinsehen")
        _refuse_programs(package)

    return look


def _open(content: bytes, word: str) -> zipfile.ZipFile:
    if not content.startswith(b"PK\x03\x04"):
        raise Unfit(f"ist keine {word}, obwohl ihr Name das sagt")
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        parts = package.infolist()
    except _BROKEN:
        raise Unfit("ist beschädigt oder nicht vollständig übertragen") from None
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise Unfit("wird beim Öffnen ungewöhnlich groß und wird deshalb nicht angenommen")
    if any(one.file_size > max(_FREE, one.compress_size * MOST_RATIO) for one in parts):
        raise Unfit("wird beim Öffnen ungewöhnlich groß und wird deshalb nicht angenommen")
    names = [one.filename for one in parts]
    overlapping = sum(one.compress_size for one in parts) > len(content)
    outside = any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
    if overlapping or outside or len(set(names)) != len(names):
        raise Unfit("ist beschädigt oder nicht vollständig übertragen")
    if any(one.flag_bits & 1 for one in parts):
        raise Unfit("ist mit einem Kennwort geschützt; so kann niemand sicher hineinsehen")
    return package


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            return part.read(_MOST_READ)
    except _BROKEN:
        raise Unfit("ist beschädigt oder nicht vollständig übertragen") from None


def _refuse_programs(package: zipfile.ZipFile) -> None:
    """Embedded documents are fine; programs, and packages that may hold any file, are not."""
    for one in package.infolist():
        name = one.filename
        embedded = "/embeddings/" in name.lower() and name.lower().endswith(".bin")
        if _PROGRAM.search(name) or (embedded and _OLE_PACKAGE in _read(package, name)):
            raise Unfit("enthält ein eingebettetes Programm oder Paket")
