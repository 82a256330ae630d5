"""Where papers hang (meetings, items, registered topics, entries of the backlog) and how they go on with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemPaper, Level, Registration, RegistrationPaper, Topic, TopicPaper
from app.agenda.rules.layout import PlacedItem, place
from app.agenda.schemas.frozen import FrozenPaper
from app.bodies.queries import list_sections
from app.db import ident
from app.errors import Forbidden, NotFound, Refused
from app.history.models import Reach
from app.meetings.models import Meeting, MeetingPaper, MeetingState
from app.meetings.rules import life
from app.papers.queries import find_at, held_at, list_at
from app.papers.schemas import FoundPaper, PaperChange, Place, StoredFile, WithdrawIn
from app.papers.service import papers

DISCARDED = "Nachtrag verworfen"
"""Why something leaves the working copy when a supplement is discarded."""


@dataclass(frozen=True, slots=True)
class Found(FoundPaper):
    """A paper of a meeting, with the item at which it hangs (None: at the meeting itself)."""

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


def place_of_registration(registration: Registration) -> Place:
    """Where the papers of a registered topic hang until it is decided about."""
    reach = Reach.CONFIDENTIAL if registration.level is Level.CONFIDENTIAL else Reach.DRAFT
    label = f"Anmeldung: {registration.title}"
    where = (
        RegistrationPaper,
        "registration_id",
        ident(registration),
        registration,
        label,
        registration.body_id,
        reach,
    )
    return Place(*where, level=registration.level, floor=registration.level)


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


def restore_papers(
    session: Session, actor: Actor, meeting: Meeting, released: Mapping[int, Sequence[FrozenPaper]]
) -> None:
    """Papers of released items as the release enclosed them, by item; the rights are the caller's matter.

    Nothing is lost: what came later is withdrawn and stays with its item, and a released file that was replaced becomes
    the newest version once more. A paper that was withdrawn stays so: that took effect at once and had its own reason.
    """
    items = {ident(item): item for item in queries.list_items(session, actor, ident(meeting))}
    home = {paper.id: (item_id, paper) for item_id, there in released.items() for paper in there}
    for found in list_meeting_papers(session, actor, meeting):
        paper, known = found.held.paper, home.get(ident(found.held.paper))
        if paper.withdrawn:
            continue
        if known is None:
            if found.item is not None and ident(found.item) in released:
                papers.withdraw_paper(session, actor, found.place, paper, WithdrawIn(reason=DISCARDED))
            continue
        item_id, was = known
        target = place_of(meeting, items[item_id])
        papers.transfer_paper(session, actor, found.place, target, paper)
        papers.change_paper(session, actor, target, paper, PaperChange(title=was.title, level=was.level))
        if found.held.file.file_key != was.hash:
            file = StoredFile(key=was.hash, name=was.file_name, media_type=was.media_type, size=was.size)
            papers.add_paper_version(session, actor, target, found.held, file)


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


def keep_registered_papers(session: Session, actor: Actor, registrations: Iterable[Registration], topic: Topic) -> None:
    """Registered topics are not taken up: their papers wait with the topic that they become in the backlog."""
    for registration in registrations:
        papers.transfer_all(session, actor, place_of_registration(registration), place_of_topic(topic))


def bring_registered_papers(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, registrations: Iterable[Registration]
) -> None:
    """Registered topics are taken onto the agenda: their papers hang at the item from now on."""
    for registration in registrations:
        papers.transfer_all(session, actor, place_of_registration(registration), place_of(meeting, item))
