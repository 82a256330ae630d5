"""Everything stored about somebody: read from the tables' own description, so that no table can be forgotten."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock, text
from app.db import ident
from app.documents.personal_data import DataField, DataPart, Explained, PersonalDataValues
from app.history.models import HistoryDetail, HistoryEntry
from app.history.words import FIELDS, VERBS
from app.installation.queries import is_demo
from app.migrating import every_table
from app.notices.rules.kinds import SPECS
from app.people.queries import names_on
from app.privacy.queries.people import Subject
from app.privacy.rules.references import LABELS, NOT_GIVEN, REFERENCES, Reference, is_given
from app.privacy.rules.words import words_of
from app.revisions.models import TextRevision

Row = Mapping[str, Any]
ROOTS = ("person", "account")


def references() -> dict[str, sa.Column[Any]]:
    """Every column of the database that refers to a person or an account, by table and name."""
    return {
        f"{table.name}.{key.parent.name}": key.parent
        for table in every_table().tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ROOTS
    }


def everything_about(session: Session, subject: Subject) -> PersonalDataValues:
    """What is stored about *subject*, part by part; parts without rows are left out."""
    parts = [
        _part(session, "person", "Person", _rows(session, "person", _ids([subject.person]))),
        _part(session, "account", "Konten", _rows(session, "account", _ids(subject.accounts))),
        *_referring(session, subject),
        *_by_address(session, subject),
        _part_of("history", "Verlauf: was mit diesem Konto getan wurde", _history(session, subject)),
        _part_of("text_revision", "Texte, die Sie geschrieben haben", _texts(session, subject)),
    ]
    return PersonalDataValues(
        name=subject.name,
        made_at=clock.now(),
        parts=tuple(part for part in parts if part.rows),
        left_out=tuple(Explained(what=what, why=why) for what, why in NOT_GIVEN),
        demo=is_demo(session),
    )


def _referring(session: Session, subject: Subject) -> list[DataPart]:
    ids = {"person": _ids([subject.person]), "account": _ids(subject.accounts)}
    found: list[DataPart] = []
    told: set[tuple[Any, ...]] = set()
    for place, column in sorted(references().items()):
        reference = REFERENCES[place]
        root = next(iter(column.foreign_keys)).column.table.name
        if reference.excuse or place == "account.person_id" or not ids[root]:
            continue
        keyed = {
            (column.table.name, *(row[one.name] for one in column.table.primary_key)): row
            for row in _rows(session, column.table.name, ids[root], column.name)
        }
        rows = [row for key, row in keyed.items() if key not in told]  # a mail names person and account
        told |= keyed.keys()
        found.append(_part(session, place, reference.title, rows, reference))
    return found


def _by_address(session: Session, subject: Subject) -> list[DataPart]:
    """What is stored under somebody's mail address alone."""
    found = []
    for place, title in (
        ("mail.address", "Mails an Ihre Adresse"),
        ("seat_address.email", "Anschriften von Sitzen"),
        ("feedback.reply_to", "Rückmeldungen zur Barrierefreiheit"),
        ("invitation_recipient.address", "Einladungen an Ihre Adresse"),
        ("invitation_reply.sender", "Antworten von Ihrer Adresse"),
    ):
        table, name = place.split(".")
        columns = every_table().tables[table]
        there = sa.func.lower(columns.c[name]).in_(subject.addresses)
        unknown = [columns.c[one].is_(None) for one in ("person_id", "account_id") if one in columns.c]
        rows = session.execute(sa.select(columns).where(there, *unknown).order_by(*columns.primary_key)).mappings()
        found.append(_part(session, place, title, [dict(row) for row in rows]))
    return found


def _history(session: Session, subject: Subject) -> list[tuple[DataField, ...]]:
    statement = (
        select(HistoryEntry.at, HistoryEntry.verb)
        .join(HistoryDetail, col(HistoryDetail.entry_id) == HistoryEntry.id)
        .where(col(HistoryDetail.account_id).in_(_ids(subject.accounts)))
        .order_by(col(HistoryEntry.id))
    )
    return [
        (_field("at", "Wann", at), DataField(key="verb", label="Was", value=verb, words=VERBS.get(verb, verb)))
        for at, verb in session.exec(statement)
    ]


def _texts(session: Session, subject: Subject) -> list[tuple[DataField, ...]]:
    statement = (
        select(TextRevision.object_kind, sa.func.count(), sa.func.max(col(TextRevision.saved_at)))
        .where(col(TextRevision.account_id).in_(_ids(subject.accounts)))
        .group_by(TextRevision.object_kind)
        .order_by(TextRevision.object_kind)
    )
    return [
        (
            DataField(key="object_kind", label="Wo", value=kind, words=_PLACES.get(kind, kind)),
            _field("number", "Wie viele Fassungen", number),
        )
        for kind, number, _ in session.exec(statement)
    ]


