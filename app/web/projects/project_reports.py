"""Reporting on a project: the form of five minutes, corrections, acceptance, and closing a decision need."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import Database, ident
from app.errors import Forbidden, Invalid, Refused
from app.projects.models import Project, StatusReport
from app.projects.queries.needs import get_need
from app.projects.queries.projects import get_project, get_report, lock_project
from app.projects.queries.view import MilestoneView, ProjectView, list_milestones, load_view
from app.projects.rules import rights, words
from app.projects.rules.course import counts
from app.projects.schemas import CorrectionIn, MilestoneIn, ReasonIn, StatusIn
from app.projects.service.milestones import tell_milestones
from app.projects.service.needs import close_need
from app.projects.service.status import VALUES, accept_status, correct_status, enter_status, reject_status
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.web.forms import Form, read_form, typed
from app.web.projects.pages import HOME, show_page
from app.web.projects.project_story import load_story, telling_of
from app.web.respond import done, page

router = APIRouter()

KEEP, TELL, WITHDRAW = "unveraendert", "neu", "zurueckgezogen"
_REASON = "Bitte nennen Sie den Grund."


@router.get("/projekte/{project_id:int}/status/neu")
def new_status(request: Request, session: ReadSession, actor: CurrentActor, project_id: int) -> Response:
    """The form, with what the last report said beside every field."""
    project = get_project(session, actor, project_id)
    if not rights.may_enter_status(actor, project):
        raise Forbidden()
    view = load_view(session, actor, project)
    return _status_form(request, actor, view, Form(_fresh(view)))


@router.post("/projekte/{project_id:int}/status/neu")
def create_status(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, project_id: int
) -> Response:
    """Report: status and milestones in one transaction, or the form again with everything typed."""
    values = typed(submitted)

    def act(session: Session, project: Project) -> StatusReport:
        if not rights.may_enter_status(actor, project):
            raise Forbidden()
        known = list_milestones(session, project_id)
        wish, milestones = _read(StatusIn, values), _read_milestones(values, known)
        report = enter_status(session, actor, project, wish)
        if milestones:
            with_places(
                milestones, lambda: tell_milestones(session, actor, project, wishes(milestones), told_on=wish.as_of)
            )
        return report

    try:
        with database.write() as session:
            report = act(session, lock_project(session, actor, project_id))
    except (Invalid, Refused) as error:
        return _status_again(request, database, actor, project_id, Form(values, error.by_field), error.status)
    waits = "" if counts(report) else " Er zählt, sobald die Geschäftsstelle ihn angenommen hat."
    word = f"Sachstand zum {text.date(report.as_of)} gespeichert.{waits}"
    return done(request, f"/projekte/{project_id}", word)


@router.get("/projekte/{project_id:int}/status/{report_id:int}/berichtigen")
def edit_status(
    request: Request, session: ReadSession, actor: CurrentActor, project_id: int, report_id: int
) -> Response:
    """The form of a correction, filled with the report."""
    project = get_project(session, actor, project_id)
    report = get_report(session, actor, project, report_id)
    if not rights.may_change(actor, project):
        raise Forbidden()
    view = load_view(session, actor, project)
    return _status_form(request, actor, view, Form(_told(report)), report=report)


@router.post("/projekte/{project_id:int}/status/{report_id:int}/berichtigen")
def update_status(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
    project_id: int,
    report_id: int,
) -> Response:
    """Correct a report: the old one stays visible."""
    values = typed(submitted)
    try:
        with database.write() as session:
            project = lock_project(session, actor, project_id)
            report = get_report(session, actor, project, report_id)
            if not rights.may_change(actor, project):
                raise Forbidden()
            correct_status(session, actor, project, report, _read(CorrectionIn, values))
    except (Invalid, Refused) as error:
        form = Form(values, error.by_field)
        return _status_again(request, database, actor, project_id, form, error.status, report_id=report_id)
    return done(request, f"/projekte/{project_id}", "Die Meldung ist berichtigt. Beide Meldungen bleiben sichtbar.")


@router.post("/projekte/{project_id:int}/status/{report_id:int}/annehmen")
def take_status(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
    project_id: int,
    report_id: int,
) -> Response:
    """Accept a submitted report."""
    values = typed(submitted)

    def act(session: Session, project: Project) -> None:
        report = get_report(session, actor, project, report_id)
        accept_status(session, actor, project, report, reason=values.get("reason", ""))

    word = "Die Meldung ist angenommen und zählt."
    return _on_page(request, database, actor, project_id, act, f"meldung-{report_id}", values, word, field="annehmen")


@router.post("/projekte/{project_id:int}/status/{report_id:int}/ablehnen")
def refuse_status(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
    project_id: int,
    report_id: int,
) -> Response:
    """Refuse a submitted report with a reason."""
    values = typed(submitted)

    def act(session: Session, project: Project) -> None:
        report = get_report(session, actor, project, report_id)
        reject_status(session, actor, project, report, reason=_reason(actor, project, values))

    word = "Die Meldung ist nicht angenommen. Die Projektleitung sieht den Grund."
    return _on_page(request, database, actor, project_id, act, f"meldung-{report_id}", values, word, field="ablehnen")


@router.post("/projekte/{project_id:int}/bedarf/{need_id:int}/schliessen")
def end_need(
    request: Request,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
    project_id: int,
    need_id: int,
) -> Response:
    """Close a decision need with a reason."""
    values = typed(submitted)

    def act(session: Session, project: Project) -> None:
        need = get_need(session, actor, project, need_id)
        close_need(session, actor, project, need, reason=_reason(actor, project, values))

    word = "Der Entscheidungsbedarf ist geschlossen."
    return _on_page(request, database, actor, project_id, act, "bedarf", values, word, field="reason")


def _reason(actor: Actor, project: Project, values: Mapping[str, str]) -> str:
    if not rights.may_change(actor, project):
        raise Forbidden()
    try:
        return read_form(ReasonIn, {"reason": values.get("reason", "")}).reason
    except Invalid as error:
        raise Invalid({"reason": error.fields["reason"] if values.get("reason", "").strip() else _REASON}) from None


def _on_page(
    request: Request,
    database: Database,
    actor: Actor,
    project_id: int,
    act: Callable[[Session, Project], None],
    form: str,
    values: Mapping[str, str],
    word: str,
    *,
    field: str,
) -> Response:
    """A short form on the project's page: back to it with a word, or the page again with the sentence at *field*."""
    try:
        with database.write() as session:
            act(session, lock_project(session, actor, project_id))
    except (Invalid, Refused) as error:
        problem = error.by_field
        problem = {field if name == "reason" else name: sentence for name, sentence in problem.items()}
        with database.read() as session:
            story = load_story(session, actor, get_project(session, actor, project_id))
        return show_page(request, actor, story, status=error.status, errors={form: problem}, typed={form: values})
    return done(request, f"/projekte/{project_id}", word)


