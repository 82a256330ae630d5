"""Whom it is about: persons and accounts that belong together, found for the administration or for oneself."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app import text
from app.actor import Actor
from app.db import ident
from app.errors import NotFound
from app.people.models import Account, Person

FOUND = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody: the person, if one is known, and every account of theirs. ``addresses``: their mail addresses."""

    name: str
    person: Person | None
    accounts: tuple[Account, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """The mail addresses of person and accounts, in small letters."""
        written = [self.person.email if self.person else "", *(account.email for account in self.accounts)]
        return tuple(dict.fromkeys(one.lower() for one in written if one))

    @property
    def address(self) -> str:
        """Where the administration reads about them."""
        if self.person:
            return f"/auskunft/personen/{ident(self.person)}"
        return f"/auskunft/konten/{ident(self.accounts[0])}"


def own_subject(session: Session, actor: Actor) -> Subject:
    """The actor; NotFound for the system itself."""
    account = session.get(Account, actor.account_id) if actor.account_id is not None else None
    if account is None:
        raise NotFound()
    return _of_account(session, account)


def subject_of_account(session: Session, actor: Actor, account_id: int) -> Subject:
    """Whose account it is, for the administration; NotFound for everybody else and for emptied accounts."""
    account = session.get(Account, account_id)
    if not actor.is_admin or account is None or account.removed_at is not None:
        raise NotFound()
    return _of_account(session, account)


def subject_of_person(session: Session, actor: Actor, person_id: int) -> Subject:
    """A person, for the administration; NotFound for everybody else."""
    person = session.get(Person, person_id)
    if not actor.is_admin or person is None:
        raise NotFound()
    return _of_person(session, person)


def find_subjects(session: Session, actor: Actor, words: str) -> list[tuple[str, str, str]]:
    """Persons and accounts whose name or address holds all *words*: name, kind, address of their page.

    Compared here and not by the database, which levels umlauts and capitals differently on either side.
    """
    if not actor.is_admin:
        raise NotFound()
    wanted = text.fold(words).split()
    if not wanted:
        return []

    def fits(*said: str) -> bool:
        folded = text.fold(" ".join(said))
        return all(word in folded for word in wanted)

    persons = session.exec(select(Person).order_by(col(Person.sort_key), col(Person.id)))
    found = [one for one in persons if fits(one.name, one.email)][:FOUND]
    accounts = session.exec(
        select(Account).where(col(Account.removed_at).is_(None)).order_by(col(Account.name), col(Account.id))
    )
    named = [one for one in accounts if fits(one.name, one.email)][:FOUND]
    return [
        *((one.name, "Person", f"/auskunft/personen/{one.id}") for one in found),
        *((one.name, f"Konto {one.email}", f"/auskunft/konten/{one.id}") for one in named),
    ]


def _of_account(session: Session, account: Account) -> Subject:
    person = session.get(Person, account.person_id) if account.person_id is not None else None
    return _of_person(session, person) if person else Subject(account.name, None, (account,))


def _of_person(session: Session, person: Person) -> Subject:
    accounts = select(Account).where(Account.person_id == person.id).order_by(col(Account.id))
    return Subject(person.name, person, tuple(session.exec(accounts)))
