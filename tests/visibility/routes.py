"""Every route of the application with the addresses that the world's things give it; nothing is listed by hand."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel

from tests.visibility.world import PREFIX, RELEASED, Thing, World

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC = (
    r"/anmelden(/.*)?",
    r"/abbestellen/\{key\}",
    r"/konto/\{key\}",
    r"/barrierefreiheit",
    r"/datenschutz",
    r"/impressum",
    r"/healthz",
    r"/readyz",
    r"/static(/.*)?",
    r"/kalender/\{\w+\}\.ics",
    r"/kalender/\{\w+\}/aufgaben\.ics",
    r"/antwort/\{\w+\}",
    r"/meldung/\{\w+\}",
)
"""The public addresses of interface §2 and §3; everything else needs a sign-in."""

FILE = re.compile(r"\.(pdf|ics|csv|xlsx|zip|docx|json)$")

KINDS = {
    "meeting_id": "meeting",
    "item_id": "item",
    "proposal_id": "proposal",
    "topic_id": "topic",
    "registration_id": "registration",
    "circular_id": "circular",
    "action_id": "action",
    "decision_id": "decision",
    "follow_up_id": "follow-up",
    "objection_id": "objection",
    "serial": "addendum",
    "project_id": "project",
    "report_id": "report",
    "status_id": "report",
    "milestone_id": "milestone",
    "need_id": "need",
    "body_id": "body",
    "seat_id": "seat",
    "membership_id": "membership",
    "person_id": "person",
    "organisation_id": "organisation",
    "account_id": "account",
    "passkey_id": "passkey",
    "access_id": "access",
    "sign_in_id": "sign-in",
    "release_id": "release",
    "dispatch_id": "sent letter",
    "presence_id": "presence",
    "chairing_id": "chairing",
    "period_id": "period",
    "field_id": "field",
    "cluster_id": "cluster",
    "feedback_id": "report of a barrier",
    "mail_id": "mail",
    "kind_name": "kind of mail",
    "slug": "handbook",
}
"""Which things a path parameter may name. A parameter that is missing here fails the tests: add it to the world."""

BY_PLACE = (
    ("/sitzungen/{meeting_id}/anwesenheit/", "person_id", "excluded"),
    ("/api/v1/meetings/{meeting_id}/attendance/", "person_id", "excluded"),
    ("/sitzungen/", "seat_id", "meeting seat"),
    ("/api/v1/meetings/", "seat_id", "meeting seat"),
    ("/sitzungen/", "person_id", "guest"),
    ("/api/v1/meetings/", "person_id", "guest"),
    ("/projekte/", "paper_id", "project paper"),
    ("/api/v1/projects/", "paper_id", "project paper"),
    ("/anmeldungen/", "paper_id", "registration paper"),
    ("/api/v1/registrations/", "paper_id", "registration paper"),
    ("/themenspeicher/", "paper_id", "topic paper"),
    ("/api/v1/topics/", "paper_id", "topic paper"),
    ("/", "paper_id", "paper"),
    ("/sprechzettel/", "body_id", "speaking access"),
    ("/kalender/", "token_id", "feed"),
    ("/", "token_id", "token"),
)
"""Parameters that name different things at different places: beginning of the path, parameter, kind."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path, with the names of its path and query parameters."""

    method: str
    path: str
    parameters: tuple[str, ...]
    query: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        return any(re.fullmatch(pattern, self.path) for pattern in PUBLIC)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_file(self) -> bool:
        return FILE.search(self.path) is not None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Address:
    """A route filled with things. ``things`` empty: a list or form; ``known`` False: one of them does not exist."""

    route: Route
    path: str
    things: tuple[Thing, ...] = ()
    known: bool = True

    def visible_to(self, role: str) -> bool:
        return self.known and all(thing.visible_to(role) for thing in self.things)

    def group(self, role: str) -> tuple[object, ...]:
        """Addresses of one group are alike to the role; of the things above the last only whether it sees them counts.

        Meetings whose agenda was released are told apart: each has other documents.
        """
        if not self.things:
            return ()
        last = self.things[-1].fact
        alone = last.label if last.label in RELEASED and self.visible_to(role) else ""
        seen = tuple(thing.visible_to(role) for thing in self.things)
        return (last.kind, last.body, last.level, role in last.own, alone, seen)

    def __str__(self) -> str:
        things = ", ".join(thing.label for thing in self.things)
        return f"{self.route.method} {self.path}" + (f" ({things})" if things else "")


def all_routes(application: FastAPI) -> list[Route]:
    """Every method and path, mounts included (as GET of a file that is not there)."""
    found = []
    for context in iter_route_contexts(application.routes):
        path = context.path or ""
        methods = context.methods
        if methods is None:
            found.append(Route("GET", f"{path}/nothing", ()))
            continue
        parameters = tuple(re.findall(r"\{(\w+)(?::\w+)?\}", path))
        query = tuple(_query_names(context))
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
        found += [Route(method, path, parameters, query) for method in sorted(methods)]
    return found


def _query_names(context: object) -> Iterator[str]:
    waiting = [getattr(context, "dependant", None)]
    while waiting:
        dependant = waiting.pop()
        if dependant is None:
            continue
        waiting += dependant.dependencies
        for parameter in dependant.query_params:
            shape = parameter.field_info.annotation
            if isinstance(shape, type) and issubclass(shape, BaseModel):
                yield from shape.model_fields
            else:
                yield parameter.alias


