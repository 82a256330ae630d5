"""Tests of the pins: every package has one, none names an address, and what is installed is what is pinned."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9a-z.]+)(?P<marker> ; [^;]+)?")

pytestmark = pytest.mark.once


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    found = [PIN.fullmatch(line) for line in lines]
    assert all(found), f"not a plain pin: {[line for line, match in zip(lines, found, strict=True) if not match]}"
    return {match["name"]: match["version"] for match in found if match}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_of_the_project_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {_plain(re.split(r"[\[=<>~! ;]", entry)[0]) for entry in wanted} <= _pins().keys()


def test_the_installed_packages_are_the_pinned_ones() -> None:
    pins = _pins()
    installed = {_plain(entry.metadata["Name"]): entry.version for entry in importlib.metadata.distributions()}
    assert {name: version for name, version in installed.items() if pins.get(name, version) != version} == {}
