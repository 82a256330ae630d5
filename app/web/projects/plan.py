"""The plan behind the projects: periods, fields of action and clusters, shown to readers and edited by secretariats."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import Database, ident
from app.errors import Forbidden, Invalid, Refused, SkipError, Stale
from app.projects.models import Cluster, PlanField, PlanPeriod
from app.projects.queries import periods as queries
from app.projects.rules import rights
from app.projects.schemas import PartChange, PartIn, PeriodChange, PeriodIn
from app.projects.service import plan as service
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.validation import read
from app.web.forms import Form, differing, iso, seen_version, typed, typed_number
from app.web.history import history_of, in_words, reads_history
from app.web.projects.pages import HOME
from app.web.respond import done, page

router = APIRouter()

PERIODS = "/projekte/planperioden"
FIELDS = "/projekte/handlungsfelder"
CLUSTERS = "/projekte/themencluster"
PLACE = ("Planperioden", PERIODS)
OPTIONAL_DAYS = ("starts_on", "ends_on")
Lines = list[dict[str, Any]]


@router.get(PERIODS)
def show_periods(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The plan periods that the reader may know, with fields that belong to none."""
    counts, periods = queries.count_projects(session), queries.list_readable(session, actor)
    alone = queries.load_branches(session, None) if periods else []
    return page(
        request,
        actor,
        "plan/list.html",
        title="Planperioden",
        crumbs=(*HOME, ("Planperioden", None)),
        periods=[(one, text.validity(one.starts_on, one.ends_on), counts.get(ident(one), 0)) for one in periods],
        branches=_lines(alone),
        today=clock.today(),
        may_change=actor.is_secretariat,
        may_create=rights.may_create_period(actor),
    )


@router.get(f"{PERIODS}/neu")
def new_period(request: Request, actor: CurrentActor) -> Response:
    """The empty form of a period."""
    return _period_form(request, actor, Form())