def kind_of(route: Route, parameter: str) -> str:
    """The kind of things that *parameter* names; KeyError for an unknown one."""
    for start, name, kind in BY_PLACE:
        if name == parameter and route.path.startswith(start):
            return kind
    return KINDS[parameter]


def unknown_parameters(routes: list[Route]) -> list[str]:
    """Routes whose parameters nobody explained."""
    missing = []
    for route in routes:
        for parameter in route.parameters:
            try:
                kind_of(route, parameter)
            except KeyError:
                if not route.is_public:
                    missing.append(f"{route}: {{{parameter}}}")
    return missing


def addresses(route: Route, world: World, role: str) -> list[Address]:
    """The route filled for *role*: unknown first, then a thing below a wrong parent, then things that exist.

    Of things that are hidden from the role, and of things below other things, one of each group of equal facts.
    """
    if not route.parameters:
        return [Address(route, route.path)]
    *outer, last = [kind_of(route, parameter) for parameter in route.parameters]
    things = world.things[last]
    chains = [(*(_above(world, kind, thing) for kind in outer), thing) for thing in things]
    found = [_unknown(route, chains[0])]
    if outer:
        found.append(_misplaced(route, world, outer, chains[0]))
    groups = set()
    for chain in chains:
        address = Address(route, _filled(route, [one.id for one in chain]), chain)
        group = address.group(role)
        if (address.visible_to(role) and not outer) or group not in groups:
            found.append(address)
        groups.add(group)
    return found


def _above(world: World, kind: str, thing: Thing) -> Thing:
    wanted = dict(thing.above).get(kind)
    return next((one for one in world.things[kind] if one.id == wanted), world.things[kind][0])


def _unknown(route: Route, chain: tuple[Thing, ...]) -> Address:
    return Address(route, _filled(route, [*(one.id for one in chain[:-1]), 999_999]), chain, known=False)


def _misplaced(route: Route, world: World, outer: list[str], chain: tuple[Thing, ...]) -> Address:
    """A thing below a parent that is not its own."""
    stranger = next(one for one in reversed(world.things[outer[-1]]) if one.id != chain[-2].id)
    ids = [*(one.id for one in chain[:-2]), stranger.id, chain[-1].id]
    return Address(route, _filled(route, ids), chain, known=False)


def _filled(route: Route, ids: list[int | str]) -> str:
    values = dict(zip(route.parameters, ids, strict=True))
    return re.sub(r"\{(\w+)\}", lambda match: str(values[match.group(1)]), route.path)


VARIANTS = {
    "q": (PREFIX,),
    "fassung": ("vollstaendig", "ohne-vertrauliches", "oeffentlich"),
    "edition": ("vollstaendig", "ohne-vertrauliches", "oeffentlich"),
    "version": ("1", "2"),
    "state": ("rejected",),
    "stand": ("alle",),
    "status": ("rejected",),
    "level": ("confidential",),
    "as_of": ("2026-03-01",),
    "stichtag": ("2026-03-01",),
    "zahl": ("damals", "jetzt"),
    "ampel": ("rot",),
    "frueher": ("1",),
    "am": ("2026-03-01",),
    "ansicht": ("1", "bearbeiten"),
}
"""Values worth trying for query parameters, besides asking without any."""

BODIES = ("gremium", "body", "body_id")
PERIODS = ("period", "periode", "period_id")


def queries(route: Route, world: World) -> list[str]:
    """The query strings to ask a route with: none, each named parameter, and those that files have in common."""
    found = [""]
    names = dict.fromkeys(route.query)
    if route.path.endswith((".pdf", ".zip", ".docx")) and "fassung" not in names:
        found.append("?fassung=vollstaendig&version=1")
    for name in names:
        values = VARIANTS.get(name, ())
        if name in BODIES:
            values = tuple(str(thing.id) for thing in world.things["body"])
        elif name in PERIODS:
            values = tuple(str(thing.id) for thing in world.things["period"])
        elif name == "mit":
            values = tuple(str(thing.id) for thing in world.things["organisation"][:2])
        elif name in ("fassung", "edition"):
            values = (*values, *world.editions)
        elif name == "hash":
            values = tuple(one.hash for one in world.frozen if one.label == "released twice" and one.version == 2)[:3]
        elif name == "vorschlag":
            proposals = world.things["proposal"]
            chosen = [[str(one.id) for one in proposals if one.fact.label == f"open of {key}"] for key in "AB"]
            values = tuple("&vorschlag=".join(ids) for ids in chosen)
        found += [f"?{name}={value}" for value in values]
    if "fassung" in names and "version" in names:
        found += [f"?fassung={which}&version=1" for which in ("vollstaendig", "oeffentlich", *world.editions[:1])]
    return found


_ONWARD = re.compile(r"""href="([^"]*\?[^"]*)\"""")
PAGES = 12
"""So many further pages of a list are followed."""


def onward(address: Address, text: str) -> list[str]:
    """The further pages that an answer names: links to the same address, cursors of the API."""
    if address.route.is_api:
        cursor = re.search(r'"next":\s*"([^"]+)"', text)
        return [f"{address.path}?cursor={cursor.group(1)}"] if cursor else []
    links = [html.unescape(link) for link in _ONWARD.findall(text)]
    words = re.compile(r"[?&](vor|nach|ab|seite|cursor)=")
    return [link for link in links if link.partition("?")[0] == address.path and words.search(link)]
