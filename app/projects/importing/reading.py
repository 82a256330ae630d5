"""Reading a file of projects: the general reading, with the columns of projects."""

from app.importing import reading
from app.importing.raw import RawTable
from app.importing.reading import MOST_BYTES, MOST_ROWS
from app.projects.importing.columns import COLUMNS


def read_table(data: bytes, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS) -> RawTable:
    """The table in *data*; raises UnreadableFile or TooLarge with one German sentence."""
    return reading.read_table(data, COLUMNS.knows, things="Projekte", most_bytes=most_bytes, most_rows=most_rows)
