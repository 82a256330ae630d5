"""The plan: periods, fields of action and clusters; list, one, create, change, order."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.api.answers import changed, listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.periods import (
    ClusterOut,
    FieldOut,
    PeriodOut,
    PlanOut,
    cluster_out,
    field_out,
    page_of,
    period_out,
    plan_out,
)
from app.api.schemas.thing import Id, Listing
from app.api.versions import MustHaveSeen
from app.db import ident
from app.projects.models import Cluster, PlanField, PlanPeriod
from app.projects.queries import periods as queries
from app.projects.rules import rights
from app.projects.schemas import PartChange, PartIn, PeriodChange, PeriodIn
from app.projects.service import plan as service
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(tags=["Planperioden"])


@router.get("/periods", response_model=Listing[PeriodOut], summary="Planperioden")
def list_them(
    request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The plan periods whose projects you read, in the order in which they were entered."""
    walk = Walk(request, query)
    page, following = walk.cut(queries.list_readable(session, actor), lambda one: (ident(one),))
    return listed([period_out(one) for one in page], following)


@router.get("/periods/{period_id}", response_model=PlanOut, summary="Eine Planperiode mit ihrem Plan")
def show_period(period_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One period with its fields and their clusters, in order."""
    return shown(_show_period(session, queries.get_period(session, actor, period_id)))


@router.post("/periods", response_model=PlanOut, status_code=201, summary="Planperiode anlegen")
def create_period(session: WriteSession, actor: CurrentActor, once: SentOnce, wish: PeriodIn) -> Response:
    """A new period; a secretariat that runs every project may. Periods do not overlap."""

    def act() -> PlanPeriod:
        return service.create_period(session, actor, wish)

    return once.created(session, act, partial(_show_period, session))


@router.patch("/periods/{period_id}", response_model=PlanOut, summary="Planperiode ändern")
def update_period(
    period_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: PeriodChange
) -> Response:
    """Change the given fields."""

    def act() -> PlanPeriod:
        period = queries.lock_period(session, actor, period_id)
        rights.require_run_period(actor, period_id)
        seen.check(period.version, lambda: _show_period(session, period))
        return service.change_period(session, actor, period, wish)

    return changed(session, act, partial(_show_period, session))


@router.post("/periods/{period_id}/fields", response_model=FieldOut, status_code=201, summary="Handlungsfeld anlegen")
def create_field(period_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: PartIn) -> Response:
    """A new field of action at the end of its period."""

    def act() -> PlanField:
        return service.create_field(session, actor, queries.lock_period(session, actor, period_id), wish)

    return once.created(session, act, field_out)


@router.get("/fields/{field_id}", response_model=FieldOut, summary="Ein Handlungsfeld")
def show_field(field_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One field of action."""
    return shown(field_out(queries.get_field(session, actor, field_id)))


@router.patch("/fields/{field_id}", response_model=FieldOut, summary="Handlungsfeld ändern")
def update_field(
    field_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: PartChange
) -> Response:
    """Change name, last day or place among the fields of the period."""

    def act() -> PlanField:
        field = queries.lock_field(session, actor, field_id)
        rights.require_run_period(actor, field.period_id)
        seen.check(field.version, lambda: field_out(field))
        service.change_part(session, actor, field, wish)
        return field

    return changed(session, act, field_out)


@router.post("/fields/{field_id}/clusters", response_model=ClusterOut, status_code=201, summary="Themencluster anlegen")
def create_cluster(field_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: PartIn) -> Response:
    """A new cluster at the end of its field."""

    def act() -> Cluster:
        return service.create_cluster(session, actor, queries.lock_field(session, actor, field_id), wish)

    return once.created(session, act, partial(_show_cluster, session))


@router.get("/clusters/{cluster_id}", response_model=ClusterOut, summary="Ein Themencluster")
def show_cluster(cluster_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One cluster."""
    return shown(_show_cluster(session, queries.get_cluster(session, actor, cluster_id)))


@router.patch("/clusters/{cluster_id}", response_model=ClusterOut, summary="Themencluster ändern")
def update_cluster(
    cluster_id: Id, session: WriteSession, actor: CurrentActor, seen: MustHaveSeen, wish: PartChange
) -> Response:
    """Change name, last day or place among the clusters of the field."""

    def act() -> Cluster:
        cluster = queries.lock_cluster(session, actor, cluster_id)
        rights.require_run_period(actor, queries.period_of(session, cluster))
        seen.check(cluster.version, lambda: _show_cluster(session, cluster))
        service.change_part(session, actor, cluster, wish)
        return cluster

    return changed(session, act, partial(_show_cluster, session))


def _show_period(session: Session, period: PlanPeriod) -> PlanOut:
    return plan_out(period, queries.load_branches(session, ident(period)))


def _show_cluster(session: Session, cluster: Cluster) -> ClusterOut:
    return cluster_out(cluster, page_of(queries.period_of(session, cluster)))
