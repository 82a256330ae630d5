"""A body with a mailbox and its announced meeting: a member with office and deputy, an advisory one, a guest."""

import datetime as dt
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from sqlmodel import col, select

from app import clock
from app.agenda.models import AgendaItemGuest, SectionKey
from app.agenda.schemas.wishes import ItemIn, ReleaseIn
from app.agenda.service.items import add_item
from app.agenda.service.release import release_agenda
from app.bodies import service as bodies
from app.bodies.models import AddressKind, MembershipKind, SeatAddress
from app.bodies.rules import MAILBOX, RULES
from app.db import ident
from app.invitations.rules.settings import INVITATION_SETTINGS
from app.invitations.schemas import SendIn
from app.invitations.service.planning import plan_dispatch
from app.invitations.service.sending import send_invitations
from app.links.models import PersonalLink
from app.links.rules import link_key
from app.meetings.models import Meeting
from app.meetings.queries import get_meeting
from app.meetings.service import announce_meeting
from app.outbox.mime import Keys, to_bytes
from app.outbox.models import Mail
from app.outbox.queries import files_of
from app.storage import Folder
from tests import factories
from tests.factories import operator

FREED = ReleaseIn(approved_by="Vorsitz", approved_on=dt.date(2026, 3, 1), approved_how="E-Mail")
LONG = "Straßenbahn, Fördermaßnahmen; Größe " * 8


class House:
    """What tests of invitations need: the meeting's id, people by name, and short ways to plan, send and read mails."""

    def __init__(self, database, settings):
        self.database, self.settings, self.storage = database, settings, Folder(settings.storage)
        with database.write() as session:
            self._furnish(session)

    def _furnish(self, session):
        body = factories.make_body(session, name="Steuerungskreis Größe & Maß")
        self.body = ident(body)
        specs = (*RULES, *INVITATION_SETTINGS)
        bodies.change_rules(session, operator(), body, {MAILBOX.key: ("gremium@skip.test", "GO")}, specs)
        self.seat = factories.make_seat(session, body)
        self.advisory = factories.make_seat(session, body, voting=False)
        self.vacant = factories.make_seat(session, body)
        self.people = {}
        for name, seat, kind in (
            ("member", self.seat, MembershipKind.MEMBER),
            ("deputy", self.seat, MembershipKind.DEPUTY),
            ("office", self.seat, MembershipKind.OFFICE),
            ("adviser", self.advisory, MembershipKind.MEMBER),
            ("silent", self.vacant, MembershipKind.DEPUTY),
        ):
            email = "" if name == "silent" else f"{name}@skip.test"
            person = factories.make_person(session, f"Ö{name}", email=email, salutation="Frau")
            bodies.fill_seat(session, operator(), seat, person_id=ident(person), kind=kind)
            self.people[name] = ident(person)
        guest = factories.make_person(session, "Gast", email="guest@skip.test")
        self.people["guest"] = ident(guest)
        copy = {"kind": AddressKind.COPY, "name": "Registratur", "email": "reg@skip.test"}
        session.add(SeatAddress(seat_id=ident(self.seat), **copy))
        meeting = factories.make_meeting(session, body, number=7, place="Rotes Rathaus, Säulensaal")
        self.meeting = ident(meeting)

    def change(self, act):
        """Do something with the meeting: ``act(session, actor, meeting)``."""
        with self.database.write() as session:
            return act(session, operator(), get_meeting(session, operator(), self.meeting))

    def announce(self):
        self.change(announce_meeting)

    def release(self, *, confidential=False, version=1):
        """Release the agenda with an item, to which the guest is invited, and perhaps a confidential one."""

        def act(session, actor, meeting):
            item = add_item(session, actor, meeting, ItemIn(title=LONG + str(version), section=SectionKey.DEBATE))
            session.flush()
            if version == 1:
                session.add(AgendaItemGuest(item_id=ident(item), person_id=self.people["guest"]))
            if confidential:
                wish = ItemIn(title="GEHEIMNIS", section=SectionKey.DEBATE, level="confidential")
                add_item(session, actor, meeting, wish)
            session.flush()
            release_agenda(
                session, actor, meeting, FREED if version == 1 else FREED.model_copy(update={"reason": "neu"})
            )

        self.change(act)

    def rule(self, spec, value):
        with self.database.write() as session:
            body = factories.load_body(session, self.body)
            bodies.change_rules(session, operator(), body, {spec.key: (value, "GO")}, (*RULES, *INVITATION_SETTINGS))

    def plan(self):
        with self.database.read() as session:
            return plan_dispatch(session, operator(), session.get_one(Meeting, self.meeting), self.settings)

    def send(self, *names, note="", preview=None):
        """Send to the named (default: who is ticked); the dispatch."""
        plan = self.plan()
        addresses = {f"{name}@skip.test" for name in names}
        keys = [one.key for one in plan.addressees if (one.address in addresses if names else one.chosen)]
        wish = SendIn(preview=preview or plan.seal, recipients=tuple(keys), note=note)
        return send_invitations(self.database, self.storage, self.settings, operator(), self.meeting, wish)

    def mails(self):
        """All mails as they would travel, by address: the latest of each."""
        found = {}
        with self.database.read() as session:
            for mail in session.exec(select(Mail).order_by(col(Mail.id))).all():
                link = session.get(PersonalLink, mail.link_id) if mail.link_id else None
                key = link_key(self.settings.signing_key, link.nonce) if link else ""
                files = [(file, self.storage.get(file.hash)) for file in files_of(session, mail)]
                raw = to_bytes(mail, files, Keys("http://testserver", link=key), date=clock.now())
                message = message_from_bytes(raw, policy=policy.default)
                found[mail.address.partition("@")[0]] = SimpleNamespace(mail=mail, message=message, raw=raw, key=key)
        return found

    def count(self):
        with self.database.read() as session:
            return len(session.exec(select(Mail)).all())


def calendar_of(message) -> bytes:
    """The bytes of the text/calendar part."""
    part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    return part.get_payload(decode=True)


def attached(message) -> list[str]:
    """The names of the attached PDFs."""
    return [one.get_filename() for one in message.walk() if one.get_content_type() == "application/pdf"]


@pytest.fixture
def house(database, settings):
    return House(database, settings)
