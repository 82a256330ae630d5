"""Wer sieht was: the audiences of an agenda, counted, with what each of them gets by the rules that serve them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.access import queries
from app.actor import Actor, Grant, Role, SeatRight
from app.agenda.models import Edition, Level
from app.agenda.rules.reading import WHOLE_EDITIONS, EditionKey, edition_of, readers_part
from app.agenda.schemas.frozen import AgendaValues, edition, guest_edition
from app.db import ident
from app.meetings.models import Meeting
from app.meetings.rules import life

PAGE_ONLY = "nur Seite"


@dataclass(frozen=True, slots=True)
class Audience:
    """People who get the same: how many they are, which edition, how many items and papers of it.

    ``edition`` is the key of the frozen edition, "" where there is none for them (``word`` then says why).
    """

    who: str
    people: int
    edition: str
    word: str
    items: int
    papers: int


def audiences_of(session: Session, meeting: Meeting, values: AgendaValues, *, published: bool) -> list[Audience]:
    """Every audience of the agenda *values* (whole), from those who get most to the public.

    Each is a stand-in with the rights of its kind, asked by the same rules that serve the page and the file.
    """
    day, body_id = life.day_of(meeting), meeting.body_id
    return [
        *_of_the_body(session, values, body_id, day),
        *_guests(session, values, ident(meeting), day),
        _leads(session, values, ident(meeting), day),
        _public(session, values, published=published),
    ]


def _of_the_body(session: Session, values: AgendaValues, body_id: int, day: dt.date) -> Iterator[Audience]:
    people = queries.people_of_seats(session, body_id, day)

    def seated(*, voting: bool, chair: bool) -> tuple[Actor, int]:
        right = SeatRight(seat_id=0, body_id=body_id, voting=voting, chair=chair)
        there = {one.person_id for one in people if one.chair is chair and (chair or one.voting is voting)}
        return Actor(account_id=None, name="", on=day, seats=(right,)), len(there)

    def granted(role: Role) -> tuple[Actor, int]:
        return Actor(account_id=None, name="", on=day, grants=(Grant(role, body_id),)), queries.count_accounts(
            session, role, body_id
        )

    for who, (actor, count) in (
        ("Geschäftsstelle", granted(Role.SECRETARIAT)),
        ("Vorsitz mit Stellvertretung und Büro", seated(voting=True, chair=True)),
        ("Stimmberechtigte Mitglieder, Stellvertretungen, Büros", seated(voting=True, chair=False)),
        ("Beratende Sitze", seated(voting=False, chair=False)),
        ("Revision", granted(Role.AUDITOR)),
    ):
        which = edition_of(actor, body_id)
        part = readers_part(actor, values)
        key = EditionKey(which) if which else None
        yield _audience(who, count, part, str(key or ""), key.word if key else "")


def _guests(session: Session, values: AgendaValues, meeting_id: int, day: dt.date) -> Iterator[Audience]:
    numbers = {item.id: item.number for section in values.sections for item in section.items}
    for item_id, name in queries.guests_of_meeting(session, meeting_id):
        if item_id not in numbers:
            continue
        number = numbers[item_id]
        own = guest_edition(values, number)
        actor = Actor(account_id=None, name=name, on=day, guest_item_ids=frozenset({item_id}))
        part = own or readers_part(actor, values)
        key = EditionKey(Edition.GUEST, number)
        word = key.word if own else f"{PAGE_ONLY} (TOP {number} ist vertraulich)"
        yield _audience(f"Gast: {name}", 1, part, str(key) if own else "", word)


def _leads(session: Session, values: AgendaValues, meeting_id: int, day: dt.date) -> Audience:
    open_items = [item for section in values.sections for item in section.items if item.level is not Level.CONFIDENTIAL]
    projects = frozenset(project.id for item in open_items for project in item.projects)
    actor = Actor(
        account_id=None,
        name="",
        on=day,
        lead_project_ids=projects,
        own_meeting_ids=frozenset({meeting_id}),
    )
    people = queries.count_leads(session, projects, day)
    part = readers_part(actor, values)
    return _audience("Projektleitungen, jede nur ihre Punkte", people, part, "", PAGE_ONLY)


def _public(session: Session, values: AgendaValues, *, published: bool) -> Audience:
    key = EditionKey(Edition.PUBLIC)
    word = key.word if published else f"{key.word}, erst nach der Veröffentlichung"
    who = "Alle mit einem Konto"
    return _audience(who, queries.count_active_accounts(session), edition(values, Edition.PUBLIC), str(key), word)


def _audience(who: str, people: int, part: AgendaValues, key: str, word: str) -> Audience:
    items = [item for section in part.sections for item in section.items]
    papers = sum(len(item.papers) for item in items) + len(part.papers)
    return Audience(who=who, people=people, edition=key, word=word, items=len(items), papers=papers)


def edition_keys(values: AgendaValues, guest_numbers: list[str]) -> list[EditionKey]:
    """Every edition that a release of *values* freezes: the whole ones, the public one, one per guest's item."""
    known = {item.number for section in values.sections for item in section.items}
    guests = [EditionKey(Edition.GUEST, number) for number in guest_numbers if number in known]
    return [*(EditionKey(which) for which in (*WHOLE_EDITIONS, Edition.PUBLIC)), *guests]
