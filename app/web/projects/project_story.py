"""The story of a project for its page: one time line, newest first, of reports, agenda items, milestones and needs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from app import text
from app.actor import Actor
from app.agenda.queries import ReleasedItem
from app.db import ident
from app.meetings.rules import life
from app.projects.models import Light, NeedEnd, StatusReport, StatusState
from app.projects.queries.view import NeedView, ProjectView
from app.projects.rules import rights, words
from app.projects.rules.course import counts
from app.web.projects.project_line import outcome_of

_PARTS = (("Termine", "light_schedule"), ("Kosten", "light_cost"), ("Inhalt", "light_content"))
_PROSE = (("", "summary"), ("Nächste Schritte", "next_steps"), ("Risiken", "risks"))


@dataclass(frozen=True, slots=True)
class Telling:
    """A report in words: ``parts`` are lights by name, ``prose`` its texts, ``need_label`` and ``need`` what it says
    about a decision need."""

    id: int
    as_of: dt.date
    light: Light | None
    title: str
    parts: list[tuple[str, Light]]
    prose: list[tuple[str, str]]
    need_label: str
    need: str
    source: str
    state: StatusState
    reason: str = ""
    corrects: bool = False
    rejection: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the time line. ``telling`` for reports; ``replaced`` are the versions before a correction."""

    on: dt.date
    kind: str
    title: str = ""
    words: str = ""
    telling: Telling | None = None
    replaced: list[Telling] = field(default_factory=list)
    href: str = ""
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A project's page: its values, what waits for acceptance, and what happened, newest first."""

    view: ProjectView
    events: list[Event]
    waiting: list[Telling]
    refused: list[Telling]
    progress: int | None
    leads_now: list[str]

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


def story_of(actor: Actor, view: ProjectView, items: Sequence[ReleasedItem] = ()) -> Story:
    """The story as this actor may read it (the reports of *view* and the *items* are already those)."""
    reads_refused = rights.reads_unaccepted(actor, view.project)
    by_id = {ident(report): report for report in view.reports}
    events = [_event(report, by_id) for report in view.reports if counts(report)]
    for need in view.needs:
        events += _need_events(need)
    events += [_item_event(one) for one in items] + _milestone_events(view)
    progress = [report.progress for report in view.reports if counts(report) and report.progress is not None]
    return Story(
        view=view,
        progress=progress[0] if progress else None,
        leads_now=[lead.name for lead in view.leads if lead.leads_on(actor.on)],
        events=sorted(events, key=lambda event: event.on, reverse=True),
        waiting=[telling_of(report) for report in view.reports if report.state is StatusState.SUBMITTED],
        refused=[
            telling_of(report) for report in view.reports if reads_refused and report.state is StatusState.REJECTED
        ],
    )


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
    return Event(report.as_of, "Sachstandsmeldung", telling=telling_of(report), replaced=replaced)


def _need_events(need: NeedView) -> list[Event]:
    """Its end where somebody decided or closed it; what reports say about it stands with them."""
    if need.closed_on is None or need.closed_how in (None, NeedEnd.WITHDRAWN):
        return []
    return [
        Event(
            need.closed_on,
            f"Entscheidungsbedarf {words.NEED_ENDS[need.closed_how]}",
            title=text.one_line(need.text),
            words=need.closed_reason,
        )
    ]


def _item_event(one: ReleasedItem) -> Event:
    """An agenda item about the project, with its outcome where the meeting was held."""
    return Event(
        life.day_of(one.meeting),
        life.label(one.meeting),
        title=f"TOP {one.item.number} {one.item.title}",
        href=f"/sitzungen/{one.meeting.id}/top/{one.item.id}",
        badge=outcome_of(one),
    )


def _milestone_events(view: ProjectView) -> list[Event]:
    return [
        Event(one.milestone.done_on, "Meilenstein erledigt", title=one.milestone.title)
        for one in view.milestones
        if one.milestone.done_on
    ]


def _need_label(told: str | None) -> str:
    if told is None:
        return ""
    return "Entscheidungsbedarf" if told else "Entscheidungsbedarf zurückgezogen"


def _source(report: StatusReport) -> str:
    who = f" von {report.created_by}" if report.created_by else ""
    return f"{words.SOURCES[report.source]}{who} am {text.moment(report.created_at)}"
