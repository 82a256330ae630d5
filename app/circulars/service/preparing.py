"""Preparing a circular procedure: its draft from nothing, an item or the backlog; changing and discarding it."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock
from app.actor import Actor, Role
from app.agenda import queries as agenda
from app.agenda.models import AgendaItem, Topic
from app.bodies.queries import get_body
from app.circulars.models import Circular, CircularState
from app.circulars.queries import circulars as queries
from app.circulars.schemas import CircularChange, CircularIn
from app.circulars.service.recording import note, require_run, seen, touch
from app.db import ident
from app.decisions.models import Clause, Decision, DecisionProject, Taking
from app.decisions.queries import projects_of
from app.decisions.service.contents import set_clauses, set_projects, touch_decision
from app.errors import Forbidden, Invalid, Refused, Stale
from app.visibility import Level


@dataclass(frozen=True, slots=True)
class Source:
    """What a draft begins with: the text and projects of the item or entry it takes over, or nothing."""

    title: str = ""
    wording: str = ""
    grounds: str = ""
    level: Level = Level.INTERNAL
    projects: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()


def source_of(session: Session, actor: Actor, body_id: int, *, item_id: int | None, topic_id: int | None) -> Source:
    """What an item or an entry of the backlog brings along; Invalid where it is of another body."""
    if item_id is not None and topic_id is not None:
        raise Invalid({"topic": "Bitte nennen Sie einen Punkt oder einen Eintrag des Themenspeichers, nicht beides."})
    if item_id is not None:
        item, meeting = queries.find_item(session, actor, item_id)
        if meeting.body_id != body_id:
            raise Invalid({"item": "Bitte wählen Sie einen Punkt dieses Gremiums."})
        return _brought(item, queries.projects_of_item(session, item_id))
    if topic_id is not None:
        topic = agenda.get_topic(session, actor, topic_id)
        if topic.body_id != body_id:
            raise Invalid({"topic": "Bitte wählen Sie einen Eintrag dieses Gremiums."})
        return _brought(topic, queries.projects_of_topic(session, topic_id))
    return Source()


def _brought(thing: AgendaItem | Topic, projects: list[tuple[int, bool]]) -> Source:
    return Source(
        title=thing.title,
        wording=thing.proposed_decision,
        grounds=thing.occasion,
        level=thing.level,
        projects=tuple(project_id for project_id, _ in projects),
        answers=tuple(project_id for project_id, answers in projects if answers),
    )


def prepare_circular(session: Session, actor: Actor, wish: CircularIn) -> Circular:
    """A new draft; what *wish* leaves open comes from the item or entry it takes over. Invalid without a title."""
    body_id = ident(get_body(session, actor, wish.body))
    if not actor.has(Role.SECRETARIAT, body_id):
        raise Forbidden()
    source = source_of(session, actor, body_id, item_id=wish.item, topic_id=wish.topic)
    if not (wish.title or source.title):
        raise Invalid({"title": "Bitte füllen Sie dieses Feld aus."})
    decision = Decision(
        body_id=body_id,
        title=source.title,
        wording=source.wording,
        level=source.level,
        taking=Taking.CIRCULAR,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    session.add(decision)
    session.flush()
    set_projects(session, decision, list(source.projects), source.answers)
    _write(session, actor, decision, wish)
    circular = Circular(
        body_id=body_id,
        decision_id=ident(decision),
        item_id=wish.item,
        topic_id=wish.topic,
        grounds=source.grounds if wish.grounds is None else wish.grounds,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    session.add(circular)
    session.flush()
    note(session, actor, "circular.prepare", circular, decision, before={}, after=seen(circular, decision))
    return circular


def change_circular(
    session: Session, actor: Actor, circular: Circular, wish: CircularChange, *, base_version: int
) -> Circular:
    """Change a draft, locked by the caller and seen at *base_version*; Stale with its present state else."""
    require_run(actor, circular)
    decision = queries.resolution_of(session, circular)
    if circular.version != base_version:
        raise Stale({"id": circular.id, "version": circular.version, **seen(circular, decision)})
    require_state(circular, CircularState.DRAFT, "Nur ein Entwurf wird geändert")
    before = seen(circular, decision)
    _write(session, actor, decision, wish)
    if wish.grounds is not None:
        circular.grounds = wish.grounds
    touch(session, actor, circular)
    note(session, actor, "circular.change", circular, decision, before=before, after=seen(circular, decision))
    return circular


def discard_circular(session: Session, actor: Actor, circular: Circular) -> None:
    """A draft that nobody outside ever saw is gone; the history remembers it. Locked by the caller."""
    require_run(actor, circular)
    require_state(circular, CircularState.DRAFT, "Nur ein Entwurf wird verworfen; ein laufendes ziehen Sie zurück")
    decision = queries.resolution_of(session, circular)
    note(session, actor, "circular.discard", circular, decision, before=seen(circular, decision), after={})
    session.delete(circular)
    session.flush()
    for table in (Clause, DecisionProject):
        session.execute(delete(table).where(col(table.decision_id) == ident(decision)))
    session.delete(decision)
    session.flush()


def require_state(circular: Circular, state: CircularState, sentence: str) -> None:
    """Refuse an act that another state of the procedure asks for; *sentence* says which, without its full stop."""
    if circular.state is not state:
        raise Refused(f"{sentence}.")


def projects_asked(session: Session, decision: Decision) -> tuple[list[int], bool]:
    """The projects of a resolution in their order, and whether it answers their decision needs."""
    links = projects_of(session, [ident(decision)]).get(ident(decision), [])
    return [link.project_id for link in links], any(link.answers_need for link in links)


def _write(session: Session, actor: Actor, decision: Decision, wish: CircularChange) -> None:
    for name in ("title", "wording", "level"):
        value = getattr(wish, name)
        if value is not None:
            setattr(decision, name, value)
    if wish.clauses is not None:
        set_clauses(session, decision, wish.clauses, day=clock.today())
    if wish.projects is not None or wish.answers_needs is not None:
        present, _ = projects_asked(session, decision)
        wanted = present if wish.projects is None else wish.projects
        answers = None if wish.answers_needs is None else (wanted if wish.answers_needs else ())
        set_projects(session, decision, wanted, answers)
    touch_decision(session, actor, decision)
