"""What the secretariat does with projects themselves: create and change them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Stale
from app.history.service import record
from app.people.queries import live_organisations
from app.projects.models import (
    PlanField,
    Project,
    ProjectCode,
    ProjectField,
    ProjectLead,
    ProjectLineage,
    ProjectPartner,
)
from app.projects.queries import plan
from app.projects.queries.projects import find_project, list_codes
from app.projects.rules import rights
from app.projects.rules.plan import ended_before
from app.projects.schemas import EarlierCode, ProjectChange, ProjectIn
from app.projects.service.milestones import tell_end

_COLUMNS = {
    "code": "code",
    "title": "title",
    "period": "period_id",
    "field": "field_id",
    "cluster": "cluster_id",
    "lead": "lead_id",
    "starts_on": "starts_on",
    "funding": "funding",
    "source": "source",
}
_UNKNOWN = "Diese Angabe gibt es nicht mehr. Bitte wählen Sie neu."


def create_project(session: Session, actor: Actor, wish: ProjectIn) -> Project:
    """A new project of the plan. Invalid for a number that its period has already, or for what does not fit."""
    if not rights.may_run_period(actor, wish.period):
        raise Forbidden()
    project = Project(code=wish.code, code_key="", title=wish.title, title_key="", stated_on=clock.today())
    given = {name: getattr(wish, name) for name in type(wish).model_fields}
    _check(session, actor, project, given)
    _fill(project, given)
    session.add(project)
    session.flush()
    _link(session, actor, project, given)
    tell_end(session, project, wish.ends_on, told_on=clock.today())
    session.flush()
    record(
        session, actor, "project.create", project, after=plan.describe_project(session, project), label=_label(project)
    )
    return project


def change_project(
    session: Session, actor: Actor, project: Project, wish: ProjectChange, *, expected: int | None = None
) -> Project:
    """Change the given fields; *project* is locked by the caller.

    A number that is given up stays findable as an earlier one. Stale if the version is not the *expected* one.
    """
    given = wish.model_dump(exclude_unset=True)
    given = {name: getattr(wish, name) for name in given}
    period = given.get("period", project.period_id)
    if not (rights.may_change(actor, project) and rights.may_run_period(actor, period)):
        raise Forbidden()
    before = plan.describe_project(session, project)
    if expected is not None and expected != project.version:
        raise Stale(before)
    _check(session, actor, project, given)
    if given.get("code", project.code) != project.code or period != project.period_id:
        _keep_number(session, project, given)
    _fill(project, given)
    session.add(project)
    _link(session, actor, project, given)
    if "ends_on" in given and given["ends_on"] != project.ends_on:
        tell_end(session, project, given["ends_on"], told_on=clock.today())
    session.flush()
    after = plan.describe_project(session, project)
    if after != before:
        project.stated_on = clock.today()
        flag_modified(project, "stated_on")  # lets the version rise, also where only lists below the row changed
        session.flush()
        record(session, actor, "project.change", project, before=before, after=after, label=_label(project))
    return project


def _fill(project: Project, given: dict[str, Any]) -> None:
    for name, column in _COLUMNS.items():
        if name in given:
            setattr(project, column, given[name])
    project.code_key, project.title_key = text.number_key(project.code), text.sort_key(project.title)


def _check(session: Session, actor: Actor, project: Project, given: dict[str, Any]) -> None:
    """Everything that only the database can tell; Invalid with a sentence per field."""
    period = given.get("period", project.period_id)
    code = given.get("code", project.code)
    errors: dict[str, str] = {}
    if period is not None and plan.find_period(session, period) is None:
        errors["period"] = _UNKNOWN
    elif find_project(session, code, period, but=project.id):
        errors["code"] = f"Die Nummer {code} gibt es in dieser Planperiode schon."
    errors |= _field_errors(session, project, given, period)
    errors |= _institution_errors(session, given) | _lineage_errors(session, actor, project, given)
    starts, ends = given.get("starts_on", project.starts_on), given.get("ends_on", project.ends_on)
    if starts and ends and ends < starts:
        errors["ends_on"] = "Das Ende liegt vor dem Beginn."
    if errors:
        raise Invalid(errors)


def _field_errors(session: Session, project: Project, given: dict[str, Any], period: int | None) -> dict[str, str]:
    main = given.get("field", project.field_id)
    wanted = [one for one in (main, *given.get("fields", ())) if one is not None]
    known = plan.load_fields(session, wanted)
    errors: dict[str, str] = {}
    if main is not None and main not in known:
        errors["field"] = _UNKNOWN
    elif main is not None and known[main].period_id not in (None, period):
        errors["field"] = "Dieses Handlungsfeld gehört zu einer anderen Planperiode."
    elif main is not None and main != project.field_id and (end := ended_before(known[main], clock.today())):
        errors["field"] = f"Dieses Handlungsfeld galt bis {text.date(end)}. Bitte wählen Sie ein anderes."
    if any(one not in known or known[one].period_id not in (None, period) for one in given.get("fields", ())):
        errors["fields"] = "Ein weiteres Handlungsfeld gehört nicht zu dieser Planperiode."
    else:
        errors |= _ended_further(session, project, given, known)
    cluster_id = given.get("cluster", project.cluster_id)
    if cluster_id is not None:
        cluster = plan.find_cluster(session, cluster_id)
        if cluster is None:
            errors["cluster"] = _UNKNOWN
        elif cluster.field_id is not None and cluster.field_id not in wanted:
            errors["cluster"] = "Dieses Themencluster gehört zu einem anderen Handlungsfeld."
        elif cluster_id != project.cluster_id and (end := ended_before(cluster, clock.today())):
            errors["cluster"] = f"Dieses Themencluster galt bis {text.date(end)}. Bitte wählen Sie ein anderes."
    return errors


def _ended_further(
    session: Session, project: Project, given: dict[str, Any], known: Mapping[int, PlanField]
) -> dict[str, str]:
    """Why a further field cannot be taken: it has ended, and the project was not in it."""
    kept = {project.field_id, *(plan.list_further(session, ident(project)) if project.id else ())}
    for one in given.get("fields", ()):
        end = ended_before(known[one], clock.today())
        if end and one not in kept:
            return {"fields": f"„{known[one].name}“ galt bis {text.date(end)}. Bitte lassen Sie es weg."}
    return {}


def _institution_errors(session: Session, given: dict[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    lead, partners = given.get("lead"), set(given.get("partners", ()))
    live = live_organisations(session, partners | ({lead} if lead is not None else set()))
    if lead is not None and lead not in live:
        errors["lead"] = _UNKNOWN
    if partners - live:
        errors["partners"] = _UNKNOWN
    leads = given.get("leads", ())
    persons = {one.person for one in leads}
    if persons - plan.known_persons(session, persons):
        errors["leads"] = _UNKNOWN
    if any(one.valid_from and one.valid_to and one.valid_to < one.valid_from for one in leads):
        errors["leads"] = "Bei der Projektleitung liegt das Ende vor dem Beginn."
    return errors


def _lineage_errors(session: Session, actor: Actor, project: Project, given: dict[str, Any]) -> dict[str, str]:
    heirs = {one.to for one in given.get("lineage", ())}
    if project.id in heirs:
        return {"lineage": "Ein Projekt kann nicht in sich selbst übergehen."}
    if heirs - plan.known_projects(session, actor, heirs):
        return {"lineage": _UNKNOWN}
    return {}


def _link(session: Session, actor: Actor, project: Project, given: dict[str, Any]) -> None:
    """Replace the given lists below the project whole; heirs that the actor cannot see stay."""
    key = ident(project)
    rows: dict[type, list[Any]] = {}
    if "fields" in given:
        further = dict.fromkeys(one for one in given["fields"] if one != project.field_id)
        rows[ProjectField] = [ProjectField(project_id=key, field_id=one, position=at) for at, one in enumerate(further)]
    if "partners" in given:
        partners = dict.fromkeys(given["partners"])
        rows[ProjectPartner] = [
            ProjectPartner(project_id=key, organisation_id=one, position=at) for at, one in enumerate(partners)
        ]
    if "earlier_codes" in given:
        codes = dict.fromkeys((one.code, one.period) for one in given["earlier_codes"])
        rows[ProjectCode] = [ProjectCode(project_id=key, code=code, period_id=period) for code, period in codes]
    if "lineage" in given:
        heirs = {one.to: one for one in given["lineage"]}
        rows[ProjectLineage] = [
            ProjectLineage(from_id=key, to_id=to, kind=one.kind, since_on=one.since_on) for to, one in heirs.items()
        ]
    if "leads" in given:
        rows[ProjectLead] = [
            ProjectLead(project_id=key, person_id=one.person, valid_from=one.valid_from, valid_to=one.valid_to)
            for one in given["leads"]
        ]
    if rows:
        old = [row for kind, found in plan.load_links(session, key).items() if kind in rows for row in found]
        before = [row.to_id for row in old if isinstance(row, ProjectLineage)]
        unseen = set(before) - plan.known_projects(session, actor, before)
        _replace(session, (row for row in old if not (isinstance(row, ProjectLineage) and row.to_id in unseen)))
        session.add_all(row for made in rows.values() for row in made)


def _replace(session: Session, rows: Iterable[Any]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()


def _keep_number(session: Session, project: Project, given: dict[str, Any]) -> None:
    """Let the number that is given up stay findable."""
    old = (project.code, project.period_id)
    if "earlier_codes" in given:
        kept = [(one.code, one.period) for one in given["earlier_codes"]]
        if old not in kept:
            given["earlier_codes"] = (*given["earlier_codes"], EarlierCode(code=old[0], period=old[1]))
    elif old not in [(row.code, row.period_id) for row in list_codes(session, ident(project))]:
        session.add(ProjectCode(project_id=ident(project), code=old[0], period_id=old[1]))


def _label(project: Project) -> str:
    return f"{project.code} {project.title}"[:200]
