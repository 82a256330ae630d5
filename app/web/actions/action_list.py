"""The list of action items: filters, files, and the secretariat's step for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import clock, text
from app.actions.models import ActionState
from app.actions.queries import ActionSort, list_actions, list_projects_of_actions, list_responsible
from app.actions.rules.words import STATE_WORDS, due_words, moved_words
from app.actions.schemas import ActionFilter, ActionLine, ActionPage, ProgressIn, Timing
from app.actions.service.reporting import report_many
from app.actor import Actor, Role
from app.agenda.rules.words import LEVEL_WORDS
from app.bodies.queries import list_bodies, load_rules
from app.bodies.rules import SENDER
from app.db import ident
from app.documents.actions import ActionListValues, ActionValues, render_actions
from app.documents.pdf import Busy
from app.errors import Forbidden, Invalid
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted
from app.visibility import Level
from app.web.downloads import PDF, file_headers, wait_page
from app.web.forms import Form, read_form, typed, typed_number
from app.web.respond import done, page
from app.web.tables import Column, Kind, download

router = APIRouter()

STANDS: Mapping[str, tuple[str, Timing | None]] = {
    "": ("offen", Timing.RUNNING),
    "ueberfaellig": ("überfällig", Timing.OVERDUE),
    "vorbei": ("erledigt oder aufgehoben", Timing.OVER),
    "alle": ("alle", None),
}
"""What the address calls the states of the list, their words, and what is looked for; without one, what still runs."""

COLUMNS: list[Column[ActionLine]] = [
    Column("Nr.", lambda row: row.number, Kind.CODE),
    Column("Auftrag", lambda row: row.title, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Institution", lambda row: row.organisation),
    Column("Person", lambda row: row.person),
    Column("Stand", lambda row: STATE_WORDS[row.state]),
    Column("Frist", lambda row: row.due_on, Kind.DATE),
    Column("Erste Frist", lambda row: row.first_due_on, Kind.DATE),
    Column("Tage überfällig", lambda row: row.late_days or None, Kind.NUMBER),
    Column("Erteilt am", lambda row: row.given_on, Kind.DATE),
    Column("Erledigt oder aufgehoben am", lambda row: row.done_on, Kind.DATE),
    Column("Projekte", lambda row: ", ".join(project.code for project in row.projects)),
    Column("Letzte Meldung", lambda row: row.last_text),
    Column("Einzelheiten", lambda row: row.details),
    Column("Vertraulichkeit", lambda row: LEVEL_WORDS[row.level]),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list asks for; what it does not understand, it leaves out."""

    wish: ActionFilter
    stand: str
    sort: ActionSort
    descending: bool
    after: str
    before: str

    def address(self, path: str = "/auftraege", **changes: str) -> str:
        """The list with some values of the address changed; the page always begins anew."""
        values = {
            "q": self.wish.q,
            "meine": "1" if self.wish.mine else "",
            "stand": self.stand,
            "gremium": str(self.wish.body_id or ""),
            "institution": str(self.wish.organisation_id or ""),
            "projekt": str(self.wish.project_id or ""),
            "sortierung": ("-" if self.descending else "") + _SORTS[self.sort]
            if (self.sort, self.descending) != (ActionSort.DUE, False)
            else "",
            **changes,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def is_filtered(self) -> bool:
        """Whether the list shows something else than what runs."""
        return self.wish != ActionFilter(timing=Timing.RUNNING)

    @property
    def words(self) -> str:
        """What the list shows, in words: for its document."""
        parts = [STANDS[self.stand][0]]
        parts += ["eigene"] if self.wish.mine else []
        parts += [f"mit „{self.wish.q}“"] if self.wish.q else []
        return ", ".join(parts)


_SORTS: Mapping[ActionSort, str] = {
    ActionSort.DUE: "frist",
    ActionSort.NUMBER: "nummer",
    ActionSort.GIVEN: "erteilt",
}


def read_asked(request: Request) -> Asked:
    """The filter, order and place that the address asks for."""
    given = request.query_params
    stand = given.get("stand", "") if given.get("stand", "") in STANDS else ""
    sorting = given.get("sortierung", "")
    return Asked(
        wish=ActionFilter(
            q=text.one_line(given.get("q", ""))[:200],
            mine=given.get("meine") == "1",
            timing=STANDS[stand][1],
            body_id=typed_number(given.get("gremium", "")) or None,
            organisation_id=typed_number(given.get("institution", "")) or None,
            project_id=typed_number(given.get("projekt", "")) or None,
        ),
        stand=stand,
        sort=next((sort for sort, word in _SORTS.items() if word == sorting.lstrip("-")), ActionSort.DUE),
        descending=sorting.startswith("-"),
        after=given.get("nach", ""),
        before=given.get("vor", ""),
    )


def find_lines(session: Session, actor: Actor, asked: Asked, *, whole: bool = False) -> ActionPage:
    """The lines of the list, a page of them or all."""
    if whole:
        return list_actions(session, actor, asked.wish, sort=asked.sort, descending=asked.descending, limit=None)
    return list_actions(
        session,
        actor,
        asked.wish,
        sort=asked.sort,
        descending=asked.descending,
        after=asked.after or None,
        before=asked.before or None,
    )


@router.get("/auftraege")
def show_actions(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The list: what still runs, the most pressing first; filters, and many at once for the secretariat."""
    return list_page(request, session, actor, Form())


@router.get("/auftraege.csv")
@router.get("/auftraege.xlsx")
def download_actions(request: Request, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The filtered list as a file, in its order, whole."""
    with database.read() as session:
        found = find_lines(session, actor, read_asked(request), whole=True)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, found.lines, title="Aufträge", name="auftraege")


@router.get("/auftraege/liste.pdf")
def download_list(request: Request, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The filtered list as a document, whole, the overdue first."""
    asked = read_asked(request)
    with database.read() as session:
        found = find_lines(session, actor, asked, whole=True)
        values = _list_values(session, actor, asked, found.lines)
    try:
        content = render_actions(values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    headers = file_headers(values.body, "Auftragsliste", clock.today().isoformat(), ending="pdf")
    return Response(content, headers=headers, media_type=PDF)


def _list_values(session: Session, actor: Actor, asked: Asked, lines: Sequence[ActionLine]) -> ActionListValues:
    """The lines as the document shows them; its sender is the body's where all are of one."""
    bodies = {line.body_id: line.body for line in lines}
    (body_id, body), *others = [*bodies.items(), (0, "")]
    of_one = bool(body_id) and len(others) == 1
    known = {ident(one) for one in list_bodies(session, actor)}
    sender = load_rules(session, body_id)[SENDER] if of_one and body_id in known else "Geschäftsstelle"
    groups = sorted(lines, key=lambda line: _group(line)[0])
    return ActionListValues(
        made_at=clock.now(),
        selection=asked.words,
        sender=sender,
        body=body if of_one else "",
        demo=actor.demo,
        actions=tuple(_action_values(line) for line in groups),
    )


def _group(line: ActionLine) -> tuple[int, str]:
    if line.late_days:
        return 0, "Überfällig"
    return (2, "Erledigt oder aufgehoben") if due_of(line)["over"] else (1, "Offen")


def _action_values(line: ActionLine) -> ActionValues:
    due = due_of(line)
    return ActionValues(
        number=line.number,
        title=line.title,
        details=line.details,
        who=line.who,
        due_on=line.due_on,
        late=due["words"] if due["late"] else "",
        moved=due["moved"],
        state=STATE_WORDS[line.state],
        over_on=line.done_on,
        projects=", ".join(project.code for project in line.projects),
        level=LEVEL_WORDS[line.level] if line.level is Level.CONFIDENTIAL else "",
        last_text=line.last_text,
        group=_group(line)[1],
    )


@router.post("/auftraege/mehrere")
def change_many(request: Request, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted) -> Response:
    """The same step for all that are marked: all of them, or none with the reasons."""
    values = typed(submitted)
    marked = [str(one) for one in submitted.getlist("auftrag")]
    try:
        with database.write() as session:
            if not actor.is_secretariat:
                raise Forbidden("Mehrere Aufträge auf einmal ändert nur die Geschäftsstelle.")
            wish = read_form(ProgressIn, {name: values.get(name, "") for name in _STEP})
            changed = report_many(session, actor, [_marked(one) for one in marked], wish)
    except Invalid as error:
        with database.read() as session:
            form = Form({**values, "auftrag": marked}, error.by_field)
            return list_page(request, session, actor, form, status=error.status)
    return done(request, _back(values), f"{text.counted(len(changed), 'Auftrag', 'Aufträge')} geändert.")


_STEP = ("state", "text", "due_on", "reason")


def list_page(request: Request, session: Session, actor: Actor, form: Form, *, status: int = 200) -> Response:
    """The list, or its form for many shown again."""
    asked = read_asked(request)
    bodies = list_bodies(session, actor)
    found = find_lines(session, actor, asked)
    return page(
        request,
        actor,
        "actions/list.html",
        title="Aufträge",
        status=status,
        asked=asked,
        found=found,
        lines=[(line, due_of(line)) for line in found.lines],
        sorts={sort.value: _sort_link(asked, sort) for sort in ActionSort},
        stands=[(key, word, found.counts[timing.value if timing else "all"]) for key, (word, timing) in STANDS.items()],
        state_words=STATE_WORDS,
        bodies=[(ident(body), body.short_name) for body in bodies],
        houses=list_responsible(session, actor),
        projects=list_projects_of_actions(session, actor),
        today=clock.today(),
        form=form,
        marked=form.value("auftrag") or [],
        may_give=any(actor.has(Role.SECRETARIAT, ident(body)) for body in bodies),
        runs=frozenset(ident(body) for body in bodies if actor.has(Role.SECRETARIAT, ident(body))),
        states=[(state.value, word) for state, word in STATE_WORDS.items()],
    )


def due_of(line: ActionLine) -> dict[str, Any]:
    """How a line stands to its date, in words, and whether it is late."""
    return {
        "words": due_words(line.due_on, state=line.state, on=clock.today()),
        "late": line.late_days > 0,
        "moved": moved_words(line.due_on, line.first_due_on),
        "over": line.state in (ActionState.DONE, ActionState.DROPPED),
    }


def _sort_link(asked: Asked, sort: ActionSort) -> tuple[str, str | None]:
    """Where a heading leads: the other direction of its own column, else its first one."""
    current = asked.sort is sort
    wanted = ("" if not current or asked.descending else "-") + _SORTS[sort]
    wanted = "" if wanted == _SORTS[ActionSort.DUE] else wanted
    direction = ("descending" if asked.descending else "ascending") if current else None
    return asked.address(sortierung=wanted), direction


def _marked(value: str) -> tuple[int, int | None]:
    """ "12:3": the action and the version that was seen."""
    action_id, _, version = value.partition(":")
    return typed_number(action_id), typed_number(version)


def _back(values: Mapping[str, str]) -> str:
    """The list as it was filtered; never another address."""
    query = values.get("suche", "")
    return f"/auftraege?{query}" if query else "/auftraege"
