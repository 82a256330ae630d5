"""What people do with status reports: enter, accept, refuse, correct."""

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.history.models import Reach
from app.history.service import record, snapshot
from app.projects.models import Project, StatusReport, StatusState
from app.projects.queries.projects import find_valid_report, list_reports
from app.projects.rules import rights
from app.projects.schemas import CorrectionIn, StatusIn
from app.projects.service.needs import refresh_needs

VALUES = (
    "as_of",
    "light",
    "light_schedule",
    "light_cost",
    "light_content",
    "phase",
    "progress",
    "summary",
    "next_steps",
    "risks",
    "decision_need",
)
SHOWN = (*VALUES, "state")


def enter_status(session: Session, actor: Actor, project: Project, wish: StatusIn) -> StatusReport:
    """A new report: the secretariat's counts at once, the lead's waits for it; *project* is locked by the caller.

    Invalid for a Stand in the future, an empty report, and a Stand that has a report already.
    """
    if not rights.may_enter_status(actor, project):
        raise Forbidden()
    _check(wish)
    source, state = rights.origin_of(actor, project)
    if state is StatusState.ACCEPTED and find_valid_report(session, ident(project), wish.as_of):
        raise Invalid({"as_of": _taken(wish)})
    report = StatusReport(
        project_id=ident(project),
        source=source,
        state=state,
        created_at=clock.now(),
        created_by=actor.name,
        **_values(wish),
    )
    if state is StatusState.SUBMITTED and _sent_already(session, actor, project, report):
        raise Refused("Genau diese Meldung liegt der Geschäftsstelle schon vor.")
    store_report(session, report)
    _record(session, actor, "project.status.enter", project, report, {})
    _refresh(session, report)
    return report


def accept_status(
    session: Session, actor: Actor, project: Project, report: StatusReport, *, reason: str = ""
) -> StatusReport:
    """The secretariat accepts a submitted report: from now on it counts; *project* is locked by the caller.

    Where its Stand has a report already, the accepted one corrects it and needs a reason.
    """
    _require_waiting(actor, project, report)
    reason = text.one_line(reason)
    existing = find_valid_report(session, ident(project), report.as_of)
    if existing is not None and not reason:
        day = text.date(report.as_of)
        raise Invalid(
            {"reason": f"Zum Stand {day} zählt schon eine Meldung. Nennen Sie den Grund, aus dem diese sie berichtigt."}
        )
    before = snapshot(report, *SHOWN)
    if existing is not None:
        _replace(session, existing)
        report.corrects_id, report.correction_reason = existing.id, reason[:500]
    report.state = StatusState.ACCEPTED
    store_report(session, report)
    _record(session, actor, "project.status.accept", project, report, before, reason=reason)
    _refresh(session, report)
    return report


def reject_status(
    session: Session, actor: Actor, project: Project, report: StatusReport, *, reason: str
) -> StatusReport:
    """The secretariat refuses a submitted report and says why; it stays, for its lead to read."""
    _require_waiting(actor, project, report)
    before = snapshot(report, *SHOWN)
    report.state, report.rejection_reason = StatusState.REJECTED, text.one_line(reason)[:500]
    session.add(report)
    _record(session, actor, "project.status.reject", project, report, before, reason=report.rejection_reason)
    return report


def correct_status(
    session: Session, actor: Actor, project: Project, report: StatusReport, wish: CorrectionIn
) -> StatusReport:
    """A report that replaces a counting one (Berichtigung): the old one stays visible, rules see the new one.

    *project* is locked by the caller. Invalid where nothing differs or another report has the wished Stand.
    """
    if not rights.may_change(actor, project):
        raise Forbidden()
    if not report.valid or report.state is not StatusState.ACCEPTED:
        raise Refused("Diese Meldung zählt nicht mehr; berichtigt wird nur die gültige Meldung eines Standes.")
    _check(wish)
    values = _values(wish)
    if values == {name: getattr(report, name) for name in VALUES}:
        raise Invalid({"": "Sie haben nichts geändert."})
    if wish.as_of != report.as_of and find_valid_report(session, ident(project), wish.as_of):
        raise Invalid({"as_of": _taken(wish)})
    before = snapshot(report, *SHOWN)
    _replace(session, report)
    corrected = StatusReport(
        project_id=ident(project),
        source=rights.origin_of(actor, project)[0],
        state=StatusState.ACCEPTED,
        corrects_id=report.id,
        correction_reason=wish.reason,
        created_at=clock.now(),
        created_by=actor.name,
        **values,
    )
    store_report(session, corrected)
    _record(session, actor, "project.status.correct", project, corrected, before, reason=wish.reason)
    _refresh(session, corrected)
    return corrected


def store_report(session: Session, report: StatusReport) -> None:
    """Write a report; Refused with a sentence if somebody else's of the same Stand got there first."""
    session.add(report)
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_status_report_valid" in str(error.orig) or "status_report.as_of" in str(error.orig):
            raise Refused(
                f"Zum Stand {text.date(report.as_of)} hat gerade jemand anders gemeldet. "
                "Laden Sie das Projekt neu, und berichtigen Sie die Meldung, wenn sie nicht stimmt."
            ) from None
        raise


def _check(wish: StatusIn) -> None:
    if wish.as_of > clock.today():
        raise Invalid({"as_of": "Der Stand liegt in der Zukunft. Bitte wählen Sie heute oder einen früheren Tag."})
    told = wish.model_dump(exclude={"as_of", "reason", "decision_need"})
    if wish.decision_need is None and all(value in (None, "") for value in told.values()):
        raise Invalid(
            {"": "Die Meldung ist leer. Wählen Sie mindestens eine Ampel oder Phase, oder schreiben Sie einen Satz."}
        )


def _values(wish: StatusIn) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in VALUES}


def _taken(wish: StatusIn) -> str:
    return f"Zum Stand {text.date(wish.as_of)} gibt es schon eine Meldung. Bitte berichtigen Sie diese."


def _sent_already(session: Session, actor: Actor, project: Project, report: StatusReport) -> bool:
    same = {name: getattr(report, name) for name in VALUES}
    return any(
        other.state is StatusState.SUBMITTED and same == {name: getattr(other, name) for name in VALUES}
        for other in list_reports(session, actor, project)
    )


def _replace(session: Session, report: StatusReport) -> None:
    """Let a report count no more, before its successor is written: the index allows only one."""
    report.valid = False
    session.add(report)
    session.flush()


def _require_waiting(actor: Actor, project: Project, report: StatusReport) -> None:
    if not rights.may_change(actor, project):
        raise Forbidden()
    if report.state is not StatusState.SUBMITTED:
        raise Refused("Über diese Meldung ist schon entschieden.")


def _refresh(session: Session, report: StatusReport) -> None:
    if report.state is StatusState.ACCEPTED:
        refresh_needs(session, [report.project_id])


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    project: Project,
    report: StatusReport,
    before: dict[str, object],
    *,
    reason: str = "",
) -> None:
    """Under the project, so that its Verlauf tells everything; what nobody accepted is not for Revision."""
    record(
        session,
        actor,
        verb,
        project,
        before=before,
        after=snapshot(report, *SHOWN),
        label=f"{project.code} {project.title}"[:200] + f", Stand {text.date(report.as_of)}",
        reason=reason,
        reach=Reach.INTERNAL if report.state is StatusState.ACCEPTED else Reach.DRAFT,
    )
