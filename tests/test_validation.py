"""German sentences for what pydantic refuses."""

from enum import StrEnum

import pytest
from pydantic import BaseModel, ValidationError

from app.errors import Invalid
from app.validation import UNKNOWN_CHOICE, read, sentences

pytestmark = pytest.mark.once


class Colour(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Shape(BaseModel):
    light: Colour


def test_people_who_choose_what_is_not_offered_read_no_codes():
    with pytest.raises(Invalid) as refused:
        read(Shape, {"light": "blau"})
    assert refused.value.fields == {"light": UNKNOWN_CHOICE}


def test_programs_read_the_codes_in_a_german_sentence():
    with pytest.raises(ValidationError) as refused:
        Shape.model_validate({"light": "blau"})
    there = [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]
    assert sentences(there, of_request=True) == {"light": "Erlaubt ist: 'green', 'yellow' oder 'red'."}
