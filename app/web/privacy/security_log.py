"""The security log: for the administration all of it, for everybody what happened to their own account."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import text
from app.clock import BERLIN
from app.errors import NotFound
from app.people.queries import get_account
from app.privacy.queries.security import CHOICES, Chosen, LogLine, Place, own_log, security_log
from app.request import CurrentActor, ReadSession
from app.web.forms import typed_number
from app.web.respond import page
from app.web.tables import Column, Kind, download

router = APIRouter()

IN_FILE = 5000
"""So many lines, the newest, are in the file."""
COLUMNS: tuple[Column[LogLine], ...] = (
    Column("Wann", lambda line: text.moment(line.at.astimezone(BERLIN)), Kind.NAME),
    Column("Was", lambda line: line.what),
    Column("Wer", lambda line: line.who),
    Column("Betrifft", lambda line: line.about),
    Column("Womit", lambda line: line.way),
)


@router.get("/sicherheit")
def show_log(
    request: Request, session: ReadSession, actor: CurrentActor, art: str = "", nach: str = "", weiter: str = ""
) -> Response:
    """Sign-ins, failures, changes of accounts and keys, exports and removals, the newest first."""
    chosen = _chosen(art)
    lines, onward = security_log(session, actor, chosen, _place(nach, weiter))
    return page(
        request,
        actor,
        "privacy/security.html",
        title="Sicherheit",
        lines=lines,
        choices=CHOICES,
        chosen=chosen.value,
        onward=_address("/sicherheit", onward, chosen),
        first_page=not (nach or weiter),
    )


@router.get("/sicherheit.csv")
def log_file(session: ReadSession, actor: CurrentActor, art: str = "") -> Response:
    """The newest lines as a file."""
    lines, _ = security_log(session, actor, _chosen(art), Place(), limit=IN_FILE)
    return download("csv", COLUMNS, lines, title="Sicherheitsprotokoll", name="sicherheitsprotokoll")


@router.get("/profil/protokoll")
def show_own_log(
    request: Request, session: ReadSession, actor: CurrentActor, nach: str = "", weiter: str = ""
) -> Response:
    """Sign-ins to one's own account and what changed about it."""
    if actor.account_id is None:
        raise NotFound()
    lines, onward = own_log(session, get_account(session, actor.account_id), _place(nach, weiter))
    return page(
        request,
        actor,
        "privacy/own_log.html",
        title="Protokoll",
        lines=lines,
        onward=_address("/profil/protokoll", onward, Chosen.EVERYTHING),
        first_page=not (nach or weiter),
    )


def _chosen(word: str) -> Chosen:
    return Chosen(word) if word in set(Chosen) else Chosen.EVERYTHING


def _place(entry: str, event: str) -> Place:
    return Place(typed_number(entry) or None, typed_number(event) or None)


def _address(path: str, place: Place | None, chosen: Chosen) -> str:
    if place is None:
        return ""
    parts = {"art": chosen.value, "nach": place.entry or "", "weiter": place.event or ""}
    return f"{path}?{urlencode({name: value for name, value in parts.items() if value})}"
