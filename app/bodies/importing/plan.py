"""Comparing checked rows of people with what is known, row by row; the result is a PeoplePlan."""

import datetime as dt
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from app import text
from app.bodies.importing.columns import Column
from app.bodies.importing.drafts import Draft, Planned, Ref, changes_of, numbered
from app.bodies.importing.rows import CheckedPeople, Row
from app.bodies.importing.state import ExistingPerson, PeopleState
from app.bodies.models import MembershipKind
from app.importing.columns import attribute_of
from app.importing.planned import Outcome, summary_of
from app.importing.rows import RowError
from app.people.models import OrganisationKind
from app.projects.importing.lookup import Ambiguous, NewOrganisation, OrganisationDirectory

_PERSON = (Column.SALUTATION, Column.TITLE, Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL)
_SEAT = (Column.VOTING, Column.CHAIR, Column.PROTOCOL_ORDER, Column.SOURCE)
_OPEN = (dt.date.min, dt.date.max)


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """The whole import. It may be applied only without ``errors``; ``unknown`` are headers nobody knows."""

    organisations: tuple[Draft, ...] = ()
    persons: tuple[Draft, ...] = ()
    functions: tuple[Draft, ...] = ()
    seats: tuple[Draft, ...] = ()
    memberships: tuple[Draft, ...] = ()
    things: tuple[Planned, ...] = ()
    unknown: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()

    def of(self, outcome: Outcome) -> tuple[Planned, ...]:
        """The things with this outcome, in the order of the file."""
        return tuple(thing for thing in self.things if thing.outcome is outcome)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is known already."""
        return all(thing.outcome is Outcome.UNCHANGED for thing in self.things)

    @property
    def summary(self) -> str:
        """neu 3, geändert 1, berichtigt 0, unverändert 184"""
        return summary_of(thing.outcome for thing in self.things)


def plan_people(checked: CheckedPeople, state: PeopleState) -> PeoplePlan:
    """What importing *checked* into *state* would do. With ``errors`` (of the rows or between them) nothing may."""
    return _Planner(checked, state).plan()


class _Planner:
    """One comparison: the drafts of all known things, changed and joined by new ones while rows are read."""

    def __init__(self, checked: CheckedPeople, state: PeopleState) -> None:
        self._checked, self._state = checked, state
        self._errors: list[RowError] = list(checked.errors)
        self._directory = OrganisationDirectory(state.names)
        self._new_organisations: dict[NewOrganisation, Draft] = {}
        self._organisations = {
            one.id: _known(
                one.id,
                "Institution",
                self._directory.name(one.id, state.today),
                kind=one.kind,
                successor=("known", one.successor_id) if one.successor_id else None,
                short=self._short(one.id),
            )
            for one in state.organisations
        }
        self._persons = [_person_draft(one) for one in state.persons]
        self._functions = [
            _known(
                one.id,
                "Funktion",
                one.title,
                person=("known", one.person_id),
                organisation=("known", one.organisation_id) if one.organisation_id else None,
                function=one.title,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for one in state.functions
        ]
        self._seats = [
            _known(
                one.id,
                "Sitz",
                "",
                organisation=("known", one.organisation_id),
                seat=one.title,
                voting=one.voting,
                chair=one.chair,
                protocol_order=one.protocol_order,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                source=one.source,
            )
            for one in state.seats
        ]
        self._memberships = [
            _known(
                one.id,
                "Besetzung",
                "",
                seat=("known", one.seat_id),
                person=("known", one.person_id),
                role=one.kind,
                valid_from=one.valid_from,
                valid_to=one.valid_to,
            )
            for one in state.memberships
        ]
        self._names()

    def plan(self) -> PeoplePlan:
        for row in self._checked.rows:
            self._row(row)
        self._check_seats()
        everything = [*self._all_organisations(), *self._persons, *self._functions, *self._seats, *self._memberships]
        touched = [draft for draft in everything if draft.lines]
        names = self._names()
        things = [draft for draft in touched if draft.noun != "Funktion"]
        return PeoplePlan(
            organisations=_kind(touched, "Institution"),
            persons=_kind(touched, "Person"),
            functions=_kind(touched, "Funktion"),
            seats=_kind(touched, "Sitz"),
            memberships=_kind(touched, "Besetzung"),
            things=tuple(self._planned(draft, touched, names) for draft in sorted(things, key=lambda one: one.lines)),
            unknown=self._checked.unknown,
            errors=tuple(sorted(self._errors)),
        )

    # --- one row

    def _row(self, row: Row) -> None:
        organisation = self._organisation(row, Column.ORGANISATION, row.organisation) if row.organisation else None
        if row.organisation and organisation is None:
            return
        if organisation is not None:
            self._tell_organisation(row, organisation)
        person = self._person(row, organisation) if row.last_name else None
        if person is not None:
            for column in _PERSON:
                self._tell(row, person, column, row_value(row, column))
            if row.function:
                self._function(row, person, organisation)
        if row.names_seat and organisation is not None:
            seat = self._seat(row, organisation)
            if seat is not None and row.role is not None and person is not None:
                self._membership(row, seat, person)

    def _tell(self, row: Row, draft: Draft, column: Column, value: Any, *, name: str = "") -> None:
        """Let the row say *value*; an empty cell says nothing, another row's other value is an error."""
        if value in (None, ""):
            return
        earlier = draft.tell(row.line, name or attribute_of(column), value)
        if earlier is not None:
            words = value if isinstance(value, str) else ""
            self._wrong(row, column, words, f"derselbe Wert wie in Zeile {earlier[0]} für {draft.name}")

    def _wrong(self, row: Row, column: Column, value: str, expected: str) -> None:
        self._errors.append(RowError(row.line, column.value, value[:80], expected))

    # --- institutions

    def _organisation(self, row: Row, column: Column, name: str) -> Draft | None:
        try:
            found = self._directory.find(name, self._state.today)
        except Ambiguous as problem:
            self._wrong(row, column, name, str(problem))
            return None
        if isinstance(found, NewOrganisation):
            if found not in self._new_organisations:
                ref = ("new", len(self._new_organisations))
                values = {"kind": OrganisationKind.OTHER, "successor": None, "short": ""}
                self._new_organisations[found] = Draft(ref, "Institution", found.name, values=values)
            draft = self._new_organisations[found]
        else:
            draft = self._organisations[found]
        draft.lines.append(row.line)
        return draft

    def _tell_organisation(self, row: Row, draft: Draft) -> None:
        self._tell(row, draft, Column.SHORT, row.short)
        self._tell(row, draft, Column.KIND, row.kind)
        if row.successor:
            heir = self._organisation(row, Column.SUCCESSOR, row.successor)
            if heir is draft:
                self._wrong(row, Column.SUCCESSOR, row.successor, "eine andere Institution")
            elif heir is not None:
                self._tell(row, draft, Column.SUCCESSOR, heir.ref)

    def _all_organisations(self) -> list[Draft]:
        return [*self._organisations.values(), *self._new_organisations.values()]

    def _short(self, organisation_id: int) -> str:
        names = [one for one in self._state.names if one.organisation_id == organisation_id and not one.merged]
        valid = [one for one in names if one.is_valid_on(self._state.today)] or names[-1:]
        return valid[0].short if valid else ""

    # --- persons

    def _person(self, row: Row, organisation: Draft | None) -> Draft | None:
        """The person of the row: by address, else by name; among namesakes by institution. None after an error."""
        named = [one for one in self._persons if _same_name(one, row)]
        if row.email:
            known = [one for one in self._persons if one.values["email"].casefold() == row.email.casefold()]
            if known:
                return self._owner(row, known, named)
            tied = [one for one in named if organisation is not None and organisation.ref in self._ties(one)]
            named = [one for one in named if not one.values["email"]] or tied
            return self._only(row, named) if named else self._new_person(row)
        if len(named) > 1 and organisation is not None:
            named = [one for one in named if organisation.ref in self._ties(one)] or named
        return self._only(row, named) if named else self._new_person(row)

    def _owner(self, row: Row, known: list[Draft], named: list[Draft]) -> Draft | None:
        """Whose address it is; a person of quite another name is refused, for an office's address may be shared."""
        both = [one for one in known if one in named]
        if len(both) == 1 or (len(known) == 1 and _like(known[0], row)):
            found = (both or known)[0]
            found.lines.append(row.line)
            return found
        owner = known[0].name
        self._wrong(row, Column.EMAIL, row.email, f"die Adresse dieser Person; sie gehört schon zu {owner}")
        return None

    def _only(self, row: Row, found: list[Draft]) -> Draft | None:
        if len(found) > 1:
            expected = "eine eindeutige Person; so heißen mehrere. Bitte die Spalte E-Mail oder Institution ausfüllen"
            self._wrong(row, Column.LAST_NAME, f"{row.first_name} {row.last_name}".strip(), expected)
            return None
        found[0].lines.append(row.line)
        return found[0]

    def _new_person(self, row: Row) -> Draft:
        name = " ".join(part for part in (row.title, row.first_name, row.last_name) if part)
        values = {attribute_of(column): "" for column in _PERSON}
        made = Draft(("new", numbered(self._persons)), "Person", name, values=values, lines=[row.line])
        self._persons.append(made)
        return made

    def _ties(self, person: Draft) -> set[Ref]:
        """The institutions that the person has to do with: by a function, or by a seat in this body."""
        ties = {one.values["organisation"] for one in self._functions if one.values["person"] == person.ref}
        seats = {one.values["seat"] for one in self._memberships if one.values["person"] == person.ref}
        return (ties | {one.values["organisation"] for one in self._seats if one.ref in seats}) - {None}

    def _function(self, row: Row, person: Draft, organisation: Draft | None) -> None:
        place = organisation.ref if organisation else None
        found = [
            one
            for one in self._functions
            if one.values["person"] == person.ref
            and one.values["organisation"] == place
            and text.fold(one.values["function"]) == text.fold(row.function)
        ]
        exact = [one for one in found if one.values["valid_from"] == row.valid_from] or found
        if not exact:
            values = {
                "person": person.ref,
                "organisation": place,
                "function": row.function,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
            }
            made = Draft(("new", numbered(self._functions)), "Funktion", row.function, values=values, lines=[row.line])
            self._functions.append(made)
            return
        exact[0].lines.append(row.line)
        if row.role is None:
            self._tell(row, exact[0], Column.VALID_FROM, row.valid_from)
            self._tell(row, exact[0], Column.VALID_TO, row.valid_to)

    # --- seats

    def _seat(self, row: Row, organisation: Draft) -> Draft | None:
        own = [one for one in self._seats if one.values["organisation"] == organisation.ref]
        present = [one for one in own if _span(one)[1] >= (row.valid_from or self._state.today)] or own
        if row.seat:
            found = [one for one in present if text.fold(one.values["seat"]) == text.fold(row.seat)]
        else:
            found = present
            if len(found) > 1:
                titles = ", ".join(f"„{one.values['seat']}“" for one in found if one.values["seat"])
                self._wrong(row, Column.SEAT, "", f"welcher Sitz; {organisation.name} hat mehrere ({titles})")
                return None
        seat = found[0] if found else self._new_seat(row, organisation)
        seat.lines.append(row.line)
        for column in _SEAT:
            self._tell(row, seat, column, row_value(row, column))
        if row.role is None:
            self._tell(row, seat, Column.VALID_FROM, row.valid_from)
            self._tell(row, seat, Column.VALID_TO, row.valid_to)
        return seat

    def _new_seat(self, row: Row, organisation: Draft) -> Draft:
        values = {
            "organisation": organisation.ref,
            "seat": row.seat,
            "voting": True,
            "chair": False,
            "protocol_order": 0,
            "valid_from": None,
            "valid_to": None,
            "source": "",
        }
        name = f"{organisation.name}, {row.seat}" if row.seat else organisation.name
        made = Draft(("new", numbered(self._seats)), "Sitz", name, values=values)
        self._seats.append(made)
        return made

    def _membership(self, row: Row, seat: Draft, person: Draft) -> None:
        there = [
            one
            for one in self._memberships
            if one.values["seat"] == seat.ref and one.values["person"] == person.ref and one.values["role"] == row.role
        ]
        found = [one for one in there if one.values["valid_from"] == row.valid_from]
        wanted = (row.valid_from or dt.date.min, row.valid_to or dt.date.max)
        found = found or [one for one in there if _meet(_span(one), wanted) and "valid_from" not in one.told]
        if found:
            found[0].lines.append(row.line)
            self._tell(row, found[0], Column.VALID_FROM, row.valid_from)
            self._tell(row, found[0], Column.VALID_TO, row.valid_to)
            return
        values = {
            "seat": seat.ref,
            "person": person.ref,
            "role": row.role,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        name = f"{person.name} ({seat.name})"
        made = Draft(("new", numbered(self._memberships)), "Besetzung", name, values=values, lines=[row.line])
        made.told = {"valid_from": (row.line, row.valid_from), "valid_to": (row.line, row.valid_to)}
        self._memberships.append(made)

    def _check_seats(self) -> None:
        """What only all rows together show: one member at a time, within the days of the seat, one chair."""
        seats = {one.ref: one for one in self._seats}
        persons = {one.ref: one.name for one in self._persons}
        for one in self._memberships:
            seat = seats[one.values["seat"]]
            if (one.lines or seat.lines) and not _within(one, seat):
                when = text.validity(seat.values["valid_from"], seat.values["valid_to"])
                self._late(one if one.lines else seat, Column.VALID_FROM, f"ein Tag, an dem der Sitz besteht ({when})")
        members = [one for one in self._memberships if one.values["role"] is MembershipKind.MEMBER]
        for one, other in combinations(members, 2):
            same = one.values["seat"] == other.values["seat"] and _meet(_span(one), _span(other))
            if same and (one.lines or other.lines):
                last, first = (other, one) if other.lines else (one, other)
                when = text.validity(first.values["valid_from"], first.values["valid_to"]) or "ohne Ende"
                holder = persons[first.values["person"]]
                self._late(last, Column.VALID_FROM, f"ein Tag nach dem Ende von {holder} (Mitglied {when})")
        for one, other in combinations([one for one in self._seats if one.values["chair"]], 2):
            if _meet(_span(one), _span(other)) and (one.lines or other.lines):
                self._late(other if other.lines else one, Column.CHAIR, "nur ein Sitz mit Vorsitz an einem Tag")

    def _late(self, draft: Draft, column: Column, expected: str) -> None:
        value = draft.values.get(attribute_of(column))
        words = text.date(value) if isinstance(value, dt.date) else "ja" if value is True else ""
        error = RowError(draft.lines[-1], column.value, words, expected)
        if error not in self._errors:
            self._errors.append(error)

    # --- words

    def _names(self) -> dict[Ref, str]:
        """What references are called; institutions and persons never meet in one field."""
        for seat in self._seats:
            place = self._place(seat.values["organisation"])
            seat.name = f"{place}, {seat.values['seat']}" if seat.values["seat"] else place
        persons = {one.ref: one.name for one in self._persons}
        seats = {one.ref: one.name for one in self._seats}
        for one in self._memberships:
            one.name = f"{persons[one.values['person']]} ({seats[one.values['seat']]})"
        return {one.ref: one.name for one in self._all_organisations()}

    def _place(self, ref: Ref) -> str:
        return next((one.name for one in self._all_organisations() if one.ref == ref), "")

    def _planned(self, draft: Draft, touched: list[Draft], names: dict[Ref, str]) -> Planned:
        hidden = {"Besetzung": ("seat", "person"), "Sitz": ("organisation",)}.get(draft.noun, ())
        changes = [one for one in changes_of(draft, names) if one.name not in hidden]
        outcome = draft.outcome
        if draft.noun == "Person":
            own = [one for one in touched if one.noun == "Funktion" and one.values["person"] == draft.ref]
            for function in own:
                if function.outcome is not Outcome.UNCHANGED:
                    changes += [one for one in changes_of(function, names) if one.name != "person"]
                    outcome = Outcome.CHANGED if outcome is Outcome.UNCHANGED else outcome
        return Planned(draft.noun, draft.name, outcome, tuple(changes), tuple(sorted(set(draft.lines))))


def row_value(row: Row, column: Column) -> Any:
    """What stands in *column* of the row."""
    return getattr(row, attribute_of(column))


def _known(key: int, noun: str, name: str, **values: Any) -> Draft:
    return Draft(("known", key), noun, name, known=dict(values), values=dict(values))


def _person_draft(one: ExistingPerson) -> Draft:
    name = " ".join(part for part in (one.title, one.first_name, one.last_name) if part)
    values = {attribute_of(column): getattr(one, attribute_of(column)) for column in _PERSON}
    return _known(one.id, "Person", name, **values)


def _kind(drafts: list[Draft], noun: str) -> tuple[Draft, ...]:
    return tuple(draft for draft in drafts if draft.noun == noun)


def _same_name(draft: Draft, row: Row) -> bool:
    last, first = draft.values["last_name"], draft.values["first_name"]
    if draft.told.get("last_name"):
        last, first = draft.told["last_name"][1], draft.told.get("first_name", (0, first))[1]
    same = text.fold(last) == text.fold(row.last_name)
    return same and (not row.first_name or text.fold(first) == text.fold(row.first_name))


def _like(draft: Draft, row: Row) -> bool:
    """Whether it may be the same person under a changed name: the last or the first name agrees."""
    last = text.fold(draft.values["last_name"]) == text.fold(row.last_name)
    return last or (bool(row.first_name) and text.fold(draft.values["first_name"]) == text.fold(row.first_name))


def _span(draft: Draft) -> tuple[dt.date, dt.date]:
    return draft.values["valid_from"] or _OPEN[0], draft.values["valid_to"] or _OPEN[1]


def _meet(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _within(inner: Draft, outer: Draft) -> bool:
    """As for the forms: an open beginning follows that of the seat."""
    begins = inner.values["valid_from"] is None or _span(outer)[0] <= _span(inner)[0]
    return begins and _span(inner)[1] <= _span(outer)[1] and _span(outer)[0] <= _span(inner)[1]
