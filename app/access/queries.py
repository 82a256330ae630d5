"""Builds the Actor of a date: from a session's cookie, a program's token, a feed's key or an account."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import clock
from app.actor import Actor, Grant, Role, SeatRight
from app.agenda.models import (
    AgendaItem,
    AgendaItemGuest,
    AgendaItemProject,
    DocumentKind,
    Edition,
    FrozenDocument,
    Level,
)
from app.agenda.schemas.frozen import AgendaValues, read_values
from app.attendance.models import Presence
from app.bodies.models import AuditAccess, BodyPeriod, Membership, MembershipKind, Seat, SpeakingGrant
from app.installation.models import Installation
from app.meetings.models import Meeting, MeetingState
from app.minutes.queries import bodies_without_kept_minutes
from app.people.models import Account, AccountRole, ApiToken, FeedToken, Person, SignInSession
from app.people.rules import key_hash
from app.projects.models import ProjectLead

BEGUN = (MeetingState.IN_SESSION, MeetingState.HELD)
KEPT_AGENDAS = 64


def find_actor_of_session(session: Session, key: str) -> tuple[Actor, SignInSession] | None:
    """The actor behind a sign-in cookie that still lasts, with the session itself; None otherwise."""
    row = _keyed(session, SignInSession, key, col(SignInSession.expires_at) > clock.now())
    if row is None:
        return None
    signed_in, account, demo = row
    return actor_of(session, account, demo=demo, session_id=signed_in.id, with_reasons=True), signed_in


def find_actor_of_token(session: Session, key: str) -> tuple[Actor, ApiToken] | None:
    """The actor behind a program's token that still works, with the token; None otherwise."""
    row = _keyed(session, ApiToken, key, col(ApiToken.revoked_at).is_(None))
    if row is None:
        return None
    token, account, demo = row
    return actor_of(session, account, demo=demo, token_id=token.id, with_reasons=True), token


def find_actor_of_feed(session: Session, key: str) -> tuple[Actor, FeedToken] | None:
    """The actor behind a calendar address that still works, with its token; None otherwise."""
    row = _keyed(session, FeedToken, key, col(FeedToken.revoked_at).is_(None))
    if row is None:
        return None
    token, account, demo = row
    return actor_of(session, account, demo=demo), token


Keyed = TypeVar("Keyed", SignInSession, ApiToken, FeedToken)


def _keyed(
    session: Session, kind: type[Keyed], key: str, lasts: sa.ColumnElement[bool]
) -> tuple[Keyed, Account, bool] | None:
    """The row of a secret that still works, its active account, and whether the installation is a demo; one query."""
    row = session.exec(
        select(kind, Account, col(Installation.demo_made_on))
        .join(Account, col(Account.id) == kind.account_id)
        .join(Installation, sa.true())
        .where(kind.token_hash == key_hash(key), lasts, col(Account.active).is_(True))
    ).first()
    return None if row is None else (row[0], row[1], row[2] is not None)


