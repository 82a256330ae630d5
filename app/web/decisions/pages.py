"""The register of decisions with its files, and the page of one decision."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.agenda.models import Outcome
from app.agenda.rules.outcomes import SETTLED, WORDS
from app.bodies.queries import list_bodies, load_bodies
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, FollowUpState
from app.decisions.queries import DecisionFilter, Place
from app.decisions.rules.following import WORDS as STATE_WORDS
from app.decisions.rules.numbers import number_shown
from app.decisions.rules.words import outcome_word, votes_sentence
from app.decisions.service.registering import may_register
from app.errors import NotFound, SkipError
from app.projects.queries.listing import list_choices
from app.projects.queries.projects import get_project, readable_codes
from app.request import CurrentActor, CurrentDatabase, ReadSession
from app.visibility import LEVEL_WORDS
from app.web.decisions.decision_view import load_decision
from app.web.forms import Form, typed_number
from app.web.history import history_of, reads_history
from app.web.respond import page
from app.web.tables import Column, Kind, download

router = APIRouter()

HOME = (("Beschlüsse", "/beschluesse"),)
PAGE_SIZE = 50
LOWEST_YEAR, HIGHEST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Line:
    """A decision of the register in words; ``shown`` False: its number stands for nothing, and nothing else is told."""

    id: int
    number: str
    title: str
    body: str
    decided_on: dt.date | None
    outcome: str
    state: str
    due_on: dt.date | None
    done_on: dt.date | None
    projects: str
    wording: str
    clauses: str
    votes: str
    level: str
    source: str


COLUMNS: list[Column[Line]] = [
    Column("Nr.", lambda row: row.number, Kind.CODE),
    Column("Beschluss", lambda row: row.title, Kind.NAME, link=lambda row: f"/beschluesse/{row.id}"),
    Column("Gremium", lambda row: row.body, on_page=False),
    Column("Beschlossen", lambda row: row.decided_on, Kind.DATE),
    Column("Ergebnis", lambda row: row.outcome),
    Column("Projekte", lambda row: row.projects),
    Column("Stand", lambda row: row.state),
    Column("Wiedervorlage", lambda row: row.due_on, Kind.DATE),
    Column("Erledigt am", lambda row: row.done_on, Kind.DATE, on_page=False),
    Column("Wortlaut", lambda row: row.wording, on_page=False),
    Column("Ziffern", lambda row: row.clauses, on_page=False),
    Column("Stimmen", lambda row: row.votes, on_page=False),
    Column("Vertraulichkeit", lambda row: row.level, on_page=False),
    Column("Quelle", lambda row: row.source, on_page=False),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the register asks for; what it does not understand, it leaves out."""

    wanted: DecisionFilter
    before: Place | None = None
    after: Place | None = None

    def address(self, path: str = "/beschluesse", **changes: object) -> str:
        """The register with some values of the address changed; the page always begins anew."""
        wanted = self.wanted
        values = {
            "q": wanted.search,
            "gremium": wanted.body_id,
            "jahr": wanted.year,
            "stand": wanted.state.value if wanted.state else None,
            "ergebnis": wanted.outcome.value if wanted.outcome else None,
            "projekt": wanted.project_id,
            "feld": wanted.field_id,
            **changes,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def is_filtered(self) -> bool:
        """Whether the register shows less than everything."""
        return self.wanted != DecisionFilter()


@router.get("/beschluesse")
def show_decisions(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The register: filters, search, page by page."""
    asked = read_asked(request)
    rows = list(
        queries.list_decisions(
            session, actor, asked.wanted, before=asked.before, after=asked.after, limit=PAGE_SIZE + 1
        )
    )
    more = len(rows) > PAGE_SIZE
    rows = (rows[1:] if asked.after else rows[:PAGE_SIZE]) if more else rows
    lines = register_lines(session, actor, rows)
    has_previous = more if asked.after else asked.before is not None
    has_next = asked.after is not None or more
    bodies, years = list_bodies(session, actor), queries.years_of_decisions(session, actor, asked.wanted.body_id)
    return page(
        request,
        actor,
        "decisions/list.html",
        title="Beschlüsse",
        asked=asked,
        lines=lines,
        columns=_columns(bodies),
        total=queries.count_decisions(session, actor, asked.wanted),
        bodies=[(ident(body), body.short_name) for body in bodies],
        years=years,
        year_choices=[(year, str(year)) for year in years],
        states=[(state.value, word) for state, word in STATE_WORDS.items()],
        outcomes=[(outcome.value, WORDS[outcome]) for outcome in Outcome if outcome in SETTLED],
        fields=list_choices(session, actor).fields,
        project=_project_of(session, actor, asked.wanted.project_id),
        previous=asked.address(vor=_written(rows[0])) if rows and has_previous else None,
        next=asked.address(nach=_written(rows[-1])) if rows and has_next else None,
        may_register=any(may_register(actor, ident(body)) for body in bodies),
    )


@router.get("/beschluesse.csv")
@router.get("/beschluesse.xlsx")
def download_decisions(request: Request, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The filtered register as a file, whole."""
    with database.read() as session:
        rows = queries.list_decisions(session, actor, read_asked(request).wanted)
        lines = register_lines(session, actor, rows)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, lines, title="Beschlüsse", name="beschluesse")


@router.get("/beschluesse/{decision_id:int}")
def show_decision(request: Request, session: ReadSession, actor: CurrentActor, decision_id: int) -> Response:
    """One decision with everything that belongs to it."""
    return decision_page(request, session, actor, queries.get_decision(session, actor, decision_id))


@router.get("/beschluesse/{decision_id:int}/verlauf")
def show_decision_history(request: Request, session: ReadSession, actor: CurrentActor, decision_id: int) -> Response:
    """Who changed what about the decision; for those who read the history."""
    decision = queries.get_decision(session, actor, decision_id)
    if not reads_history(actor):
        raise NotFound()
    return page(
        request,
        actor,
        "decisions/history.html",
        title=heading(decision),
        crumbs=(*HOME, (number_shown(decision), f"/beschluesse/{decision_id}"), ("Verlauf", None)),
        decision=decision,
        lines=history_of(session, actor, "decision", decision_id),
    )


def decision_page(
    request: Request,
    session: Session,
    actor: Actor,
    decision: Decision,
    *,
    form: str = "",
    typed: Form | None = None,
    error: SkipError | None = None,
) -> Response:
    """The page of a decision; *form*, *typed* and *error* are what a refused form adds."""
    view = load_decision(session, actor, decision)
    return page(
        request,
        actor,
        "decisions/show.html",
        title=heading(decision),
        status=error.status if error else 200,
        crumbs=(*HOME, (view.number, None)),
        view=view,
        decision=decision,
        state_words=STATE_WORDS,
        reads_history=reads_history(actor),
        form=form,
        typed=typed or Form(),
        replaced=_replaced_number(session, actor, decision),
    )


def heading(decision: Decision) -> str:
    """SKIP 2026/03 Ankaufsstrategie Flächen"""
    return f"{number_shown(decision)} {'' if decision.void_reason else decision.title}".strip()


def register_lines(session: Session, actor: Actor, rows: Sequence[Decision]) -> list[Line]:
    """Decisions in words; four queries however many there are."""
    ids = [ident(row) for row in rows]
    clauses, links = queries.clauses_of(session, ids), queries.projects_of(session, ids)
    codes = readable_codes(session, actor, {link.project_id for found in links.values() for link in found})
    names = {key: body.short_name for key, body in load_bodies(session).items()}
    whole = queries.ids_read_whole(session, actor, ids)
    return [
        _line(
            row,
            names.get(row.body_id, ""),
            [f"{one.position}. {one.text}" for one in clauses.get(ident(row), [])],
            [codes[link.project_id] for link in links.get(ident(row), []) if link.project_id in codes],
            whole=ident(row) in whole,
        )
        for row in rows
    ]


def _line(row: Decision, body: str, clauses: list[str], codes: list[str], *, whole: bool) -> Line:
    void, told = bool(row.void_reason), whole and not row.void_reason
    return Line(
        id=ident(row),
        number=row.number,
        title=f"nicht vergeben ({row.void_reason})" if void else row.title,
        body=body,
        decided_on=row.decided_on,
        outcome="" if void else outcome_word(row.outcome),
        state=STATE_WORDS[row.state] if told else "",
        due_on=row.due_on if told else None,
        done_on=row.done_on if told else None,
        projects=", ".join(codes) if told else "",
        wording="" if void else row.wording,
        clauses="" if void else "\n".join(clauses),
        votes=votes_sentence(row.yes, row.no, row.abstentions) if told else "",
        level=LEVEL_WORDS[row.level],
        source=row.source if told else "",
    )


def read_asked(request: Request) -> Asked:
    """The filter and place that the address asks for."""
    given = request.query_params
    year = typed_number(given.get("jahr", ""))
    state, outcome = given.get("stand", ""), given.get("ergebnis", "")
    return Asked(
        wanted=DecisionFilter(
            body_id=typed_number(given.get("gremium", "")) or None,
            year=year if LOWEST_YEAR <= year <= HIGHEST_YEAR else None,
            state=FollowUpState(state) if state in tuple(FollowUpState) else None,
            outcome=Outcome(outcome) if outcome in tuple(Outcome) else None,
            project_id=typed_number(given.get("projekt", "")) or None,
            field_id=typed_number(given.get("feld", "")) or None,
            search=text.one_line(given.get("q", ""))[:200],
        ),
        before=_read_place(given.get("nach", "")),
        after=_read_place(given.get("vor", "")) if not given.get("nach") else None,
    )


def _columns(bodies: Sequence[Any]) -> list[Column[Line]]:
    """The page names the body only where the reader has several."""
    return [replace(one, on_page=True) if one.label == "Gremium" and len(bodies) > 1 else one for one in COLUMNS]


def _written(row: Decision) -> str:
    day, serial, key = queries.place_of(row)
    return f"{day.isoformat()}.{serial}.{key}"


def _read_place(written: str) -> Place | None:
    parts = written.split(".")
    try:
        day = dt.date.fromisoformat(parts[0])
    except ValueError:
        return None
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts[1:]):
        return None
    return day, int(parts[1]), int(parts[2])


def _project_of(session: Session, actor: Actor, project_id: int | None) -> Any:
    try:
        return get_project(session, actor, project_id) if project_id is not None else None
    except NotFound:
        return None


def _replaced_number(session: Session, actor: Actor, decision: Decision) -> str:
    if decision.replaces_id is None:
        return ""
    found = queries.load_decisions(session, [decision.replaces_id]).get(decision.replaces_id)
    return found.number if found and may_register(actor, decision.body_id) else ""
