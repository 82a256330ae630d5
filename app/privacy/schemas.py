"""Shapes of what people write on the public pages, and of their texts."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.validation import Line, Prose

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)


class TextIn(BaseModel):
    """A new version of a public text, in Markdown."""

    model_config = _STRICT

    content: Annotated[Prose, Field(min_length=1, max_length=50_000)]


class FeedbackIn(BaseModel):
    """A report about a barrier; ``reply_to`` is a mail address or empty."""

    model_config = _STRICT

    message: Annotated[Prose, Field(min_length=1, max_length=4000)]
    place: Annotated[Line, Field(max_length=300)] = ""
    reply_to: Annotated[Line, Field(max_length=254)] = ""


class AnswerIn(BaseModel):
    """That a report was answered, and how."""

    model_config = _STRICT

    note: Annotated[Prose, Field(max_length=1000)] = ""