def actor_of(
    session: Session,
    account: Account,
    *,
    on: dt.date | None = None,
    demo: bool = False,
    session_id: int | None = None,
    token_id: int | None = None,
    with_reasons: bool = False,
) -> Actor:
    """What *account* may do on a day (default: today): given roles, seats, led projects, invitations.

    *with_reasons*: what the Revision opened with a recorded reason counts, too: where somebody asks for themselves,
    never in feeds and mails (domain §6). One query; one more for guests and project leads of a released meeting. What
    follows from an agenda follows from its last release: while a supplement is prepared, the rows are a working copy
    that nobody outside is to notice.
    """
    on = on or clock.today()
    rights = _rights(session, account, on)

    def of(kind: str) -> frozenset[int]:
        return frozenset(a for one, a, *_ in rights if one == kind)

    seats, projects = _seat_rights(rights), of("lead")
    seated = {seat.body_id for seat in seats}
    shown = _own_items(session, account.person_id, projects, of("agenda"))
    guest_items = {(a, b) for kind, a, b, *_ in rights if kind == "guest"} | shown.as_guest
    own = of("led_meeting") | shown.led_meetings | {meeting_id for _, meeting_id in guest_items}
    return Actor(
        account_id=account.id,
        name=account.name,
        email=account.email,
        on=on,
        person_id=account.person_id,
        grants=tuple(Grant(Role(kind), a) for kind, a, *_ in rights if kind in ("admin", "secretariat", "auditor")),
        seats=seats,
        lead_project_ids=projects,
        guest_item_ids=frozenset(item_id for item_id, _ in guest_items),
        own_meeting_ids=own | of("attended"),
        kept_meeting_ids=of("attended") - own,
        body_periods=tuple(sorted((a, b) for kind, a, b, *_ in rights if kind == "period")),
        named_body_ids=of("speaking"),
        audited_body_ids=of("audited") if with_reasons else frozenset(),
        attended_item_ids=frozenset(a for kind, a, b, *_ in rights if kind == "attended_item" and b in seated),
        session_id=session_id,
        token_id=token_id,
        demo=demo,
    )


def _seat_rights(rights: Sequence[Any]) -> tuple[SeatRight, ...]:
    return tuple(
        SeatRight(seat_id=a, body_id=b, voting=bool(c), chair=bool(d), office=kind == MembershipKind.OFFICE)
        for kind, a, b, c, d in rights
        if kind in tuple(MembershipKind)
    )


def _rights(session: Session, account: Account, on: dt.date) -> Sequence[Any]:
    if account.person_id is None:
        return session.execute(_rights_of_account(), {"account": account.id, "now": clock.now()}).all()
    values = {"account": account.id, "person": account.person_id, "on": on, "now": clock.now()}
    return session.execute(_rights_of_person(), values).all()


# Built once: asked with every request, and putting the statement together takes longer than running it.
@cache
def _rights_of_account() -> sa.CompoundSelect[Any]:
    nothing = sa.literal(0)
    roles = sa.select(
        sa.cast(col(AccountRole.role), sa.String), col(AccountRole.body_id), nothing, nothing, nothing
    ).where(col(AccountRole.account_id) == sa.bindparam("account"))
    periods = sa.select(sa.literal("period"), col(BodyPeriod.body_id), col(BodyPeriod.period_id), nothing, nothing)
    named = sa.select(sa.literal("speaking"), col(SpeakingGrant.body_id), nothing, nothing, nothing).where(
        col(SpeakingGrant.account_id) == sa.bindparam("account")
    )
    audited = sa.select(sa.literal("audited"), col(AuditAccess.body_id), nothing, nothing, nothing).where(
        col(AuditAccess.account_id) == sa.bindparam("account"),
        col(AuditAccess.closed_at).is_(None),
        col(AuditAccess.ends_at) > sa.bindparam("now"),
    )
    return sa.union_all(roles, periods, named, audited)


@cache
def _rights_of_person() -> sa.CompoundSelect[Any]:
    person: sa.BindParameter[int] = sa.bindparam("person")
    return sa.union_all(
        *_rights_of_account().selects,
        *_held_by(person),
        *_begun_agendas_naming(person),
        *_attended_by(person),
        _agendas_naming(person),
    )


def _held_by(person: sa.BindParameter[int]) -> tuple[sa.SelectBase, ...]:
    """The seats and the led projects of the day."""
    nothing = sa.literal(0)
    seats = (
        sa.select(
            sa.cast(col(Membership.kind), sa.String),
            col(Seat.id),
            col(Seat.body_id),
            sa.cast(col(Seat.voting), sa.Integer),
            sa.cast(col(Seat.chair), sa.Integer),
        )
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .where(col(Membership.person_id) == person, _holds(Membership), _holds(Seat))
    )
    leads = sa.select(sa.literal("lead"), col(ProjectLead.project_id), nothing, nothing, nothing).where(
        col(ProjectLead.person_id) == person, _holds(ProjectLead)
    )
    return seats, leads


