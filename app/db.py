"""The database: engines, read and write sessions, and the one place that commits.

A write transaction on SQLite is taken with ``BEGIN IMMEDIATE`` under one process-wide lock, at the session's first use.
The lock is a plain one because a request's session ends in another thread than it began. Readers are read only on both
databases; on PostgreSQL they see one state of the data (REPEATABLE READ).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm.attributes import QueryableAttribute
from sqlmodel import Field, Session, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

LastStep = Callable[[Session], None]
_LAST_STEPS = "last_steps"
_GATE = "skip_gate"
_writers = threading.Lock()
LOCK_PATIENCE_SECONDS = 15


class _Gate:
    """One write session's hold on the process-wide lock of an SQLite file."""

    def __init__(self) -> None:
        self._held = False

    def enter(self) -> None:
        if not self._held:
            if not _writers.acquire(timeout=LOCK_PATIENCE_SECONDS):
                raise TimeoutError("the database stayed locked by another writer")
            self._held = True

    def leave(self) -> None:
        if self._held:
            self._held = False
            _writers.release()


class Database:
    """The engines of one database and the sessions on them. Errors never name values: logs hold no personal data."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, read_only=False)
            self._reader = _sqlite_engine(url, read_only=True)
        else:
            self._writer = _postgres_engine(url)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def engine(self) -> sa.Engine:
        """The engine that may write; for migrations and checks."""
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads and sees one state of the data."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends and rolled back when it raises."""
        gate = _Gate()
        bind = self._writer.execution_options(**{_GATE: gate}) if self.is_sqlite else self._writer
        try:
            with Session(bind, expire_on_commit=False) as session:
                yield session
                commit(session)
        finally:
            gate.leave()

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        if self._reader is not self._writer:
            self._reader.dispose()


def last_step(session: Session, step: LastStep) -> None:
    """Have *step* done once, after all changes are flushed and directly before the commit."""
    steps: list[LastStep] = session.info.setdefault(_LAST_STEPS, [])
    if step not in steps:
        steps.append(step)


def commit(session: Session) -> None:
    """Flush, do the last steps, commit. Nothing else in the application commits."""
    if not session.in_transaction():
        return
    session.flush()
    for step in session.info.pop(_LAST_STEPS, []):
        step(session)
    session.commit()


def ident(row: Any) -> int:
    """The id of a stored row (SQLModel types it as perhaps missing)."""
    found: int | None = row.id
    if found is None:
        raise RuntimeError(f"{type(row).__name__} is not stored yet")
    return found


def rel(attribute: Any) -> QueryableAttribute[Any]:
    """A relationship attribute as SQLAlchemy sees it (SQLModel types it as the related object)."""
    found: QueryableAttribute[Any] = attribute
    return found


class Versioned(SQLModel):
    """A row that two people may edit: ``version`` rises with every change, and a lost race raises StaleDataError."""

    version: int = Field(default=None, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Tells SQLAlchemy which column counts the versions."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def key_column(length: int = 400) -> sa.types.TypeEngine[str]:
    """A string column of sort keys: compared as bytes on both databases."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def enum_column(kind: type, name: str = "", *, length: int = 40) -> sa.Enum:
    """A string column that holds a value of the StrEnum *kind*, guarded by a CHECK of the database.

    *name* is the CHECK's name where a table has several columns of the kind.
    """
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        name=name or _snake(kind.__name__),
    )


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


def _with_driver(url: str) -> str:
    return url.replace("postgres://", "postgresql://", 1)


def _postgres_engine(url: str) -> sa.Engine:
    engine = sa.create_engine(
        _with_driver(url), pool_size=10, max_overflow=30, pool_pre_ping=True, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        """No compiling of queries: those with many rights in them cost a tenth of a second more by it."""
        connection.autocommit = True  # else the setting would go with the first transaction that is rolled back
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
        connection.autocommit = False

    return engine


def _sqlite_engine(url: str, *, read_only: bool) -> sa.Engine:
    path = url.removeprefix("sqlite:///")
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": LOCK_PATIENCE_SECONDS},
        pool_size=20,
        max_overflow=30,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={LOCK_PATIENCE_SECONDS * 1000}",
            f"query_only={'ON' if read_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        gate: _Gate | None = connection.get_execution_options().get(_GATE)
        if gate is not None:
            gate.enter()
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
