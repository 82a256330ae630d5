"""Which entries match a search, and which of them somebody may read: asked as every page asks."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import AsBoolean, BooleanClauseList, Grouping
from sqlmodel import Session, col, select

from app.actions.models import Action
from app.actions.queries.actions import readable_actions
from app.actor import Actor
from app.agenda.models import AgendaItem, AgendaRelease, Edition, Registration, Topic
from app.agenda.queries.items import readable_items
from app.agenda.queries.registrations import readable_registrations
from app.agenda.queries.topics import readable_topics
from app.agenda.rules.reading import edition_of, reads_item
from app.circulars.models import Circular
from app.circulars.queries.circulars import readable_circulars
from app.decisions.models import Decision
from app.decisions.queries.decisions import readable_decisions
from app.meetings.models import Meeting, MinutesPublication, Publication
from app.meetings.queries import readable_meetings
from app.minutes.models import MinuteNote, Minutes, MinutesRelease, MinutesState
from app.minutes.queries import attended_of, published_of, readable_minutes, readable_notes
from app.minutes.rules.reading import own_edition
from app.papers.models import Paper
from app.projects.models import Project, StatusReport
from app.projects.queries.papers import papers_of_projects
from app.projects.queries.projects import readable_accepted_reports, readable_projects
from app.search.models import EntryKind, SearchEntry
from app.search.queries.contents import MINUTES_EDITIONS
from app.search.rules.ranking import kind_in, number_of
from app.search.rules.words import Term, grams
from app.visibility import Level, Matter, body_clause, body_ids

K = EntryKind
E = SearchEntry


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; ``kinds`` () means all."""

    kinds: tuple[EntryKind, ...] = ()
    body_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that matches and may be read, as far as ranking and reading need it."""

    id: int
    kind: EntryKind
    object_id: int
    happened_on: dt.date
    body_id: int | None
    meeting_id: int | None
    item_id: int | None
    project_id: int | None
    project_ids: str
    level: Level
    folded: str


_COLUMNS = tuple(getattr(E, name) for name in Found.__slots__)
_GRAM: Any = sa.table("search_gram", sa.column("rowid", sa.BigInteger))


LATEST = 4_000
"""So many of the latest entries PostgreSQL reads one by one: a common word fills a page of hits from them alone."""


def matching(session: Session, terms: Sequence[Term], actor: Actor, wish: Filters) -> tuple[sa.Select[Any], ...]:
    """The entries that hold the terms and pass what SQL decides about reading, later days first.

    Both databases look for the same pieces in the same column. What the first statement finds comes before what the
    next finds: PostgreSQL reads the latest entries, and finds older ones by their grams, because a list of all grams
    of a common word is long, and a walk to a rare word is, too.
    """
    statement = sa.select(*_COLUMNS)
    clauses = {kind: one for kind, one in _readable(actor).items() if not wish.kinds or kind in wish.kinds}
    readable = sa.or_(sa.false(), *(sa.and_(col(E.kind) == kind, clause) for kind, clause in clauses.items()))
    if session.get_bind().dialect.name == "sqlite":
        statement = statement.select_from(_GRAM).join(E, col(E.id) == _GRAM.c.rowid)
        asked = sa.literal_column("search_gram").op("MATCH")(sa.literal(_match(terms)))
        # the kind stands in the id: no row is fetched for what is out of reach
        reached = kind_in(_GRAM.c.rowid).in_(sorted(number_of(kind) for kind in clauses))
        statement = statement.where(asked, reached).order_by(_GRAM.c.rowid.desc())
        return (statement.where(*_narrowed(wish), readable),)
    statement = statement.where(*_narrowed(wish), readable)
    latest = sa.select(col(E.id)).order_by(col(E.id).desc()).limit(LATEST).subquery()
    border = sa.select(sa.func.min(latest.c.id)).scalar_subquery()
    older = sa.select(col(E.id)).where(col(E.id) < border, *(_holds(term, indexed=True) for term in terms))
    listed = older.order_by(col(E.id).desc()).offset(0).subquery()  # OFFSET 0: listed before rights are asked for
    return (
        statement.where(col(E.id) >= border, *(_holds(term) for term in terms)).order_by(col(E.id).desc()),
        statement.join_from(listed, E, col(E.id) == listed.c.id).order_by(listed.c.id.desc()),
    )


def _match(terms: Sequence[Term]) -> str:
    """The search in the language of FTS5; needles hold letters, figures and spaces only, so nothing else is said."""

    def said(term: Term) -> str:
        return f"({' OR '.join(chr(34) + needle + chr(34) for needle in term.needles)})"

    wanted = " AND ".join(said(term) for term in terms if not term.excluded)
    unwanted = " OR ".join(said(term) for term in terms if term.excluded)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _holds(term: Term, *, indexed: bool = False) -> sa.ColumnElement[bool]:
    """Whether an entry holds one of the spellings of a term, or none of an excluded one; *indexed*: by its grams, too.

    The text comes first: where the planner walks after all, comparing it is cheaper than comparing the grams.
    """
    clauses = [sa.func.strpos(col(E.folded), needle) > 0 for needle in term.needles]
    if indexed and not term.excluded:
        clauses = [sa.and_(clause, _has_grams(needle)) for clause, needle in zip(clauses, term.needles, strict=True)]
    found = sa.or_(*clauses)
    return sa.not_(found) if term.excluded else found


def _has_grams(needle: str) -> sa.ColumnElement[bool]:
    """Whether an entry has all pieces of a needle: what the index of PostgreSQL answers."""
    array: Any = sa.literal_column("search_entry.grams")
    found: sa.ColumnElement[bool] = array.op("@>")(
        sa.cast(sa.literal(grams(needle), sa.ARRAY(sa.Text)), sa.ARRAY(sa.Text))
    )
    return found


def _narrowed(wish: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wish.body_id is not None:
        found.append(col(E.body_id) == wish.body_id)
    if wish.since is not None:
        found.append(col(E.happened_on) >= wish.since)
    if wish.until is not None:
        found.append(col(E.happened_on) <= wish.until)
    return found


@lru_cache(maxsize=256)
def _readable(actor: Actor) -> Mapping[EntryKind, sa.ColumnElement[bool]]:
    """A clause for each kind that *actor* may reach; ``keep_readable`` judges what values decide.

    Each comes from its package's own statement and is kept for the next search, because writing them takes longer than
    most searches: they hold the rights of *actor* alone and ask for everything else when they run. Who reads no body
    whole reads little: their things are listed once, instead of being asked for at every match.
    """
    reads_little = not any(body_ids(actor, one) != frozenset() for one in (Matter.INTERNAL, Matter.DRAFT))

    def there(statement: Any, key: Any, *more: sa.ColumnElement[bool], by: Any = None) -> sa.ColumnElement[bool]:
        if _never(statement.whereclause):
            return sa.false()
        place = col(E.object_id if by is None else by)
        if reads_little and not more:
            listed: sa.ColumnElement[bool] = place.in_(statement.with_only_columns(key))
            return listed
        wanted = statement.where(key == place, *more)
        # a value, not EXISTS: PostgreSQL would list all things of a kind to look up some hundred of them
        row = wanted.with_only_columns(sa.literal(1)).correlate(E).limit(1).scalar_subquery()
        found: sa.ColumnElement[bool] = row.is_not(None)
        return found

    meetings = there(readable_meetings(actor), col(Meeting.id), by=E.meeting_id)
    minutes = there(readable_minutes(actor), col(Minutes.meeting_id))
    released = sa.select(sa.func.max(col(AgendaRelease.version))).where(col(AgendaRelease.meeting_id) == E.meeting_id)
    sent = sa.select(sa.func.max(col(MinutesRelease.version))).where(col(MinutesRelease.meeting_id) == E.meeting_id)
    newest, newest_minutes = (one.correlate(E).scalar_subquery() == col(E.version) for one in (released, sent))
    draft = body_clause(actor, Matter.DRAFT, col(E.body_id))  # type: ignore[arg-type]
    paper = there(select(Paper), col(Paper.id), col(Paper.withdrawn).is_(False), _not_raised())
    clauses: dict[EntryKind, sa.ColumnElement[bool]] = {
        K.PROJECT: there(readable_projects(actor), col(Project.id)),
        K.STATUS: there(readable_accepted_reports(actor), col(StatusReport.id)),
        K.PROJECT_PAPER: sa.and_(there(readable_projects(actor), col(Project.id), by=E.project_id), paper),
        K.MEETING: meetings,
        K.ITEM: sa.and_(meetings, newest),
        K.ITEM_DRAFT: there(readable_items(actor), col(AgendaItem.id)),
        K.ITEM_PUBLIC: _holds_publication(Publication),
        K.PAPER: sa.and_(meetings, newest, paper),
        K.PAPER_DRAFT: sa.and_(meetings, draft),
        K.PAPER_PUBLIC: sa.and_(_holds_publication(Publication), paper),
        K.NOTE: there(readable_notes(actor), col(MinuteNote.item_id)),
        K.MINUTES_FULL: sa.and_(minutes, newest_minutes),
        K.MINUTES_INSIDE: sa.and_(minutes, newest_minutes),
        K.MINUTES_PUBLIC: sa.and_(minutes, _holds_publication(MinutesPublication)),
        K.DECISION: there(readable_decisions(actor), col(Decision.id)),
        K.ACTION: there(readable_actions(actor), col(Action.id)),
        K.CIRCULAR: there(readable_circulars(actor), col(Circular.id)),
        K.TOPIC: there(readable_topics(actor), col(Topic.id)),
        K.REGISTRATION: there(readable_registrations(actor), col(Registration.id)),
    }
    return {kind: clause for kind, clause in clauses.items() if not _never(clause)}


def _never(clause: Any) -> bool:
    """Whether a clause is false whatever the rows hold: false itself, all sides of an OR, or one side of an AND."""
    if isinstance(clause, BooleanClauseList):
        sides = [_never(one) for one in clause.clauses]
        return any(sides) if clause.operator is operators.and_ else clause.operator is operators.or_ and all(sides)
    if isinstance(clause, AsBoolean):
        return clause.operator is operators.is_true and _never(clause.element)
    return _never(clause.element) if isinstance(clause, Grouping) else isinstance(clause, sa.False_)


def _not_raised() -> sa.ColumnElement[bool]:
    """Raising a paper's level works at once, whatever the index still says."""
    return sa.or_(col(Paper.level) != Level.CONFIDENTIAL, col(E.level) == Level.CONFIDENTIAL)


