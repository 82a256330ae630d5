"""What became of the decisions of a meeting, in numbers that lead to them, and all meetings in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import charts, text
from app.actor import Actor
from app.bodies.queries import list_bodies, load_bodies
from app.db import ident
from app.decisions.models import FollowUpState
from app.decisions.queries.following import counts_by_meeting, decisions_of_meeting
from app.decisions.rules.following import CLOSED, WORDS
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting, list_meetings
from app.meetings.rules import life
from app.request import CurrentActor, CurrentDatabase, ReadSession
from app.web.decisions.following import ALL, HOME
from app.web.decisions.following_lines import COLUMNS, UNFOLLOWED, FollowLine, follow_lines
from app.web.respond import page
from app.web.tables import Column, Kind, download

router = APIRouter()

MEETINGS = f"{HOME}/sitzungen"
KEYS: Mapping[str, FollowUpState] = {word.replace(" ", "-").replace("ö", "oe"): state for state, word in WORDS.items()}
"""How addresses name the states."""

OTHERS = "ohne"
"""How addresses name the decisions that are not followed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a meeting: of which state, how many, and the address of these decisions."""

    word: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting with the numbers of its decisions in the order of the states, those not followed last."""

    id: int
    body: str
    label: str
    meeting: Meeting
    numbers: tuple[Number, ...]

    @property
    def total(self) -> int:
        """All numbered decisions of the meeting that the reader reads."""
        return sum(one.count for one in self.numbers)

    @property
    def running(self) -> int:
        """How many are still to be carried out."""
        return self._sum({WORDS[state] for state in FollowUpState if state not in CLOSED})

    @property
    def done(self) -> int:
        """How many were carried out."""
        return self._sum({WORDS[FollowUpState.DONE]})

    def _sum(self, words: set[str]) -> int:
        return sum(one.count for one in self.numbers if one.word in words)


def _number(place: int) -> Callable[[MeetingLine], int]:
    return lambda row: row.numbers[place].count


OVERVIEW: list[Column[MeetingLine]] = [
    Column("Sitzung", lambda row: row.label, Kind.NAME),
    Column("Gremium", lambda row: row.body),
    Column("Tag", lambda row: life.day_of(row.meeting), Kind.DATE),
    Column("Beschlüsse", lambda row: row.total, Kind.NUMBER),
    *(Column(word, _number(place), Kind.NUMBER) for place, word in enumerate((*WORDS.values(), UNFOLLOWED))),
]


@router.get(MEETINGS)
def show_meetings(request: Request, session: ReadSession, actor: CurrentActor, gremium: str = "") -> Response:
    """One line for each meeting that took decisions, the latest first."""
    lines = _meeting_lines(session, actor, gremium)
    return page(
        request,
        actor,
        "decisions/following_meetings.html",
        title="Was aus den Beschlüssen wurde",
        crumbs=(("Beschlusskontrolle", HOME), ("Sitzungen", None)),
        lines=lines,
        words=[*WORDS.values(), UNFOLLOWED],
        bodies=[(ident(body), body.short_name) for body in list_bodies(session, actor)],
        gremium=gremium,
        total=sum(line.total for line in lines),
        running=sum(line.running for line in lines),
        done=sum(line.done for line in lines),
        sums=[sum(line.numbers[place].count for line in lines) for place in range(len(WORDS) + 1)],
    )


@router.get(f"{MEETINGS}.csv")
@router.get(f"{MEETINGS}.xlsx")
def download_meetings(request: Request, database: CurrentDatabase, actor: CurrentActor, gremium: str = "") -> Response:
    """The table of meetings as a file."""
    with database.read() as session:
        lines = _meeting_lines(session, actor, gremium)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, OVERVIEW, lines, title="Beschlüsse je Sitzung", name="beschluesse-je-sitzung")


