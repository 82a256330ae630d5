"""Answers of the pages: a template in its frame, a redirect with a word of success, the frame's own values."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.actor import Actor, Role
from app.agenda.rules.registrations import may_register
from app.config import Settings
from app.request import FORM_COOKIE, SESSION_COOKIE, form_token
from app.templating import render
from app.visibility import Matter, body_ids
from app.web.guides import guide_for

FLASH_COOKIE = "skip_flash"
VERSION = version("skip")


@dataclass(frozen=True, slots=True)
class Place:
    """A main place: ``key`` follows the g on the keyboard; one in the ``room`` of another is a tab beside it."""

    label: str
    href: str
    current: bool = False
    key: str = ""
    room: str = ""


PLACES = (
    ("Übersicht", "/", "u"),
    ("Sitzungen", "/sitzungen", "s"),
    ("Projekte", "/projekte", "p"),
    ("Beschlüsse", "/beschluesse", "b"),
    ("Beschlusskontrolle", "/beschlusskontrolle", "w"),
    ("Umlaufverfahren", "/umlaufverfahren", "l"),
    ("Aufträge", "/auftraege", "f"),
    ("Themenspeicher", "/themenspeicher", "t"),
    ("Anmeldungen", "/anmeldungen", "a"),
    ("Gremien", "/gremien", "m"),
    ("Kalender", "/kalender", "k"),
)
ROOMS = {
    "/anmeldungen": "/themenspeicher",
    "/beschlusskontrolle": "/beschluesse",
    "/umlaufverfahren": "/beschluesse",
}
"""Places that stand as a tab beside another one, for those who may go to both."""


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
    nav = _nav(request.url.path, actor)
    frame = {
        "title": title,
        "actor": actor,
        "nav": nav,
        "bar_places": _bar(nav),
        "room_tabs": _room(nav, request.url.path),
        "guide": guide_for(request.method, request.url.path) if status < 400 or status == 422 else None,
        "crumbs": crumbs,
        "demo": is_demo(request, actor),
        "csrf": form_token(request, settings),
        "flash": flash,
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


def _nav(path: str, actor: Actor | None) -> list[Place]:
    if actor is None:
        return []
    places = [
        Place(label, href, path == href or (href != "/" and path.startswith(href)), key) for label, href, key in PLACES
    ]
    drafts = actor.is_secretariat or any(seat.chair for seat in actor.seats)
    inside = body_ids(actor, Matter.INTERNAL) != frozenset()
    barred = {"/themenspeicher": not drafts, "/anmeldungen": not may_register(actor), "/umlaufverfahren": not inside}
    shown = [place for place in places if not barred.get(place.href)]
    open_to_them = {place.href for place in shown}
    shown = [replace(place, room=room) if (room := ROOMS.get(place.href)) in open_to_them else place for place in shown]
    if actor.has_anywhere(Role.ADMIN):
        shown.append(Place("Konten", "/konten", path.startswith("/konten")))
    return shown


def _copy_key(settings: Settings, actor: Actor) -> str:
    """The key under which a browser keeps unsaved texts of this account: no other account can read them there."""
    secret = hmac.new(settings.signing_key, f"copies:{actor.account_id}".encode(), hashlib.sha256)
    return base64.b64encode(secret.digest()).decode()


def _bar(nav: list[Place]) -> list[Place]:
    """The entries of the bar: a room is current with every place in it."""
    current = {place.room or place.href for place in nav if place.current}
    return [replace(place, current=place.href in current) for place in nav if not place.room]


def _room(nav: list[Place], path: str) -> list[Place]:
    """The tabs of the room whose list this page is; none where it holds one place."""
    here = next((place.room or place.href for place in nav if place.href == path), None)
    found = [place for place in nav if here in (place.room, place.href)]
    return found if len(found) > 1 else []


def _read_flash(request: Request, settings: Settings) -> list[dict[str, str]]:
    packed, _, signature = request.cookies.get(FLASH_COOKIE, "").partition(".")
    if not packed or not hmac.compare_digest(signature, _sign(packed, settings)):
        return []
    found: list[dict[str, str]] = json.loads(base64.urlsafe_b64decode(packed))
    return found


def _sign(text: str, settings: Settings) -> str:
    return hmac.new(settings.signing_key, f"flash:{text}".encode(), hashlib.sha256).hexdigest()
