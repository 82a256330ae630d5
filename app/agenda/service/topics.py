"""The topic backlog: entries of one's own, changes, closing, and putting an entry onto an agenda."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock
from app.actor import Actor, Role
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    ItemOrigin,
    Proposal,
    ProposalProject,
    ProposalState,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.rules import words
from app.agenda.schemas.wishes import CloseTopicIn, TopicChange, TopicIn
from app.agenda.service.items import (
    next_position,
    require_draft,
    require_known_projects,
    require_resumption,
    store_item,
)
from app.agenda.service.proposals import require_not_circulating, require_unused, take_up
from app.agenda.service.registered import reach_of
from app.bodies.queries import get_body, list_sections
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting

TEXTS = ("title", "section", "kind", "minutes", "presenter", "occasion", "proposed_decision", "level")
SHOWN = (*TEXTS, "why", "resume_on", "state", "closed_reason")


def add_topic(session: Session, actor: Actor, wish: TopicIn) -> Topic:
    """An entry of one's own; it waits for the next meeting or for its Wiedervorlage."""
    body = get_body(session, actor, wish.body)
    if not actor.has(Role.SECRETARIAT, ident(body)):
        raise Forbidden()
    require_known_projects(session, ident(body), wish.projects)
    require_resumption(wish.resume_on)
    topic = Topic(
        body_id=ident(body),
        kind=wish.kind or words.USUAL_KIND[wish.section],
        minutes=_usual_minutes(session, wish) if wish.minutes is None else wish.minutes,
        created_at=clock.now(),
        created_by=actor.name,
        **wish.model_dump(exclude={"body", "kind", "minutes", "projects"}),
    )
    session.add(topic)
    session.flush()
    _link(session, topic, wish.projects)
    _record(session, actor, "topic.add", topic, {})
    return topic


def change_topic(session: Session, actor: Actor, topic: Topic, wish: TopicChange, *, base_version: int) -> Topic:
    """Change an open entry, locked by the caller and seen at *base_version*; Stale with its present state else.

    A wish that changes nothing leaves no trace.
    """
    _require_run(actor, topic)
    linked = [link.project_id for link in queries.projects_of_topics(session, [ident(topic)]).get(ident(topic), [])]
    if topic.version != base_version:
        raise Stale({**current_topic(topic), "projects": linked})
    if topic.state is not TopicState.OPEN:
        raise Refused("Nur offene Einträge werden geändert.")
    given = wish.model_dump(exclude_unset=True)
    if given.get("resume_on") != topic.resume_on:
        require_resumption(given.get("resume_on"))
    require_known_projects(session, topic.body_id, [one for one in wish.projects or () if one not in linked])
    before = {**snapshot(topic, *SHOWN), "projects": linked}
    for name, value in given.items():
        if name != "projects" and (value is not None or name == "resume_on"):
            setattr(topic, name, value)
    wanted = linked if wish.projects is None else list(dict.fromkeys(wish.projects))
    if {**snapshot(topic, *SHOWN), "projects": wanted} == before:
        return topic
    if wanted != linked:
        _link(session, topic, wanted)
    session.add(topic)
    session.flush()
    _record(session, actor, "topic.change", topic, before, projects=wanted)
    return topic


def close_topic(session: Session, actor: Actor, topic: Topic, wish: CloseTopicIn) -> Topic:
    """The entry needs no meeting any more (erledigt), with the reason; it stays findable."""
    _require_run(actor, topic)
    if topic.state is not TopicState.OPEN:
        raise Refused("Nur offene Einträge lassen sich als erledigt abschließen.")
    before = snapshot(topic, *SHOWN)
    topic.state, topic.closed_reason = TopicState.CLOSED, wish.reason
    session.add(topic)
    _record(session, actor, "topic.close", topic, before, reason=wish.reason)
    return topic


