"""Numbers the way a spreadsheet shows them."""

import pytest

from app.importing.cells import Number, as_shown, display


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (12.0, "General", "12"),
        (1.1, "General", "1.1"),
        (-3.0, "General", "-3"),
        (1.1, "0.00", "1.10"),
        (1.1, "0.0", "1.1"),
        (2.675, "0.00", "2.68"),
        (7.0, "000", "007"),
        (7.0, "@", "7"),
        (7.0, '"P-"00', "P-07"),
        (7.0, r"\P00", "P07"),
        (0.5, "0%", "50%"),
        (0.0, "#", ""),
        (999.0, "#,##0", "999"),
        (-1.5, "0.0", "-1.5"),
        (3.0, "0.00;[Red]-0.00", "3.00"),
    ],
)
def test_a_number_is_written_as_its_format_shows_it(value: float, code: str, shown: str) -> None:
    assert as_shown(Number(value, code)) == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.23456789012345, "General"),
        (123456789012.0, "General"),
        (1e300, "General"),
        (float("inf"), "General"),
        (1000.0, "#,##0"),
        (1.5, "# ?/?"),
        (1.5, "0.00E+00"),
        (110.0, r"0\.00"),
        (-1.5, "0.0;-0.0"),
        (1.5, "?"),
        (1.5, "[Red]0.0"),
    ],
)
def test_a_format_that_cannot_be_followed_exactly_is_admitted(value: float, code: str) -> None:
    assert as_shown(Number(value, code)) is None


def test_numbers_in_text_columns_have_a_decimal_comma() -> None:
    assert display(Number(2.5)) == "2,5"
    assert display(Number(2026.0)) == "2026"
    assert display(Number(1.23456789012345)) == "1,23456789012345"