@router.get(f"{MEETINGS}/{{meeting_id}}")
def show_meeting(
    request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor, stand: str = ""
) -> Response:
    """What became of the decisions of one meeting; ``stand`` shows those behind one number."""
    meeting = get_meeting(session, actor, meeting_id)
    lines, others = _of_meeting(session, actor, meeting_id)
    _require_known(stand)
    line = _meeting_line(meeting, load_bodies(session)[meeting.body_id].short_name, _counts(lines, others))
    told = [f"{one.count} {one.word}" for one in line.numbers if one.count]
    return page(
        request,
        actor,
        "decisions/following_meeting.html",
        title=f"Was wurde aus den Beschlüssen der {life.label(meeting)}?",
        crumbs=(("Beschlusskontrolle", HOME), ("Sitzungen", MEETINGS), (life.label_with_date(meeting), None)),
        meeting=meeting,
        line=line,
        chart=charts.counts([(one.word, one.count) for one in line.numbers]),
        description=text.joined(told),
        shown=_behind(stand, lines, others),
        stand="" if stand == ALL else stand,
        stand_word=UNFOLLOWED if stand == OTHERS else WORDS[KEYS[stand]] if stand in KEYS else "",
        home=f"{MEETINGS}/{meeting_id}",
    )


@router.get(f"{MEETINGS}/{{meeting_id}}/beschluesse.csv")
@router.get(f"{MEETINGS}/{{meeting_id}}/beschluesse.xlsx")
def download_meeting(
    request: Request, meeting_id: int, database: CurrentDatabase, actor: CurrentActor, stand: str = ""
) -> Response:
    """The decisions of one meeting, or those behind one number, as a file."""
    with database.read() as session:
        meeting = get_meeting(session, actor, meeting_id)
        _require_known(stand)
        shown = _behind(stand, *_of_meeting(session, actor, meeting_id))
    ending = request.url.path.rpartition(".")[2]
    title = f"Beschlüsse der {life.label(meeting)}"
    return download(ending, COLUMNS, shown, title=title, name=f"beschluesse-{life.day_of(meeting).isoformat()}")


def _require_known(stand: str) -> None:
    if stand and stand not in (*KEYS, OTHERS, ALL):
        raise NotFound()


def _of_meeting(session: Session, actor: Actor, meeting_id: int) -> tuple[list[FollowLine], list[FollowLine]]:
    followed, others = decisions_of_meeting(session, actor, meeting_id)
    known = {one.id for one in followed}
    lines = follow_lines(session, actor, [*followed, *others])
    others_lines = [replace(line, followed=False) for line in lines if line.id not in known]
    return [line for line in lines if line.id in known], others_lines


def _behind(stand: str, lines: list[FollowLine], others: list[FollowLine]) -> list[FollowLine]:
    if stand == OTHERS:
        return others
    return [line for line in lines if line.state is KEYS[stand]] if stand in KEYS else [*lines, *others]


def _counts(lines: list[FollowLine], others: list[FollowLine]) -> dict[FollowUpState | None, int]:
    found: dict[FollowUpState | None, int] = {None: len(others)}
    for line in lines:
        found[line.state] = found.get(line.state, 0) + 1
    return found


def _meeting_line(meeting: Meeting, body: str, counts: Mapping[FollowUpState | None, int]) -> MeetingLine:
    home = f"{MEETINGS}/{meeting.id}"
    numbers = [Number(WORDS[state], counts.get(state, 0), f"{home}?stand={key}") for key, state in KEYS.items()]
    numbers.append(Number(UNFOLLOWED, counts.get(None, 0), f"{home}?stand={OTHERS}"))
    return MeetingLine(ident(meeting), body, life.label_with_date(meeting), meeting, tuple(numbers))


def _meeting_lines(session: Session, actor: Actor, gremium: str) -> list[MeetingLine]:
    if gremium and not (gremium.isdecimal() and len(gremium) < 10):
        raise NotFound()
    counts = counts_by_meeting(session, actor, body_id=int(gremium) if gremium else None)
    bodies = load_bodies(session)
    return [
        _meeting_line(meeting, bodies[meeting.body_id].short_name, counts[ident(meeting)])
        for meeting in list_meetings(session, actor)
        if ident(meeting) in counts
    ]
