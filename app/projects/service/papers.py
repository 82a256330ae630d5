"""Papers of a project, opened by one person: its lead adds and renews them, the secretariat does everything."""

from sqlmodel import Session

from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid
from app.papers.models import Paper
from app.papers.schemas import PaperChange, PaperIn, Place
from app.papers.service.holder import PaperHolder
from app.projects.models import Project, ProjectPaper
from app.projects.queries.projects import get_project, lock_project
from app.projects.rules import rights
from app.visibility import Level

NOT_FOR_LEADS = (
    "Vertrauliches lesen Projektleitungen nicht. Wählen Sie „intern“, oder schicken Sie die Datei der Geschäftsstelle."
)


def place_of_project(project: Project) -> Place:
    """Where the papers of a project hang."""
    return Place(ProjectPaper, "project_id", ident(project), project, f"{project.code} {project.title}")


class ProjectPapers(PaperHolder):
    """The papers of a readable project. Earlier and withdrawn files are the secretariat's matter."""

    def __init__(self, session: Session, actor: Actor, project: Project) -> None:
        super().__init__(session, actor, place_of_project(project))
        self.project = project

    def require_change(self) -> None:
        """The secretariat of a body that steers the project, and its own lead."""
        if not rights.may_keep_papers(self.actor, self.project):
            raise Forbidden()

    def require_withdraw(self) -> None:
        """The secretariat alone: nobody else sees a withdrawn paper any more."""
        if not rights.may_change(self.actor, self.project):
            raise Forbidden()

    def knows_versions(self) -> bool:
        """The secretariat."""
        return rights.may_change(self.actor, self.project)

    def reads(self, paper: Paper) -> bool:
        """As the rights of the project say."""
        return rights.reads_paper(self.actor, self.project, paper)

    def levels(self) -> tuple[Level, ...]:
        """Leads make nothing confidential: they could not read it any more."""
        every = super().levels()
        return every if rights.may_change(self.actor, self.project) else tuple(set(every) - {Level.CONFIDENTIAL})

    def check(self, wish: PaperIn | PaperChange) -> None:
        """Only those levels."""
        if wish.level is not None and wish.level not in self.levels():
            raise Invalid({"level": NOT_FOR_LEADS})


def open_project_papers(session: Session, actor: Actor, project_id: int, *, lock: bool = False) -> ProjectPapers:
    """The papers of a readable project; with *lock* for a change."""
    return ProjectPapers(session, actor, (lock_project if lock else get_project)(session, actor, project_id))
