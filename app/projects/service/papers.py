"""Papers of a project: who reads them, who changes them; the project is locked by the caller."""

from collections.abc import Sequence

from sqlmodel import Session

from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, NotFound
from app.papers.models import Paper, PaperVersion
from app.papers.queries import files_of, find_at, list_at
from app.papers.rules.showing import shown_held
from app.papers.schemas import HeldPaper, PaperChange, PaperIn, Place, ShownPaper, StoredFile, WithdrawIn
from app.papers.service import papers
from app.projects.models import Project, ProjectPaper
from app.projects.rules import rights


def place_of_project(project: Project) -> Place:
    """Where the papers of a project hang."""
    return Place(ProjectPaper, "project_id", ident(project), project, f"{project.code} {project.title}")


def list_project_papers(session: Session, actor: Actor, project: Project) -> list[HeldPaper]:
    """The papers of a readable project that the actor reads, in their order."""
    return [one for one in list_at(session, place_of_project(project)) if rights.reads_paper(actor, project, one.paper)]


def shown_project_papers(session: Session, actor: Actor, project: Project) -> list[ShownPaper]:
    """The same as they are shown; with earlier versions for the secretariat only."""
    return shown_all(session, actor, project, list_project_papers(session, actor, project))


def shown_all(session: Session, actor: Actor, project: Project, held: Sequence[HeldPaper]) -> list[ShownPaper]:
    """Papers of a project as they are shown."""
    ids = [ident(one.paper) for one in held]
    files = files_of(session, ids) if ids and rights.may_change(actor, project) else {}
    return [
        shown_held(one, files.get(ident(one.paper), ()), position=place, released=one.file.version)
        for place, one in enumerate(held, 1)
    ]


def find_project_paper(session: Session, actor: Actor, project: Project, paper_id: int) -> HeldPaper:
    """One paper of a readable project; NotFound for unknown and invisible alike."""
    held = find_at(session, ProjectPaper, "project_id", [ident(project)], paper_id)
    if held is None or not rights.reads_paper(actor, project, held.paper):
        raise NotFound()
    return held


def choose_project_file(
    session: Session, actor: Actor, project: Project, paper_id: int, *, version: int | None = None
) -> PaperVersion:
    """The named version of a paper's file, else the newest. Earlier and withdrawn ones are the secretariat's matter."""
    held = find_project_paper(session, actor, project, paper_id)
    if not rights.may_change(actor, project) and (held.paper.withdrawn or version not in (None, held.file.version)):
        raise NotFound()
    files = files_of(session, [paper_id]).get(paper_id, [])
    chosen = next((one for one in files if version in (None, one.version)), None)
    if chosen is None:
        raise NotFound()
    return chosen


def require_project_papers(actor: Actor, project: Project) -> None:
    """Refuse everybody but the secretariat of a body that steers the project."""
    if not rights.may_change(actor, project):
        raise Forbidden()


def add_project_papers(
    session: Session, actor: Actor, project: Project, files: Sequence[StoredFile], wish: PaperIn
) -> list[Paper]:
    """New papers of a project, one per file, all or none."""
    require_project_papers(actor, project)
    return papers.add_papers(session, actor, place_of_project(project), files, wish)


def add_project_paper_version(
    session: Session, actor: Actor, project: Project, paper_id: int, file: StoredFile
) -> PaperVersion:
    """A new file of a paper; the earlier ones stay for the secretariat."""
    held = find_project_paper(session, actor, project, paper_id)
    require_project_papers(actor, project)
    return papers.add_paper_version(session, actor, place_of_project(project), held, file)


def change_project_paper(
    session: Session,
    actor: Actor,
    project: Project,
    paper_id: int,
    wish: PaperChange,
    *,
    expected: int | None = None,
) -> Paper:
    """Rename a paper, change its level, kind or further fields."""
    held = find_project_paper(session, actor, project, paper_id)
    require_project_papers(actor, project)
    return papers.change_paper(session, actor, place_of_project(project), held.paper, wish, expected=expected)


def move_project_paper(session: Session, actor: Actor, project: Project, paper_id: int, *, steps: int) -> None:
    """Up (negative) or down among the project's papers."""
    held = find_project_paper(session, actor, project, paper_id)
    require_project_papers(actor, project)
    papers.move_paper(session, actor, place_of_project(project), held.paper, steps=steps)


def withdraw_project_paper(session: Session, actor: Actor, project: Project, paper_id: int, wish: WithdrawIn) -> Paper:
    """Withdraw a paper: nobody but the secretariat gets its files any more."""
    held = find_project_paper(session, actor, project, paper_id)
    require_project_papers(actor, project)
    return papers.withdraw_paper(session, actor, place_of_project(project), held.paper, wish)
