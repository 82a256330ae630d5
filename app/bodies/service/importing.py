"""The import of institutions, persons, seats and who sits there: preview, and application in one write session."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.importing.drafts import Draft, Ref
from app.bodies.importing.plan import PeoplePlan, plan_people
from app.bodies.importing.rows import CheckedPeople
from app.bodies.models import Body, Membership
from app.bodies.schemas import SeatChange, SeatIn
from app.bodies.service import memberships, seats
from app.db import ident
from app.errors import Forbidden, Invalid, Refused
from app.history.service import record
from app.importing.planned import Outcome
from app.importing.rows import RowsRefused
from app.people.models import Organisation, Person
from app.people.queries import lock_organisation
from app.people.rules import valid_one
from app.people.schemas import FunctionIn, NameIn, OrganisationChange, OrganisationIn, PersonChange, PersonIn
from app.people.service import organisations, persons
from app.people.service.persons import PLAIN


def preview_people(session: Session, actor: Actor, body: Body, checked: CheckedPeople) -> PeoplePlan:
    """What an import into *body* would do, with all errors; nothing is written. Forbidden but for its secretariat."""
    if not rules.may_change(actor, ident(body)):
        raise Forbidden("Personen und Sitze liest die Geschäftsstelle des Gremiums ein.")
    return plan_people(checked, queries.load_people_state(session, ident(body), clock.today()))


def import_people(
    session: Session, actor: Actor, body: Body, checked: CheckedPeople, *, file_name: str = ""
) -> PeoplePlan:
    """Write everything that *checked* says, or nothing; *body* is locked by the caller.

    Raises RowsRefused with every error, Forbidden for all but the body's secretariat, and Refused where somebody else
    wrote the same things meanwhile. *file_name* is named as the reason.
    """
    plan = preview_people(session, actor, body, checked)
    if plan.errors:
        raise RowsRefused(plan.errors)
    if plan.changes_nothing:
        return plan
    try:
        _Application(session, actor, body).apply(plan)
    except Invalid as error:
        raise Refused(f"Nichts wurde übernommen: {' '.join(error.fields.values())}") from error
    except (IntegrityError, StaleDataError) as error:
        raise Refused(
            "Während des Imports hat jemand anders dieselben Angaben geändert. Nichts wurde übernommen; "
            "bitte versuchen Sie es noch einmal."
        ) from error
    record(
        session,
        actor,
        "body.import",
        body,
        after={"summary": plan.summary},
        label=body.short_name,
        reason=text.one_line(f"Import {file_name}")[:300],
        body_id=ident(body),
    )
    return plan


class _Application:
    """One plan while it is written: institutions first, then persons, seats, and who sits there."""

    def __init__(self, session: Session, actor: Actor, body: Body) -> None:
        self._session, self._actor, self._body = session, actor, body
        self._made: dict[tuple[str, Ref], int] = {}

    def apply(self, plan: PeoplePlan) -> None:
        """Write *plan*; the caller commits."""
        self._organisations(plan.organisations)
        self._persons(plan.persons, plan.functions)
        self._seats(plan.seats)
        self._memberships(plan.memberships)

    def _id(self, noun: str, ref: Ref | None) -> int | None:
        if ref is None:
            return None
        return ref[1] if ref[0] == "known" else self._made[noun, ref]

    def _organisations(self, drafts: Iterable[Draft]) -> None:
        """New ones before those that change, so that every successor exists."""
        drafts = list(drafts)
        for draft in _new(drafts):
            name = NameIn(long=draft.name, short=draft.values["short"])
            made = organisations.create_organisation(
                self._session, self._actor, OrganisationIn(kind=draft.values["kind"], names=(name,))
            )
            self._made["Institution", draft.ref] = ident(made)
        for draft in drafts:
            if draft.outcome is Outcome.CHANGED or (draft.id is None and draft.values["successor"] is not None):
                self._change_organisation(draft)

    def _change_organisation(self, draft: Draft) -> None:
        key = self._id("Institution", draft.ref) or 0
        organisation = lock_organisation(self._session, self._actor, key)
        wish: dict[str, Any] = {
            "kind": draft.values["kind"],
            "successor": self._id("Institution", draft.values["successor"]),
        }
        if draft.values["short"] != draft.known.get("short", draft.values["short"]):
            wish["names"] = _renamed(organisation, draft.values["short"])
        organisations.change_organisation(self._session, self._actor, organisation, OrganisationChange(**wish))

    def _persons(self, drafts: Iterable[Draft], functions: Iterable[Draft]) -> None:
        functions = list(functions)
        for draft in drafts:
            own = [one for one in functions if one.values["person"] == draft.ref]
            changed = [one for one in own if one.outcome is not Outcome.UNCHANGED]
            if draft.outcome is Outcome.UNCHANGED and not changed:
                continue
            plain = {name: draft.values[name] for name in PLAIN if name in draft.values}
            if draft.id is None:
                wish = PersonIn(**plain, functions=tuple(self._function(one) for one in own))
                made = persons.create_person(self._session, self._actor, wish)
                self._made["Person", draft.ref] = ident(made)
                continue
            person = queries.lock_person(self._session, self._actor, draft.id)
            change = PersonChange(**plain, functions=self._merged(person, changed))
            persons.change_person(self._session, self._actor, person, change)

    def _function(self, draft: Draft) -> FunctionIn:
        return FunctionIn(
            title=draft.values["function"],
            organisation=self._id("Institution", draft.values["organisation"]),
            valid_from=draft.values["valid_from"],
            valid_to=draft.values["valid_to"],
        )

    def _merged(self, person: Person, changed: list[Draft]) -> tuple[FunctionIn, ...]:
        """The stored functions with those that the file changes or adds."""
        told = {one.id: one for one in changed if one.id is not None}
        kept = [
            self._function(told[ident(one)])
            if one.id in told
            else FunctionIn(
                title=one.title, organisation=one.organisation_id, valid_from=one.valid_from, valid_to=one.valid_to
            )
            for one in person.functions
        ]
        return (*kept, *(self._function(one) for one in _new(changed)))

    def _seats(self, drafts: Iterable[Draft]) -> None:
        """Seats that give the chair away come first, so that there are never two."""
        for draft in sorted(drafts, key=lambda one: bool(one.values["chair"])):
            values = {name: draft.values[name] for name in seats.SHOWN if name != "title"}
            values |= {
                "title": draft.values["seat"],
                "organisation": self._id("Institution", draft.values["organisation"]),
            }
            if draft.id is None:
                made = seats.create_seat(self._session, self._actor, self._body, SeatIn(**values))
                self._made["Sitz", draft.ref] = ident(made)
            elif draft.outcome is Outcome.CHANGED:
                seat = queries.get_seat(self._session, ident(self._body), draft.id)
                seats.change_seat(self._session, self._actor, seat, SeatChange(**values))

    def _memberships(self, drafts: Iterable[Draft]) -> None:
        """Written together, those with an end first; the plan has checked that they fit together at the end."""
        wanted = [one for one in drafts if one.outcome is not Outcome.UNCHANGED]
        for draft in sorted(wanted, key=lambda one: (one.values["valid_to"] is None, one.id is None)):
            row = (
                queries.find_membership(self._session, draft.id)
                if draft.id is not None
                else Membership(
                    seat_id=self._id("Sitz", draft.values["seat"]) or 0,
                    person_id=self._id("Person", draft.values["person"]) or 0,
                    kind=draft.values["role"],
                )
            )
            before = memberships.describe_membership(self._session, row) if draft.id is not None else None
            row.valid_from, row.valid_to = draft.values["valid_from"], draft.values["valid_to"]
            self._session.add(row)
            self._session.flush()
            record(
                self._session,
                self._actor,
                "membership.create" if before is None else "membership.change",
                row,
                before=before,
                after=memberships.describe_membership(self._session, row),
                label=draft.name[:200],
                body_id=ident(self._body),
            )


def _new(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if draft.id is None]


def _renamed(organisation: Organisation, short: str) -> tuple[NameIn, ...]:
    """The names with *short* at the one of today, else at the last one."""
    present = valid_one(organisation.names, clock.today())
    return tuple(
        NameIn(
            long=one.long,
            short=short if one is present else one.short,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in organisation.names
    )
