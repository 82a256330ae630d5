"""The objects and channels of the roles' tables, and what a role met of them on its walk."""

from collections.abc import Iterable

from tests.visibility.expectations import Fact
from tests.visibility.walking import Walk
from tests.visibility.world import World

CHANNELS = ("page", "json", "search", "table", "pdf", "ics", "feed", "mail", "history", "error")
"""Pages, the API, the search (page and API), CSV and XLSX, documents, one meeting's ICS, the subscribed feed, the
outbox with its mails (page and API), the pages of the history, and
refusals: nothing is to stand there, but for those who run a body, whom a page tells why something is not possible."""

OBJECTS: dict[str, tuple[str, str, str]] = {
    # name in the tables: kind of the fact, beginning of its label, name of the text ("" = any)
    "meeting not announced": ("hidden meeting", "planned", "place"),
    "meeting announced": ("internal", "announced", "place"),
    "draft agenda": ("draft", "internal in draft", "title"),
    "draft agenda, confidential": ("draft", "confidential in draft", "title"),
    "reasons of proposals": ("draft", "open of A", "reason"),
    "Themenspeicher": ("draft", "topic of A", "topic"),
    "supplement in preparation": ("draft", "prepared after released", "title"),
    "released item, public": ("item", "public in released", "title"),
    "released item, internal": ("item", "internal in released", "title"),
    "released item, confidential": ("item", "confidential in released", "title"),
    "item of the guest": ("item", "of the guest in released", "title"),
    "item of the guest, meeting held": ("item", "of the guest in held", "title"),
    "confidential item of the other guest": ("item", "of the confidential guest", "title"),
    "confidential item that an advisory seat attends": ("item", "of the advisory seat in released", "title"),
    "item on the led project": ("item", "of the lead in released", "title"),
    "confidential item on the led project": ("item", "about the led project", "title"),
    "item of another body": ("item", "internal in released of B, titles in feeds", "title"),
    "published item": ("published item", "public in released of C", "title"),
    "released but unpublished item of that body": ("item", "internal in released of C", "title"),
    "paper, internal": ("item", "internal paper of the guest in released", "title of the paper"),
    "paper, confidential": ("item", "confidential paper of the guest in released", "title of the paper"),
    "minutes, internal": ("item", "minutes, internal", "course of deliberation"),
    "minutes, confidential": ("item", "minutes, confidential", "course of deliberation"),
    "minutes of the running meeting": ("draft", "minutes of in session", "course of deliberation"),
    "decision about the led project": ("item", "decision about the led project", "wording"),
    "decision, confidential": ("item", "confidential decision about the led project", "wording"),
    "decision, provisional": ("draft", "provisional decision", "wording"),
    "action of the voting seat": ("action", "own of voting seat of A", "action"),
    "action of the voting seat, confidential": ("action", "own of voting seat of A", "action"),
    "circular procedure": ("circular", "running circular of A", "wording of the circular"),
    "circular procedure, confidential": ("circular", "running circular of A", "wording of the circular"),
    "answer of a seat before the end": ("answer", "answers of the running circular of A", "remark of the answer"),
    "registered topic of the voting seat": ("registration", "received of the voting member", "registered title"),
    "speaking notes": ("speaking", "speaking notes of released", "goal"),
    "project": ("project", "of A", "summary"),
    "led project": ("project", "led", "summary"),
    "unaccepted status": ("unaccepted", "of A", "summary"),
    "unaccepted status of the led project": ("unaccepted", "led", "summary"),
    "project of another body": ("project", "of B", "summary"),
    "history, internal": ("history of interna", "internal of A", "after"),
    "history of drafts": ("history of drafts", "draft of A", "after"),
    "history, confidential": ("history of confidential matters", "confidential of A", "after"),
    "why the Revision looked": ("audit", "reason of the Revision", "reason"),
    "text of a mail": ("mail", "waiting mail of A", "text of the mail"),
    "recipient of a mail": ("mail", "waiting mail of A", "recipient of the mail"),
    "text of a mail of another body": ("mail", "waiting mail of B", "text of the mail"),
    "recipient of a mail about an account": ("mail about an account", "mail about an account", "recipient of the mail"),
    "text of a mail about an account": (
        "text of a mail about an account",
        "text of a mail about an account",
        "text of the mail",
    ),
    "address of an account": ("account", "account of the user without any right", "account address"),
}
BODIES = {
    "item of another body": "B",
    "released but unpublished item of that body": "C",
    "published item": "C",
    "text of a mail of another body": "B",
}


def told_by(name: str, fact: Fact, text: str) -> bool:
    """Whether the text called *text* that tells *fact* is the object *name*."""
    kind, label, wanted = OBJECTS[name]
    if (fact.kind, fact.label, text) != (kind, label, wanted):
        return False
    if kind in ("action", "circular"):
        return (fact.level == "confidential") is name.endswith("confidential")
    return fact.body == BODIES.get(name, fact.body)


def words_of(name: str, world: World) -> set[str]:
    """The words by which one object is known."""
    words = {word for word, (fact, text) in world.words.items() if told_by(name, fact, text)}
    assert words, f"the world holds no {name}"
    return words


def seen_by(walk: Walk, world: World) -> dict[str, str]:
    """The channels in which a role met each object; objects that it met nowhere are left out."""
    found = {}
    for name in OBJECTS:
        words = words_of(name, world)
        channels = [one for one in CHANNELS if words & walk.seen.get(one, set())]
        if channels:
            found[name] = " ".join(channels)
    return found


def differences(told: dict[str, str], wanted: dict[str, str]) -> Iterable[str]:
    """What a role sees otherwise than its table says, a line each."""
    unknown = wanted.keys() - OBJECTS.keys()
    assert not unknown, f"no such objects: {sorted(unknown)}"
    for name in OBJECTS:
        if told.get(name, "") != wanted.get(name, ""):
            yield f"{name}: {told.get(name, 'nowhere')} instead of {wanted.get(name, 'nowhere')}"
