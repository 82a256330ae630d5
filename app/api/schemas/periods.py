"""How programs read the plan: periods with their fields of action and clusters."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.api.schemas.thing import PREFIX, Thing
from app.db import ident
from app.projects.models import Cluster, PlanField, PlanPeriod
from app.projects.queries.periods import Branch

PAGES = "/projekte/planperioden"


class ClusterOut(Thing):
    """A cluster of a field; after ``ends_on`` no project comes into it."""

    name: str
    field: int | None
    position: int
    ends_on: dt.date | None


class FieldOut(Thing):
    """A field of action of a period; after ``ends_on`` no project comes into it."""

    name: str
    period: int | None
    position: int
    ends_on: dt.date | None


class BranchOut(FieldOut):
    """A field with its clusters in their order."""

    clusters: list[ClusterOut]


class PeriodOut(Thing):
    """A plan period."""

    name: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    source: str


class PlanOut(PeriodOut):
    """A plan period with its fields in their order."""

    fields: list[BranchOut]


def period_out(period: PlanPeriod) -> PeriodOut:
    """A period without its fields."""
    return PeriodOut(**_period(period))


def plan_out(period: PlanPeriod, branches: Sequence[Branch]) -> PlanOut:
    """A period with everything below it."""
    page = f"{PAGES}/{period.id}"
    fields = [
        BranchOut(**_field(one.row), clusters=[cluster_out(cluster, page) for cluster in one.clusters])
        for one in branches
    ]
    return PlanOut(**_period(period), fields=fields)


def field_out(field: PlanField) -> FieldOut:
    """A field of action."""
    return FieldOut(**_field(field))


def cluster_out(cluster: Cluster, page: str) -> ClusterOut:
    """A cluster; *page* is that of its period."""
    return ClusterOut(
        id=ident(cluster),
        version=cluster.version,
        url=f"{PREFIX}/clusters/{cluster.id}",
        page=f"{page}#cluster-{cluster.id}",
        name=cluster.name,
        field=cluster.field_id,
        position=cluster.position,
        ends_on=cluster.ends_on,
    )


def page_of(period_id: int | None) -> str:
    """The page of a period; the list for what has none."""
    return f"{PAGES}/{period_id}" if period_id else PAGES


def _period(period: PlanPeriod) -> dict[str, Any]:
    return {
        "id": ident(period),
        "version": period.version,
        "url": f"{PREFIX}/periods/{period.id}",
        "page": page_of(period.id),
        "name": period.name,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "source": period.source,
    }


def _field(field: PlanField) -> dict[str, Any]:
    return {
        "id": ident(field),
        "version": field.version,
        "url": f"{PREFIX}/fields/{field.id}",
        "page": f"{page_of(field.period_id)}#plan_field-{field.id}",
        "name": field.name,
        "period": field.period_id,
        "position": field.position,
        "ends_on": field.ends_on,
    }
