"""The form of a circular procedure that is prepared: from nothing, from an item, from the backlog; and its changes."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.agenda.queries import get_topic, known_projects
from app.agenda.rules.codes import codes_of_projects, projects_of_codes
from app.bodies.queries import list_bodies, steered_periods
from app.circulars.models import Circular
from app.circulars.queries import circulars as queries
from app.circulars.schemas import CircularChange, CircularIn
from app.circulars.service.preparing import change_circular, prepare_circular, projects_asked, source_of
from app.circulars.service.recording import require_run
from app.db import ident
from app.decisions.models import Verb
from app.decisions.queries import clauses_of
from app.decisions.rules.words import VERB_WORDS
from app.errors import Forbidden, Invalid, NotFound, Refused, SkipError, Stale
from app.people.queries import organisation_choices
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import read
from app.visibility import LEVEL_WORDS, Level, Matter, body_ids
from app.web.circulars.pages import HOME
from app.web.forms import Form, Rows, typed, typed_number
from app.web.respond import done, page

router = APIRouter()

CLAUSES = Rows("clauses", ("text", "verb", "organisation", "due_on"))
TEXTS = ("title", "wording", "grounds", "level")


@router.get(HOME + "/neu")
def new_circular(
    request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "", punkt: str = "", thema: str = ""
) -> Response:
    """The form of a new draft; with ``punkt`` or ``thema`` it begins with what that item or entry holds."""
    run = _run_bodies(session, actor)
    item_id, topic_id = typed_number(punkt) or None, typed_number(thema) or None
    body_id = _body_of(session, actor, item_id, topic_id) or typed_number(gremium) or run[0][0]
    if body_id not in dict(run):
        raise NotFound()
    source = source_of(session, actor, body_id, item_id=item_id, topic_id=topic_id)
    known = known_projects(session, steered_periods(session, body_id))
    values: dict[str, Any] = {name: getattr(source, name) for name in TEXTS}
    values |= {"body": body_id, "item": item_id or "", "topic": topic_id or ""}
    values["projects"] = codes_of_projects(source.projects, known, clock.today())
    values["answers_needs"] = "1" if source.answers else ""
    return _form(request, session, actor, Form(values), body_id)


@router.post(HOME)
def create_circular(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """Prepare a draft."""
    values = typed(submitted)
    try:
        with database.write() as session:
            run = _run_bodies(session, actor)
            body_id = typed_number(values.get("body", "")) or (run[0][0] if len(run) == 1 else 0)
            if body_id not in dict(run):
                raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
            wish = _wish(session, values, body_id)
            numbers = {name: typed_number(values[name]) for name in ("item", "topic") if values.get(name)}
            circular = prepare_circular(session, actor, read(CircularIn, {**wish, **numbers, "body": body_id}))
            address = f"{HOME}/{ident(circular)}"
    except (Invalid, Refused) as error:
        with database.read() as session:
            run = _run_bodies(session, actor)
            body_id = typed_number(values.get("body", ""))
            body_id = body_id if body_id in dict(run) else run[0][0]
            return _form(request, session, actor, _typed_form(values, error), body_id, status=error.status)
    return done(request, address, "Der Entwurf ist angelegt. Prüfen Sie ihn, und starten Sie dann das Umlaufverfahren.")


@router.get(HOME + "/{circular_id:int}/bearbeiten")
def edit_circular(request: Request, circular_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form of a draft."""
    circular = queries.get_circular(session, actor, circular_id)
    require_run(actor, circular)
    return _form(request, session, actor, Form(_stored(session, circular)), circular.body_id, circular=circular)


@router.post(HOME + "/{circular_id:int}/bearbeiten")
def update_circular(
    request: Request, circular_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Save a draft; whoever was slower is told and keeps what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            circular = queries.lock_circular(session, actor, circular_id)
            require_run(actor, circular)
            wish = read(CircularChange, _wish(session, values, circular.body_id))
            change_circular(session, actor, circular, wish, base_version=typed_number(values.get("version", "")))
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            circular = queries.get_circular(session, actor, circular_id)
            stale = error.sentence if isinstance(error, Stale) else ""
            return _form(
                request,
                session,
                actor,
                Form(values) if stale else _typed_form(values, error),
                circular.body_id,
                circular=circular,
                stale=stale,
                status=error.status,
            )
    return done(request, f"{HOME}/{circular_id}", "Der Entwurf ist gespeichert.")


def _body_of(session: Session, actor: Actor, item_id: int | None, topic_id: int | None) -> int | None:
    if item_id is not None:
        return queries.find_item(session, actor, item_id)[1].body_id
    return get_topic(session, actor, topic_id).body_id if topic_id is not None else None


def _run_bodies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """The bodies for which the actor prepares; NotFound for people who read no drafts, Forbidden for mere readers."""
    run = [
        (ident(body), body.short_name)
        for body in list_bodies(session, actor)
        if actor.has(Role.SECRETARIAT, ident(body))
    ]
    if run:
        return run
    if body_ids(actor, Matter.INTERNAL) == frozenset():
        raise NotFound()
    raise Forbidden()


def _wish(session: Session, values: Mapping[str, str], body_id: int) -> dict[str, Any]:
    known = known_projects(session, steered_periods(session, body_id))
    return {
        **{name: values[name] for name in TEXTS if name in values},
        "clauses": CLAUSES.read(values),
        "projects": projects_of_codes(values.get("projects", ""), known, clock.today()),
        "answers_needs": values.get("answers_needs") == "1",
    }


def _typed_form(values: Mapping[str, str], error: SkipError) -> Form:
    return Form(values, CLAUSES.at_fields(error, values))


def _stored(session: Session, circular: Circular) -> dict[str, Any]:
    decision = queries.resolution_of(session, circular)
    project_ids, answers = projects_asked(session, decision)
    known = known_projects(session, steered_periods(session, circular.body_id))
    clauses = clauses_of(session, [ident(decision)]).get(ident(decision), [])
    names = {"organisation": "organisation_id"}
    return {
        "title": decision.title,
        "wording": decision.wording,
        "grounds": circular.grounds,
        "level": decision.level.value,
        "projects": codes_of_projects(project_ids, known, clock.today()),
        "answers_needs": "1" if answers else "",
        **CLAUSES.shown(clauses, lambda clause, name: getattr(clause, names.get(name, name))),
    }


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form,
    body_id: int,
    *,
    circular: Circular | None = None,
    stale: str = "",
    status: int = 200,
) -> Response:
    title = "Umlaufverfahren vorbereiten" if circular is None else "Entwurf bearbeiten"
    home = HOME if circular is None else f"{HOME}/{circular.id}"
    inner = () if circular is None else ((queries.resolution_of(session, circular).title, home),)
    return page(
        request,
        actor,
        "circulars/form.html",
        title=title,
        status=status,
        crumbs=(("Umlaufverfahren", HOME), *inner, (title, None)),
        form=form,
        home=home,
        circular=circular,
        stale=stale,
        bodies=_run_bodies(session, actor),
        known=known_projects(session, steered_periods(session, body_id)),
        levels=[(level.value, LEVEL_WORDS[level]) for level in Level],
        verbs=[(verb.value, VERB_WORDS[verb]) for verb in Verb],
        organisations=organisation_choices(session, clock.today()),
        places=CLAUSES.places(form.values),
    )
