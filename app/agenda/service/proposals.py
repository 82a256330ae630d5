"""Proposals: edit, accept as items, reject into the topic backlog; the meeting is locked by the caller."""

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    ItemOrigin,
    Proposal,
    ProposalState,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.queries.circulars import find_running_circular
from app.agenda.queries.registrations import load_registration, registration_ids, registrations_of_cancelled
from app.agenda.rules.proposals import STATE_WORDS
from app.agenda.schemas.wishes import ProposalChange, RejectIn
from app.agenda.service.items import next_position, require_draft, require_resumption, store_item
from app.agenda.service.papers import bring_papers, bring_registered_papers, keep_registered_papers
from app.agenda.service.registered import decline_registrations, plan_registrations, reach_of, require_received
from app.agenda.service.traces import WRITTEN, ProposalTexts
from app.db import ident
from app.errors import Refused, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.revisions.service import close_texts, note_change

EDITABLE = ("title", "section", "kind", "minutes", "presenter", "occasion", "proposed_decision", "level")
SHOWN = EDITABLE


def accept_proposal(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> AgendaItem:
    """Make an item of an open proposal. Refused where its matter already is on a coming agenda."""
    require_draft(actor, meeting)
    queries.lock_coming(session, meeting.body_id)
    links = queries.projects_of_proposals(session, [ident(proposal)]).get(ident(proposal), [])
    require_free(session, meeting, proposal, [link.project_id for link in links])
    item = AgendaItem(
        meeting_id=ident(meeting),
        position=next_position(session, actor, meeting, proposal.section),
        origin=ItemOrigin.PROPOSAL,
        mandatory=proposal.mandatory,
        grouped=proposal.grouped,
        carried_from_id=proposal.carried_from_id,
        changed_at=clock.now(),
        changed_by=actor.name,
        **{name: getattr(proposal, name) for name in EDITABLE},
    )
    store_item(session, actor, meeting, item, [(link.project_id, link.answers_need) for link in links])
    take_up(session, actor, meeting, item, [proposal])
    return item


def reject_proposal(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal, wish: RejectIn) -> Topic:
    """Put an open proposal into the topic backlog, with the reason; one from the backlog goes back there.

    Invalid where those who registered the topic are not told why.
    """
    require_draft(actor, meeting)
    if proposal.state not in (ProposalState.OPEN, ProposalState.VANISHED):
        raise Refused(f"Dieser Vorschlag ist schon {STATE_WORDS[proposal.state]}.")
    require_resumption(wish.resume_on)
    registered = [load_registration(session, one) for one in registration_ids([proposal.key])]
    if proposal.carried_from_id is not None:
        registered += registrations_of_cancelled(session, proposal.carried_from_id)
    decline_registrations(session, actor, registered, wish.told)
    topic = put_away(session, actor, meeting, proposal, wish)
    keep_registered_papers(session, actor, registered, topic)
    return topic


def put_away(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal, wish: RejectIn) -> Topic:
    """The open proposal becomes an entry of the backlog, or goes back to its own."""
    close_texts(session, ProposalTexts(session, meeting, proposal))
    proposal.state, proposal.reject_reason = ProposalState.REJECTED, wish.reason
    topic = queries.load_topic(session, proposal.topic_id) if proposal.topic_id is not None else None
    if topic is None:
        topic = _new_topic(session, actor, meeting, proposal)
    topic.why, topic.resume_on, topic.state = proposal.reject_reason, wish.resume_on, TopicState.OPEN
    topic.from_meeting_id = ident(meeting)
    session.add(topic)
    session.flush()
    proposal.topic_id = ident(topic)
    session.add(proposal)
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "proposal.reject",
        proposal,
        label=f"{life.label_with_date(meeting)}: {proposal.title}",
        reason=proposal.reject_reason,
        body_id=meeting.body_id,
        reach=reach_of(proposal.level),
    )
    return topic


def edit_proposal(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    proposal: Proposal,
    wish: ProposalChange,
    *,
    base_version: int,
) -> Proposal:
    """Change an open proposal seen at *base_version* before it is accepted; drafting again leaves it as it is then.

    Stale with the present state if somebody changed it meanwhile. A wish that changes nothing leaves no trace.
    """
    require_draft(actor, meeting)
    if proposal.version != base_version:
        raise Stale({"id": proposal.id, "version": proposal.version, **snapshot(proposal, *SHOWN)})
    require_open(proposal)
    before, given = snapshot(proposal, *SHOWN), wish.model_dump(exclude_unset=True, include=set(EDITABLE))
    holder = ProposalTexts(session, meeting, proposal)
    texts = [name for name in WRITTEN if given.get(name) not in (None, before[name])]
    close_texts(session, holder, fields=texts, actor=actor)
    for name, value in given.items():
        if value is not None:
            setattr(proposal, name, value)
    if snapshot(proposal, *SHOWN) == before:
        return proposal
    proposal.edited = True
    session.add(proposal)
    session.flush()
    touch_meeting(session, meeting)
    for name in texts:
        note_change(session, actor, holder, name, before[name])
    record(
        session,
        actor,
        "proposal.edit",
        proposal,
        before=before,
        after=snapshot(proposal, *SHOWN),
        label=f"{life.label_with_date(meeting)}: {proposal.title}",
        body_id=meeting.body_id,
        reach=reach_of(proposal.level),
    )
    return proposal


