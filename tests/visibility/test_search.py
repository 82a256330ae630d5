"""The search finds for each role what the role may read, on the page and for programs, and nothing of anything else."""

import html
import json
import re

import pytest

from app.search.service import rebuild
from tests.visibility.betrayal import words_in
from tests.visibility.expectations import SIGNED_IN, may_read
from tests.visibility.world import PREFIX

KINDS = {"draft", "item", "project", "action", "circular", "registration", "published item"}
"""What must be found by somebody."""


@pytest.fixture(scope="module")
def indexed(world, world_database):
    rebuild(world_database)


@pytest.mark.slow
def test_everybody_finds_what_they_read_and_nothing_else(world, indexed, visit):
    complaints, kinds = [], set()
    for role in SIGNED_IN:
        visitor = visit(role)
        for channel, found in (("page", _pages(visitor)), ("json", _program(visitor))):
            for word in found:
                fact, name = world.words[word]
                kinds.add(fact.kind)
                if not may_read(role, fact, channel, at="/suche"):
                    complaints.append(f"{role} finds {name} ({fact.kind} {fact.body}: {fact.label}) as {channel}")
    assert not complaints, "\n".join(complaints[:40])
    assert kinds >= KINDS


def _pages(visitor):
    """Every word on every page of the search for the beginning of all words."""
    found: set[str] = set()
    path: str | None = f"/suche?q={PREFIX}"
    while path:
        answer = visitor.get(path)
        assert answer.status == 200
        found |= words_in(answer)
        onward = re.search(r'href="(/suche\?[^"]+)" rel="next"', answer.text)
        path = html.unescape(onward[1]) if onward else None
    return found


def _program(visitor):
    found, cursor = set(), ""
    while cursor is not None:
        answer = visitor.get(f"/api/v1/search?q={PREFIX}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200
        found |= words_in(answer)
        cursor = json.loads(answer.content)["next"]
    return found
