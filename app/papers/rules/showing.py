"""Papers as rows become papers as pages and programs show them."""

from collections.abc import Sequence

from app.db import ident
from app.papers.models import PaperVersion
from app.papers.schemas import FIELDS_OF_A_SUBMISSION, FileToSend, HeldPaper, ShownFile, ShownPaper


def file_to_send(row: PaperVersion) -> FileToSend:
    """A stored version as it is handed out."""
    return FileToSend(row.file_key, row.file_name, row.media_type, row.size)


def shown_file(row: PaperVersion) -> ShownFile:
    """A stored version as it is shown."""
    return ShownFile(
        row.version, row.file_name, row.media_type, row.size, row.file_key, row.uploaded_at, row.uploaded_by
    )


def shown_held(
    held: HeldPaper,
    files: Sequence[PaperVersion],
    *,
    item_id: int | None = None,
    position: int = 0,
    released: int | None = None,
) -> ShownPaper:
    """A paper of the working copy with all its files."""
    paper = held.paper
    return ShownPaper(
        id=ident(paper),
        kind=paper.kind,
        title=paper.title,
        level=paper.level,
        file=shown_file(held.file),
        item_id=item_id,
        withdrawn=paper.withdrawn,
        withdrawn_reason=paper.withdrawn_reason,
        row_version=paper.version,
        position=position,
        released=released,
        earlier=tuple(shown_file(one) for one in files if one.version != held.file.version),
        fields={name: getattr(paper, name) for name in FIELDS_OF_A_SUBMISSION},
    )
