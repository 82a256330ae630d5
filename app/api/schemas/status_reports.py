"""How programs read status reports, and the wish to accept one."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.thing import PREFIX, Moment, Thing
from app.db import ident
from app.projects.models import Light, Phase, StatusReport, StatusSource, StatusState


class AcceptIn(BaseModel):
    """Accept a report; ``reason`` where it replaces one that counts for the same Stand."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: Annotated[str, Field(max_length=500)] = ""


class StatusReportOut(Thing):
    """A dated status (Sachstandsmeldung); ``as_of`` is its Stand. It counts while it is ``accepted`` and ``valid``.

    ``decision_need``: a text opens or keeps a need, "" withdraws it, null is silent. ``corrects``: the id of the report
    that this one replaces.
    """

    project: int
    as_of: dt.date
    light: Light | None
    light_schedule: Light | None
    light_cost: Light | None
    light_content: Light | None
    phase: Phase | None
    progress: int | None
    summary: str
    next_steps: str
    risks: str
    decision_need: str | None
    state: StatusState
    source: StatusSource
    valid: bool
    corrects: int | None
    correction_reason: str
    rejection_reason: str
    created_at: Moment
    created_by: str


def status_report_out(report: StatusReport) -> StatusReportOut:
    """A readable report."""
    return StatusReportOut(
        id=ident(report),
        url=f"{PREFIX}/projects/{report.project_id}/status-reports/{report.id}",
        page=f"/projekte/{report.project_id}",
        project=report.project_id,
        as_of=report.as_of,
        light=report.light,
        light_schedule=report.light_schedule,
        light_cost=report.light_cost,
        light_content=report.light_content,
        phase=report.phase,
        progress=report.progress,
        summary=report.summary,
        next_steps=report.next_steps,
        risks=report.risks,
        decision_need=report.decision_need,
        state=report.state,
        source=report.source,
        valid=report.valid,
        corrects=report.corrects_id,
        correction_reason=report.correction_reason,
        rejection_reason=report.rejection_reason,
        created_at=report.created_at,
        created_by=report.created_by,
    )
