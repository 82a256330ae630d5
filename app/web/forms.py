"""Forms: submitted text as checked shapes, with what was typed kept for showing it again."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.datastructures import FormData

from app.errors import Invalid, SkipError
from app.history.words import FIELDS
from app.validation import read

Shape = TypeVar("Shape", bound=BaseModel)
MOST_ROWS = 50


@dataclass(slots=True)
class Form:
    """What a form shows: typed or stored ``values`` and ``errors`` by field ("" = the whole form)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """What the field shows; "" where nothing stands."""
        found = self.values.get(name, "")
        return "" if found is None else found

    def error(self, name: str) -> str:
        """The sentence at the field, "" if it holds."""
        return self.errors.get(name, "")


def typed(submitted: FormData) -> dict[str, str]:
    """The submitted text fields, without the form's token."""
    return {name: value for name, value in submitted.items() if isinstance(value, str) and name != "csrf_token"}


def read_form(shape: type[Shape], values: Mapping[str, Any], *, keep_empty: tuple[str, ...] = ()) -> Shape:
    """*values* as *shape*; empty fields count as absent, except those in *keep_empty*. Invalid otherwise."""
    return read(shape, {name: value for name, value in values.items() if value != "" or name in keep_empty})


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeated part of a form: its fields are called ``name-0-field``. A row without its first field is no row."""

    name: str
    fields: tuple[str, ...]

    def filled(self, values: Mapping[str, Any]) -> list[tuple[int, dict[str, str]]]:
        """The filled rows, each with its place in the form; empty fields are left out."""
        found = []
        for place in range(MOST_ROWS):
            row = {one: str(values.get(f"{self.name}-{place}-{one}", "")).strip() for one in self.fields}
            if row[self.fields[0]]:
                found.append((place, {one: value for one, value in row.items() if value}))
        return found

    def read(self, values: Mapping[str, Any]) -> list[dict[str, str]]:
        """The filled rows as a wish reads them."""
        return [row for _, row in self.filled(values)]

    def shown(self, things: Sequence[Any], value_of: Callable[[Any, str], Any] = getattr) -> dict[str, Any]:
        """Stored things as the values of the form."""
        return {
            f"{self.name}-{place}-{one}": iso(value_of(thing, one))
            for place, thing in enumerate(things)
            for one in self.fields
        }

    def places(self, values: Mapping[str, Any]) -> range:
        """The places to show: the filled ones, and one more to fill."""
        return range(min(max((place for place, _ in self.filled(values)), default=-1) + 2, MOST_ROWS))

    def at_fields(self, error: SkipError, values: Mapping[str, Any]) -> dict[str, str]:
        """The sentences at the names that fields have in the form; other refusals stand for the whole form."""
        if not isinstance(error, Invalid):
            return {"": error.sentence}
        places = [place for place, _ in self.filled(values)]
        named = {}
        for name, sentence in error.fields.items():
            part = re.fullmatch(rf"{self.name}\.(\d+)(?:\.(\w+))?", name)
            if part and int(part[1]) < len(places):
                named[f"{self.name}-{places[int(part[1])]}-{part[2] or self.fields[0]}"] = sentence
            else:
                named[f"{self.name}-0-{self.fields[0]}" if name == self.name else name] = sentence
        return named


def iso(value: Any) -> Any:
    """A date as date fields take it, None as "", anything else as it is."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


def seen_version(values: Mapping[str, Any]) -> int | None:
    """The version of the thing that the reader of a form saw; None where the form names none."""
    return _number(str(values.get("version", "")))


def typed_number(value: str) -> int:
    """A version or id as a form or an address sends it; 0 for anything else."""
    return _number(value) or 0


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def differing(mine: Mapping[str, Any], theirs: Mapping[str, Any], words: Callable[[str, Any], str]) -> tuple[str, str]:
    """What differs between the typed and the present state, line by line on both sides, in the history's words."""
    sides: tuple[list[str], list[str]] = ([], [])
    for name, value in mine.items():
        if value != theirs.get(name):
            for side, one in zip(sides, (value, theirs.get(name)), strict=True):
                side.append(f"{FIELDS.get(name, name)}: {words(name, one) or 'leer'}")
    return "\n".join(sides[0]), "\n".join(sides[1])
