"""Shapes of papers: what people wish, files on their way in, and papers with their files as lists show them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field

from app.history.models import Reach
from app.papers.models import Paper, PaperKind, PaperVersion
from app.validation import Line, Prose
from app.visibility import Level

FIELDS_OF_A_SUBMISSION = ("subject", "grounds", "costs", "cosigned", "reference")
"""Gegenstand, Begründung, finanzielle Auswirkungen, Mitzeichnung, Geschäftszeichen of a Beschlussvorlage."""


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PaperIn(_Wish):
    """What is said about uploaded files. ``title`` "": each is called like its file; ``level`` None: like its owner."""

    kind: PaperKind = PaperKind.ANNEX
    title: Line = Field(default="", max_length=300)
    level: Level | None = None


class PaperChange(_Wish):
    """Fields to change; absent ones stay."""

    kind: PaperKind | None = None
    title: Line | None = Field(default=None, min_length=1, max_length=300)
    level: Level | None = None
    subject: Prose | None = Field(default=None, max_length=2000)
    grounds: Prose | None = Field(default=None, max_length=20000)
    costs: Prose | None = Field(default=None, max_length=5000)
    cosigned: Prose | None = Field(default=None, max_length=2000)
    reference: Line | None = Field(default=None, max_length=200)


class WithdrawIn(_Wish):
    """Why a paper is withdrawn."""

    reason: Line = Field(min_length=1, max_length=500)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: the name it came with, and its open content."""

    name: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was looked into and lies in the storage for good."""

    key: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A stored file on its way out: ``hash`` finds it, ``name`` is what it is called on the reader's disk."""

    hash: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where papers hang. ``link`` is the owner's link table, ``column`` names its owner, ``thing`` is the owner's row.

    ``label`` and ``reach`` are for the history; papers of a confidential owner are never told as less. ``level`` is the
    owner's: new papers get it where nothing else is said. ``floor`` is the least that papers from elsewhere get here.
    The owner's service makes the place after it has checked the rights and locked.
    """

    link: type[Any]
    column: str
    owner_id: int
    thing: Any
    label: str
    body_id: int | None = None
    reach: Reach = Reach.INTERNAL
    level: Level = Level.INTERNAL
    floor: Level = Level.PUBLIC


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper at its place with its newest file."""

    owner_id: int
    position: int
    paper: Paper
    file: PaperVersion


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper with the place at which it hangs."""

    place: Place
    held: HeldPaper


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """How a paper stands now, and with it every file that it ever had: closed where it is withdrawn or raised."""

    withdrawn: bool
    level: Level


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One version of a paper's file as pages and programs show it."""

    version: int
    name: str
    media_type: str
    size: int
    hash: str
    uploaded_at: dt.datetime | None = None
    uploaded_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper as one reader gets it. ``row_version`` 0: read from a release, not from the working copy.

    ``earlier`` are its earlier files, newest first; ``released`` the version that members see (None: none yet);
    ``page_only``: a guest sees its title on the page, and gets it through no other channel.
    """

    id: int
    kind: PaperKind
    title: str
    level: Level
    file: ShownFile
    item_id: int | None = None
    may_download: bool = True
    page_only: bool = False
    withdrawn: bool = False
    withdrawn_reason: str = ""
    row_version: int = 0
    position: int = 0
    released: int | None = None
    earlier: tuple[ShownFile, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def is_newer(self) -> bool:
        """Whether members still see an earlier file than this one."""
        return self.row_version > 0 and self.released is not None and self.released != self.file.version

    @property
    def is_unreleased(self) -> bool:
        """Whether members do not know of the paper yet."""
        return self.row_version > 0 and self.released is None
