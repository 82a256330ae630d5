"""Reading institutions, persons, accounts and failed sign-ins."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app import text
from app.actor import Actor, Role
from app.db import ident, rel
from app.errors import NotFound
from app.people.models import (
    Account,
    AccountRole,
    ApiToken,
    FeedToken,
    Organisation,
    OrganisationName,
    Person,
    PersonFunction,
    SignInFailure,
    SignInSession,
)
from app.people.rules import USE_WORDS, holds, key_hash, postal_lines, valid_one
from app.visibility import Matter, body_ids


def reads_organisations(actor: Actor) -> bool:
    """Institutions are for everybody who reads the interna of a body or leads a project; names are public knowledge."""
    bodies = body_ids(actor, Matter.INTERNAL)
    return bodies is None or bool(bodies) or bool(actor.lead_project_ids)


def readable_organisations(actor: Actor) -> SelectOfScalar[Organisation]:
    """The institutions that the actor reads: all or none."""
    return select(Organisation).where(sa.true() if reads_organisations(actor) else sa.false())


def get_organisation(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """One institution with its names; NotFound for unknown and invisible alike."""
    found = session.exec(
        readable_organisations(actor)
        .where(Organisation.id == organisation_id)
        .options(selectinload(rel(Organisation.names)))
    ).first()
    if found is None:
        raise NotFound()
    return found


def list_organisations(session: Session, actor: Actor) -> list[Organisation]:
    """All institutions with their names, by the name of the actor's day; merged ones stand in no list."""
    live = readable_organisations(actor).where(col(Organisation.merged_into_id).is_(None))
    found = session.exec(live.options(selectinload(rel(Organisation.names)))).all()
    return sorted(found, key=lambda one: (_listed_under(one, actor.on), ident(one)))


def _listed_under(organisation: Organisation, on: dt.date) -> str:
    """The sort key of the name that a list of the day shows."""
    name = valid_one(organisation.names, on)
    return name.sort_key if name else ""


def list_predecessors(session: Session, actor: Actor, organisation_id: int) -> list[Organisation]:
    """The institutions that this one took over, with their names."""
    return list(
        session.exec(
            readable_organisations(actor)
            .where(Organisation.successor_id == organisation_id)
            .options(selectinload(rel(Organisation.names)))
            .order_by(col(Organisation.id))
        ).all()
    )


def list_merged(session: Session, organisation_id: int) -> list[Organisation]:
    """The institutions that were merged into this one, with their names."""
    statement = (
        select(Organisation).where(Organisation.merged_into_id == organisation_id).order_by(col(Organisation.id))
    )
    return list(session.exec(statement.options(selectinload(rel(Organisation.names)))).all())


def merged_names(session: Session) -> dict[int, list[OrganisationName]]:
    """The names of everything that was merged, by the institution that it is now; one query."""
    rows = session.exec(
        select(OrganisationName, Organisation.merged_into_id)
        .join(Organisation, col(Organisation.id) == OrganisationName.organisation_id)
        .where(col(Organisation.merged_into_id).is_not(None))
        .order_by(col(OrganisationName.id))
    )
    found: dict[int, list[OrganisationName]] = {}
    for name, kept in rows:
        found.setdefault(kept or 0, []).append(name)
    return found


def live_organisations(session: Session, organisation_ids: Collection[int], *, wait: bool = True) -> set[int]:
    """Which of these exist and are not merged; until the commit nobody may merge or delete them.

    Whoever lets a row name an institution asks here, after locking that row's owner. Without ``wait`` one that is being
    changed counts as missing: for who holds another institution already, and must not wait for a second one.
    """
    statement = select(Organisation.id).where(
        col(Organisation.id).in_(set(organisation_ids)), col(Organisation.merged_into_id).is_(None)
    )
    rows = session.exec(statement.order_by(col(Organisation.id)).with_for_update(read=True, skip_locked=not wait))
    return {one for one in rows if one is not None}


def names_on(session: Session, organisation_ids: Collection[int], on: dt.date) -> dict[int, OrganisationName]:
    """The names of institutions that hold on a day, by institution; one query."""
    rows = session.exec(
        select(OrganisationName).where(col(OrganisationName.organisation_id).in_(set(organisation_ids)))
    ).all()
    grouped: dict[int, list[OrganisationName]] = {}
    for row in rows:
        grouped.setdefault(row.organisation_id, []).append(row)
    chosen = {key: valid_one(names, on) for key, names in grouped.items()}
    return {key: name for key, name in chosen.items() if name is not None}


