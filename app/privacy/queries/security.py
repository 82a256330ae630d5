"""The security log: the history of accounts and what happened at the sign-in, newest first."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actor import Actor
from app.errors import NotFound
from app.history.models import HistoryDetail, HistoryEntry, Reach
from app.history.queries import with_details
from app.history.words import VERBS
from app.people.models import Account, ApiToken, FeedToken, SignInEvent
from app.privacy.rules.words import EVENT_WORDS

PAGE_SIZE = 50
UNKNOWN, GONE = "unbekannte Adresse", "entferntes Konto"


class Chosen(StrEnum):
    """What the log is narrowed to; the value stands in the address."""

    EVERYTHING = ""
    DOOR = "anmeldungen"
    ACCOUNTS = "konten"
    KEYS = "schluessel"
    PRIVACY = "datenschutz"


CHOICES: tuple[tuple[str, str], ...] = (
    (Chosen.DOOR, "Anmeldungen"),
    (Chosen.ACCOUNTS, "Konten und Rollen"),
    (Chosen.KEYS, "Schlüssel und Kalenderadressen"),
    (Chosen.PRIVACY, "Auskunft, Entfernen, Einstellungen"),
)
_KINDS: Mapping[Chosen, tuple[str, ...]] = {
    Chosen.ACCOUNTS: ("account.",),
    Chosen.KEYS: ("token.", "feed."),
    Chosen.PRIVACY: ("privacy.", "retention.", "text.", "feedback.", "audit."),
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log. ``who`` did it, ``about`` whom or what; ``way`` is browser or provider."""

    at: dt.datetime
    what: str
    who: str
    about: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the log goes on: behind this entry of the history and this event (None: from the newest)."""

    entry: int | None = None
    event: int | None = None


def security_log(
    session: Session, actor: Actor, chosen: Chosen, place: Place, *, limit: int = PAGE_SIZE
) -> tuple[list[LogLine], Place | None]:
    """A page of the whole log, for the administration; the place where it goes on, None at its end."""
    if not actor.is_admin:
        raise NotFound()
    return _page(session, sa.true(), sa.true(), chosen, place, limit)


def own_log(session: Session, account: Account, place: Place) -> tuple[list[LogLine], Place | None]:
    """A page of what happened to one account, for its owner."""
    mine: dict[str, Any] = {"account": [account.id]}
    for kind in (ApiToken, FeedToken):
        mine[str(kind.__tablename__)] = select(kind.id).where(kind.account_id == account.id)
    about = (
        sa.and_(col(HistoryEntry.object_kind) == name, col(HistoryEntry.object_id).in_(ids))
        for name, ids in mine.items()
    )
    entries = sa.or_(*about)
    events = col(SignInEvent.account_id) == account.id
    return _page(session, entries, events, Chosen.EVERYTHING, place, PAGE_SIZE)


def _page(
    session: Session,
    entry_clause: sa.ColumnElement[bool],
    event_clause: sa.ColumnElement[bool],
    chosen: Chosen,
    place: Place,
    limit: int,
) -> tuple[list[LogLine], Place | None]:
    """Both sources, each from its own place on, merged by time: no line is told twice or left out."""
    entries = _entries(session, entry_clause, chosen, place.entry, limit + 1)
    events = _events(session, event_clause, chosen, place.event, limit + 1)
    merged = sorted([*entries, *events], key=lambda one: (one[0].at, one[1]), reverse=True)
    shown, after = merged[:limit], merged[limit:]
    if not after:
        return [line for line, _, _ in shown], None
    last = Place(_last(shown, "entry", place.entry), _last(shown, "event", place.event))
    return [line for line, _, _ in shown], last


def _last(shown: Iterable[tuple[LogLine, str, int]], source: str, before: int | None) -> int | None:
    return min((row for _, kind, row in shown if kind == source), default=before)


def _entries(
    session: Session, clause: sa.ColumnElement[bool], chosen: Chosen, before: int | None, limit: int
) -> list[tuple[LogLine, str, int]]:
    if chosen is Chosen.DOOR:
        return []
    statement = (
        select(HistoryEntry)
        .join(HistoryDetail, col(HistoryDetail.entry_id) == HistoryEntry.id, isouter=True)
        .where(_is_security(), clause)
        .order_by(col(HistoryEntry.id).desc())
        .limit(limit)
    )
    if chosen in _KINDS:
        statement = statement.where(sa.or_(*(col(HistoryEntry.verb).startswith(one) for one in _KINDS[chosen])))
    if before is not None:
        statement = statement.where(col(HistoryEntry.id) < before)
    found = with_details(session, list(session.exec(statement)))
    return [(LogLine(one.at, VERBS.get(one.verb, one.verb), one.who, _about(one)), "entry", one.id) for one in found]


def _is_security() -> sa.ColumnElement[bool]:
    """What concerns accounts, and when the Revision opened confidential matters; its reason stands at the body."""
    return sa.or_(col(HistoryEntry.reach) == Reach.ACCOUNT, col(HistoryEntry.object_kind) == "audit_access")


def _about(entry: Any) -> str:
    if entry.erased:
        return GONE
    return "" if entry.object_kind == "audit_access" else entry.label


def _events(
    session: Session, clause: sa.ColumnElement[bool], chosen: Chosen, before: int | None, limit: int
) -> list[tuple[LogLine, str, int]]:
    if chosen not in (Chosen.EVERYTHING, Chosen.DOOR):
        return []
    statement = (
        select(SignInEvent, Account.name)
        .join(Account, col(Account.id) == SignInEvent.account_id, isouter=True)
        .where(clause)
        .order_by(col(SignInEvent.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(SignInEvent.id) < before)
    rows: Sequence[tuple[SignInEvent, str | None]] = session.exec(statement).all()
    return [
        (
            LogLine(
                one.at,
                EVENT_WORDS[one.kind],
                name or UNKNOWN,
                "",
                ", ".join(part for part in (one.browser, one.provider) if part),
            ),
            "event",
            one.id or 0,
        )
        for one, name in rows
    ]