def _begun_agendas_naming(person: sa.BindParameter[int]) -> tuple[sa.SelectBase, ...]:
    """Items of opened meetings that name the person as a guest, and meetings with items on their led projects.

    While a meeting is released its rows are the next working copy; from its opening on they are what was released.
    """
    nothing = sa.literal(0)
    guests = (
        sa.select(sa.literal("guest"), col(AgendaItemGuest.item_id), col(AgendaItem.meeting_id), nothing, nothing)
        .join(AgendaItem, col(AgendaItem.id) == AgendaItemGuest.item_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            col(AgendaItemGuest.person_id) == person,
            col(Meeting.state) == MeetingState.IN_SESSION,
            col(AgendaItem.number) != "",
        )
    )
    led_meetings = (
        sa.select(sa.literal("led_meeting"), col(AgendaItem.meeting_id), nothing, nothing, nothing)
        .join(AgendaItemProject, col(AgendaItemProject.item_id) == AgendaItem.id)
        .join(ProjectLead, col(ProjectLead.project_id) == AgendaItemProject.project_id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            col(ProjectLead.person_id) == person,
            _holds(ProjectLead),
            col(Meeting.state).in_(BEGUN),
            col(AgendaItem.number) != "",
            col(AgendaItem.level) != Level.CONFIDENTIAL,
        )
    )
    return guests, led_meetings


def _attended_by(person: sa.BindParameter[int]) -> tuple[sa.SelectBase, ...]:
    """Meetings attended from a seat whose minutes are approved, and items for which the person was there.

    Access ends with the term, except to the approved minutes of meetings attended (domain §6).
    """
    nothing = sa.literal(0)
    meetings = (
        sa.select(sa.literal("attended"), col(Presence.meeting_id), nothing, nothing, nothing)
        .join(Meeting, col(Meeting.id) == Presence.meeting_id)
        .where(
            col(Presence.person_id) == person,
            col(Presence.seat_id).is_not(None),
            col(Meeting.sealed_at).is_not(None),
            col(Meeting.body_id).not_in(bodies_without_kept_minutes()),
        )
    )
    items = (
        sa.select(sa.literal("attended_item"), col(Presence.item_id), col(Meeting.body_id), nothing, nothing)
        .join(Meeting, col(Meeting.id) == Presence.meeting_id)
        .where(col(Presence.person_id) == person, col(Presence.item_id).is_not(None), col(Meeting.state).in_(BEGUN))
    )
    return meetings, items


def _agendas_naming(person: sa.BindParameter[int]) -> sa.SelectBase:
    """The last agendas of released meetings that name the person as a guest, or a project that the person leads."""
    newest = aliased(FrozenDocument)
    version = (
        sa.select(sa.func.max(newest.version))
        .where(col(newest.meeting_id) == Meeting.id, col(newest.kind) == DocumentKind.AGENDA)
        .scalar_subquery()
    )
    nothing, content = sa.literal(0), col(FrozenDocument.content)
    # Canonical JSON: what stands beside an id is always the same, and quotes inside of texts are escaped.
    led = sa.exists().where(
        col(ProjectLead.person_id) == person,
        _holds(ProjectLead),
        content.like('%"id":' + sa.cast(col(ProjectLead.project_id), sa.String) + ',"light":%'),
    )
    invited = content.like('%"person":' + sa.cast(person, sa.String) + ',"topic":%')
    return (
        sa.select(sa.literal("agenda"), col(FrozenDocument.id), col(FrozenDocument.meeting_id), nothing, nothing)
        .join(Meeting, col(Meeting.id) == FrozenDocument.meeting_id)
        .where(
            col(Meeting.state) == MeetingState.RELEASED,
            col(FrozenDocument.kind) == DocumentKind.AGENDA,
            col(FrozenDocument.edition) == Edition.FULL,
            col(FrozenDocument.version) == version,
            sa.or_(invited, led),
        )
    )


