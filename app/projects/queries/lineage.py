"""Where a project came from and in what it goes on, over any number of plan periods."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.actor import Actor
from app.db import ident
from app.projects.models import Project, ProjectLineage, StatusReport
from app.projects.queries.projects import counting_reports, readable_clause


@dataclass(frozen=True, slots=True)
class Kin:
    """A project before (``before`` True) or after another one in its line, however many steps away."""

    id: int
    code: str
    title: str
    before: bool
    project: Project

    @property
    def word(self) -> str:
        """Vorgänger or Nachfolger."""
        return "Vorgänger" if self.before else "Nachfolger"


def list_kin(session: Session, actor: Actor, project_id: int) -> list[Kin]:
    """The readable projects in the line of a project, without itself; one query, also where the line is a circle."""
    before, after = _line(project_id, before=True), _line(project_id, before=False)
    rows = session.execute(
        sa.select(Project, col(Project.id).in_(sa.select(before.c.id)).label("before"))
        .where(
            sa.or_(col(Project.id).in_(sa.select(before.c.id)), col(Project.id).in_(sa.select(after.c.id))),
            col(Project.id) != project_id,
            readable_clause(actor),
        )
        .order_by(col(Project.code_key), col(Project.id))
    )
    return [Kin(ident(row.Project), row.Project.code, row.Project.title, bool(row.before), row.Project) for row in rows]


def kin_reports(session: Session, kin: list[Kin]) -> list[StatusReport]:
    """The reports of the line that count, latest Stand first; one query."""
    if not kin:
        return []
    statement = counting_reports([one.id for one in kin])
    return list(session.exec(statement.order_by(col(StatusReport.as_of).desc(), col(StatusReport.id).desc())))


def _line(project_id: int, *, before: bool) -> sa.CTE:
    here, there = (
        (ProjectLineage.to_id, ProjectLineage.from_id) if before else (ProjectLineage.from_id, ProjectLineage.to_id)
    )
    first: sa.Select[tuple[int]] = sa.select(col(there).label("id")).where(col(here) == project_id)
    line = first.cte("line_before" if before else "line_after", recursive=True)
    return line.union(sa.select(col(there)).join(line, col(here) == line.c.id))
