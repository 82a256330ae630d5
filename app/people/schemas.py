"""Shapes of institutions, persons and accounts, with their field checks."""

from pydantic import BaseModel, ConfigDict, Field

from app.actor import Role


class AccountIn(BaseModel):
    """A wish for a new account. ``role`` None is a plain user, whose rights follow from seats and projects."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=200)
    role: Role | None = None
    body_id: int | None = None
    person_id: int | None = None
    password_hash: str = ""
