"""Marking letters as sent, and how the letters of today stand to those that were sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.actor import Actor
from app.agenda.models import LetterDispatch, LetterRevocation
from app.agenda.schemas.frozen import canonical
from app.agenda.schemas.wishes import DispatchIn
from app.agenda.service.dispatches import WrittenLetter, record_dispatches
from app.documents.letter_values import Letter, LetterValues, letter_values, one_by_one
from app.documents.letters import hash_of
from app.errors import Forbidden, Invalid, Refused
from app.meetings.models import Meeting
from app.meetings.rules import life


@dataclass(frozen=True, slots=True)
class Standing:
    """A letter of today beside what its person was sent. ``due``: this letter has to go out (still, or again).

    ``note`` says why where something went out already; ``sent`` are the marks that hold, latest first.
    """

    letter: Letter
    due: bool
    note: str
    sent: tuple[LetterDispatch, ...]


Sent = Sequence[tuple[LetterDispatch, LetterRevocation | None]]


def send_letters(session: Session, actor: Actor, meeting: Meeting, wish: DispatchIn) -> list[LetterDispatch]:
    """Mark the letters to the wished persons as sent; *meeting* is locked by the caller.

    Refused while the agenda is a draft; Invalid for somebody who gets no letter, and as for ``record_dispatches``.
    """
    if not life.may_run(actor, meeting):
        raise Forbidden()
    values = letter_values(session, actor, meeting)
    if values.version == 0:
        raise Refused("Die Tagesordnung ist noch nicht freigegeben. Versandt werden die Schreiben erst danach.")
    unknown = set(wish.persons) - {letter.person_id for letter in values.letters}
    if unknown:
        raise Invalid({"persons": "Jemand von den Ausgewählten bekommt kein Schreiben mehr. Bitte wählen Sie neu."})
    chosen = [one for one in one_by_one(values) if one.letters[0].person_id in wish.persons]
    return record_dispatches(session, actor, meeting, wish, [_written(one) for one in chosen])


def standings(values: LetterValues, sent: Sent) -> list[Standing]:
    """Every letter of today with how it stands; *sent* as ``queries.list_dispatches`` gives it."""
    holding = [dispatch for dispatch, revocation in reversed(sent) if revocation is None]
    return [
        _standing(one, tuple(dispatch for dispatch in holding if dispatch.person_id == one.letters[0].person_id))
        for one in one_by_one(values)
    ]


def sent_elsewhere(values: LetterValues, sent: Sent) -> list[LetterDispatch]:
    """What was sent to persons who get no letter any more, latest first."""
    known = {letter.person_id for letter in values.letters}
    return [one for one, revocation in reversed(sent) if revocation is None and one.person_id not in known]


def _standing(one: LetterValues, sent: tuple[LetterDispatch, ...]) -> Standing:
    letter = one.letters[0]
    if one.version == 0:
        return Standing(letter, due=False, note="", sent=sent)
    if not sent:
        return Standing(letter, due=True, note="", sent=sent)
    latest = max(dispatch.version for dispatch in sent)
    if latest < one.version:
        return Standing(letter, due=True, note=f"Version {one.version} ist noch nicht versandt.", sent=sent)
    if hash_of(one) not in {dispatch.hash for dispatch in sent}:
        return Standing(letter, due=False, note="Das Schreiben lautet inzwischen anders als das versandte.", sent=sent)
    return Standing(letter, due=False, note="", sent=sent)


def _written(one: LetterValues) -> WrittenLetter:
    letter = one.letters[0]
    return WrittenLetter(letter.person_id, letter.name, one.version, one.dated, canonical(one))
