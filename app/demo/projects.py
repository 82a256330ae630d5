"""Enters the invented projects and what they report, through the services, each report on its day."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from app.db import ident
from app.demo.days import at, working_day
from app.demo.facts import FIELDS_2022
from app.demo.reading import OldPlot, Plot, old_plots, people, plots
from app.demo.script import Act
from app.demo.stage import INVENTED, SECRETARIAT, Stage
from app.demo.telling import Stone, Teller, Told
from app.projects.models import LineageKind, Phase, Project, StatusReport, StatusState
from app.projects.queries.needs import open_needs
from app.projects.queries.projects import find_valid_report, lock_project
from app.projects.queries.view import list_milestones
from app.projects.schemas import (
    CorrectionIn,
    EarlierCode,
    LeadIn,
    LineageIn,
    MilestoneIn,
    ProjectChange,
    ProjectIn,
    StatusIn,
)
from app.projects.service.milestones import tell_milestones
from app.projects.service.needs import close_need
from app.projects.service.projects import change_project, create_project
from app.projects.service.status import accept_status, correct_status, enter_status

OLD = "früher "
"""Before the code of a project of the earlier period, in the stage's register."""


def make_projects(stage: Stage) -> None:
    """All invented projects with their milestones as first told, and the lineage between the periods."""
    teller = Teller(stage.days)
    for place, plot in enumerate(plots()):
        _create(stage, plot, place)
        stones = teller.stones(plot, place, teller.tale(plot, place))
        _tell_stones(stage, stage.projects[plot.code], stones, stage.days.setup)
    for old in old_plots():
        _create_old(stage, old)


def acts_of_projects(stage: Stage) -> Iterator[Act]:
    """Every report, correction and renumbering after the projects were created."""
    teller = Teller(stage.days)
    for place, plot in enumerate(plots()):
        tale = teller.tale(plot, place)
        stones = teller.stones(plot, place, tale)
        for told in tale.reports:
            moment = at(told.on, 9 + place % 7, place * 11 % 60)
            yield Act(moment, partial(_enter, stage, plot, told, stones))
        if plot.waiting:
            status = teller.waiting(plot)
            yield Act(at(status.as_of, 15, place % 60), partial(_submit, stage, plot, status))
        if plot.first_code:
            yield Act(at(stage.days.after(-150), 11), partial(_renumber, stage, plot))
        if plot.merged_into:
            yield Act(at(stage.days.after(-60), 11), partial(_merge, stage, plot))
    yield Act(at(stage.days.after(-5), 14), partial(_close_need, stage, "3.7"))


def _create(stage: Stage, plot: Plot, place: int) -> None:
    days, period = stage.days, ident(stage.period[-1])
    field = stage.fields[period, FIELDS_2022[int(plot.code[0]) - 1]]
    made = create_project(
        stage.session,
        stage.secretary(),
        ProjectIn(
            code=plot.first_code or plot.code,
            title=plot.title,
            period=period,
            field=ident(field),
            fields=tuple(ident(stage.fields[period, name]) for name in plot.further),
            cluster=stage.clusters[period, field.name, plot.cluster],
            lead=stage.organisations[plot.lead],
            partners=tuple(stage.organisations[key] for key in plot.partners),
            starts_on=_month(days.setup, -place * 17 % 300),
            ends_on=days.after(plot.ends) if plot.ends is not None else _month(days.today, 240 + place * 29 % 900),
            funding=plot.funding,
            source=INVENTED,
            leads=(LeadIn(person=_leader(stage, plot, place), valid_from=days.setup),),
        ),
    )
    made.invented = True
    stage.projects[plot.code] = made


def _month(day: dt.date, days: int) -> dt.date:
    """The first of the month *days* from *day*."""
    return (day + dt.timedelta(days=days)).replace(day=1)


def _leader(stage: Stage, plot: Plot, place: int) -> int:
    known = people()["leaders"]["names"]
    return stage.persons[plot.leader or f"leader-{place * 8 % len(known)}"]


