"""Assembles the complete values of minutes from their rows: for a draft (version 0), a dispatch and the approval."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.actions.models import Action
from app.actor import Actor
from app.agenda.models import AgendaItem
from app.agenda.queries import guests_of_items, last_version, list_items, project_lines, projects_of_items
from app.agenda.rules.layout import PlacedItem, place
from app.agenda.schemas.frozen import FrozenApproval, FrozenBody, FrozenMeeting, FrozenProject
from app.agenda.service.values import released_numbers
from app.attendance.models import Announcement, Presence
from app.attendance.queries import expected_seats, list_chairings, list_presences
from app.attendance.rules.votes import PRECEDENCE
from app.bodies import rules as settings
from app.bodies.models import MembershipKind
from app.bodies.queries import list_sections, load_body, load_rules, name_on
from app.bodies.schemas import SeatView
from app.db import ident
from app.decisions.models import Clause, Decision
from app.installation.queries import is_demo
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.minutes import queries
from app.minutes.models import MinuteNote, Minutes, MinutesState
from app.minutes.rules.settings import COURSE, SIGNATURES
from app.minutes.schemas.frozen import (
    Attended,
    FrozenAction,
    FrozenClause,
    FrozenDecision,
    Led,
    MinutesItem,
    MinutesSection,
    MinutesValues,
    SeatLine,
)
from app.people.queries import load_persons, names_on


class _Parts:
    """Everything about the items of a meeting, each loaded once."""

    def __init__(self, session: Session, items: Sequence[AgendaItem], day: dt.date) -> None:
        ids = [ident(item) for item in items]
        self.notes = queries.notes_of_items(session, ids)
        self.decisions = queries.decisions_with_clauses(session, ids)
        clauses = {ident(one): one for _, there in self.decisions.values() for one in there}
        actions = queries.actions_given(session, ids, list(clauses))
        self.actions = _by_item(actions, clauses, {ident(row): row.item_id for row, _ in self.decisions.values()})
        self.links = projects_of_items(session, ids)
        named = {link.project_id for there in self.links.values() for link in there}
        self.projects = project_lines(session, ids=named, on=day)
        self.guests = guests_of_items(session, ids, day)
        self.excluded = queries.exclusions_of_items(session, ids)
        charged: list[Clause | Action] = [*clauses.values(), *actions]
        self._institutions = names_on(session, [one.organisation_id for one in charged if one.organisation_id], day)
        self._persons = load_persons(session, [one.person_id for one in charged if one.person_id])

    def charged(self, one: Clause | Action) -> dict[str, str]:
        """The institution and the person that *one* charges, by their names of the day."""
        name = self._institutions.get(one.organisation_id or 0)
        person = self._persons.get(one.person_id or 0)
        return {"institution": name.long if name is not None else "", "person": person.name if person else ""}


def minutes_values(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    minutes: Minutes | None,
    *,
    version: int = 0,
    made_at: dt.datetime | None = None,
    approval: FrozenApproval | None = None,
    late_reason: str = "",
    approved_how: str = "",
) -> MinutesValues:
    """The whole working copy as plain values, in the edition *vollständig*; a fixed number of queries."""
    body, book, day = load_body(session, meeting.body_id), load_rules(session, meeting.body_id), life.day_of(meeting)
    items = list_items(session, actor, ident(meeting))
    parts, numbers = _Parts(session, items, day), {ident(item): item.number for item in items}
    rows, chairs = list_presences(session, ident(meeting)), list_chairings(session, ident(meeting))
    chair = chairs[0].name if chairs else ""
    keeper = minutes.keeper if minutes is not None else ""
    state = minutes.state if minutes is not None else MinutesState.DRAFT
    signs = settings.filled(book[SIGNATURES], {"vorsitz": chair, "protokoll": keeper})
    return MinutesValues(
        demo=is_demo(session),
        body=FrozenBody(
            id=ident(body),
            short_name=body.short_name,
            name=name_on(body, day),
            chair_title=book[settings.CHAIR_TITLE],
        ),
        meeting=_meeting(meeting),
        version=version,
        state=state,
        made_at=made_at,
        objections_until=minutes.objections_until if minutes is not None and state is MinutesState.REVIEW else None,
        approval=approval,
        late_reason=late_reason,
        approved_on=minutes.approved_on if minutes is not None else None,
        approved_how=approved_how,
        agenda_version=last_version(session, ident(meeting)),
        keeper=keeper,
        began_at=min((row.from_at for row in chairs), default=None),
        ended_at=max((row.until_at for row in chairs if row.until_at is not None), default=None),
        opening=minutes.opening if minutes is not None else "",
        closing=minutes.closing if minutes is not None else "",
        seats=_seats(session, meeting, rows, numbers),
        others=tuple(_attended(row, numbers) for row in rows if row.seat_id is None),
        chairs=tuple(Led(name=row.name, from_at=row.from_at, until_at=row.until_at) for row in chairs),
        sections=tuple(
            MinutesSection(
                number=placed.number,
                key=placed.section.key,
                title=placed.section.title,
                standing=placed.standing,
                items=tuple(_item(one, parts) for one in placed.items),
            )
            for placed in place(
                list_sections(session, meeting.body_id), items, meeting.starts_at, released_numbers(session, meeting)
            )
        ),
        course_for_others=book[COURSE],
        reference=book[settings.REFERENCE],
        letterhead=tuple(line for line in str(book[settings.LETTERHEAD]).split("\n") if line),
        sender=book[settings.SENDER],
        signatures=tuple(line for line in signs.split("\n") if line),
    )


def _by_item(
    actions: Sequence[Action], clauses: Mapping[int, Clause], items: Mapping[int, int | None]
) -> dict[int, list[Action]]:
    """Actions by the item in which they arose, directly or from a clause of its decision."""
    found: dict[int, list[Action]] = {}
    for action in actions:
        clause = clauses.get(action.clause_id or 0)
        item_id = items.get(clause.decision_id) if clause is not None else action.item_id
        if item_id is not None:
            found.setdefault(item_id, []).append(action)
    return found


def _meeting(meeting: Meeting) -> FrozenMeeting:
    return FrozenMeeting(
        id=ident(meeting),
        uid=meeting.uid,
        sequence=meeting.sequence,
        changed_at=meeting.calendar_changed_at,
        label=life.label(meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        zone=meeting.zone,
        place=meeting.place,
        main_topic=meeting.main_topic,
    )


def _seats(
    session: Session, meeting: Meeting, rows: Sequence[Presence], numbers: Mapping[int, str]
) -> tuple[SeatLine, ...]:
    """The seats of the date. Where nobody was recorded at all (a meeting of the past) nobody is called absent."""
    announced = queries.announcements_of(session, ident(meeting))
    recorded = any(row.seat_id is not None for row in rows)
    return tuple(
        _seat(view, [row for row in rows if row.seat_id == ident(view.seat)], announced, numbers, recorded=recorded)
        for view in expected_seats(session, meeting)
    )


def _seat(
    view: SeatView,
    rows: Sequence[Presence],
    announced: Mapping[int, Announcement],
    numbers: Mapping[int, str],
    *,
    recorded: bool,
) -> SeatLine:
    there = announced.get(ident(view.seat))
    away = "entschuldigt" if there is not None and there.excused else "nicht anwesend"
    holders = [one.name for one in view.holders if one.membership.kind is MembershipKind.MEMBER]
    return SeatLine(
        institution=view.organisation,
        title=view.seat.title,
        voting=view.seat.voting,
        chair=view.seat.chair,
        members=tuple(holders),
        present=tuple(
            _attended(row, numbers) for row in sorted(rows, key=lambda row: (PRECEDENCE[row.role], row.from_at))
        ),
        absence=away if recorded and not rows else "",
    )


def _attended(row: Presence, numbers: Mapping[int, str]) -> Attended:
    return Attended(
        name=row.name,
        role=row.role,
        remote=row.remote,
        from_at=row.from_at,
        until_at=row.until_at,
        item=numbers.get(row.item_id, "") if row.item_id is not None else "",
    )


def _item(placed: PlacedItem, parts: _Parts) -> MinutesItem:
    item, key = placed.item, ident(placed.item)
    note: MinuteNote | None = parts.notes.get(key)
    decided = parts.decisions.get(key)
    proposed = decided[0].proposed_wording if decided is not None else ""
    lines = [parts.projects[link.project_id] for link in parts.links.get(key, ())]
    return MinutesItem(
        id=key,
        number=placed.number,
        title=item.title,
        kind=item.kind,
        level=item.level,
        presenter=item.presenter,
        started_at=note.started_at if note else None,
        ended_at=note.ended_at if note else None,
        note=note.note if note else "",
        proposed=proposed or item.proposed_decision,
        outcome=item.outcome,
        outcome_note=item.outcome_note,
        resume_on=item.resume_on,
        decision=_decision(decided[0], decided[1], parts) if decided is not None else None,
        actions=tuple(
            FrozenAction(
                number=one.number,
                title=one.title,
                level=one.level,
                due_on=one.first_due_on or one.due_on,
                **parts.charged(one),
            )
            for one in parts.actions.get(key, ())
        ),
        projects=tuple(
            FrozenProject(
                id=line.id,
                code=line.code,
                title=line.title,
                light=line.standing.light,
                phase=line.standing.phase,
                as_of=line.standing.light_as_of or line.standing.as_of,
            )
            for line in lines
        ),
        guests=tuple(
            ", ".join(part for part in (one.person.name, one.where) if part) for one in parts.guests.get(key, ())
        ),
        excluded=tuple(f"{person.name} ({one.reason})" for person, one in parts.excluded.get(key, ())),
        withdrawn=item.withdrawn,
        withdrawn_reason=item.withdrawn_reason,
    )


def _decision(row: Decision, clauses: Sequence[Clause], parts: _Parts) -> FrozenDecision:
    return FrozenDecision(
        number=row.number,
        title=row.title,
        level=row.level,
        outcome=row.outcome,
        wording=row.wording,
        taking=row.taking,
        yes=row.yes,
        no=row.no,
        abstentions=row.abstentions,
        chair_vote=row.chair_vote,
        present=row.present,
        entitled=row.entitled,
        quorum=row.quorum,
        clauses=tuple(
            FrozenClause(position=one.position, verb=one.verb, text=one.text, due_on=one.due_on, **parts.charged(one))
            for one in clauses
        ),
    )
