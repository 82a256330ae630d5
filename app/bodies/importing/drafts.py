"""Things as an import wants them: what is known, what rows told about it, and the difference in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app import text
from app.bodies.importing.columns import ROLE_WORDS, Column
from app.bodies.models import MembershipKind
from app.importing.columns import attribute_of
from app.importing.planned import Change, Outcome
from app.people.models import OrganisationKind
from app.people.rules import KIND_WORDS

Ref = tuple[str, int]
"""A thing of a plan: ("known", id) or ("new", number in the plan)."""


@dataclass(slots=True, eq=False)
class Draft:
    """A thing: its ``values`` as wanted; ``known`` as stored (empty: it is new); ``told`` by which line."""

    ref: Ref
    noun: str
    name: str
    known: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    told: dict[str, tuple[int, Any]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    @property
    def id(self) -> int | None:
        """The stored row's id; None for a new thing."""
        return self.ref[1] if self.ref[0] == "known" else None

    @property
    def outcome(self) -> Outcome:
        """What the import does to it."""
        if self.id is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.values != self.known else Outcome.UNCHANGED

    def tell(self, line: int, name: str, value: Any) -> tuple[int, Any] | None:
        """Note that *line* wants *value*; where an earlier line wanted another one, that line and its value."""
        earlier = self.told.setdefault(name, (line, value))
        if earlier[1] != value:
            return earlier
        self.values[name] = value
        return None


@dataclass(frozen=True, slots=True)
class Planned:
    """A thing in the preview: what it is, what happens to it, and field by field how."""

    noun: str
    name: str
    outcome: Outcome
    changes: tuple[Change, ...]
    lines: tuple[int, ...]


LABELS: dict[str, str] = {
    **{attribute_of(column): column.value for column in Column},
    "person": "Person",
    "organisation": "Institution",
}


def changes_of(draft: Draft, names: dict[Ref, str]) -> tuple[Change, ...]:
    """What differs, in words; of a new thing everything that says something."""
    found = []
    for name, value in draft.values.items():
        before = draft.known.get(name)
        if value != before and name in LABELS:
            words = (_words(before, names), _words(value, names))
            if words[0] != words[1]:
                found.append(Change(LABELS[name], *words, name))
    return tuple(found)


def _words(value: Any, names: dict[Ref, str]) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "ja" if value else "nein"
        case dt.date():
            return text.date(value)
        case MembershipKind():
            return ROLE_WORDS[value]
        case OrganisationKind():
            return KIND_WORDS[value]
        case tuple():
            return names.get(value, "")
        case _:
            return str(value)


def numbered(drafts: Iterable[Draft]) -> int:
    """The number of the next new thing among *drafts*."""
    return sum(draft.id is None for draft in drafts)
