"""What people choose: how they are told of each kind, and stopping kinds by the link of a mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.errors import Forbidden, Invalid, NotFound
from app.links.queries import find_link
from app.links.rules import Purpose
from app.notices.models import NoticeChoice, NoticeWay
from app.notices.queries.rows import choices_of
from app.notices.rules.kinds import KINDS, SPECS, KindSpec, chosen_way
from app.notices.service.delivering import EVERY_VOLUNTARY


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind with the way that holds for somebody."""

    spec: KindSpec
    way: NoticeWay


def list_choices(session: Session, actor: Actor) -> list[Choice]:
    """Every kind that may reach the actor, in the order of the table, with the way that holds for them."""
    account_id = _own(actor)
    chosen = choices_of(session, [account_id])
    kinds = [spec for spec in KINDS if actor.is_secretariat or not spec.is_for_office]
    return [Choice(spec, chosen_way(spec, chosen.get((account_id, spec.kind)))) for spec in kinds]


def choose_ways(session: Session, actor: Actor, wishes: Mapping[str, str]) -> None:
    """Keep how the actor wants to be told, by kind. Invalid for unknown kinds and ways, and for a duty without mail."""
    account_id, bad = _own(actor), {}
    for kind, way in wishes.items():
        if kind not in SPECS or way not in set(NoticeWay):
            bad[kind] = "Bitte wählen Sie eine der angebotenen Möglichkeiten."
        elif SPECS[kind].duty and way == NoticeWay.OFF:
            bad[kind] = "Diese Mitteilung gehört zu Ihren Aufgaben; wählen Sie „sofort“ oder „täglich“."
    if bad:
        raise Invalid(bad)
    for kind, way in wishes.items():
        _keep(session, account_id, kind, NoticeWay(way))


def kinds_to_stop(session: Session, key: str) -> tuple[int, list[KindSpec]]:
    """The account and the kinds that a mail's link stops; NotFound for unknown and revoked ones alike."""
    link = find_link(session, Purpose.UNSUBSCRIBE, key)
    if link is None or link.account_id is None:
        raise NotFound()
    named = link.detail.split(",")
    every = link.detail == EVERY_VOLUNTARY
    return link.account_id, [spec for spec in KINDS if not spec.duty and (every or spec.kind in named)]


def stop_kinds(session: Session, key: str) -> list[KindSpec]:
    """Stop the kinds of a mail's link (RFC 8058): the key is the right, and doing it twice does it once."""
    account_id, kinds = kinds_to_stop(session, key)
    for spec in kinds:
        _keep(session, account_id, spec.kind, NoticeWay.OFF)
    return kinds


def _keep(session: Session, account_id: int, kind: str, way: NoticeWay) -> None:
    row = session.get(NoticeChoice, (account_id, kind), with_for_update=True)
    if row is None:
        row = NoticeChoice(account_id=account_id, kind=kind, way=way)
    row.way = way
    session.add(row)
    session.flush()


def _own(actor: Actor) -> int:
    if actor.account_id is None:
        raise Forbidden()
    return actor.account_id
