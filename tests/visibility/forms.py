"""Plausible requests for every unsafe route: bodies from the API's description, fields from the site's own forms."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.visibility.routes import Route
from tests.visibility.world import World

TYPED = {
    "date": "2026-04-15",
    "time": "10:00",
    "email": "neu@example.org",
    "number": "5",
    "password": "ein langes Kennwort 12",
}
SENTENCE = "Probe"
REFERENCES = {"body": "body", "person": "person", "project": "project", "organisation": "organisation", "item": "item"}
CHANGED = ("title", "main_topic", "name")
"""Where nothing is required, the first of these is changed."""


@dataclass(slots=True)
class SiteForm:
    """A form of a page: where it is sent, and its fields as a browser would send them (required ones filled)."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects the POST forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[SiteForm] = []
        self._form: SiteForm | None = None
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._needed = False
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._form = SiteForm(given.get("action") or self.address)
            self.found.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea" and name:
            self._area = ""
            self._form.fields.append((name, SENTENCE if "required" in given else ""))
        elif tag == "select" and name:
            self._select, self._options, self._needed = name, [], "required" in given
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "button" and name:
            self._form.fields.append((name, given.get("value", "")))
        if tag in ("button", "input") and given.get("formaction"):
            self.found.append(SiteForm(given["formaction"], self._form.fields))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area += data

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            name, filler = self._form.fields[-1]
            self._form.fields[-1] = (name, self._area.strip() or filler)
            self._area = None
        elif tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            offered = [value for value, _ in self._options if value or not self._needed]
            self._form.fields.append((self._select, (chosen or offered or [""])[0]))
            self._select = ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        value = given.get("value", "")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self._form.fields.append((name, given.get("value", "on")))
        elif kind not in ("file", "submit", "button", "image", "reset"):
            filler = TYPED.get(kind, SENTENCE) if "required" in given else ""
            self._form.fields.append((name, value or filler))


def forms_of(address: str, page: str) -> list[SiteForm]:
    """The POST forms of a page."""
    parser = _Forms(address)
    parser.feed(page)
    return parser.found


def matching(route: Route, forms: Iterable[SiteForm]) -> list[SiteForm]:
    """The forms that are sent to *route*."""
    pattern = re.compile(re.sub(r"\{\w+\}", r"[^/]+", route.path))
    return [form for form in forms if pattern.fullmatch(form.action.partition("?")[0])]


def minimal_body(route: Route, description: dict[str, Any], world: World) -> dict[str, Any]:
    """The smallest body that the API's description allows for *route*."""
    operation = description["paths"][route.path][route.method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    made = _value("", content.get("schema", {"type": "object"}), description, world)
    return made if isinstance(made, dict) else {}


def _value(name: str, shape: dict[str, Any], description: dict[str, Any], world: World) -> Any:
    shape = _resolved(shape, description)
    if name in REFERENCES:
        return world.things[REFERENCES[name]][0].id
    if "enum" in shape:
        return shape["enum"][0]
    if "const" in shape:
        return shape["const"]
    kind = shape.get("type")
    if kind == "object":
        needed = shape.get("required", [])
        parts = shape.get("properties", {})
        needed = needed or [one for one in CHANGED if one in parts][:1]
        return {one: _value(one, parts[one], description, world) for one in needed}
    if kind == "array":
        return [_value(name.rstrip("s"), shape["items"], description, world)] if shape.get("minItems") else []
    if kind in ("integer", "number"):
        return max(shape.get("minimum", 1), 1)
    if kind == "boolean":
        return False
    return {"date": "2026-03-01", "date-time": "2026-05-05T10:00:00+02:00"}.get(shape.get("format", ""), SENTENCE)


def _resolved(shape: dict[str, Any], description: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return _resolved(description["components"]["schemas"][name], description)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in shape:
            options = [one for one in shape[key] if one.get("type") != "null"]
            return _resolved(options[0], description)
    return shape
