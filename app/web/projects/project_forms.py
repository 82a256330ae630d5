"""The forms of a project itself: create and edit, for the secretariat."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, SkipError, Stale
from app.people.queries import organisation_choices
from app.projects.models import Project
from app.projects.queries import plan
from app.projects.queries.projects import get_project, lock_project
from app.projects.queries.view import ProjectView, load_view
from app.projects.rules import rights, words
from app.projects.schemas import ProjectChange, ProjectIn
from app.projects.service.projects import change_project, create_project
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.validation import read
from app.web.forms import Form, seen_version, typed
from app.web.projects.pages import HOME
from app.web.respond import done, page

router = APIRouter()

PLAIN = ("code", "title", "period", "field", "cluster", "lead", "starts_on", "ends_on", "funding", "source")
LABELS = {
    "code": "Nummer",
    "title": "Titel",
    "period": "Planperiode",
    "field": "Handlungsfeld",
    "cluster": "Themencluster",
    "lead": "Federführung",
    "starts_on": "Beginn",
    "ends_on": "Ende",
    "funding": "Finanzierung",
    "source": "Quelle",
    "fields": "Weitere Handlungsfelder",
    "partners": "Partner",
}
_ROWS = {"lineage": ("to", "kind", "since_on"), "leads": ("person", "valid_from", "valid_to")}
_MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Offers:
    """What the selects offer, as (id, name)."""

    period: list[tuple[int, str]]
    field: list[tuple[int, str]]
    cluster: list[tuple[int, str]]
    lead: list[tuple[int, str]]
    persons: list[tuple[int, str]]
    projects: list[tuple[int, str]]

    def name(self, kind: str, typed_id: str) -> str:
        """The name of what was chosen; "" for nothing."""
        found: Sequence[tuple[int, str]] = getattr(self, kind)
        return next((name for key, name in found if str(key) == typed_id), "")


@router.get("/projekte/neu")
def new_project(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form."""
    if not rights.may_create(actor):
        raise Forbidden()
    periods = plan.list_periods(session)
    today = clock.today()
    present = next((one for one in periods if (one.starts_on or today) <= today <= (one.ends_on or today)), None)
    return _form(request, actor, _offers(session, actor), Form({"period": present.id if present else ""}))


