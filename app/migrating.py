"""Bringing the database up to date, and knowing whether it is."""

import importlib.util
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app.db import Database

ROOT = Path(__file__).parent.parent


@cache
def every_table() -> sa.MetaData:
    """The description of every table of every package, whether or not the running program needed it so far."""
    for package in pkgutil.iter_modules([str(ROOT / "app")], "app."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")
    return SQLModel.metadata


def is_modelled(_thing: Any, name: str | None, kind: str, *_more: Any) -> bool:
    """Whether models and database are compared: not what triggers keep for the search, another thing on each database.

    As Alembic's ``include_object`` asks it.
    """
    named = name or ""
    return not (kind == "table" and named.startswith("search_gram")) and named not in ("grams", "ix_search_entry_grams")


def _config() -> Config:
    return Config(ROOT / "alembic.ini")


def upgrade(database: Database, to: str = "head") -> None:
    """Run the missing migrations, all in one transaction.

    On SQLite foreign keys rest while tables are rebuilt; afterwards they are checked.
    """
    config = _config()
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _set_foreign_keys(connection, "OFF")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if database.is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                connection.rollback()
                raise RuntimeError(f"the migration left {len(broken)} rows without their parent")
        connection.commit()
        if database.is_sqlite:
            _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: sa.Connection, state: str) -> None:
    """Directly on the driver's connection: SQLite ignores this pragma inside a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()


def downgrade(database: Database, to: str) -> None:
    """Go back to an earlier migration; for tests."""
    config = _config()
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _set_foreign_keys(connection, "OFF")
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()
        if database.is_sqlite:
            _set_foreign_keys(connection, "ON")


def current_revision(database: Database) -> str | None:
    """The migration that the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    return found


@cache
def newest_revision() -> str | None:
    """The migration that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()
