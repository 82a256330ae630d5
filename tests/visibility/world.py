"""One world in which every hidden thing exists, and in which every text carries a word of its own that betrays it."""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from app import clock, text
from app.access.queries import actor_of
from app.actions.models import ActionStep
from app.actor import Actor, Role
from app.agenda.models import (
    AgendaItem,
    AgendaItemGuest,
    DispatchWay,
    DocumentKind,
    Edition,
    FrozenDocument,
    ItemKind,
    Level,
    Outcome,
    Proposal,
    ProposalProject,
    ProposalState,
    Registration,
    RegistrationProject,
    RegistrationState,
    SectionKey,
    SpeakingFrame,
    SpeakingNote,
    Topic,
    TopicProject,
    TopicState,
)
from app.agenda.schemas.wishes import DispatchIn, ItemChange, ItemIn, OutcomeIn, ReleaseIn
from app.agenda.schemas.wishes import WithdrawIn as ItemWithdrawIn
from app.agenda.service.closing import set_outcome
from app.agenda.service.items import add_item, change_item
from app.agenda.service.paper_holders import MeetingPapers
from app.agenda.service.papers import place_of, place_of_registration, place_of_topic
from app.agenda.service.publishing import publish_agenda
from app.agenda.service.supplements import withdraw_item
from app.agenda.service.texts import item_desk
from app.attendance.models import Announcement, Answer, Chairing, Exclusion, Presence, PresenceRole
from app.bodies import rules as body_rules
from app.bodies import service as bodies
from app.bodies.models import AddressKind, Body, BodyPeriod, MembershipKind, Seat, SpeakingGrant
from app.bodies.schemas import AuditIn, BodyIn
from app.circulars.models import Ballot, BallotRole, Circular, CircularSeat, CircularState, Vote
from app.credentials.models import OneTimeSecret, Passkey
from app.db import Database, ident
from app.decisions.models import Clause, Decision, FollowUpState, Taking, Verb
from app.decisions.queries import draft_of_item
from app.decisions.schemas import ClauseIn, DecisionIn, FollowUpIn, TakenOverIn
from app.decisions.service.following import add_follow_up
from app.decisions.service.registering import take_over_decision
from app.decisions.service.writing import write_decision
from app.documents.letter_sending import send_letters
from app.drafting.service.releasing import release_meeting
from app.history.models import Reach
from app.history.service import record
from app.invitations.models import (
    DispatchMethod,
    InvitationDispatch,
    InvitationRecipient,
    InvitationReply,
    RecipientRole,
    ReplyOutcome,
    ReplyWay,
)
from app.links.rules import Purpose, link_key
from app.links.service import make_link
from app.meetings import service as meetings
from app.meetings.models import Meeting
from app.meetings.schemas import CancelIn, MeetingIn
from app.minutes.models import MinuteNote, ObjectionState
from app.minutes.schemas.notes import MinuteNoteIn
from app.minutes.schemas.wishes import AddendumIn, AnswerIn, ApproveIn, ObjectionIn, SubmitIn
from app.minutes.service.afterwards import add_addendum
from app.minutes.service.closing import close_meeting
from app.minutes.service.life import approve_minutes, send_for_review
from app.minutes.service.notes import write_note
from app.minutes.service.objections import answer_objection, raise_objection
from app.notices.models import Notice, NoticeState, NoticeWay
from app.notices.rules.kinds import Kind
from app.outbox.models import MailState
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.papers.models import Paper
from app.papers.queries import list_at
from app.papers.schemas import PaperIn, Place, StoredFile, WithdrawIn
from app.papers.service.papers import add_papers
from app.people import rules as people_rules
from app.people import service as people
from app.people.models import Account, ApiToken, FeedToken, Person, PersonFunction, SignInSession
from app.privacy.models import Feedback
from app.projects.models import (
    Cluster,
    DecisionNeed,
    Light,
    LineageKind,
    Milestone,
    MilestoneDate,
    Phase,
    Project,
    ProjectLead,
    ProjectLineage,
    StatusReport,
)
from app.projects.schemas import CorrectionIn, StatusIn
from app.projects.service.papers import ProjectPapers, place_of_project
from app.projects.service.status import correct_status, enter_status, reject_status
from app.revisions.service import visit_desk
from app.storage import Storage
from tests import factories
from tests.factories import operator
from tests.papers import files
from tests.visibility.expectations import (
    ADMIN,
    ADVISORY,
    AUDITOR,
    AUDITOR_REASON,
    CHAIR,
    CHAIR_OFFICE,
    CONFIDENTIAL,
    DEACTIVATED,
    DEPUTY,
    DRAFT,
    FORMER,
    GUEST,
    GUEST_CONFIDENTIAL,
    INTERNAL,
    LEAD,
    MEMBER,
    MEMBER_B,
    NOBODY,
    OFFICE,
    OWN_MEETINGS,
    PLAIN,
    ROLES,
    SECRETARIAT_A,
    SECRETARIAT_ALL,
    SECRETARIAT_B,
    SIGNED_IN,
    Fact,
    readers,
)

LETTERS = "bcdghkmnprt"
PREFIX = "zqx"
WORD = re.compile(f"{PREFIX}[{LETTERS}]{{4}}")
"""Consonants only: no line break, ligature or search stem can hide such a word."""

ATTENDED = "of the advisory seat in held"
"""The confidential item for which the advisory member was there."""

RELEASED = ("released", "in session", "held", "released of B", "released twice", "released of C")
"""The meetings whose agenda was released."""

FROZEN = ("released", "released of B", "released twice", "released of C")
"""The meetings whose frozen documents are asked for one by one."""


def key_of(label: str) -> str:
    """The body of a meeting, by the meeting's name."""
    return label[-1] if " of " in label else "A"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an address: its kind, its id (or key), whose it is, and the things above it by kind."""

    kind: str
    id: int | str
    fact: Fact
    above: tuple[tuple[str, int | str], ...] = ()

    @property
    def label(self) -> str:
        return f"{self.kind} {self.fact.label}"

    def visible_to(self, role: str) -> bool:
        return role in readers(self.fact)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen document: the meeting's name, its kind, version, edition (as addresses name it), whether it is the
    latest of its kind, and the beginning of its hash.
    """

    label: str
    kind: DocumentKind
    version: int
    edition: str
    latest: bool
    hash: str


@dataclass(slots=True)
class World:
    """Everything that the tests need to know about the database they look at."""

    words: dict[str, tuple[Fact, str]] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    ended_tokens: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, int], str] = field(default_factory=dict)
    """The word inside the file that readers of a paper get, by its kind and id."""
    links: dict[str, str] = field(default_factory=dict)
    """The key of a personal link, by whose it is."""
    editions: list[str] = field(default_factory=list)
    """The names of all guests' editions, as addresses carry them."""
    frozen: list[Frozen] = field(default_factory=list)
    """Everything that was frozen with the releases of some meetings."""

    def word(self, fact: Fact, name: str) -> str:
        """A new word that tells *fact*; *name* says in messages where it stands."""
        number, letters = len(self.words), ""
        for _ in range(4):
            number, rest = divmod(number, len(LETTERS))
            letters = LETTERS[rest] + letters
        word = PREFIX + letters
        self.words[word] = (fact, name)
        return word.capitalize()

    def add(self, kind: str, row_id: int | str, fact: Fact, **above: int | str) -> Thing:
        thing = Thing(kind, row_id, fact, tuple(above.items()))
        self.things.setdefault(kind, []).append(thing)
        return thing

    def find(self, kind: str, label: str) -> Thing:
        return next(thing for thing in self.things[kind] if thing.fact.label == label)


def build_world(database: Database, storage: Storage) -> World:
    """Fill a migrated database, through the services where they exist, so that the history knows of it too."""
    world = World()
    with database.write() as session:
        builder = _Builder(session, world, storage)
        builder.build()
    return world