@router.post("/projekte/neu")
def save_new_project(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Create the project, or show the form again with what was typed."""
    if not rights.may_create(actor):
        raise Forbidden()
    values = _typed(submitted)
    try:
        with database.write() as session:
            project = create_project(session, actor, _read(session, ProjectIn, values))
            project_id = ident(project)
    except Invalid as error:
        with database.read() as session:
            return _form(
                request, actor, _offers(session, actor), Form(values, _named(error, values)), status=error.status
            )
    return done(request, f"/projekte/{project_id}", "Das Projekt ist angelegt.")


@router.get("/projekte/{project_id:int}/bearbeiten")
def edit_project(request: Request, session: ReadSession, actor: CurrentActor, project_id: int) -> Response:
    """The form with the project's data."""
    project = get_project(session, actor, project_id)
    if not rights.may_change(actor, project):
        raise Forbidden()
    view = load_view(session, actor, project)
    return _form(request, actor, _offers(session, actor, project), Form(_stored(view)), project=project)


@router.post("/projekte/{project_id:int}/bearbeiten")
def update_project(
    request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor, project_id: int
) -> Response:
    """Change the project; somebody else's change in between is shown beside what was typed."""
    values = _typed(submitted)
    expected = seen_version(values)
    try:
        with database.write() as session:
            project = lock_project(session, actor, project_id)
            if not rights.may_change(actor, project):
                raise Forbidden()
            change_project(session, actor, project, _read(session, ProjectChange, values), expected=expected)
    except (Invalid, Stale) as error:
        with database.read() as session:
            project = get_project(session, actor, project_id)
            offers = _offers(session, actor, project)
        compare = _compared(values, offers, error.current) if isinstance(error, Stale) else None
        form = Form(values, _named(error, values))
        return _form(request, actor, offers, form, project=project, status=error.status, compare=compare)
    return done(request, f"/projekte/{project_id}", "Die Änderungen sind gespeichert.")


def _typed(submitted: FormData) -> dict[str, Any]:
    return {
        **typed(submitted),
        "fields": [value for value in submitted.getlist("fields") if isinstance(value, str)],
        "partners": [value for value in submitted.getlist("partners") if isinstance(value, str)],
    }


def _stored(view: ProjectView) -> dict[str, Any]:
    project = view.project
    values: dict[str, Any] = {
        "code": project.code,
        "title": project.title,
        "period": project.period_id,
        "field": project.field_id,
        "cluster": project.cluster_id,
        "lead": project.lead_id,
        "starts_on": _iso(project.starts_on),
        "ends_on": _iso(project.ends_on),
        "funding": project.funding,
        "source": project.source,
        "fields": [str(key) for key, _ in view.further_fields],
        "partners": [str(key) for key, _ in view.partners],
        "earlier": "\n".join(f"{code} | {period}" if period else code for code, _, period in view.earlier_codes),
    }
    for place, heir in enumerate(view.successors):
        values |= {
            f"lineage-{place}-to": heir.id,
            f"lineage-{place}-kind": heir.kind.value,
            f"lineage-{place}-since_on": _iso(heir.since_on),
        }
    for place, lead in enumerate(view.leads):
        values |= {
            f"leads-{place}-person": lead.person_id,
            f"leads-{place}-valid_from": _iso(lead.valid_from),
            f"leads-{place}-valid_to": _iso(lead.valid_to),
        }
    return values


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _read(session: Session, shape: type[ProjectIn], values: Mapping[str, Any]) -> Any:
    """The typed project as a wish: an empty field clears, a row without its first field is no row."""
    wish: dict[str, Any] = {name: values.get(name, "").strip() or None for name in PLAIN}
    for name in ("code", "title", "funding", "source"):
        wish[name] = wish[name] or ""
    wish["fields"], wish["partners"] = tuple(values["fields"]), tuple(values["partners"])
    for name in _ROWS:
        wish[name] = [row for _, row in _rows(name, values)]
    wish["earlier_codes"] = _earlier(session, str(values.get("earlier", "")))
    return read(shape, wish)


def _rows(name: str, values: Mapping[str, Any]) -> list[tuple[int, dict[str, str | None]]]:
    """The filled rows of a repeated part, each with its place in the form."""
    first, *_ = names = _ROWS[name]
    found = []
    for place in range(_MOST_ROWS):
        row = {field: str(values.get(f"{name}-{place}-{field}", "")).strip() or None for field in names}
        if row[first] is not None:
            found.append((place, row))
    return found


def _earlier(session: Session, lines: str) -> list[dict[str, Any]]:
    """The earlier numbers, one a line: "7.3" or "7.3 | 2018–2021"."""
    periods = {text.fold(period.name): ident(period) for period in plan.list_periods(session)}
    found = []
    for line in text.clean(lines).splitlines():
        code, _, period = (part.strip() for part in line.partition("|"))
        if period and text.fold(period) not in periods:
            raise Invalid({"earlier": f"Eine Planperiode „{period}“ gibt es nicht."})
        if code:
            found.append({"code": code, "period": periods.get(text.fold(period))})
    return found


def _named(error: SkipError, values: Mapping[str, Any]) -> dict[str, str]:
    """The sentences at the names that fields have in the form."""
    if not isinstance(error, Invalid):
        return {"": error.sentence}
    named: dict[str, str] = {}
    for name, sentence in error.fields.items():
        part = re.fullmatch(r"(lineage|leads)\.(\d+)\.(\w+)", name)
        if part:
            place = _rows(part[1], values)[int(part[2])][0]
            named[f"{part[1]}-{place}-{part[3]}"] = sentence
        else:
            named[re.sub(r"^(fields|partners)\.\d+$", r"\1", re.sub(r"^earlier_codes.*", "earlier", name))] = sentence
    return named


def _compared(values: Mapping[str, Any], offers: Offers, current: Mapping[str, Any]) -> tuple[str, str]:
    """What differs between the typed and the present state, line by line on both sides."""
    mine, theirs = [], []
    for name, label in LABELS.items():
        if name in ("fields", "partners"):
            kind = "field" if name == "fields" else "lead"
            own = ", ".join(offers.name(kind, key).partition(" (")[0] for key in values[name])
            other = ", ".join(current[name])
        elif name in ("period", "field", "cluster", "lead"):
            own, other = offers.name(name, str(values.get(name, ""))), current[name]
            own = own if name in ("period", "lead") else own.partition(" (")[0]
        else:
            own, other = text.one_line(str(values.get(name, ""))), current[name] or ""
        if own != other:
            mine.append(f"{label}: {own or 'leer'}")
            theirs.append(f"{label}: {other or 'leer'}")
    return "\n".join(mine), "\n".join(theirs)


def _offers(session: Session, actor: Actor, project: Project | None = None) -> Offers:
    """What may be chosen today, and what *project* has already though it has ended."""
    today = clock.today()
    chosen = plan.list_further(session, ident(project)) if project else []
    fields = [*chosen, *([project.field_id] if project and project.field_id else [])]
    clusters = [project.cluster_id] if project and project.cluster_id else []
    return Offers(
        period=[(ident(period), period.name) for period in plan.list_periods(session)],
        field=plan.list_all_fields(session, on=today, but=fields),
        cluster=plan.list_all_clusters(session, on=today, but=clusters),
        lead=organisation_choices(session, today),
        persons=plan.list_all_persons(session),
        projects=plan.list_all_projects(session, actor),
    )


def _form(
    request: Request,
    actor: Actor,
    offers: Offers,
    form: Form,
    *,
    project: Project | None = None,
    status: int = 200,
    compare: tuple[str, str] | None = None,
) -> Response:
    home = f"/projekte/{project.id}" if project else "/projekte"
    trail = ((project.code, home), ("Bearbeiten", None)) if project else (("Neu", None),)
    return page(
        request,
        actor,
        "projects/form.html",
        title="Projekt bearbeiten" if project else "Projekt anlegen",
        status=status,
        crumbs=(*HOME, *trail),
        action=f"{home}/bearbeiten" if project else "/projekte/neu",
        home=home,
        form=form,
        offers=offers,
        project=project,
        compare=compare,
        kinds=[(kind.value, word) for kind, word in words.LINEAGES.items()],
        rows={name: range(_count(name, form.values)) for name in _ROWS},
    )


def _count(name: str, values: Mapping[str, Any]) -> int:
    """The filled rows and one more to fill."""
    return min(max((place for place, _ in _rows(name, values)), default=-1) + 2, _MOST_ROWS)
