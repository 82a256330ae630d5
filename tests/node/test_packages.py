"""The node packages of the tests: exact versions, and a lock that names no server to fetch them from."""

import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
pytestmark = pytest.mark.once


def test_the_versions_are_exact_and_locked() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    assert wanted
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned: {version}"
        assert locked[f"node_modules/{name}"]["version"] == version


def test_the_lock_proves_its_packages_and_names_no_address() -> None:
    written = (FOLDER / "package-lock.json").read_text()
    assert "://" not in written
    assert "resolved" not in written
    packages = {name: one for name, one in json.loads(written)["packages"].items() if name}
    assert [name for name, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
