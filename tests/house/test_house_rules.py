"""The rules of the house, held by reading the code: where selects and commits stand, what every module says."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

APP = Path(__file__).parents[2] / "app"
MODULES = sorted(APP.rglob("*.py"))
BANNED = {"utils", "util", "common", "helpers", "helper", "core", "base", "manager", "misc"}


def _name(path: Path) -> str:
    return str(path.relative_to(APP))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_lives_in_it(path):
    docstring = ast.get_docstring(ast.parse(path.read_text()))
    assert docstring
    assert docstring.split("\n\n")[0].rstrip().endswith("."), "the first paragraph is a sentence"


def test_there_is_no_junk_drawer():
    assert [path for path in APP.rglob("*") if path.stem in BANNED] == []


def test_selects_stand_in_queries_only():
    found = [
        _name(path)
        for path in MODULES
        if re.search(r"\b(sa\.)?select\(", path.read_text()) and "queries" not in _name(path)
    ]
    assert found == []


def test_one_place_commits():
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert [place.split(":")[0] for place in found if not place.startswith("migrating.py")] == ["db.py"]


def test_public_functions_say_what_they_mean():
    silent = [
        f"{_name(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.col_offset == 0
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_rules_know_no_session_clock_or_http():
    for path in MODULES:
        if "rules" not in path.relative_to(APP).parts and path.stem != "rules":
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in ("fastapi", "sqlmodel", "sqlalchemy"), _name(path)
        assert not re.search(r"clock\.(now|today)\(", path.read_text()), f"{_name(path)} asks the clock"


def test_no_committed_file_names_a_machine_or_a_registry():
    root = APP.parent
    # Put together from parts, so that this file does not name them itself.
    places = [re.escape("/".join(("", name, ""))) for name in ("work", "root")]
    hosts = [re.escape(".".join(parts)) for parts in (("pypi", "org"), ("registry", "npmjs"), ("deb", "debian", "org"))]
    bad = re.compile("|".join([*places, *hosts, r"\bindex" + r"-url\b"]))
    suffixes = {".py", ".toml", ".txt", ".md", ".html", ".css", ".js", ".json", ".mjs", ".sh", ".ini", ".csv"}
    skip = {".venv", "node_modules", ".git", "var", "screenshots"}
    found = []
    for path in root.rglob("*"):
        if path.is_file() and path.suffix in suffixes and not skip & set(path.relative_to(root).parts):
            if path == Path(__file__) or "egg-info" in str(path):
                continue
            found += [f"{path.name}: {match}" for match in bad.findall(path.read_text(errors="ignore"))]
    assert found == []


def test_the_readme_names_the_version_of_the_program():
    """One truth: what ``pyproject.toml`` says stands on top of the changes."""
    top = APP.parent
    said = re.search(r'^version = "(.+?)"', (top / "pyproject.toml").read_text(), re.MULTILINE)
    changes = (top / "README.md").read_text().partition("\n## Changes\n")[2]
    assert said
    assert changes.strip().startswith(f"- {said[1].partition('.dev')[0]} ")
