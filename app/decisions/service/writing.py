"""Writing down the decision of an item while the meeting runs and until its minutes are approved.

The meeting is locked by the caller.
"""

import datetime as dt
from typing import Any

from sqlmodel import Session

from app import clock
from app.actor import Actor, system
from app.agenda.models import AgendaItem
from app.agenda.queries import find_meeting_of_item, get_item, projects_of_items
from app.attendance.queries import list_presences, load_room
from app.attendance.rules.quorum import quorum
from app.attendance.rules.votes import Count, count_votes
from app.bodies.queries import load_rules
from app.db import ident
from app.decisions import queries
from app.decisions.models import Decision, Taking
from app.decisions.rules.majority import Votes, vote_errors
from app.decisions.schemas import DecisionIn
from app.decisions.service.contents import (
    freeze_statuses,
    reach_of,
    record_decision,
    set_clauses,
    set_projects,
    set_replaced,
    told,
    touch_decision,
)
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record, snapshot
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import lock_meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.revisions.schemas import Desk, TextHolder
from app.revisions.service import close_texts, note_change

WRITTEN = {"wording": "Wortlaut"}
A_DAY = dt.timedelta(days=1)
VOTES = ("yes", "no", "abstentions")
STALE_FIELDS = ("id", "version", "title", "wording", "level", "taking", *VOTES, "chair_vote", "changed_by")


class DecisionTexts(TextHolder):
    """The decision of an item of a locked meeting as the holder of its wording; it is known by the item's id.

    The row begins with the first text; until then its version is 0.
    """

    kind = str(Decision.__tablename__)
    labels = WRITTEN
    shape = DecisionIn

    def __init__(self, session: Session, meeting: Meeting, item: AgendaItem, decision: Decision | None) -> None:
        self._session, self._meeting, self._item, self._decision = session, meeting, item, decision

    @property
    def object_id(self) -> int:
        """The item's id."""
        return ident(self._item)

    @property
    def version(self) -> int:
        """The version of the decision, 0 while there is none."""
        return self._decision.version if self._decision else 0

    def stored(self, field: str) -> str:
        """What stands in one of its fields now."""
        return str(getattr(self._decision, field)) if self._decision else ""

    def write(self, actor: Actor, field: str, content: str) -> None:
        """Store the text; decision and meeting get a new version."""
        if self._decision is None:
            self._decision = begin_decision(self._session, actor, self._meeting, self._item, wording=content)
            return
        setattr(self._decision, field, content)
        touch_decision(self._session, actor, self._decision)
        touch_meeting(self._session, self._meeting)

    def record(self, actor: Actor, field: str, before: str, after: str, *, reason: str = "") -> None:
        """A finished stretch of writing enters the history as its writer's."""
        if self._decision is None:
            return
        record(
            self._session,
            actor,
            "decision.text",
            self._decision,
            before={field: before},
            after={field: after},
            label=decision_label(self._meeting, self._item),
            reason=reason,
            body_id=self._meeting.body_id,
            reach=reach_of(self._decision),
        )


