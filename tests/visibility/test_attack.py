"""Somebody with a session tries every identifier there is: what is hidden answers exactly like what does not exist."""

import re

import pytest

from app.people.rules import new_key
from app.request import SESSION_COOKIE
from tests.visibility.expectations import CHAIR, DEACTIVATED, EACH, FORMER, MEMBER, NOBODY
from tests.visibility.routes import Route, kind_of
from tests.visibility.visitor import Answer
from tests.visibility.world import Thing, World

pytestmark = pytest.mark.slow

NOWHERE = (0, 999_999, 2**31 - 1, 2**31, 10**30)
"""Identifiers of nothing, some of which no table can hold."""


def filled(route: Route, values: list[int | str]) -> str:
    """The address of a route with *values* for its parameters."""
    left = iter(values)
    return re.sub(r"\{\w+\}", lambda _: str(next(left)), route.path)


def told(answer: Answer, address: str) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """All that an answer says: status, headers, text; without its own address, its length and form tokens."""
    headers = tuple(
        (name, value.replace(address, "ADDRESS")) for name, value in answer.headers if name != "content-length"
    )
    text = re.sub(r"[0-9a-f]{64}", "TOKEN", answer.text.replace(address, "ADDRESS"))
    return answer.status, headers, text


def tried(routes: list[Route], kind: str) -> list[Route]:
    """For the last parameter of each kind the shortest page and the shortest address of the API that take it."""
    taking = [one for one in routes if one.parameters and kind_of(one, one.parameters[-1]) == kind]
    pages = sorted((one for one in taking if not one.is_api), key=lambda one: (len(one.parameters), len(one.path)))
    programs = sorted((one for one in taking if one.is_api), key=lambda one: (len(one.parameters), len(one.path)))
    return [*pages[:1], *programs[:1]]


def chain(world: World, route: Route, thing: Thing) -> list[int | str]:
    """The ids of the things above *thing* in the address, and its own."""
    above = dict(thing.above)
    kinds = [kind_of(route, parameter) for parameter in route.parameters[:-1]]
    return [*(above.get(kind, world.things[kind][0].id) for kind in kinds), thing.id]


@pytest.mark.parametrize("role", EACH)
def test_every_hidden_identifier_answers_like_one_that_does_not_exist(role, world, readable_routes, visit):
    visitor, complaints, asked = visit(role), [], 0
    kinds = {kind_of(one, one.parameters[-1]) for one in readable_routes if one.parameters}
    for kind in sorted(kinds & world.things.keys()):
        for route in tried(readable_routes, kind):
            by_parent: dict[tuple[int | str, ...], set[object]] = {}
            for thing in world.things[kind]:
                values = chain(world, route, thing)
                if thing.visible_to(role):
                    continue
                asked += 1
                places = [filled(route, values), *(filled(route, [*values[:-1], one]) for one in NOWHERE[:1])]
                answers = {told(visitor.get(place), place) for place in places}
                by_parent.setdefault(tuple(values[:-1]), set()).update(answers)
                if len(answers) != 1:
                    complaints.append(f"{route} tells {thing.label} from what does not exist")
            complaints += [
                f"{route} below {key} answers in {len(one)} ways" for key, one in by_parent.items() if len(one) > 1
            ]
    assert not complaints, "\n".join(complaints[:40])
    assert asked > 20 or role.startswith("secretariat")


@pytest.mark.parametrize("role", [MEMBER, FORMER, CHAIR])
def test_no_number_is_special(role, readable_routes, visit):
    """Numbers that no table can hold are unknown like any other."""
    visitor, complaints = visit(role), []
    for route in readable_routes:
        if len(route.parameters) == 1 and route.parameters[0].endswith("_id"):
            answers = {told(visitor.get(place), place) for place in (filled(route, [one]) for one in NOWHERE)}
            if len(answers) != 1 or {one[0] for one in answers} != {404}:
                complaints.append(f"{route}: {sorted({one[0] for one in answers})}, {len(answers)} ways")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("ending", [".ics", "/aufgaben.ics"])
def test_feeds_that_ended_are_foreign_or_are_invented_answer_alike(ending, world, visit):
    nobody, own = visit(NOBODY), visit(MEMBER)
    keys = [
        world.ended[MEMBER],
        world.ended[CHAIR],
        world.feeds[DEACTIVATED],
        world.tokens[MEMBER],
        world.cookies[MEMBER],
        world.feeds[MEMBER][:-1] + ("A" if world.feeds[MEMBER][-1] != "A" else "B"),
        world.feeds[MEMBER] + "A",
        new_key(),
        "x",
    ]
    answers = {
        told(who.get(place), place) for key in keys for who in (nobody, own) for place in [f"/kalender/{key}{ending}"]
    }

    assert {status for status, *_ in answers} == {404}
    assert len(answers) == 1


def test_tokens_of_programs_that_ended_are_foreign_or_invented_answer_alike(world, visit):
    nobody, answers = visit(NOBODY), set()
    for key in (world.ended_tokens[MEMBER], world.tokens[DEACTIVATED], world.feeds[MEMBER], world.cookies[MEMBER], "x"):
        nobody.bearer = key
        for place in (
            "/api/v1/me",
            f"/api/v1/meetings/{world.find('meeting', 'released').id}",
            "/api/v1/meetings/999999",
        ):
            answers.add(told(nobody.get(place), place))

    assert len(answers) == 1
    assert {status for status, *_ in answers} == {401}


def test_a_session_that_was_tampered_with_answers_like_none(world, visit):
    cookie = world.cookies[CHAIR]
    meeting = world.find("meeting", "released").id
    answers = set()
    for key in (cookie[:-1], cookie + "A", cookie.swapcase(), world.cookies[DEACTIVATED], world.feeds[CHAIR], "x"):
        nobody = visit(NOBODY)
        nobody.cookies[SESSION_COOKIE] = key
        for place in (
            f"/api/v1/meetings/{meeting}",
            "/api/v1/meetings/999999",
            f"/sitzungen/{meeting}/tagesordnung.pdf",
        ):
            answer = nobody.get(place)
            answers.add((place.startswith("/api"), told(answer, place)))
        page = nobody.get(f"/sitzungen/{meeting}")
        assert page.status == 303
        assert page.header("location").startswith("/anmelden")

    assert len(answers) == 2
    assert {answer[0] for _, answer in answers} == {401}
