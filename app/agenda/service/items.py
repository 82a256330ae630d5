"""Items of the working copy: add, change, order, set aside; every function expects the meeting locked."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    ItemOrigin,
    Proposal,
    ProposalState,
    SectionKey,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.queries import load_topic
from app.agenda.queries.registrations import registrations_of_items
from app.agenda.rules import words
from app.agenda.schemas.wishes import ItemChange, ItemIn, PlaceIn, RejectIn
from app.agenda.service.papers import keep_papers_with_topic
from app.agenda.service.registered import decline_registrations, reach_of
from app.agenda.service.speaking import keep_note_in_history
from app.agenda.service.traces import SHOWN, WRITTEN, ItemTexts, record_item, touch_item
from app.bodies.queries import list_sections, steered_periods
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.meetings.service import touch_meeting
from app.revisions.service import close_texts, note_change

NUMBER_STAYS = (
    "TOP {number} ist freigegeben und bleibt in seinem Abschnitt, weil seine Nummer feststeht. "
    "Setzen Sie ihn ab, und legen Sie ihn im anderen Abschnitt neu an."
)
KEPT = (
    "title",
    "section",
    "kind",
    "minutes",
    "level",
    "presenter",
    "occasion",
    "proposed_decision",
    "carried_from_id",
    "grouped",
)


def add_item(session: Session, actor: Actor, meeting: Meeting, wish: ItemIn) -> AgendaItem:
    """An item of one's own at the end of its section."""
    require_draft(actor, meeting)
    require_known_projects(session, meeting.body_id, wish.projects)
    minutes = wish.minutes
    if minutes is None:
        section = next((one for one in list_sections(session, meeting.body_id) if one.key == wish.section), None)
        minutes = section.minutes if section and not section.minutes_in_all else 0
    item = AgendaItem(
        meeting_id=ident(meeting),
        section=wish.section,
        position=next_position(session, actor, meeting, wish.section),
        title=wish.title,
        kind=wish.kind or words.USUAL_KIND[wish.section],
        minutes=minutes,
        presenter=wish.presenter,
        occasion=wish.occasion,
        proposed_decision=wish.proposed_decision,
        level=wish.level,
        origin=ItemOrigin.OWN,
        changed_at=clock.now(),
        changed_by=actor.name,
    )
    return store_item(session, actor, meeting, item, [(project_id, False) for project_id in wish.projects])


def store_item(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    projects: Sequence[tuple[int, bool]],
    *,
    verb: str = "item.add",
) -> AgendaItem:
    """Write a new item with its (project, answers need) links; the meeting becomes a draft and its version rises."""
    session.add(item)
    session.flush()
    _link_projects(session, item, projects)
    enter_draft(meeting)
    touch_meeting(session, meeting)
    record_item(session, actor, verb, meeting, item, {})
    return item


def change_item(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    wish: ItemChange,
    *,
    base_version: int,
    reason: str = "",
) -> AgendaItem:
    """Change an item seen at *base_version*; Stale with the present state if somebody changed it meanwhile.

    What the actor was writing, and what others were in a text that changes now, is closed first. A wish that changes
    nothing leaves no trace of its own.
    """
    require_draft(actor, meeting)
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    linked = [link.project_id for link in links]
    if item.version != base_version:
        raise Stale(current_state(item, linked), _stale_sentence(item))
    require_standing(item)
    if item.number and wish.section not in (None, item.section):
        raise Invalid({"section": NUMBER_STAYS.format(number=item.number)})
    require_known_projects(session, meeting.body_id, [one for one in wish.projects or () if one not in linked])
    before = {**snapshot(item, *SHOWN), "projects": linked}
    given = wish.model_dump(exclude_unset=True)
    holder = ItemTexts(session, meeting, item)
    texts = [name for name in WRITTEN if given.get(name) not in (None, before[name])]
    close_texts(session, holder, fields=texts, actor=actor)
    section = given.get("section")
    if section is not None and section is not item.section:
        item.position = next_position(session, actor, meeting, section)
    for name, value in given.items():
        if name in ("projects", "position") or value is None:
            continue
        setattr(item, name, value)
    wanted = linked if wish.projects is None else list(dict.fromkeys(wish.projects))
    if wanted != linked:
        needs = {link.project_id for link in links if link.answers_need}
        _link_projects(session, item, [(project_id, project_id in needs) for project_id in wanted])
    if wish.position is not None:
        _place(session, actor, meeting, item, wish.position)
    if {**snapshot(item, *SHOWN), "projects": wanted} == before:
        return item
    touch_item(session, actor, meeting, item)
    for name in texts:
        note_change(session, actor, holder, name, before[name])
    record_item(session, actor, "item.change", meeting, item, before, projects=wanted, reason=reason)
    return item


