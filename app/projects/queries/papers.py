"""Reading the papers of several projects at once."""

from collections.abc import Iterable

from sqlmodel import Session

from app.actor import Actor
from app.db import ident
from app.papers.queries import held_at
from app.papers.schemas import HeldPaper
from app.projects.models import Project, ProjectPaper
from app.projects.rules import rights


def papers_of_projects(session: Session, actor: Actor, projects: Iterable[Project]) -> list[HeldPaper]:
    """The papers that the actor reads of readable projects, with their newest files; one query."""
    known = {ident(one): one for one in projects}
    found = held_at(session, ProjectPaper, "project_id", list(known))
    return [
        held
        for project_id, papers in found.items()
        for held in papers
        if rights.reads_paper(actor, known[project_id], held.paper)
    ]
