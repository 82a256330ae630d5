"""Papers of a meeting and of its items: where they hang, who may change them; the meeting is locked by the caller."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemPaper, Topic, TopicPaper
from app.agenda.rules.layout import PlacedItem, place
from app.bodies.queries import list_sections
from app.db import ident
from app.errors import Forbidden, NotFound, Refused
from app.history.models import Reach
from app.meetings.models import Meeting, MeetingPaper, MeetingState
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.papers.models import Paper, PaperVersion
from app.papers.queries import find_at, held_at, list_at
from app.papers.schemas import HeldPaper, PaperChange, PaperIn, Place, StoredFile, WithdrawIn
from app.papers.service import papers


@dataclass(frozen=True, slots=True)
class Found:
    """A paper of a meeting: with its place and the item at which it hangs (None: at the meeting itself)."""

    place: Place
    held: HeldPaper
    item: AgendaItem | None = None


def require_papers(actor: Actor, meeting: Meeting) -> None:
    """Refuse people who may not, and cancelled meetings."""
    if not life.may_run(actor, meeting):
        raise Forbidden()
    if meeting.state is MeetingState.CANCELLED:
        raise Refused("Diese Sitzung ist abgesagt; ihre Unterlagen bleiben, wie sie sind.")


def place_of(meeting: Meeting, item: AgendaItem | None = None) -> Place:
    """Where the papers of an item hang, or (without one) those of the meeting as a whole."""
    label = life.label_with_date(meeting)
    if item is None:
        return Place(MeetingPaper, "meeting_id", ident(meeting), meeting, label, meeting.body_id, Reach.DRAFT)
    label = f"{label}: {item.title}"
    where = (AgendaItemPaper, "item_id", ident(item), item, label, meeting.body_id, Reach.DRAFT)
    return Place(*where, level=item.level, floor=item.level)


def place_of_topic(topic: Topic) -> Place:
    """Where papers wait with a topic of the backlog."""
    label = f"Themenspeicher: {topic.title}"
    where = (TopicPaper, "topic_id", ident(topic), topic, label, topic.body_id, Reach.DRAFT)
    return Place(*where, level=topic.level, floor=topic.level)


def list_meeting_papers(session: Session, actor: Actor, meeting: Meeting) -> list[Found]:
    """Every paper of the working copy in its order: the meeting's own, then by item. NotFound for other readers."""
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    items = sorted_items(session, actor, meeting)
    own = held_at(session, MeetingPaper, "meeting_id", [ident(meeting)]).get(ident(meeting), [])
    by_item = held_at(session, AgendaItemPaper, "item_id", [ident(item) for item in items])
    whole = place_of(meeting)
    return [Found(whole, held) for held in own] + [
        Found(place_of(meeting, item), held, item) for item in items for held in by_item.get(ident(item), ())
    ]


def sorted_items(session: Session, actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """The items of the working copy in the order of the agenda."""
    return [one.item for one in placed_items(session, actor, meeting)]


def placed_items(session: Session, actor: Actor, meeting: Meeting) -> list[PlacedItem]:
    """The same with the numbers that they bear or would get."""
    items = queries.list_items(session, actor, ident(meeting))
    sections = place(list_sections(session, meeting.body_id), items, meeting.starts_at)
    return [one for section in sections for one in section.items]


def find_paper(session: Session, actor: Actor, meeting: Meeting, paper_id: int) -> Found:
    """One paper of the working copy; NotFound for unknown and invisible alike."""
    items = {ident(item): item for item in queries.list_items(session, actor, ident(meeting))}
    if not life.reads_draft(actor, meeting):
        raise NotFound()
    held = find_at(session, MeetingPaper, "meeting_id", [ident(meeting)], paper_id)
    if held is not None:
        return Found(place_of(meeting), held)
    held = find_at(session, AgendaItemPaper, "item_id", list(items), paper_id)
    if held is None:
        raise NotFound()
    return Found(place_of(meeting, items[held.owner_id]), held, items[held.owner_id])


def add_meeting_papers(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem | None,
    files: Sequence[StoredFile],
    wish: PaperIn,
) -> list[Paper]:
    """New papers of an item or (None) of the meeting, one per file, all or none."""
    require_papers(actor, meeting)
    added = papers.add_papers(session, actor, place_of(meeting, item), files, wish)
    touch_meeting(session, meeting)
    return added


def add_meeting_paper_version(
    session: Session, actor: Actor, meeting: Meeting, paper_id: int, file: StoredFile
) -> PaperVersion:
    """A new file of a paper. Members see it with the next Nachtrag."""
    found = _found(session, actor, meeting, paper_id)
    made = papers.add_paper_version(session, actor, found.place, found.held, file)
    touch_meeting(session, meeting)
    return made


def change_meeting_paper(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    paper_id: int,
    wish: PaperChange,
    *,
    expected: int | None = None,
) -> Paper:
    """Rename a paper, change its level, kind or further fields."""
    found = _found(session, actor, meeting, paper_id)
    paper = papers.change_paper(session, actor, found.place, found.held.paper, wish, expected=expected)
    touch_meeting(session, meeting)
    return paper


def move_meeting_paper(session: Session, actor: Actor, meeting: Meeting, paper_id: int, *, steps: int) -> None:
    """Up (negative) or down among the papers of its item or meeting."""
    found = _found(session, actor, meeting, paper_id)
    papers.move_paper(session, actor, found.place, found.held.paper, steps=steps)
    touch_meeting(session, meeting)


def transfer_meeting_paper(
    session: Session, actor: Actor, meeting: Meeting, paper_id: int, item: AgendaItem | None
) -> None:
    """To another item of the meeting, or (None) to the meeting as a whole."""
    found = _found(session, actor, meeting, paper_id)
    papers.transfer_paper(session, actor, found.place, place_of(meeting, item), found.held.paper)
    touch_meeting(session, meeting)


def withdraw_meeting_paper(session: Session, actor: Actor, meeting: Meeting, paper_id: int, wish: WithdrawIn) -> Paper:
    """Withdraw a paper: nobody but the readers of drafts gets its files any more."""
    found = _found(session, actor, meeting, paper_id)
    paper = papers.withdraw_paper(session, actor, found.place, found.held.paper, wish)
    touch_meeting(session, meeting)
    return paper


def keep_papers_with_topic(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, topic: Topic) -> None:
    """An item leaves the agenda: its papers wait with its topic in the backlog."""
    papers.transfer_all(session, actor, place_of(meeting, item), place_of_topic(topic))


def bring_papers(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    topics: Iterable[Topic],
    carried_ids: Collection[int],
) -> None:
    """A new item takes over the papers that waited with its topics, and copies of those of the items it carries on."""
    target = place_of(meeting, item)
    for topic in topics:
        papers.transfer_all(session, actor, place_of_topic(topic), target)
    levels = queries.levels_of_items(session, carried_ids)
    for carried_id in carried_ids:
        carried = held_at(session, AgendaItemPaper, "item_id", [carried_id])
        there = {held.file.file_key for held in list_at(session, target)}
        fresh = [held for held in carried.get(carried_id, ()) if held.file.file_key not in there]
        papers.copy_papers(session, actor, fresh, target, source=levels[carried_id])


def _found(session: Session, actor: Actor, meeting: Meeting, paper_id: int) -> Found:
    found = find_paper(session, actor, meeting, paper_id)
    require_papers(actor, meeting)
    return found
