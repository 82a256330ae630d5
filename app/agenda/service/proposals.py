"""Proposals: accept them as items, reject them into the topic backlog; the meeting is locked by the caller."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    ItemOrigin,
    Level,
    Proposal,
    ProposalState,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.schemas.wishes import RejectIn
from app.agenda.service.items import require_draft, require_resumption, store_item
from app.agenda.service.papers import bring_papers
from app.db import ident
from app.errors import Refused
from app.history.models import Reach
from app.history.service import record
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting


def accept_proposal(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> AgendaItem:
    """Make an item of an open proposal. Refused where its project already is on a coming agenda."""
    require_draft(actor, meeting)
    if proposal.state is not ProposalState.OPEN:
        raise Refused(f"Dieser Vorschlag ist schon {_STATE_WORDS[proposal.state]}.")
    links = queries.projects_of_proposals(session, [ident(proposal)]).get(ident(proposal), [])
    _require_free(session, meeting, proposal, [link.project_id for link in links])
    item = AgendaItem(
        meeting_id=ident(meeting),
        section=proposal.section,
        position=_position(session, actor, meeting, proposal),
        title=proposal.title,
        kind=proposal.kind,
        minutes=proposal.minutes,
        occasion=proposal.occasion,
        proposed_decision=proposal.proposed_decision,
        level=proposal.level,
        origin=ItemOrigin.PROPOSAL,
        mandatory=proposal.mandatory,
        grouped=proposal.grouped,
        carried_from_id=proposal.carried_from_id,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    store_item(session, actor, meeting, item, [(link.project_id, link.answers_need) for link in links])
    proposal.state, proposal.item_id = ProposalState.ACCEPTED, ident(item)
    session.add(proposal)
    topic = _use_topic(session, proposal.topic_id) if proposal.topic_id is not None else None
    bring_papers(session, actor, meeting, item, topic)
    return item


def reject_proposal(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal, wish: RejectIn) -> Topic:
    """Put an open proposal into the topic backlog, with the reason; one from the backlog goes back there."""
    require_draft(actor, meeting)
    if proposal.state not in (ProposalState.OPEN, ProposalState.VANISHED):
        raise Refused(f"Dieser Vorschlag ist schon {_STATE_WORDS[proposal.state]}.")
    require_resumption(wish)
    proposal.state, proposal.reject_reason = ProposalState.REJECTED, wish.reason
    session.add(proposal)
    topic = session.get(Topic, proposal.topic_id) if proposal.topic_id is not None else None
    if topic is None:
        topic = _new_topic(session, actor, meeting, proposal)
    topic.why, topic.resume_on, topic.state = proposal.reject_reason, wish.resume_on, TopicState.OPEN
    topic.from_meeting_id = ident(meeting)
    session.add(topic)
    session.flush()
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "proposal.reject",
        proposal,
        label=f"{life.label_with_date(meeting)}: {proposal.title}",
        reason=proposal.reject_reason,
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if proposal.level is Level.CONFIDENTIAL else Reach.DRAFT,
    )
    return topic


def _require_free(session: Session, meeting: Meeting, proposal: Proposal, project_ids: list[int]) -> None:
    if proposal.taken_by:
        raise Refused(f"Dieser Vorschlag kann nicht übernommen werden: {proposal.taken_by}.")
    if not proposal.key.startswith("project:"):
        return
    other = queries.find_elsewhere(session, meeting.body_id, project_ids, ident(meeting))
    if other is not None:
        raise Refused(f"Das Projekt steht schon auf der Tagesordnung der {life.label_with_date(other)}.")


def _position(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> int:
    """Behind everything in the section: the secretariat orders by hand, and drafting's order is that of accepting."""
    there = queries.list_items(session, actor, ident(meeting))
    return max((item.position for item in there if item.section == proposal.section), default=0) + 1


def _use_topic(session: Session, topic_id: int) -> Topic:
    topic = session.get_one(Topic, topic_id)
    topic.state = TopicState.USED
    session.add(topic)
    return topic


def _new_topic(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> Topic:
    topic = Topic(
        body_id=meeting.body_id,
        key=proposal.key,
        carried_from_id=proposal.carried_from_id,
        title=proposal.title,
        section=proposal.section,
        kind=proposal.kind,
        minutes=proposal.minutes,
        level=proposal.level,
        occasion=proposal.occasion,
        proposed_decision=proposal.proposed_decision,
        reasons=proposal.reasons,
        grouped=proposal.grouped,
        why=proposal.reject_reason,
        created_at=clock.now(),
        created_by=actor.name,
    )
    session.add(topic)
    session.flush()
    links = queries.projects_of_proposals(session, [ident(proposal)]).get(ident(proposal), [])
    session.add_all(
        TopicProject(topic_id=ident(topic), project_id=link.project_id, position=link.position) for link in links
    )
    return topic


_STATE_WORDS = {
    ProposalState.OPEN: "offen",
    ProposalState.ACCEPTED: "übernommen",
    ProposalState.REJECTED: "abgelehnt",
    ProposalState.VANISHED: "entfallen",
}
