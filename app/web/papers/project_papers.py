"""The papers of a project on pages of their own."""

from sqlmodel import Session

from app.actor import Actor
from app.projects.service.papers import ProjectPapers, open_project_papers
from app.web.papers.desk import OwnPages
from app.web.papers.routes import paper_routes
from app.web.projects.pages import HOME


class ProjectDesk(OwnPages):
    """The papers below the page of a project."""

    hint = (
        "Unterlagen eines Projekts sehen alle, die das Projekt lesen; vertrauliche nur, wer im Gremium Vertrauliches "
        "liest."
    )

    def __init__(self, project_id: int) -> None:
        self.project_id, self.address = project_id, f"/projekte/{project_id}/unterlagen"

    def open(self, session: Session, actor: Actor, *, lock: bool = False) -> ProjectPapers:
        """The project's papers."""
        return open_project_papers(session, actor, self.project_id, lock=lock)

    def crumbs(self, holder: ProjectPapers) -> tuple[tuple[str, str | None], ...]:
        """By the list of projects."""
        return (*HOME, (holder.project.code, f"/projekte/{self.project_id}"))

    def state(self, holder: ProjectPapers) -> str:
        """Number and title."""
        return f"{holder.project.code} {holder.project.title}"


router = paper_routes("/projekte/{project_id:int}/unterlagen", ProjectDesk)
