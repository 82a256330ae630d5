"""The fixture that has calendar files read by programs of other people."""

from functools import partial

import pytest

from tests.calendars.readers import ReadBack, read_back


@pytest.fixture(scope="module", name="read_back")
def _read_back(tmp_path_factory: pytest.TempPathFactory) -> ReadBack:
    """Call it once in a module with all its files by name: starting the readers is what takes time."""
    return partial(read_back, folder=tmp_path_factory.mktemp("calendars"))