@dataclass(slots=True)
class _Builder:
    session: Session
    world: World
    storage: Storage
    bodies: dict[str, Body] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)

    def build(self) -> None:
        self.make_bodies()
        self.make_people()
        self.make_seats()
        self.make_accounts()
        self.make_projects()
        self.make_meetings()
        self.make_drafts()
        self.make_registrations()
        self.make_circulars()
        self.make_actions()
        self.make_decisions()
        self.make_speaking_notes()
        self.begin_supplements()
        self.make_mails()
        self.make_invitations()
        self.make_notices()
        self.make_history()
        self.world.add("handbook", "kalender", Fact("handbook", label="page of the calendars"))

    def word(self, fact: Fact, name: str) -> str:
        return self.world.word(fact, name)

    def add(self, row: object) -> None:
        self.session.add(row)
        self.session.flush()

    # bodies, people, accounts

    def make_bodies(self) -> None:
        for key, own in (("A", OWN_MEETINGS | {FORMER}), ("B", frozenset()), ("C", frozenset(SIGNED_IN))):
            name = Fact("body name", key, own=own, label=f"of {key}")
            fact = Fact("internal", key, label=f"master data of {key}")
            letter = Fact("internal", key, own=own, label=f"letterhead of {key}")
            entry = fact if key == "C" else letter
            body = bodies.create_body(
                self.session,
                operator(),
                BodyIn(name=self.word(name, "body name"), short_name=self.word(name, "short name")),
            )
            typed = {
                body_rules.LETTERHEAD.key: (self.word(letter, "letterhead"), self.word(fact, "provenance")),
                body_rules.SENDER.key: (self.word(letter, "sender"), ""),
                body_rules.REFERENCE.key: (self.word(letter, "reference"), ""),
                body_rules.INVITATION.key: (self.word(fact, "invitation text"), ""),
                body_rules.CHAIR_TITLE.key: (self.word(letter, "chair's title"), ""),
                body_rules.ENTRY.key: (self.word(entry, "entry details"), ""),
                body_rules.MEMBER_LETTER.key: (self.word(fact, "letter to members"), ""),
                body_rules.GUEST_LETTER.key: (self.word(fact, "letter to guests"), ""),
            }
            if key == "B":
                typed[body_rules.FEED_TITLES.key] = ("ja", "")
            bodies.change_rules(self.session, operator(), body, typed, body_rules.RULES)
            bodies.set_closing_days(
                self.session, operator(), body, {dt.date(2026, 12, 24): self.word(fact, "closing day")}
            )
            period = factories.make_period(self.session)
            self.add(BodyPeriod(body_id=ident(body), period_id=ident(period)))
            self.bodies[key] = body
            self.world.add("body", ident(body), dataclasses.replace(fact, label=key))
            self.world.add("speaking access", ident(body), Fact("speaking access", key, label=key))
            self.world.add("period", ident(period), fact)
            spare = factories.make_field(self.session, period)
            self.world.add("field", ident(spare), fact, period=ident(period))
            field = factories.make_field(self.session, period)
            cluster = Cluster(field_id=ident(field), name=f"Cluster of {key}", position=1)
            self.add(cluster)
            self.world.add("field", ident(field), fact, period=ident(period))
            self.world.add("cluster", ident(cluster), fact, field=ident(field))

    def make_people(self) -> None:
        seated = {
            "A": (CHAIR, CHAIR_OFFICE, MEMBER, DEPUTY, OFFICE, ADVISORY, FORMER),
            "B": (MEMBER_B,),
        }
        for key, roles in seated.items():
            for role in roles:
                self.make_person(role, Fact("person", key, own=frozenset({role}), label=role))
        outsiders = {
            GUEST: frozenset({GUEST}),
            GUEST_CONFIDENTIAL: frozenset({GUEST_CONFIDENTIAL}),
            LEAD: readers(Fact("project", "A", own=frozenset({LEAD}))),
            "lead of B": readers(Fact("project", "B")),
            DEACTIVATED: frozenset(),
            PLAIN: frozenset({PLAIN}),
            "somebody": frozenset(),
        }
        for role, own in outsiders.items():
            self.make_person(role, Fact("outsider", own=own, label=role))

    def make_person(self, role: str, fact: Fact) -> None:
        address = dataclasses.replace(fact, kind=f"{fact.kind}'s address")
        # guests stand with name and function in what the readers of their item get
        shown = {GUEST: INTERNAL["A"], GUEST_CONFIDENTIAL: CONFIDENTIAL["A"]}.get(role, frozenset())
        named = dataclasses.replace(fact, own=fact.own | shown)
        last_name = self.word(named, "last name")
        # letters show it to those who read them
        postal = Fact("outsider's address", own=frozenset({role}) | DRAFT["A"], label=role)
        person = Person(
            last_name=last_name,
            first_name=self.word(named, "first name"),
            sort_key=text.sort_key(last_name),
            email=f"{self.word(address, 'e-mail')}@example.org",
            address=f"{self.word(postal, 'postal address')}\n10178 Berlin",
        )
        self.add(person)
        self.add(PersonFunction(person_id=ident(person), title=self.word(named if shown else address, "function")))
        record(self.session, operator(), "person.create", person, after={"last_name": last_name}, label=person.name)
        self.persons[role] = person
        self.world.add("person", ident(person), fact)

    def make_seats(self) -> None:
        seats = {
            "chair of A": ("A", True, True, {CHAIR: "member", CHAIR_OFFICE: "office"}),
            "voting seat of A": ("A", True, False, {MEMBER: "member", DEPUTY: "deputy", OFFICE: "office"}),
            "advisory seat of A": ("A", False, False, {ADVISORY: "member"}),
            "left seat of A": ("A", True, False, {FORMER: "member"}),
            "voting seat of B": ("B", True, False, {MEMBER_B: "member"}),
        }
        yesterday = clock.today() - dt.timedelta(days=1)
        for label, (key, voting, chair, holders) in seats.items():
            fact = Fact("internal", key, label=label)
            institution = factories.make_organisation(self.session)
            self.world.add("organisation", ident(institution), Fact("body name", "", own=frozenset({LEAD})))
            seat = bodies.add_seat(
                self.session,
                operator(),
                self.bodies[key],
                organisation_id=ident(institution),
                # whose seat it was reads it among the own data
                title=self.word(dataclasses.replace(fact, own=frozenset({FORMER} & set(holders))), "seat"),
                voting=voting,
                chair=chair,
                source=self.word(fact, "source of the seat"),
            )
            held = [
                bodies.fill_seat(
                    self.session,
                    operator(),
                    seat,
                    person_id=ident(self.persons[role]),
                    kind=MembershipKind(kind),
                    valid_from=dt.date(2020, 1, 1),
                    valid_to=yesterday if role == FORMER else None,
                )
                for role, kind in holders.items()
            ]
            self.address(seat, fact)
            self.world.add("seat", ident(seat), fact, body=ident(self.bodies[key]))
            for one in held:
                self.world.add("membership", ident(one), fact, seat=ident(seat), body=ident(self.bodies[key]))

    def address(self, seat: Seat, fact: Fact) -> None:
        bodies.add_seat_address(
            self.session,
            operator(),
            seat,
            kind=AddressKind.OFFICE,
            name=self.word(fact, "address of the seat"),
            email=f"{self.word(fact, 'e-mail of the seat')}@example.org",
        )

    def make_accounts(self) -> None:
        given = {
            SECRETARIAT_ALL: (Role.SECRETARIAT, None),
            SECRETARIAT_A: (Role.SECRETARIAT, self.bodies["A"]),
            SECRETARIAT_B: (Role.SECRETARIAT, self.bodies["B"]),
            AUDITOR: (Role.AUDITOR, self.bodies["A"]),
            AUDITOR_REASON: (Role.AUDITOR, self.bodies["A"]),
            ADMIN: (Role.ADMIN, None),
            DEACTIVATED: (Role.SECRETARIAT, None),
        }
        for role in ROLES:
            if role == NOBODY:
                continue
            fact = Fact("account", own=frozenset({role}), label=f"account of the {role}")
            kind, body = given.get(role, (None, None))
            known = role in (SECRETARIAT_ALL, SECRETARIAT_A)
            named = dataclasses.replace(fact, kind="secretariat's name") if known else fact
            account = factories.make_account(
                self.session,
                kind,
                body,
                self.persons.get(role),
                name=self.word(named, "account name"),
                email=f"{self.word(fact, 'account address').lower()}@example.org",
                active=role != DEACTIVATED,
            )
            record(
                self.session,
                operator(),
                "account.create",
                account,
                after={"email": account.email},
                label=account.email,
                reach=Reach.ACCOUNT,
            )
            self.world.accounts[role] = ident(account)
            self.world.add("account", ident(account), fact)
            self.make_keys(role, account, fact)
            if role == AUDITOR_REASON:
                self.make_audit(account)

    def make_audit(self, account: Account) -> None:
        """The Revision looks into confidential matters of A, and says why."""
        fact = Fact("audit", "A", own=frozenset({AUDITOR_REASON}), label="reason of the Revision")
        body = self.bodies["A"]
        why = AuditIn(body=ident(body), reason=f"{self.word(fact, 'reason')} und noch mehr Worte")
        actor = dataclasses.replace(actor_of(self.session, account), name=self.word(fact, "who looked"))
        self.world.add("access", ident(bodies.open_audit(self.session, actor, why)), fact)

    def make_keys(self, role: str, account: Account, fact: Fact) -> None:
        world = self.world
        key = people_rules.new_key()
        people.start_session(self.session, account, key, lasts=dt.timedelta(hours=12))
        world.cookies[role] = key
        self.make_factors(role, account, fact)
        actor = actor_of(self.session, account)
        for place in (world.tokens, world.ended_tokens):
            place[role] = people.create_api_token(
                self.session, actor, account, label=self.word(fact, "label of the API token")
            )
        for place in (world.feeds, world.ended):
            place[role] = people.create_feed_token(
                self.session, actor, body_id=None, label=self.word(fact, "label of the feed")
            )
        self.session.flush()
        for signed_in in _rows(self.session, SignInSession, account_id=account.id):
            world.add("sign-in", ident(signed_in), dataclasses.replace(fact, label=f"sign-in of the {role}"))
        for kind, name, stored in (("API token", "token", ApiToken), ("feed", "feed", FeedToken)):
            for row in _rows(self.session, stored, account_id=account.id):
                if row.token_hash in [people_rules.key_hash(one[role]) for one in (world.ended, world.ended_tokens)]:
                    row.revoked_at = clock.now()
                    self.session.add(row)
                world.add(name, ident(row), dataclasses.replace(fact, label=f"{kind} of the {role}"))

    def make_factors(self, role: str, account: Account, fact: Fact) -> None:
        """A second factor and a passkey of the account."""
        now, account_id = clock.now(), ident(account)
        self.session.add(OneTimeSecret(account_id=account_id, sealed="", created_at=now, confirmed_at=now))
        named = self.word(fact, "name of the passkey")
        passkey = Passkey(
            account_id=account_id, name=named, credential_id=f"key of {role}", public_key="", created_at=now
        )
        self.session.add(passkey)
        self.session.flush()
        self.world.add("passkey", ident(passkey), dataclasses.replace(fact, label=f"passkey of the {role}"))

    # projects

    def make_projects(self) -> None:
        steered = {key: _only(self.session, BodyPeriod, body_id=ident(self.bodies[key])).period_id for key in "AB"}
        owners = {
            "led": ("A", frozenset({LEAD})),
            "shown to the guest": ("A", frozenset()),
            "shown to the confidential guest": ("A", frozenset()),
            "of A": ("A", frozenset()),
            "of B": ("B", frozenset()),
            "without period": ("", frozenset()),
        }
        shown = {
            "shown to the guest": frozenset({GUEST}),
            "shown to the confidential guest": frozenset({GUEST_CONFIDENTIAL}),
        }
        for label, (key, own) in owners.items():
            fact = Fact("project", key, own=own, label=label)
            period = steered.get(key)
            named = dataclasses.replace(fact, own=own | shown.get(label, frozenset()))
            project = factories.make_project(
                self.session,
                title=self.word(named, "project title"),
                period_id=period,
                funding=self.word(fact, "funding"),
                source=self.word(fact, "source of the project"),
                ends_on=dt.date(2027, 6, 30),
            )
            self.projects[label] = project
            self.world.add("project", ident(project), fact)
            self.make_statuses(project, fact)
            self.make_milestone(project, fact)
        lead_of_b = self.persons["lead of B"]
        self.add(ProjectLead(project_id=ident(self.projects["led"]), person_id=ident(self.persons[LEAD])))
        self.add(ProjectLead(project_id=ident(self.projects["of B"]), person_id=ident(lead_of_b)))
        line = ProjectLineage(
            from_id=ident(self.projects["of B"]),
            to_id=ident(self.projects["of A"]),
            kind=LineageKind.CONTINUED,
            since_on=dt.date(2026, 1, 1),
        )
        self.add(line)

    def make_statuses(self, project: Project, fact: Fact) -> None:
        hidden = dataclasses.replace(fact, kind="unaccepted")
        lead = Actor(
            account_id=None,
            name=self.word(hidden, "who submitted the status"),
            on=clock.today(),
            lead_project_ids=frozenset({ident(project)}),
        )
        told = (
            (operator(), dt.date(2025, 9, 30), Light.GREEN, fact),
            (operator(), dt.date(2026, 2, 14), Light.RED, fact),
            (lead, dt.date(2026, 2, 20), Light.YELLOW, hidden),
            (lead, dt.date(2026, 2, 25), Light.RED, hidden),
        )
        reports = []
        for actor, as_of, light, owner in told:
            wish = self.status(owner, as_of, light)
            report = enter_status(self.session, actor, project, wish)
            reports.append(report)
            self.world.add(
                "report", ident(report), dataclasses.replace(owner, label=f"{as_of}"), project=ident(project)
            )
        reject_status(
            self.session, operator(), project, reports[3], reason=self.word(hidden, "reason of the rejection")
        )
        self.correct(project, reports[1], fact)

    def status(self, fact: Fact, as_of: dt.date, light: Light) -> StatusIn:
        return StatusIn(
            as_of=as_of,
            light=light,
            phase=Phase.RUNNING,
            summary=self.word(fact, "summary"),
            next_steps=self.word(fact, "next steps"),
            risks=self.word(fact, "risks"),
            decision_need=self.word(fact, "decision need"),
        )

    def correct(self, project: Project, report: StatusReport, fact: Fact) -> None:
        wish = self.status(fact, report.as_of, Light.RED)
        correction = CorrectionIn(**wish.model_dump(), reason=self.word(fact, "reason of the correction"))
        corrected = correct_status(self.session, operator(), project, report, correction)
        self.world.add("report", ident(corrected), dataclasses.replace(fact, label="corrected"), project=ident(project))

    def make_milestone(self, project: Project, fact: Fact) -> None:
        milestone = Milestone(project_id=ident(project), title=self.word(fact, "milestone"))
        self.add(milestone)
        self.add(
            MilestoneDate(milestone_id=ident(milestone), told_on=dt.date(2025, 9, 30), due_on=dt.date(2026, 1, 10))
        )
        self.world.add("milestone", ident(milestone), fact, project=ident(project))
        for need in _rows(self.session, DecisionNeed, project_id=ident(project)):
            self.world.add("need", ident(need), fact, project=ident(project))

    # meetings and agendas

    def make_meetings(self) -> None:
        draft, known = Fact("hidden meeting", "A"), Fact("internal", "A")
        own = dataclasses.replace(known, own=OWN_MEETINGS)
        lead_only = dataclasses.replace(known, own=frozenset({LEAD, FORMER}))
        guest_and_lead = dataclasses.replace(known, own=frozenset({GUEST, LEAD}))
        self.plan("planned", "A", dt.date(2026, 11, 10), draft)
        self.announce(self.plan("announced", "A", dt.date(2026, 10, 6), known))
        self.plan("draft", "A", dt.date(2026, 6, 2), draft)
        self.announce(self.plan("announced draft", "A", dt.date(2026, 7, 7), known))
        self.plan("released", "A", dt.date(2026, 3, 24), own)
        self.plan("in session", "A", dt.date(2026, 3, 2), guest_and_lead)
        self.plan("held", "A", dt.date(2026, 1, 20), lead_only)
        self.cancel(self.announce(self.plan("cancelled", "A", dt.date(2026, 9, 1), known)), known)
        self.cancel(self.plan("cancelled before anybody knew", "A", dt.date(2026, 12, 1), draft), draft)
        self.plan("draft of B", "B", dt.date(2026, 6, 10), Fact("hidden meeting", "B"))
        self.plan("released of B", "B", dt.date(2026, 3, 26), Fact("internal", "B"))
        self.plan("released twice", "A", dt.date(2026, 4, 21), guest_and_lead)
        self.plan("released of C", "C", dt.date(2026, 5, 12), Fact("published", "C", "public"))
        self.fill_agendas()

    def plan(self, label: str, key: str, on: dt.date, fact: Fact) -> Meeting:
        start = dt.datetime.combine(on, dt.time(10), clock.BERLIN)
        inner = dataclasses.replace(fact, kind="matter", own=frozenset(), label=label)
        if fact.kind == "hidden meeting":
            inner = dataclasses.replace(inner, kind="draft")
        topic = inner if label.startswith(RELEASED) else dataclasses.replace(inner, kind="draft")
        wish = MeetingIn(
            body=ident(self.bodies[key]),
            starts_at=start,
            ends_at=start + dt.timedelta(hours=2),
            place=self.word(dataclasses.replace(fact, label=label), "place"),
            main_topic=self.word(topic, "main topic"),
            source=self.word(inner, "source of the meeting"),
        )
        meeting = meetings.plan_meeting(self.session, operator(), wish)
        self.meetings[label] = meeting
        self.world.add("meeting", ident(meeting), dataclasses.replace(fact, label=label))
        return meeting

    def announce(self, meeting: Meeting) -> Meeting:
        return meetings.announce_meeting(self.session, operator(), meeting)

    def cancel(self, meeting: Meeting, fact: Fact) -> None:
        kind = "draft" if fact.kind == "hidden meeting" else "matter"
        inner = dataclasses.replace(fact, kind=kind, label="cancelled")
        wish = CancelIn(reason=self.word(inner, "reason of the cancellation"))
        meetings.cancel_meeting(self.session, operator(), meeting, wish)

    def fill_agendas(self) -> None:
        led, guests = self.projects["led"], {GUEST: "shown to the guest"}
        for label in ("draft", "announced draft", "draft of B"):
            key = "B" if label.endswith("B") else "A"
            for level in Level:
                self.item(label, Fact("draft", key, level, label=f"{level} in {label}"))
        self.item("draft", Fact("draft", "A", label="of the lead in draft"), projects=[led])
        self.item("draft", Fact("draft", "A", label="of the guest in draft"), guest=GUEST)
        for label in RELEASED:
            key = key_of(label)
            titles = ", titles in feeds" if key == "B" else ""
            for level in Level:
                fact = Fact("item", key, level, label=f"{level} in {label}{titles}")
                open_to_all = key == "C" and level is Level.PUBLIC
                self.item(label, dataclasses.replace(fact, kind="published item") if open_to_all else fact, inner=fact)
            if key == "A":
                fact = Fact("item", "A", own=frozenset({LEAD}), label=f"of the lead in {label}")
                self.item(label, fact, projects=[led])
                over = label == "held"
                own = frozenset() if over else frozenset({GUEST})
                self.item(
                    label,
                    Fact("item", "A", own=own, label=f"of the guest in {label}"),
                    guest=GUEST,
                    projects=[self.projects[guests[GUEST]]],
                )
        self.item("released", Fact("item", "A", "confidential", label="about the led project"), projects=[led])
        self.item(
            "released",
            Fact("item", "A", "confidential", own=frozenset({GUEST_CONFIDENTIAL}), label="of the confidential guest"),
            guest=GUEST_CONFIDENTIAL,
            projects=[self.projects["shown to the confidential guest"]],
        )
        attending = frozenset({ADVISORY})
        for label in ("released", "held"):
            fact = Fact("item", "A", "confidential", own=attending, label=f"of the advisory seat in {label}")
            self.item(label, fact, guest=ADVISORY if label == "released" else None)
        self.make_papers()
        for label in RELEASED:
            self.release(label)
            if key_of(label) != "C":  # nobody sits there who could be written to
                self.send(label)
        for label in ("in session", "held"):
            self.hold(label)
        self.change_after_release()
        self.change_papers()
        self.publish("released of C")
        for label in ("released twice", "released of C"):
            self.supplement(label)
        self.list_documents()
        self.write_texts()

    def item(
        self,
        label: str,
        fact: Fact,
        *,
        inner: Fact | None = None,
        guest: str | None = None,
        projects: Iterable[Project] = (),
    ) -> AgendaItem:
        """An item; *inner*: what its presenter and Anlass tell, where the title tells something else."""
        meeting = self.meetings[label]
        wish = ItemIn(
            title=self.word(fact, "title"),
            section=SectionKey.DEBATE,
            minutes=5,
            presenter=self.word(inner or fact, "presenter"),
            occasion=self.word(inner or fact, "Anlass"),
            proposed_decision=self.word(fact, "proposed decision"),
            level=Level(fact.level),
            projects=[ident(project) for project in projects],
        )
        item = add_item(self.session, operator(), meeting, wish)
        if guest is not None:
            self.add(AgendaItemGuest(item_id=ident(item), person_id=ident(self.persons[guest])))
            self.world.add("guest", ident(self.persons[guest]), fact, meeting=ident(meeting), item=ident(item))
        self.world.add("item", ident(item), fact, meeting=ident(meeting))
        return item

    def release(self, label: str) -> None:
        fact = Fact("matter", key_of(label), label=f"release of {label}")
        wish = ReleaseIn(
            approved_by=self.word(fact, "who approved"),
            approved_on=dt.date(2026, 3, 1),
            approved_how="im System",
            late_reason=self.word(fact, "reason of the late dispatch"),
        )
        release = release_meeting(self.session, operator(), self.meetings[label], wish)
        self.session.flush()
        self.world.add("release", ident(release), fact, meeting=ident(self.meetings[label]))

    def send(self, label: str) -> None:
        """One letter of the meeting was sent."""
        meeting, key = self.meetings[label], key_of(label)
        person = self.persons[MEMBER_B if key == "B" else MEMBER]
        fact = Fact("draft", key, label=f"letter sent in {label}")
        wish = DispatchIn(
            persons=[ident(person)],
            way=DispatchWay.POST,
            sent_on=clock.today(),
            sent_by=self.word(fact, "who sent the letter"),
        )
        sent = send_letters(self.session, operator(), meeting, wish)[0]
        self.world.add("sent letter", ident(sent), fact, meeting=ident(meeting))

    def publish(self, label: str) -> None:
        publish_agenda(self.session, operator(), self.meetings[label])
        self.session.flush()

    def supplement(self, label: str) -> None:
        """Version 2: other texts of the public and the internal item, the confidential one withdrawn."""
        meeting, key = self.meetings[label], key_of(label)
        for item in _rows(self.session, AgendaItem, meeting_id=ident(meeting))[:3]:
            fact = Fact("item", key, item.level.value, label=f"{item.level} in version 2 of {label}")
            if item.level is Level.CONFIDENTIAL:
                reason = ItemWithdrawIn(reason=self.word(fact, "why the item is withdrawn"))
                withdraw_item(self.session, operator(), meeting, item, reason)
            else:
                wish = ItemChange(proposed_decision=self.word(fact, "proposed decision"))
                change_item(self.session, operator(), meeting, item, wish, base_version=item.version)
        fact = Fact("matter", key, label=f"supplement of {label}")
        approved = ReleaseIn(
            approved_by=self.word(fact, "who approved"),
            approved_on=dt.date(2026, 3, 2),
            approved_how="im System",
            reason=self.word(fact, "reason of the supplement"),
        )
        release = release_meeting(self.session, operator(), meeting, approved)
        self.session.flush()
        self.world.add("release", ident(release), fact, meeting=ident(meeting))

    def list_documents(self) -> None:
        for label in FROZEN:
            documents = _rows(self.session, FrozenDocument, meeting_id=ident(self.meetings[label]))
            for one in documents:
                key = one.edition.value
                if one.edition is Edition.GUEST:
                    key = f"{key}-{self.session.get_one(AgendaItem, one.item_id).number}"
                    self.world.editions.append(key)
                latest = one.version == max(other.version for other in documents)
                self.world.frozen.append(Frozen(label, one.kind, one.version, key, latest, one.hash[:16]))
        self.world.editions = sorted(set(self.world.editions))

    def begin_supplements(self) -> None:
        """A new item with a guest, another one withdrawn: nobody outside may notice before the next release."""
        for label, led in (("released", [self.projects["led"]]), ("released of B", [])):
            meeting, key = self.meetings[label], key_of(label)
            fact = Fact("draft", key, label=f"prepared after {label}")
            item = _rows(self.session, AgendaItem, meeting_id=ident(meeting))[1]
            withdraw_item(self.session, operator(), meeting, item, ItemWithdrawIn(reason=self.word(fact, "why")))
            self.item(label, fact, guest=GUEST, projects=led)

    def hold(self, label: str) -> None:
        meeting = self.meetings[label]
        meetings.start_meeting(self.session, operator(), meeting)
        for item in _rows(self.session, AgendaItem, meeting_id=ident(meeting)):
            fact = Fact("item", "A", item.level.value, label=f"outcome in {label}")
            wish = OutcomeIn(outcome=Outcome.NOTED, note=self.word(fact, "note of the outcome"))
            set_outcome(self.session, operator(), meeting, item, wish)
            if label == "in session":
                noted = self.word(Fact("draft", "A", label=f"minutes of {label}"), "course of deliberation")
                write_note(self.session, operator(), meeting, item, MinuteNoteIn(note=noted), base_version=0)
        if label == "held":
            close_meeting(self.session, operator(), meeting)
            for thing in [one for one in self.world.things["item"] if dict(one.above).get("meeting") == meeting.id]:
                made = draft_of_item(self.session, int(thing.id))
                if made is not None:
                    self.world.add("decision", ident(made), thing.fact)
            self.make_attendance()
            self.seal(meeting)

    def seal(self, meeting: Meeting) -> None:
        """Minutes with notes, sent, objected to, answered, approved in the running meeting, with addenda."""
        items = {item.level: item for item in _rows(self.session, AgendaItem, meeting_id=ident(meeting))[:3]}
        facts = {level: Fact("item", "A", level.value, label=f"minutes, {level.value}") for level in items}
        for level, item in items.items():
            note = self.word(facts[level], "course of deliberation")
            self.add(MinuteNote(item_id=ident(item), note=note, changed_at=clock.now()))
        send_for_review(self.session, operator(), meeting, SubmitIn(
            released_by=self.word(Fact("matter", "A", label="minutes"), "who released the minutes"),
            released_on=clock.today(), released_how="mündlich", late_reason="spät",
        ))  # fmt: skip
        for level, item in items.items():
            wish = ObjectionIn(item=ident(item), text=self.word(facts[level], "objection"), by="IHK")
            objection = raise_objection(self.session, operator(), meeting, wish)
            answer = AnswerIn(state=ObjectionState.DECLINED, answer=self.word(facts[level], "answer to the objection"))
            answer_objection(self.session, operator(), meeting, objection, answer)
            self.world.add("objection", ident(objection), facts[level], meeting=ident(meeting))
        running = ApproveIn(meeting=ident(self.meetings["in session"]))
        approve_minutes(self.session, operator(), meeting, running)
        for level, item in items.items():
            # Who sat there keeps the approved minutes with their addenda when the term is over.
            own = frozenset() if level is Level.CONFIDENTIAL else frozenset({FORMER})
            fact = dataclasses.replace(facts[level], own=own)
            added = AddendumIn(item=ident(item), text=self.word(fact, "addendum"), level=level)
            addendum = add_addendum(self.session, operator(), meeting, added)
            self.world.add("addendum", addendum.serial, fact, meeting=ident(meeting))

    # decisions

    def make_decisions(self) -> None:
        """One that is provisional, and old ones of both bodies that were taken over."""
        meeting = self.meetings["in session"]
        item = _rows(self.session, AgendaItem, meeting_id=ident(meeting))[1]
        fact = Fact("draft", "A", label="provisional decision")
        clause = ClauseIn(verb=Verb.AGREES, text=self.word(fact, "clause"))
        wish = DecisionIn(title=self.word(fact, "title"), wording=self.word(fact, "wording"), clauses=[clause])
        made = write_decision(self.session, operator(), meeting, item, wish)
        self.world.add("decision", ident(made), fact)
        led = Fact("item", "A", own=frozenset({LEAD}), label="decision about the led project")
        for number, fact in enumerate(
            (
                led,
                Fact("item", "A", "confidential", label="confidential decision about the led project"),
                Fact("item", "A", "public", label="public decision that nobody published"),
                Fact("item", "B", label="decision of B"),
            )
        ):
            old = TakenOverIn(
                body=ident(self.bodies[fact.body]),
                number=f"{number}/2018 {self.word(fact, 'number')}",
                decided_on=dt.date(2018, 5, 16),
                title=self.word(fact, "title"),
                wording=self.word(fact, "wording"),
                level=Level(fact.level),
                clauses=[ClauseIn(verb=Verb.NOTES, text=self.word(fact, "clause"))],
                projects=[ident(self.projects["led"])] if "led project" in fact.label else [],
                source=self.word(fact, "source"),
            )
            made = take_over_decision(self.session, operator(), old)
            self.world.add("decision", ident(made), fact)
            entered = FollowUpIn(state=FollowUpState.IN_PROGRESS, text=self.word(fact, "follow-up"))
            entry = add_follow_up(self.session, operator(), made, entered)
            self.world.add("follow-up", ident(entry), fact, decision=ident(made))

    def make_attendance(self) -> None:
        """What seats announced, who was there, who led, who was excluded: before, during and after a meeting."""
        draft, over = Fact("draft", "A", label="in the room"), Fact("matter", "A", label="who was there")
        released, running, held = (ident(self.meetings[one]) for one in ("released", "in session", "held"))
        seats = {thing.fact.label: int(thing.id) for thing in self.world.things["seat"]}
        self.world.add("meeting seat", seats["chair of A"], over, meeting=released)
        own = Fact("registration", "A", own=frozenset({MEMBER, DEPUTY, OFFICE}), label="answer of the voting seat")
        self.add(
            Announcement(
                meeting_id=released,
                seat_id=seats["voting seat of A"],
                answer=Answer.REPRESENTED,
                deputy_name=self.word(own, "ad-hoc representative"),
                note=self.word(own, "note of the answer"),
                answered_at=clock.now(),
            )
        )
        secret = _rows(self.session, AgendaItem, meeting_id=held, level=Level.CONFIDENTIAL)[0]
        guest = Fact("item", "A", "confidential", label="guest of a confidential item who was there")
        for meeting_id, fact, item_id in ((running, draft, None), (held, over, None), (held, guest, ident(secret))):
            row = Presence(
                meeting_id=meeting_id,
                item_id=item_id,
                name=self.word(fact, "somebody who was there"),
                role=PresenceRole.GUEST,
                from_at=clock.now(),
                until_at=clock.now() if meeting_id == held else None,
            )
            self.add(row)
            self.world.add("presence", ident(row), fact, meeting=meeting_id)
        self.attend(held, FORMER, seats["left seat of A"])
        self.attend(held, ADVISORY, seats["advisory seat of A"], self.world.find("item", ATTENDED).id)
        chair = self.persons[CHAIR]
        led = Chairing(meeting_id=running, person_id=ident(chair), name=chair.name, from_at=clock.now())
        self.add(led)
        self.world.add("chairing", ident(led), draft, meeting=running)
        item = _rows(self.session, AgendaItem, meeting_id=running)[0]
        barred = Exclusion(
            item_id=ident(item),
            person_id=ident(chair),
            reason=self.word(draft, "reason of the exclusion"),
            recorded_at=clock.now(),
        )
        self.add(barred)
        self.world.add("excluded", ident(chair), draft, meeting=running, item=ident(item))

    def attend(self, meeting_id: int, role: str, seat_id: int, item_id: int | str | None = None) -> None:
        """Somebody was there for a seat, at the whole meeting or at one item of it."""
        person = self.persons[role]
        row = Presence(
            meeting_id=meeting_id,
            item_id=item_id,
            seat_id=seat_id,
            person_id=ident(person),
            name=person.name,
            role=PresenceRole.MEMBER,
            from_at=clock.now(),
            until_at=clock.now(),
        )
        self.add(row)

    # papers

    def make_papers(self) -> None:
        for label in ("draft", "released", "held", "released of B"):
            key = "B" if label.endswith("B") else "A"
            drafted = label == "draft"
            matter = Fact("draft" if drafted else "matter", key, label=f"whole {label}")
            self.paper(place_of(self.meetings[label]), matter, matter, meeting=ident(self.meetings[label]))
            for level in Level:
                titles = ", titles in feeds" if key == "B" else ""
                of = self.world.find("item", f"{level} in {label}{titles}")
                self.item_paper(label, of, Level.INTERNAL, of.fact)
        for label, wanted in (("released", "of the guest in released"), ("released", "of the lead in released")):
            of = self.world.find("item", wanted)
            own = of.fact.own
            for level in Level:
                # Guests see confidential papers of their own items by their title only, leads not at all.
                seen = own if level is not Level.CONFIDENTIAL or GUEST in own else frozenset()
                shown = Fact("item", "A", level, own=seen, label=f"{level} paper {wanted}")
                inside = seen if level is not Level.CONFIDENTIAL else frozenset()
                self.item_paper(label, of, level, shown, dataclasses.replace(shown, own=inside))
        self.project_papers()

    def item_paper(self, label: str, of: Thing, level: Level, shown: Fact, inside: Fact | None = None) -> None:
        item = self.session.get_one(AgendaItem, of.id)
        if shown.level == "confidential" and inside is None:
            inside = dataclasses.replace(shown, own=frozenset())
        meeting = self.meetings[label]
        self.paper(place_of(meeting, item), shown, inside or shown, level, meeting=ident(meeting))

    def project_papers(self) -> None:
        for label in ("led", "of B", "without period"):
            project, fact = self.projects[label], self.world.find("project", label).fact
            secret = Fact("item", fact.body, "confidential", label=f"secret of the project {label}")
            gone = Fact("unaccepted", fact.body, label=f"withdrawn from the project {label}")
            traced = dataclasses.replace(gone, kind="history of a withdrawn paper")
            for paper_fact, level in ((fact, Level.INTERNAL), (secret, Level.CONFIDENTIAL), (gone, Level.INTERNAL)):
                told = traced if paper_fact is gone else paper_fact
                place, owner = place_of_project(project), {"project": ident(project)}
                paper = self.paper(place, paper_fact, paper_fact, level, told=told, **owner)
                if paper_fact is gone:
                    reason = WithdrawIn(reason=self.word(traced, "why the paper is withdrawn"))
                    ProjectPapers(self.session, operator(), project).withdraw(ident(paper), reason)

    def paper(
        self,
        place: Place,
        shown: Fact,
        inside: Fact,
        level: Level = Level.INTERNAL,
        *,
        told: Fact | None = None,
        **owner: int | str,
    ) -> Paper:
        wish = PaperIn(title=self.word(told or shown, "title of the paper"), level=level)
        file = self.file(self.word(told or shown, "name of the file"), inside)
        paper = add_papers(self.session, operator(), place, [file], wish)[0]
        (kind,) = owner
        kind = "paper" if kind == "meeting" else f"{kind} paper"
        self.world.add(kind, ident(paper), shown, **owner)
        self.world.files[kind, ident(paper)] = WORD.findall(self.storage.get(file.key).decode().lower())[0]
        return paper

    def file(self, name: str, inside: Fact) -> StoredFile:
        content = files.pdf(self.word(inside, "inside of the file"))
        return StoredFile(self.storage.put(content), f"{name}.pdf", "application/pdf", len(content))

    def change_papers(self) -> None:
        """A new file, and a withdrawn paper, after the release: their readers still see what was released."""
        of = self.world.find("item", "internal in released")
        item, meeting = self.session.get_one(AgendaItem, of.id), self.meetings["released"]
        hidden = Fact("draft", "A", label="changed after the release")
        held = list_at(self.session, place_of(meeting, item))[0]
        file = self.file(self.word(hidden, "name of the new file"), hidden)
        MeetingPapers(self.session, operator(), meeting).add_version(ident(held.paper), file)
        reason = WithdrawIn(reason=self.word(hidden, "why the paper is withdrawn"))
        of = self.world.find("item", "public in held")
        held = list_at(self.session, place_of(self.meetings["held"], self.session.get_one(AgendaItem, of.id)))[0]
        MeetingPapers(self.session, operator(), self.meetings["held"]).withdraw(ident(held.paper), reason)
        self.world.words[self.world.files["paper", ident(held.paper)]] = (hidden, "inside of the file")

    def change_after_release(self) -> None:
        """The rows behind a release are the next working copy: what changes there is a draft again."""
        item = _rows(self.session, AgendaItem, meeting_id=ident(self.meetings["released"]))[0]
        fact = Fact("draft", "A", label="changed after the release")
        item.presenter = self.word(fact, "presenter")
        self.session.add(item)

    def write_texts(self) -> None:
        """An earlier text of a draft's first item, and somebody who has it open."""
        meeting = self.meetings["draft"]
        item = _rows(self.session, AgendaItem, meeting_id=ident(meeting))[0]
        fact, now = Fact("draft", "A", label="written in draft"), item.occasion
        for text_then in (self.word(fact, "earlier text"), now):
            wish = ItemChange(occasion=text_then)
            change_item(self.session, operator(), meeting, item, wish, base_version=item.version)
        somebody = dataclasses.replace(operator(), name=self.word(fact, "who is at it"))
        desk = item_desk(self.session, somebody, meeting, item)
        visit_desk(self.session, somebody, desk, "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b")

    def make_drafts(self) -> None:
        for key, label in (("A", "draft"), ("B", "draft of B")):
            meeting = self.meetings[label]
            project = self.projects[f"of {key}"]
            for state in ProposalState:
                for level in (Level.INTERNAL, Level.CONFIDENTIAL):
                    self.proposal(meeting, project, Fact("draft", key, level, label=f"{state} of {key}"), state)
            for topic_state in TopicState:
                self.topic(meeting, project, Fact("draft", key, label=f"topic of {key}"), topic_state)

    def reasons(self, fact: Fact, project: Project) -> str:
        reason = {
            "rule": "turned_red",
            "text": self.word(fact, "reason"),
            "project": project.code,
            "since": "2026-02-14",
        }
        return json.dumps([reason])

    def proposal(self, meeting: Meeting, project: Project, fact: Fact, state: ProposalState) -> None:
        proposal = Proposal(
            meeting_id=ident(meeting),
            key=f"project:{ident(project)}:{state}:{fact.level}",
            section=SectionKey.DEBATE,
            kind=ItemKind.DEBATE,
            title=self.word(fact, "title of the proposal"),
            minutes=10,
            score=80,
            level=Level(fact.level),
            reasons=self.reasons(fact, project),
            occasion=self.word(fact, "Anlass of the proposal"),
            proposed_decision=self.word(fact, "decision of the proposal"),
            taken_by=self.word(fact, "where it is taken"),
            difference=self.word(fact, "difference"),
            state=state,
            reject_reason=self.word(fact, "reason of the rejection") if state is ProposalState.REJECTED else "",
        )
        self.add(proposal)
        self.add(ProposalProject(proposal_id=ident(proposal), project_id=ident(project)))
        self.world.add("proposal", ident(proposal), fact, meeting=ident(meeting))

    def topic(self, meeting: Meeting, project: Project, fact: Fact, state: TopicState) -> None:
        topic = Topic(
            body_id=meeting.body_id,
            from_meeting_id=ident(meeting),
            title=self.word(fact, "topic"),
            section=SectionKey.DEBATE,
            kind=ItemKind.DEBATE,
            minutes=10,
            occasion=self.word(fact, "Anlass of the topic"),
            proposed_decision=self.word(fact, "decision of the topic"),
            reasons=self.reasons(fact, project),
            why=self.word(fact, "reason in the topic backlog"),
            state=state,
            created_at=clock.now(),
            created_by=self.word(fact, "who set it aside"),
        )
        self.add(topic)
        self.add(TopicProject(topic_id=ident(topic), project_id=ident(project)))
        self.world.add("topic", ident(topic), fact, meeting=ident(meeting))
        for _ in range(2):
            self.paper(place_of_topic(topic), fact, fact, topic=ident(topic))

    # speaking notes

    def make_speaking_notes(self) -> None:
        account = self.world.accounts[SECRETARIAT_ALL]
        self.add(SpeakingGrant(body_id=ident(self.bodies["A"]), account_id=account, named_at=clock.now()))
        for label in ("draft", *RELEASED):
            meeting = self.meetings[label]
            fact = Fact("speaking", key_of(label), label=f"speaking notes of {label}")
            for item in _rows(self.session, AgendaItem, meeting_id=ident(meeting), withdrawn=False):
                note = SpeakingNote(
                    item_id=ident(item),
                    goal=self.word(fact, "goal"),
                    key_messages=self.word(fact, "key messages"),
                    reactive=self.word(fact, "reactive"),
                    changed_at=clock.now(),
                )
                self.add(note)
            told = dataclasses.replace(fact, kind="history of speaking notes")
            self.entry(note, told, Reach.CONFIDENTIAL, meeting.body_id)
            opening, closing = self.word(fact, "opening"), self.word(fact, "closing")
            self.add(SpeakingFrame(meeting_id=ident(meeting), opening=opening, closing=closing, changed_at=clock.now()))

    def make_registrations(self) -> None:
        """Topics that people registered: for seats and for a led project, in every state, one of them confidential."""
        sides = {
            MEMBER: ("A", "voting seat of A", frozenset({MEMBER, DEPUTY, OFFICE})),
            ADVISORY: ("A", "advisory seat of A", frozenset({ADVISORY})),
            MEMBER_B: ("B", "voting seat of B", frozenset({MEMBER_B})),
            LEAD: ("A", "", frozenset({LEAD})),
        }
        for role, (key, seat, own) in sides.items():
            for state in RegistrationState:
                for level in (Level.INTERNAL, Level.CONFIDENTIAL):
                    self.registration(role, key, seat, own, state, level)

    def registration(
        self, role: str, key: str, seat: str, own: frozenset[str], state: RegistrationState, level: Level
    ) -> None:
        fact = Fact("registration", key, level.value, own=own, label=f"{state} of the {role}")
        draft = Fact("draft", key, label=f"consent for the {role}")
        project = self.projects["led" if key == "A" else "of B"]
        meeting = self.meetings["announced" if key == "A" else "draft of B"]
        hidden = _rows(
            self.session, AgendaItem, meeting_id=ident(self.meetings["draft" if key == "A" else "draft of B"])
        )
        registration = Registration(
            body_id=ident(self.bodies[key]),
            meeting_id=ident(meeting),
            seat_id=self.world.find("seat", seat).id if seat else None,
            person_id=ident(self.persons[role]),
            item_id=ident(hidden[0]) if state is RegistrationState.PLANNED else None,
            by=self.word(fact, "who registered"),
            title=self.word(fact, "registered title"),
            section=SectionKey.DEBATE,
            kind=ItemKind.DEBATE,
            presenter=self.word(fact, "presenter"),
            occasion=self.word(fact, "Begründung"),
            proposed_decision=self.word(fact, "proposed decision"),
            level=level,
            urgency=self.word(fact, "Eilbedarf"),
            consent_by=self.word(draft, "who consented"),
            consent_on=dt.date(2026, 3, 1),
            consent_how="E-Mail",
            state=state,
            answer=self.word(fact, "answer") if state is RegistrationState.DECLINED else "",
            registered_at=clock.now() + dt.timedelta(days=300),
            chosen_at=clock.now() + dt.timedelta(days=300),
            changed_at=clock.now(),
            changed_by=self.word(fact, "who changed it"),
        )
        self.add(registration)
        self.add(RegistrationProject(registration_id=ident(registration), project_id=ident(project)))
        self.world.add("registration", ident(registration), fact)
        for _ in range(2 if state is RegistrationState.RECEIVED else 1):
            self.paper(place_of_registration(registration), fact, fact, level, registration=ident(registration))

    # actions

    def make_actions(self) -> None:
        """Actions of both bodies, internal and confidential, for a seat, for a person, and about a led project."""
        for key, seat, own in (
            ("A", "voting seat of A", frozenset({MEMBER, DEPUTY, OFFICE})),
            ("A", "advisory seat of A", frozenset({ADVISORY})),
            ("B", "voting seat of B", frozenset({MEMBER_B})),
        ):
            house = _only(self.session, Seat, id=self.world.find("seat", seat).id).organisation_id
            for level in (Level.INTERNAL, Level.CONFIDENTIAL):
                self.action(Fact("action", key, level.value, own=own, label=f"own of {seat}"), organisation_id=house)
        for level in (Level.INTERNAL, Level.CONFIDENTIAL):
            own = frozenset({LEAD})
            lead = ident(self.persons[LEAD])
            self.action(Fact("action", "A", level.value, own=own, label="own of the lead"), person_id=lead)
            self.action(Fact("action", "A", level.value, own=own, label="about a led project"), about="led")
        self.action(Fact("draft", "A", label="action without a number"), number="", person_id=lead)

    def action(self, fact: Fact, *, about: str = "", **fields: Any) -> None:
        projects = (self.projects[about],) if about else ()
        action = factories.make_action(
            self.session,
            self.bodies[fact.body],
            projects=projects,
            title=self.word(fact, "action"),
            details=self.word(fact, "details of the action"),
            level=Level(fact.level),
            due_on=clock.today() + dt.timedelta(days=20),
            **fields,
        )
        self.add(
            ActionStep(
                action_id=ident(action),
                state=action.state,
                as_of=clock.today(),
                text=self.word(fact, "report on the action"),
                reason=self.word(fact, "reason of another date"),
                due_on=action.due_on,
                entered_at=clock.now(),
                entered_by=self.word(fact, "who reported"),
            )
        )
        self.world.add("action", ident(action), fact)

    # circular procedures

    def make_circulars(self) -> None:
        """Circular procedures of two bodies in every state and two levels, with an answer in each that was started."""
        for key in ("A", "B"):
            for state in CircularState:
                for level in (Level.INTERNAL, Level.CONFIDENTIAL):
                    self.circular(key, state, level)

    def circular(self, key: str, state: CircularState, level: Level) -> None:
        kind = "draft" if state is CircularState.DRAFT else "circular"
        fact = Fact(kind, key, level.value, label=f"{state} circular of {key}")
        own = frozenset({MEMBER, DEPUTY} if key == "A" else {MEMBER_B})
        open_fact = dataclasses.replace(fact, kind="answer", own=own, label=f"answers of the {fact.label}")
        answered = fact if state in (CircularState.ADOPTED, CircularState.FAILED) else open_fact
        seat = self.world.find("seat", f"voting seat of {key}")
        decision = Decision(
            body_id=ident(self.bodies[key]),
            title=self.word(fact, "title of the circular"),
            wording=self.word(fact, "wording of the circular"),
            level=level,
            taking=Taking.CIRCULAR,
            changed_at=clock.now(),
            changed_by="",
        )
        self.add(decision)
        clause = self.word(fact, "clause of the circular")
        self.add(Clause(decision_id=ident(decision), position=1, verb=Verb.AGREES, text=clause))
        started = state is not CircularState.DRAFT
        ended = started and state is not CircularState.RUNNING
        circular = Circular(
            body_id=ident(self.bodies[key]),
            decision_id=ident(decision),
            grounds=self.word(fact, "grounds of the circular"),
            state=state,
            started_at=clock.now() if started else None,
            ends_on=dt.date(2026, 3, 16) if started else None,
            ends_at=clock.end_of_day(dt.date(2026, 3, 16)) if started else None,
            outcome_note=self.word(fact, "why the circular ended") if ended else "",
            changed_at=clock.now(),
            changed_by="",
        )
        self.add(circular)
        if started:
            self.add(CircularSeat(circular_id=ident(circular), seat_id=int(seat.id), chair=False))
            self.add(
                Ballot(
                    circular_id=ident(circular),
                    seat_id=int(seat.id),
                    role=BallotRole.ON_BEHALF,
                    procedure_agreed=True,
                    vote=Vote.YES,
                    remark=self.word(answered, "remark of the answer"),
                    reason=self.word(answered, "reason of the answer"),
                    cast_at=clock.now(),
                )
            )
        self.world.add("circular", ident(circular), fact)

    # mails

    def make_mails(self) -> None:
        """Mails of two bodies that wait and that were refused, and one about an account whose text is its owner's."""
        for key in ("A", "B"):
            for state in (MailState.WAITING, MailState.REFUSED):
                self.mail(Fact("mail", key, label=f"{state} mail of {key}"), state)
        account = Fact("mail about an account", label="mail about an account")
        secret = Fact("text of a mail about an account", label="text of a mail about an account")
        self.mail(account, MailState.REFUSED, text=secret)
        self.world.add("kind of mail", "account_reset", Fact("kind of mail", label="kind of mail"))

    def mail(self, fact: Fact, state: MailState, *, text: Fact | None = None) -> None:
        said = text or fact
        letter = Letter(
            self.word(said, "subject of the mail"),
            self.word(said, "text of the mail"),
            f"<p>{self.word(said, 'HTML of the mail')}</p>",
        )
        mail = post_mail(
            self.session,
            letter,
            kind="invitation" if fact.body else "account.reset",
            to=Mailbox("empfang@example.org", self.word(fact, "recipient of the mail")),
            sender=Mailbox("skip@example.org"),
            body_id=ident(self.bodies[fact.body]) if fact.body else None,
            secret=text is not None,
        )
        mail.state = state
        self.add(mail)
        self.world.add("mail", ident(mail), fact)

    # invitations

    def make_invitations(self) -> None:
        """What was sent for meetings of both bodies, personal links of every kind, and answers that came by mail."""
        for label in ("released", "in session", "cancelled", "announced", "released of B"):
            self.invite(label, Fact("draft", key_of(label), label=f"invitation to {label}"))
        stray = Fact("stray reply", label="mail that answers nothing known")
        row = InvitationReply(
            message_id="<stray@example.org>",
            way=ReplyWay.MAIL,
            received_at=clock.now(),
            sender=f"{self.word(stray, 'sender of the mail')}@example.org",
            subject=self.word(stray, "subject of the mail"),
            outcome=ReplyOutcome.NO_REPLY,
            why=self.word(stray, "why it is no answer"),
        )
        self.add(row)

    def invite(self, label: str, fact: Fact) -> None:
        meeting, key = self.meetings[label], key_of(label)
        dispatch = InvitationDispatch(
            meeting_id=ident(meeting),
            serial=1,
            method=DispatchMethod.REQUEST,
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            subject=self.word(fact, "why it was sent"),
            note=self.word(fact, "note of the invitation"),
            preview="0" * 64,
            dispatched_at=clock.now(),
            dispatched_by=self.word(fact, "who sent the invitation"),
        )
        self.add(dispatch)
        people = {MEMBER_B: ("voting seat of B", RecipientRole.MEMBER)}
        if key == "A":
            people = {
                MEMBER: ("voting seat of A", RecipientRole.MEMBER),
                OFFICE: ("voting seat of A", RecipientRole.OFFICE),
                ADVISORY: ("advisory seat of A", RecipientRole.MEMBER),
                FORMER: ("left seat of A", RecipientRole.MEMBER),
                GUEST: ("", RecipientRole.GUEST),
                GUEST_CONFIDENTIAL: ("", RecipientRole.GUEST),
            }
        for role, (seat, of) in people.items():
            self.invited(dispatch, label, fact, role, seat, of)
        office = InvitationRecipient(
            dispatch_id=ident(dispatch),
            method=DispatchMethod.REQUEST,
            role=RecipientRole.COPY,
            name=self.word(fact, "name of an invited office"),
            address=f"{self.word(fact, 'address of an invited office').lower()}@example.org",
        )
        self.add(office)
        self.replied(meeting, office, fact)

    def invited(
        self, dispatch: InvitationDispatch, label: str, fact: Fact, role: str, seat: str, of: RecipientRole
    ) -> None:
        """Somebody was invited, with a personal link."""
        person = self.persons[role]
        seat_id = int(self.world.find("seat", seat).id) if seat else None
        link = make_link(
            self.session,
            b"the key of the world",
            Purpose.ANSWER,
            person_id=person.id,
            meeting_id=dispatch.meeting_id,
            seat_id=seat_id,
        )
        self.world.links[f"{role}, {label}"] = link_key(b"the key of the world", link.nonce)
        invited = InvitationRecipient(
            dispatch_id=ident(dispatch),
            method=DispatchMethod.REQUEST,
            role=of,
            person_id=person.id,
            seat_id=seat_id,
            name=person.name,
            address=person.email.lower(),
            answers=True,
            link_id=ident(link),
        )
        self.add(invited)

    def replied(self, meeting: Meeting, recipient: InvitationRecipient, fact: Fact) -> None:
        """An answer by mail that is somebody's, and one that only names the meeting."""
        for of, outcome in ((recipient, ReplyOutcome.NOTED), (None, ReplyOutcome.UNMATCHED)):
            row = InvitationReply(
                message_id=f"<{outcome}-{meeting.id}@example.org>",
                meeting_id=meeting.id,
                recipient_id=ident(of) if of else None,
                way=ReplyWay.MAIL,
                received_at=clock.now(),
                partstat="TENTATIVE",
                sender=of.address if of else f"{self.word(fact, 'sender of the answer').lower()}@example.org",
                comment=self.word(fact, "comment of the answer"),
                outcome=outcome,
                why=self.word(fact, "what was done with the answer"),
                settled_at=clock.now(),
            )
            self.add(row)

    # notices

    def make_notices(self) -> None:
        """Everybody was told of everything once: what each of them reads of it today is a matter of their rights."""
        about = {
            Kind.ACTION_GIVEN: "action",
            Kind.CIRCULAR_OPENED: "circular",
            Kind.CIRCULAR_RESULT: "circular",
            Kind.DECISION_DUE: "decision",
            Kind.STATUS_SUBMITTED: "project",
            Kind.AGENDA_RELEASED: "meeting",
            Kind.MINUTES_REVIEW: "meeting",
        }
        self.session.add_all(
            Notice(
                kind=kind,
                account_id=account_id,
                subject_id=int(thing.id),
                meeting_id=int(thing.id) if things == "meeting" else None,
                bundle="past",
                way=NoticeWay.OFF,
                state=NoticeState.LISTED,
                at=clock.now(),
                dedupe_key=f"{kind}:{thing.id}:a{account_id}",
            )
            for account_id in self.world.accounts.values()
            for kind, things in about.items()
            for thing in self.world.things[things]
        )
        self.session.flush()

    # history

    def make_history(self) -> None:
        kinds = {
            Reach.INTERNAL: "history of interna",
            Reach.DRAFT: "history of drafts",
            Reach.CONFIDENTIAL: "history of confidential matters",
        }
        for key, label in (("A", "released"), ("B", "released of B")):
            for reach, kind in kinds.items():
                fact = Fact(kind, key, label=f"{reach} of {key}")
                self.entry(self.meetings[label], fact, reach, ident(self.bodies[key]))
        for key in ("A", "B"):
            for reach in (Reach.INTERNAL, Reach.DRAFT):
                kind = kinds[reach] if reach is Reach.INTERNAL else "unaccepted"
                fact = Fact(kind, key, label=f"{reach} of a project of {key}")
                self.entry(self.projects[f"of {key}"], fact, reach, None)
        report = Fact("report of a barrier", label="report of a barrier")
        told = Feedback(made_at=clock.now(), message=self.word(report, "report"), reply_to="wer@example.org")
        self.add(told)
        self.world.add("report of a barrier", ident(told), report)
        account = _only(self.session, Account, id=self.world.accounts[PLAIN])
        of_account = Fact("history of accounts", own=frozenset({PLAIN}), label="of accounts")
        self.entry(account, of_account, Reach.ACCOUNT, None)

    def entry(self, thing: object, fact: Fact, reach: Reach, body_id: int | None) -> None:
        record(
            self.session,
            dataclasses.replace(operator(), name=self.word(fact, "who did it")),
            "meeting.change",
            thing,
            before={"main_topic": self.word(fact, "before")},
            after={"main_topic": self.word(fact, "after")},
            label=self.word(fact, "label"),
            reason=self.word(fact, "reason"),
            body_id=body_id,
            reach=reach,
        )


def _rows(session: Session, table: type, **values: object) -> list:
    return list(session.exec(select(table).filter_by(**values).order_by(table.id)))


def _only(session: Session, table: type, **values: object) -> object:
    return session.exec(select(table).filter_by(**values)).one()
