"""What a secretariat does with an institution that was entered twice: merge the one into the other, for good."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.bodies import merging_queries as queries
from app.bodies import rules
from app.bodies.service.seats import describe_seat
from app.db import ident
from app.errors import Forbidden, Overtaken, Refused, Stale
from app.history.service import record
from app.people import queries as people
from app.people.models import Organisation
from app.people.rules import name_words, overlap
from app.people.service.organisations import require_live
from app.people.service.persons import describe_person
from app.projects.queries.plan import describe_project
from app.projects.rules.rights import may_run_period

TABLE = "organisation"
OWN = {"organisation.successor_id", "organisation.merged_into_id", "organisation_name.organisation_id"}
"""Columns that are part of institutions themselves: names stay where they are, the others are led on by hand."""


def merging_refusals(session: Session, actor: Actor, gone: Organisation, kept: Organisation) -> list[str]:
    """Why *gone* cannot be merged into *kept*, in sentences; names of both are loaded. Empty: nothing is in the way."""
    if gone.id == kept.id:
        return ["Das ist dieselbe Institution. Bitte wählen Sie die andere."]
    if gone.merged_into_id or kept.merged_into_id:
        return ["Eine der beiden ist schon in einer anderen aufgegangen. Bitte wählen Sie neu."]
    mine, theirs = (queries.all_seats(session, ident(one)) for one in (gone, kept))
    projects = queries.projects_of(session, ident(gone))
    if not _runs(actor, {seat.body_id for seat, _ in mine}, {one.period_id for one in projects}):
        return [
            "Daran hängen Sitze oder Projekte, die Sie nicht führen. Zusammenführen kann beide nur eine "
            "Geschäftsstelle, die alle betroffenen Gremien und Projekte führt."
        ]
    found = [
        f"Beide haben zur selben Zeit einen Sitz in {body}. Beenden oder entfernen Sie zuerst einen der beiden."
        for body in dict.fromkeys(body for seat, body in mine for other, _ in theirs if _collide(seat, other))
    ]
    return [*found, *_successor_refusals(people.successors(session), ident(gone), ident(kept))]


def merge_organisations(
    session: Session,
    actor: Actor,
    gone_id: int,
    kept_id: int,
    *,
    expected: int | None = None,
    shown: str | None = None,
) -> Organisation:
    """Let *kept* have everything that names *gone*, in one transaction; *gone* stays as its former self.

    Locks for itself: everything that names an institution is locked before the institution (as all others do).
    Stale if the version of *gone* is not the *expected* one, or what hangs on it is not what was *shown*; Refused where
    the two do not fit; Overtaken where something was attached in this very moment.
    """
    if not actor.is_secretariat:
        raise Forbidden("Institutionen führen die Geschäftsstellen zusammen.")
    people.get_organisation(session, actor, gone_id)
    locked = queries.lock_owners(session, gone_id)
    gone, kept = queries.lock_both(session, actor, gone_id, kept_id)
    if queries.owners_of(session, gone_id) != locked:
        raise Overtaken()
    require_live(session, gone)
    refusals = merging_refusals(session, actor, gone, kept)
    if refusals:
        raise Refused(" ".join(refusals))
    hanging = queries.hanging_on(session, actor, gone_id)
    if (expected is not None and expected != gone.version) or (shown is not None and shown != hanging.stand):
        raise Stale(
            {"names": [one.long for one in gone.names]},
            "Inzwischen wurde an der Institution etwas geändert. Es wurde nichts zusammengeführt; "
            "bitte sehen Sie noch einmal nach.",
        )
    moved = people.uses_of(session, TABLE, gone_id, but=("organisation_name",))
    before = _owners_in_words(session, gone_id)
    _move(session, gone_id, kept_id)
    queries.drop_double_partners(session, kept_id, locked[0])
    _lead_on(session, gone, kept)
    session.flush()
    session.expire_all()
    _record_owners(session, actor, before, gone, kept)
    _record_both(session, actor, gone_id, kept_id, moved)
    return people.get_organisation(session, actor, kept_id)


def _runs(actor: Actor, bodies: set[int], periods: set[int | None]) -> bool:
    return all(rules.may_change(actor, one) for one in bodies) and all(may_run_period(actor, one) for one in periods)


def _collide(one: Any, other: Any) -> bool:
    return one.body_id == other.body_id and overlap(one, other)


def _successor_refusals(successors: Mapping[int, int | None], gone: int, kept: int) -> list[str]:
    """A successor moves along; two different ones, or a way that would lead back, cannot be kept."""
    heirs = {successors.get(one) for one in (gone, kept)} - {None, gone, kept}
    if len(heirs) > 1:
        return ["Beide sind in verschiedene Nachfolgerinnen übergegangen. Tragen Sie zuerst bei beiden dieselbe ein."]
    found = next(iter(heirs), None)
    while found is not None:
        if found in (gone, kept):
            return ["Die eine geht über eine dritte Institution in die andere über. Nehmen Sie das zuerst zurück."]
        found = successors.get(found)
    return []


def _move(session: Session, gone: int, kept: int) -> None:
    """Let every row of the whole schema that names *gone* name *kept*, and count its version where it has one.

    A row that would then stand twice (a partner of the same project) goes.
    """
    for key in people.references(TABLE):
        table = key.table
        if f"{table.name}.{key.name}" in OWN:
            continue
        if key.primary_key:
            others = [one for one in table.primary_key.columns if one is not key]
            twin = table.alias()
            there = sa.exists().where(twin.c[key.name] == kept, *(twin.c[one.name] == one for one in others))
            session.execute(sa.delete(table).where(key == gone, there))
        values = {key.name: kept} | ({"version": table.c.version + 1} if "version" in table.c else {})
        session.execute(sa.update(table).where(key == gone).values(values))


def _lead_on(session: Session, gone: Organisation, kept: Organisation) -> None:
    """Who went over into *gone*, or was merged into it, now leads to *kept*; and so does *gone*.

    A postal address goes along where *kept* has none.
    """
    if not kept.address:
        kept.address, kept.country = gone.address, gone.country
    heir = next((one for one in (kept.successor_id, gone.successor_id) if one not in (None, gone.id, kept.id)), None)
    queries.redirect(session, ident(gone), ident(kept))
    kept.successor_id, gone.successor_id, gone.merged_into_id = heir, None, kept.id
    flag_modified(kept, "successor_id")  # lets the version rise, also where nothing of the row itself changed
    session.add_all([kept, gone])


def _owners_in_words(session: Session, organisation_id: int) -> dict[tuple[str, int], dict[str, Any]]:
    """The seats, projects and persons that name the institution, as the history tells them, by kind and id."""
    found = {
        ("seat", ident(seat)): describe_seat(session, seat) for seat, _ in queries.all_seats(session, organisation_id)
    }
    for project in queries.projects_of(session, organisation_id):
        found["project", ident(project)] = describe_project(session, project)
    for person in queries.persons_of(session, organisation_id):
        found["person", ident(person)] = describe_person(session, person)
    return found


def _record_owners(
    session: Session,
    actor: Actor,
    before: Mapping[tuple[str, int], dict[str, Any]],
    gone: Organisation,
    kept: Organisation,
) -> None:
    """Each seat, project and person tells in its own history that its institution is another row now."""
    after = _owners_in_words(session, ident(kept))
    names = people.last_names(session, [ident(gone), ident(kept)])
    reason = text.one_line(f"„{names.get(ident(gone), '')}“ zusammengeführt mit „{names.get(ident(kept), '')}“")[:300]
    things: list[tuple[str, Any, str]] = [
        *(("seat", seat, names.get(ident(kept), "")) for seat, _ in queries.all_seats(session, ident(kept))),
        *(("project", one, f"{one.code} {one.title}") for one in queries.projects_of(session, ident(kept))),
        *(("person", one, one.name) for one in queries.persons_of(session, ident(kept))),
    ]
    for kind, row, label in things:
        key = (kind, ident(row))
        if key in before:
            record(
                session,
                actor,
                f"{kind}.change",
                row,
                before=before[key],
                after=after[key],
                label=label[:200],
                reason=reason,
                body_id=row.body_id if kind == "seat" else None,
            )


def _record_both(session: Session, actor: Actor, gone_id: int, kept_id: int, moved: list[str]) -> None:
    """Numbers only: an institution is common to all bodies, and what hung on it tells itself to those who read it."""
    gone, kept = (people.get_organisation(session, actor, one) for one in (gone_id, kept_id))
    today = clock.today()
    names = people.names_on(session, [gone_id, kept_id], today)
    labels = {key: names[key].long[:200] if key in names else "" for key in (gone_id, kept_id)}
    told = {"merged": [name_words(one) for one in gone.names], "moved": moved}
    record(session, actor, "organisation.merge", kept, after=told, label=labels[kept_id])
    record(session, actor, "organisation.merged", gone, after={"merged_into": labels[kept_id]}, label=labels[gone_id])
