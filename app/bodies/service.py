"""What people do with bodies: create them, fill their seats, set their rules."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlmodel import Session, col

from app import clock, text
from app.actor import Actor, Role
from app.bodies import queries, rules
from app.bodies.models import (
    AddressKind,
    Body,
    BodyName,
    BodyPeriod,
    BodyRule,
    ClosingDay,
    Membership,
    MembershipKind,
    Seat,
    SeatAddress,
    Section,
)
from app.bodies.rules import RuleSpec
from app.bodies.schemas import BodyIn
from app.db import ident
from app.errors import Forbidden, Invalid
from app.history.service import record, snapshot
from app.people.models import Person
from app.people.queries import names_on


def create_body(session: Session, actor: Actor, wish: BodyIn) -> Body:
    """A new body with the default sections; only the secretariat of all bodies may. Invalid if the name is taken."""
    if not actor.has(Role.SECRETARIAT):
        raise Forbidden()
    short_name = text.one_line(wish.short_name)
    if queries.find_body_by_short_name(session, short_name):
        raise Invalid({"short_name": f"Ein Gremium mit der Kurzbezeichnung {short_name} gibt es schon."})
    body = Body(short_name=short_name)
    session.add(body)
    session.flush()
    session.add(BodyName(body_id=ident(body), name=text.one_line(wish.name)))
    session.add_all(
        Section(
            body_id=ident(body),
            key=section.key,
            title=section.title,
            position=position,
            minutes=section.minutes,
            minutes_in_all=section.minutes_in_all,
            standing="\n".join(section.standing),
        )
        for position, section in enumerate(rules.DEFAULT_SECTIONS, 1)
    )
    after = {"short_name": short_name, "name": wish.name}
    record(session, actor, "body.create", body, after=after, label=short_name, body_id=ident(body))
    return body


def change_rules(
    session: Session, actor: Actor, body: Body, typed: Mapping[str, tuple[str, str]], specs: Iterable[RuleSpec]
) -> None:
    """Set the rules named in *typed* as {key: (value, provenance)}; all or none. Invalid names every bad field."""
    if not rules.may_change(actor, ident(body)):
        raise Forbidden()
    book, bad, wanted = queries.load_rules(session, ident(body)), {}, []
    for spec in specs:
        if spec.key not in typed:
            continue
        value_text, provenance = typed[spec.key]
        if len(text.one_line(provenance)) > 300:
            bad[f"{spec.key}_provenance"] = "Bitte kürzen Sie auf höchstens 300 Zeichen."
        try:
            wanted.append((spec, rules.parse_rule(spec, value_text), text.one_line(provenance)))
        except Invalid as error:
            bad.update(error.fields)
    if bad:
        raise Invalid(bad)
    before, after = {}, {}
    for spec, value, provenance in wanted:
        old = book.entry(spec)
        provenance = provenance or rules.OWN
        if (old.value, old.provenance) == (value, provenance):
            continue
        before[spec.label], after[spec.label] = (
            f"{rules.shown(old.value)} ({old.provenance})",
            f"{rules.shown(value)} ({provenance})",
        )
        session.merge(
            BodyRule(
                body_id=ident(body),
                key=spec.key,
                value=json.dumps(value, ensure_ascii=False),
                provenance=provenance,
            )
        )
    if after:
        record(
            session, actor, "body.rules", body, before=before, after=after, label=body.short_name, body_id=ident(body)
        )


def add_seat(
    session: Session,
    actor: Actor,
    body: Body,
    *,
    organisation_id: int,
    title: str = "",
    voting: bool = True,
    chair: bool = False,
    protocol_order: int = 0,
    valid_from: dt.date | None = None,
    source: str = "",
) -> Seat:
    """A new seat of an institution in the body."""
    if not rules.may_change(actor, ident(body)):
        raise Forbidden()
    seat = Seat(
        body_id=ident(body),
        organisation_id=organisation_id,
        title=text.one_line(title),
        voting=voting,
        chair=chair,
        protocol_order=protocol_order,
        valid_from=valid_from,
        source=source,
    )
    session.add(seat)
    session.flush()
    names = names_on(session, [organisation_id], clock.today())
    record(
        session,
        actor,
        "seat.create",
        seat,
        after=snapshot(seat, "title", "voting", "chair", "protocol_order"),
        label=names[organisation_id].long if organisation_id in names else seat.title,
        body_id=ident(body),
    )
    return seat


def fill_seat(
    session: Session,
    actor: Actor,
    seat: Seat,
    *,
    person_id: int,
    kind: MembershipKind,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Membership:
    """Let a person hold the seat from–to, as member, deputy or office."""
    if not rules.may_change(actor, seat.body_id):
        raise Forbidden()
    if valid_from and valid_to and valid_from > valid_to:
        raise Invalid({"valid_to": "Das Ende liegt vor dem Beginn."})
    made = Membership(seat_id=ident(seat), person_id=person_id, kind=kind, valid_from=valid_from, valid_to=valid_to)
    session.add(made)
    session.flush()
    record(
        session,
        actor,
        "membership.create",
        made,
        after=snapshot(made, "kind", "valid_from", "valid_to"),
        label=_holder(session, seat, person_id),
        body_id=seat.body_id,
    )
    return made


def _holder(session: Session, seat: Seat, person_id: int) -> str:
    """Who sits where, as the history names it."""
    names = names_on(session, [seat.organisation_id], clock.today())
    place = names[seat.organisation_id].long if seat.organisation_id in names else seat.title
    return f"{session.get_one(Person, person_id).name} ({place})"


def add_seat_address(
    session: Session, actor: Actor, seat: Seat, *, kind: AddressKind, name: str, email: str
) -> SeatAddress:
    """A mailing address of the seat."""
    if not rules.may_change(actor, seat.body_id):
        raise Forbidden()
    made = SeatAddress(seat_id=ident(seat), kind=kind, name=text.one_line(name), email=email.strip())
    session.add(made)
    session.flush()
    record(session, actor, "seat.address", made, after={"name": name, "email": email}, body_id=seat.body_id)
    return made


def set_closing_days(session: Session, actor: Actor, body: Body, days: Mapping[dt.date, str]) -> None:
    """Replace the closing days of the body."""
    if not rules.may_change(actor, ident(body)):
        raise Forbidden()
    before = queries.list_closing_days(session, ident(body))
    if before == dict(days):
        return
    session.execute(delete(ClosingDay).where(col(ClosingDay.body_id) == ident(body)))
    session.add_all(ClosingDay(body_id=ident(body), day=day, label=label) for day, label in days.items())
    record(
        session,
        actor,
        "body.closing_days",
        body,
        before={"closing_days": [f"{text.date(day)} {before[day]}" for day in sorted(before)]},
        after={"closing_days": [f"{text.date(day)} {days[day]}" for day in sorted(days)]},
        label=body.short_name,
        body_id=ident(body),
    )


def steer_periods(session: Session, actor: Actor, body: Body, period_ids: Iterable[int]) -> None:
    """Let the body steer the projects of these plan periods only; none = of all."""
    if not rules.may_change(actor, ident(body)):
        raise Forbidden()
    before, wanted = sorted(queries.steered_periods(session, ident(body)) or ()), sorted(set(period_ids))
    if before == wanted:
        return
    session.execute(delete(BodyPeriod).where(col(BodyPeriod.body_id) == ident(body)))
    session.add_all(BodyPeriod(body_id=ident(body), period_id=period_id) for period_id in wanted)
    session.flush()
    record(
        session,
        actor,
        "body.periods",
        body,
        before={"periods": before},
        after={"periods": wanted},
        label=body.short_name,
        body_id=ident(body),
    )
