"""Pure rules of the plan: the days of a period, names that are the same, and parts that have ended."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from app.importing.columns import name_key as name_key


class Ending(Protocol):
    """A part of the plan that may have a last day."""

    ends_on: dt.date | None


@dataclass(slots=True)
class Days:
    """From–to, both inclusive; an open side is None."""

    valid_from: dt.date | None
    valid_to: dt.date | None

    @property
    def is_reversed(self) -> bool:
        """Whether the end lies before the beginning."""
        return self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from

    @property
    def is_told(self) -> bool:
        """Whether anybody said a day: a period of unknown days overlaps with none."""
        return self.valid_from is not None or self.valid_to is not None


def ended_before(part: Ending, on: dt.date) -> dt.date | None:
    """The last day of a part that had ended on a day; None while projects may come into it."""
    return part.ends_on if part.ends_on is not None and part.ends_on < on else None
