"""German words of papers."""

from collections.abc import Mapping

from app.papers.models import PaperKind

PAPER_KINDS: Mapping[PaperKind, str] = {
    PaperKind.SUBMISSION: "Vorlage",
    PaperKind.ANNEX: "Anlage",
    PaperKind.TABLED: "Tischvorlage",
}


def size_in_words(size: int) -> str:
    """Bytes as people read them: 734 Bytes, 12 KB, 1,4 MB (1 KB = 1000 Bytes)."""
    if size < 1000:
        return f"{size} Bytes"
    if size < 1_000_000:
        return f"{round(size / 1000)} KB"
    return f"{size / 1_000_000:.1f}".replace(".", ",") + " MB"
