"""The description of the API itself: its OpenAPI document, for those who are signed in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.request import SESSION_COOKIE, CurrentActor

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def show_openapi(request: Request, _: CurrentActor) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(describe(request))


def describe(request: Request) -> dict[str, Any]:
    """The OpenAPI document with the two ways of signing in."""
    document: dict[str, Any] = request.app.openapi()
    document["info"]["description"] = (
        "Sitzungen, Tagesordnungen und Projektstände. Zeiten in ISO 8601 mit Abstand zu UTC."
    )
    document.setdefault("components", {})["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "Schlüssel aus „skip token create“ oder /kalender",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": "mit X-CSRF-Token"},
    }
    document["security"] = [{"token": []}, {"session": []}]
    return document
