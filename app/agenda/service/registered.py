"""What becomes of registered topics when their proposals and items are taken up, given back, or put away."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app import clock
from app.actor import Actor
from app.agenda.models import AgendaItem, Level, Proposal, Registration, RegistrationState, Topic
from app.agenda.queries.registrations import (
    load_registration,
    registration_ids,
    registrations_of_items,
    registrations_of_topic,
)
from app.agenda.rules.registrations import STATE_WORDS
from app.db import ident
from app.errors import Invalid, Refused
from app.history.models import Reach
from app.history.service import record, snapshot

FATE = ("state", "answer", "item_id")
TELL_THEM = "Bitte schreiben Sie, was die Anmeldenden erfahren. Der Grund oben bleibt intern."


def require_received(session: Session, keys: Iterable[str]) -> None:
    """Refuse to take up a registered topic that was withdrawn, declined, or taken up elsewhere."""
    for registration_id in sorted(registration_ids(keys)):
        found = load_registration(session, registration_id)
        if found.state is not RegistrationState.RECEIVED:
            raise Refused(f"Die Anmeldung „{found.title}“ ist inzwischen {STATE_WORDS[found.state]}.")


def plan_registrations(
    session: Session, actor: Actor, item: AgendaItem, proposals: Sequence[Proposal], topics: Sequence[Topic]
) -> list[Registration]:
    """Registered topics behind *proposals* and *topics* are vorgesehen with *item*; so are those it carries on."""
    found = {one: load_registration(session, one) for one in registration_ids(one.key for one in proposals)}
    for topic in topics:
        found |= {ident(one): one for one in registrations_of_topic(session, topic)}
    earlier = {one.carried_from_id for one in proposals if one.carried_from_id is not None}
    found |= {ident(one): one for one in registrations_of_items(session, earlier)}
    for one in found.values():
        _change(session, actor, one, RegistrationState.PLANNED, item_id=ident(item))
    return list(found.values())


def receive_registrations_again(session: Session, actor: Actor, item: AgendaItem) -> None:
    """The item is parted into open proposals: its registered topics are eingegangen again."""
    for one in registrations_of_items(session, [ident(item)]):
        _change(session, actor, one, RegistrationState.RECEIVED)


def decline_registrations(
    session: Session, actor: Actor, registrations: Iterable[Registration], told: str, *, at: str = "told"
) -> None:
    """Registered topics are nicht vorgesehen; what those who registered them are told is needed (Invalid at *at*)."""
    for one in registrations:
        if not told:
            raise Invalid({at: TELL_THEM})
        _change(session, actor, one, RegistrationState.DECLINED, answer=told)


def reach_of(level: Level) -> Reach:
    """Who reads the history of drafts of this level."""
    return Reach.CONFIDENTIAL if level is Level.CONFIDENTIAL else Reach.DRAFT


def _change(
    session: Session,
    actor: Actor,
    one: Registration,
    state: RegistrationState,
    *,
    answer: str = "",
    item_id: int | None = None,
) -> None:
    before = snapshot(one, *FATE)
    one.state, one.answer, one.item_id, one.changed_at = state, answer, item_id, clock.now()
    session.add(one)
    record(
        session,
        actor,
        f"registration.{state.value}",
        one,
        before=before,
        after=snapshot(one, *FATE),
        label=one.title,
        reason=answer,
        body_id=one.body_id,
        reach=reach_of(one.level),
    )
