"""The forms of a seat: its data and place, who sits there from–to, its addresses; and who sits as a file."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app import clock, text
from app.actor import Actor
from app.bodies import queries, rules
from app.bodies.models import Body, MembershipKind, Seat
from app.bodies.schemas import AddressIn, MembershipChange, MembershipIn, SeatChange, SeatIn, SeatView
from app.bodies.service import memberships, seats
from app.calendars.feed import strong_etag
from app.db import ident
from app.errors import Forbidden, Invalid, Refused, SkipError, Stale
from app.people.queries import names_on, organisation_choices, person_choices
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.validation import Day, RowId, read
from app.web.forms import Form, Rows, differing, iso, read_form, seen_version, typed
from app.web.history import in_words
from app.web.people.bodies import ADDRESS_KINDS, KINDS, OVERTAKEN, day_of
from app.web.respond import done, page
from app.web.tables import Column, Kind, download

router = APIRouter()

ADDRESSES = Rows("addresses", ("email", "kind", "name"))
PLAIN = ("organisation", "title", "protocol_order", "valid_from", "valid_to", "source")


class SuccessionIn(BaseModel):
    """Who follows as member from a day on."""

    model_config = ConfigDict(extra="ignore")

    person: RowId
    valid_from: Day


class EndIn(BaseModel):
    """A last day."""

    model_config = ConfigDict(extra="ignore")

    valid_to: Day


@dataclass(frozen=True, slots=True)
class Sitting:
    """A line of the list of who sits: a seat with one of its people, or alone."""

    place: int
    organisation: str
    seat: str
    role: str
    person: str
    voting: str
    chair: str
    valid_from: dt.date | None
    valid_to: dt.date | None


SITTINGS: tuple[Column[Sitting], ...] = (
    Column("Reihenfolge", lambda row: row.place, Kind.NUMBER),
    Column("Institution", lambda row: row.organisation, Kind.NAME),
    Column("Sitz", lambda row: row.seat),
    Column("Rolle", lambda row: row.role),
    Column("Person", lambda row: row.person),
    Column("Stimmrecht", lambda row: row.voting),
    Column("Vorsitz", lambda row: row.chair),
    Column("ab", lambda row: row.valid_from, Kind.DATE),
    Column("bis", lambda row: row.valid_to, Kind.DATE),
)


@router.get("/gremien/{body_id}/sitze.csv")
@router.get("/gremien/{body_id}/sitze.xlsx")
def download_seats(request: Request, body_id: int, session: ReadSession, actor: CurrentActor, am: str = "") -> Response:
    """Who sits in the body on a day (``am``, else today), as a file."""
    body = queries.get_body(session, actor, body_id)
    on, _ = day_of(am)
    rows = [line for view in queries.list_seats(session, body_id, on) for line in _sittings(view)]
    ending = request.url.path.rpartition(".")[2]
    return download(ending, SITTINGS, rows, title=f"{body.short_name} am {text.date(on)}", name="sitze")


@router.get("/gremien/{body_id}/sitze/neu")
def new_seat(request: Request, body_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The empty form of a seat."""
    body = queries.get_body(session, actor, body_id)
    return _new_page(request, session, actor, body, Form({"voting": "1"}))