def move_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, *, steps: int) -> AgendaItem:
    """Move an item up (negative) or down within its section.

    The meeting's version rises, the items' do not: whoever edits a text meanwhile is not in the way.
    """
    require_draft(actor, meeting)
    before = snapshot(item, *SHOWN)
    order = _in_section(session, actor, meeting, item.section)
    _place(session, actor, meeting, item, max(order.index(item) + 1 + steps, 1))
    if snapshot(item, *SHOWN) == before:
        return item
    touch_meeting(session, meeting)
    record_item(session, actor, "item.move", meeting, item, before)
    return item


def place_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: PlaceIn) -> AgendaItem:
    """Put an item at a place, within its section or in another one; its kind stays.

    Another section is a change of the item, of which whoever edits it meanwhile must know.
    """
    if wish.section is not item.section:
        change = ItemChange(section=wish.section, position=wish.position)
        return change_item(session, actor, meeting, item, change, base_version=item.version)
    order = _in_section(session, actor, meeting, item.section)
    return move_item(session, actor, meeting, item, steps=wish.position - 1 - order.index(item))


def set_item_aside(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: RejectIn) -> Topic:
    """Take an unreleased item off the agenda into the topic backlog, with the reason; nothing of it is lost.

    One that came from the backlog goes back to its own entry, with the texts it has now; what was joined becomes one
    entry with all projects. Invalid where those who registered it are not told why.
    """
    require_draft(actor, meeting)
    require_unreleased(item)
    require_resumption(wish.resume_on)
    links = queries.projects_of_items(session, [ident(item)]).get(ident(item), [])
    proposals = queries.proposals_of_item(session, ident(item))
    close_texts(session, ItemTexts(session, meeting, item))
    decline_registrations(session, actor, registrations_of_items(session, [ident(item)]), wish.told)
    topic = _entry_of(session, actor, meeting, item, proposals)
    for name in KEPT:
        setattr(topic, name, getattr(item, name))
    topic.from_meeting_id, topic.state = ident(meeting), TopicState.OPEN
    topic.why, topic.resume_on = wish.reason, wish.resume_on
    if proposals:
        topic.key, topic.reasons = proposals[0].key, joined_reasons(proposals)
    session.add(topic)
    session.flush()
    for proposal in proposals:
        proposal.state, proposal.reject_reason = ProposalState.REJECTED, topic.why
        proposal.item_id, proposal.topic_id = None, ident(topic)
        session.add(proposal)
    _link_topic(session, topic, links)
    keep_papers_with_topic(session, actor, meeting, item, topic)
    keep_note_in_history(session, actor, meeting, item)
    record(
        session,
        actor,
        "item.set_aside",
        topic,
        before=snapshot(item, *SHOWN),
        label=f"{life.label_with_date(meeting)}: {item.title}",
        reason=topic.why,
        body_id=meeting.body_id,
        reach=reach_of(item.level),
    )
    remove_item(session, item)
    touch_meeting(session, meeting)
    return topic


def _entry_of(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, proposals: Sequence[Proposal]
) -> Topic:
    """The entry that an item goes to: the one it came from, else a new one. Further ones it came from are closed."""
    known = [load_topic(session, one) for one in sorted({one.topic_id for one in proposals if one.topic_id})]
    for further in known[1:]:
        further.state, further.closed_reason = TopicState.CLOSED, f"Zusammengelegt mit „{item.title}“"[:500]
        session.add(further)
    if known:
        return known[0]
    return Topic(
        body_id=meeting.body_id,
        title=item.title,
        section=item.section,
        kind=item.kind,
        minutes=item.minutes,
        why="",
        created_at=clock.now(),
        created_by=actor.name,
    )


def joined_reasons(proposals: Sequence[Proposal]) -> str:
    """The reasons of all proposals as they are stored: one JSON list."""
    return json.dumps([reason for one in proposals for reason in json.loads(one.reasons)], ensure_ascii=False)


def remove_item(session: Session, item: AgendaItem) -> None:
    """Take an item that was never released off the working copy for good, with what hangs on it alone."""
    session.execute(delete(AgendaItemProject).where(col(AgendaItemProject.item_id) == ident(item)))
    session.flush()
    session.delete(item)
    session.flush()


