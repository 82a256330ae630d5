"""Moving an item of the working copy to another coming meeting of the body; both meetings are locked by the caller."""

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, Proposal, ProposalProject, ProposalState
from app.agenda.service.items import enter_draft, next_position, require_draft, require_unreleased
from app.agenda.service.registered import reach_of
from app.agenda.service.traces import SHOWN, ItemTexts
from app.db import ident
from app.errors import Invalid, Refused
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.revisions.service import close_texts

COPIED = (
    "key",
    "section",
    "kind",
    "title",
    "minutes",
    "score",
    "mandatory",
    "grouped",
    "level",
    "reasons",
    "presenter",
    "occasion",
    "proposed_decision",
    "edited",
    "carried_from_id",
    "topic_id",
)


def move_item_to(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, target: Meeting) -> AgendaItem:
    """Move an unreleased item with everything it holds to *target*; its proposals go with it.

    On the old agenda they stay as rejected, with the meeting they went to. Refused where *target* has such an item.
    """
    require_draft(actor, meeting)
    require_unreleased(item)
    if target.id == meeting.id or target.body_id != meeting.body_id:
        raise Invalid({"meeting": "Bitte wählen Sie eine andere kommende Sitzung dieses Gremiums."})
    require_draft(actor, target)
    close_texts(session, ItemTexts(session, meeting, item))
    before = snapshot(item, *SHOWN)
    for proposal in queries.proposals_of_item(session, ident(item)):
        _move_proposal(session, proposal, target)
    item.meeting_id, item.position = ident(target), next_position(session, actor, target, item.section)
    item.changed_at, item.changed_by = clock.now(), actor.name
    session.add(item)
    enter_draft(target)
    touch_meeting(session, meeting)
    touch_meeting(session, target)
    record(
        session,
        actor,
        "item.move_meeting",
        item,
        before={**before, "meeting": life.label_with_date(meeting)},
        after={**snapshot(item, *SHOWN), "meeting": life.label_with_date(target)},
        label=f"{life.label_with_date(target)}: {item.title}",
        body_id=meeting.body_id,
        reach=reach_of(item.level),
    )
    return item


def _move_proposal(session: Session, proposal: Proposal, target: Meeting) -> None:
    there = queries.find_proposal_by_key(session, ident(target), proposal.key)
    if there is not None and there.state is ProposalState.ACCEPTED:
        raise Refused(f"„{proposal.title}“ steht auf der Tagesordnung der {life.label_with_date(target)} schon.")
    item_id, links = proposal.item_id, queries.projects_of_proposals(session, [ident(proposal)])
    if there is None:
        there = Proposal(meeting_id=ident(target), **{name: getattr(proposal, name) for name in COPIED})
        session.add(there)
        session.flush()
        session.add_all(
            ProposalProject(
                proposal_id=ident(there),
                project_id=link.project_id,
                position=link.position,
                answers_need=link.answers_need,
            )
            for link in links.get(ident(proposal), ())
        )
    there.topic_id = proposal.topic_id
    there.state, there.item_id, there.reject_reason = ProposalState.ACCEPTED, item_id, ""
    proposal.state, proposal.item_id, proposal.topic_id = ProposalState.REJECTED, None, None
    proposal.reject_reason = f"verschoben auf die {life.label_with_date(target)}"
    session.add_all((there, proposal))
    session.flush()
