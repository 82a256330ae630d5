"""Status reports of a project: list, one, enter, accept, reject, correct."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from sqlmodel import Session

from app.actor import Actor
from app.api.answers import listed, shown
from app.api.idempotency import SentOnce
from app.api.paging import ListQuery, Walk
from app.api.schemas.status_reports import AcceptIn, StatusReportOut, status_report_out
from app.api.schemas.thing import Id, Listing
from app.db import ident
from app.projects.models import Project, StatusReport
from app.projects.queries.projects import get_project, get_report, list_reports, lock_project
from app.projects.schemas import CorrectionIn, ReasonIn, StatusIn
from app.projects.service import status
from app.request import CurrentActor, ReadSession, WriteSession

router = APIRouter(prefix="/projects/{project_id}/status-reports", tags=["Sachstandsmeldungen"])


@router.get("", response_model=Listing[StatusReportOut], summary="Sachstandsmeldungen")
def list_them(
    project_id: Id, request: Request, session: ReadSession, actor: CurrentActor, query: Annotated[ListQuery, Query()]
) -> Response:
    """The reports of a project, latest Stand first, corrected ones included."""
    walk = Walk(request, query)
    reports = list_reports(session, actor, get_project(session, actor, project_id))
    page, following = walk.cut(reports, lambda one: (-one.as_of.toordinal(), -ident(one)))
    return listed([status_report_out(one) for one in page], following)


@router.get("/{report_id}", response_model=StatusReportOut, summary="Eine Sachstandsmeldung")
def show_report(project_id: Id, report_id: Id, session: ReadSession, actor: CurrentActor) -> Response:
    """One report."""
    return shown(status_report_out(get_report(session, actor, get_project(session, actor, project_id), report_id)))


@router.post("", response_model=StatusReportOut, status_code=201, summary="Sachstand melden")
def create(project_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: StatusIn) -> Response:
    """A new report: the secretariat's counts at once, the project lead's waits for acceptance."""
    return once.created(
        session,
        lambda: status.enter_status(session, actor, lock_project(session, actor, project_id), wish),
        status_report_out,
    )


@router.post("/{report_id}/accept", response_model=StatusReportOut, summary="Annehmen")
def accept(
    project_id: Id,
    report_id: Id,
    session: WriteSession,
    actor: CurrentActor,
    once: SentOnce,
    wish: Annotated[AcceptIn, Body(default_factory=AcceptIn)],
) -> Response:
    """From now on a submitted report counts."""
    return once.done(
        session,
        lambda: status.accept_status(session, actor, *_lock(session, actor, project_id, report_id), reason=wish.reason),
        status_report_out,
    )


@router.post("/{report_id}/reject", response_model=StatusReportOut, summary="Nicht annehmen")
def reject(
    project_id: Id, report_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: ReasonIn
) -> Response:
    """A submitted report does not count; its lead reads why."""
    return once.done(
        session,
        lambda: status.reject_status(session, actor, *_lock(session, actor, project_id, report_id), reason=wish.reason),
        status_report_out,
    )


@router.post("/{report_id}/correct", response_model=StatusReportOut, status_code=201, summary="Berichtigen")
def correct(
    project_id: Id, report_id: Id, session: WriteSession, actor: CurrentActor, once: SentOnce, wish: CorrectionIn
) -> Response:
    """A new report in place of one that counts, with the reason; the old one stays visible."""
    return once.created(
        session,
        lambda: status.correct_status(session, actor, *_lock(session, actor, project_id, report_id), wish),
        status_report_out,
    )


def _lock(session: Session, actor: Actor, project_id: int, report_id: int) -> tuple[Project, StatusReport]:
    project = lock_project(session, actor, project_id)
    return project, get_report(session, actor, project, report_id)