# --- the form


def _fresh(view: ProjectView) -> dict[str, Any]:
    values: dict[str, Any] = {"as_of": clock.today().isoformat(), "need": KEEP}
    for place in view.milestones:
        values |= _milestone_values(place)
    return values


def _told(report: StatusReport) -> dict[str, Any]:
    values = {name: getattr(report, name) for name in VALUES}
    told = values.pop("decision_need")
    need = KEEP if told is None else TELL if told else WITHDRAW
    return {**values, "as_of": report.as_of.isoformat(), "need": need, "need_text": told or ""}


def _milestone_values(view: MilestoneView) -> dict[str, str]:
    key = ident(view.milestone)
    due, ended = view.dating.current, view.milestone.done_on
    return {
        f"milestone-{key}-due_on": due.isoformat() if due else "",
        f"milestone-{key}-done_on": ended.isoformat() if ended else "",
    }


def _read(shape: type[StatusIn], values: Mapping[str, str]) -> Any:
    """The typed status; the three choices about the decision need become its one value."""
    told = {name: values[name] for name in (*VALUES, "reason") if name in values and name in shape.model_fields}
    need, words_typed = values.get("need", KEEP), text.clean(values.get("need_text", ""))
    errors: dict[str, str] = {}
    if need == TELL and not words_typed:
        errors["need_text"] = "Bitte schreiben Sie, was zu entscheiden ist."
    if need != TELL and words_typed and words_typed != text.clean(values.get("need_before", "")):
        errors["need"] = "Sie haben einen Entscheidungsbedarf geschrieben. Bitte wählen Sie „neu oder geändert“."
    if need == TELL:
        told["decision_need"] = words_typed
    elif need == WITHDRAW:
        told["decision_need"] = ""
    try:
        wish = read_form(shape, told, keep_empty=("decision_need",))
    except Invalid as error:
        raise Invalid({**error.fields, **errors}) from None
    if errors:
        raise Invalid(errors)
    return wish


NamedMilestone = tuple[str, MilestoneIn]


