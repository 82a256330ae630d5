"""How programs read papers, and what they send with files."""

from typing import Any

from app.api.schemas.thing import PREFIX, Moment, Shape, Thing
from app.papers.models import PaperKind
from app.papers.schemas import ShownFile, ShownPaper
from app.visibility import Level

PAGES = {
    "meeting": "sitzungen",
    "project": "projekte",
    "registration": "anmeldungen",
    "topic": "themenspeicher",
}
"""What may hold papers, with its address on the site."""


class PaperFileOut(Shape):
    """One version of a paper's file; ``hash`` is the SHA-256 of its bytes, ``download`` where they are."""

    version: int
    name: str
    media_type: str
    size: int
    hash: str
    download: str
    uploaded_at: Moment | None
    uploaded_by: str


class PaperOut(Thing):
    """A paper of a meeting, project, registered topic or entry of the backlog; the others are null.

    ``item`` null: it belongs to the meeting (or other holder) as a whole; ``position`` counts from 1 there.

    ``released`` is the file version that members see (null: none yet). What stands behind ``earlier`` is told of the
    working copy only.
    """

    meeting: int | None
    project: int | None
    registration: int | None
    topic: int | None
    item: int | None
    position: int
    kind: PaperKind
    title: str
    level: Level
    withdrawn: bool
    withdrawn_reason: str
    released: int | None
    file: PaperFileOut
    earlier: list[PaperFileOut]
    subject: str = ""
    grounds: str = ""
    costs: str = ""
    cosigned: str = ""
    reference: str = ""


def paper_out(paper: ShownPaper, **above: int) -> PaperOut:
    """A paper as programs read it; *above* is its one holder: meeting, project, registration or topic."""
    ((kind, holder_id),) = above.items()
    url = f"{PREFIX}/{kind}s/{holder_id}/papers/{paper.id}"
    return PaperOut(
        id=paper.id,
        version=paper.row_version or 1,
        url=url,
        page=f"/{PAGES[kind]}/{holder_id}/unterlagen#unterlage-{paper.id}",
        meeting=above.get("meeting"),
        project=above.get("project"),
        registration=above.get("registration"),
        topic=above.get("topic"),
        item=paper.item_id,
        position=paper.position,
        kind=paper.kind,
        title=paper.title,
        level=paper.level,
        withdrawn=paper.withdrawn,
        withdrawn_reason=paper.withdrawn_reason,
        released=paper.released,
        file=_file_out(paper.file, url),
        earlier=[_file_out(one, url) for one in paper.earlier],
        **paper.fields,
    )


def _file_out(file: ShownFile, url: str) -> PaperFileOut:
    return PaperFileOut(
        version=file.version,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        hash=file.hash,
        download=f"{url}/file?version={file.version}",
        uploaded_at=file.uploaded_at,
        uploaded_by=file.uploaded_by,
    )


_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "description": "Eine oder mehrere Dateien"}


def multipart(**fields: dict[str, Any]) -> dict[str, Any]:
    """The description of a request that carries files besides *fields* (OpenAPI)."""
    schema = {"type": "object", "required": ["files"], "properties": {"files": _FILES, **fields}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


ABOUT_FILES: dict[str, dict[str, Any]] = {
    "title": {"type": "string", "maxLength": 300, "description": "leer: wie der Dateiname"},
    "kind": {"type": "string", "enum": [kind.value for kind in PaperKind]},
    "level": {"type": "string", "enum": [level.value for level in Level], "description": "leer: wie der Punkt"},
}
ITEM: dict[str, dict[str, Any]] = {
    "item": {"type": "integer", "description": "Kennung des Punktes; leer: zur Sitzung insgesamt"}
}
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}, "description": "Die Datei"}}
