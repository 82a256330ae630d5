"""The description of the JSON API as a page: what can be asked and sent, drawn from the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from app.request import CurrentActor
from app.web.respond import page

router = APIRouter()

_KINDS = {
    ("string", "date"): "Datum (2026-05-12)",
    ("string", "date-time"): "Zeitpunkt (2026-05-12T10:00:00+02:00)",
    ("string", ""): "Text",
    ("integer", ""): "ganze Zahl",
    ("number", ""): "Zahl",
    ("boolean", ""): "ja/nein (true, false)",
    ("object", ""): "Objekt",
}


@dataclass(frozen=True, slots=True)
class Value:
    """Something to send: a parameter of the address, a header, or a field of the body."""

    name: str
    kind: str
    place: str
    required: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    answer: str
    values: tuple[Value, ...]

    @property
    def anchor(self) -> str:
        """A name for links on the page."""
        return f"{self.method}{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "")


@router.get("/api/v1/docs")
def show_api(request: Request, actor: CurrentActor) -> Response:
    """The page, for everybody who is signed in."""
    groups = operations(request.app.openapi())
    return page(request, actor, "api/docs.html", title="Programmschnittstelle", groups=groups)


def operations(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """The operations of an OpenAPI document by their tag, in its order."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, found in methods.items():
            made = Operation(
                method=method.upper(),
                path=path,
                summary=found["summary"],
                answer=next(status for status in found["responses"] if status.startswith("2")),
                values=tuple(_parameters(found, document)) + tuple(_fields(found, document)),
            )
            groups.setdefault(found["tags"][0], []).append(made)
    return groups


_PLACES = {"query": "Adresse (?)", "header": "Kopf", "path": "Adresse"}


def _parameters(operation: Mapping[str, Any], document: Mapping[str, Any]) -> list[Value]:
    return [
        Value(
            name=one["name"],
            kind=kind_of(one["schema"], document),
            place=_PLACES[one["in"]],
            required=one["required"] or bool(one["schema"].get("x-needed")),
            text=one.get("description", ""),
        )
        for one in operation.get("parameters", ())
        if one["in"] != "path"
    ]


def _fields(operation: Mapping[str, Any], document: Mapping[str, Any]) -> list[Value]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return []
    shape = _resolved(content["schema"], document)
    required = shape.get("required", ())
    return [
        Value(name=name, kind=kind_of(schema, document), place="Inhalt", required=name in required)
        for name, schema in shape.get("properties", {}).items()
    ]


def kind_of(schema: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """What a value is, in German: "Text", "rot oder gelb" as code words, "Liste: ganze Zahl"."""
    schema = _resolved(schema, document)
    if "anyOf" in schema:
        kinds = [kind_of(one, document) for one in schema["anyOf"] if one.get("type") != "null"]
        return " oder ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return ", ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"Liste: {kind_of(schema['items'], document)}"
    kind = schema.get("type", "object")
    return _KINDS.get((kind, schema.get("format", "")), _KINDS.get((kind, ""), "Text"))


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