@router.post(f"{PERIODS}/neu")
def create_period(request: Request, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """A new period, or the form again with what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            made = ident(service.create_period(session, actor, read(PeriodIn, _period_wish(values))))
    except Invalid as error:
        return _period_form(request, actor, Form(values, error.fields), status=error.status)
    return done(request, f"{PERIODS}/{made}", "Die Planperiode ist angelegt. Ergänzen Sie ihre Handlungsfelder.")


@router.get(PERIODS + "/{period_id:int}")
def show_period(request: Request, period_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One period with its fields and clusters in their order, each with its number of projects."""
    period = queries.get_period(session, actor, period_id)
    branches = queries.load_branches(session, period_id)
    parts = {
        "plan_field": [ident(one.row) for one in branches],
        "cluster": [ident(cluster) for one in branches for cluster in one.clusters],
    }
    return page(
        request,
        actor,
        "plan/show.html",
        title=f"Planperiode {period.name}",
        crumbs=(*HOME, PLACE, (period.name, None)),
        period=period,
        when=text.validity(period.starts_on, period.ends_on),
        projects=queries.count_projects(session).get(period_id, 0),
        branches=_lines(branches),
        today=clock.today(),
        may_change=rights.may_run_period(actor, period_id),
        lines=history_of(session, actor, "plan_period", period_id, also=parts) if reads_history(actor) else [],
    )


@router.get(PERIODS + "/{period_id:int}/bearbeiten")
def edit_period(request: Request, period_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form with the period's data."""
    period = queries.get_period(session, actor, period_id)
    return _period_form(request, actor, Form(_stored(period, service.PERIOD_FIELDS)), period=period)


@router.post(PERIODS + "/{period_id:int}/bearbeiten")
def update_period(
    request: Request, period_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Change the period; somebody else's change in between is shown beside what was typed."""
    values = typed(submitted)

    def act(session: Session) -> str:
        period = queries.lock_period(session, actor, period_id)
        rights.require_run_period(actor, period_id)
        wish = read(PeriodChange, _period_wish(values))
        service.change_period(session, actor, period, wish, expected=seen_version(values))
        return f"{PERIODS}/{period_id}"

    def again(session: Session, error: SkipError) -> Response:
        period = queries.get_period(session, actor, period_id)
        compare = _compared(error, lambda: service.describe_period(read(PeriodIn, _period_wish(values))))
        form = Form(values, error.by_field)
        return _period_form(request, actor, form, period=period, compare=compare, status=error.status)

    return _do(request, database, act, again, "Die Planperiode ist gespeichert.")


@router.post(PERIODS + "/{period_id:int}/loeschen")
def delete_period(request: Request, period_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Remove the period, if nothing needs it; else the form says what does."""

    def act(session: Session) -> str:
        service.delete_period(session, actor, queries.lock_period(session, actor, period_id))
        return PERIODS

    def again(session: Session, error: SkipError) -> Response:
        period = queries.get_period(session, actor, period_id)
        form = Form(_stored(period, service.PERIOD_FIELDS), error.by_field)
        return _period_form(request, actor, form, period=period, status=error.status)

    return _do(request, database, act, again, "Die Planperiode ist entfernt.")


@router.get(PERIODS + "/{period_id:int}/handlungsfelder/neu")
def new_field(request: Request, period_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form of a field."""
    return _new_part(request, session, actor, queries.get_period(session, actor, period_id), Form())


@router.post(PERIODS + "/{period_id:int}/handlungsfelder/neu")
def create_field(
    request: Request, period_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A new field at the end of the period."""
    values = typed(submitted)

    def act(session: Session) -> str:
        period = queries.lock_period(session, actor, period_id)
        rights.require_run_period(actor, period_id)
        service.create_field(session, actor, period, read(PartIn, _part_wish(values)))
        return f"{PERIODS}/{period_id}"

    def again(session: Session, error: SkipError) -> Response:
        period = queries.get_period(session, actor, period_id)
        return _new_part(request, session, actor, period, Form(values, error.by_field), status=error.status)

    return _do(request, database, act, again, "Das Handlungsfeld ist angelegt.")


@router.get(FIELDS + "/{field_id:int}/bearbeiten")
def edit_field(request: Request, field_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form with the field's data."""
    return _edit_part(request, session, actor, queries.get_field(session, actor, field_id))


@router.post(FIELDS + "/{field_id:int}/bearbeiten")
def update_field(
    request: Request, field_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Change the field; somebody else's change in between is shown beside what was typed."""
    return _update_part(request, database, actor, (queries.get_field, queries.lock_field, field_id), typed(submitted))


@router.post(FIELDS + "/{field_id:int}/platz")
def move_field(
    request: Request, field_id: int, submitted: Submitted, session: WriteSession, actor: CurrentActor
) -> Response:
    """The field one place up or down, or to a place among the fields of its period."""
    return _move_part(request, session, actor, queries.lock_field(session, actor, field_id), typed(submitted))


@router.post(FIELDS + "/{field_id:int}/loeschen")
def delete_field(request: Request, field_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Remove the field, if nothing needs it; else the form says what does."""
    return _delete_part(request, database, actor, (queries.get_field, queries.lock_field, field_id))


@router.get(FIELDS + "/{field_id:int}/themencluster/neu")
def new_cluster(request: Request, field_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form of a cluster."""
    return _new_part(request, session, actor, queries.get_field(session, actor, field_id), Form())


@router.post(FIELDS + "/{field_id:int}/themencluster/neu")
def create_cluster(
    request: Request, field_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A new cluster at the end of the field."""
    values = typed(submitted)

    def act(session: Session) -> str:
        field = queries.lock_field(session, actor, field_id)
        rights.require_run_period(actor, field.period_id)
        service.create_cluster(session, actor, field, read(PartIn, _part_wish(values)))
        return _home(session, field)

    def again(session: Session, error: SkipError) -> Response:
        field = queries.get_field(session, actor, field_id)
        return _new_part(request, session, actor, field, Form(values, error.by_field), status=error.status)

    return _do(request, database, act, again, "Das Themencluster ist angelegt.")


@router.get(CLUSTERS + "/{cluster_id:int}/bearbeiten")
def edit_cluster(request: Request, cluster_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The form with the cluster's data."""
    return _edit_part(request, session, actor, queries.get_cluster(session, actor, cluster_id))


@router.post(CLUSTERS + "/{cluster_id:int}/bearbeiten")
def update_cluster(
    request: Request, cluster_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Change the cluster; somebody else's change in between is shown beside what was typed."""
    found = (queries.get_cluster, queries.lock_cluster, cluster_id)
    return _update_part(request, database, actor, found, typed(submitted))


@router.post(CLUSTERS + "/{cluster_id:int}/platz")
def move_cluster(
    request: Request, cluster_id: int, submitted: Submitted, session: WriteSession, actor: CurrentActor
) -> Response:
    """The cluster one place up or down, or to a place among the clusters of its field."""
    return _move_part(request, session, actor, queries.lock_cluster(session, actor, cluster_id), typed(submitted))


@router.post(CLUSTERS + "/{cluster_id:int}/loeschen")
def delete_cluster(request: Request, cluster_id: int, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """Remove the cluster, if nothing needs it; else the form says what does."""
    return _delete_part(request, database, actor, (queries.get_cluster, queries.lock_cluster, cluster_id))


# --- what fields and clusters share

Part = PlanField | Cluster
Found = tuple[Callable[[Session, Actor, int], Part], Callable[[Session, Actor, int], Part], int]
"""How a part is read, how it is locked, and its id."""


def _update_part(
    request: Request, database: Database, actor: Actor, found: Found, values: Mapping[str, str]
) -> Response:
    get, lock, key = found

    def act(session: Session) -> str:
        part = lock(session, actor, key)
        rights.require_run_period(actor, queries.period_of(session, part))
        wish = read(PartChange, _part_wish(values))
        service.change_part(session, actor, part, wish, expected=seen_version(values))
        return _home(session, part)

    def again(session: Session, error: SkipError) -> Response:
        compare = _compared(error, lambda: service.describe_part(read(PartIn, _part_wish(values))))
        form = Form(values, error.by_field)
        return _edit_part(request, session, actor, get(session, actor, key), form, compare, error.status)

    return _do(request, database, act, again, "Die Änderung ist gespeichert.")


def _delete_part(request: Request, database: Database, actor: Actor, found: Found) -> Response:
    get, lock, key = found

    def act(session: Session) -> str:
        part = lock(session, actor, key)
        home = _home(session, part)
        service.delete_part(session, actor, part)
        return home

    def again(session: Session, error: SkipError) -> Response:
        part = get(session, actor, key)
        form = Form(_stored(part, service.PART_FIELDS), error.by_field)
        return _edit_part(request, session, actor, part, form, None, error.status)

    return _do(request, database, act, again, "Der Eintrag ist entfernt.")


def _move_part(request: Request, session: Session, actor: Actor, part: Part, values: Mapping[str, str]) -> Response:
    """Up, down (``move``), or to a ``position`` where it was dropped."""
    ids = [one.id for one in queries.siblings(session, part)]
    present = ids.index(part.id) + 1
    wanted = {"up": present - 1, "down": present + 1}.get(
        values.get("move", ""), typed_number(values.get("position", "")) or present
    )
    service.change_part(session, actor, part, PartChange(position=max(wanted, 1)))
    return done(request, f"{_home(session, part)}#{part.__tablename__}-{part.id}")


def _do(
    request: Request,
    database: Database,
    act: Callable[[Session], str],
    again: Callable[[Session, SkipError], Response],
    words: str,
) -> Response:
    """Do it and go where *act* says, with a word of success; what does not hold is shown in the form again."""
    try:
        with database.write() as session:
            address = act(session)
    except (Invalid, Refused, Stale) as error:
        with database.read() as session:
            return again(session, error)
    return done(request, address, words)


def _lines(branches: list[queries.Branch]) -> Lines:
    return [
        {
            "row": one.row,
            "projects": one.projects.get(None, 0),
            "clusters": [(cluster, one.projects.get(ident(cluster), 0)) for cluster in one.clusters],
        }
        for one in branches
    ]


def _home(session: Session, part: Part) -> str:
    """The page on which a part stands."""
    period_id = queries.period_of(session, part)
    return f"{PERIODS}/{period_id}" if period_id else PERIODS


def _stored(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: iso(getattr(thing, name)) for name in names}


def _period_wish(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: values.get(name, "") or (None if name in OPTIONAL_DAYS else "") for name in service.PERIOD_FIELDS}


def _part_wish(values: Mapping[str, str]) -> dict[str, Any]:
    return {"name": values.get("name", ""), "ends_on": values.get("ends_on") or None}


def _compared(error: SkipError, mine: Callable[[], dict[str, Any]]) -> tuple[str, str] | None:
    return differing(mine(), error.current, in_words) if isinstance(error, Stale) else None


def _period_form(
    request: Request,
    actor: Actor,
    form: Form,
    *,
    period: PlanPeriod | None = None,
    compare: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    if period is None and not rights.may_create_period(actor):
        raise Forbidden("Eine Planperiode legt eine Geschäftsstelle an, deren Gremium alle Projekte steuert.")
    if period is not None:
        rights.require_run_period(actor, ident(period))
    home = f"{PERIODS}/{period.id}" if period else PERIODS
    trail = ((period.name, home), ("Bearbeiten", None)) if period else (("Neu", None),)
    return page(
        request,
        actor,
        "plan/period_form.html",
        title="Planperiode bearbeiten" if period else "Planperiode anlegen",
        status=status,
        crumbs=(*HOME, PLACE, *trail),
        action=f"{home}/bearbeiten" if period else f"{PERIODS}/neu",
        home=home,
        form=form,
        period=period,
        compare=compare,
    )


def _new_part(
    request: Request, session: Session, actor: Actor, above: PlanPeriod | PlanField, form: Form, *, status: int = 200
) -> Response:
    is_field = isinstance(above, PlanPeriod)
    period = above if isinstance(above, PlanPeriod) else _period_above(session, above)
    rights.require_run_period(actor, period.id if period else None)
    action = f"{PERIODS}/{above.id}/handlungsfelder/neu" if is_field else f"{FIELDS}/{above.id}/themencluster/neu"
    return page(
        request,
        actor,
        "plan/part_form.html",
        title="Handlungsfeld anlegen" if is_field else "Themencluster anlegen",
        status=status,
        crumbs=(*_trail(period), ("Neu", None)),
        above=above.name,
        action=action,
        home=f"{PERIODS}/{period.id}" if period else PERIODS,
        form=form,
        part=None,
        compare=None,
    )


def _edit_part(
    request: Request,
    session: Session,
    actor: Actor,
    part: Part,
    form: Form | None = None,
    compare: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    field = part if isinstance(part, PlanField) else session.get(PlanField, part.field_id or 0)
    period = _period_above(session, field) if field else None
    rights.require_run_period(actor, period.id if period else None)
    is_field = isinstance(part, PlanField)
    address = f"{FIELDS if is_field else CLUSTERS}/{part.id}"
    above = period if is_field else field
    return page(
        request,
        actor,
        "plan/part_form.html",
        title="Handlungsfeld bearbeiten" if is_field else "Themencluster bearbeiten",
        status=status,
        crumbs=(*_trail(period), (part.name, None)),
        above=above.name if above else "",
        action=f"{address}/bearbeiten",
        home=_home(session, part),
        delete=f"{address}/loeschen",
        form=form or Form(_stored(part, service.PART_FIELDS)),
        part=part,
        compare=compare,
    )


def _period_above(session: Session, field: PlanField) -> PlanPeriod | None:
    return session.get(PlanPeriod, field.period_id) if field.period_id is not None else None


def _trail(period: PlanPeriod | None) -> tuple[tuple[str, str | None], ...]:
    return (*HOME, PLACE, *(((period.name, f"{PERIODS}/{period.id}"),) if period else ()))
