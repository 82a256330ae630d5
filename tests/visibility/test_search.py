"""The search finds every kind of object; that only its readers meet it, the walks of the roles (roles/) prove."""

import json

from tests.visibility.betrayal import words_in
from tests.visibility.expectations import SECRETARIAT_ALL
from tests.visibility.world import PREFIX

KINDS = {"draft", "item", "project", "action", "circular", "registration", "published item"}
"""What must be found by somebody."""


def test_the_index_holds_every_kind_of_object(world, visit):
    visitor, kinds, cursor = visit(SECRETARIAT_ALL), set(), ""
    while cursor is not None:
        answer = visitor.get(f"/api/v1/search?q={PREFIX}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200
        kinds |= {world.words[word][0].kind for word in words_in(answer)}
        cursor = json.loads(answer.content)["next"]
    assert kinds >= KINDS