def _read_milestones(values: Mapping[str, str], known: list[MilestoneView]) -> list[NamedMilestone]:
    """The milestones that were changed in the form, each with the beginning of its fields' names."""
    found: list[tuple[str, dict[str, Any]]] = []
    for view in known:
        prefix = f"milestone-{ident(view.milestone)}-"
        shown = _milestone_values(view)
        sent = {name: values[name].strip() for name in shown if name in values}
        if sent and sent != {name: shown[name] for name in sent}:
            fields = {name.removeprefix(prefix): value for name, value in sent.items()}
            found.append((prefix, {"id": view.milestone.id, "title": view.milestone.title, **fields}))
    new = {name: values.get(f"milestone-new-{name}", "").strip() for name in ("title", "due_on", "done_on")}
    if any(new.values()):
        found.append(("milestone-new-", new))
    return [(prefix, _checked(prefix, fields)) for prefix, fields in found]


def _checked(prefix: str, fields: Mapping[str, Any]) -> MilestoneIn:
    try:
        return read_form(MilestoneIn, fields)
    except Invalid as error:
        raise Invalid({f"{prefix}{name}": sentence for name, sentence in error.fields.items()}) from None


def wishes(milestones: list[NamedMilestone]) -> list[MilestoneIn]:
    """The wishes without the names of their fields."""
    return [wish for _, wish in milestones]


def with_places(milestones: list[NamedMilestone], act: Callable[[], None]) -> None:
    """Do *act*; what it refuses by place in the list is told at the fields of the form."""
    try:
        act()
    except Invalid as error:
        fields: dict[str, str] = {}
        for name, sentence in error.fields.items():
            _, _, rest = name.partition(".")
            place, _, field = rest.partition(".")
            fields[f"{milestones[int(place)][0]}{field}"] = sentence
        raise Invalid(fields) from None


def _status_again(
    request: Request,
    database: Database,
    actor: Actor,
    project_id: int,
    form: Form,
    status: int,
    *,
    report_id: int | None = None,
) -> Response:
    with database.read() as session:
        project = get_project(session, actor, project_id)
        view = load_view(session, actor, project)
        report = get_report(session, actor, project, report_id) if report_id is not None else None
    return _status_form(request, actor, view, form, status=status, report=report)


def _status_form(
    request: Request,
    actor: Actor,
    view: ProjectView,
    form: Form,
    *,
    status: int = 200,
    report: StatusReport | None = None,
) -> Response:
    project = view.project
    home = f"/projekte/{project.id}"
    last = next((one for one in view.reports if counts(one)), None)
    return page(
        request,
        actor,
        "projects/status_form.html",
        title="Meldung berichtigen" if report else "Sachstand melden",
        status=status,
        crumbs=(*HOME, (project.code, home), ("Berichtigen" if report else "Sachstand", None)),
        action=f"{home}/status/{report.id}/berichtigen" if report else f"{home}/status/neu",
        home=home,
        form=form,
        view=view,
        project=project,
        report=report,
        last=last,
        last_telling=telling_of(last) if last else None,
        hints=_hints(view, last) if report is None else {},
        words=words,
        phases=[(phase.value, word) for phase, word in words.PHASES.items()],
        needs=_need_choices(view, report),
        may_change=rights.may_change(actor, project),
        taken=_taken(view, form, report),
    )


def _hints(view: ProjectView, last: StatusReport | None) -> dict[str, str]:
    """What was told last, beside each field."""
    if last is None:
        return {}
    standing = view.standing
    hints = {
        name: f"zuletzt {words.light_word(light)}"
        for name in ("light", "light_schedule", "light_cost", "light_content")
        if (light := getattr(standing, name)) is not None
    }
    if standing.light_as_of:
        hints["light"] = f"{hints['light']} (Stand {text.date(standing.light_as_of)})"
    if standing.phase:
        hints["phase"] = f"zuletzt {words.PHASES[standing.phase]}"
    if last.progress is not None:
        hints["progress"] = f"zuletzt {last.progress}"
    return hints


def _need_choices(view: ProjectView, report: StatusReport | None) -> list[tuple[str, str]]:
    if report is not None:
        keep = "die Meldung sagt nichts dazu"
        return [(KEEP, keep), (TELL, "die Meldung nennt diesen"), (WITHDRAW, "die Meldung zieht ihn zurück")]
    if view.open_need is None:
        return [(KEEP, "unverändert: keiner"), (TELL, "neu")]
    since = text.date(view.open_need.opened_on)
    return [(KEEP, f"unverändert, offen seit {since}"), (TELL, "geändert"), (WITHDRAW, "zurückgezogen")]


def _taken(view: ProjectView, form: Form, report: StatusReport | None) -> StatusReport | None:
    """The report that already has the wished Stand, to be corrected instead."""
    if report is not None or not form.error("as_of"):
        return None
    try:
        day: dt.date = text.parse_date(str(form.value("as_of")))
    except ValueError:
        return None
    return next((one for one in view.reports if counts(one) and one.as_of == day), None)
