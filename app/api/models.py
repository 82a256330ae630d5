"""Table of answers that were given under an Idempotency-Key."""

import datetime as dt

from sqlmodel import Field, SQLModel


class IdempotentAnswer(SQLModel, table=True):
    """The answer to a POST that carried an Idempotency-Key: the same key and request gives the same answer again."""

    __tablename__ = "idempotent_answer"

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=200)
    request_hash: str = Field(max_length=64)
    status: int
    location: str = Field(default="", max_length=400)
    body: str
    made_at: dt.datetime = Field(index=True)
