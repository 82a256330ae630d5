"""Who gets an invitation: the seats' people and addresses, guests of items, the copy of the secretariat."""

from collections.abc import Iterator, Mapping, Sequence

from app.actor import Actor, SeatRight
from app.agenda.models import Edition
from app.agenda.rules.reading import EditionKey, edition_of
from app.bodies.models import AddressKind, MembershipKind
from app.bodies.rules import RuleBook
from app.bodies.schemas import SeatView
from app.clock import today
from app.db import ident
from app.invitations.models import DispatchMethod, RecipientRole
from app.invitations.rules.settings import COPY_TO, DEPUTIES
from app.invitations.schemas import Addressee
from app.invitations.service.enclosing import Enclosures
from app.people.models import Person
from app.people.rules import letter_salutation

HELLO = "Sehr geehrte Damen und Herren"


def listed(
    seats: Sequence[SeatView], persons: Mapping[int, Person], book: RuleBook, enclosures: Enclosures, body_id: int
) -> Iterator[Addressee]:
    """Everybody who is to be told, in this order: members, offices, deputies, guests, for information, the copy.

    A seat without a member is answered for by its deputies. Addresses may be empty, wrong, or come twice.
    """
    for kind in (MembershipKind.MEMBER, MembershipKind.OFFICE, MembershipKind.DEPUTY):
        for seat in seats:
            yield from _holders(seat, kind, persons, book, body_id, enclosures)
            if kind is MembershipKind.OFFICE:
                yield from _addresses(seat, AddressKind.OFFICE, body_id, enclosures)
    for person_id in sorted(enclosures.guest_ids, key=lambda one: persons[one].sort_key if one in persons else ""):
        if person_id in persons:
            yield _person(persons[person_id], RecipientRole.GUEST, answers=True)
    for seat in seats:
        yield from _addresses(seat, AddressKind.COPY, body_id, enclosures)
    if book[COPY_TO]:
        name = "Geschäftsstelle"
        yield _mailbox(RecipientRole.SECRETARIAT, name, book[COPY_TO], edition=_part(enclosures, Edition.FULL))


def _holders(
    seat: SeatView,
    kind: MembershipKind,
    persons: Mapping[int, Person],
    book: RuleBook,
    body_id: int,
    enclosures: Enclosures,
) -> Iterator[Addressee]:
    vacant = not any(one.membership.kind is MembershipKind.MEMBER for one in seat.holders)
    stands_in = kind is MembershipKind.DEPUTY and vacant
    if kind is MembershipKind.DEPUTY and not stands_in and not book[DEPUTIES]:
        return
    role = {
        MembershipKind.MEMBER: RecipientRole.MEMBER,
        MembershipKind.OFFICE: RecipientRole.OFFICE,
        MembershipKind.DEPUTY: RecipientRole.MEMBER if stands_in else RecipientRole.DEPUTY,
    }[kind]
    for one in seat.holders:
        if one.membership.kind is kind:
            yield _person(
                persons[one.membership.person_id],
                role,
                seat=seat,
                edition=_edition(seat, body_id, enclosures),
                answers=role is not RecipientRole.DEPUTY,
            )


def _addresses(seat: SeatView, kind: AddressKind, body_id: int, enclosures: Enclosures) -> Iterator[Addressee]:
    office = kind is AddressKind.OFFICE
    for found, name, email in seat.addresses:
        if found is kind:
            yield _mailbox(
                RecipientRole.OFFICE if office else RecipientRole.COPY,
                name or f"{'Büro' if office else 'Poststelle'} {seat.organisation_short or seat.organisation}".strip(),
                email,
                seat=seat,
                edition=_edition(seat, body_id, enclosures) if office else _part(enclosures, Edition.NON_CONFIDENTIAL),
                answers=office,
            )


def _person(
    person: Person, role: RecipientRole, *, seat: SeatView | None = None, edition: str = "", answers: bool
) -> Addressee:
    return Addressee(
        key="",
        role=role,
        method=DispatchMethod.REQUEST,
        name=person.name,
        address=person.email,
        salutation=letter_salutation(person),
        where=seat.organisation if seat else "",
        person_id=person.id,
        seat_id=seat.seat.id if seat else None,
        edition=edition,
        answers=answers,
        inside=seat is not None,
    )


def _mailbox(
    role: RecipientRole,
    name: str,
    email: str,
    *,
    seat: SeatView | None = None,
    edition: str = "",
    answers: bool = False,
) -> Addressee:
    return Addressee(
        key="",
        role=role,
        method=DispatchMethod.REQUEST,
        name=name,
        address=email,
        salutation=HELLO,
        where=seat.organisation if seat else "",
        seat_id=seat.seat.id if seat else None,
        edition=edition,
        answers=answers,
        inside=role is not RecipientRole.COPY,
    )


def _edition(seat: SeatView, body_id: int, enclosures: Enclosures) -> str:
    """The edition that the visibility table gives to who holds this seat."""
    right = SeatRight(ident(seat.seat), body_id, seat.seat.voting, seat.seat.chair)
    reader = Actor(account_id=None, name="", on=today(), seats=(right,))
    return _part(enclosures, edition_of(reader, body_id) or Edition.NON_CONFIDENTIAL)


def _part(enclosures: Enclosures, which: Edition) -> str:
    return str(EditionKey(which)) if enclosures.version is not None else ""
