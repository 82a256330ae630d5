"""What a change of an item or proposal leaves behind: who did it, versions, the history, revisions of its texts."""

from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda import queries
from app.agenda.models import AgendaItem, Level, Proposal
from app.agenda.schemas.wishes import ItemChange, ProposalChange
from app.db import ident
from app.history.models import Reach
from app.history.service import record, snapshot
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.revisions.schemas import TextHolder

TEXTS = ("title", "presenter", "occasion", "proposed_decision")
SHOWN = (*TEXTS, "section", "kind", "minutes", "level", "position")
LONG_TEXTS = {"occasion": "Anlass", "proposed_decision": "Beschlussvorschlag"}
"""The long texts of items and proposals, saved while they are written."""
WRITTEN = tuple(LONG_TEXTS)


class ItemTexts(TextHolder):
    """An item of a locked meeting as the holder of its long texts."""

    kind = str(AgendaItem.__tablename__)
    labels = LONG_TEXTS
    shape = ItemChange

    def __init__(self, session: Session, meeting: Meeting, item: AgendaItem) -> None:
        self._session, self._meeting, self._item = session, meeting, item

    @property
    def object_id(self) -> int:
        """The item's id."""
        return ident(self._item)

    @property
    def version(self) -> int:
        """The item's version; every write raises it by one."""
        return self._item.version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._item, field))

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; item and meeting get a new version."""
        setattr(self._item, field, content)
        touch_item(self._session, actor, self._meeting, self._item)

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        record(
            self._session,
            actor,
            "item.text",
            self._item,
            before={field: before},
            after={field: after},
            label=_label(self._meeting, self._item),
            reason=reason,
            body_id=self._meeting.body_id,
            reach=_reach(self._item),
        )


class ProposalTexts(TextHolder):
    """A proposal of a locked meeting as the holder of its long texts."""

    kind = str(Proposal.__tablename__)
    labels = LONG_TEXTS
    shape = ProposalChange

    def __init__(self, session: Session, meeting: Meeting, proposal: Proposal) -> None:
        self._session, self._meeting, self._proposal = session, meeting, proposal

    @property
    def object_id(self) -> int:
        """The proposal's id."""
        return ident(self._proposal)

    @property
    def version(self) -> int:
        """The proposal's version."""
        return self._proposal.version

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._proposal, field))

    def write(self, _actor: Actor, field: str, content: str) -> None:
        """Store the text: drafting again leaves the proposal as hands made it."""
        setattr(self._proposal, field, content)
        self._proposal.edited = True
        self._session.add(self._proposal)
        self._session.flush()
        touch_meeting(self._session, self._meeting)

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        record(
            self._session,
            actor,
            "proposal.edit",
            self._proposal,
            before={field: before},
            after={field: after},
            label=f"{life.label_with_date(self._meeting)}: {self._proposal.title}",
            reason=reason,
            body_id=self._meeting.body_id,
            reach=_reach(self._proposal),
        )


def load_proposal_texts(session: Session, proposal_id: int) -> ProposalTexts | None:
    """The texts of a proposal for the worker, its meeting locked; None if the proposal is gone."""
    meeting_id = queries.find_meeting_of_proposal(session, proposal_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    return ProposalTexts(session, meeting, queries.get_proposal(session, operator, meeting_id, proposal_id))


def load_item_texts(session: Session, item_id: int) -> ItemTexts | None:
    """The texts of an item for the worker, its meeting locked; None if the item is gone."""
    meeting_id = queries.find_meeting_of_item(session, item_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    return ItemTexts(session, meeting, queries.get_item(session, operator, meeting_id, item_id))


def touch_item(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """Note who changed the item; its version and the meeting's rise by one."""
    item.changed_at, item.changed_by = clock.now(), actor.name
    flag_modified(item, "changed_at")
    session.add(item)
    session.flush()
    touch_meeting(session, meeting)


def record_item(
    session: Session,
    actor: Actor,
    verb: str,
    meeting: Meeting,
    item: AgendaItem,
    before: dict[str, Any],
    *,
    reason: str = "",
    projects: list[int] | None = None,
    gone: bool = False,
) -> None:
    """The history of an item as it is now beside *before*; of one that is *gone* it stands with the meeting."""
    after = {} if gone else snapshot(item, *SHOWN)
    if projects is not None:
        after["projects"] = projects
    elif "projects" in before:
        before = {name: value for name, value in before.items() if name != "projects"}
    record(
        session,
        actor,
        verb,
        meeting if gone else item,
        before=before,
        after=after,
        label=_label(meeting, item),
        reason=reason,
        body_id=meeting.body_id,
        reach=_reach(item),
    )


def _label(meeting: Meeting, item: AgendaItem) -> str:
    return f"{life.label_with_date(meeting)}: {item.title}"


def _reach(thing: AgendaItem | Proposal) -> Reach:
    return Reach.CONFIDENTIAL if thing.level is Level.CONFIDENTIAL else Reach.DRAFT
