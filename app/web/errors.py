"""Refusals as pages: one sentence, and what was typed is offered again."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from app.actor import Actor
from app.errors import Forbidden, NotSignedIn, SkipError
from app.request import SAFE_METHODS
from app.web.respond import page, wants_piece

FILE_ENDINGS = (".pdf", ".ics", ".csv", ".xlsx", ".zip", ".docx", ".json")
SENTENCE_LENGTH = 40
TITLES = {
    400: "Nicht verstanden",
    401: "Nicht angemeldet",
    403: "Nicht erlaubt",
    404: "Nicht gefunden",
    409: "Das geht jetzt nicht",
    412: "Inzwischen geändert",
    413: "Zu groß",
    422: "Bitte prüfen",
    429: "Zu viele Versuche",
    500: "Da ist etwas schiefgegangen",
    503: "Im Moment nicht möglich",
}


async def show_error(request: Request, actor: Actor | None, error: SkipError, *, again: bool = True) -> Response:
    """The page for *error*, which offers what was typed *again* so that nothing is lost.

    Not signed in: pages lead to the sign-in and back, files answer 401.
    """
    if isinstance(error, NotSignedIn):
        if request.url.path.endswith(FILE_ENDINGS):
            return PlainTextResponse(error.sentence, 401)
        if request.method in SAFE_METHODS:
            return RedirectResponse(f"/anmelden?weiter={quote(_address(request), safe='')}", 303)
    fields = await _typed(request) if again else []
    if fields and (isinstance(error, NotSignedIn | Forbidden) or _is_worth_keeping(fields)):
        answer = page(
            request,
            actor,
            "errors/resend.html",
            title="Ihre Eingaben sind noch da",
            status=error.status,
            sentence=error.sentence,
            address=_address(request),
            fields=fields,
        )
        return _in_place_of_the_page(request, answer)
    if isinstance(error, NotSignedIn):
        if wants_piece(request):  # the page is loaded anew, which leads to the sign-in and back
            return Response(status_code=error.status, headers={"HX-Refresh": "true"})
        return RedirectResponse("/anmelden", 303)
    answer = page(
        request,
        actor,
        "errors/error.html",
        title=TITLES.get(error.status, "Das geht nicht"),
        status=error.status,
        sentence=error.sentence,
    )
    return _in_place_of_the_page(request, answer)


def _in_place_of_the_page(request: Request, answer: Response) -> Response:
    """Where htmx asked for a part, the refusal takes the place of the whole content, not of that part."""
    if wants_piece(request):
        answer.headers.update({"HX-Retarget": "#inhalt", "HX-Reselect": "#inhalt", "HX-Reswap": "outerHTML"})
    return answer


def _is_worth_keeping(fields: list[tuple[str, str]]) -> bool:
    """Whether somebody wrote a sentence; choices and dates are quickly made again."""
    return any(len(text) > SENTENCE_LENGTH for _, text in fields)


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


async def _typed(request: Request) -> list[tuple[str, str]]:
    if request.method in SAFE_METHODS or "form" not in request.headers.get("content-type", ""):
        return []
    form: FormData = await request.form()
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name != "csrf_token" and "password" not in name
    ]
