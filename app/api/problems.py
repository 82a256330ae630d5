"""Errors of the API as problem details (RFC 9457)."""

import json

from fastapi.responses import Response

from app.errors import Invalid, SkipError, Stale

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Content Too Large",
    422: "Unprocessable Content",
    428: "Precondition Required",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


def show_problem(error: SkipError) -> Response:
    """``application/problem+json`` with a German ``detail``; ``errors`` by field, ``current`` where it is stale."""
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": TITLES.get(error.status, "Error"),
        "status": error.status,
        "detail": error.sentence,
    }
    if isinstance(error, Invalid):
        problem["errors"] = [{"field": name, "message": message} for name, message in error.fields.items()]
    if isinstance(error, Stale):
        problem["current"] = error.current
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    content = json.dumps(problem, ensure_ascii=False, default=str)
    return Response(content, error.status, headers, media_type="application/problem+json")
