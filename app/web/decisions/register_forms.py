"""Forms of the register's secretariat: void numbers, what replaces what, old decisions taken over and corrected."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import Level
from app.agenda.queries import known_projects
from app.agenda.rules.codes import codes_of_projects
from app.agenda.rules.outcomes import SETTLED, WORDS
from app.bodies.models import Body
from app.bodies.queries import list_bodies, steered_periods
from app.db import ident
from app.decisions import queries
from app.decisions.models import Clause, Decision
from app.decisions.rules.words import VERB_WORDS
from app.decisions.schemas import ReplaceIn, TakenOverChange, TakenOverIn, VoidIn
from app.decisions.service.acting import locked_decision
from app.decisions.service.numbering import void_number
from app.decisions.service.registering import (
    correct_taken_over,
    is_taken_over,
    may_register,
    replace_decision,
    require_register,
    require_seen,
    take_over_decision,
)
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.people.queries import organisation_choices
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import LEVEL_WORDS
from app.web.decisions.pages import HOME, decision_page
from app.web.forms import Form, Rows, iso, read_form, seen_version, typed, typed_number
from app.web.respond import done, page
from app.web.topics.topic_forms import read_with_projects

router = APIRouter()

NEW = "/beschluesse/uebernehmen"
CLAUSES = Rows("clauses", ("text", "verb", "organisation", "due_on", "id"))
TEXTS = ("number", "title", "wording", "source")
OVERTAKEN = (
    "Inzwischen wurde dieser Beschluss geändert. Ihre Eingaben stehen noch in den Feldern. "
    "Speichern Sie noch einmal, wenn sie gelten sollen."
)


@router.post("/beschluesse/{decision_id:int}/nicht-vergeben")
def void_decision(
    request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted, decision_id: int
) -> Response:
    """Note that a number was not given."""
    values = typed(submitted)

    def act(session: Session, decision: Decision) -> str:
        wish = read_form(VoidIn, _without_version(values), keep_empty=("reason",))
        require_seen(decision, seen_version(values))
        return f"{void_number(session, actor, decision, wish).number} ist als nicht vergeben vermerkt."

    return _acted(request, database, actor, decision_id, "nichtig", values, act)


@router.post("/beschluesse/{decision_id:int}/ersetzt")
def replace(
    request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted, decision_id: int
) -> Response:
    """Say which earlier decision this one replaces, by its number; an empty field takes that back."""
    values = typed(submitted)

    def act(session: Session, decision: Decision) -> str:
        number = values.get("replaces", "").strip()
        earlier = queries.find_numbered(session, decision.body_id, number) if number else None
        if number and earlier is None:
            raise Invalid({"replaces": f"Einen Beschluss {number[:60]} gibt es nicht."})
        wish = ReplaceIn(replaces=ident(earlier) if earlier else None)
        replace_decision(session, actor, decision, wish, base_version=seen_version(values))
        return f"{decision.number} ersetzt {number}." if number else f"{decision.number} ersetzt keinen Beschluss."

    return _acted(request, database, actor, decision_id, "ersetzt", values, act)


@router.get(NEW)
def new_taken_over(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of an old decision."""
    return _form_page(request, session, actor, Form({"level": Level.INTERNAL.value}))


