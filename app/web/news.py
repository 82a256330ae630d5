"""What is new since somebody's last visit: what others released, changed, decided and gave, as far as it is theirs."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app import text
from app.actions.queries import own_actions
from app.actor import Actor
from app.circulars.queries.circulars import find_circulars
from app.clock import BERLIN
from app.decisions.queries.decisions import find_decisions
from app.history.models import HistoryEntry
from app.history.queries import happened_since
from app.meetings.models import Meeting
from app.meetings.queries import find_meetings
from app.meetings.rules import life
from app.minutes.models import MinutesState
from app.minutes.queries.life import list_readable
from app.visibility import Matter, reads

MOST_ENTRIES = 300
NAMED = 10
NAMED_DECISIONS = 3

MEETINGS: Mapping[str, str] = {
    "meeting.announce": "{} ist angekündigt",
    "meeting.move": "{} ist verlegt auf {}",
    "meeting.cancel": "{} ist abgesagt",
    "agenda.release": "Tagesordnung der {} ist freigegeben",
    "agenda.supplement": "Nachtrag zur Tagesordnung der {}",
}
AGENDA = ("agenda.release", "agenda.supplement")
MINUTES = ("minutes.submit", "minutes.approve")
DECISIONS, ACTIONS = ("decision.number",), ("action.give", "action.number")
CIRCULARS: Mapping[str, str] = {
    "circular.start": "Umlaufverfahren „{}“ hat begonnen",
    "circular.establish": "Umlaufverfahren „{}“ ist ausgegangen",
}
VERBS = (*MEETINGS, *MINUTES, *DECISIONS, *ACTIONS, *CIRCULARS)


@dataclass(frozen=True, slots=True)
class Novelty:
    """Something new: what happened in words, where it is read, and when it happened."""

    words: str
    address: str
    at: dt.datetime

    @property
    def day(self) -> str:
        """02.03.2026"""
        return text.date(self.at.astimezone(BERLIN).date())


@dataclass(frozen=True, slots=True)
class News:
    """What is new since the day ``since``; ``more`` further things are not named."""

    since: dt.datetime
    lines: list[Novelty]
    more: int = 0


def news_since(session: Session, actor: Actor, since: dt.datetime) -> News:
    """The news of a reader, the newest first: at most six queries, however much happened.

    The history says what was done and when; whether this reader may know of it, and how it is called, their own
    readable things say. Nobody is told what they did themselves.
    """
    entries = happened_since(session, since, VERBS, but_by=actor.account_id, limit=MOST_ENTRIES)
    if not entries:
        return News(since, [])
    found = [line for source in SOURCES for line in source(session, actor, entries)]
    found.sort(key=lambda line: line.at, reverse=True)
    return News(since, found[:NAMED], max(len(found) - NAMED, 0))


def _meetings(session: Session, actor: Actor, entries: Sequence[HistoryEntry]) -> Iterator[Novelty]:
    """The last of each kind; an agenda is news for who reads it, a supplement for the body's own readers."""
    news = _last(entries, MEETINGS)
    known = find_meetings(session, actor, {one.object_id for one in news}) if news else {}
    for one in news:
        meeting = known.get(one.object_id)
        if meeting is None or not _concerns(actor, meeting, one.verb):
            continue
        day = text.date(life.day_of(meeting))
        label = life.label(meeting) if one.verb == "meeting.move" else life.label_with_date(meeting)
        address = f"/sitzungen/{meeting.id}{'/lesen' if one.verb in AGENDA else ''}"
        yield Novelty(MEETINGS[one.verb].format(label, day), address, one.at)


def _concerns(actor: Actor, meeting: Meeting, verb: str) -> bool:
    if reads(actor, Matter.INTERNAL, meeting.body_id):
        return True
    return verb != "agenda.supplement" and meeting.id in actor.own_meeting_ids


def _minutes(session: Session, actor: Actor, entries: Sequence[HistoryEntry]) -> Iterator[Novelty]:
    news = _last(entries, MINUTES)
    known = list_readable(session, actor, {one.object_id for one in news}) if news else {}
    for one in news:
        minutes, meeting = known.get(one.object_id, (None, None))
        if minutes is None or meeting is None:
            continue
        approved = one.verb == "minutes.approve"
        if not approved and minutes.state is not MinutesState.REVIEW:
            continue  # what was to be reviewed is over
        state = "ist genehmigt" if approved else "liegt zur Prüfung vor"
        words = f"Niederschrift der {life.label_with_date(meeting)} {state}"
        yield Novelty(words, f"/sitzungen/{meeting.id}/niederschrift", one.at)


def _decisions(session: Session, actor: Actor, entries: Sequence[HistoryEntry]) -> Iterator[Novelty]:
    """A few by name, many as one line."""
    news = _last(entries, DECISIONS)
    known = find_decisions(session, actor, {one.object_id for one in news}) if news else {}
    mine = [(one, known[one.object_id]) for one in news if one.object_id in known]
    if len(mine) > NAMED_DECISIONS:
        yield Novelty(f"{len(mine)} neue Beschlüsse", "/beschluesse", mine[0][0].at)
        return
    for one, decision in mine:
        yield Novelty(
            f"Beschluss {decision.number}: {text.one_line(decision.title)}", f"/beschluesse/{decision.id}", one.at
        )


def _actions(session: Session, actor: Actor, entries: Sequence[HistoryEntry]) -> Iterator[Novelty]:
    news = _last(entries, ACTIONS)
    known = {action.id: action for action in own_actions(session, actor)} if news else {}
    for one in news:
        action = known.pop(one.object_id, None)
        if action is not None:
            words = f"Auftrag für Sie: {action.number} {text.one_line(action.title)}"
            yield Novelty(words, f"/auftraege/{action.id}", one.at)


def _circulars(session: Session, actor: Actor, entries: Sequence[HistoryEntry]) -> Iterator[Novelty]:
    news = _last(entries, CIRCULARS)
    known = find_circulars(session, actor, {one.object_id for one in news}) if news else {}
    for one in news:
        if one.object_id in known:
            _, decision = known.pop(one.object_id)  # of one that ended its beginning is no news any more
            words = CIRCULARS[one.verb].format(text.one_line(decision.title))
            yield Novelty(words, f"/umlaufverfahren/{one.object_id}", one.at)


def _last(entries: Iterable[HistoryEntry], verbs: Iterable[str]) -> list[HistoryEntry]:
    """The entries of these verbs, of each thing and verb the last alone (they come newest first)."""
    wanted = set(verbs)
    found: dict[tuple[int, str], HistoryEntry] = {}
    for one in entries:
        if one.verb in wanted:
            found.setdefault((one.object_id, one.verb), one)
    return list(found.values())


SOURCES: tuple[Callable[[Session, Actor, Sequence[HistoryEntry]], Iterator[Novelty]], ...] = (
    _meetings,
    _minutes,
    _decisions,
    _actions,
    _circulars,
)
