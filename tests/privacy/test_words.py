"""What a person is given tells stored choices in German words."""

import pytest
import sqlalchemy as sa

from app.attendance.models import Answer
from app.circulars.models import Vote
from app.privacy.queries.personal import REFERENCES, every_table, is_given
from app.privacy.rules.words import words_of

pytestmark = pytest.mark.once


def test_every_choice_in_the_export_has_a_word_of_its_own():
    without = set()
    for name, reference in REFERENCES.items():
        if reference.excuse:
            continue
        for column in every_table().tables[name.partition(".")[0]].c:
            kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
            choices = getattr(column.type, "enum_class", None) or getattr(kind, "enum_class", None) or ()
            if is_given(reference, column.name):
                without |= {f"{column}: {one}" for one in choices if words_of(one) == one.value}
    assert not without


def test_the_same_value_of_two_choices_has_two_words():
    assert Vote.NO.value == "no"
    assert words_of(Vote.NO) == "Nein"
    assert words_of(Answer.ACCEPTED) != Answer.ACCEPTED.value
