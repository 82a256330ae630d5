"""Between two releases: withdraw and reinstate items, ask what waits for a supplement, discard it, open the meeting.

While a meeting is released its rows are the next working copy. Every function expects the meeting locked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock
from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemProject, Level
from app.agenda.rules.changes import changes_between
from app.agenda.schemas.changes import ChangeKind, FrozenChange
from app.agenda.schemas.frozen import AgendaValues, FrozenItem
from app.agenda.schemas.wishes import RejectIn, WithdrawIn
from app.agenda.service.guests import restore_guests
from app.agenda.service.items import require_draft, require_standing, set_item_aside
from app.agenda.service.joining import into_proposals
from app.agenda.service.papers import DISCARDED, restore_papers
from app.agenda.service.traces import ItemTexts
from app.agenda.service.values import agenda_values, default_as_of, released_values
from app.db import ident
from app.errors import Forbidden, Refused
from app.history.models import Reach
from app.history.service import record, snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.rules import life
from app.meetings.rules.life import Act
from app.meetings.service import start_meeting, touch_meeting
from app.revisions.service import close_texts

RESTORED = ("title", "kind", "minutes", "presenter", "occasion", "proposed_decision", "level", "withdrawn")


class Unreleased(Refused):
    """The meeting cannot begin while changes of items wait for a supplement."""

    sentence = (
        "Der Nachtrag ist noch nicht freigegeben. Geben Sie ihn frei, oder verwerfen Sie die Änderungen; "
        "dann kann die Sitzung eröffnet werden."
    )


@dataclass(frozen=True, slots=True)
class Pending:
    """What the next supplement would change: the released and the working version, and the changes between them."""

    released: AgendaValues
    working: AgendaValues
    changes: tuple[FrozenChange, ...]

    @property
    def of_items(self) -> tuple[FrozenChange, ...]:
        """The changes of items that hands made and that can be discarded.

        Not among them: time and place, which are changed by moving the meeting; what projects report; papers that were
        withdrawn, which took effect at once.
        """
        there = {paper.id for item in _items(self.working) for paper in item.papers}
        compared = changes_between(_by_hand(self.released, there), _by_hand(self.working, there))
        return tuple(one for one in compared if one.kind is not ChangeKind.MEETING)

    @property
    def discardable(self) -> bool:
        """Whether there is something to put back: changes of items, or a Stichtag that a drafting moved."""
        return bool(self.of_items) or self.working.as_of != self.released.as_of


def pending_changes(session: Session, actor: Actor, meeting: Meeting) -> Pending | None:
    """What waits for a supplement, in the edition *vollständig*; None where there can be none.

    For those who read drafts only: rights are the caller's matter.
    """
    released = released_values(session, ident(meeting))
    if meeting.state is not MeetingState.RELEASED or released is None:
        return None
    as_of = default_as_of(session, meeting, clock.today())
    working = agenda_values(session, actor, meeting, as_of=as_of)
    return Pending(released, working, changes_between(released, working))


def withdraw_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, wish: WithdrawIn) -> AgendaItem:
    """Absetzen: a released item keeps its number and stays visible with the reason from the next supplement on."""
    require_draft(actor, meeting)
    life.require(Act.SUPPLEMENT, meeting)
    require_standing(item)
    if not item.number:
        raise Refused("Dieser Punkt ist noch nicht freigegeben. Legen Sie ihn in den Themenspeicher.")
    return _set_withdrawn(session, actor, meeting, item, wish.reason, "item.withdraw")


def reinstate_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Take a withdrawn item up again, under its old number."""
    require_draft(actor, meeting)
    life.require(Act.SUPPLEMENT, meeting)
    if not item.withdrawn:
        raise Refused("Dieser Punkt ist nicht abgesetzt.")
    return _set_withdrawn(session, actor, meeting, item, "", "item.reinstate")


def open_meeting(session: Session, actor: Actor, meeting: Meeting) -> Meeting:
    """The meeting begins with what its readers hold in hand: Unreleased while changes of items wait for a supplement.

    A new time or place does not hold it up: everybody was told when the meeting was moved. Nor does a new Stichtag or
    what projects reported since: the meeting begins with the statuses that were released.
    """
    pending = pending_changes(session, actor, meeting) if life.may_run(actor, meeting) else None
    if pending is not None and pending.of_items:
        raise Unreleased
    return start_meeting(session, actor, meeting)


