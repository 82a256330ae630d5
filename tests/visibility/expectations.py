"""Domain §6 written down once more, independently of the application: who may read which fact."""

import re
from dataclasses import dataclass

import pytest

SECRETARIAT_ALL = "secretariat of all bodies"
SECRETARIAT_A = "secretariat of A"
SECRETARIAT_B = "secretariat of B"
CHAIR = "chair"
CHAIR_OFFICE = "chair's office"
MEMBER = "voting member"
DEPUTY = "deputy"
OFFICE = "member's office"
ADVISORY = "advisory member"
MEMBER_B = "member of B"
FORMER = "former member"
GUEST = "guest of an internal item"
GUEST_CONFIDENTIAL = "guest of a confidential item"
LEAD = "project lead"
AUDITOR = "auditor of A"
AUDITOR_REASON = "auditor of A with a recorded reason"
ADMIN = "admin"
PLAIN = "user without any right"
DEACTIVATED = "deactivated account"
NOBODY = "nobody"

SIGNED_OUT = (DEACTIVATED, NOBODY)
SIGNED_IN = (
    SECRETARIAT_ALL,
    SECRETARIAT_A,
    SECRETARIAT_B,
    CHAIR,
    CHAIR_OFFICE,
    MEMBER,
    DEPUTY,
    OFFICE,
    ADVISORY,
    MEMBER_B,
    FORMER,
    GUEST,
    GUEST_CONFIDENTIAL,
    LEAD,
    AUDITOR,
    AUDITOR_REASON,
    ADMIN,
    PLAIN,
)
ON_BOTH = frozenset({SECRETARIAT_A, MEMBER, FORMER, GUEST, LEAD, AUDITOR_REASON})
"""Whom the long walks follow on PostgreSQL too: with them every branch of the visibility rule is asked of both
databases. All others walk on SQLite.
"""

EACH = [role if role in ON_BOTH else pytest.param(role, marks=pytest.mark.once) for role in SIGNED_IN]
"""Everybody, for those walks."""

TWINS = {DEPUTY: MEMBER, OFFICE: MEMBER, CHAIR_OFFICE: CHAIR}
"""Who has the rights of somebody else (test_twins.py), but for the own name and the answer in circular procedures."""

ROLES = (*SIGNED_IN, *SIGNED_OUT)

RUN = {
    "A": frozenset({SECRETARIAT_ALL, SECRETARIAT_A}),
    "B": frozenset({SECRETARIAT_ALL, SECRETARIAT_B}),
    "C": frozenset({SECRETARIAT_ALL}),
    "": frozenset({SECRETARIAT_ALL, SECRETARIAT_A, SECRETARIAT_B}),
}
"""Who runs a body; "" is what belongs to every body. In C nobody sits: it is there for what was published."""

DRAFT = {"A": RUN["A"] | {CHAIR, CHAIR_OFFICE}, "B": RUN["B"], "C": RUN["C"], "": RUN[""] | {CHAIR, CHAIR_OFFICE}}
"""Column "draft agenda, reasons, Themenspeicher"."""

INTERNAL = {
    "A": DRAFT["A"] | {MEMBER, DEPUTY, OFFICE, ADVISORY, AUDITOR, AUDITOR_REASON},
    "B": RUN["B"] | {MEMBER_B},
    "C": RUN["C"],
    "": DRAFT[""] | {MEMBER, DEPUTY, OFFICE, ADVISORY, AUDITOR, AUDITOR_REASON, MEMBER_B},
}
"""Column "intern"."""

CONFIDENTIAL = {body: INTERNAL[body] - {ADVISORY, AUDITOR} for body in ("A", "B", "C", "")}
"""Column "vertraulich", without the guests of single items."""

SPEAKING = {"A": frozenset({CHAIR, CHAIR_OFFICE, SECRETARIAT_ALL}), "B": frozenset(), "C": frozenset(), "": frozenset()}
"""Column "Sprechzettel": of the secretariats one account is named, for body A."""

