"""Entries of a project's time line besides its own reports: items, papers, needs, milestones, reports of its line."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from app import clock, text
from app.actions.models import Action
from app.actions.rules.steps import days_late
from app.actions.rules.words import STATE_WORDS, late_words
from app.agenda.queries import ReleasedItem
from app.agenda.schemas.frozen import FrozenProject
from app.db import ident
from app.decisions.models import Decision, Taking
from app.decisions.rules.following import CLOSED
from app.decisions.rules.following import WORDS as FOLLOW_UP_WORDS
from app.decisions.rules.words import outcome_word
from app.decisions.schemas import read_statuses
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


def decision_events(
    found: Sequence[tuple[int, Decision, bool]], lights: Lights, kin: Mapping[int, Kin]
) -> Iterator[Event]:
    """Decisions about the project or its line with their follow-up, and the day on which one was carried out.

    Of those that only publishing shows, the follow-up and the lights of that time are left out.
    """
    for project_id, row, whole in _once(found, lights.project_id):
        about = kin.get(project_id)
        title, href = f"{row.number} {text.one_line(row.title)}", f"/beschluesse/{row.id}"
        if row.decided_on is not None:
            yield Event(
                row.decided_on,
                Sort.DECISION,
                "Beschluss im Umlaufverfahren" if row.taking is Taking.CIRCULAR else "Beschluss",
                title=title,
                words=_follow_up(row) if whole else "",
                href=href,
                badge="nicht vergeben" if row.void_reason else outcome_word(row.outcome),
                then=_at_decision(row, project_id, lights) if whole else None,
                about=about,
            )
        if whole and row.done_on is not None:
            kind = f"Beschluss {FOLLOW_UP_WORDS[row.state]}"
            yield Event(row.done_on, Sort.DECISION, kind, title=title, href=href, about=about)


def _follow_up(row: Decision) -> str:
    """Beschlusskontrolle: in Umsetzung, Wiedervorlage 12.05.2026"""
    if row.void_reason:
        return row.void_reason
    due = f", Wiedervorlage {text.date(row.due_on)}" if row.due_on and row.state not in CLOSED else ""
    return f"Beschlusskontrolle: {FOLLOW_UP_WORDS[row.state]}{due}"


def _at_decision(row: Decision, project_id: int, lights: Lights) -> tuple[Light | None, Light | None] | None:
    frozen = read_statuses(row.statuses).get(project_id)
    return (frozen.light, lights.now.get(project_id)) if frozen is not None else None


def action_events(
    found: Sequence[tuple[int, Action]], names: Mapping[int, str], project_id: int, kin: Mapping[int, Kin]
) -> Iterator[Event]:
    """Actions about the project or its line with how they stand today, and the day on which one was over.

    *names* are the responsible institutions by id.
    """
    for about_id, row, _ in _once([(one, action, True) for one, action in found], project_id):
        about, title, href = kin.get(about_id), f"{row.number} {text.one_line(row.title)}", f"/auftraege/{row.id}"
        due = f"bis {text.date(row.due_on)}" if row.due_on else "ohne Frist"
        late = late_words(days_late(row.due_on, row.state, clock.today()))
        told = (names.get(row.organisation_id or 0, ""), due, late)
        yield Event(
            row.given_on,
            Sort.ACTION,
            "Auftrag",
            title=title,
            words=", ".join(part for part in told if part),
            href=href,
            badge=STATE_WORDS[row.state],
            about=about,
        )
        if row.done_on is not None:
            yield Event(row.done_on, Sort.ACTION, f"Auftrag {STATE_WORDS[row.state]}", title, href=href, about=about)


T = TypeVar("T", Decision, Action)


def _once(found: Iterable[tuple[int, T, bool]], project_id: int) -> Iterator[tuple[int, T, bool]]:
    """Each row once, by the project itself where it is among those that the row names."""
    rows: dict[int, tuple[int, T, bool]] = {}
    for one in found:
        key = ident(one[1])
        if key not in rows or one[0] == project_id:
            rows[key] = one
    yield from rows.values()
