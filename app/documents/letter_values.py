"""Letters of invitation as plain values: to whom, what is enclosed for this reader, and what the letter says."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app import clock, text
from app.actor import Actor, SeatRight
from app.agenda import queries
from app.agenda.models import Edition, Level
from app.agenda.queries import GuestLine
from app.agenda.rules.reading import edition_of
from app.agenda.rules.words import EDITION_WORDS
from app.agenda.schemas.frozen import AgendaValues, FrozenItem, FrozenPaper, FrozenValues, edition, with_enclosed
from app.bodies import rules as settings
from app.bodies.models import MembershipKind
from app.bodies.queries import list_seats, load_rules
from app.bodies.rules import RuleBook, filled
from app.bodies.schemas import SeatView
from app.clock import BERLIN
from app.db import ident
from app.documents.choosing import choose_agenda
from app.errors import NotFound
from app.meetings.models import Meeting
from app.meetings.rules import life
from app.people.models import Person
from app.people.queries import FunctionOn, functions_on, load_persons, postal_addresses
from app.people.rules import letter_name, letter_salutation, postal_lines

MEMBER, DEPUTY, GUEST = "Mitglied", "Stellvertretung", "Gast"


LETTER_FORMAT = 1


class Letter(FrozenValues):
    """One letter, all in words. ``copies`` are told as "nachrichtlich"; ``kind`` says why the person gets it.

    ``address`` says who, ``postal`` where (nothing: no address is known).
    """

    person_id: int
    name: str
    kind: str
    address: tuple[str, ...]
    postal: tuple[str, ...] = ()
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    enclosures: tuple[str, ...]
    copies: tuple[str, ...]


class LetterValues(FrozenValues):
    """Letters of one meeting, with what they share. ``version`` 0: the agenda is a draft, and so are the letters."""

    format: int = LETTER_FORMAT
    demo: bool
    body_name: str
    body_short: str
    label: str
    version: int
    letterhead: tuple[str, ...]
    sender: str
    reference: str
    dated: dt.date
    created: dt.datetime
    closing: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class _Recipient:
    """Somebody who gets a letter: with the seat, or as guest of items."""

    person: Person
    kind: str
    function: str
    organisation: str
    seats: tuple[SeatRight, ...] = ()
    copies: tuple[str, ...] = ()
    guest: tuple[GuestLine, ...] = ()
    organisation_id: int | None = None


def one_by_one(values: LetterValues) -> list[LetterValues]:
    """Each letter on its own, as it is sent, frozen and hashed."""
    return [values.model_copy(update={"letters": (letter,)}) for letter in values.letters]


def read_letter(text: str) -> LetterValues:
    """The values of a letter that was frozen; ValueError for a format this program does not know."""
    plain: dict[str, Any] = json.loads(text)
    if plain.get("format") != LETTER_FORMAT:
        raise ValueError(f"unknown format {plain.get('format')} of a letter")
    return LetterValues.model_validate(plain)


def require_letters(actor: Actor, meeting: Meeting) -> None:
    """NotFound for people who do not read drafts (secretariat, chair and its office do): for them no letters exist."""
    if not life.reads_draft(actor, meeting):
        raise NotFound()


def letter_values(session: Session, actor: Actor, meeting: Meeting, *, person_id: int | None = None) -> LetterValues:
    """The letters of a meeting (one: that of *person_id*), on the last release or the draft; a fixed number of queries.

    NotFound as in ``require_letters``, for persons who get no letter, and for meetings without an agenda.
    """
    require_letters(actor, meeting)
    agenda = choose_agenda(session, actor, meeting).values
    book, day = load_rules(session, meeting.body_id), life.day_of(meeting)
    recipients = _recipients(session, meeting, agenda, day)
    postal = postal_addresses(session, {one.organisation_id for one in recipients if one.organisation_id})
    letters = [_letter(one, agenda, book, day, postal) for one in recipients]
    if person_id is not None:
        letters = [one for one in letters if one.person_id == person_id]
        if not letters:
            raise NotFound()
    return LetterValues(
        demo=agenda.demo,
        body_name=agenda.body.name,
        body_short=agenda.body.short_name,
        label=agenda.meeting.label,
        version=agenda.version,
        letterhead=agenda.letterhead,
        sender=agenda.sender,
        reference=agenda.reference,
        dated=agenda.released_at.astimezone(BERLIN).date() if agenda.released_at else clock.today(),
        created=agenda.released_at or agenda.meeting.changed_at,
        closing=book[settings.LETTER_CLOSING],
        letters=tuple(letters),
    )


def vacant_seats(session: Session, meeting: Meeting) -> list[str]:
    """Institutions whose seat nobody holds on the day of the meeting: they get no letter."""
    seats = list_seats(session, meeting.body_id, life.day_of(meeting))
    return [seat.organisation or seat.seat.title for seat in seats if not _addressee(seat)]


def _recipients(session: Session, meeting: Meeting, agenda: AgendaValues, day: dt.date) -> list[_Recipient]:
    """Members in order of protocol (a deputy where the seat has no member), then guests by name; each person once."""
    seats = list_seats(session, meeting.body_id, day)
    items = [item.id for section in agenda.sections for item in section.items if not item.withdrawn]
    guests = queries.guests_of_items(session, items, day)
    wanted = {holder.membership.person_id for seat in seats for holder in seat.holders}
    persons, functions = load_persons(session, wanted), functions_on(session, wanted, day)
    found: dict[int, _Recipient] = {}
    for seat in seats:
        for person_id, kind in _addressee(seat):
            right = SeatRight(ident(seat.seat), meeting.body_id, seat.seat.voting, seat.seat.chair)
            earlier = found.get(person_id)
            found[person_id] = _Recipient(
                person=persons[person_id],
                kind=kind,
                function=functions.get(person_id, FunctionOn()).title,
                organisation=seat.organisation,
                organisation_id=seat.seat.organisation_id,
                seats=(*(earlier.seats if earlier else ()), right),
                copies=tuple(dict.fromkeys((*(earlier.copies if earlier else ()), *_copies(seat, persons, person_id)))),
            )
    for line in sorted((line for lines in guests.values() for line in lines), key=lambda one: one.person.sort_key):
        person_id = ident(line.person)
        earlier = found.get(person_id)
        if earlier is None or earlier.guest:
            before = earlier.guest if earlier else ()
            found[person_id] = _Recipient(
                person=line.person,
                kind=GUEST,
                function=line.function,
                organisation=line.organisation,
                organisation_id=line.organisation_id,
                guest=(*before, line),
            )
    return list(found.values())


def _addressee(seat: SeatView) -> list[tuple[int, str]]:
    """Who of the seat is written to: its members, else its deputies."""
    for kind, word in ((MembershipKind.MEMBER, MEMBER), (MembershipKind.DEPUTY, DEPUTY)):
        found = [holder.membership.person_id for holder in seat.holders if holder.membership.kind is kind]
        if found:
            return [(person_id, word) for person_id in found]
    return []


def _copies(seat: SeatView, persons: Mapping[int, Person], but: int) -> Iterable[str]:
    """Deputies, office and further addresses of the seat, told as "nachrichtlich"."""
    words = {MembershipKind.DEPUTY: "Stellvertretung", MembershipKind.OFFICE: "Büro"}
    for holder in seat.holders:
        person_id = holder.membership.person_id
        if person_id != but and holder.membership.kind in words:
            yield f"{persons[person_id].name} ({words[holder.membership.kind]})"
    for kind, name, email in seat.addresses:
        yield ", ".join(part for part in (name or settings.ADDRESS_WORDS[kind], email) if part)


Postal = Mapping[int, tuple[str, ...]]


def _letter(one: _Recipient, agenda: AgendaValues, book: RuleBook, day: dt.date, postal: Postal) -> Letter:
    if one.guest:
        return _guest_letter(one, agenda, book, postal)
    return _member_letter(one, agenda, book, day, postal)


def _member_letter(one: _Recipient, agenda: AgendaValues, book: RuleBook, day: dt.date, postal: Postal) -> Letter:
    which = _edition(one, agenda, day)
    part, meeting = edition(agenda, which), agenda.meeting
    papers = [*part.papers, *(paper for section in part.sections for item in section.items for paper in item.papers)]
    values = {**_common(one, agenda), "thema": meeting.main_topic}
    return Letter(
        **_head(one, agenda, postal),
        paragraphs=_paragraphs(filled(book[settings.MEMBER_LETTER], values)),
        facts=_facts(("Termin", values["termin"]), ("Ort", meeting.place), ("Einlass", meeting.entry)),
        enclosures=(f"Tagesordnung ({_version(part)}, Fassung {EDITION_WORDS[which]})", *_titles(papers)),
        copies=one.copies,
    )


def _guest_letter(one: _Recipient, agenda: AgendaValues, book: RuleBook, postal: Postal) -> Letter:
    """The own items and their time only. Of a confidential one a file names neither title nor papers (domain §6)."""
    own = {line.item_id for line in one.guest}
    items = [item for section in agenda.sections for item in section.items if item.id in own and not item.withdrawn]
    shown = [with_enclosed(item, Edition.GUEST) for item in items if item.level is not Level.CONFIDENTIAL]
    hidden = {item.id for item in items if item.level is Level.CONFIDENTIAL}
    topics = [line.topic for line in one.guest if line.topic and line.item_id not in hidden]
    values = {
        **_common(one, agenda),
        "top": text.joined([_top(item) for item in items]),
        "uhrzeit": text.joined([_clock(item) for item in items]),
        "thema": text.joined(topics),
    }
    return Letter(
        **_head(one, agenda, postal),
        paragraphs=_paragraphs(filled(book[settings.GUEST_LETTER], values)),
        facts=_facts(
            ("Termin", values["termin"]),
            ("Ihr Punkt", values["top"]),
            ("Uhrzeit", values["uhrzeit"]),
            ("Ihr Thema", values["thema"]),
            ("Ort", agenda.meeting.place),
            ("Einlass", agenda.meeting.entry),
        ),
        enclosures=(
            *(f"Tagesordnung ({_version(agenda)}, Fassung Gast TOP {item.number})" for item in shown),
            *_titles(paper for item in shown for paper in item.papers),
        ),
        copies=(),
    )


def _edition(one: _Recipient, agenda: AgendaValues, day: dt.date) -> Edition:
    """The edition that the visibility table gives the holder of these seats."""
    reader = Actor(account_id=None, name=one.person.name, on=day, person_id=one.person.id, seats=one.seats)
    return edition_of(reader, agenda.body.id) or Edition.NON_CONFIDENTIAL


def _common(one: _Recipient, agenda: AgendaValues) -> dict[str, str]:
    meeting = agenda.meeting
    day = meeting.starts_at.astimezone(BERLIN).date()
    return {
        "anrede": letter_salutation(one.person),
        "sitzung": meeting.label,
        "termin": f"{text.weekday_date(day)}, {text.span(meeting.starts_at, meeting.ends_at)}",
        "ort": meeting.place or "wird noch mitgeteilt",
    }


def _head(one: _Recipient, agenda: AgendaValues, postal: Postal) -> dict[str, Any]:
    """Whom the letter is for. An address of the person's own stands alone: it need not be the institution's."""
    own = postal_lines(one.person.address, one.person.country)
    address = (letter_name(one.person),) if own else (one.organisation, letter_name(one.person), one.function)
    return {
        "person_id": ident(one.person),
        "name": one.person.name,
        "kind": one.kind,
        "address": tuple(line for line in address if line),
        "postal": own or postal.get(one.organisation_id or 0, ()),
        "subject": f"Einladung zur {agenda.meeting.label}: {agenda.body.name}",
        "salutation": letter_salutation(one.person),
    }


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.split("\n\n") if part.strip())


def _facts(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs if value)


def _titles(papers: Iterable[FrozenPaper]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paper.title for paper in papers))


def _version(agenda: AgendaValues) -> str:
    return f"Version {agenda.version}" if agenda.version else "Entwurf"


def _top(item: FrozenItem) -> str:
    return f"TOP {item.number}" if item.level is Level.CONFIDENTIAL else f"TOP {item.number} „{item.title}“"


def _clock(item: FrozenItem) -> str:
    end = item.starts_at + dt.timedelta(minutes=item.minutes)
    return text.span(item.starts_at, end) if item.minutes else f"{text.time(item.starts_at)} Uhr"
