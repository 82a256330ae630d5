"""What the secretariats do with institutions: create, rename from a day on, change, delete what nobody uses."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import text
from app.actor import Actor
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, Stale
from app.history.service import record
from app.people import queries, rules
from app.people.models import Organisation, OrganisationKind, OrganisationName
from app.people.schemas import NameIn, OrganisationChange, OrganisationIn


def add_organisation(
    session: Session, actor: Actor, *, long: str, short: str = "", kind: OrganisationKind = OrganisationKind.OTHER
) -> Organisation:
    """A new institution with its first name."""
    long = text.one_line(long)
    if not long or len(long) > 300:
        raise Invalid({"long": "Bitte geben Sie einen Namen mit höchstens 300 Zeichen ein."})
    return create_organisation(session, actor, OrganisationIn(kind=kind, names=(NameIn(long=long, short=short),)))


def create_organisation(session: Session, actor: Actor, wish: OrganisationIn) -> Organisation:
    """A new institution with its names. Invalid where names overlap or another institution bears one of them."""
    _require(actor)
    _check(session, None, wish.names, wish.successor, rules.address_errors(wish.address, wish.country))
    made = Organisation(kind=wish.kind, successor_id=wish.successor, address=wish.address, country=wish.country)
    session.add(made)
    session.flush()
    _store_names(session, made, wish.names)
    after = describe_organisation(session, wish)
    record(session, actor, "organisation.create", made, after=after, label=wish.names[-1].long[:200])
    return made


def change_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    wish: OrganisationChange,
    *,
    expected: int | None = None,
) -> Organisation:
    """Change the given fields; *organisation* is locked by the caller, with its names loaded.

    Stale if the version is not the *expected* one; Invalid as for :func:`create_organisation`.
    """
    _require(actor)
    require_live(session, organisation)
    before = describe_organisation(session, organisation)
    if expected is not None and expected != organisation.version:
        raise Stale(before)
    given = wish.model_fields_set
    names: Sequence[Any] = wish.names if "names" in given else organisation.names
    kind = wish.kind if "kind" in given else organisation.kind
    successor = wish.successor if "successor" in given else organisation.successor_id
    address, country = (getattr(wish if name in given else organisation, name) for name in ("address", "country"))
    _check(session, organisation.id, names, successor, rules.address_errors(address, country))
    after = _words(session, kind, successor, names) | {"address": address, "country": country}
    if after == before:
        return organisation
    organisation.kind, organisation.successor_id = kind, successor
    organisation.address, organisation.country = address, country
    flag_modified(organisation, "kind")  # lets the version rise, also where only the names changed
    session.add(organisation)
    if "names" in given:
        for row in queries.list_names(session, ident(organisation)):
            session.delete(row)
        session.flush()
        _store_names(session, organisation, wish.names)
    record(session, actor, "organisation.change", organisation, before=before, after=after, label=names[-1].long[:200])
    return organisation


def rename_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    long: str,
    short: str,
    valid_from: dt.date,
    expected: int | None = None,
) -> Organisation:
    """A new name from a day on: the name of that day ends the day before."""
    names = [
        NameIn(long=one.long, short=one.short, valid_from=one.valid_from, valid_to=one.valid_to)
        for one in organisation.names
    ]
    later = [one for one in names if one.valid_from is not None and one.valid_from >= valid_from]
    if later:
        raise Invalid({"valid_from": f"Ab diesem Tag oder danach gilt schon „{later[0].long}“."})
    for one in names:
        if rules.holds(one, valid_from):
            one.valid_to = valid_from - dt.timedelta(days=1)
    wish = OrganisationChange(names=(*names, NameIn(long=long, short=short, valid_from=valid_from)))
    return change_organisation(session, actor, organisation, wish, expected=expected)


def delete_organisation(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Delete an institution that nothing names; Refused with what names it otherwise."""
    _require(actor)
    require_live(session, organisation)
    used = queries.uses_of(session, "organisation", ident(organisation), but=("organisation_name",))
    if used:
        raise Refused(
            f"Diese Institution wird gebraucht: {text.joined(used)}. Sie bleibt deshalb erhalten; "
            "tragen Sie eine Nachfolgerin oder das Ende ihres Namens ein."
        )
    before = describe_organisation(session, organisation)
    for row in queries.list_names(session, ident(organisation)):
        session.delete(row)
    session.delete(organisation)
    session.flush()
    label = organisation.names[-1].long[:200] if organisation.names else ""
    record(session, actor, "organisation.delete", organisation, before=before, label=label)


def require_live(session: Session, organisation: Organisation) -> None:
    """Refused for an institution that was merged: what is to be changed stands at the other one."""
    if organisation.merged_into_id is not None:
        kept = queries.last_names(session, [organisation.merged_into_id]).get(organisation.merged_into_id, "")
        raise Refused(f"Diese Institution ist in „{kept}“ aufgegangen. Bitte öffnen Sie diese.")


def describe_organisation(session: Session, thing: Organisation | OrganisationIn) -> dict[str, Any]:
    """An institution, stored (names loaded) or wished, in words for the history and for comparing."""
    successor = thing.successor if isinstance(thing, OrganisationIn) else thing.successor_id
    words = _words(session, thing.kind, successor, thing.names)
    return words | {"address": thing.address, "country": thing.country}


def _words(
    session: Session, kind: OrganisationKind, successor: int | None, names: Sequence[rules.NamedOrganisation]
) -> dict[str, Any]:
    known = queries.last_names(session, [successor] if successor else [])
    ordered = sorted(names, key=lambda one: one.valid_from or dt.date.min)
    return {
        "kind": kind.value,
        "successor": known.get(successor or 0, ""),
        "names": [rules.name_words(one) for one in ordered],
    }


def _require(actor: Actor) -> None:
    if not actor.is_secretariat:
        raise Forbidden("Institutionen ändern die Geschäftsstellen.")


def _check(
    session: Session,
    own_id: int | None,
    names: Sequence[rules.NamedOrganisation],
    successor: int | None,
    errors: dict[str, str],
) -> None:
    errors |= rules.span_errors("names", names, [one.long for one in names])
    for place, one in enumerate(names):
        other = queries.find_organisation_by_name(session, one.long, but=own_id)
        if other is not None and f"names.{place}.long" not in errors:
            errors[f"names.{place}.long"] = f"„{one.long}“ heißt schon eine andere Institution."
    if successor is not None:
        errors |= _successor_errors(queries.successors(session), own_id, successor)
        if not errors and not queries.live_organisations(session, [successor], wait=False):
            errors["successor"] = "Diese Institution ändert gerade jemand anders. Bitte speichern Sie noch einmal."
    if errors:
        raise Invalid(errors)


def _successor_errors(successors: Mapping[int, int | None], own_id: int | None, wanted: int) -> dict[str, str]:
    """Whether *wanted* exists and does not lead back to the institution itself."""
    if wanted not in successors:
        return {"successor": "Diese Institution gibt es nicht."}
    found: int | None = wanted
    while found is not None:
        if found == own_id:
            return {"successor": "So ginge die Institution am Ende in sich selbst über."}
        found = successors.get(found)
    return {}


def _store_names(session: Session, organisation: Organisation, names: Sequence[NameIn]) -> None:
    session.add_all(
        OrganisationName(
            organisation_id=ident(organisation),
            long=one.long,
            short=one.short,
            sort_key=text.sort_key(one.long),
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in sorted(names, key=lambda one: one.valid_from or dt.date.min)
    )
    session.flush()
