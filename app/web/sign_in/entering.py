"""The end of every sign-in: the session begins, the browser is remembered, and the person goes on where they wanted."""

import datetime as dt
import re

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from app.config import Settings
from app.credentials.rules.browsers import browser_words
from app.credentials.service import browsers
from app.people import rules, service
from app.people.models import Account
from app.request import SESSION_COOKIE
from app.web.respond import set_cookie

BROWSER_COOKIE = "skip_browser"
STEP_COOKIE = "skip_schritt"
STEP_SECONDS = 600
_CONTROL = re.compile(r"[\x00-\x20\\]")


def inside(address: str) -> str:
    """Only addresses of this site: an absolute one would lead people who sign in away."""
    plain = address.startswith("/") and not address.startswith("//") and not _CONTROL.search(address)
    return address if plain else "/"


def begin_session(
    session: Session, request: Request, settings: Settings, account: Account, *, provider: str = ""
) -> tuple[str, str]:
    """Start the session of *account* and remember its browser; the keys of both for :func:`entered`."""
    key = rules.new_key()
    before = request.cookies.get(SESSION_COOKIE)
    if before:
        service.end_session(session, rules.key_hash(before))
    service.start_session(
        session,
        account,
        key,
        lasts=dt.timedelta(hours=settings.session_hours),
        browser=browser_words(request.headers.get("user-agent", "")),
        provider=provider,
    )
    return key, known_browser(session, request, account)


def known_browser(session: Session, request: Request, account: Account) -> str:
    """Remember this browser as one of the account's; its key."""
    key = request.cookies.get(BROWSER_COOKIE) or rules.new_key()
    browsers.remember_browser(session, account, key)
    return key


def remembered(response: Response, settings: Settings, browser: str) -> Response:
    """The answer with the cookie of the known browser."""
    set_cookie(response, settings, BROWSER_COOKIE, browser, max_age=int(browsers.KNOWN_FOR.total_seconds()))
    return response


def entered(settings: Settings, keys: tuple[str, str], onward: str) -> Response:
    """Go on with the cookies of the new session and of the known browser."""
    response = RedirectResponse(inside(onward), 303)
    set_cookie(response, settings, SESSION_COOKIE, keys[0])
    response.delete_cookie(STEP_COOKIE)
    return remembered(response, settings, keys[1])
