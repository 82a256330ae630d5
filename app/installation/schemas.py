"""Shapes of what the operator sets for the whole installation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.validation import Line

LONGEST = 3650
"""Ten years: whatever is kept longer belongs into the files, not into a protocol."""


class RetentionIn(BaseModel):
    """How long a kind is kept, in days, and who decided it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    days: Annotated[int, Field(ge=1, le=LONGEST)]
    source: Annotated[Line, Field(min_length=1, max_length=300)]
