"""The data that is measured: a portfolio with its statuses, an archive of held meetings, and two coming ones."""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    AgendaRelease,
    DocumentKind,
    Edition,
    FrozenDocument,
    FrozenStatus,
    ItemKind,
    Outcome,
    SectionKey,
)
from app.agenda.rules.reading import WHOLE_EDITIONS
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.bodies.models import Body
from app.db import Database, commit, ident
from app.drafting.service.proposing import draft_agenda
from app.history.service import record
from app.meetings.models import Meeting, MeetingDeadline, MeetingState
from app.meetings.rules.deadlines import DEFAULT_OFFSETS, OF_THE_MEETING
from app.migrating import upgrade
from app.people import service
from app.people.models import Account
from app.projects.models import DecisionNeed, Light, Phase, Project, StatusReport, StatusSource
from tests import factories

ITEMS = 20
KEPT_FROZEN = 20
LIGHTS = (Light.GREEN, Light.YELLOW, Light.RED)
SENTENCE = (
    "Der Aufbau der Beratungsstellen kommt voran; die Ausschreibung der zweiten Stufe läuft bis zum Quartalsende. "
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: projects, status reports of each, held meetings, entries of the history."""

    projects: int = 100
    statuses: int = 6
    meetings: int = 10
    entries: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """A filled database and the keys to it. ``released`` has 20 items, ``draft`` a proposal for every project."""

    url: str
    secretariat: Account
    secretariat_key: str
    member_key: str
    token: str
    feed_key: str
    released: int
    draft: int
    edition_hash: str


def build(url: str, size: Size) -> World:
    """Migrate the empty database at *url* and fill it."""
    database = Database(url)
    upgrade(database)
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        secretariat = factories.make_account(session, Role.SECRETARIAT)
        member = factories.make_seated(session, body)
        projects = _portfolio(session, size)
        _archive(session, body, projects, size.meetings)
    with database.write() as session:
        actor = factories.operator()
        released, edition_hash = _released(session, actor, body, projects)
        draft = _drafted(session, actor, body)
        _record_much(session, actor, body, size.entries)
    with database.write() as session:
        own = _actor_of(session, secretariat)
        world = World(
            url=url,
            secretariat=secretariat,
            secretariat_key=_sign_in(session, secretariat),
            member_key=_sign_in(session, member),
            token=service.create_api_token(session, factories.operator(), secretariat, label="Messung"),
            feed_key=service.create_feed_token(session, own, body_id=None, label="Messung"),
            released=released,
            draft=draft,
            edition_hash=edition_hash,
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.close()
    return world


def insert(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Store many rows at once, without objects, history or rules."""
    found = list(rows)
    if found:
        session.execute(sa.insert(table), found)


def _portfolio(session: Session, size: Size) -> list[int]:
    period = factories.make_period(session, "2022–2026")
    fields = [factories.make_field(session, period, f"Handlungsfeld {place}", place) for place in range(1, 6)]
    lead = factories.make_organisation(session, "Senatsverwaltung für Beispiele", "SenBsp")
    made = [
        factories.make_project(
            session,
            f"{place // 20 + 1}.{place % 20 + 1}",
            f"Vorhaben {place} zur Stärkung der beispielhaften Zusammenarbeit in der Stadt",
            period_id=period.id,
            field_id=fields[place % 5].id,
            lead_id=lead.id,
        )
        for place in range(size.projects)
    ]
    ids = [ident(project) for project in made]
    insert(session, StatusReport, _statuses(ids, size.statuses))
    insert(session, DecisionNeed, _needs(made))
    return ids


def _statuses(projects: list[int], count: int) -> Iterable[dict[str, Any]]:
    today, step = clock.today(), dt.timedelta(days=30 if count < 50 else 7)
    for project in projects:
        for back in range(count):
            yield {
                "project_id": project,
                "as_of": today - step * back,
                "light": LIGHTS[(project + back) % 3],
                "phase": Phase.RUNNING,
                "progress": (project + back) % 100,
                "summary": SENTENCE * 4,
                "next_steps": SENTENCE,
                "source": StatusSource.IMPORT,
                "created_at": clock.now(),
            }


def _needs(projects: list[Project]) -> Iterable[dict[str, Any]]:
    opened = clock.today() - dt.timedelta(days=20)
    for project in projects:
        yield {"project_id": ident(project), "opened_on": opened, "text": f"Beschluss über {project.title}"}


def _archive(session: Session, body: Body, projects: list[int], count: int) -> None:
    """Held meetings, one a day backwards, each released with five decided items; the last ones with frozen lights."""
    if not count:
        return
    first, now, body_id = 1_000_000, clock.now().replace(microsecond=0), ident(body)
    ids = range(first, first + count)
    begins = {key: now - dt.timedelta(days=place + 2) for place, key in enumerate(ids)}
    insert(session, Meeting, (_held(key, body_id, begins[key]) for key in ids))
    insert(
        session,
        MeetingDeadline,
        (
            {"meeting_id": key, "kind": kind.value, "due_on": _due(begins[key], kind), "changed_at": now}
            for key in ids
            for kind in OF_THE_MEETING
        ),
    )
    insert(session, AgendaItem, (_decided(key, place, now) for key in ids for place in range(1, 6)))
    insert(
        session,
        AgendaItemProject,
        (
            {"item_id": key * 10 + place, "project_id": projects[(key + place) % len(projects)]}
            for key in ids
            for place in range(1, 6)
        ),
    )
    insert(session, AgendaRelease, (_release(key, begins[key]) for key in ids))
    insert(
        session,
        FrozenDocument,
        (
            {
                "meeting_id": key,
                "kind": DocumentKind.AGENDA,
                "version": 1,
                "edition": which,
                "content": "{}",
                "hash": f"{key * 2 + place:064x}",
                "frozen_at": begins[key],
            }
            for key in ids
            for place, which in enumerate(WHOLE_EDITIONS)
        ),
    )
    insert(
        session,
        FrozenStatus,
        (
            {
                "release_id": key,
                "project_id": project,
                "light": LIGHTS[(project + key) % 3],
                "code": str(project),
                "title": f"Vorhaben {project}",
            }
            for key in list(ids)[:KEPT_FROZEN]
            for project in projects
        ),
    )


def _held(key: int, body_id: int, begins: dt.datetime) -> dict[str, Any]:
    return {
        "id": key,
        "version": 1,
        "body_id": body_id,
        "state": MeetingState.HELD,
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=2),
        "announced_at": begins,
        "place": "Rotes Rathaus, Raum 319",
        "uid": f"{key}@messung.example",
        "calendar_changed_at": begins,
        "changed_at": begins,
    }