def _holds_publication(table: Any) -> sa.ColumnElement[bool]:
    wanted = sa.select(sa.literal(1)).where(
        col(table.meeting_id) == E.meeting_id, col(table.version) == E.version, col(table.revoked_at).is_(None)
    )
    return wanted.correlate(E).exists()


def fetch(session: Session, statement: sa.Select[Any], limit: int, below: int | None) -> list[Found]:
    """At most *limit* entries of *statement*, those behind the entry *below*."""
    if below is not None:
        statement = statement.where(col(E.id) < below)
    return [Found(*row) for row in session.execute(statement.limit(limit))]


def keep_readable(session: Session, actor: Actor, found: Sequence[Found]) -> list[Found]:
    """Those of the entries whose released values the actor reads; at most four queries."""
    minutes = _minutes_editions(session, actor, [one for one in found if one.kind in MINUTES_EDITIONS.values()])
    papers = _project_papers(session, actor, [one for one in found if one.kind is K.PROJECT_PAPER])
    judges: Mapping[EntryKind, Callable[[Found], bool]] = {
        K.ITEM: lambda one: _reads_released(actor, one),
        K.PAPER: lambda one: _reads_released(actor, one),
        K.PROJECT_PAPER: lambda one: one.object_id in papers,
        **{
            kind: lambda one, edition=edition: minutes.get(one.object_id) is edition  # type: ignore[misc]
            for edition, kind in MINUTES_EDITIONS.items()
        },
    }
    return [one for one in found if one.kind not in judges or judges[one.kind](one)]


