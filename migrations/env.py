"""Runs migrations: with a connection handed over by the application, else on the configured database."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from app.config import Settings
from app.db import Database
from app.migrating import every_table, is_modelled

every_table()


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write plain SQLAlchemy types, so that a migration never depends on the models of today."""
    if kind != "type":
        return False
    if isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    if isinstance(thing, sa.Enum):
        values = ", ".join(repr(value) for value in thing.enums)
        return f"sa.Enum({values}, name={str(thing.name)!r}, native_enum=False, create_constraint=True, length=40)"
    if type(thing).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: sa.Connection) -> None:
    """Run what is missing, one transaction for all of it."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=True,
        include_object=is_modelled,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over: sa.Connection | None = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    with Database(Settings().database_url).engine.connect() as own:
        migrate(own)
        own.commit()