@router.post(NEW)
def take_over(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """An old decision with its old number."""
    values = typed(submitted)
    try:
        with database.write() as session:
            kept = _kept_bodies(session, actor)
            body_id = typed_number(values.get("body", "")) or (ident(kept[0]) if len(kept) == 1 else 0)
            if body_id not in {ident(body) for body in kept}:
                raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
            wish = read_with_projects(
                session, TakenOverIn, {**_fields(values), "body": body_id}, body_id, keep_empty=("number", "title")
            )
            decision = take_over_decision(session, actor, wish)
            address, number = f"/beschluesse/{ident(decision)}", decision.number
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _form_page(request, session, actor, Form(values, CLAUSES.at_fields(error, values)), error=error)
    return done(request, address, f"Beschluss {number} ist übernommen.")


@router.get("/beschluesse/{decision_id:int}/bearbeiten")
def edit_taken_over(request: Request, session: ReadSession, actor: CurrentActor, decision_id: int) -> Response:
    """The form of an old decision with what stands there."""
    decision = _taken_over(session, actor, decision_id)
    return _form_page(request, session, actor, Form(_stored(session, decision)), decision=decision)


@router.post("/beschluesse/{decision_id:int}/bearbeiten")
def update_taken_over(
    request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted, decision_id: int
) -> Response:
    """Correct an old decision."""
    values = typed(submitted)
    try:
        with database.write() as session:
            _taken_over(session, actor, decision_id)
            decision = locked_decision(session, actor, decision_id)
            wish = read_with_projects(
                session,
                TakenOverChange,
                _fields(values),
                decision.body_id,
                keep_empty=("number", "title", "wording", "source"),
            )
            if not values.get("outcome"):
                wish = wish.model_copy(update={"outcome": None})
                wish.__pydantic_fields_set__.add("outcome")
            correct_taken_over(session, actor, decision, wish, base_version=seen_version(values))
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            form = Form(values, CLAUSES.at_fields(error, values))
            return _form_page(
                request, session, actor, form, decision=_taken_over(session, actor, decision_id), error=error
            )
    return done(request, f"/beschluesse/{decision_id}", "Der Beschluss ist berichtigt.")


def _acted(
    request: Request,
    database: Any,
    actor: Actor,
    decision_id: int,
    form: str,
    values: Mapping[str, str],
    act: Any,
) -> Response:
    """Do *act* to the locked decision; what it refuses stands at its form on the page."""
    try:
        with database.write() as session:
            decision = locked_decision(session, actor, decision_id)
            require_register(actor, decision)
            said = act(session, decision)
    except (Invalid, Refused, Stale) as error:
        errors = {"": OVERTAKEN} if isinstance(error, Stale) else error.by_field
        with database.read() as session:
            decision = queries.get_decision(session, actor, decision_id)
            return decision_page(request, session, actor, decision, form=form, typed=Form(values, errors), error=error)
    return done(request, f"/beschluesse/{decision_id}", said)


def _form_page(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form,
    *,
    decision: Decision | None = None,
    error: SkipError | None = None,
) -> Response:
    kept = _kept_bodies(session, actor)
    if not kept:
        raise NotFound()
    body_id = decision.body_id if decision else ident(kept[0])
    if isinstance(error, Stale):
        form = Form(form.values, {"": OVERTAKEN})
    on = clock.today()
    crumbs: tuple[tuple[str, str | None], ...] = (*HOME, ("Früheren Beschluss übernehmen", None))
    if decision:
        crumbs = (*HOME, (decision.number, f"/beschluesse/{decision.id}"), ("Bearbeiten", None))
    return page(
        request,
        actor,
        "decisions/form.html",
        title=f"{decision.number} berichtigen" if decision else "Früheren Beschluss übernehmen",
        status=error.status if error else 200,
        crumbs=crumbs,
        form=form,
        decision=decision,
        version=decision.version if decision else None,
        address=f"/beschluesse/{decision.id}/bearbeiten" if decision else NEW,
        bodies=[] if decision else [(ident(body), body.short_name) for body in kept],
        places=CLAUSES.places(form.values),
        verbs=[(verb.value, word) for verb, word in VERB_WORDS.items()],
        organisations=organisation_choices(session, on),
        outcomes=[(outcome.value, word) for outcome, word in WORDS.items() if outcome in SETTLED],
        levels=[(level.value, LEVEL_WORDS[level]) for level in Level],
        known=known_projects(session, steered_periods(session, body_id)),
    )


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    """The typed fields of the wish, clauses as a list."""
    given: dict[str, Any] = {
        name: value for name, value in values.items() if not name.startswith("clauses-") and name != "version"
    }
    return {**given, "clauses": CLAUSES.read(values)}


def _stored(session: Session, decision: Decision) -> dict[str, Any]:
    key = ident(decision)
    links = queries.projects_of(session, [key]).get(key, [])
    known = known_projects(session, steered_periods(session, decision.body_id))
    return {
        **{name: getattr(decision, name) for name in TEXTS},
        "decided_on": iso(decision.decided_on),
        "outcome": decision.outcome.value if decision.outcome else "",
        "level": decision.level.value,
        "projects": codes_of_projects([link.project_id for link in links], known, clock.today()),
        **CLAUSES.shown(queries.clauses_of(session, [key]).get(key, []), _clause_value),
    }


def _clause_value(clause: Clause, field: str) -> Any:
    return clause.organisation_id if field == "organisation" else getattr(clause, field)


def _taken_over(session: Session, actor: Actor, decision_id: int) -> Decision:
    decision = queries.get_decision(session, actor, decision_id)
    if not may_register(actor, decision.body_id):
        raise Forbidden()
    if not is_taken_over(decision):
        raise NotFound()
    return decision


def _kept_bodies(session: Session, actor: Actor) -> Sequence[Body]:
    """The bodies whose register the actor keeps."""
    return [body for body in list_bodies(session, actor) if may_register(actor, ident(body))]


def _without_version(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name != "version"}
