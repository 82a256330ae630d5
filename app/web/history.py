"""The history (Verlauf): who did what when, before and after; as a page and as a piece below other things."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actions.rules.words import STATE_WORDS as ACTION_WORDS
from app.actor import Actor, Role
from app.agenda.rules import outcomes
from app.agenda.rules import words as agenda_words
from app.agenda.rules.registrations import STATE_WORDS as REGISTRATION_WORDS
from app.agenda.rules.words import TOPIC_WORDS
from app.bodies.models import MembershipKind
from app.bodies.queries import get_body, list_bodies
from app.circulars.rules.words import STATE_WORDS as CIRCULAR_WORDS
from app.clock import BERLIN
from app.db import ident
from app.errors import NotFound
from app.history import queries
from app.history.queries import Entry
from app.history.words import FIELDS, VERBS
from app.meetings.rules.life import STATE_WORDS
from app.minutes.rules.life import OBJECTION_WORDS
from app.papers.rules.words import PAPER_KINDS
from app.people.rules import KIND_WORDS, ROLE_WORDS
from app.projects.rules import words as project_words
from app.request import CurrentActor, ReadSession
from app.web.respond import page

router = APIRouter()

PAGE_SIZE = 50
FIRST = ("code", "number", "title", "name", "long", "short", "last_name", "starts_at", "ends_at", "place", "as_of")
"""Fields that are told first; the others follow in the order of their keys."""
ADDRESSES: Mapping[str, str] = {
    "action": "/auftraege/{}",
    "body": "/gremien/{}",
    "circular": "/umlaufverfahren/{}",
    "decision": "/beschluesse/{}",
    "meeting": "/sitzungen/{}",
    "organisation": "/institutionen/{}",
    "person": "/personen/{}",
    "plan_period": "/projekte/planperioden/{}",
    "project": "/projekte/{}",
    "registration": "/anmeldungen/{}",
    "topic": "/themenspeicher/{}",
}
SEAT_WORDS: Mapping[MembershipKind, str] = {
    MembershipKind.MEMBER: "Mitglied",
    MembershipKind.DEPUTY: "Stellvertretung",
    MembershipKind.OFFICE: "Büro",
}
VALUES: Mapping[str, Mapping[Any, str]] = {
    "action.state": ACTION_WORDS,
    "way": agenda_words.WAY_WORDS,
    "closed_how": project_words.NEED_ENDS,
    "kind": {**agenda_words.KIND_WORDS, **SEAT_WORDS, **KIND_WORDS, **PAPER_KINDS},
    "level": agenda_words.LEVEL_WORDS,
    **dict.fromkeys(("light", "light_schedule", "light_cost", "light_content"), project_words.LIGHTS),
    "objection.state": OBJECTION_WORDS,
    "outcome": outcomes.WORDS,
    "phase": project_words.PHASES,
    "role": ROLE_WORDS,
    "section": agenda_words.SECTION_WORDS,
    "state": {**CIRCULAR_WORDS, **STATE_WORDS, **project_words.STATES, **TOPIC_WORDS, **REGISTRATION_WORDS},
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what stood there and what stands there now, in words ("" = nothing)."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as pages show it. ``address`` "" where the thing has no page of its own."""

    id: int
    at: dt.datetime
    day: dt.date
    what: str
    who: str
    label: str
    address: str
    reason: str
    changes: tuple[Change, ...]


def reads_history(actor: Actor, body_id: int | None = None) -> bool:
    """Whether the actor reads the history: of a body its secretariat and Revision, account matters administration."""
    if body_id is None:
        return bool(actor.grants)
    return actor.has(Role.SECRETARIAT, body_id) or actor.has(Role.AUDITOR, body_id)


def history_of(
    session: Session,
    actor: Actor,
    kind: str,
    object_id: int,
    *,
    also: Mapping[str, Collection[int]] | None = None,
    limit: int = PAGE_SIZE,
) -> list[Line]:
    """The entries of one thing (``kind`` is its table: "meeting", "project"), newest first, for the tab Verlauf.

    ``also`` names things below it by their tables: {"agenda_item": ids}. Empty for people who read no history; the
    piece ``history/_list.html`` draws them as ``lines``.
    """
    entries = queries.list_entries(session, actor, object_kind=kind, object_id=object_id, also=also, limit=limit)
    return [line_of(entry) for entry in entries]


@router.get("/verlauf")
def show_history(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", vor: str = ""
) -> Response:
    """All entries the person may read, newest first; ``gremium`` narrows, ``vor`` goes on below an entry."""
    if not reads_history(actor):
        raise NotFound()
    body_id = get_body(session, actor, _number(gremium)).id if gremium else None
    before = _number(vor) if vor else None
    entries = queries.list_entries(session, actor, body_id=body_id, before_id=before, limit=PAGE_SIZE + 1)
    onward = f"/verlauf?gremium={gremium}&vor={entries[PAGE_SIZE - 1].id}" if len(entries) > PAGE_SIZE else None
    return page(
        request,
        actor,
        "history/show.html",
        title="Verlauf",
        bodies=[(ident(body), body.short_name) for body in list_bodies(session, actor)],
        body_id=body_id,
        lines=[line_of(entry) for entry in entries[:PAGE_SIZE]],
        onward=onward,
        first_page=before is None,
    )


def line_of(entry: Entry) -> Line:
    """An entry in words."""
    address = ADDRESSES.get(entry.object_kind)
    return Line(
        id=entry.id,
        at=entry.at,
        day=entry.at.astimezone(BERLIN).date(),
        what=VERBS.get(entry.verb, entry.verb),
        who="gelöscht" if entry.erased else entry.who,
        label=entry.label,
        address=address.format(entry.object_id) if address else "",
        reason=entry.reason,
        changes=tuple(
            Change(FIELDS.get(name, name), *_sides(entry.object_kind, name, before, after))
            for name, (before, after) in sorted(entry.changes.items(), key=lambda one: _place(one[0]))
            if in_words(name, before) != in_words(name, after) and not (before is None and after is False)
        ),
    )


def _sides(kind: str, field: str, before: Any, after: Any) -> tuple[str, str]:
    """Both values in words; some tables have words of their own for a field ("action.state")."""
    own = f"{kind}.{field}"
    field = own if own in VALUES else field
    return in_words(field, before), in_words(field, after)


def _place(field: str) -> int:
    return FIRST.index(field) if field in FIRST else len(FIRST)


def in_words(field: str, value: Any) -> str:
    """A stored value as people read it: codes as words, moments and dates in German, lists joined, nothing as ""."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return "\n".join(in_words(field, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{FIELDS.get(key, key)}: {in_words(key, one)}" for key, one in value.items() if one)
    if not isinstance(value, str):
        return str(value)
    word = VALUES.get(field, {}).get(value)
    return word or _moment(value) or value


def _moment(value: str) -> str:
    """German words for an ISO date or moment; "" for any other text."""
    try:
        if len(value) == 10 and value[4] == "-":
            return text.date(dt.date.fromisoformat(value))
        if len(value) > 18 and value[4] == "-" and value[10] == "T":
            moment = dt.datetime.fromisoformat(value)
            return text.moment(moment) if moment.tzinfo else ""
    except ValueError:
        return ""
    return ""


def _number(value: str) -> int:
    if not value.isdecimal() or len(value) > 12:
        raise NotFound()
    return int(value)
