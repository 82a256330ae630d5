"""Finds the words of the world in whatever an answer holds: HTML, JSON, CSV, XLSX, PDF, ICS, headers."""

import base64
import binascii
import functools
import io
import re
import subprocess
import zipfile
from urllib.parse import unquote_plus

import pikepdf

from tests.visibility.visitor import Answer
from tests.visibility.world import WORD

_NOISE = re.compile(r"[\s\-\u00ad\u2010\u200b]+")
_TAGS = re.compile(r"<[^>]*>")
_PACKED = re.compile(r"[A-Za-z0-9_\-]{16,}={0,2}")
CHANNELS = {
    "text/html": "page",
    "application/json": "json",
    "application/problem+json": "json",
    "text/calendar": "ics",
    "application/pdf": "pdf",
    "text/csv": "csv",
}


def channel_of(answer: Answer) -> str:
    """The kind of the answer; what is no page is a file."""
    kind = answer.header("content-type").partition(";")[0].strip()
    return CHANNELS.get(kind, "file")


def words_in(answer: Answer) -> set[str]:
    """Every word of the world in body, headers and cookies of an answer."""
    headers = "\n".join(f"{name}: {unquote_plus(value)}" for name, value in answer.headers)
    return _words(headers) | words_in_bytes(answer.content)


@functools.lru_cache(maxsize=4096)
def words_in_bytes(content: bytes) -> frozenset[str]:
    """Every word of the world in a file, however deep it lies."""
    if content.startswith(b"%PDF"):
        return frozenset(_words_in_pdf(content))
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [words_in_bytes(package.read(name)) | _words(name) for name in package.namelist()]
        return frozenset().union(*parts)
    return frozenset(_words(content.decode("utf-8", errors="replace")))


def _words(text: str) -> set[str]:
    found = _plain_words(text)
    if "<" in text:
        found |= _plain_words(_TAGS.sub("", text))
    for packed in _PACKED.findall(text):
        found |= _plain_words(_unpacked(packed))
    return found


def _plain_words(text: str) -> set[str]:
    return set(WORD.findall(_NOISE.sub("", text).lower()))


@functools.lru_cache(maxsize=65536)
def _unpacked(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _words_in_pdf(content: bytes) -> set[str]:
    shown = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout
    found = _words(shown.decode())
    with pikepdf.open(io.BytesIO(content)) as document:
        for thing in document.objects:
            found |= _words_in_object(thing)
    return found


def _words_in_object(thing: pikepdf.Object) -> set[str]:
    """Bookmarks, metadata, structure, attachments: all strings and all streams."""
    found: set[str] = set()
    if isinstance(thing, pikepdf.Stream):
        found |= words_in_bytes(thing.read_bytes())
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name, value in thing.items():
            found |= _words(str(name))
            if not _is_elsewhere(value):
                found |= _words_in_object(value)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            if not _is_elsewhere(value):
                found |= _words_in_object(value)
    elif isinstance(thing, pikepdf.String):
        found |= _words(str(thing))
    return found


def _is_elsewhere(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect
