"""The frozen values of a sheet of changes (Änderungsübersicht): what a version did to the one before, in German."""

import datetime as dt
import json
from enum import StrEnum
from typing import Any

from app.agenda.models import Edition
from app.agenda.schemas.frozen import FrozenApproval, FrozenBody, FrozenMeeting, FrozenValues, canonical

FORMAT = 1


class ChangeKind(StrEnum):
    """What happened: to the meeting as a whole, or to an item."""

    MEETING = "meeting"
    NEW = "new"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    CHANGED = "changed"
    ORDER = "order"


class FrozenChange(FrozenValues):
    """One change. ``words`` says it ("neu", "10 → 15 Min."); of a longer text ``before`` and ``after`` hold both.

    ``number`` and ``title`` are empty where it is about the meeting or a whole section; ``label`` names the field.
    """

    kind: ChangeKind
    item_id: int | None = None
    number: str = ""
    title: str = ""
    label: str = ""
    words: str = ""
    before: str = ""
    after: str = ""


class ChangesValues(FrozenValues):
    """The sheet of one edition: everything that changed from ``before_version`` to ``version``."""

    format: int = FORMAT
    demo: bool = False
    body: FrozenBody
    meeting: FrozenMeeting
    before_version: int
    version: int
    edition: Edition
    guest: str = ""
    released_at: dt.datetime | None
    approval: FrozenApproval | None = None
    reason: str = ""
    reference: str = ""
    letterhead: tuple[str, ...] = ()
    sender: str = ""
    changes: tuple[FrozenChange, ...] = ()


def write_changes(values: ChangesValues) -> str:
    """Canonical JSON, as agendas are written."""
    return canonical(values)


def read_changes(text: str) -> ChangesValues:
    """The values written by any format so far; ValueError for a format this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    if plain.get("format") != FORMAT:
        raise ValueError(f"unknown format {plain.get('format')} of a sheet of changes")
    return ChangesValues.model_validate(plain)
