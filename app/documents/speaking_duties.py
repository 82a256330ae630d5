"""What is still open of decisions and actions, by the agenda item at which the chair may be asked about it."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.actions.queries import lines_of
from app.actions.queries.about import running_actions
from app.actions.rules.steps import OVER
from app.actions.rules.words import STATE_WORDS
from app.actor import Actor
from app.agenda.queries import list_items
from app.db import ident
from app.decisions.models import Decision
from app.decisions.queries.about import running_decisions
from app.decisions.rules.following import CLOSED, WORDS
from app.drafting.schemas import Reason
from app.meetings.models import Meeting

DECISION, ACTION = "decision", "action"


class Duty(BaseModel):
    """An open decision or action: ``decision`` tells which, ``who`` answers for an action, ``state`` is in words.

    ``over``: nothing is open any more, the item reports it as done.
    """

    model_config = ConfigDict(frozen=True)

    decision: bool
    number: str
    title: str
    state: str
    who: str = ""
    due_on: dt.date | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What an item is about: its projects, the lines that its reasons list, and the item from which it goes on."""

    projects: frozenset[int]
    things: frozenset[str]
    carried_from: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    key: str
    projects: frozenset[int]
    item_id: int | None
    duty: Duty

    def concerns(self, about: About) -> bool:
        """Whether the item is about it; what is over only where the item reports it."""
        if self.key in about.things:
            return True
        carried = about.carried_from is not None and about.carried_from == self.item_id
        return not self.duty.over and (carried or bool(self.projects & about.projects))


def abouts_of(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    projects: Mapping[int, Collection[int]],
    reasons: Mapping[int, Iterable[Reason]],
) -> dict[int, About]:
    """What each item of *projects* (by item) is about; one query."""
    carried = {ident(item): item.carried_from_id for item in list_items(session, actor, ident(meeting))}
    return {
        item_id: About(
            projects=frozenset(named),
            things=frozenset(reason.thing for reason in reasons.get(item_id, ()) if reason.thing),
            carried_from=carried.get(item_id),
        )
        for item_id, named in projects.items()
    }


def duties_of_items(
    session: Session, actor: Actor, meeting: Meeting, abouts: Mapping[int, About]
) -> dict[int, tuple[Duty, ...]]:
    """By item, the body's decisions and actions that the item is about: decisions first, soonest due first."""
    things = [thing for about in abouts.values() for thing in about.things]
    known = [
        *_decisions(session, actor, meeting.body_id, _ids(things, DECISION)),
        *_actions(session, actor, meeting.body_id, _ids(things, ACTION)),
    ]
    return {item_id: tuple(one.duty for one in known if one.concerns(about)) for item_id, about in abouts.items()}


def _ids(things: Iterable[str], kind: str) -> list[int]:
    return [int(thing.rpartition(":")[2]) for thing in things if thing.startswith(f"{kind}:")]


def _decisions(session: Session, actor: Actor, body_id: int, also: Collection[int]) -> Iterator[_Known]:
    for row, projects in running_decisions(session, actor, body_id, also=also):
        yield _Known(f"{DECISION}:{row.id}", projects, row.item_id, _decision(row))


def _decision(row: Decision) -> Duty:
    return Duty(
        decision=True,
        number=row.number,
        title=row.title,
        state=WORDS[row.state],
        due_on=row.due_on,
        over=row.state in CLOSED,
    )


def _actions(session: Session, actor: Actor, body_id: int, also: Collection[int]) -> Iterator[_Known]:
    found = {ident(row): projects for row, projects in running_actions(session, actor, body_id, also=also)}
    for line in lines_of(session, actor, found) if found else ():
        duty = Duty(
            decision=False,
            number=line.number,
            title=line.title,
            state=STATE_WORDS[line.state],
            who=line.who,
            due_on=line.due_on,
            over=line.state in OVER,
        )
        yield _Known(f"{ACTION}:{line.id}", found[line.id], line.item_id, duty)
