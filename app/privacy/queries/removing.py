"""What a removal must know: what is in its way, what goes, what stays and why, where an address still stands."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.actions.models import Action
from app.actor import Actor, Role
from app.bodies.models import Membership
from app.db import ident
from app.history.models import HistoryDetail, HistoryEntry
from app.migrating import every_table
from app.people.models import Account, AccountRole, Person
from app.people.queries import count_active_admins, list_account_roles
from app.privacy.queries.people import Subject
from app.privacy.queries.personal import references
from app.privacy.rules.addresses import names_address
from app.privacy.rules.references import REFERENCES, Fate
from app.projects.models import ProjectLead


@dataclass(frozen=True, slots=True)
class Plan:
    """What a removal would do. ``refusals``: sentences; with one of them nothing is done.

    ``goes`` are (what, how many), ``stays`` (what, how many, why), ``left`` (table and column, how many): other places
    that hold an address of theirs, because people typed it there or because it is frozen.
    """

    refusals: tuple[str, ...]
    goes: tuple[tuple[str, int], ...]
    stays: tuple[tuple[str, int, str], ...]
    left: tuple[tuple[str, int], ...]
    keeps_name: bool


def plan_of(session: Session, actor: Actor, subject: Subject) -> Plan:
    """What removing *subject* would do now."""
    goes: dict[str, int] = {}
    stays: list[tuple[str, int, str]] = []
    keeps = keeps_name(session, subject)
    for place, number in _counted(session, subject).items():
        reference = REFERENCES[place]
        if reference.fate is Fate.KEEPS or (reference.fate is Fate.FOLLOWS and keeps):
            stays.append((reference.title, number, reference.why))
        else:
            goes[reference.title] = goes.get(reference.title, 0) + number
    gone = {place.partition(".")[0] for place in REFERENCES if REFERENCES[place].fate is not Fate.KEEPS}
    gone |= {"account", "person", "history_detail", "mail_try", "seat_address", "feedback", "idempotent_answer", "job"}
    gone.add("invitation_reply")
    return Plan(
        refusals=tuple(refusals(session, actor, subject)),
        goes=tuple((title, number) for title, number in goes.items() if number),
        stays=tuple(stays),
        left=tuple(one for one in places_with(session, subject.addresses) if one[0].partition(".")[0] not in gone),
        keeps_name=keeps,
    )


def refusals(session: Session, actor: Actor, subject: Subject) -> list[str]:
    """Why nothing may be removed yet, each with what helps."""
    found = []
    ids = [ident(account) for account in subject.accounts]
    if actor.account_id in ids:
        found.append("Das ist Ihr eigenes Konto. Bitten Sie eine andere Person der Systemadministration.")
    for account_id in ids:
        is_admin = any(row.role is Role.ADMIN for row in list_account_roles(session, account_id))
        if is_admin and count_active_admins(session, but=account_id) == 0:
            found.append("Das ist das letzte Konto der Systemadministration. Legen Sie zuerst ein weiteres an.")
    if subject.person is None:
        return found
    person_id, today = ident(subject.person), clock.today()
    if _holds(session, Membership, person_id, today):
        found.append("Die Person hat noch einen Sitz. Beenden Sie zuerst die Besetzung beim Gremium.")
    if _holds(session, ProjectLead, person_id, today):
        found.append("Die Person leitet noch ein Projekt. Tragen Sie zuerst ein, wer es übernimmt.")
    due = select(Action.id).where(Action.person_id == person_id, col(Action.done_on).is_(None)).limit(1)
    if session.exec(due).first() is not None:
        found.append("Bei der Person liegt noch ein offener Auftrag. Geben Sie ihn zuerst jemand anderem.")
    return found


def _holds(session: Session, kind: type[Membership] | type[ProjectLead], person_id: int, today: dt.date) -> bool:
    until: Any = kind.valid_to
    statement = sa.select(sa.literal(1)).where(
        col(kind.person_id) == person_id, sa.or_(col(until).is_(None), col(until) >= today)
    )
    return session.execute(statement.limit(1)).first() is not None


def keeps_name(session: Session, subject: Subject) -> bool:
    """Whether something of the files refers to the person, so that the name stays."""
    counted = _counted(session, subject)
    return any(number and REFERENCES[place].fate is Fate.KEEPS for place, number in counted.items())


def _counted(session: Session, subject: Subject) -> dict[str, int]:
    ids = _roots(subject)
    found = {}
    for place, column in sorted(references().items()):
        root = next(iter(column.foreign_keys)).column.table.name
        if not ids[root]:
            continue
        counting = sa.select(sa.func.count()).select_from(column.table).where(column.in_(ids[root]))
        number = session.execute(counting).scalar_one()
        if number:
            found[place] = number
    return found


def rows_of(session: Session, column: sa.Column[Any], ids: Collection[int]) -> list[int]:
    """The ids of the rows whose *column* refers to one of *ids*; none for tables without an id of their own."""
    if "id" not in column.table.c:
        return []
    return list(session.execute(sa.select(column.table.c.id).where(column.in_(ids))).scalars())


def ids_where(session: Session, table: sa.Table, clause: sa.ColumnElement[bool]) -> list[int]:
    """The ids of the rows of *table* for which *clause* holds."""
    return list(session.execute(sa.select(table.c.id).where(clause)).scalars())


def mails_of(
    session: Session, account_ids: Collection[int], person_ids: Collection[int], to: Sequence[str]
) -> list[int]:
    """Mails to these accounts, persons or addresses."""
    mail = every_table().tables["mail"].c
    wanted = sa.or_(
        mail.account_id.in_(account_ids), mail.person_id.in_(person_ids), sa.func.lower(mail.address).in_(to)
    )
    return list(session.execute(sa.select(mail.id).where(wanted)).scalars())


def entries_about(session: Session, things: dict[str, list[int]], addresses: Sequence[str]) -> list[int]:
    """History entries with details about one of *things* (ids by table), or whose details name one of *addresses*."""
    about = [
        sa.and_(col(HistoryEntry.object_kind) == kind, col(HistoryEntry.object_id).in_(ids))
        for kind, ids in things.items()
        if ids
    ]
    statement = select(HistoryDetail.entry_id).join(HistoryEntry, col(HistoryEntry.id) == HistoryDetail.entry_id)
    found = set(session.exec(statement.where(sa.or_(sa.false(), *about))))
    holds = [holds_words(col(HistoryDetail.content), one) for one in addresses]
    rows = session.exec(select(HistoryDetail.entry_id, HistoryDetail.content).where(sa.or_(sa.false(), *holds)))
    found |= {entry_id for entry_id, content in rows if any(names_address(content, one) for one in addresses)}
    return sorted(found)


def places_with(session: Session, words: Sequence[str]) -> list[tuple[str, int]]:
    """Every text column of the database that holds one of *words* (in any case), with the number of rows."""
    found = []
    for table in every_table().sorted_tables:
        for column in table.columns:
            if not words or not _holds_text(column):
                continue
            wanted = sa.or_(*(holds_words(column, one) for one in words))
            number = session.execute(sa.select(sa.func.count()).select_from(table).where(wanted)).scalar_one()
            if number:
                found.append((f"{table.name}.{column.name}", int(number)))
    return found


def _holds_text(column: sa.Column[Any]) -> bool:
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    return isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)


def holds_words(column: Any, words: str) -> sa.ColumnElement[bool]:
    """Whether a text holds *words*, in any case."""
    plain = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found: sa.ColumnElement[bool] = sa.func.lower(column).like(f"%{plain}%", escape="\\")
    return found


def lock_subject(session: Session, subject: Subject) -> None:
    """Lock the administration's accounts with those of *subject* in one order, then the person: nobody seats them."""
    admins = select(AccountRole.account_id).where(AccountRole.role == Role.ADMIN)
    mine = [ident(account) for account in subject.accounts]
    session.exec(
        select(Account)
        .where(sa.or_(col(Account.id).in_(admins), col(Account.id).in_(mine)))
        .order_by(col(Account.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if subject.person is not None:
        person = select(Person).where(Person.id == subject.person.id).with_for_update()
        session.exec(person.execution_options(populate_existing=True)).one()


def _roots(subject: Subject) -> dict[str, list[int]]:
    return {
        "account": [ident(account) for account in subject.accounts],
        "person": [ident(subject.person)] if subject.person else [],
    }
