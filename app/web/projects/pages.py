"""The pages of projects: the list with its files, one project with its time line, and the forms of the secretariat."""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock, text
from app.actor import Actor
from app.db import ident
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.rules.life import label_with_date
from app.projects.models import Light, Phase
from app.projects.queries.listing import list_choices, list_projects, repeated_codes
from app.projects.queries.projects import get_project
from app.projects.rules import rights, words
from app.projects.rules.trend import trend
from app.projects.schemas import ProjectFilter, ProjectLine, ProjectSort
from app.projects.service.papers import ProjectPapers
from app.request import CurrentActor, CurrentDatabase, ReadSession
from app.web.history import history_of, reads_history
from app.web.papers.paper_forms import words as paper_words
from app.web.projects.project_events import SORT_WORDS, Sort
from app.web.projects.project_story import Story, load_story
from app.web.respond import page
from app.web.tables import Column, Kind, download

router = APIRouter()

STRIP = 8
HOME = (("Projekte", "/projekte"),)
LIGHT_WORDS = {Light.RED.value: "rot", Light.YELLOW.value: "gelb", Light.GREEN.value: "grün", "none": words.NO_LIGHT}
COLUMNS: list[Column[ProjectLine]] = [
    Column("Nr.", lambda row: row.code, Kind.CODE, ProjectSort.CODE),
    Column(
        "Projekt",
        lambda row: row.title,
        Kind.NAME,
        ProjectSort.TITLE,
        link=lambda row: f"/projekte/{row.id}",
        sub=lambda row: "Entscheidungsbedarf offen" if row.need else "",
    ),
    Column("Planperiode", lambda row: row.period, on_page=False),
    Column("Handlungsfeld", lambda row: row.field),
    Column("Themencluster", lambda row: row.cluster, on_page=False),
    Column("Ampel", lambda row: row.light, Kind.LIGHT, ProjectSort.LIGHT),
    Column("Ampel aus Stand", lambda row: row.light_as_of, Kind.DATE, on_page=False),
    Column("Zuvor", lambda row: row.light_before, Kind.LIGHT),
    Column("Stand", lambda row: row.as_of, Kind.DATE, ProjectSort.AS_OF),
    Column("Phase", lambda row: words.phase_word(row.phase), Kind.CODE),
    Column("Fortschritt in Prozent", lambda row: row.progress, Kind.NUMBER, on_page=False),
    Column("Federführung", lambda row: row.lead_short, sort=ProjectSort.LEAD),
    Column("Beginn", lambda row: row.starts_on, Kind.DATE, on_page=False),
    Column("Ende", lambda row: row.ends_on, Kind.DATE, ProjectSort.ENDS_ON),
    Column("Entscheidungsbedarf", lambda row: row.need, on_page=False),
]


