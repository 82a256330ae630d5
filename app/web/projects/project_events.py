"""Entries of a project's time line besides its own reports: items, papers, needs, milestones, reports of its line."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app import clock, text
from app.agenda.queries import ReleasedItem
from app.agenda.schemas.frozen import FrozenProject
from app.db import ident
from app.meetings.rules import life
from app.papers.models import PaperKind
from app.papers.rules.words import PAPER_KINDS
from app.papers.schemas import HeldPaper, PaperStanding
from app.projects.models import Light, NeedEnd, StatusReport, StatusState
from app.projects.queries.lineage import Kin
from app.projects.queries.view import NeedView, ProjectView
from app.projects.rules import words
from app.web.projects.project_line import outcome_of


class Sort(StrEnum):
    """What an entry is about; the value stands in the address of the filtered page."""

    STATUS = "sachstand"
    ITEM = "sitzungen"
    DECISION = "beschluesse"
    ACTION = "auftraege"
    PAPER = "unterlagen"
    MILESTONE = "meilensteine"


SORT_WORDS: Mapping[Sort, str] = {
    Sort.STATUS: "Sachstand",
    Sort.ITEM: "Sitzungen",
    Sort.DECISION: "Beschlüsse",
    Sort.ACTION: "Aufträge",
    Sort.PAPER: "Unterlagen",
    Sort.MILESTONE: "Meilensteine",
}
_ORDER = list(Sort)


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
    """An entry of the time line. ``telling`` for reports; ``replaced`` are the versions before a correction.

    ``light`` stands before the title of the report of another project. ``then``: the light of the project as the body
    was shown it that day, with the light now beside it. ``about``: the project of the line that it concerns, None for
    the project itself.
    """

    on: dt.date
    sort: Sort
    kind: str
    title: str = ""
    words: str = ""
    telling: Telling | None = None
    replaced: list[Telling] = field(default_factory=list)
    href: str = ""
    badge: str = ""
    light: tuple[Light | None] | None = None
    then: tuple[Light | None, Light | None] | None = None
    about: Kin | None = None


def newest_first(events: Sequence[Event]) -> list[Event]:
    """By their day; of one day reports come before items, decisions, actions, papers and milestones."""
    return sorted(events, key=lambda event: (-event.on.toordinal(), _ORDER.index(event.sort)))


def need_events(view: ProjectView) -> Iterator[Event]:
    """The end of needs where somebody decided or closed them; what reports say about them stands with them."""
    for need in view.needs:
        if need.closed_on is not None and need.closed_how not in (None, NeedEnd.WITHDRAWN):
            yield _need_event(need, need.closed_on, need.closed_how)


def _need_event(need: NeedView, closed_on: dt.date, how: NeedEnd) -> Event:
    return Event(
        closed_on,
        Sort.STATUS,
        f"Entscheidungsbedarf {words.NEED_ENDS[how]}",
        title=text.one_line(need.text),
        words=need.closed_reason,
    )


def milestone_events(view: ProjectView) -> Iterator[Event]:
    """Milestones that are done."""
    for one in view.milestones:
        if one.milestone.done_on:
            yield Event(one.milestone.done_on, Sort.MILESTONE, "Meilenstein erledigt", title=one.milestone.title)


def kin_events(reports: Sequence[StatusReport], kin: Mapping[int, Kin]) -> Iterator[Event]:
    """The counting reports of predecessors and successors, each in one line with a way to their page."""
    for report in reports:
        about = kin[report.project_id]
        facts = [f"{report.progress} Prozent"] if report.progress is not None else []
        facts += [words.PHASES[report.phase]] if report.phase is not None else []
        yield Event(
            report.as_of,
            Sort.STATUS,
            "Sachstandsmeldung",
            title=", ".join(facts),
            words=text.one_line(report.summary),
            href=f"/projekte/{about.id}#stand-{report.as_of}",
            light=(report.light,),
            about=about,
        )


@dataclass(frozen=True, slots=True)
class Lights:
    """Lights of the project and its line: as each held meeting was shown them, and now; by project."""

    project_id: int
    shown: Mapping[int, Mapping[int, Light | None]]
    now: Mapping[int, Light | None]

    def then_now(self, meeting_id: int, project_ids: Collection[int]) -> tuple[Light | None, Light | None] | None:
        """Then and now of the project itself, else of the first of *project_ids* that the meeting was shown."""
        for one in (self.project_id, *project_ids):
            if one in project_ids and meeting_id in self.shown.get(one, {}):
                return self.shown[one][meeting_id], self.now.get(one)
        return None


def item_events(
    items: Sequence[ReleasedItem], lights: Lights, kin: Mapping[int, Kin], standing: Mapping[int, PaperStanding]
) -> Iterator[Event]:
    """Agenda items about the project or its line, with their outcome where the meeting was held, and their papers."""
    for one in items:
        on, address = life.day_of(one.meeting), f"/sitzungen/{one.meeting.id}"
        named = [project.id for project in one.item.projects]
        about = about_of(lights.project_id, one.item.projects, kin)
        yield Event(
            on,
            Sort.ITEM,
            life.label(one.meeting),
            title=f"TOP {one.item.number} {one.item.title}",
            href=f"{address}/top/{one.item.id}",
            badge=outcome_of(one),
            then=lights.then_now(ident(one.meeting), [key for key in named if key in lights.now]),
            about=about,
        )
        for paper in one.item.papers:
            gone = paper.id in standing and standing[paper.id].withdrawn
            yield Event(
                on,
                Sort.PAPER,
                f"{PAPER_KINDS[PaperKind(paper.kind)]} zu TOP {one.item.number}, {life.label(one.meeting)}",
                title=paper.title,
                href=f"{address}/unterlagen",
                badge="zurückgezogen" if gone else "",
                about=about,
            )


def about_of(project_id: int, named: Sequence[FrozenProject], kin: Mapping[int, Kin]) -> Kin | None:
    """The project of the line that something names; None where it names the project itself."""
    ids = [project.id for project in named]
    return None if project_id in ids else next((kin[one] for one in ids if one in kin), None)


def paper_events(papers: Sequence[HeldPaper], kin: Mapping[int, Kin]) -> Iterator[Event]:
    """The project's own papers and those of its line, on the day of their newest file."""
    for held in papers:
        version = f" (Version {held.file.version})" if held.file.version > 1 else ""
        base = f"/projekte/{held.owner_id}/unterlagen"
        yield Event(
            held.file.uploaded_at.astimezone(clock.BERLIN).date(),
            Sort.PAPER,
            f"{PAPER_KINDS[held.paper.kind]} zum Projekt",
            title=f"{held.paper.title}{version}",
            href="" if held.paper.withdrawn else f"{base}/{held.paper.id}",
            badge="zurückgezogen" if held.paper.withdrawn else "",
            about=kin.get(held.owner_id),
        )
