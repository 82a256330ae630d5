"""Table of the job queue."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Job(SQLModel, table=True):
    """One piece of work: ``name`` finds the function, ``payload`` is its JSON argument.

    Waiting while ``done_at`` and ``failed_at`` are empty and ``run_at`` has come; taken until ``leased_until``.
    ``dedupe_key`` is unique among waiting jobs.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.Index(
            "uq_job_dedupe",
            "dedupe_key",
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        ),
        sa.Index(
            "ix_job_waiting",
            "run_at",
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    payload: str = "{}"
    dedupe_key: str | None = Field(default=None, max_length=120)
    run_at: dt.datetime
    leased_until: dt.datetime | None = None
    attempts: int = 0
    last_error: str = Field(default="", max_length=1000)
    done_at: dt.datetime | None = None
    failed_at: dt.datetime | None = None
