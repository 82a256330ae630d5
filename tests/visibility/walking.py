"""The walk of one role over everything that can be read, done once for all tests that look at it."""

import html
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tests.visibility.betrayal import channel_of, words_in
from tests.visibility.expectations import AUDITORS, RUN, TWINS, may_read
from tests.visibility.routes import PAGES, Address, Route, addresses, onward, queries
from tests.visibility.visitor import Answer, Visitor
from tests.visibility.world import PREFIX, World

ANSWERS = {200, 202, 204, 303, 403, 404}
"""What a visible thing may answer; 403 where a person sees the thing but not this side of it."""

GIVEN_ROLES = RUN[""] | AUDITORS | {"admin"}
EXACTLY: dict[str, Callable[[str, Address], int]] = {
    "/kalender": lambda role, address: 200,
    "/gremien": lambda role, address: 200,
    "/gremien/{body_id}": lambda role, address: 200,
    "/gremien/{body_id}/regeln": lambda role, address: 200 if role in RUN[address.things[0].fact.body] else 403,
    "/sitzungen/{meeting_id}/sitzung.ics": lambda role, address: 200,
    "/verlauf": lambda role, address: 200 if role in GIVEN_ROLES else 404,
}
"""What the visible addresses of these routes answer, exactly."""

MAY_ALSO = {"/sitzungen/{meeting_id}/vorschlaege/zusammenlegen": {409, 422}}
"""What these say besides, to who may act: here that nothing is chosen, or that the agenda is closed."""

FROZEN_FILES = (
    "/sitzungen/{meeting_id}/tagesordnung.pdf",
    "/sitzungen/{meeting_id}/aenderungen.pdf",
    "/sitzungen/{meeting_id}/niederschrift.pdf",
    "/sitzungen/{meeting_id}/niederschrift/nachtraege/{serial}.pdf",
)
"""The documents whose bytes are kept, so that asking is cheap; test_documents.py asks for all."""

HIDDEN = 1
"""So many hidden things a route is asked for in one walk; which ones differs by role, test_attack.py asks for all."""


PAGES_OF_HITS = 3
"""So many pages of the search are read; programs read all."""


@dataclass(slots=True)
class Walk:
    """What a role met: words of the world by channel, and what was wrong."""

    complaints: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)

    def all_words(self) -> set[str]:
        return set().union(*self.seen.values())


def walk(visitor: Visitor, role: str, world: World, routes: list[Route], sought: Iterable[str]) -> Walk:
    """Ask for every address that exists, search for *sought*, and compare each answer with domain §6.

    Who has the rights of another (TWINS) asks for what is visible; hidden things are the other's and test_attack.py's.
    """
    walked = _Walker(visitor, role, world)
    with visitor.house.standing_still():
        for route in routes:
            if route.path.endswith((".pdf", ".docx")):
                walked.files(route)
            else:
                walked.route(route)
        walked.search(sought)
        walked.note("feed", "", visitor.get(f"/kalender/{world.feeds[role]}.ics"))
    return walked.found


def plain(text: str, address: Address) -> str:
    """An answer without what differs by request: its address, ids and form tokens."""
    text = text.replace(address.path, "ADDRESS")
    return re.sub(r"[0-9a-f]{64}", "TOKEN", text)


def few_hidden(found: list[Address], route: Route, role: str) -> list[Address]:
    """All that the role sees and all that does not exist, and of the hidden ones a few; for twins what is seen."""
    if role in TWINS:
        return [one for one in found if one.visible_to(role)]
    hidden = [one for one in found if one.known and not one.visible_to(role)]
    turn = zlib.crc32(f"{route} {role}".encode()) % (len(hidden) or 1)
    chosen = (hidden[turn:] + hidden[:turn])[:HIDDEN]
    return [one for one in found if not one.known or one.visible_to(role) or one in chosen]