@dataclass(slots=True)
class _OwnItems:
    """What is somebody's own in released agendas: (item, meeting) as a guest, meetings with items on led projects."""

    as_guest: set[tuple[int, int]] = field(default_factory=set)
    led_meetings: set[int] = field(default_factory=set)


def _own_items(
    session: Session, person_id: int | None, projects: Collection[int], document_ids: Collection[int]
) -> _OwnItems:
    found = _OwnItems()
    if not document_ids:
        return found
    contents = session.exec(select(FrozenDocument.content).where(col(FrozenDocument.id).in_(document_ids)))
    for values in map(_read_kept, contents):
        for item in (one for section in values.sections for one in section.items):
            if any(guest.person == person_id for guest in item.guests):
                found.as_guest.add((item.id, values.meeting.id))
            if item.level is not Level.CONFIDENTIAL and any(project.id in projects for project in item.projects):
                found.led_meetings.add(values.meeting.id)
    return found


# Frozen texts never change, and their readers come with every request.
@lru_cache(maxsize=KEPT_AGENDAS)
def _read_kept(content: str) -> AgendaValues:
    return read_values(content)


def _holds(table: Any) -> sa.ColumnElement[bool]:
    on = sa.bindparam("on", type_=sa.Date)
    return sa.and_(
        sa.or_(table.valid_from.is_(None), table.valid_from <= on),
        sa.or_(table.valid_to.is_(None), table.valid_to >= on),
    )


@dataclass(frozen=True, slots=True)
class SeatPerson:
    """A person at a seat of a body, in whatever way."""

    person_id: int
    voting: bool
    chair: bool


def people_of_seats(session: Session, body_id: int, on: dt.date) -> list[SeatPerson]:
    """Members, deputies and offices of a body's seats on a day. For counting; rights are the caller's matter."""
    rows = session.execute(
        sa.select(col(Membership.person_id), col(Seat.voting), col(Seat.chair))
        .join(Seat, col(Seat.id) == Membership.seat_id)
        .where(col(Seat.body_id) == body_id, _holds(Membership), _holds(Seat)),
        {"on": on},
    )
    return [SeatPerson(row[0], bool(row[1]), bool(row[2])) for row in rows]


def guests_of_meeting(session: Session, meeting_id: int) -> list[tuple[int, str]]:
    """(item, name) of every guest of a meeting, in the order of the rows. Rights are the caller's matter."""
    rows = session.exec(
        select(AgendaItemGuest.item_id, Person)
        .join(Person, col(Person.id) == AgendaItemGuest.person_id)
        .join(AgendaItem, col(AgendaItem.id) == AgendaItemGuest.item_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(col(AgendaItemGuest.item_id), col(Person.sort_key), col(Person.id))
    )
    return [(item_id, person.name) for item_id, person in rows]


def count_leads(session: Session, project_ids: Collection[int], on: dt.date) -> int:
    """How many persons lead at least one of the projects on a day."""
    if not project_ids:
        return 0
    found: int = session.execute(
        sa.select(sa.func.count(sa.distinct(col(ProjectLead.person_id)))).where(
            col(ProjectLead.project_id).in_(project_ids), _holds(ProjectLead)
        ),
        {"on": on},
    ).scalar_one()
    return found


def count_accounts(session: Session, role: Role, body_id: int) -> int:
    """How many active accounts hold a role for a body, or for all."""
    found: int = session.execute(
        sa.select(sa.func.count(sa.distinct(col(Account.id))))
        .join(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(
            col(Account.active).is_(True),
            col(AccountRole.role) == role,
            sa.or_(col(AccountRole.body_id).is_(None), col(AccountRole.body_id) == body_id),
        )
    ).scalar_one()
    return found


def count_active_accounts(session: Session) -> int:
    """How many people can sign in."""
    found: int = session.execute(
        sa.select(sa.func.count()).select_from(Account).where(col(Account.active).is_(True))
    ).scalar_one()
    return found
