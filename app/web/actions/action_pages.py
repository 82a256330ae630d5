"""One action item: what, who, until when, where it comes from, its reports; giving, changing, reporting, removing."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actions.models import Action, ActionState, ActionStep
from app.actions.queries import get_action, is_own, lines_of, list_steps, lock_action, project_ids_of
from app.actions.queries.origins import Origin, origin_of
from app.actions.rules.rights import may_report, may_run
from app.actions.rules.steps import OVER
from app.actions.rules.words import STATE_WORDS
from app.actions.schemas import ActionChange, ActionIn, ActionLine, ProgressIn
from app.actions.service.changing import change_action
from app.actions.service.giving import give_action, take_back_action
from app.actions.service.reporting import report_progress
from app.actor import Actor, Role
from app.agenda.models import Level
from app.agenda.queries import known_projects
from app.agenda.rules.codes import codes_of_projects
from app.agenda.rules.words import LEVEL_WORDS
from app.bodies.models import Body
from app.bodies.queries import get_body, list_bodies, steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, SkipError, Stale
from app.meetings.rules import life
from app.people.queries import organisation_choices, person_choices
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.actions.action_list import due_of
from app.web.forms import Form, iso, read_form, seen_version, typed, typed_number
from app.web.history import history_of, reads_history
from app.web.respond import done, page
from app.web.texts import differing_texts
from app.web.topics.topic_forms import read_with_projects

router = APIRouter()

HOME = (("Aufträge", "/auftraege"),)
TEXTS = {"title": "Auftrag", "details": "Einzelheiten"}
FIELDS = ("title", "details", "organisation", "person", "level", "given_on", "due_on", "projects")
STEP = ("state", "as_of", "text", "due_on", "reason")
OVERTAKEN = (
    "Inzwischen hat jemand diesen Auftrag geändert. Ihre Meldung ist nicht verloren, sie steht noch im Formular: "
    "Sehen Sie unten nach, was jetzt gilt, und tragen Sie sie dann ein."
)


@router.get("/auftraege/neu")
def new_action(request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "") -> Response:
    """The form of an action that comes from no meeting."""
    body_id = typed_number(gremium)
    return _new_page(request, session, actor, Form({"body": body_id or "", "given_on": iso(clock.today())}))


@router.post("/auftraege")
def give(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """Give an action by hand."""
    values = typed(submitted)
    try:
        with database.write() as session:
            bodies = _run(session, actor)
            body_id = typed_number(values.get("body", "")) or (ident(bodies[0]) if len(bodies) == 1 else 0)
            if not body_id:
                raise Invalid({"body": "Bitte wählen Sie ein Gremium."})
            body = get_body(session, actor, body_id)
            wish = read_with_projects(session, ActionIn, _given(values, FIELDS), body_id)
            action = give_action(session, actor, body, wish)
            action_id, number = ident(action), action.number
    except (Invalid, Refused) as error:
        with database.read() as session:
            return _new_page(request, session, actor, Form(values, error.by_field), status=error.status)
    return done(request, f"/auftraege/{action_id}", f"Auftrag {number} ist erteilt.")


@router.get("/auftraege/{action_id:int}")
def show_action(request: Request, action_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One action with its reports."""
    return _page(request, session, actor, get_action(session, actor, action_id))


