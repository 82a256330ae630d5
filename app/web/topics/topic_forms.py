"""What forms of proposals, backlog entries and registrations share: their choices, and typed projects as ids."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from app import clock
from app.agenda import queries
from app.agenda.models import Level
from app.agenda.rules import words
from app.agenda.rules.codes import projects_of_codes
from app.bodies.queries import list_sections, steered_periods
from app.errors import Invalid
from app.web.forms import read_form

Shape = TypeVar("Shape", bound=BaseModel)


def choices(session: Session, body_id: int) -> dict[str, Any]:
    """Sections of the body, kinds and levels as (value, word)."""
    return {
        "sections": [(section.key, section.title) for section in list_sections(session, body_id)],
        "kinds": [(kind.value, word) for kind, word in words.KIND_WORDS.items()],
        "levels": [(level.value, words.LEVEL_WORDS[level]) for level in Level],
    }


def read_with_projects(
    session: Session,
    shape: type[Shape],
    values: Mapping[str, Any],
    body_id: int,
    *,
    keep_empty: tuple[str, ...] = (),
) -> Shape:
    """The typed fields as *shape*, with project numbers found among those of the body; all wrong fields at once."""
    errors: dict[str, str] = {}
    given: dict[str, Any] = {name: value for name, value in values.items() if name != "projects"}
    if "projects" in values:
        try:
            known = queries.known_projects(session, steered_periods(session, body_id))
            given["projects"] = projects_of_codes(values["projects"], known, clock.today())
        except Invalid as error:
            errors |= error.fields
    try:
        wish = read_form(shape, given, keep_empty=keep_empty)
    except Invalid as error:
        raise Invalid({**error.fields, **errors}) from None
    if errors:
        raise Invalid(errors)
    return wish
