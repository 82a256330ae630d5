"""The story of a project for its page: one time line, newest first, of everything that concerns it and its line."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import clock, text
from app.actions.queries.about import actions_of_projects
from app.actor import Actor
from app.agenda.queries import released_items, shown_at_meetings
from app.db import ident
from app.decisions.queries.about import decisions_of_projects
from app.meetings.models import Meeting
from app.papers.queries import standing_of
from app.people.queries import names_on
from app.projects.models import Light, Phase, Project, StatusReport, StatusState
from app.projects.queries.lineage import kin_reports, list_kin
from app.projects.queries.papers import papers_of_projects
from app.projects.queries.view import ProjectView, load_view
from app.projects.rules import rights, words
from app.projects.rules.course import counts
from app.projects.rules.standing import standing
from app.web.projects.project_events import (
    Event,
    Lights,
    Sort,
    Telling,
    action_events,
    decision_events,
    item_events,
    kin_events,
    milestone_events,
    need_events,
    newest_first,
    paper_events,
)
from app.web.projects.project_line import Drawing, draw

_PARTS = (("Termine", "light_schedule"), ("Kosten", "light_cost"), ("Inhalt", "light_content"))
_PROSE = (("", "summary"), ("Nächste Schritte", "next_steps"), ("Risiken", "risks"))


@dataclass(frozen=True, slots=True)
class Story:
    """A project's page: its values, what waits for acceptance, and what happened, newest first.

    ``shown``: the project as held meetings were shown it, earliest first.
    """

    view: ProjectView
    events: list[Event]
    waiting: list[Telling]
    refused: list[Telling]
    progress: int | None
    leads_now: list[str]
    shown: Sequence[tuple[Meeting, Light | None, Phase | None]] = ()
    drawing: Drawing | None = None

    def of(self, sort: Sort | None) -> list[Event]:
        """The entries of one sort; all of them for None."""
        return [event for event in self.events if sort in (None, event.sort)]

    @property
    def told_days(self) -> frozenset[dt.date]:
        """Every Stand that has a counting report."""
        return frozenset(event.on for event in self.events if event.telling)

    @property
    def moved_ends(self) -> str:
        """The ends of the project as told, where the end has moved."""
        ends = [(told_on, end) for told_on, end in self.view.ends.items()]
        if len({end for _, end in ends}) < 2:
            return ""
        return "; ".join(f"{text.date(end) if end else 'offen'} (Stand {text.date(told_on)})" for told_on, end in ends)


def load_story(session: Session, actor: Actor, project: Project) -> Story:
    """The story of a readable project as this actor may read it; a fixed number of queries."""
    key, view = ident(project), load_view(session, actor, project)
    kin = {one.id: one for one in list_kin(session, actor, key)}
    line, told = [key, *kin], kin_reports(session, list(kin.values()))
    items, shown = released_items(session, actor, line), shown_at_meetings(session, actor, line)
    standings = standing_of(session, [paper.id for one in items for paper in one.item.papers])
    papers = papers_of_projects(session, actor, [project, *(one.project for one in kin.values())])
    decisions, actions = decisions_of_projects(session, actor, line), actions_of_projects(session, actor, line)
    names = names_on(session, {one.organisation_id for _, one in actions if one.organisation_id}, clock.today())
    lights = _lights(view, told, shown)
    by_id = {ident(report): report for report in view.reports}
    events = [
        *(_event(report, by_id) for report in view.reports if counts(report)),
        *kin_events(told, kin),
        *need_events(view),
        *item_events(items, lights, kin, standings),
        *decision_events(decisions, lights, kin),
        *action_events(actions, {one: name.short or name.long for one, name in names.items()}, key, kin),
        *paper_events(papers, kin),
        *milestone_events(view),
    ]
    reads_refused = rights.reads_unaccepted(actor, project)
    progress = [report.progress for report in view.reports if counts(report) and report.progress is not None]
    return Story(
        view=view,
        progress=progress[0] if progress else None,
        leads_now=[lead.name for lead in view.leads if lead.leads_on(actor.on)],
        events=newest_first(events),
        waiting=[telling_of(report) for report in view.reports if report.state is StatusState.SUBMITTED],
        refused=[
            telling_of(report) for report in view.reports if reads_refused and report.state is StatusState.REJECTED
        ],
        shown=shown.get(key, ()),
        drawing=draw(view, items, [one for _, one, _ in decisions], [one for _, one in actions], clock.today()),
    )


def _lights(
    view: ProjectView,
    told: Sequence[StatusReport],
    shown: Mapping[int, Sequence[tuple[Meeting, Light | None, Phase | None]]],
) -> Lights:
    by_project: dict[int, list[StatusReport]] = {}
    for report in told:
        by_project.setdefault(report.project_id, []).append(report)
    now = {one: standing(reports).light for one, reports in by_project.items()}
    key = ident(view.project)
    then = {one: {ident(meeting): light for meeting, light, _ in rows} for one, rows in shown.items()}
    return Lights(key, then, {**dict.fromkeys(shown), **now, key: view.standing.light})


def telling_of(report: StatusReport) -> Telling:
    """A report in words."""
    facts = [f"{report.progress} Prozent"] if report.progress is not None else []
    if report.phase is not None:
        facts.append(words.PHASES[report.phase])
    return Telling(
        id=ident(report),
        as_of=report.as_of,
        light=report.light,
        title=", ".join(facts),
        parts=[(name, getattr(report, part)) for name, part in _PARTS if getattr(report, part)],
        prose=[(label, getattr(report, name)) for label, name in _PROSE if getattr(report, name)],
        need_label=_need_label(report.decision_need),
        need=report.decision_need or "",
        source=_source(report),
        state=report.state,
        reason=report.correction_reason,
        corrects=report.corrects_id is not None,
        rejection=report.rejection_reason,
    )


def _event(report: StatusReport, by_id: dict[int, StatusReport]) -> Event:
    replaced, current = [], report
    while current.corrects_id is not None and current.corrects_id in by_id:
        current = by_id[current.corrects_id]
        replaced.append(telling_of(current))
    return Event(report.as_of, Sort.STATUS, "Sachstandsmeldung", telling=telling_of(report), replaced=replaced)


def _need_label(told: str | None) -> str:
    if told is None:
        return ""
    return "Entscheidungsbedarf" if told else "Entscheidungsbedarf zurückgezogen"


def _source(report: StatusReport) -> str:
    who = f" von {report.created_by}" if report.created_by else ""
    return f"{words.SOURCES[report.source]}{who} am {text.moment(report.created_at)}"
