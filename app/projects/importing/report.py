"""The plan of an import in German lines, for the command and beside the preview; the last one is the summary."""

from collections.abc import Iterator

from app import text
from app.importing.planned import Outcome, change_line, shortened
from app.projects.importing.planned import ImportPlan, ProjectPlan

_HEADINGS = {Outcome.NEW: "Neu", Outcome.CHANGED: "Geändert", Outcome.CORRECTED: "Berichtigt"}


def report_lines(plan: ImportPlan) -> Iterator[str]:
    """Errors alone if there are any; else what is created, each project field by field, hints, and the summary."""
    if plan.errors:
        yield from (str(error) for error in plan.errors)
        yield f"Nichts wurde übernommen: {text.counted(len(plan.errors), 'Fehler', 'Fehler')}."
        return
    for heading, outcome in ((_HEADINGS[outcome], outcome) for outcome in _HEADINGS):
        projects = plan.of(outcome)
        if projects:
            yield f"{heading}:"
        for project in projects:
            yield from project_lines(project)
    yield from hints(plan)
    yield plan.summary


def hints(plan: ImportPlan) -> Iterator[str]:
    """What is created besides projects, which columns nobody knows, and what else is worth saying."""
    created = (
        ("Planperioden", [period.name for period in plan.periods]),
        ("Handlungsfelder", [field.name for field in plan.fields]),
        ("Themencluster", [cluster.name for cluster in plan.clusters]),
        ("Institutionen", [organisation.name for organisation in plan.organisations]),
    )
    for noun, names in created:
        if names:
            yield f"Neu angelegte {noun}: {'; '.join(names)}"
    if plan.unknown:
        yield f"Unbekannte Spalten, nicht gelesen: {'; '.join(plan.unknown)}"
    kept = [project for project in plan.projects if project.kept]
    if kept:
        codes = ", ".join(project.code for project in kept)
        yield f"Angaben zum Projekt bleiben, weil ein neuerer Stand bekannt ist: {codes}"
    yield from plan.notices


def project_lines(project: ProjectPlan) -> Iterator[str]:
    """The project, then its changes, one a line."""
    yield f"  {project.code} {shortened(project.title)}"
    yield from (f"    {change_line(change)}" for change in project.changes)
    for status in project.statuses:
        word = "berichtigt" if status.corrects_id is not None else "neu"
        yield f"    Stand {text.date(status.on)} {word}"
        yield from (f"      {change_line(change)}" for change in status.changes)
    for milestone in project.milestones:
        yield from (f"    {change_line(change)}" for change in milestone.changes)
