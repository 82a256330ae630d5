"""Sending files: names in both spellings, tags that spare a second transfer, and foreign files that can do no harm."""

import unicodedata
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from app.papers.schemas import FileToSend
from app.storage import Storage

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
HARMLESS = "default-src 'none'; sandbox"
"""The policy of foreign files: should a browser show one after all, it may load and run nothing."""


def file_named(name: str) -> str:
    """The name in both spellings: plain ASCII for old programs, and as it is written (RFC 6266)."""
    spelled = "".join(UMLAUTS.get(sign, sign) for sign in unicodedata.normalize("NFC", name))
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '"\\%;').strip()
    if not plain.rpartition(".")[0].strip() and "." in name:
        plain = f"Datei.{plain.rpartition('.')[2]}"
    return f"filename=\"{plain or 'Datei'}\"; filename*=UTF-8''{quote(name, safe='')}"


def knows(request: Request, tag: str) -> bool:
    """Whether the asker has what *tag* names already (If-None-Match; proxies may have made the tag weak)."""
    sent = request.headers.get("if-none-match", "")
    return sent.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in sent.split(","))


def send_file(request: Request, storage: Storage, file: FileToSend) -> Response:
    """A foreign file as a download, never shown inside our pages; 304 for whoever has these bytes already.

    To be called when no session is open. OSError if the storage has lost it.
    """
    tag = f'"{file.hash}"'
    headers = {
        "Content-Disposition": f"attachment; {file_named(file.name)}",
        "Content-Security-Policy": HARMLESS,
        "Cache-Control": "private, no-cache",
        "Content-Type": file.media_type,
        "ETag": tag,
    }
    if knows(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(storage.get(file.hash), headers=headers)