def decision_desk(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> Desk:
    """Where the wording of an item's decision is written."""

    def require_present() -> None:
        if not life.may_run(actor, meeting):
            raise Forbidden()

    return Desk(
        holder=DecisionTexts(session, meeting, item, queries.draft_of_item(session, ident(item))),
        title=item.title,
        require_present=require_present,
        require_writer=lambda: require_writable(actor, meeting, item),
    )


def load_decision_texts(session: Session, item_id: int) -> DecisionTexts | None:
    """The wording of an item's decision for the worker, its meeting locked; None if the item is gone."""
    meeting_id = find_meeting_of_item(session, item_id)
    if meeting_id is None:
        return None
    operator = system(clock.today())
    meeting = lock_meeting(session, operator, meeting_id)
    item = get_item(session, operator, meeting_id, item_id)
    return DecisionTexts(session, meeting, item, queries.draft_of_item(session, item_id))


def write_decision(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    item: AgendaItem,
    wish: DecisionIn,
    *,
    base_version: int | None = None,
) -> Decision:
    """Make or change the decision of an item: provisional while the meeting runs, corrected until the approval.

    Absent fields stay. Invalid where votes, clauses, projects or the replaced decision do not hold; Stale if somebody
    changed the decision after *base_version* (0: there was none).
    """
    require_writable(actor, meeting, item)
    decision = queries.draft_of_item(session, ident(item))
    holder = DecisionTexts(session, meeting, item, decision)
    if base_version is not None and holder.version != base_version:
        raise Stale(snapshot(decision, *STALE_FIELDS) if decision else {"version": 0})
    before = told(session, decision) if decision else {}
    given = wish.model_dump(exclude_unset=True, exclude={"clauses", "projects", "answers", "replaces"})
    rewritten = given.get("wording") not in (None, holder.stored("wording"))
    close_texts(session, holder, fields=holder.labels if rewritten else (), actor=actor)
    old_wording = holder.stored("wording")
    if decision is None:
        wording = given.pop("wording", None)
        decision = begin_decision(
            session, actor, meeting, item, wording=item.proposed_decision if wording is None else wording
        )
    _set_parts(session, meeting, decision, wish)
    with session.no_autoflush:  # one change of the row, so that its version rises by one
        _set_fields(session, meeting, item, decision, given)
        _set_replaced(session, decision, wish)
        if decision.number:
            freeze_statuses(session, decision)
        touch_decision(session, actor, decision)
    touch_meeting(session, meeting)
    if decision.wording != old_wording:
        note_change(session, actor, DecisionTexts(session, meeting, item, decision), "wording", old_wording)
    verb = "decision.correct" if decision.number else "decision.write"
    record_decision(session, actor, verb, decision, before, label=decision_label(meeting, item))
    return decision


def begin_decision(
    session: Session, actor: Actor, meeting: Meeting, item: AgendaItem, *, wording: str = ""
) -> Decision:
    """A provisional decision of an item, with its title, level and projects."""
    decision = Decision(
        body_id=meeting.body_id,
        item_id=ident(item),
        title=item.title,
        level=item.level,
        wording=wording,
        proposed_wording=item.proposed_decision,
        changed_at=clock.now(),
    )
    touch_decision(session, actor, decision)
    links = projects_of_items(session, [ident(item)]).get(ident(item), [])
    ids = [link.project_id for link in links]
    if ids:
        set_projects(session, decision, ids, [link.project_id for link in links if link.answers_need])
    touch_meeting(session, meeting)
    return decision


def require_writable(actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """Refuse people who may not, meetings that have not begun or whose minutes are approved, and withdrawn items."""
    if not life.may_run(actor, meeting):
        raise Forbidden()
    life.require_unsealed(meeting)
    if meeting.state not in (MeetingState.IN_SESSION, MeetingState.HELD):
        raise Refused("Beschlüsse werden festgehalten, sobald die Sitzung eröffnet ist.")
    if item.withdrawn:
        raise Refused("Dieser Punkt ist abgesetzt.")


def votes_of(decision: Decision) -> Votes | None:
    """The counted votes of a decision; None where nothing was counted."""
    if decision.taking is not Taking.VOTES:
        return None
    return Votes(decision.yes or 0, decision.no or 0, decision.abstentions or 0, decision.chair_vote)


def note_presence(session: Session, meeting: Meeting, item: AgendaItem, decision: Decision) -> Count | None:
    """Record who was there and whether that was a quorum at the decision's moment; None where nobody knows.

    Of a meeting entered afterwards whose attendance nobody wrote down, nothing is recorded and votes are not checked.
    """
    if meeting.entered_afterwards and not list_presences(session, ident(meeting)):
        decision.present = decision.entitled = None
        decision.quorum = ""
        return None
    room = load_room(session, meeting, item=item, at=decision.taken_at)
    count = count_votes(room)
    decision.present, decision.entitled = count.present, count.entitled
    decision.quorum = quorum(load_rules(session, meeting.body_id), room).sentence
    return count


def decision_label(meeting: Meeting, item: AgendaItem) -> str:
    """What the history calls the decision of an item."""
    return f"{life.label_with_date(meeting)}: {item.title}"


def _set_fields(
    session: Session, meeting: Meeting, item: AgendaItem, decision: Decision, given: dict[str, Any]
) -> None:
    counted, at = votes_of(decision), given.get("taken_at")
    if at is not None and not meeting.starts_at - A_DAY < at < meeting.ends_at + A_DAY:
        raise Invalid({"taken_at": "Der Zeitpunkt liegt nicht bei der Sitzung."})
    for name, value in given.items():
        if value is not None or name in VOTES:
            setattr(decision, name, value)
    if decision.taking is Taking.CIRCULAR:
        raise Invalid({"taking": "Im Umlaufverfahren wird außerhalb der Sitzung beschlossen."})
    if decision.taking is Taking.CONSENSUS:
        decision.yes = decision.no = decision.abstentions = None
        decision.chair_vote = False
    votes = votes_of(decision)
    voted_now = votes is not None and counted is None
    if "taken_at" not in given and not meeting.entered_afterwards and (decision.taken_at is None or voted_now):
        # The vote is the moment of the decision; a later correction of the figures leaves it.
        decision.taken_at = clock.now() if meeting.state is MeetingState.IN_SESSION else decision.taken_at
    count = note_presence(session, meeting, item, decision)
    if votes is not None:
        bad = vote_errors(votes, count)
        if bad:
            raise Invalid(bad)


def _set_parts(session: Session, meeting: Meeting, decision: Decision, wish: DecisionIn) -> None:
    if wish.clauses is not None:
        set_clauses(session, decision, wish.clauses, day=life.day_of(meeting))
    if wish.projects is not None or wish.answers is not None:
        links = queries.projects_of(session, [ident(decision)]).get(ident(decision), [])
        wanted = wish.projects if wish.projects is not None else [link.project_id for link in links]
        set_projects(session, decision, wanted, wish.answers)


def _set_replaced(session: Session, decision: Decision, wish: DecisionIn) -> None:
    if "replaces" in wish.model_fields_set and wish.replaces != decision.replaces_id:
        if decision.number:
            raise Refused("Was ein nummerierter Beschluss ersetzt, ändern Sie auf seiner Seite.")
        set_replaced(session, decision, wish.replaces)