def reopen_topic(session: Session, actor: Actor, topic: Topic) -> Topic:
    """A closed entry waits again, for the next meeting if its Wiedervorlage is over."""
    _require_run(actor, topic)
    if topic.state is not TopicState.CLOSED:
        raise Refused("Nur abgeschlossene Einträge lassen sich wieder öffnen.")
    before = snapshot(topic, *SHOWN)
    topic.state, topic.closed_reason = TopicState.OPEN, ""
    session.add(topic)
    _record(session, actor, "topic.reopen", topic, before)
    return topic


def use_topic(session: Session, actor: Actor, meeting: Meeting, topic: Topic) -> AgendaItem:
    """Put an open entry onto the agenda of a locked coming meeting, whatever its Wiedervorlage; drafting knows it.

    Proposals of this meeting that went into the entry are taken up again.
    """
    require_draft(actor, meeting)
    if topic.body_id != meeting.body_id:
        raise Invalid({"meeting": "Bitte wählen Sie eine kommende Sitzung dieses Gremiums."})
    queries.lock_coming(session, meeting.body_id)
    require_not_circulating(session, meeting, topic_id=ident(topic), item_id=topic.carried_from_id)
    require_unused(topic)
    links = queries.projects_of_topics(session, [ident(topic)]).get(ident(topic), [])
    item = AgendaItem(
        meeting_id=ident(meeting),
        position=next_position(session, actor, meeting, topic.section),
        origin=ItemOrigin.PROPOSAL,
        grouped=topic.grouped,
        carried_from_id=topic.carried_from_id,
        changed_at=clock.now(),
        changed_by=actor.name,
        **{name: getattr(topic, name) for name in TEXTS},
    )
    proposals = _proposals(session, meeting, topic, links)
    needs = {
        link.project_id
        for there in queries.projects_of_proposals(session, [ident(one) for one in proposals]).values()
        for link in there
        if link.answers_need
    }
    store_item(session, actor, meeting, item, [(link.project_id, link.project_id in needs) for link in links])
    take_up(session, actor, meeting, item, proposals)
    return item


def _proposals(session: Session, meeting: Meeting, topic: Topic, links: Sequence[TopicProject]) -> list[Proposal]:
    """The proposals of this meeting behind the entry; where there are none, one is written so that drafting knows."""
    there = queries.proposals_of_topic(session, ident(topic), meeting_id=ident(meeting))
    if there:
        return there
    made = Proposal(
        meeting_id=ident(meeting),
        key=f"topic:{topic.id}",
        score=0,
        grouped=topic.grouped,
        reasons="[]",
        state=ProposalState.ACCEPTED,
        carried_from_id=topic.carried_from_id,
        topic_id=ident(topic),
        **{name: getattr(topic, name) for name in TEXTS},
    )
    session.add(made)
    session.flush()
    session.add_all(
        ProposalProject(proposal_id=ident(made), project_id=link.project_id, position=link.position) for link in links
    )
    return [made]


def current_topic(topic: Topic) -> dict[str, Any]:
    """The present state of an entry as plain values."""
    return {"id": topic.id, "version": topic.version, **snapshot(topic, *SHOWN)}


def _require_run(actor: Actor, topic: Topic) -> None:
    if not actor.has(Role.SECRETARIAT, topic.body_id):
        raise Forbidden()


def _usual_minutes(session: Session, wish: TopicIn) -> int:
    section = next((one for one in list_sections(session, wish.body) if one.key == wish.section), None)
    return section.minutes if section and not section.minutes_in_all else 0


def _link(session: Session, topic: Topic, project_ids: Sequence[int]) -> None:
    session.execute(delete(TopicProject).where(col(TopicProject.topic_id) == ident(topic)))
    session.add_all(
        TopicProject(topic_id=ident(topic), project_id=project_id, position=place)
        for place, project_id in enumerate(dict.fromkeys(project_ids), 1)
    )


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    topic: Topic,
    before: dict[str, Any],
    *,
    reason: str = "",
    projects: list[int] | None = None,
) -> None:
    after = snapshot(topic, *SHOWN)
    if projects is not None:
        after["projects"] = projects
    record(
        session,
        actor,
        verb,
        topic,
        before=before,
        after=after,
        label=topic.title,
        reason=reason,
        body_id=topic.body_id,
        reach=reach_of(topic.level),
    )
