"""Looking into PDF files: complete, not encrypted, and without what acts by itself (scripts, launching, programs).

PDF hides names: as ``/J#61vaScript``, and in compressed object streams. Both are undone before looking; an object
stream that cannot be undone is refused, because nobody can say what it holds.
"""

import re
import zlib
from collections.abc import Iterator, Mapping

from app.papers.rules.refusals import Unfit

_UNPACKED = 64 * 1024 * 1024
_END = rb"(?=[\s/<>\[\]()%]|$)"
_ACTING: Mapping[str, re.Pattern[bytes]] = {
    "enthält JavaScript": re.compile(rb"/JavaScript" + _END),
    "startet beim Öffnen ein anderes Programm": re.compile(rb"/Launch" + _END),
    "enthält eingebettete Medienprogramme": re.compile(rb"/RichMedia" + _END),
    "enthält ein dynamisches Formular (XFA)": re.compile(rb"/XFA" + _END),
}
_HEX = re.compile(rb"#([0-9a-fA-F]{2})")
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+|\d+\s+\d+\s+R)")
_PREDICTOR = re.compile(rb"/Predictor\s+(?!1\b)\d+")
_OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
_PROGRAM = re.compile(
    rb"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|sh|docm|xlsm|pptm)\s*[)>]", re.IGNORECASE
)
_HEX_STRING = re.compile(rb"/U?F\s*<([0-9a-fA-F\s]+)>")
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")
_UNSEEN = "ist so verpackt, dass niemand sicher hineinsehen kann. Bitte speichern Sie sie neu als PDF"


def look(content: bytes) -> None:
    """Unfit for what is no whole PDF, is encrypted, or acts by itself."""
    if not content.startswith(b"%PDF-"):
        raise Unfit("ist keine PDF-Datei, obwohl ihr Name das sagt")
    if b"startxref" not in content or b"%%EOF" not in content[-4096:]:
        raise Unfit("ist beschädigt oder nicht vollständig übertragen")
    plain = _names_plain(content)
    if re.search(rb"/Encrypt" + _END, plain):
        raise Unfit("ist verschlüsselt oder mit einem Kennwort geschützt; so kann niemand sicher hineinsehen")
    _refuse_acting(plain)
    left = _UNPACKED
    for head, start in _streams(content):
        names = _names_plain(head)
        if b"/ObjStm" in names or (b"/First" in names and re.search(rb"/N\s+\d", names)):
            unpacked = _unpack(names, content, start, left)
            left -= len(unpacked)
            _refuse_acting(_names_plain(unpacked))
        elif b"/EmbeddedFile" in names and _first_bytes(names, content[start : start + 65536]).startswith(
            _PROGRAM_STARTS
        ):
            raise Unfit("enthält ein eingebettetes Programm")


def _names_plain(content: bytes) -> bytes:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content


def _refuse_acting(content: bytes) -> None:
    for why, pattern in _ACTING.items():
        if pattern.search(content):
            raise Unfit(f"{why}. Bitte speichern Sie sie ohne das neu, zum Beispiel mit „Als PDF drucken“")
    if _names_program(content):
        raise Unfit("enthält ein eingebettetes Programm")


def _names_program(content: bytes) -> bool:
    """Whether a file specification names a program; names may be UTF-16 or written in hexadecimal digits."""
    if not re.search(rb"/(Filespec|EmbeddedFile|EF)" + _END, content):
        return False
    if _PROGRAM.search(content) or _PROGRAM.search(content.replace(b"\x00", b"")):
        return True
    return any(
        _PROGRAM.search(bytes.fromhex(_even(found[1])).replace(b"\x00", b"") + b")")
        for found in _HEX_STRING.finditer(content)
    )


def _even(digits: bytes) -> str:
    joined = b"".join(digits.split()).decode()
    return joined + "0" * (len(joined) % 2)


def _streams(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary before each stream, and where the stream begins."""
    for found in _STREAM.finditer(content):
        if content[found.start() - 3 : found.start()] == b"end":
            continue
        before = content[max(found.start() - 4096, 0) : found.start()]
        objects = list(_OBJECT.finditer(before))
        yield before[objects[-1].end() if objects else 0 :], found.end()


def _unpack(names: bytes, content: bytes, start: int, left: int) -> bytes:
    """The inside of the object stream at *start*, at most *left* bytes; nothing of the rest is copied."""
    filters = _FILTER.search(names)
    if filters is None:
        return content[start : content.find(b"endstream", start)]
    if not re.fullmatch(rb"\[?\s*/(FlateDecode|Fl)\s*\]?", filters[1]) or _PREDICTOR.search(names):
        raise Unfit(_UNSEEN)
    try:
        unpacked = zlib.decompressobj().decompress(memoryview(content)[start:], left)
    except zlib.error:
        raise Unfit(_UNSEEN) from None
    if len(unpacked) >= left:
        raise Unfit("wird beim Öffnen ungewöhnlich groß und wird deshalb nicht angenommen")
    return unpacked


def _first_bytes(names: bytes, stream: bytes) -> bytes:
    if b"Flate" not in names:
        return stream[:16]
    try:
        return zlib.decompressobj().decompress(stream, 16)
    except zlib.error:
        return b""