def require_open(proposal: Proposal) -> None:
    """Refuse what was already settled."""
    if proposal.state is not ProposalState.OPEN:
        raise Refused(f"Dieser Vorschlag ist schon {STATE_WORDS[proposal.state]}.")


def require_free(session: Session, meeting: Meeting, proposal: Proposal, project_ids: list[int]) -> None:
    """Refuse a proposal that is settled, or whose matter already is on another coming agenda (domain §4)."""
    require_open(proposal)
    if proposal.taken_by:
        raise Refused(f"Dieser Vorschlag kann nicht übernommen werden: {proposal.taken_by}.")
    if proposal.key.startswith("project:"):
        other = queries.find_elsewhere(session, meeting.body_id, project_ids, ident(meeting))
        if other is not None:
            raise Refused(f"Das Projekt steht schon auf der Tagesordnung der {life.label_with_date(other)}.")
    if proposal.carried_from_id is not None:
        other = queries.find_successor(session, proposal.carried_from_id, ident(meeting))
        if other is not None:
            raise Refused(f"Der Punkt steht schon auf der Tagesordnung der {life.label_with_date(other)}.")
    projects = project_ids if proposal.key.startswith("project:") else []
    require_not_circulating(
        session, meeting, projects=projects, item_id=proposal.carried_from_id, topic_id=proposal.topic_id
    )
    if proposal.topic_id is not None:
        require_unused(queries.load_topic(session, proposal.topic_id))
    require_received(session, [proposal.key])


def require_not_circulating(
    session: Session,
    meeting: Meeting,
    *,
    projects: Collection[int] = (),
    item_id: int | None = None,
    topic_id: int | None = None,
) -> None:
    """Refuse what a running circular procedure of the body decides just now; the body's row is locked (domain §4)."""
    title = find_running_circular(session, meeting.body_id, project_ids=projects, item_id=item_id, topic_id=topic_id)
    if title is not None:
        raise Refused(
            f"Darüber wird gerade im Umlaufverfahren „{title}“ entschieden. Warten Sie sein Ergebnis ab, "
            "oder ziehen Sie es zurück."
        )


def require_unused(topic: Topic) -> None:
    """Refuse an entry of the backlog that another agenda took up, or that was closed."""
    if topic.state is TopicState.USED:
        raise Refused(f"„{topic.title}“ steht schon auf einer anderen Tagesordnung.")
    if topic.state is TopicState.CLOSED:
        raise Refused(f"„{topic.title}“ ist im Themenspeicher als erledigt abgeschlossen.")


def take_up(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, proposals: Sequence[Proposal]) -> None:
    """The proposals are accepted as one item; their entries of the backlog are used, their registrations vorgesehen.

    Papers that waited with the entries and the registrations come along.
    """
    topics = [queries.load_topic(session, one.topic_id) for one in proposals if one.topic_id is not None]
    for topic in topics:
        topic.state = TopicState.USED
        session.add(topic)
    for proposal in proposals:
        close_texts(session, ProposalTexts(session, meeting, proposal))
        proposal.state, proposal.item_id, proposal.reject_reason = ProposalState.ACCEPTED, ident(item), ""
        session.add(proposal)
    session.flush()
    carried = {one for one in (item.carried_from_id, *(p.carried_from_id for p in proposals)) if one is not None}
    bring_papers(session, actor, meeting, item, topics, sorted(carried))
    registered = plan_registrations(session, actor, item, proposals, topics)
    bring_registered_papers(session, actor, meeting, item, registered)


def give_back(session: Session, proposals: Iterable[Proposal]) -> None:
    """The accepted proposals are open again, their entries of the backlog wait again."""
    for proposal in proposals:
        proposal.state, proposal.item_id = ProposalState.OPEN, None
        session.add(proposal)
        if proposal.topic_id is not None:
            topic = queries.load_topic(session, proposal.topic_id)
            topic.state = TopicState.OPEN
            session.add(topic)


def _new_topic(session: Session, actor: Actor, meeting: Meeting, proposal: Proposal) -> Topic:
    topic = Topic(
        body_id=meeting.body_id,
        key=proposal.key,
        carried_from_id=proposal.carried_from_id,
        reasons=proposal.reasons,
        grouped=proposal.grouped,
        why=proposal.reject_reason,
        created_at=clock.now(),
        created_by=actor.name,
        **{name: getattr(proposal, name) for name in EDITABLE},
    )
    session.add(topic)
    session.flush()
    links = queries.projects_of_proposals(session, [ident(proposal)]).get(ident(proposal), [])
    session.add_all(
        TopicProject(topic_id=ident(topic), project_id=link.project_id, position=link.position) for link in links
    )
    return topic
