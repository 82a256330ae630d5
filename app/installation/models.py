"""Tables of the installation: its one row, how long what is kept, and how much was swept."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Installation(SQLModel, table=True):
    """The one row: ``demo_made_on`` is set where the data are invented; then every page and PDF says so."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    demo_made_on: dt.date | None = None


class RetentionSetting(SQLModel, table=True):
    """How many days a kind of data is kept, where the operator decided it; ``source`` says who decided, and why."""

    __tablename__ = "retention_setting"
    __table_args__ = (sa.CheckConstraint("days > 0", name="days"),)

    kind: str = Field(primary_key=True, max_length=40)
    days: int
    source: str = Field(max_length=300)
    changed_at: dt.datetime


class RetentionSweep(SQLModel, table=True):
    """How many rows of a kind were swept on a day; never which."""

    __tablename__ = "retention_sweep"

    kind: str = Field(primary_key=True, max_length=40)
    day: dt.date = Field(primary_key=True)
    number: int = 0
