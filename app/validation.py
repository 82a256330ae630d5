"""German sentences for input that pydantic refuses, by field."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from app import text
from app.errors import Invalid

Shape = TypeVar("Shape", bound=BaseModel)
HIGHEST_ID = 2**31 - 1


def _line(value: Any) -> Any:
    return text.one_line(value) if isinstance(value, str) else value


def _prose(value: Any) -> Any:
    return text.clean(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    """German and ISO dates; anything else is left to the usual check."""
    if not isinstance(value, str):
        return value
    try:
        return text.parse_date(value)
    except ValueError:
        return value


RowId = Annotated[int, Field(ge=1, le=HIGHEST_ID)]
"""The id of a row as people and programs name it: what the databases can hold."""
Line = Annotated[str, BeforeValidator(_line)]
"""Text on one line, cleaned before its length is checked."""
Prose = Annotated[str, BeforeValidator(_prose)]
"""Text of several lines, cleaned before its length is checked."""
Day = Annotated[dt.date, BeforeValidator(_day), Field(ge=dt.date(1900, 1, 1), lt=dt.date(2200, 1, 1))]
"""A day as people (14.02.2026) or programs (2026-02-14) write it."""

UNKNOWN_CHOICE = "Bitte wählen Sie eine der angebotenen Möglichkeiten."

_SENTENCES: Mapping[str, str] = {
    "missing": "Bitte füllen Sie dieses Feld aus.",
    "string_too_short": "Bitte füllen Sie dieses Feld aus.",
    "string_too_long": "Bitte kürzen Sie auf höchstens {max_length} Zeichen.",
    "too_long": "Erlaubt sind höchstens {max_length} Einträge.",
    "string_type": "Hier wird ein Text erwartet.",
    "int_parsing": "Bitte geben Sie eine ganze Zahl ein.",
    "int_parsing_size": "Bitte geben Sie eine ganze Zahl ein.",
    "int_type": "Bitte geben Sie eine ganze Zahl ein.",
    "int_from_float": "Bitte geben Sie eine ganze Zahl ein.",
    "bool_parsing": "Erlaubt ist ja oder nein.",
    "bool_type": "Erlaubt ist ja oder nein.",
    "greater_than_equal": "Der kleinste erlaubte Wert ist {ge}.",
    "less_than_equal": "Der größte erlaubte Wert ist {le}.",
    "enum": "Erlaubt ist: {expected}.",
    "literal_error": "Erlaubt ist: {expected}.",
    "extra_forbidden": "Dieses Feld ist unbekannt.",
    "timezone_aware": "Bitte geben Sie die Zeit mit Zeitzone an, zum Beispiel 2026-05-12T10:00:00+02:00.",
    "list_type": "Hier wird eine Liste erwartet.",
    "dict_type": "Hier wird ein Objekt erwartet.",
    "model_type": "Hier wird ein Objekt erwartet.",
    "model_attributes_type": "Hier wird ein Objekt erwartet.",
    "json_invalid": "Der Text ist kein gültiges JSON.",
    "value_error": "{error}",
}


def read(shape: type[Shape], values: Mapping[str, Any]) -> Shape:
    """*values* as the checked *shape*; Invalid with a German sentence per field otherwise."""
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        raise Invalid(sentences(error.errors())) from None


def sentences(errors: Iterable[Any], *, of_request: bool = False) -> dict[str, str]:
    """Pydantic's errors as {field: sentence}; nested fields are joined by dots, "" is the whole input.

    ``of_request``: programs sent it. The first part of each place is where in the request the field stood (body,
    query …), and the codes that are allowed are named; people only ever choose among words.
    """
    found: dict[str, str] = {}
    for error in errors:
        path = [] if error["type"] == "json_invalid" else error["loc"][1 if of_request else 0 :]
        is_choice = error["type"] in ("enum", "literal_error") and not of_request
        found.setdefault(".".join(str(part) for part in path), UNKNOWN_CHOICE if is_choice else _sentence(error))
    return found


def _sentence(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind in ("too_long", "too_short") and isinstance(error.get("input"), str):
        kind = f"string_{kind}"  # a length checked after cleaning
    if kind.startswith(("date_", "time_", "datetime_")):
        return "Bitte geben Sie ein gültiges Datum ein." if kind.startswith("date_") else "Bitte prüfen Sie die Zeit."
    template = _SENTENCES.get(kind, "Diese Angabe ist nicht gültig.")
    values = {key: str(value).replace("' or '", "' oder '") for key, value in (error.get("ctx") or {}).items()}
    return template.format_map(values)
