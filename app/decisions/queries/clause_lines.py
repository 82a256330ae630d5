"""Clauses in words, with the names that institutions had on the day of the decision."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from app.db import ident
from app.decisions.models import Clause, Decision
from app.decisions.queries.decisions import clauses_of
from app.decisions.rules.words import GIVES, VERB_WORDS
from app.people.queries import load_persons, names_on


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in words; ``whom``: the institution or person that it charges or asks."""

    position: int
    verb: str
    text: str
    whom: str
    due_on: dt.date | None


def clause_lines(session: Session, decisions: Iterable[Decision], today: dt.date) -> dict[int, tuple[ClauseLine, ...]]:
    """The clauses of readable decisions by decision; two queries, and one for every day on which one was taken.

    *today* names the institutions of what is not numbered yet.
    """
    days = {ident(one): one.decided_on or today for one in decisions}
    rows = clauses_of(session, list(days))
    persons = load_persons(session, {row.person_id for there in rows.values() for row in there if row.person_id})
    named: dict[dt.date, set[int]] = {}
    for key, there in rows.items():
        named.setdefault(days[key], set()).update(row.organisation_id for row in there if row.organisation_id)
    names = {
        (day, key): name.long for day, ids in named.items() if ids for key, name in names_on(session, ids, day).items()
    }

    def line(row: Clause, day: dt.date) -> ClauseLine:
        person = persons[row.person_id].name if row.person_id in persons else ""
        place = names.get((day, row.organisation_id), "") if row.organisation_id else ""
        whom = ", ".join(part for part in (place, person) if part)
        return ClauseLine(row.position, VERB_WORDS[row.verb], row.text, whom, row.due_on if row.verb in GIVES else None)

    return {key: tuple(line(row, days[key]) for row in there) for key, there in rows.items()}