def load_persons(session: Session, person_ids: Collection[int]) -> dict[int, Person]:
    """Persons by id, for people who may know of them anyway; one query."""
    rows = session.exec(select(Person).where(col(Person.id).in_(set(person_ids))))
    return {ident(row): row for row in rows}


class FunctionOn(NamedTuple):
    """What a person is on a day, and where; "" and None where nothing is known."""

    title: str = ""
    organisation: str = ""
    organisation_id: int | None = None


def functions_on(session: Session, person_ids: Collection[int], on: dt.date) -> dict[int, FunctionOn]:
    """What persons are on a day, by person; two queries. The latest that holds counts."""
    rows = session.exec(
        select(PersonFunction)
        .where(col(PersonFunction.person_id).in_(set(person_ids)))
        .order_by(col(PersonFunction.valid_from), col(PersonFunction.id))
    ).all()
    held = {row.person_id: row for row in rows if holds(row, on)}
    names = names_on(session, {row.organisation_id for row in held.values() if row.organisation_id}, on)
    return {
        person_id: FunctionOn(
            row.title, names[row.organisation_id].long if row.organisation_id in names else "", row.organisation_id
        )
        for person_id, row in held.items()
    }


def postal_addresses(session: Session, organisation_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The postal addresses of institutions as printed lines, by institution; those without one are left out."""
    rows = session.execute(
        sa.select(col(Organisation.id), col(Organisation.address), col(Organisation.country)).where(
            col(Organisation.id).in_(set(organisation_ids)), col(Organisation.address) != ""
        )
    ).all()
    return {row.id: postal_lines(row.address, row.country) for row in rows}


def find_organisation_by_name(session: Session, name: str, *, but: int | None = None) -> Organisation | None:
    """The institution that bears *name* (long or short, exactly), None if there is none.

    Neither *but* nor what was merged into it counts.
    """
    others = sa.and_(col(Organisation.id) != but, sa.func.coalesce(Organisation.merged_into_id, 0) != but)
    return session.exec(
        select(Organisation)
        .join(OrganisationName, col(OrganisationName.organisation_id) == Organisation.id)
        .where(sa.or_(col(OrganisationName.long) == name, col(OrganisationName.short) == name))
        .where(sa.true() if but is None else others)
        .order_by(col(Organisation.id))
    ).first()


def lock_organisation(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """One institution with its names, its row locked until the commit. NotFound as for :func:`get_organisation`."""
    statement = readable_organisations(actor).where(Organisation.id == organisation_id).with_for_update()
    statement = statement.options(selectinload(rel(Organisation.names)))
    found = session.exec(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound()
    return found


def list_names(session: Session, organisation_id: int) -> list[OrganisationName]:
    """The names of one institution, as rows to be replaced."""
    return list(session.exec(select(OrganisationName).where(OrganisationName.organisation_id == organisation_id)).all())


def find_person(session: Session, person_id: int) -> Person | None:
    """One person by id, None if unknown; for those who have checked the right already."""
    return session.get(Person, person_id)


def list_functions(session: Session, person_id: int) -> list[PersonFunction]:
    """The functions of one person, as rows to be replaced."""
    return list(session.exec(select(PersonFunction).where(PersonFunction.person_id == person_id)).all())


def last_names(session: Session, organisation_ids: Collection[int]) -> dict[int, str]:
    """The latest long names of institutions, by institution."""
    return {key: name.long for key, name in names_on(session, organisation_ids, dt.date.max).items()}


def successors(session: Session) -> dict[int, int | None]:
    """Every institution that was not merged, with the one that took over."""
    live = col(Organisation.merged_into_id).is_(None)
    rows = session.execute(sa.select(col(Organisation.id), col(Organisation.successor_id)).where(live)).all()
    return {row.id: row.successor_id for row in rows}


def organisation_choices(session: Session, on: dt.date) -> list[tuple[int, str]]:
    """Institutions to choose from, by the name of a day; merged ones are no choice."""
    live = col(Organisation.merged_into_id).is_(None)
    ids = session.execute(sa.select(col(Organisation.id)).where(live)).scalars().all()
    names = names_on(session, ids, on)
    return [(key, name.long) for key, name in sorted(names.items(), key=lambda item: (item[1].sort_key, item[0]))]


def uses_of(session: Session, table: str, row_id: int, *, but: Collection[str] = ()) -> list[str]:
    """What names a row of *table*, in German, each with its number; empty: nothing. Tables in *but* are its own parts.

    The foreign keys of the whole schema are asked, so that no table of a package above can be forgotten.
    """
    found = []
    for key in references(table):
        if key.table.name in but:
            continue
        statement = sa.select(sa.func.count()).select_from(key.table).where(key == row_id)
        number = session.execute(statement).scalar_one()
        if number:
            found.append(text.counted(number, *use_words(key)))
    return found


def use_words(key: sa.Column[int]) -> tuple[str, str]:
    """What the rows that name something by the column *key* are called: one, many."""
    table = key.table.name
    return USE_WORDS.get(f"{table}.{key.name}") or USE_WORDS.get(table) or ("weiterer Eintrag", "weitere Einträge")


def references(table: str) -> Iterator[sa.Column[int]]:
    """Every column of the whole schema that names a row of *table*."""
    for other in SQLModel.metadata.sorted_tables:
        for key in sorted(other.foreign_keys, key=lambda one: one.parent.name):
            if key.column.table.name == table:
                yield key.parent


def find_account_by_email(session: Session, email: str) -> Account | None:
    """The account with this address (lower case), None if there is none."""
    return session.exec(select(Account).where(Account.email == email)).first()


def get_account(session: Session, account_id: int) -> Account:
    """One account; for people who act on their own one. NotFound if it is gone."""
    found = session.get(Account, account_id)
    if found is None or found.removed_at is not None:
        raise NotFound()
    return found


def end_of_last_visit(session: Session, account_id: int) -> dt.datetime | None:
    """When the account was here last before its present visit; None on the first one."""
    return session.exec(select(Account.visited_before).where(Account.id == account_id)).first()


def list_accounts(session: Session) -> list[Account]:
    """All accounts by address; for the administration."""
    live = select(Account).where(col(Account.removed_at).is_(None))
    return sorted(session.exec(live).all(), key=lambda one: (text.sort_key(one.email), one.email))


def lock_accounts(session: Session, account_id: int) -> Account:
    """One account for changing whether it works; every administration's row is locked with it, always in one order.

    NotFound if it is gone. The caller is the administration.
    """
    admins = select(AccountRole.account_id).where(AccountRole.role == Role.ADMIN)
    rows = session.exec(
        select(Account)
        .where(sa.or_(col(Account.id).in_(admins), col(Account.id) == account_id), col(Account.removed_at).is_(None))
        .order_by(col(Account.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    found = next((row for row in rows if row.id == account_id), None)
    if found is None:
        raise NotFound()
    return found


def count_active_admins(session: Session, *, but: int) -> int:
    """How many other accounts of the administration work."""
    return session.exec(
        select(sa.func.count(sa.distinct(col(Account.id))))
        .join(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(AccountRole.role == Role.ADMIN, col(Account.active).is_(True), Account.id != but)
    ).one()


def all_account_roles(session: Session) -> dict[int, list[AccountRole]]:
    """The given roles of all accounts, by account; for the administration's list."""
    found: dict[int, list[AccountRole]] = {}
    for row in session.exec(select(AccountRole).order_by(col(AccountRole.id))):
        found.setdefault(row.account_id, []).append(row)
    return found


def person_choices(session: Session) -> list[tuple[int, str]]:
    """Persons to tie an account to, by name; names only, for the administration."""
    return [
        (ident(row), row.name) for row in session.exec(select(Person).order_by(col(Person.sort_key), col(Person.id)))
    ]


def list_account_roles(session: Session, account_id: int) -> list[AccountRole]:
    """The roles given to an account."""
    return list(session.exec(select(AccountRole).where(AccountRole.account_id == account_id)).all())


def count_failures(session: Session, key: str, since: dt.datetime) -> int:
    """How often a sign-in under *key* failed since a moment."""
    return session.exec(
        select(sa.func.count()).select_from(SignInFailure).where(SignInFailure.key == key, SignInFailure.at > since)
    ).one()


def find_session(session: Session, key: str) -> SignInSession | None:
    """The session of the browser with this cookie, ended ones included."""
    return session.exec(select(SignInSession).where(SignInSession.token_hash == key_hash(key))).first()


def list_api_tokens(session: Session, account_id: int) -> list[ApiToken]:
    """The account's keys for programs that still work, newest first."""
    return list(
        session.exec(
            select(ApiToken)
            .where(ApiToken.account_id == account_id, col(ApiToken.revoked_at).is_(None))
            .order_by(col(ApiToken.id).desc())
        ).all()
    )


def list_feed_tokens(session: Session, account_id: int) -> list[FeedToken]:
    """The account's calendar subscriptions that still work, newest first."""
    return list(
        session.exec(
            select(FeedToken)
            .where(FeedToken.account_id == account_id, col(FeedToken.revoked_at).is_(None))
            .order_by(col(FeedToken.id).desc())
        ).all()
    )
