"""What people do with a body itself: create it, rename it from a day on, change its names."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import text
from app.actor import Actor, Role
from app.bodies import queries, rules
from app.bodies.models import Body, BodyName, Section
from app.bodies.schemas import BodyChange, BodyIn, BodyNameIn
from app.db import ident
from app.errors import Forbidden, Invalid, Stale
from app.history.service import record
from app.people.rules import holds, span_errors


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


def change_body(session: Session, actor: Actor, body: Body, wish: BodyChange, *, expected: int | None = None) -> Body:
    """Change the short name or the names; *body* is locked by the caller, its names loaded.

    Stale if the version is not the *expected* one; Invalid where names overlap or the short name is taken.
    """
    _require(actor, body)
    before = describe_body(body)
    if expected is not None and expected != body.version:
        raise Stale(before)
    given = wish.model_fields_set
    names: Sequence[BodyName | BodyNameIn] = wish.names if "names" in given else body.names
    short_name = wish.short_name if "short_name" in given else body.short_name
    errors = span_errors("names", names, [one.name for one in names])
    other = queries.find_body_by_short_name(session, short_name)
    if other is not None and other.id != body.id:
        errors["short_name"] = f"Ein Gremium mit der Kurzbezeichnung {short_name} gibt es schon."
    if errors:
        raise Invalid(errors)
    after = _words(short_name, names)
    if after == before:
        return body
    body.short_name = short_name
    flag_modified(body, "short_name")  # lets the version rise, also where only the names changed
    session.add(body)
    if "names" in given:
        for row in queries.list_body_names(session, ident(body)):
            session.delete(row)
        session.flush()
        session.add_all(BodyName(body_id=ident(body), **one.model_dump()) for one in wish.names)
    session.flush()
    record(session, actor, "body.change", body, before=before, after=after, label=short_name, body_id=ident(body))
    return body


def rename_body(
    session: Session, actor: Actor, body: Body, *, name: str, valid_from: dt.date, source: str, expected: int | None
) -> Body:
    """A new full name from a day on: the name of that day ends the day before."""
    names = [BodyNameIn.model_validate(one, from_attributes=True) for one in body.names]
    later = [one for one in names if one.valid_from is not None and one.valid_from >= valid_from]
    if later:
        raise Invalid({"valid_from": f"Ab diesem Tag oder danach gilt schon „{later[0].name}“."})
    for one in names:
        if holds(one, valid_from):
            one.valid_to = valid_from - dt.timedelta(days=1)
    names.append(BodyNameIn(name=name, valid_from=valid_from, source=source))
    return change_body(session, actor, body, BodyChange(names=tuple(names)), expected=expected)


def describe_body(thing: Body | BodyChange) -> dict[str, Any]:
    """A body, stored (names loaded) or wished, in words for the history and for comparing."""
    return _words(thing.short_name, thing.names)


def _words(short_name: str, names: Sequence[BodyName | BodyNameIn]) -> dict[str, Any]:
    ordered = sorted(names, key=lambda one: one.valid_from or dt.date.min)
    words = []
    for one in ordered:
        parts = (one.name, text.validity(one.valid_from, one.valid_to), f"Quelle: {one.source}" if one.source else "")
        words.append(", ".join(part for part in parts if part))
    return {"short_name": short_name, "names": words}


def _require(actor: Actor, body: Body) -> None:
    if not rules.may_change(actor, ident(body)):
        raise Forbidden("Das Gremium ändert seine Geschäftsstelle.")