@router.post("/gremien/{body_id}/sitze/neu")
def create_seat(
    request: Request, body_id: int, submitted: Submitted, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """A new seat, or the form again with what was typed."""
    values = typed(submitted)
    try:
        with database.write() as session:
            body = queries.lock_body(session, actor, body_id)
            _require(actor, body_id)
            seat_id = ident(seats.create_seat(session, actor, body, read(SeatIn, _wish(values))))
    except Invalid as error:
        with database.read() as session:
            body = queries.get_body(session, actor, body_id)
            return _new_page(request, session, actor, body, Form(values, error.fields), status=error.status)
    return done(request, f"/gremien/{body_id}/sitze/{seat_id}", "Der Sitz ist angelegt. Besetzen Sie ihn jetzt.")


@router.get("/gremien/{body_id}/sitze/{seat_id:int}")
def show_seat(request: Request, body_id: int, seat_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """Everything about a seat, to be changed."""
    body = queries.get_body(session, actor, body_id)
    return _seat_page(request, session, actor, body, queries.get_seat(session, body_id, seat_id))


@router.post("/gremien/{body_id}/sitze/{seat_id:int}")
def update_seat(
    request: Request,
    body_id: int,
    seat_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """Change the seat's own data; somebody else's change in between is shown beside what was typed."""
    values = typed(submitted)

    def act(session: Session, seat: Seat) -> None:
        wish = read(SeatChange, _wish(values))
        seats.change_seat(session, actor, seat, wish, expected=seen_version(values))

    def mine(session: Session) -> Mapping[str, Any]:
        return seats.describe_seat(session, read(SeatIn, _wish(values)))

    return _do(request, database, actor, (body_id, seat_id), act, "Der Sitz ist gespeichert.", "seat", values, mine)


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/platz")
def move_seat(
    request: Request, body_id: int, seat_id: int, submitted: Submitted, session: WriteSession, actor: CurrentActor
) -> Response:
    """One place up or down in the order of protocol."""
    queries.lock_body(session, actor, body_id)
    seat = queries.get_seat(session, body_id, seat_id)
    seats.move_seat(session, actor, seat, up=typed(submitted).get("nach") != "unten")
    return done(request, f"/gremien/{body_id}#sitz-{seat_id}")


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/ende")
def end_seat(
    request: Request,
    body_id: int,
    seat_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """The seat's last day; who sits there ends with it."""
    values = typed(submitted)

    def act(session: Session, seat: Seat) -> None:
        last = read_form(EndIn, values).valid_to
        seats.end_seat(session, actor, seat, valid_to=last, expected=seen_version(values))

    return _do(request, database, actor, (body_id, seat_id), act, "Der Sitz hat jetzt ein Ende.", "end", values)


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/loeschen")
def remove_seat(
    request: Request, body_id: int, seat_id: int, database: CurrentDatabase, actor: CurrentActor
) -> Response:
    """Remove a seat that nobody ever held."""

    def act(session: Session, seat: Seat) -> None:
        seats.remove_seat(session, actor, seat)

    return _do(
        request, database, actor, (body_id, seat_id), act, "Der Sitz ist entfernt.", "", {}, to=f"/gremien/{body_id}"
    )


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/besetzen")
def fill_seat(
    request: Request,
    body_id: int,
    seat_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """Let a person hold the seat from–to."""
    values = typed(submitted)

    def act(session: Session, seat: Seat) -> None:
        wish = read_form(MembershipIn, values)
        memberships.fill_seat(
            session,
            actor,
            seat,
            person_id=wish.person,
            kind=wish.kind,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
        )

    return _do(request, database, actor, (body_id, seat_id), act, "Der Sitz ist besetzt.", "fill", values)


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/nachfolge")
def succeed_member(
    request: Request,
    body_id: int,
    seat_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """A new member from a day on; the member of that day ends the day before."""
    values = typed(submitted)

    def act(session: Session, seat: Seat) -> None:
        wish = read_form(SuccessionIn, values)
        memberships.succeed_member(session, actor, seat, person_id=wish.person, valid_from=wish.valid_from)

    return _do(request, database, actor, (body_id, seat_id), act, "Die Nachfolge ist eingetragen.", "next", values)


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/besetzungen/{membership_id:int}")
def update_membership(
    request: Request,
    body_id: int,
    seat_id: int,
    membership_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """Correct or end who sits there."""
    values = typed(submitted)

    def wish() -> MembershipChange:
        given = {"valid_from": None, "valid_to": None} | {name: value for name, value in values.items() if value}
        given.pop("version", None)
        return read(MembershipChange, given)

    def act(session: Session, seat: Seat) -> None:
        membership = queries.get_membership(session, seat_id, membership_id)
        _require(actor, body_id)
        memberships.change_membership(session, actor, seat, membership, wish(), expected=seen_version(values))

    def mine(session: Session) -> Mapping[str, Any]:
        return memberships.describe_membership(session, wish())

    where = f"m{membership_id}"
    return _do(request, database, actor, (body_id, seat_id), act, "Die Besetzung ist gespeichert.", where, values, mine)


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/besetzungen/{membership_id:int}/entfernen")
def remove_membership(
    request: Request,
    body_id: int,
    seat_id: int,
    membership_id: int,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """Take back what has not counted yet."""

    def act(session: Session, seat: Seat) -> None:
        membership = queries.get_membership(session, seat_id, membership_id)
        memberships.remove_membership(session, actor, seat, membership)

    return _do(request, database, actor, (body_id, seat_id), act, "Die Besetzung ist entfernt.", "", {})


@router.post("/gremien/{body_id}/sitze/{seat_id:int}/anschriften")
def update_addresses(
    request: Request,
    body_id: int,
    seat_id: int,
    submitted: Submitted,
    database: CurrentDatabase,
    actor: CurrentActor,
) -> Response:
    """Replace the mailing addresses by what stands in the form."""
    values = typed(submitted)

    def act(session: Session, seat: Seat) -> None:
        _require(actor, body_id)
        if values.get("stand") != _stand_of_addresses(session, seat_id):
            raise Refused(OVERTAKEN)
        shape = read(_Addresses, {"addresses": ADDRESSES.read(values)})
        seats.set_seat_addresses(session, actor, seat, shape.addresses)

    return _do(
        request, database, actor, (body_id, seat_id), act, "Die Anschriften sind gespeichert.", "addresses", values
    )


class _Addresses(BaseModel):
    addresses: list[AddressIn]


def _do(
    request: Request,
    database: CurrentDatabase,
    actor: Actor,
    ids: tuple[int, int],
    act: Any,
    words: str,
    where: str,
    values: Mapping[str, str],
    mine: Any = None,
    *,
    to: str = "",
) -> Response:
    """Do *act* with the locked body's seat; a refusal shows the seat's page with what was typed in the form *where*."""
    body_id, seat_id = ids
    try:
        with database.write() as session:
            queries.lock_body(session, actor, body_id)
            seat = queries.get_seat(session, body_id, seat_id)
            _require(actor, body_id)
            act(session, seat)
    except (Invalid, Stale, Refused) as error:
        with database.read() as session:
            body = queries.get_body(session, actor, body_id)
            seat = queries.get_seat(session, body_id, seat_id)
            compare = differing(mine(session), error.current, in_words) if mine and isinstance(error, Stale) else None
            form = Form(values, _errors(where, error, values))
            return _seat_page(
                request, session, actor, body, seat, where=where, form=form, compare=compare, status=error.status
            )
    return done(request, to or f"/gremien/{body_id}/sitze/{seat_id}", words)


def _errors(where: str, error: SkipError, values: Mapping[str, str]) -> dict[str, str]:
    """The sentences at the ids of the form's fields; each small form of the page has its own."""
    if not isinstance(error, Invalid):
        return {"": error.sentence}
    if where == "addresses":
        return ADDRESSES.at_fields(error, values)
    prefix = "" if where == "seat" else f"{where}-"
    return {f"{prefix}{name}" if name else "": sentence for name, sentence in error.fields.items()}


def _require(actor: Actor, body_id: int) -> None:
    if not rules.may_change(actor, body_id):
        raise Forbidden("Sitze ändert die Geschäftsstelle des Gremiums.")


def _wish(values: Mapping[str, str]) -> dict[str, Any]:
    """The typed seat; an empty field clears."""
    found: dict[str, Any] = {name: values.get(name, "").strip() or None for name in PLAIN}
    found["title"], found["source"] = found["title"] or "", found["source"] or ""
    found["protocol_order"] = found["protocol_order"] or 0
    if found["organisation"] is None:
        del found["organisation"]
    return {**found, "voting": values.get("voting") == "1", "chair": values.get("chair") == "1"}


def _stored(seat: Seat) -> dict[str, Any]:
    values = {name: iso(getattr(seat, name)) for name in PLAIN if name != "organisation"}
    marks = {name: "1" if getattr(seat, name) else "" for name in ("voting", "chair")}
    return {**values, **marks, "organisation": seat.organisation_id}


def _new_page(
    request: Request, session: Session, actor: Actor, body: Body, form: Form, *, status: int = 200
) -> Response:
    _require(actor, ident(body))
    return page(
        request,
        actor,
        "bodies/seat_new.html",
        title="Sitz anlegen",
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body.id}"), ("Sitz anlegen", None)),
        body=body,
        form=form,
        organisations=organisation_choices(session, clock.today()),
    )


def _seat_page(
    request: Request,
    session: Session,
    actor: Actor,
    body: Body,
    seat: Seat,
    *,
    where: str = "seat",
    form: Form | None = None,
    compare: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of a seat; ``where`` names the small form to which *form* and *compare* belong."""
    _require(actor, ident(body))
    form = form or Form()
    names = names_on(session, [seat.organisation_id], clock.today())
    place = names[seat.organisation_id].long if seat.organisation_id in names else "Sitz"
    stored = ADDRESSES.shown(queries.list_addresses(session, ident(seat)), lambda one, name: getattr(one, name))
    addresses = form if where == "addresses" else Form(stored)
    held = queries.list_memberships(session, ident(seat))
    today = clock.today()
    return page(
        request,
        actor,
        "bodies/seat.html",
        title=seat.title or place,
        status=status,
        crumbs=(("Gremien", "/gremien"), (body.short_name, f"/gremien/{body.id}"), (seat.title or place, None)),
        body=body,
        seat=seat,
        place=place,
        when=text.validity(seat.valid_from, seat.valid_to),
        forms={
            "seat": form if where == "seat" and form.values else Form(_stored(seat), form.errors if not where else {}),
            "end": form if where == "end" else Form(),
            "fill": form if where == "fill" else Form({"kind": "member"}),
            "next": form if where == "next" else Form(),
            "addresses": addresses,
        },
        where=where,
        compare=compare,
        memberships=[
            (membership, name, form if where == f"m{membership.id}" else _held(membership), today)
            for membership, name in held
        ],
        has_member=any(one.kind is MembershipKind.MEMBER for one, _ in held),
        kinds=[(kind.value, word) for kind, word in KINDS.items()],
        kind_words=KINDS,
        address_kinds=[(kind.value, word) for kind, word in ADDRESS_KINDS.items()],
        persons=person_choices(session),
        organisations=organisation_choices(session, today),
        places=ADDRESSES.places(addresses.values),
        stand=_stand_of_addresses(session, ident(seat)),
    )


def _held(membership: Any) -> Form:
    return Form(
        {
            "person": membership.person_id,
            "kind": membership.kind.value,
            "valid_from": iso(membership.valid_from),
            "valid_to": iso(membership.valid_to),
        }
    )


def _stand_of_addresses(session: Session, seat_id: int) -> str:
    rows = [seats.address_words(one) for one in queries.list_addresses(session, seat_id)]
    return strong_etag(repr(rows)).strip('"')


def _sittings(view: SeatView) -> list[Sitting]:
    """The lines of one seat: its people by kind, or the seat alone."""
    seat = view.seat
    shared: dict[str, Any] = {
        "place": seat.protocol_order,
        "organisation": view.organisation,
        "seat": seat.title,
        "voting": "ja" if seat.voting else "nein",
        "chair": "ja" if seat.chair else "nein",
    }
    order = {kind: place for place, kind in enumerate(MembershipKind)}
    holders = sorted(view.holders, key=lambda one: order[one.membership.kind])
    if not holders:
        return [Sitting(**shared, role="", person="", valid_from=seat.valid_from, valid_to=seat.valid_to)]
    return [
        Sitting(
            **shared,
            role=KINDS[one.membership.kind],
            person=one.name,
            valid_from=one.membership.valid_from,
            valid_to=one.membership.valid_to,
        )
        for one in holders
    ]
