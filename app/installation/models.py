"""Table of the installation: its one row."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Installation(SQLModel, table=True):
    """The one row: ``demo_made_on`` is set where the data are invented; then every page and PDF says so."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    demo_made_on: dt.date | None = None
