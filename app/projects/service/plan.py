"""What the secretariat does with the plan: periods, fields of action and clusters; add, change, order, end, remove.

Who changes something has locked the plan (``lock_period``, ``lock_field``, ``lock_cluster``).
"""

import datetime as dt
from typing import Any, TypeVar

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record
from app.people.queries import uses_of
from app.people.rules import overlap
from app.projects.models import Cluster, PlanField, PlanPeriod
from app.projects.queries import periods as queries
from app.projects.rules import rights
from app.projects.rules.plan import Days, name_key
from app.projects.schemas import PartChange, PartIn, PeriodChange, PeriodIn

Part = TypeVar("Part", PlanField, Cluster)

PERIOD_FIELDS = ("name", "starts_on", "ends_on", "source")
PART_FIELDS = ("name", "ends_on")


def create_period(session: Session, actor: Actor, wish: PeriodIn) -> PlanPeriod:
    """A new plan period. Invalid for a name that is taken, or days that another period has.

    Its projects belong to nobody's body yet: only who runs the projects of every period may make one.
    """
    if not rights.may_create_period(actor):
        raise Forbidden("Eine Planperiode legt eine Geschäftsstelle an, deren Gremium alle Projekte steuert.")
    queries.lock_plan(session)
    made = PlanPeriod(**{name: getattr(wish, name) for name in PERIOD_FIELDS})
    _check_period(session, made)
    session.add(made)
    session.flush()
    record(session, actor, "period.create", made, after=describe_period(made), label=made.name)
    return made


def change_period(
    session: Session, actor: Actor, period: PlanPeriod, wish: PeriodChange, *, expected: int | None = None
) -> PlanPeriod:
    """Change the given fields. Stale if the version is not the *expected* one; Invalid as for a new one."""
    rights.require_run_period(actor, period.id)
    before = describe_period(period)
    if expected is not None and expected != period.version:
        raise Stale(before)
    wanted = PlanPeriod(
        id=period.id,
        invented=period.invented,
        **{name: getattr(wish if name in wish.model_fields_set else period, name) for name in PERIOD_FIELDS},
    )
    _check_period(session, wanted, moved=(wanted.starts_on, wanted.ends_on) != (period.starts_on, period.ends_on))
    for name in PERIOD_FIELDS:
        setattr(period, name, getattr(wanted, name))
    session.add(period)
    session.flush()
    after = describe_period(period)
    if after != before:
        record(session, actor, "period.change", period, before=before, after=after, label=period.name)
    return period


def delete_period(session: Session, actor: Actor, period: PlanPeriod) -> None:
    """Remove a period that nothing needs: no field, no project, no body; Refused with what does."""
    rights.require_run_period(actor, period.id)
    used = uses_of(session, "plan_period", ident(period))
    if used:
        raise Refused(
            f"Die Planperiode {period.name} wird gebraucht: {text.joined(used)}. Sie bleibt deshalb erhalten; "
            "geben Sie ihr ein Ende."
        )
    before = describe_period(period)
    session.delete(period)
    session.flush()
    record(session, actor, "period.delete", period, before=before, label=before["name"])


def create_field(session: Session, actor: Actor, period: PlanPeriod, wish: PartIn) -> PlanField:
    """A new field of action at the end of its period. Invalid for a name that the period has already."""
    rights.require_run_period(actor, period.id)
    return _create(session, actor, PlanField(period_id=ident(period), name=wish.name, ends_on=wish.ends_on))


def create_cluster(session: Session, actor: Actor, field: PlanField, wish: PartIn) -> Cluster:
    """A new cluster at the end of its field. Invalid for a name that the field has already."""
    rights.require_run_period(actor, field.period_id)
    return _create(session, actor, Cluster(field_id=ident(field), name=wish.name, ends_on=wish.ends_on))