def _due(begins: dt.datetime, kind: Any) -> dt.date:
    return begins.astimezone(clock.BERLIN).date() + dt.timedelta(days=DEFAULT_OFFSETS[kind])


def _decided(meeting: int, place: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": meeting * 10 + place,
        "version": 1,
        "meeting_id": meeting,
        "section": SectionKey.DECISION,
        "position": place,
        "number": f"4.{place}",
        "title": f"Punkt {place}",
        "kind": ItemKind.DECISION,
        "minutes": 10,
        "outcome": Outcome.ADOPTED,
        "changed_at": now,
    }


def _release(key: int, begins: dt.datetime) -> dict[str, Any]:
    return {"id": key, "meeting_id": key, "version": 1, "as_of": begins.date(), "released_at": begins}


def _released(session: Session, actor: Actor, body: Body, projects: list[int]) -> tuple[int, str]:
    meeting = factories.make_meeting(session, body)
    for place in range(ITEMS):
        wish = ItemIn(
            title=f"Beratung über Vorhaben {place}: Stand, Mittel und nächste Schritte",
            section=SectionKey.DEBATE if place % 2 else SectionKey.DECISION,
            minutes=5,
            presenter="Senatsverwaltung für Beispiele",
            occasion=SENTENCE,
            proposed_decision=SENTENCE * 2,
            projects=[projects[place % len(projects)]],
        )
        add_item(session, actor, meeting, wish)
    approved = ReleaseIn(approved_by="Die Vorsitzende", approved_on=clock.today(), approved_how="schriftlich")
    release = release_agenda(session, actor, meeting, approved)
    session.flush()
    digest = session.execute(
        sa.select(FrozenDocument.hash).where(  # type: ignore[call-overload]
            FrozenDocument.meeting_id == release.meeting_id, FrozenDocument.edition == Edition.FULL
        )
    ).scalar_one()
    return ident(meeting), digest


def _drafted(session: Session, actor: Actor, body: Body) -> int:
    meeting = factories.make_meeting(session, body, clock.today() + dt.timedelta(days=120))
    draft_agenda(session, actor, meeting)
    return ident(meeting)


def _record_much(session: Session, actor: Actor, body: Body, count: int) -> None:
    for place in range(count):
        record(session, actor, "body.rules", body, before={"place": place}, after={"place": place + 1}, label="Messung")


def _actor_of(session: Session, account: Account) -> Actor:
    from app.access.queries import actor_of

    return actor_of(session, account)


def _sign_in(session: Session, account: Account) -> str:
    key = secrets.token_urlsafe(32)
    service.start_session(session, account, key, lasts=dt.timedelta(hours=12))
    commit(session)
    return key