def require_unreleased(item: AgendaItem) -> None:
    """Refuse to take away what stands in a released version: that is withdrawn, and keeps its number."""
    if item.number:
        raise Refused(f"TOP {item.number} steht in der freigegebenen Tagesordnung. Er kann nur abgesetzt werden.")


def require_resumption(resume_on: dt.date | None) -> None:
    """Refuse a Wiedervorlage that is over already."""
    if resume_on is not None and resume_on < clock.today():
        raise Invalid({"resume_on": "Die Wiedervorlage liegt in der Vergangenheit."})


def require_draft(actor: Actor, meeting: Meeting) -> None:
    """Refuse people who may not, and meetings whose agenda can no longer change.

    While a meeting is released its rows are the next working copy: what changes there waits for a supplement.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if meeting.state is MeetingState.IN_SESSION:
        raise Refused("Die Sitzung läuft; die Tagesordnung wird nicht mehr geändert.")
    life.require(Act.DRAFT, meeting)


def require_standing(item: AgendaItem) -> None:
    """Refuse to work on a withdrawn item."""
    if item.withdrawn:
        raise Refused(f"TOP {item.number} ist abgesetzt. Nehmen Sie ihn erst wieder auf.")


def enter_draft(meeting: Meeting) -> None:
    """The meeting's agenda is being drafted from now on."""
    meeting.state = life.next_state(Act.DRAFT, meeting)


def current_state(item: AgendaItem, project_ids: Sequence[int]) -> dict[str, Any]:
    """The present state of an item as plain values: what a stale writer is shown beside their own text."""
    return {
        **snapshot(item, *SHOWN),
        "id": item.id,
        "version": item.version,
        "projects": list(project_ids),
        "changed_by": item.changed_by,
        "changed_at": item.changed_at.isoformat(),
    }


def _stale_sentence(item: AgendaItem) -> str:
    changed = item.changed_at.astimezone(clock.BERLIN).date()
    when = f"um {text.time(item.changed_at)} Uhr" if changed == clock.today() else f"am {text.date(changed)}"
    return (
        f"{item.changed_by or 'Jemand'} hat diesen Punkt {when} geändert. "
        "Ihr Text ist nicht verloren: Bitte vergleichen Sie beide Texte."
    )


def next_position(session: Session, actor: Actor, meeting: Meeting, section: SectionKey) -> int:
    """Behind everything in the section: the secretariat orders by hand, and drafting's order is that of accepting."""
    there = _in_section(session, actor, meeting, section)
    return max((item.position for item in there), default=0) + 1


def _in_section(session: Session, actor: Actor, meeting: Meeting, section: SectionKey) -> list[AgendaItem]:
    return [item for item in queries.list_items(session, actor, ident(meeting)) if item.section == section]


def _place(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, position: int) -> None:
    others = [one for one in _in_section(session, actor, meeting, item.section) if one.id != item.id]
    others.insert(max(0, min(position - 1, len(others))), item)
    for place, one in enumerate(others, 1):
        if one.position != place:
            _put_at(session, one, place)


def _put_at(session: Session, item: AgendaItem, place: int) -> None:
    """Write the position past the unit of work, so that the item's version stays: its place is the meeting's matter."""
    table = update(AgendaItem).where(col(AgendaItem.id) == ident(item)).values(position=place)
    session.execute(table.execution_options(synchronize_session=False))
    set_committed_value(item, "position", place)


def require_known_projects(session: Session, body_id: int, project_ids: Sequence[int]) -> None:
    """Refuse projects that the body does not steer: to its secretariat they are unknown."""
    if not project_ids:
        return
    known = queries.steered_projects(session, project_ids, steered_periods(session, body_id))
    missing = [project_id for project_id in project_ids if project_id not in known]
    if missing:
        raise Invalid({"projects": f"Ein Projekt mit der Kennung {missing[0]} gibt es nicht."})


def _link_topic(session: Session, topic: Topic, links: Sequence[AgendaItemProject]) -> None:
    session.execute(delete(TopicProject).where(col(TopicProject.topic_id) == ident(topic)))
    session.add_all(
        TopicProject(topic_id=ident(topic), project_id=link.project_id, position=link.position) for link in links
    )


def _link_projects(session: Session, item: AgendaItem, projects: Sequence[tuple[int, bool]]) -> None:
    wanted = dict(projects)
    session.execute(delete(AgendaItemProject).where(col(AgendaItemProject.item_id) == ident(item)))
    session.add_all(
        AgendaItemProject(item_id=ident(item), project_id=project_id, position=place, answers_need=need)
        for place, (project_id, need) in enumerate(wanted.items(), 1)
    )
