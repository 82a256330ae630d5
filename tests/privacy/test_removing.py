"""Removing account and contact data: nothing of the address is left, the files keep the name, the chain holds."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import select

from app import clock
from app.actor import Grant, Role
from app.attendance.models import Presence, PresenceRole
from app.bodies.models import AddressKind, Membership, MembershipKind, SeatAddress
from app.db import ident
from app.errors import NotFound, Refused
from app.history.models import HistoryDetail, HistoryErasure, Reach
from app.history.queries import verify_chain
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
from app.jobs.models import Job
from app.links.rules import Purpose
from app.links.service import make_link
from app.meetings.models import Meeting
from app.outbox.models import Mail, MailState
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from app.people import rules as people_rules
from app.people import service as people
from app.people.models import Account, ApiToken, Person, PersonFunction, SignInSession
from app.privacy.models import Feedback
from app.privacy.queries.people import subject_of_account, subject_of_person
from app.privacy.queries.removing import places_with, plan_of
from app.privacy.service.removing import remove_subject
from app.projects.models import ProjectLead
from app.revisions.models import TextRevision
from tests import factories
from tests.factories import operator

EMAIL, OTHER = "ada.ahorn@example.org", "ada_privat@example.org"


def admin_actor():
    return replace(operator(), account_id=None, grants=(Grant(Role.ADMIN),))


@pytest.fixture
def house(database):
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        person = factories.make_person(
            session, "Ahorn", first_name="Ada", email=OTHER, address="Geheimweg 1", salutation="Frau"
        )
        account = factories.make_account(session, None, None, person, email=EMAIL, name="Ada Ahorn")
        factories.make_account(session, Role.ADMIN, email="admin@example.org")
        seat = factories.make_seat(session, body)
        session.add(
            Membership(
                seat_id=ident(seat),
                person_id=ident(person),
                kind=MembershipKind.MEMBER,
                valid_from=dt.date(2024, 1, 1),
                valid_to=dt.date(2025, 12, 31),
            )
        )
        session.add(PersonFunction(person_id=ident(person), title="Präsidentin"))
        session.add(SeatAddress(seat_id=ident(seat), kind=next(iter(AddressKind)), name="Büro", email=EMAIL))
        meeting = factories.make_meeting(session, body, dt.date(2025, 5, 12))
        key = people_rules.new_key()
        people.start_session(session, account, key, lasts=dt.timedelta(hours=2))
        people.create_api_token(session, operator(), account, label="Auswertung")
        make_link(session, b"x" * 32, next(iter(Purpose)), account_id=ident(account), person_id=ident(person))
        for subject, to in (("Einladung", EMAIL.upper()), ("Privat", OTHER)):
            mail = post_mail(
                session,
                Letter(subject, f"an {to}", f"<p>{to}</p>"),
                kind="invitation",
                to=Mailbox(to, "Ada Ahorn"),
                sender=Mailbox("haus@example.org"),
                person_id=ident(person) if subject == "Privat" else None,
                meeting_id=ident(meeting),
                dedupe_key=f"invitation:{to}",
            )
            mail.answer = f"550 <{to}> unknown"
        dispatch = InvitationDispatch(
            meeting_id=ident(meeting),
            serial=1,
            method=DispatchMethod.REQUEST,
            sequence=0,
            starts_at=clock.now(),
            ends_at=clock.now(),
            preview="x",
            dispatched_at=clock.now(),
        )
        session.add(dispatch)
        session.flush()
        for number, to in enumerate((EMAIL, OTHER)):
            sent = InvitationRecipient(
                dispatch_id=ident(dispatch),
                method=DispatchMethod.REQUEST,
                role=RecipientRole.MEMBER,
                person_id=ident(person) if number else None,
                name="Ada Ahorn",
                address=to,
            )
            session.add(sent)
        session.add(
            InvitationReply(
                way=ReplyWay.MAIL, received_at=clock.now(), sender=EMAIL, outcome=ReplyOutcome.UNMATCHED, comment=OTHER
            )
        )
        session.add(Feedback(made_at=clock.now(), message="Zu klein", reply_to=OTHER))
        session.add(
            Job(name="x", run_at=clock.now(), done_at=clock.now(), last_error=f"SMTPError: {EMAIL}", payload="{}")
        )
        for closed in (None, clock.now()):
            session.add(
                TextRevision(
                    object_kind="agenda_item",
                    object_id=1 if closed else 2,
                    field="title",
                    account_id=ident(account),
                    writer_name="Ada Ahorn",
                    writer="w",
                    sequence=1,
                    base_version=1,
                    version=2,
                    content="Text",
                    opened_at=clock.now(),
                    saved_at=clock.now(),
                    closed_at=closed,
                )
            )
        record(session, operator(), "person.change", person, before={"email": ""}, after={"email": OTHER})
        record(session, operator(), "account.create", account, label=EMAIL, reach=Reach.ACCOUNT)
        return {"body": body, "person": person, "account": account, "seat": seat, "meeting": meeting}


def attend(database, house):
    """Present at a meeting whose minutes are approved: the database seals the row."""
    with database.write() as session:
        session.add(
            Presence(
                meeting_id=ident(house["meeting"]),
                seat_id=ident(house["seat"]),
                person_id=ident(house["person"]),
                name="Ada Ahorn",
                role=PresenceRole.MEMBER,
                from_at=clock.now(),
                until_at=clock.now(),
            )
        )
    with database.write() as session:
        session.execute(update(Meeting).where(Meeting.id == house["meeting"].id).values(sealed_at=clock.now()))


def remove(database, house):
    with database.write() as session:
        remove_subject(session, admin_actor(), subject_of_person(session, admin_actor(), ident(house["person"])))


def left(database):
    with database.read() as session:
        return places_with(session, (EMAIL, OTHER, "Geheimweg"))


def test_nothing_of_the_addresses_is_left_and_sealed_presence_keeps_the_name(database, house):
    attend(database, house)
    assert {place for place, _ in left(database)} >= {"account.email", "person.email", "mail.text", "job.last_error"}
    remove(database, house)
    assert left(database) == []
    with database.read() as session:
        person = session.get_one(Person, house["person"].id)
        assert (person.name, person.email, person.address, person.salutation) == ("Ada Ahorn", "", "", "")
        assert session.exec(select(Presence.name)).one() == "Ada Ahorn"
        assert session.exec(select(Membership)).all() != []
        account = session.get_one(Account, house["account"].id)
        assert (account.active, account.person_id, account.password_hash) == (False, None, "")
        assert account.removed_at is not None
        for kind in (SignInSession, ApiToken, PersonFunction, SeatAddress):
            assert session.exec(select(kind)).all() == []
        assert {mail.state for mail in session.exec(select(Mail))} == {MailState.CANCELLED}
        writers = dict(session.exec(select(TextRevision.object_id, TextRevision.writer_name)).all())
        assert writers == {1: "Ada Ahorn", 2: ""}, "closed revisions belong to the files"
        verdict = verify_chain(session)
        assert verdict.broken_at is None
        assert verdict.erased == len(session.exec(select(HistoryErasure)).all()) > 0


def test_whose_address_holds_theirs_loses_nothing(database, house):
    longer = f"b-{EMAIL}"
    with database.write() as session:
        seat = session.exec(select(SeatAddress.seat_id)).one()
        session.add(SeatAddress(seat_id=seat, kind=next(iter(AddressKind)), name="Büro", email=longer))
        other = factories.make_account(session, email=longer)
        record(session, operator(), "account.create", other, after={"email": longer}, reach=Reach.ACCOUNT)
    remove(database, house)
    with database.read() as session:
        assert session.exec(select(SeatAddress.email)).all() == [longer]
        assert any(longer in content for content in session.exec(select(HistoryDetail.content)))


def test_whom_nothing_in_the_files_names_goes_wholly(database, house):
    remove(database, house)
    with database.read() as session:
        assert session.get(Person, house["person"].id) is None
        assert session.exec(select(Membership)).all() == []
        assert verify_chain(session).broken_at is None
    assert left(database) == []


def test_the_number_of_a_removed_account_never_means_somebody_else(database, house):
    remove(database, house)
    with database.write() as session:
        fresh = factories.make_account(session)
        assert fresh.id != house["account"].id


def test_the_plan_says_what_goes_and_what_stays_with_its_rule(database, house):
    attend(database, house)
    with database.read() as session:
        plan = plan_of(session, admin_actor(), subject_of_person(session, admin_actor(), ident(house["person"])))
    assert plan.refusals == ()
    assert plan.keeps_name
    assert dict(plan.goes)["Schlüssel für Programme"] == 1
    stays = {title: why for title, _, why in plan.stays}
    assert "Niederschrift" in stays["Anwesenheiten"]
    assert "Besetzungen von Sitzen" in stays


@pytest.mark.parametrize("reason", ["seat", "future seat", "lead", "action"])
def test_who_still_holds_something_is_not_removed(database, house, reason):
    with database.write() as session:
        person_id = ident(house["person"])
        if "seat" in reason:
            session.add(
                Membership(
                    seat_id=ident(house["seat"]),
                    person_id=person_id,
                    kind=MembershipKind.DEPUTY,
                    valid_from=dt.date(2030, 1, 1) if "future" in reason else None,
                )
            )
        elif reason == "lead":
            project = factories.make_project(session)
            session.add(ProjectLead(project_id=ident(project), person_id=person_id, valid_to=clock.today()))
        else:
            factories.make_action(session, house["body"], person_id=person_id)
    with pytest.raises(Refused, match={"lead": "leitet", "action": "Auftrag"}.get(reason, "Sitz")):
        remove(database, house)
    assert left(database) != []


def test_the_last_administration_and_oneself_stay(browse, database, house):
    with database.read() as session:
        admin = session.exec(select(Account).where(Account.email == "admin@example.org")).one()
    browser = browse(admin)
    address = f"/auskunft/konten/{admin.id}/entfernen"
    page = browser.get(address).text
    assert "Ihr eigenes Konto" in page
    assert "letzte Konto" in page
    assert "endgültig entfernen" not in page
    assert browser.submit(address).status_code == 409


def test_the_administration_removes_after_a_preview(browse, database, house):
    attend(database, house)
    with database.read() as session:
        admin = session.exec(select(Account).where(Account.email == "admin@example.org")).one()
    browser, address = browse(admin), f"/auskunft/personen/{house['person'].id}"
    member = browse(house["account"])
    assert member.get("/profil").status_code == 200
    assert f'href="{address}/entfernen"' in browser.get(address).text
    page = browser.get(f"{address}/entfernen").text
    for word in ("Was entfernt wird", "Was bleibt, und warum", "Schlüssel für Programme", "endgültig entfernen"):
        assert word in page
    assert browser.submit(f"{address}/entfernen").headers["location"] == "/auskunft"
    assert member.get("/profil").status_code == 303, "signed out at once"
    assert EMAIL not in browser.get("/konten").text
    assert "Entferntes Konto" not in browser.get("/konten").text
    assert browser.get(f"/konten/{house['account'].id}").status_code == 404
    assert browser.get(f"/auskunft/konten/{house['account'].id}").status_code == 404
    history = browser.get("/verlauf").text
    assert "Konto und Kontaktdaten entfernt" in history
    assert EMAIL not in history


def test_only_the_administration_removes(database, house, browse):
    for address in (f"/auskunft/personen/{house['person'].id}", f"/auskunft/konten/{house['account'].id}"):
        browser = browse(house["account"])
        assert browser.get(f"{address}/entfernen").status_code == 404
        assert browser.submit(f"{address}/entfernen").status_code == 404
    with database.write() as session, pytest.raises(NotFound):
        subject = subject_of_account(session, admin_actor(), ident(house["account"]))
        remove_subject(session, replace(operator(), grants=()), subject)
    assert left(database) != []