AUDITORS = frozenset({AUDITOR, AUDITOR_REASON})
HISTORY = {body: DRAFT[body] | AUDITORS & INTERNAL[body] for body in ("A", "B", "C", "")}
OWN_MEETINGS = frozenset({GUEST, GUEST_CONFIDENTIAL, LEAD})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a text tells. ``own``: the roles whose own thing it is (guest's item, lead's project, own account).

    ``kind`` is a key of READERS; ``body`` "" means every body; ``level`` that of an item; ``label`` is for messages.
    """

    kind: str
    body: str = ""
    level: str = "internal"
    own: frozenset[str] = frozenset()
    label: str = ""


READERS = {
    # the working copy, proposals, reasons, Themenspeicher, meetings that nobody announced
    "draft": lambda fact: DRAFT[fact.body],
    # a meeting that nobody announced: its place
    "hidden meeting": lambda fact: DRAFT[fact.body],
    # what was typed freely about an announced or released meeting
    "matter": lambda fact: INTERNAL[fact.body],
    # announced meetings, and released things without a level; owners see date and place of their meeting
    "internal": lambda fact: INTERNAL[fact.body] | fact.own,
    # released items by their level
    "item": lambda fact: (CONFIDENTIAL if fact.level == "confidential" else INTERNAL)[fact.body] | fact.own,
    # what the public edition shows once it is published: facts of the meeting, public items (in no feed)
    "published": lambda fact: frozenset(SIGNED_IN),
    "published item": lambda fact: frozenset(SIGNED_IN),
    # projects belong to the bodies that steer their period, and to their leads
    "project": lambda fact: INTERNAL[fact.body] | fact.own,
    # statuses that nobody accepted
    "unaccepted": lambda fact: RUN[fact.body] | fact.own,
    # names of bodies: whoever reads them, is invited by them, or gives roles in them
    "body name": lambda fact: INTERNAL[fact.body] | fact.own | {ADMIN},
    # seated persons; the secretariats know everybody, the administration links accounts to persons
    "person": lambda fact: INTERNAL[fact.body] | RUN[""] | fact.own | {ADMIN},
    "person's address": lambda fact: INTERNAL[fact.body] | RUN[""] | fact.own,
    # persons without a seat: secretariats and their own people
    "outsider": lambda fact: RUN[""] | fact.own | {ADMIN},
    "outsider's address": lambda fact: RUN[""] | fact.own,
    # a started circular procedure, by its level
    "circular": lambda fact: (CONFIDENTIAL if fact.level == "confidential" else INTERNAL)[fact.body],
    # an answer before the end: secretariat and chair, and those who answer for that seat
    "answer": lambda fact: DRAFT[fact.body] | fact.own,
    # what somebody registered: secretariat, chair, and the people of the seat (or the lead) it is for
    "registration": lambda fact: DRAFT[fact.body] | fact.own,
    # actions by their level; what is not confidential also by whose own it is and by leads of its projects
    "action": lambda fact: CONFIDENTIAL[fact.body] if fact.level == "confidential" else INTERNAL[fact.body] | fact.own,
    "account": lambda fact: fact.own | {ADMIN},
    # what somebody reported about a barrier, for whoever looks after the installation
    "report of a barrier": lambda fact: frozenset({ADMIN}),
    # when and why the Revision looked into confidential matters: secretariat, chair, administration, and who looked
    "audit": lambda fact: DRAFT[fact.body] | {ADMIN} | fact.own,
    # what was sent: for the secretariat of its body; of mails about accounts the administration sees that they went
    "mail": lambda fact: RUN[fact.body],
    "mail about an account": lambda fact: frozenset({ADMIN}),
    "text of a mail about an account": lambda fact: frozenset(),
    # a mail that answers nothing known names no body: for the secretariat of all
    "stray reply": lambda fact: frozenset({SECRETARIAT_ALL}),
    "kind of mail": lambda fact: RUN[""] | {ADMIN},
    # how to work with the product: whoever is signed in
    "handbook": lambda fact: frozenset(ROLES),
    # an account of A's secretariat: its name is shown to the chair, who names it for the speaking notes
    "secretariat's name": lambda fact: fact.own | {ADMIN, CHAIR, CHAIR_OFFICE},
    "speaking": lambda fact: SPEAKING[fact.body],
    "speaking access": lambda fact: frozenset({ADMIN}) | (frozenset({CHAIR, CHAIR_OFFICE}) & INTERNAL[fact.body]),
    "history of speaking notes": lambda fact: SPEAKING[fact.body],
    # a paper taken from a project was internal until then: the secretariat keeps it, Revision finds it in the history
    "history of a withdrawn paper": lambda fact: RUN[fact.body] | AUDITORS & INTERNAL[fact.body],
    "history of interna": lambda fact: HISTORY[fact.body],
    "history of drafts": lambda fact: DRAFT[fact.body],
    "history of confidential matters": lambda fact: DRAFT[fact.body],
    # the administration, and whose account it is in the own security log
    "history of accounts": lambda fact: fact.own | {ADMIN},
}


def readers(fact: Fact) -> frozenset[str]:
    """The roles that may read *fact* somewhere."""
    return READERS[fact.kind](fact) - set(SIGNED_OUT)


KEPT = re.compile(
    r"/sitzungen/\d+/niederschrift(\.pdf|/nachtraege/.*)?|/api/v1/meetings/\d+/minutes/(record|addenda)(/.*)?"
)
"""The addresses of minutes, which whoever sat there reads on when the term is over."""

SEARCHES = ("/suche", "/api/v1/search")
KEPT_FACTS = re.compile(r"minutes, .*|.* in held")
"""What these minutes tell, for the search, which finds them."""


def may_read(role: str, fact: Fact, channel: str, *, at: str = "") -> bool:
    """Whether *role* may meet *fact* in *channel* (page, json, pdf, ics, csv …) at the address *at*.

    Feeds never carry confidential matters nor foreign actions, nor titles of agendas where the body has not set so (the
    default).
    A guest's confidential item is for the page only; who attends it from a seat gets its files, too.
    """
    if role == FORMER and (KEPT.fullmatch(at) or (at in SEARCHES and KEPT_FACTS.fullmatch(fact.label))):
        return role in fact.own or may_read(AUDITOR, fact, channel)
    if role not in readers(fact):
        return False
    if fact.kind == "history of a withdrawn paper" and not at.endswith("/verlauf"):
        return role in RUN[fact.body]
    if channel == "ics" and fact.kind in ("item", "draft", "matter", "published item"):
        return fact.kind == "item" and fact.level != "confidential" and "titles in feeds" in fact.label
    if channel == "ics" and fact.kind == "action":
        return fact.level != "confidential" and role in fact.own and fact.label.startswith("own")
    if fact.kind == "item" and fact.level == "confidential" and role not in CONFIDENTIAL[fact.body]:
        return channel == "page" or (role == ADVISORY and channel != "ics")
    return True


NOWHERE: frozenset[str] = frozenset()
SHOWN_TO = {
    "label of the API token": lambda fact: NOWHERE,
    "label of the feed": lambda fact: NOWHERE,
    "name of the passkey": lambda fact: fact.own,
    "source of the meeting": lambda fact: NOWHERE,
    # asked for one by one in test_papers.py
    "inside of the file": lambda fact: NOWHERE,
    "who is at it": lambda fact: RUN[fact.body],
    "source of the seat": lambda fact: RUN[fact.body],
    "where it is taken": lambda fact: NOWHERE,
    "Anlass of the proposal": lambda fact: NOWHERE,
    "decision of the proposal": lambda fact: NOWHERE,
    "address of the seat": lambda fact: RUN[fact.body],
    "e-mail of the seat": lambda fact: RUN[fact.body],
    "e-mail": lambda fact: RUN[""],
    "postal address": lambda fact: RUN[""],
    "function": lambda fact: RUN[""],
    "note of the outcome": lambda fact: DRAFT[fact.body],
    "body name": lambda fact: INTERNAL[fact.body],
    "letterhead": lambda fact: INTERNAL[fact.body],
    "sender": lambda fact: INTERNAL[fact.body],
    "reference": lambda fact: INTERNAL[fact.body],
    "chair's title": lambda fact: INTERNAL[fact.body],
    "entry details": lambda fact: INTERNAL[fact.body],
}
"""Texts that need not be shown to everybody who may read them, by what they are; all others must be found somewhere."""


def must_find(role: str, fact: Fact, name: str) -> bool:
    """Whether *role* must meet the text *name* that tells *fact* on some page: an empty page proves nothing."""
    wanted = readers(fact)
    if fact.kind.startswith("history"):
        wanted &= RUN[fact.body] | AUDITORS | {ADMIN}
    if name in SHOWN_TO:
        wanted &= SHOWN_TO[name](fact)
    return role in wanted
