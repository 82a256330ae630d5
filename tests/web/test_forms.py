"""What forms send: numbers that nobody types by hand, and refusals at their fields."""

import pytest

from app.errors import Invalid, Refused
from app.web.forms import seen_version, typed_number

pytestmark = pytest.mark.once


@pytest.mark.parametrize("nonsense", ["", "-1", "1.5", "²", "٣", "1e3", "9" * 10])
def test_what_is_no_number_is_never_taken_for_one(nonsense):
    assert typed_number(nonsense) == 0
    assert seen_version({"version": nonsense}) is None


def test_numbers_are_read():
    assert typed_number("42") == 42
    assert seen_version({"version": "0"}) == 0


def test_refusals_stand_at_their_fields_or_above_the_form():
    assert Invalid({"title": "Bitte füllen Sie dieses Feld aus."}).by_field == {
        "title": "Bitte füllen Sie dieses Feld aus."
    }
    assert Refused("Die Sitzung ist gehalten.").by_field == {"": "Die Sitzung ist gehalten."}