def columns_of(repeated: Collection[str]) -> list[Column[ProjectLine]]:
    """The columns of the page: where a number is borne by several projects, its plan period stands below it."""

    def period(row: ProjectLine) -> str:
        return row.period if row.code in repeated else ""

    return [dataclasses.replace(COLUMNS[0], sub=period), *COLUMNS[1:]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of a list asks for; what it does not understand, it leaves out."""

    wish: ProjectFilter
    sort: ProjectSort
    descending: bool
    after: str
    before: str

    def address(self, path: str = "/projekte", **changes: str) -> str:
        """The list with some values of the address changed; the page always begins anew."""
        values = {
            "q": self.wish.q,
            "ampel": self.wish.light,
            "periode": _shown(self.wish.period_id),
            "feld": _shown(self.wish.field_id),
            "cluster": _shown(self.wish.cluster_id),
            "federfuehrung": _shown(self.wish.lead_id),
            "phase": self.wish.phase.value if self.wish.phase else "",
            "sortierung": _sorting(self.sort, self.descending),
            **changes,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows less than everything."""
        return self.wish != ProjectFilter()


@router.get("/projekte")
def show_projects(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The list: filter, counts per light, sorted, page by page."""
    asked = read_wish(request)
    found = list_projects(
        session,
        actor,
        asked.wish,
        sort=asked.sort,
        descending=asked.descending,
        after=asked.after or None,
        before=asked.before or None,
    )
    return page(
        request,
        actor,
        "projects/list.html",
        title="Projekte",
        asked=asked,
        found=found,
        columns=columns_of(repeated_codes(session, actor)),
        choices=list_choices(session, actor),
        sorts={sort.value: _sort_link(asked, sort) for sort in ProjectSort},
        light_words=LIGHT_WORDS,
        phases=[(phase.value, word) for phase, word in words.PHASES.items()],
        counts=[(key, None if key == "none" else key, found.counts[_light(key)]) for key in LIGHT_WORDS],
        today=clock.today(),
        may_create=rights.may_create(actor),
    )


@router.get("/projekte.csv")
@router.get("/projekte.xlsx")
def download_projects(request: Request, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The filtered list as a file, in its order, whole."""
    asked = read_wish(request)
    with database.read() as session:
        found = list_projects(session, actor, asked.wish, sort=asked.sort, descending=asked.descending, limit=None)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, found.lines, title="Projekte", name="projekte")


@router.get("/projekte/{project_id:int}")
def show_project(request: Request, session: ReadSession, actor: CurrentActor, project_id: int) -> Response:
    """One project: where it stands, what waits, its facts, and everything that happened."""
    project = get_project(session, actor, project_id)
    story = load_story(session, actor, project)
    given = request.query_params.get("art", "")
    return show_page(
        request,
        actor,
        story,
        chosen=next((sort for sort in Sort if sort.value == given), None),
        papers=ProjectPapers(session, actor, project).shown(),
    )


@router.get("/projekte/{project_id:int}/verlauf")
def show_project_history(request: Request, session: ReadSession, actor: CurrentActor, project_id: int) -> Response:
    """Who changed what about the project; for those who read the history."""
    project = get_project(session, actor, project_id)
    if not reads_history(actor):
        raise NotFound()
    return page(
        request,
        actor,
        "projects/history.html",
        title=f"{project.code} {project.title}",
        crumbs=(*HOME, (project.code, f"/projekte/{ident(project)}"), ("Verlauf", None)),
        project=project,
        lines=history_of(session, actor, "project", project_id),
    )


def show_page(
    request: Request,
    actor: Actor,
    story: Story,
    *,
    chosen: Sort | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The page of a project, its time line with everything or with one sort of entries.

    *values* are what a refused form adds: ``errors`` and ``typed`` by form.
    """
    project, shown, now = story.view.project, story.shown, story.view.standing.light
    return page(
        request,
        actor,
        "projects/show.html",
        title=f"{project.code} {project.title}",
        status=status,
        crumbs=(*HOME, (project.code, None)),
        story=story,
        events=story.of(chosen),
        sorts=_sort_tabs(story, chosen),
        view=story.view,
        project=project,
        words=words,
        today=clock.today(),
        may_change=rights.may_change(actor, project),
        may_enter=rights.may_enter_status(actor, project),
        may_upload=rights.may_keep_papers(actor, project),
        reads_history=reads_history(actor),
        strip=_strip(shown, now),
        last_shown=shown[-1] if shown else None,
        last_meeting=label_with_date(shown[-1][0]) if shown else "",
        trend=trend([light for _, light, _ in shown], now),
        drawing=story.drawing,
        **{"errors": {}, "typed": {}, "papers": None, "papers_note": "", **paper_words(), **values},
    )


def _sort_tabs(story: Story, chosen: Sort | None) -> list[dict[str, Any]]:
    """The sorts of entries that the time line holds, each with its count; none where there is only one."""
    home, there = f"/projekte/{story.view.project.id}", [sort for sort in Sort if story.of(sort)]
    if len(there) < 2 and chosen is None:
        return []
    tabs: list[dict[str, Any]] = [{"label": "Alles", "href": f"{home}#was-geschah", "current": chosen is None}]
    return tabs + [
        {
            "label": SORT_WORDS[sort],
            "href": f"{home}?art={sort.value}#was-geschah",
            "current": sort is chosen,
            "count": len(story.of(sort)),
        }
        for sort in Sort
        if sort in there or sort is chosen
    ]


def _strip(shown: Sequence[tuple[Meeting, Light | None, Phase | None]], now: Light | None) -> list[dict[str, Any]]:
    """The light as the last held meetings were shown it, and today's; empty before the first such meeting."""
    points = [
        {"light": light, "label": label_with_date(meeting), "href": f"/sitzungen/{meeting.id}"}
        for meeting, light, _ in shown[-STRIP:]
    ]
    return [*points, {"light": now, "label": "heute"}] if points else []


def read_wish(request: Request) -> Wish:
    """The filter, order and place that the address asks for."""
    given = request.query_params
    sorting = given.get("sortierung", "")
    sort = next((one for one in ProjectSort if one.value == sorting.lstrip("-")), ProjectSort.CODE)
    light = given.get("ampel", "")
    phase = given.get("phase", "")
    return Wish(
        wish=ProjectFilter(
            q=text.one_line(given.get("q", ""))[:200],
            period_id=_number(given.get("periode", "")),
            field_id=_number(given.get("feld", "")),
            cluster_id=_number(given.get("cluster", "")),
            lead_id=_number(given.get("federfuehrung", "")),
            light=light if light in LIGHT_WORDS else "",
            phase=Phase(phase) if phase in tuple(Phase) else None,
        ),
        sort=sort,
        descending=sorting.startswith("-"),
        after=given.get("nach", ""),
        before=given.get("vor", ""),
    )


def _sort_link(asked: Wish, sort: ProjectSort) -> tuple[str, str | None]:
    """Where the head of a column leads, and how it sorts now: latest Stand and worst light come first."""
    if asked.sort is sort:
        turned = asked.address(sortierung=_sorting(sort, not asked.descending))
        return turned, "descending" if asked.descending else "ascending"
    return asked.address(sortierung=_sorting(sort, sort is ProjectSort.AS_OF)), None


def _sorting(sort: ProjectSort, descending: bool) -> str:
    return "" if sort is ProjectSort.CODE and not descending else f"{'-' if descending else ''}{sort.value}"


def _light(key: str) -> Light | None:
    return None if key == "none" else Light(key)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
