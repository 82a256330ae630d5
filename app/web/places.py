"""The places of the frame: the bar, the tabs of a room, and which of them are closed to somebody."""

from dataclasses import dataclass, replace

from app.actor import Actor, Role
from app.agenda.rules.registrations import may_register
from app.visibility import Matter, body_ids


@dataclass(frozen=True, slots=True)
class Place:
    """A main place: ``key`` follows the g on the keyboard; one in the ``room`` of another is a tab beside it."""

    label: str
    href: str
    current: bool = False
    key: str = ""
    room: str = ""


PLACES = (
    ("Übersicht", "/", "u"),
    ("Sitzungen", "/sitzungen", "s"),
    ("Projekte", "/projekte", "p"),
    ("Beschlüsse", "/beschluesse", "b"),
    ("Beschlusskontrolle", "/beschlusskontrolle", "w"),
    ("Umlaufverfahren", "/umlaufverfahren", "l"),
    ("Aufträge", "/auftraege", "f"),
    ("Themenspeicher", "/themenspeicher", "t"),
    ("Anmeldungen", "/anmeldungen", "a"),
    ("Gremien", "/gremien", "m"),
    ("Kalender", "/kalender", "k"),
    ("Postausgang", "/postausgang", "x"),
    ("Konten", "/konten", "o"),
    ("Einstellungen", "/einstellungen", "e"),
    ("Auskunft", "/auskunft", "d"),
    ("Sicherheit", "/sicherheit", "z"),
)
ROOMS = {
    "/anmeldungen": "/themenspeicher",
    "/beschlusskontrolle": "/beschluesse",
    "/umlaufverfahren": "/beschluesse",
    "/einstellungen": "/konten",
    "/auskunft": "/konten",
    "/postausgang": "/sitzungen",
    "/sicherheit": "/konten",
}
"""Places that stand as a tab beside another one, for those who may go to both."""


OWN = (
    ("Profil", "/profil"),
    ("Anmeldung und Sicherheit", "/profil/sicherheit"),
    ("Benachrichtigungen", "/profil/benachrichtigungen"),
    ("Ihre Daten", "/profil/daten"),
    ("Protokoll", "/profil/protokoll"),
)
"""The tabs of one's own account, which stands in the person's menu and not in the bar."""


def closed_to(actor: Actor) -> frozenset[str]:
    """The addresses that answer this person as if they were not there: nothing of the frame links to them."""
    drafts = actor.is_secretariat or any(seat.chair for seat in actor.seats)
    is_open = {
        "/themenspeicher": drafts,
        "/anmeldungen": may_register(actor),
        "/umlaufverfahren": body_ids(actor, Matter.INTERNAL) != frozenset(),
        "/verlauf": bool(actor.grants),
        "/konten": actor.has_anywhere(Role.ADMIN),
        "/einstellungen": actor.is_admin,
        "/auskunft": actor.is_admin,
        "/postausgang": actor.is_secretariat or actor.is_admin,
        "/sicherheit": actor.is_admin,
        "/projekte/import": actor.is_secretariat,
        "/personen/import": actor.is_secretariat,
    }
    return frozenset(path for path, there in is_open.items() if not there)


def places_of(path: str, actor: Actor | None) -> list[Place]:
    """Every place that is open to the person; the one with *path* is current."""
    if actor is None:
        return []
    closed = closed_to(actor)
    shown = [
        Place(label, href, path == href or (href != "/" and path.startswith(href)), key)
        for label, href, key in PLACES
        if href not in closed
    ]
    there = {place.href for place in shown}
    return [replace(place, room=room) if (room := ROOMS.get(place.href)) in there else place for place in shown]


def bar_of(nav: list[Place]) -> list[Place]:
    """The entries of the bar: a room is current with every place in it."""
    current = {place.room or place.href for place in nav if place.current}
    return [replace(place, current=place.href in current) for place in nav if not place.room]


def tabs_of(nav: list[Place], path: str) -> list[Place]:
    """The tabs of the room whose list this page is, or of one's own account; none where it holds one place."""
    own = [href for _, href in OWN if path == href or path.startswith(f"{href}/")]
    if own:
        return [Place(label, href, current=href == max(own, key=len)) for label, href in OWN]
    here = next((place.room or place.href for place in nav if place.href == path), None)
    found = [place for place in nav if here in (place.room, place.href)]
    return found if len(found) > 1 else []