def _create_old(stage: Stage, old: OldPlot) -> None:
    begins, period = stage.days.period[0], ident(stage.period[-2])
    since = dt.date(begins, 1, 1)
    made = create_project(
        stage.session,
        stage.secretary(),
        ProjectIn(
            code=old.code,
            title=old.title,
            period=period,
            field=ident(stage.fields[period, old.field]),
            lead=stage.organisations[old.lead],
            starts_on=dt.date(begins - 3, 4, 1),
            ends_on=dt.date(begins - 1, 12, 31),
            source=INVENTED,
            lineage=tuple(
                LineageIn(to=ident(stage.projects[code]), kind=LineageKind(old.kind), since_on=since)
                for code in old.into
            ),
        ),
    )
    made.invented = True
    stage.projects[OLD + old.code] = made
    on = working_day(dt.date(begins - 1, 12, 15), forward=False)
    status = StatusIn(as_of=on, phase=Phase.TRANSFERRED, progress=100, summary=old.text)
    enter_status(stage.session, stage.secretary(), made, status)
    for code in old.into:
        project = stage.projects[code]
        earlier = ProjectChange(earlier_codes=_earlier(code, old, period))
        change_project(stage.session, stage.secretary(), project, earlier)


def _earlier(code: str, old: OldPlot, period: int) -> tuple[EarlierCode, ...]:
    others = [one for one in old_plots() if code in one.into and one.code <= old.code]
    return tuple(EarlierCode(code=one.code, period=period) for one in others)


def _enter(stage: Stage, plot: Plot, told: Told, stones: list[Stone]) -> None:
    secretary = stage.secretary()
    project = lock_project(stage.session, secretary, ident(stage.projects[plot.code]))
    if told.corrects is not None:
        wrong = find_valid_report(stage.session, ident(project), told.corrects)
        if wrong is None:
            raise RuntimeError(f"{plot.code} has no report of {told.corrects}")
        wish = CorrectionIn(**told.status.model_dump(), reason=told.reason)
        correct_status(stage.session, secretary, project, wrong, wish)
        return
    who = plot.leader or SECRETARIAT
    report = enter_status(stage.session, stage.acting(who), project, told.status)
    if report.state is StatusState.SUBMITTED:
        accept_status(stage.session, secretary, project, report)
    _tell_stones(stage, project, stones, told.on)


def _tell_stones(stage: Stage, project: Project, stones: list[Stone], on: dt.date) -> None:
    """What a report of the day *on* says about milestones; nothing is said again that stands already."""
    known = {one.milestone.title: one.milestone for one in list_milestones(stage.session, ident(project))}
    wishes = []
    for stone in stones:
        row = known.get(stone.title)
        due = max((day, told) for day, told in stone.due.items() if day <= on)[1]
        done = stone.done_on if stone.done_on is not None and stone.done_on <= on else None
        if row is None or on in stone.due or done != row.done_on:
            wishes.append(MilestoneIn(id=row.id if row else None, title=stone.title, due_on=due, done_on=done))
    if wishes:
        tell_milestones(stage.session, stage.secretary(), project, wishes, told_on=on)


def _submit(stage: Stage, plot: Plot, status: StatusIn) -> StatusReport:
    return enter_status(stage.session, stage.acting(plot.leader), stage.projects[plot.code], status)


def _renumber(stage: Stage, plot: Plot) -> None:
    """The project gets its present number; the first one stays findable."""
    project = lock_project(stage.session, stage.secretary(), ident(stage.projects[plot.code]))
    change_project(stage.session, stage.secretary(), project, ProjectChange(code=plot.code))


def _merge(stage: Stage, plot: Plot) -> None:
    project = lock_project(stage.session, stage.secretary(), ident(stage.projects[plot.code]))
    into = ident(stage.projects[plot.merged_into])
    lineage = (LineageIn(to=into, kind=LineageKind.MERGED, since_on=stage.days.after(-60)),)
    change_project(stage.session, stage.secretary(), project, ProjectChange(lineage=lineage))


def _close_need(stage: Stage, code: str) -> None:
    """The secretariat closes a need that was answered outside a meeting."""
    project = lock_project(stage.session, stage.secretary(), ident(stage.projects[code]))
    need = open_needs(stage.session, [ident(project)])[0]
    reason = "Auf Arbeitsebene geklärt: Die Unterhaltung trägt das Land, die Betriebe zahlen ein Nutzungsentgelt."
    close_need(stage.session, stage.secretary(), project, need, reason=reason)