def _reads_released(actor: Actor, one: Found) -> bool:
    """As the page of the agenda; only what guests see on that page alone is not found."""
    body_id = one.body_id or 0
    if one.level is Level.CONFIDENTIAL and edition_of(actor, body_id) is None:
        return False
    return reads_item(actor, body_id, one.item_id, one.level, (int(key) for key in one.project_ids.split()))


def _minutes_editions(session: Session, actor: Actor, found: Sequence[Found]) -> dict[int, Edition | None]:
    """The edition of the minutes that the actor gets, by meeting; questions are asked for readers from outside only."""
    bodies = {one.object_id: one.body_id or 0 for one in found}
    outside = [meeting for meeting, body in bodies.items() if edition_of(actor, body) is None]
    there = attended_of(session, actor, outside) if outside else frozenset()
    public = published_of(session, outside) if outside else frozenset()
    # Readers from outside get approved minutes alone: ``readable_minutes`` saw to it.
    return {
        meeting: own_edition(actor, body, MinutesState.APPROVED, attended=meeting in there, published=meeting in public)
        for meeting, body in bodies.items()
    }


def _project_papers(session: Session, actor: Actor, found: Sequence[Found]) -> set[int]:
    if not found:
        return set()
    ids = {one.project_id for one in found}
    projects = session.exec(readable_projects(actor).where(col(Project.id).in_(ids))).all()
    return {held.paper.id or 0 for held in papers_of_projects(session, actor, projects)}


def load_texts(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and text of entries that were found readable, by id."""
    rows = session.execute(sa.select(col(E.id), col(E.title), col(E.text)).where(col(E.id).in_(ids)))
    return {row[0]: (row[1], row[2]) for row in rows}