_PLACES = {
    "agenda_item": "Tagesordnungspunkte",
    "circular": "Umlaufverfahren",
    "decision": "Beschlüsse",
    "meeting": "Sitzungen",
    "minute_note": "Verlauf der Beratung",
    "minutes": "Niederschriften",
    "proposal": "Vorschläge",
    "registration": "Anmeldungen von Themen",
    "speaking_frame": "Sprechzettel (Begrüßung und Schluss)",
    "speaking_note": "Sprechzettel",
}


def _rows(session: Session, table: str, ids: Collection[int], key: str = "id") -> list[Row]:
    columns = every_table().tables[table]
    statement = sa.select(columns).where(columns.c[key].in_(ids)).order_by(*columns.primary_key)
    return [dict(row) for row in session.execute(statement).mappings()]


def _part(session: Session, key: str, title: str, rows: Sequence[Row], reference: Reference | None = None) -> DataPart:
    columns_of = key.partition(".")[0]
    columns = every_table().tables[columns_of].c
    kept = [one for one in columns if is_given(reference or REFERENCES["person_function.person_id"], one.name)]
    kept = [one for one in kept if not (one.foreign_keys and _target(one) in ROOTS)]
    words: dict[str, Mapping[Any, str] | None] = {
        one.name: _names(session, _target(one), {row[one.name] for row in rows}) for one in kept if one.foreign_keys
    }
    if columns_of in ("notice", "notice_choice"):
        words["kind"] = {kind: spec.title for kind, spec in SPECS.items()}
    return _part_of(
        key,
        title,
        [
            tuple(_field(one.name, label_of(columns_of, one.name), row[one.name], words.get(one.name)) for one in kept)
            for row in rows
        ],
    )


def _part_of(key: str, title: str, rows: Sequence[tuple[DataField, ...]]) -> DataPart:
    return DataPart(key=key, title=title, rows=tuple(rows))


def label_of(table: str, column: str) -> str:
    """The German name of a column; KeyError for one that nobody named."""
    own = f"{table}.{column}"
    return LABELS.get(own) or LABELS.get(column) or FIELDS[column]


def _field(key: str, label: str, value: Any, words: Mapping[Any, str] | None = None) -> DataField:
    if words is not None and value is not None:
        return DataField(key=key, label=label, value=value, words=words.get(value, str(value)))
    if isinstance(value, dt.datetime):
        return DataField(key=key, label=label, value=value.astimezone(dt.UTC).isoformat(), words=text.moment(value))
    if isinstance(value, dt.date):
        return DataField(key=key, label=label, value=value.isoformat(), words=text.date(value))
    if isinstance(value, bool):
        return DataField(key=key, label=label, value=value, words="ja" if value else "nein")
    if isinstance(value, Enum):
        return DataField(key=key, label=label, value=value.value, words=words_of(value))
    plain = value
    return DataField(key=key, label=label, value=plain, words="" if plain is None else str(plain))


def _names(session: Session, table: str, ids: Iterable[int | None]) -> dict[int, str] | None:
    """What rows of a table are called; None where only their number tells them apart."""
    maker = _NAMERS.get(table)
    return maker(session, {one for one in ids if one is not None}) if maker else None


def _plain_names(table: str, *names: str) -> Callable[[Session, set[int]], dict[int, str]]:
    def of(session: Session, ids: set[int]) -> dict[int, str]:
        columns = every_table().tables[table].c
        rows = session.execute(sa.select(columns.id, *(columns[one] for one in names)).where(columns.id.in_(ids)))
        return {row[0]: " ".join(str(part) for part in row[1:] if part) or str(row[0]) for row in rows}

    return of


def _meetings(session: Session, ids: set[int]) -> dict[int, str]:
    columns = every_table().tables["meeting"].c
    rows = session.execute(sa.select(columns.id, columns.starts_at).where(columns.id.in_(ids)))
    return {row[0]: f"Sitzung am {text.date(row[1].astimezone(clock.BERLIN).date())}" for row in rows}


def _organisations(session: Session, ids: set[int]) -> dict[int, str]:
    return {one: name.long for one, name in names_on(session, ids, clock.today()).items()}


def _seats(session: Session, ids: set[int]) -> dict[int, str]:
    seats, bodies = every_table().tables["seat"].c, every_table().tables["body"].c
    rows = session.execute(
        sa.select(seats.id, bodies.short_name, seats.title, seats.organisation_id)
        .join_from(every_table().tables["seat"], every_table().tables["body"])
        .where(seats.id.in_(ids))
    ).all()
    places = _organisations(session, {row[3] for row in rows if row[3] is not None})
    return {row[0]: ", ".join(part for part in (row[1], places.get(row[3]) or row[2]) if part) for row in rows}


_NAMERS: Mapping[str, Callable[[Session, set[int]], dict[int, str]]] = {
    "agenda_item": _plain_names("agenda_item", "number"),
    "body": _plain_names("body", "short_name"),
    "decision": _plain_names("decision", "number"),
    "meeting": _meetings,
    "organisation": _organisations,
    "project": _plain_names("project", "code"),
    "seat": _seats,
}


def _target(column: sa.Column[Any]) -> str:
    return next(iter(column.foreign_keys)).column.table.name


def _ids(rows: Iterable[Any]) -> list[int]:
    return [ident(row) for row in rows if row is not None]
