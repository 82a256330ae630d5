"""What a body's secretariat sets: rules with their provenance, closing days, the plan periods that the body steers."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlmodel import Session, col

from app import text
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Body, BodyPeriod, BodyRule, ClosingDay
from app.bodies.rules import RuleSpec
from app.db import ident
from app.errors import Forbidden, Invalid
from app.history.service import record


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
            f"{rules.told(spec, old.value)} ({old.provenance})",
            f"{rules.told(spec, value)} ({provenance})",
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