def discard_changes(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Put the working copy back to what was released last, with the guests and papers of its items and its Stichtag.

    Nothing is lost: new items become proposals again, items of one's own go to the topic backlog, papers that came
    later are withdrawn and stay with their items. Proposals stay as they were drafted.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    life.require(Act.SUPPLEMENT, meeting)
    pending = pending_changes(session, actor, meeting)
    if pending is None or not pending.discardable:
        raise Refused("Es gibt keine Änderungen an Punkten, die verworfen werden könnten.")
    places = {
        item.id: (place, item) for section in pending.released.sections for place, item in enumerate(section.items, 1)
    }
    rows = {ident(item): item for item in queries.list_items(session, actor, ident(meeting))}
    restore_papers(session, actor, meeting, {key: frozen.papers for key, (_, frozen) in places.items()})
    for key, item in rows.items():
        if key in places:
            _restore(session, item, *places[key])
        else:
            _give_back(session, actor, meeting, item)
    _restore_links(session, {key: frozen for key, (_, frozen) in places.items()})
    for key, (_, frozen) in places.items():
        restore_guests(session, actor, meeting, rows[key], frozen.guests)
    drafted, shown = queries.find_draft(session, ident(meeting)), pending.released.as_of
    if drafted is not None and shown is not None and drafted.as_of > shown:
        drafted.as_of = shown
        session.add(drafted)
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        "agenda.discard",
        meeting,
        label=life.label_with_date(meeting),
        body_id=meeting.body_id,
        reach=Reach.DRAFT,
    )


def _items(values: AgendaValues) -> Iterator[FrozenItem]:
    return (item for section in values.sections for item in section.items)


def _by_hand(values: AgendaValues, there: Collection[int]) -> AgendaValues:
    """The values without what no hand changed in the agenda: statuses of projects, papers that are not *there* now."""

    def bare(item: FrozenItem) -> FrozenItem:
        projects = tuple(one.model_copy(update={"light": None, "phase": None, "as_of": None}) for one in item.projects)
        papers = tuple(paper for paper in item.papers if paper.id in there)
        return item.model_copy(update={"projects": projects, "papers": papers})

    sections = tuple(
        section.model_copy(update={"items": tuple(bare(item) for item in section.items)}) for section in values.sections
    )
    return values.model_copy(update={"sections": sections})


def _set_withdrawn(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, reason: str, verb: str
) -> AgendaItem:
    item.withdrawn, item.withdrawn_reason = bool(reason), reason
    item.changed_at, item.changed_by = clock.now(), actor.name
    session.add(item)
    touch_meeting(session, meeting)
    record(
        session,
        actor,
        verb,
        item,
        after=snapshot(item, "number"),
        label=f"{life.label_with_date(meeting)}: {item.title}",
        reason=reason,
        body_id=meeting.body_id,
        reach=Reach.CONFIDENTIAL if item.level is Level.CONFIDENTIAL else Reach.DRAFT,
    )
    return item


def _restore(session: Session, item: AgendaItem, place: int, frozen: FrozenItem) -> None:
    for name in RESTORED:
        setattr(item, name, getattr(frozen, name))
    item.withdrawn_reason, item.position = frozen.withdrawn_reason, place
    session.add(item)


def _restore_links(session: Session, frozen: Mapping[int, FrozenItem]) -> None:
    """The projects of items as they were released; which decision need an item answers is known to its proposal too."""
    links = queries.projects_of_items(session, list(frozen))
    for key, item in frozen.items():
        there = links.get(key, [])
        wanted = [project.id for project in item.projects]
        if [link.project_id for link in there] == wanted:
            continue
        answered = {link.project_id for link in there if link.answers_need}
        proposals = [ident(one) for one in queries.proposals_of_item(session, key)]
        for of_proposal in queries.projects_of_proposals(session, proposals).values():
            answered |= {link.project_id for link in of_proposal if link.answers_need}
        session.execute(delete(AgendaItemProject).where(col(AgendaItemProject.item_id) == key))
        session.add_all(
            AgendaItemProject(item_id=key, project_id=project_id, position=place, answers_need=project_id in answered)
            for place, project_id in enumerate(wanted, 1)
        )


def _give_back(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """An item that was never released: its proposals are open again, one of one's own goes to the backlog."""
    proposals = queries.proposals_of_item(session, ident(item))
    if proposals:
        close_texts(session, ItemTexts(session, meeting, item))
        into_proposals(session, actor, meeting, item, proposals)
    else:
        set_item_aside(session, actor, meeting, item, RejectIn(reason=DISCARDED))
