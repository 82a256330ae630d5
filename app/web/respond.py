"""Answers of the pages: a template in its frame, a redirect with a word of success, the frame's own values."""

import base64
import hashlib
import hmac
import json
import secrets
from importlib.metadata import version
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.actor import Actor
from app.bodies.audit_queries import concerns
from app.config import Settings
from app.request import FORM_COOKIE, SESSION_COOKIE, form_token
from app.templating import render
from app.web.guides import guide_for
from app.web.places import bar_of, places_of, tabs_of

FLASH_COOKIE = "skip_flash"
VERSION = version("skip")


def page(
    request: Request,
    actor: Actor | None,
    template: str,
    *,
    title: str,
    status: int = 200,
    crumbs: tuple[tuple[str, str | None], ...] = (),
    **values: Any,
) -> Response:
    """The template in its frame. ``crumbs`` are (label, address); *values* are the template's own."""
    settings: Settings = request.app.state.settings
    fresh_cookie = ""
    if actor is None and not request.cookies.get(FORM_COOKIE) and not request.cookies.get(SESSION_COOKIE):
        fresh_cookie = secrets.token_urlsafe(24)
        request.cookies[FORM_COOKIE] = fresh_cookie
    flash = _read_flash(request, settings)
    nav = places_of(request.url.path, actor)
    frame = {
        "title": title,
        "actor": actor,
        "nav": nav,
        "bar_places": bar_of(nav),
        "room_tabs": tabs_of(nav, request.url.path),
        "guide": guide_for(request.method, request.url.path) if status < 400 or status == 422 else None,
        "crumbs": crumbs,
        "demo": is_demo(request, actor),
        "csrf": form_token(request, settings),
        "flash": flash,
        "sees_audits": actor is not None and concerns(actor),
        "copy_key": _copy_key(settings, actor) if actor else "",
        "program_version": VERSION,
    }
    response = HTMLResponse(render(template, {**frame, **values}), status)
    response.headers["Cache-Control"] = "private, no-store"
    if fresh_cookie:
        set_cookie(response, settings, FORM_COOKIE, fresh_cookie)
    if flash:
        response.delete_cookie(FLASH_COOKIE)
    return response


def keyed_page(
    request: Request, actor: Actor | None, template: str, *, title: str, status: int = 200, **values: Any
) -> Response:
    """A page whose address is a key: no other page and no other site learns it, and no search engine lists it."""
    answer = page(request, actor, template, title=title, status=status, referrer="no-referrer", **values)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def piece(request: Request, template: str, **values: Any) -> Response:
    """A part of a page for htmx: the same ``_piece.html`` that the page includes."""
    csrf = form_token(request, request.app.state.settings)
    response = HTMLResponse(render(template, {"csrf": csrf, **values}))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def wants_piece(request: Request) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("hx-request") == "true"


def done(request: Request, address: str, text: str = "") -> Response:
    """After a change: back to a page (303), with a word of success."""
    response = RedirectResponse(address, 303)
    if text:
        settings: Settings = request.app.state.settings
        packed = base64.urlsafe_b64encode(json.dumps([{"kind": "done", "text": text}]).encode()).decode()
        set_cookie(response, settings, FLASH_COOKIE, f"{packed}.{_sign(packed, settings)}", max_age=60)
    return response


def set_cookie(response: Response, settings: Settings, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie that scripts cannot read and other sites cannot send along with forms."""
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="lax", secure=settings.uses_https, path="/"
    )


def is_demo(request: Request, actor: Actor | None) -> bool:
    """Whether the banner of invented data is due; for people who are not signed in the application's start decides."""
    return actor.demo if actor is not None else bool(request.app.state.demo)


def sends_mail(request: Request) -> bool:
    """Whether a mail server is set up; without one mails stay in the outbox."""
    settings: Settings = request.app.state.settings
    return bool(settings.smtp_url)


def _copy_key(settings: Settings, actor: Actor) -> str:
    """The key under which a browser keeps unsaved texts of this account: no other account can read them there."""
    secret = hmac.new(settings.signing_key, f"copies:{actor.account_id}".encode(), hashlib.sha256)
    return base64.b64encode(secret.digest()).decode()


def _read_flash(request: Request, settings: Settings) -> list[dict[str, str]]:
    packed, _, signature = request.cookies.get(FLASH_COOKIE, "").partition(".")
    if not packed or not hmac.compare_digest(signature, _sign(packed, settings)):
        return []
    found: list[dict[str, str]] = json.loads(base64.urlsafe_b64decode(packed))
    return found


def _sign(text: str, settings: Settings) -> str:
    return hmac.new(settings.signing_key, f"flash:{text}".encode(), hashlib.sha256).hexdigest()