class _Walker:
    def __init__(self, visitor: Visitor, role: str, world: World) -> None:
        self.visitor, self.role, self.world = visitor, role, world
        self.found = Walk()

    def route(self, route: Route) -> None:
        unknown, varied = None, set()
        for address in few_hidden(addresses(route, self.world, self.role), route, self.role):
            visible = address.visible_to(self.role)
            # All things are asked for, but what queries change is the same for things that are alike.
            alike = address.group(self.role) in varied
            varied |= {address.group(self.role)} if visible else set()
            for query in queries(route, self.world) if visible and not alike else [""]:
                answer = self.ask(address, query)
                if not visible and answer.status == 404:
                    told = plain(answer.text, address)
                    unknown = unknown or told
                    if told != unknown:
                        self.found.complaints.append(f"{address}: tells unknown from invisible")
                if visible and not query and answer.status == 200:
                    if channel_of(answer) == "page" and not alike and self.role not in TWINS:
                        piece = self.visitor.get(address.path, **{"HX-Request": "true"})
                        self.note("piece", f"{address} as a piece", piece, at=address.path)
                    self.further(address, answer)

    def files(self, route: Route) -> None:
        if route.path in FROZEN_FILES:
            for address in addresses(route, self.world, self.role):
                answer = self.visitor.get(address.path)
                if answer.status == 200 and not address.visible_to(self.role):
                    self.found.complaints.append(f"{address}: 200 for what is hidden")
                self.note(kind_of(address.path, answer), str(address), answer, at=address.path)

    def ask(self, address: Address, query: str) -> Answer:
        answer = self.visitor.get(address.path + query)
        self.found.complaints += wrong_status(self.role, address, query, answer)
        self.note(kind_of(address.path, answer), f"{address}{query}", answer, at=address.path)
        return answer

    def further(self, address: Address, answer: Answer) -> None:
        """The pages of a list beyond the first."""
        waiting, asked = onward(address, answer.text), set()
        while waiting and len(asked) < PAGES:
            place = waiting.pop()
            if place in asked:
                continue
            asked.add(place)
            waiting += onward(address, self.ask(address, place.removeprefix(address.path)).text)

    def search(self, sought: Iterable[str]) -> None:
        """What the search finds for the beginning of every word of the world, and for the words *sought*."""
        place: str | None = f"/suche?q={PREFIX}"
        for _ in range(PAGES_OF_HITS):
            link = re.search(r'href="(/suche\?[^"]+)" rel="next"', self.hits(place).text) if place else None
            place = html.unescape(link[1]) if link else None
        asked = f"/api/v1/search?q={PREFIX}&limit=200"
        cursor: str | None = ""
        while cursor is not None:
            cursor = json.loads(self.hits(f"{asked}&cursor={cursor}" if cursor else asked).content)["next"]
        for word in sought:
            self.hits(f"/api/v1/search?q={word}")

    def hits(self, place: str) -> Answer:
        answer = self.visitor.get(place)
        if answer.status != 200:
            self.found.complaints.append(f"{place}: {answer.status} instead of 200")
        self.note("search", place, answer, at="/suche")
        return answer

    def note(self, kind: str, words: str, answer: Answer, *, at: str = "") -> None:
        """Remember what stands in an answer, and complain about what is not for the role."""
        channel = "ics" if kind == "feed" else channel_of(answer)
        for word in sorted(words_in(answer)):
            fact, name = self.world.words[word]
            self.found.seen.setdefault(kind, set()).add(word)
            if not may_read(self.role, fact, channel, at=at):
                told = f"shows {name} ({fact.kind} {fact.body}: {fact.label}) as {kind}"
                self.found.complaints.append(f"{words}: {told}")


def kind_of(path: str, answer: Answer) -> str:
    """The channel as the tables of the roles name it (roles/table.py)."""
    if answer.status >= 400:
        return "error"
    if re.match(r"(/api/v1)?/(postausgang|mails)\b", path):
        return "mail"
    if path in ("/suche", "/api/v1/search"):
        return "search"
    channel = channel_of(answer)
    if channel == "page" and path.endswith("/verlauf"):
        return "history"
    if channel == "csv" or path.endswith((".csv", ".xlsx")):
        return "table"
    return channel


def wrong_status(role: str, address: Address, query: str, answer: Answer) -> Iterator[str]:
    """Complains where the status of an answer is not what the role is to get."""
    route = address.route
    if route.parameters and not address.visible_to(role):
        expected = {404}
    elif route.path in EXACTLY:
        expected = {EXACTLY[route.path](role, address)} | ({404} if query.startswith("?gremium=") else set())
    else:
        expected = ANSWERS | ({422} if query else set())
        if role in RUN[address.things[0].fact.body if address.things else ""]:
            expected |= MAY_ALSO.get(route.path, set())
    if answer.status not in expected:
        wanted = "/".join(map(str, sorted(expected)))
        yield f"{address}{query}: {answer.status} instead of {wanted}"
