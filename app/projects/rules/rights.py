"""Who may do what with a project: the secretariat of a body that steers it, and its own lead."""

from app.actor import Actor, Role
from app.errors import Forbidden
from app.papers.models import Paper
from app.projects.models import Project, StatusSource, StatusState
from app.visibility import Level, Matter, project_periods, steered_periods


def may_change(actor: Actor, project: Project) -> bool:
    """Whether the actor runs the project's data: fields, milestones, corrections, acceptance, needs."""
    return may_run_period(actor, project.period_id)


def may_run_period(actor: Actor, period_id: int | None) -> bool:
    """Whether the actor is the secretariat of a body that steers the projects of *period_id* (None = of no period)."""
    if not actor.is_secretariat:
        return False
    periods = steered_periods(actor, actor.bodies_of(Role.SECRETARIAT))
    return periods is None or period_id is None or period_id in periods


def may_create(actor: Actor) -> bool:
    """Whether the actor may create projects at all."""
    return actor.is_secretariat


def require_run_period(actor: Actor, period_id: int | None) -> None:
    """Forbidden for whoever does not run the plan of *period_id*."""
    if not may_run_period(actor, period_id):
        raise Forbidden("Den Plan ändert die Geschäftsstelle eines Gremiums, das seine Projekte steuert.")


def may_create_period(actor: Actor) -> bool:
    """Whether the actor may make a new plan period: the secretariat of a body that steers every one."""
    return actor.is_secretariat and steered_periods(actor, actor.bodies_of(Role.SECRETARIAT)) is None


def leads(actor: Actor, project: Project) -> bool:
    """Whether the actor leads the project (Projektleitung) today."""
    return project.id in actor.lead_project_ids


def may_enter_status(actor: Actor, project: Project) -> bool:
    """Whether the actor may report on the project."""
    return may_change(actor, project) or leads(actor, project)


def may_keep_papers(actor: Actor, project: Project) -> bool:
    """Whether the actor adds and renews the project's papers: the secretariat, and the lead of their own project."""
    return may_change(actor, project) or leads(actor, project)


def origin_of(actor: Actor, project: Project) -> tuple[StatusSource, StatusState]:
    """What becomes of a report: the secretariat's counts at once, the lead's waits for acceptance."""
    if may_change(actor, project):
        return StatusSource.SECRETARIAT, StatusState.ACCEPTED
    return StatusSource.LEAD, StatusState.SUBMITTED


def reads_unaccepted(actor: Actor, project: Project) -> bool:
    """Whether reports that nobody accepted are shown (domain §6): to the secretariat and the project's own lead."""
    return may_enter_status(actor, project)


def reads_paper(actor: Actor, project: Project, paper: Paper) -> bool:
    """Whether a reader of the project reads one of its papers (domain §6).

    Confidential ones are for those who read confidential matters of a body that steers the project: leads get the
    others, and of withdrawn ones only the secretariat still sees that there were any.
    """
    if paper.withdrawn:
        return may_change(actor, project)
    if paper.level is not Level.CONFIDENTIAL:
        return True
    periods = project_periods(actor, Matter.CONFIDENTIAL)
    if periods is None or project.period_id in periods:
        return True
    return bool(periods) and project.period_id is None
