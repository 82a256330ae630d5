"""Every file of every paper, asked for by every role on both ways: whoever reads it gets it, nobody else does."""

import zlib

import pytest

from tests.visibility.betrayal import channel_of, words_in
from tests.visibility.expectations import DRAFT, NOBODY, RUN, SIGNED_IN, may_read, readers
from tests.visibility.world import Thing, World

pytestmark = pytest.mark.slow

VERSIONS = ("", "?version=1", "?version=2")
WAYS = {
    "paper": ("/sitzungen/{}/unterlagen/{}", "/api/v1/meetings/{}/papers/{}/file"),
    "project paper": ("/projekte/{}/unterlagen/{}", "/api/v1/projects/{}/papers/{}/file"),
    "registration paper": ("/anmeldungen/{}/unterlagen/{}", "/api/v1/registrations/{}/papers/{}/file"),
    "topic paper": ("/themenspeicher/{}/unterlagen/{}", "/api/v1/topics/{}/papers/{}/file"),
}


def files(world: World) -> list[tuple[Thing, str]]:
    return [
        (thing, way.format(thing.above[0][1], thing.id))
        for kind in WAYS
        for thing in world.things[kind]
        for way in WAYS[kind]
    ]


@pytest.mark.parametrize("role", SIGNED_IN)
def test_everybody_gets_the_files_that_are_theirs(role, world, visit):
    """Of what is hidden one version is asked for, another one for every role and paper."""
    visitor, complaints = visit(role), []
    asked = [
        (thing, place, query)
        for thing, place in files(world)
        for query in (VERSIONS if thing.visible_to(role) else [VERSIONS[zlib.crc32(f"{role}{place}".encode()) % 3]])
    ]
    for thing, place, query in asked:
        answer = visitor.get(place + query)
        for word in words_in(answer):
            fact, name = world.words[word]
            if not may_read(role, fact, channel_of(answer)):
                complaints.append(f"{place}{query}: shows {name} ({fact.kind} {fact.body}: {fact.label})")
        inside = world.words[world.files[thing.kind, thing.id]][0]
        runs = role in (DRAFT[thing.fact.body] if thing.kind == "paper" else RUN[thing.fact.body])
        if not thing.visible_to(role) and answer.status != 404:
            complaints.append(f"{place}{query}: {answer.status} instead of 404")
        theirs = query != "?version=2" and role in readers(inside) and thing.visible_to(role) and not runs
        if theirs and world.files[thing.kind, thing.id] not in words_in(answer):
            complaints.append(f"{place}{query}: {answer.status}, {inside.label} is kept from its reader")
        if query == "?version=1" and runs and answer.status != 200:
            complaints.append(f"{place}{query}: {answer.status}, the secretariat gets every version")
    assert not complaints, "\n".join(complaints[:40])


def test_without_sign_in_files_answer_401(world, visit):
    for _, place in files(world):
        answer = visit(NOBODY).get(place)
        assert answer.status == 401 or answer.header("location").startswith("/anmelden")
        assert not words_in(answer)
