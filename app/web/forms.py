"""Forms: submitted text as checked shapes, with what was typed kept for showing it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.datastructures import FormData

from app.validation import read

Shape = TypeVar("Shape", bound=BaseModel)


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
