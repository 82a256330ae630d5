"""A table as it stands in the file, before anything is checked, and the refusals of a whole file."""

from dataclasses import dataclass

from app.errors import SkipError, TooLarge
from app.importing.cells import Cell, is_blank


class UnreadableFile(SkipError):
    """The file as a whole cannot be imported; the sentence says why and what helps."""

    status = 422


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row; ``line`` is its number as a person sees it in the spreadsheet or editor (the first line is 1)."""

    line: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the row."""
        return all(is_blank(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RawTable:
    """The header and the rows below it that are not blank."""

    header: RawRow
    rows: tuple[RawRow, ...]


def too_many_rows(most_rows: int) -> TooLarge:
    """The refusal of a table with more than *most_rows* rows below its header."""
    return TooLarge(f"Die Tabelle hat mehr als {most_rows} Zeilen. Bitte teilen Sie sie in mehrere Dateien.")
