"""Files that are made for one reader: their headers, and the page that asks for patience."""

from fastapi import Request
from fastapi.responses import Response

from app.actor import Actor
from app.documents.pdf import Busy
from app.sending import file_named
from app.web.respond import page

PDF = "application/pdf"
RETRY_SECONDS = 5
LONGEST = 150


def file_headers(*parts: str, ending: str, digest: str = "") -> dict[str, str]:
    """Headers of a file that nobody on the way keeps, named after *parts*: shown where the browser can, else saved.

    What is frozen under *digest* the reader may keep and ask for again.
    """
    name = "".join(sign if sign.isalnum() or sign in " .-" else " " for sign in " ".join(parts))
    name = f"{' '.join(name.split())[:LONGEST].strip()}.{ending}"
    how = "inline" if ending == "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{how}; {file_named(name)}",
        "Cache-Control": "private, no-cache" if digest else "private, no-store",
    }
    return {**headers, "ETag": f'"{digest}"'} if digest else headers


def wait_page(request: Request, actor: Actor, busy: Busy) -> Response:
    """Another document is being set: try again in some seconds."""
    response = page(
        request,
        actor,
        "errors/error.html",
        title="Das Dokument wird erzeugt",
        status=busy.status,
        sentence=busy.sentence,
    )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