def change_part(
    session: Session, actor: Actor, part: PlanField | Cluster, wish: PartChange, *, expected: int | None = None
) -> PlanField | Cluster:
    """Change name, last day or place of a field or cluster. Stale if the version is not the *expected* one.

    Who is in an ended part stays there; nobody else comes in (see :func:`app.projects.rules.plan.ended_before`).
    """
    rights.require_run_period(actor, queries.period_of(session, part))
    before = _described(session, part)
    if expected is not None and expected != part.version:
        raise Stale(before)
    if "name" in wish.model_fields_set:
        _check_name(session, part, wish.name)
    for name in PART_FIELDS:
        if name in wish.model_fields_set:
            setattr(part, name, getattr(wish, name))
    if "position" in wish.model_fields_set:
        _place(session, part, wish.position)
    session.add(part)
    session.flush()
    after = _described(session, part)
    if after != before:
        record(session, actor, f"{_noun(part)}.change", part, before=before, after=after, label=part.name)
    return part


def delete_part(session: Session, actor: Actor, part: PlanField | Cluster) -> None:
    """Remove a field or cluster that nothing needs; Refused with what does."""
    rights.require_run_period(actor, queries.period_of(session, part))
    used = uses_of(session, part.__tablename__, ident(part))
    if used:
        raise Refused(
            f"„{part.name}“ wird gebraucht: {text.joined(used)}. Der Eintrag bleibt deshalb erhalten; "
            "geben Sie ihm ein Ende."
        )
    before, noun, label = _described(session, part), _noun(part), part.name
    session.delete(part)
    session.flush()
    record(session, actor, f"{noun}.delete", part, before=before, label=label)


def describe_period(thing: PlanPeriod | PeriodIn) -> dict[str, Any]:
    """A period, stored or wished, for the history and for comparing."""
    return {name: _plain(getattr(thing, name)) for name in PERIOD_FIELDS}


def describe_part(thing: PlanField | Cluster | PartIn) -> dict[str, Any]:
    """A field or cluster, stored or wished, for comparing; its place is a matter of its siblings."""
    return {name: _plain(getattr(thing, name)) for name in PART_FIELDS}


def _described(session: Session, part: PlanField | Cluster) -> dict[str, Any]:
    """A stored part with its place."""
    ids = [one.id for one in queries.siblings(session, part)]
    return {**describe_part(part), "position": ids.index(part.id) + 1}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _noun(part: PlanField | Cluster) -> str:
    return "field" if isinstance(part, PlanField) else "cluster"


def _check_period(session: Session, wanted: PlanPeriod, *, moved: bool = True) -> None:
    errors: dict[str, str] = {}
    others = queries.list_periods_but(session, wanted.id)
    if any(name_key(one.name) == name_key(wanted.name) for one in others):
        errors["name"] = f"Eine Planperiode „{wanted.name}“ gibt es schon."
    days = Days(wanted.starts_on, wanted.ends_on)
    if days.is_reversed:
        errors["ends_on"] = "Das Ende liegt vor dem Beginn."
    elif moved and days.is_told:
        for one in others:
            other = Days(one.starts_on, one.ends_on)
            if one.invented == wanted.invented and other.is_told and overlap(days, other):
                errors["starts_on"] = (
                    f"Überschneidet sich mit der Planperiode {one.name} "
                    f"({text.validity(one.starts_on, one.ends_on)}). An einem Tag gilt nur eine; "
                    "bitte ändern Sie die Tage hier oder dort."
                )
                break
    if errors:
        raise Invalid(errors)


def _check_name(session: Session, part: PlanField | Cluster, wanted: str) -> None:
    for one in queries.siblings(session, part):
        if one.id != part.id and name_key(one.name) == name_key(wanted):
            where = "dieser Planperiode" if isinstance(part, PlanField) else "diesem Handlungsfeld"
            raise Invalid({"name": f"„{wanted}“ gibt es in {where} schon."})


def _create(session: Session, actor: Actor, part: Part) -> Part:
    _check_name(session, part, part.name)
    part.position = max((one.position for one in queries.siblings(session, part)), default=0) + 1
    session.add(part)
    session.flush()
    record(session, actor, f"{_noun(part)}.create", part, after=_described(session, part), label=part.name)
    return part


def _place(session: Session, part: PlanField | Cluster, position: int) -> None:
    """Renumber the siblings with *part* at its new place."""
    ordered = [one for one in queries.siblings(session, part) if one.id != part.id]
    ordered.insert(min(position - 1, len(ordered)), part)
    for number, one in enumerate(ordered, 1):
        if one.position != number:
            one.position = number
            flag_modified(one, "position")
            session.add(one)
    session.flush()
