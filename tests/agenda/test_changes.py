"""Comparing two versions: nothing for equal ones, a line for every difference, nothing about what the edition hides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.models import Edition, Level
from app.agenda.rules.changes import changes_between, sentence
from app.agenda.schemas.changes import ChangeKind
from app.agenda.schemas.frozen import AgendaValues, edition, guest_edition
from tests.documents.change_samples import AFTER, BEFORE, FIRST
from tests.documents.samples import agenda, item, section

pytestmark = pytest.mark.once


def one(**changes: object) -> AgendaValues:
    return agenda(sections=(section("4", "Beratung", FIRST.model_copy(update=changes)),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "Halle Süd"}, "TOP 4.1: Titel: „Halle Nord“ → „Halle Süd“"),
        ({"minutes": 20}, "TOP 4.1: 10 → 20 Min."),
        ({"presenter": ""}, "TOP 4.1: Berichterstattung: IHK Berlin → (leer)"),
        ({"level": Level.CONFIDENTIAL}, "TOP 4.1: Vertraulichkeit: intern → vertraulich"),
        ({"occasion": "Neu"}, "TOP 4.1: Anlass geändert"),
        ({"withdrawn": True, "withdrawn_reason": "fehlt"}, "TOP 4.1 abgesetzt (fehlt): Halle Nord"),
    ],
)
def test_every_field_is_told_in_a_sentence(changes: dict[str, object], said: str) -> None:
    assert [sentence(found) for found in changes_between(one(), one(**changes))] == [said]


def test_equal_versions_have_no_changes_and_clock_times_do_not_count() -> None:
    later = BEFORE.model_copy(update={"version": 2, "late_reason": "x", "supplement_reason": "y"})
    assert changes_between(BEFORE, later) == ()


def test_an_item_that_became_confidential_vanishes_unseen() -> None:
    old, new = (edition(one(level=level), Edition.NON_CONFIDENTIAL) for level in (Level.INTERNAL, Level.CONFIDENTIAL))
    assert changes_between(old, new) == ()
    back = changes_between(new, old)
    assert [found.kind for found in back] == [ChangeKind.NEW]


def test_a_guests_sheet_is_about_their_item_only() -> None:
    old, new = (guest_edition(values, "4.1") for values in (BEFORE, AFTER))
    assert old is not None
    assert new is not None
    assert {found.number for found in changes_between(old, new) if found.number} == {"4.1"}


levels = st.sampled_from(list(Level))
items = st.lists(
    st.tuples(levels, st.sampled_from(["a", "b"]), st.booleans(), st.integers(1, 3)), min_size=1, max_size=6
)


def made(rows: list[tuple[Level, str, bool, int]], hidden: str) -> AgendaValues:
    """An agenda of these rows; confidential ones get *hidden* as their title and reason."""
    return agenda(
        sections=(
            section(
                "4",
                "Beratung",
                *(
                    item(
                        f"4.{place}",
                        id=place,
                        level=level,
                        title=hidden if level is Level.CONFIDENTIAL else title,
                        minutes=minutes,
                        withdrawn=withdrawn,
                        withdrawn_reason=hidden if level is Level.CONFIDENTIAL and withdrawn else "",
                    )
                    for place, (level, title, withdrawn, minutes) in enumerate(rows, 1)
                ),
            ),
        )
    )


@settings(max_examples=60, deadline=None)
@given(items, items)
def test_hidden_texts_never_reach_the_sheet_of_a_smaller_edition(old: list, new: list) -> None:
    for which in (Edition.NON_CONFIDENTIAL, Edition.PUBLIC):
        told = changes_between(edition(made(old, "GEHEIM1"), which), edition(made(new, "GEHEIM2"), which))
        assert "GEHEIM" not in repr(told)
        same = changes_between(edition(made(old, "GEHEIM1"), which), edition(made(old, "GEHEIM2"), which))
        assert same == ()
