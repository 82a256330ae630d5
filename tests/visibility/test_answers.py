"""The page of a personal link shows its holder what its owner reads, and tells nothing to who guesses a key."""

import pytest

from app.people.rules import new_key
from tests.visibility.betrayal import words_in
from tests.visibility.expectations import NOBODY, may_read
from tests.visibility.test_public import plain

pytestmark = pytest.mark.slow

ENDED = ("former member", "in session")


def is_ended(whose: str) -> bool:
    """Who has left the seat, and meetings that have begun: their links show nothing."""
    return whose.startswith(ENDED[0]) or whose.endswith(ENDED[1])


def foreign(role, world, answer):
    told = [(world.words[word], word) for word in sorted(words_in(answer))]
    return [f"{name} ({fact.kind}: {fact.label})" for (fact, name), _ in told if not may_read(role, fact, "page")]


def test_whoever_holds_a_link_reads_what_its_owner_reads(world, visit):
    nobody, complaints, shown = visit(NOBODY), [], 0
    token = nobody.form_token()
    for whose, key in world.links.items():
        role = whose.partition(", ")[0]
        address = f"/antwort/{key}"
        answers = (
            nobody.get(address),
            nobody.send("POST", address, [("answer", "unsinn"), ("seat", "1")], token=token),
        )
        for answer in answers:
            complaints += [f"link of {whose}: shows {one}" for one in foreign(role, world, answer)]
            if is_ended(whose) and words_in(answer):
                complaints.append(f"link of {whose}: is over, and shows {sorted(words_in(answer))}")
            shown += bool(words_in(answer))
        if not is_ended(whose) and answers[0].status not in (200, 404):
            complaints.append(f"link of {whose}: {answers[0].status}")
    assert not complaints, "\n".join(complaints)
    assert shown


def test_a_member_reads_the_own_seat_and_nothing_of_the_agenda(world, visit):
    answer = visit(NOBODY).get(f"/antwort/{world.links['voting member, released']}")
    found = {world.words[word][1] for word in words_in(answer)}
    assert answer.status == 200
    assert found >= {"place", "short name", "last name", "ad-hoc representative", "note of the answer"}
    assert not found & {"title", "main topic", "entry details", "note of the invitation"}


def test_ended_and_invented_keys_look_alike(world, visit):
    nobody = visit(NOBODY)
    token = nobody.form_token()
    ended, invented = (f"/antwort/{key}" for key in (world.links["former member, released"], new_key()))
    for ask in (
        nobody.get,
        lambda address: nobody.send("POST", address, [("answer", "accepted"), ("seat", "1")], token=token),
    ):
        first, second = ask(ended), ask(invented)
        assert (first.status, first.header("location")) == (second.status, second.header("location"))
        assert plain(first, ended)[2] == plain(second, invented)[2]


def test_a_key_of_the_feed_or_of_a_program_opens_no_answer(world, visit):
    nobody = visit(NOBODY)
    for role in ("voting member", "chair"):
        for key in (world.feeds[role], world.tokens[role], world.cookies[role]):
            assert nobody.get(f"/antwort/{key}").status == 404
