"""What a form sends while somebody writes, what it gets back, and what an object with texts can do."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.actor import Actor
from app.errors import Invalid
from app.validation import HIGHEST_ID, Line, read

WRITER = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

Writer = Annotated[str, Field(pattern=WRITER)]
"""The random id of one open form, as browsers write a UUID."""


class TextSave(BaseModel):
    """One automatic save of one text. ``sequence`` counts the saves of a form; ``base_version`` is what it has seen."""

    model_config = ConfigDict(extra="forbid")

    field: Line = Field(min_length=1, max_length=60)
    text: str = Field(max_length=100_000)
    writer: Writer
    sequence: int = Field(ge=1, le=HIGHEST_ID)
    base_version: int = Field(ge=0, le=HIGHEST_ID)


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to a save: when the text was stored, and the version from which the form goes on.

    ``behind``: somebody changed other things of the object meanwhile; the form keeps its base version, so that saving
    the whole form shows both states.
    """

    version: int
    saved_at: dt.datetime
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who has an object open, and since when."""

    object_id: int
    name: str
    since: dt.datetime
    own: bool = False


class TextHolder(ABC):
    """An object with texts, locked for writing by the caller, who has also checked the right to write.

    ``kind`` is the name of its table, ``labels`` names its long texts as the screen does, and ``shape`` is the wish
    that a text is checked by.
    """

    kind: ClassVar[str]
    labels: ClassVar[Mapping[str, str]]
    shape: ClassVar[type[BaseModel]]

    @property
    @abstractmethod
    def object_id(self) -> int:
        """Its id."""

    @property
    @abstractmethod
    def version(self) -> int:
        """Its version; every write raises it by one."""

    @abstractmethod
    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""

    @abstractmethod
    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text, raise the version, leave no trace in the history."""

    @abstractmethod
    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """Leave the trace of a finished stretch of writing in the history."""

    def text(self, field: str) -> str:
        """What stands in the field now; Invalid for a field that is not written this way."""
        if field not in self.labels:
            raise Invalid({"field": "Dieses Feld gibt es nicht."})
        return self.stored(field)

    def checked(self, field: str, text: str) -> str:
        """*text* as it would be stored; Invalid where it does not hold."""
        self.text(field)
        return str(getattr(read(self.shape, {field: text}), field))


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody writes: an object with texts, and what this person may do there.

    ``title`` names the object on the screen. ``require_present`` refuses whoever does not work there,
    ``require_writer`` also whoever comes too late.
    """

    holder: TextHolder
    title: str
    require_present: Callable[[], None]
    require_writer: Callable[[], None]