@router.post("/auftraege/{action_id:int}")
def change(
    request: Request, action_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Change what it says and who answers for it."""
    values = typed(submitted)
    try:
        with database.write() as session:
            action = lock_action(session, actor, action_id)
            if not may_run(actor, action.body_id):
                raise Forbidden("Aufträge ändert die Geschäftsstelle des Gremiums.")
            given: dict[str, Any] = _given(values, ("title", "details", "organisation", "person", "level", "projects"))
            for name in ("organisation", "person"):
                given[name] = given.get(name) or None
            wish = read_with_projects(session, ActionChange, given, action.body_id, keep_empty=("title", "details"))
            change_action(session, actor, action, wish, base_version=seen_version(values))
    except (Invalid, Refused, Stale) as error:
        return _again(request, database, actor, action_id, error, change=values)
    return done(request, f"/auftraege/{action_id}", "Der Auftrag ist geändert.")


@router.post("/auftraege/{action_id:int}/meldung")
def report(
    request: Request, action_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Add a dated report: progress, another state, another date with its reason."""
    values = typed(submitted)
    try:
        with database.write() as session:
            action = lock_action(session, actor, action_id)
            wish = read_form(ProgressIn, _given(values, STEP))
            report_progress(session, actor, action, wish, base_version=seen_version(values))
    except Stale as error:
        return _again(request, database, actor, action_id, Stale(error.current, OVERTAKEN), step=values)
    except Invalid as error:
        return _again(request, database, actor, action_id, error, step=values)
    return done(request, f"/auftraege/{action_id}", "Ihre Meldung ist eingetragen.")


@router.post("/auftraege/{action_id:int}/entfernen")
def take_back(request: Request, action_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Remove an action that has no number yet."""
    with database.write() as session:
        take_back_action(session, actor, lock_action(session, actor, action_id))
    return done(request, "/auftraege", "Der Auftrag ist entfernt.")


def _given(values: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _run(session: Session, actor: Actor) -> list[Body]:
    """The bodies whose secretariat the actor is; Forbidden for everybody else."""
    bodies = [body for body in list_bodies(session, actor) if actor.has(Role.SECRETARIAT, ident(body))]
    if not bodies:
        raise Forbidden("Aufträge erteilt die Geschäftsstelle eines Gremiums.")
    return bodies


def _choices(session: Session, body_id: int) -> dict[str, Any]:
    return {
        "houses": organisation_choices(session, clock.today()),
        "persons": person_choices(session),
        "levels": [(level.value, LEVEL_WORDS[level]) for level in Level],
        "known": known_projects(session, steered_periods(session, body_id)),
    }


def _new_page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    bodies = _run(session, actor)
    chosen = typed_number(str(form.value("body")))
    body_id = chosen if chosen in {ident(body) for body in bodies} else ident(bodies[0])
    return page(
        request,
        actor,
        "actions/new.html",
        title="Auftrag erteilen",
        status=status,
        crumbs=(*HOME, ("Auftrag erteilen", None)),
        form=form,
        bodies=[(ident(body), body.short_name) for body in bodies],
        **_choices(session, body_id),
    )


def _again(
    request: Request,
    database: Any,
    actor: Actor,
    action_id: int,
    error: SkipError,
    *,
    change: Mapping[str, str] | None = None,
    step: Mapping[str, str] | None = None,
) -> Response:
    with database.read() as session:
        action = get_action(session, actor, action_id)
        return _page(request, session, actor, action, error=error, change=change, step=step)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    action: Action,
    *,
    error: SkipError | None = None,
    change: Mapping[str, str] | None = None,
    step: Mapping[str, str] | None = None,
) -> Response:
    (line,) = lines_of(session, actor, [ident(action)])
    steps = list_steps(session, [ident(action)]).get(ident(action), [])
    origin = origin_of(session, actor, action)
    runs, own = may_run(actor, action.body_id), is_own(session, actor, action)
    stale = isinstance(error, Stale)
    fields = error.by_field if error and (not stale or step is not None) else {}
    choices = _choices(session, action.body_id) if runs else {"houses": [], "persons": [], "levels": [], "known": []}
    stored = _stored(session, action, choices["known"])
    shows_history = reads_history(actor, action.body_id)
    return page(
        request,
        actor,
        "actions/show.html",
        title=action.title,
        status=error.status if error else 200,
        crumbs=(*HOME, (action.number or "vorläufig", None)),
        action=action,
        line=line,
        due=due_of(line),
        state_word=STATE_WORDS[action.state],
        level_word=LEVEL_WORDS[action.level],
        facts=_facts(line, origin),
        origin=origin,
        entries=_entries(line, steps),
        may_run=runs,
        may_report=may_report(actor, action, own=own),
        may_change=runs,
        states=[(state.value, STATE_WORDS[state]) for state in _next_states(action, runs=runs)],
        step_form=Form(
            {"state": action.state.value, "as_of": iso(clock.today()), **(step or {})},
            fields if step is not None else {},
        ),
        change_form=Form({**stored, **(change or {})}, fields if change is not None else {}),
        change_open=change is not None,
        stale=error.sentence if stale and error and change is not None else "",
        differences=differing_texts(TEXTS, change, stored) if stale and change is not None else [],
        here=f"/auftraege/{action.id}",
        shows_history=shows_history,
        lines=history_of(session, actor, "action", ident(action)) if shows_history else [],
        **choices,
    )


def _stored(session: Session, action: Action, known: Any) -> dict[str, Any]:
    projects = project_ids_of(session, [ident(action)]).get(ident(action), [])
    return {
        "title": action.title,
        "details": action.details,
        "organisation": action.organisation_id or "",
        "person": action.person_id or "",
        "level": action.level.value,
        "projects": codes_of_projects(projects, known, clock.today()),
    }


def _next_states(action: Action, *, runs: bool) -> list[ActionState]:
    """The states to choose from: dropping is the secretariat's, and so is what a held meeting was told to be over."""
    if not runs and action.reported_in_id is not None:
        return [action.state]
    return [state for state in ActionState if runs or state is not ActionState.DROPPED or state is action.state]


def _facts(line: ActionLine, origin: Origin) -> list[tuple[str, Any]]:
    due = due_of(line)
    until = text.long_date(line.due_on) if line.due_on else ("" if due["over"] else "ohne Frist")
    return [
        ("Gremium", line.body),
        ("Institution", line.organisation),
        ("Person", line.person),
        ("Frist", ", ".join(part for part in (until, due["moved"]) if part)),
        ("Erteilt am", text.long_date(line.given_on)),
        (STATE_WORDS[line.state].capitalize() + " am", text.long_date(line.done_on) if line.done_on else ""),
        ("Berichtet", f"in der {life.label_with_date(origin.reported_in)}" if origin.reported_in else ""),
        ("Vertraulichkeit", LEVEL_WORDS[line.level] if line.level is not Level.INTERNAL else ""),
    ]


def _entries(line: ActionLine, steps: list[ActionStep]) -> list[dict[str, Any]]:
    """The reports, latest first, and the day on which it was given."""
    found = [
        {
            "when": text.date(one.as_of),
            "kind": one.entered_by,
            "title": _title(steps[place - 1].state if place else ActionState.OPEN, one),
            "text": one.text,
            "meta": f"Grund: {one.reason}" if one.reason else "",
        }
        for place, one in enumerate(steps)
    ]
    first = line.first_due_on if _had_date(steps) else None
    until = f"Auftrag erteilt bis {text.date(first)}" if first else "Auftrag erteilt"
    return [*reversed(found), {"when": text.date(line.given_on), "title": until}]


def _had_date(steps: list[ActionStep]) -> bool:
    """Whether a date that it has was there from the beginning, and not given by its first move."""
    first = next((one for one in steps if one.due_on is not None), None)
    return first is None or first.due_before is not None


def _title(before: ActionState, step: ActionStep) -> str:
    if step.due_on is not None:
        old = f" statt {text.date(step.due_before)}" if step.due_before else ""
        moved = f"Neue Frist {text.date(step.due_on)}{old}"
        return moved if step.state is before else f"{moved}, {STATE_WORDS[step.state]}"
    if step.state is before:
        return "Zwischenstand"
    if before in OVER:
        return f"Wieder {STATE_WORDS[step.state]}"
    return STATE_WORDS[step.state].capitalize() if step.state is not ActionState.IN_PROGRESS else "In Arbeit"
