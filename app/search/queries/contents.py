"""What of an object is indexed: its texts as entries, read from its own tables and from what was released."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.actions.models import Action
from app.agenda.models import (
    AgendaItem,
    AgendaItemPaper,
    DocumentKind,
    Edition,
    FrozenDocument,
    Registration,
    RegistrationPaper,
    Topic,
    TopicPaper,
)
from app.agenda.queries import find_last_edition
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenPaper, read_values
from app.circulars.models import Circular
from app.clock import BERLIN
from app.db import ident
from app.decisions.models import Clause, Decision
from app.meetings.models import Meeting, MeetingPaper
from app.meetings.queries import find_publication
from app.meetings.rules import life
from app.minutes.models import MinuteNote
from app.minutes.queries import find_minutes_edition, find_minutes_publication, list_minutes_releases
from app.minutes.schemas.frozen import MinutesValues, read_minutes
from app.papers.queries import held_at
from app.papers.schemas import HeldPaper
from app.projects.models import Milestone, Project, ProjectCode, ProjectPaper, StatusReport, StatusState
from app.search.models import EntryKind, Root, SearchEntry
from app.search.rules.ranking import place
from app.search.rules.words import folded
from app.visibility import Level, highest

K = EntryKind
MINUTES_EDITIONS = {
    Edition.FULL: K.MINUTES_FULL,
    Edition.NON_CONFIDENTIAL: K.MINUTES_INSIDE,
    Edition.PUBLIC: K.MINUTES_PUBLIC,
}


def texts_of(session: Session, root: Root, root_id: int) -> list[SearchEntry]:
    """The entries of an object and of everything below it, none where it is gone. Who reads them is asked later."""
    return list(_READERS[root](session, root_id))


def _entry(kind: EntryKind, object_id: int, root: Root, root_id: int, day: dt.date, **values: Any) -> SearchEntry:
    title, body = values.pop("title"), _text(values.pop("parts", ()))
    return SearchEntry(
        id=place(day, kind, object_id),
        kind=kind,
        object_id=object_id,
        root=root,
        root_id=root_id,
        happened_on=day,
        title=title,
        text=body,
        folded=folded(title, body),
        **values,
    )


def _text(parts: Iterable[str | None]) -> str:
    return "\n".join(part.strip() for part in parts if part and part.strip())


def _project(session: Session, root_id: int) -> Iterator[SearchEntry]:
    project = session.get(Project, root_id)
    if project is None:
        return
    codes = session.exec(
        select(ProjectCode.code).where(ProjectCode.project_id == root_id).order_by(col(ProjectCode.id))
    )
    stones = session.exec(select(Milestone.title).where(Milestone.project_id == root_id).order_by(col(Milestone.id)))
    reports = session.exec(
        select(StatusReport)
        .where(
            StatusReport.project_id == root_id,
            col(StatusReport.valid).is_(True),
            StatusReport.state == StatusState.ACCEPTED,
        )
        .order_by(col(StatusReport.as_of), col(StatusReport.id))
    ).all()
    known = [day for day in (project.stated_on, *(one.as_of for one in reports)) if day]
    name, own = f"{project.code} {project.title}", {"project_id": root_id}
    yield _entry(
        K.PROJECT,
        root_id,
        Root.PROJECT,
        root_id,
        max(known, default=dt.date(2000, 1, 1)),
        title=name,
        parts=(*codes, project.funding, *stones),
        **own,
    )
    for one in reports:
        texts = (one.summary, one.next_steps, one.risks, one.decision_need)
        if _text(texts):
            yield _entry(
                K.STATUS, ident(one), Root.PROJECT, root_id, one.as_of, title=f"Sachstand {name}", parts=texts, **own
            )
    for held in held_at(session, ProjectPaper, "project_id", [root_id]).get(root_id, ()):
        yield _paper(K.PROJECT_PAPER, held, Root.PROJECT, root_id, **own)


def _paper(kind: EntryKind, held: HeldPaper, root: Root, root_id: int, **values: Any) -> SearchEntry:
    day = held.file.uploaded_at.astimezone(BERLIN).date()
    title, level = held.paper.title, held.paper.level
    parts = (held.file.file_name,)
    return _entry(kind, ident(held.paper), root, root_id, day, title=title, parts=parts, level=level, **values)


def _meeting(session: Session, root_id: int) -> Iterator[SearchEntry]:
    meeting = session.get(Meeting, root_id)
    if meeting is None:
        return
    day, own = life.day_of(meeting), {"body_id": meeting.body_id, "meeting_id": root_id}
    title = life.label_with_date(meeting)
    yield _entry(K.MEETING, root_id, Root.MEETING, root_id, day, title=title, parts=(meeting.place,), **own)
    yield from _working_copy(session, meeting, day, own)
    released = find_last_edition(session, root_id, Edition.FULL)
    if released is not None:
        yield from _released(read_values(released.content), day, own, K.ITEM, K.PAPER)
    publication = find_publication(session, root_id)
    if publication is not None:
        public = _public_agenda(session, root_id, publication.version)
        if public is not None:
            yield from _released(public, day, own, K.ITEM_PUBLIC, K.PAPER_PUBLIC)
    yield from _minutes(session, meeting, day, own)


def _working_copy(session: Session, meeting: Meeting, day: dt.date, own: dict[str, Any]) -> Iterator[SearchEntry]:
    root_id = ident(meeting)
    items = session.exec(select(AgendaItem).where(AgendaItem.meeting_id == root_id).order_by(col(AgendaItem.id))).all()
    notes = session.exec(select(MinuteNote).where(col(MinuteNote.item_id).in_([ident(one) for one in items])))
    noted = {one.item_id: one.note for one in notes}
    for item in items:
        key, named = ident(item), f"TOP {item.number} {item.title}" if item.number else item.title
        parts = (item.presenter, item.occasion, item.proposed_decision, item.outcome_note)
        here = {**own, "level": item.level, "item_id": key}
        yield _entry(K.ITEM_DRAFT, key, Root.MEETING, root_id, day, title=named, parts=parts, **here)
        if noted.get(key, "").strip():
            yield _entry(K.NOTE, key, Root.MEETING, root_id, day, title=named, parts=(noted[key],), **here)
    for held in held_at(session, MeetingPaper, "meeting_id", [root_id]).get(root_id, ()):
        yield _paper(K.PAPER_DRAFT, held, Root.MEETING, root_id, **own)
    for item_id, papers in held_at(session, AgendaItemPaper, "item_id", [ident(one) for one in items]).items():
        for held in papers:
            yield _paper(K.PAPER_DRAFT, held, Root.MEETING, root_id, item_id=item_id, **own)


def _released(
    values: AgendaValues, day: dt.date, own: dict[str, Any], kind: EntryKind, paper_kind: EntryKind
) -> Iterator[SearchEntry]:
    for paper in values.papers:
        yield _frozen_paper(paper, day, own, paper_kind, values.version, paper.level)
    for section in values.sections:
        for item in section.items:
            yield _frozen_item(item, day, own, kind, values.version)
            for paper in item.papers:
                level = highest(paper.level, item.level)
                more = {**own, "item_id": item.id, "project_ids": _ids(item)}
                yield _frozen_paper(paper, day, more, paper_kind, values.version, level)


def _frozen_item(item: FrozenItem, day: dt.date, own: dict[str, Any], kind: EntryKind, version: int) -> SearchEntry:
    parts = (item.presenter, item.occasion, item.proposed_decision)
    return _entry(
        kind,
        item.id,
        Root.MEETING,
        own["meeting_id"],
        day,
        title=f"TOP {item.number} {item.title}",
        parts=parts,
        item_id=item.id,
        level=item.level,
        version=version,
        project_ids=_ids(item),
        **own,
    )


def _ids(item: FrozenItem) -> str:
    return f" {' '.join(str(one.id) for one in item.projects)} " if item.projects else ""


def _frozen_paper(
    paper: FrozenPaper, day: dt.date, more: dict[str, Any], kind: EntryKind, version: int, level: Level
) -> SearchEntry:
    title, parts = paper.title, (paper.file_name,)
    root_id = more["meeting_id"]
    return _entry(
        kind, paper.id, Root.MEETING, root_id, day, title=title, parts=parts, version=version, level=level, **more
    )


def _public_agenda(session: Session, meeting_id: int, version: int) -> AgendaValues | None:
    found = session.exec(
        select(FrozenDocument).where(
            FrozenDocument.meeting_id == meeting_id,
            FrozenDocument.kind == DocumentKind.AGENDA,
            FrozenDocument.edition == Edition.PUBLIC,
            FrozenDocument.version == version,
        )
    ).first()
    return read_values(found.content) if found else None


def _minutes(session: Session, meeting: Meeting, day: dt.date, own: dict[str, Any]) -> Iterator[SearchEntry]:
    root_id = ident(meeting)
    newest = next(iter(list_minutes_releases(session, root_id)), None)
    publication = find_minutes_publication(session, root_id)
    for edition, kind in MINUTES_EDITIONS.items():
        public = edition is Edition.PUBLIC
        source = publication if public else newest
        if source is None:
            continue
        found = find_minutes_edition(session, root_id, edition, version=source.version)
        if found is not None:
            title = f"Niederschrift der Sitzung: {life.label_with_date(meeting)}"
            parts = _minutes_parts(read_minutes(found.content))
            yield _entry(
                kind,
                root_id,
                Root.MEETING,
                root_id,
                day,
                title=title,
                parts=parts,
                version=source.version,
                **own,
            )


def _minutes_parts(values: MinutesValues) -> Iterator[str]:
    yield values.opening
    for section in values.sections:
        for item in section.items:
            yield f"TOP {item.number} {item.title}"
            yield from (item.presenter, item.note, item.outcome_note)
            if item.decision is not None:
                yield item.decision.wording
                yield from (clause.text for clause in item.decision.clauses)
            yield from (action.title for action in item.actions)
    yield values.closing


def _decision(session: Session, root_id: int) -> Iterator[SearchEntry]:
    row = session.get(Decision, root_id)
    if row is None or row.void_reason:
        return
    day = row.decided_on or row.changed_at.astimezone(BERLIN).date()
    title = f"{row.number} {row.title}".strip()
    parts = (row.wording, *_clauses(session, root_id))
    own = {"body_id": row.body_id, "level": row.level, "item_id": row.item_id}
    yield _entry(K.DECISION, root_id, Root.DECISION, root_id, day, title=title, parts=parts, **own)


def _clauses(session: Session, decision_id: int) -> list[str]:
    found = session.exec(select(Clause.text).where(Clause.decision_id == decision_id).order_by(col(Clause.position)))
    return list(found)


def _action(session: Session, root_id: int) -> Iterator[SearchEntry]:
    row = session.get(Action, root_id)
    if row is None:
        return
    title = f"{row.number} {row.title}".strip()
    own = {"body_id": row.body_id, "level": row.level, "item_id": row.item_id}
    yield _entry(K.ACTION, root_id, Root.ACTION, root_id, row.given_on, title=title, parts=(row.details,), **own)


def _circular(session: Session, root_id: int) -> Iterator[SearchEntry]:
    row = session.get(Circular, root_id)
    if row is None:
        return
    text = session.get_one(Decision, row.decision_id)
    day = (row.started_at or row.changed_at).astimezone(BERLIN).date()
    parts = (text.wording, *_clauses(session, row.decision_id), row.grounds)
    own = {"body_id": row.body_id, "level": text.level}
    yield _entry(K.CIRCULAR, root_id, Root.CIRCULAR, root_id, day, title=text.title, parts=parts, **own)


def _topic(session: Session, root_id: int) -> Iterator[SearchEntry]:
    row = session.get(Topic, root_id)
    if row is None:
        return
    papers = held_at(session, TopicPaper, "topic_id", [root_id]).get(root_id, [])
    parts = (row.presenter, row.occasion, row.proposed_decision, row.why, *_named(papers))
    own = {"body_id": row.body_id, "level": row.level}
    day = row.created_at.astimezone(BERLIN).date()
    yield _entry(K.TOPIC, root_id, Root.TOPIC, root_id, day, title=row.title, parts=parts, **own)


def _registration(session: Session, root_id: int) -> Iterator[SearchEntry]:
    row = session.get(Registration, root_id)
    if row is None:
        return
    papers = held_at(session, RegistrationPaper, "registration_id", [root_id]).get(root_id, [])
    parts = (row.presenter, row.occasion, row.proposed_decision, *_named(papers))
    own = {"body_id": row.body_id, "level": row.level}
    day = row.registered_at.astimezone(BERLIN).date()
    yield _entry(K.REGISTRATION, root_id, Root.REGISTRATION, root_id, day, title=row.title, parts=parts, **own)


def _named(papers: Iterable[HeldPaper]) -> list[str]:
    return [f"{held.paper.title} {held.file.file_name}" for held in papers if not held.paper.withdrawn]


_READERS: Mapping[Root, Callable[[Session, int], Iterator[SearchEntry]]] = {
    Root.PROJECT: _project,
    Root.MEETING: _meeting,
    Root.DECISION: _decision,
    Root.ACTION: _action,
    Root.CIRCULAR: _circular,
    Root.TOPIC: _topic,
    Root.REGISTRATION: _registration,
}

TABLES: Mapping[Root, Any] = {
    Root.PROJECT: Project,
    Root.MEETING: Meeting,
    Root.DECISION: Decision,
    Root.ACTION: Action,
    Root.CIRCULAR: Circular,
    Root.TOPIC: Topic,
    Root.REGISTRATION: Registration,
}


def ids_after(session: Session, root: Root, last: int, limit: int) -> list[int]:
    """The next ids of a kind of object behind *last*, for building the index batch by batch."""
    key = col(TABLES[root].id)
    return list(session.execute(sa.select(key).where(key > last).order_by(key).limit(limit)).scalars())


def roots_touched(session: Session, things: Mapping[str, set[int]]) -> set[tuple[Root, int]]:
    """Which objects are to be indexed anew after changes of *things*: ids of rows by the name of their table."""
    found: set[tuple[Root, int]] = set()
    for root in Root:
        found |= {(root, one) for one in things.get(root.value, ())}
    meetings: list[sa.Select[Any]] = []
    if items := things.get("agenda_item"):
        meetings.append(sa.select(col(AgendaItem.meeting_id)).where(col(AgendaItem.id).in_(items)))
        entry = (col(SearchEntry.kind) == K.ITEM_DRAFT, col(SearchEntry.object_id).in_(items))
        meetings.append(sa.select(col(SearchEntry.root_id)).where(*entry))
    for table, key in _BELOW_MEETINGS.items():
        if ids := things.get(table):
            rows = sa.table(table, sa.column("id"), sa.column(key))
            column: Any = rows.c[key]
            if key == "item_id":
                column = sa.select(col(AgendaItem.meeting_id)).where(col(AgendaItem.id) == column).scalar_subquery()
            meetings.append(sa.select(column).where(rows.c.id.in_(ids)))
    for statement in meetings:
        found |= {(Root.MEETING, one) for one in session.execute(statement).scalars() if one is not None}
    decisions, circulars = things.get("decision", set()), things.get("circular", set())
    if decisions or circulars:
        both = sa.or_(col(Circular.id).in_(circulars), col(Circular.decision_id).in_(decisions))
        for circular_id, decision_id in session.execute(
            sa.select(col(Circular.id), col(Circular.decision_id)).where(both)
        ):
            found |= {(Root.CIRCULAR, circular_id), (Root.DECISION, decision_id)}
    return found


_BELOW_MEETINGS = {"minutes": "meeting_id", "minutes_publication": "meeting_id", "minute_note": "item_id"}
