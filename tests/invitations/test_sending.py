"""From the preview to mails: who gets what, one mail each, what changed, and never twice."""

import datetime as dt
import threading

import icalendar
import pytest
import sqlalchemy as sa

from app import clock
from app.db import ident
from app.errors import Forbidden, Refused, Stale
from app.invitations.models import InvitationDispatch
from app.invitations.rules.settings import COPY_TO, DEPUTIES, PAPERS
from app.invitations.service import sending
from app.meetings.models import Meeting
from app.meetings.schemas import CancelIn, MoveIn
from app.meetings.service import cancel_meeting, move_meeting
from app.outbox.models import Mail
from app.people.models import Person
from tests import factories
from tests.invitations.conftest import LONG, House, attached, calendar_of

NAMES = {"member", "office", "adviser", "deputy", "reg"}


def event_of(message):
    calendar = icalendar.Calendar.from_ical(calendar_of(message))
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def pdf_of(message):
    files = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    return files[0].get_payload(decode=True)


def move(house, days=1, place="Rathaus Schöneberg"):
    def act(session, actor, meeting):
        span = dt.timedelta(days=days)
        wish = MoveIn(starts_at=meeting.starts_at + span, ends_at=meeting.ends_at + span, place=place)
        move_meeting(session, actor, meeting, wish)

    house.change(act)


def test_nothing_is_sent_before_the_meeting_is_announced_or_once_it_has_begun(house):
    with pytest.raises(Refused, match="noch nicht angekündigt"):
        house.plan()
    house.announce()
    assert {one.address.partition("@")[0] for one in house.plan().addressees} == NAMES
    with clock.standing_at(dt.datetime(2026, 5, 1, 11, tzinfo=clock.BERLIN)), pytest.raises(Refused):
        house.plan()


def test_only_the_secretariat_plans(house, database):
    from app.access.queries import actor_of
    from app.invitations.service.planning import plan_dispatch

    house.announce()
    with database.write() as session:
        account = factories.make_account(session, person=session.get_one(Person, house.people["member"]))
        with pytest.raises(Forbidden):
            plan_dispatch(session, actor_of(session, account), session.get_one(Meeting, house.meeting), house.settings)


def test_who_has_no_address_is_named(house):
    house.announce()
    assert any("Ösilent" in words and "keine E-Mail-Adresse" in words for words in house.plan().unreachable)


def test_one_mail_each_in_which_nobody_else_stands(house):
    house.announce()
    house.send()
    mails = house.mails()
    assert mails.keys() == NAMES
    for name, one in mails.items():
        method, event = event_of(one.message)
        attendee = event["attendee"]
        assert (method, str(attendee)) == ("REQUEST", f"mailto:{name}@skip.test")
        assert attendee.params["RSVP"] == ("TRUE" if name in ("member", "office", "adviser") else "FALSE")
        assert str(event["organizer"]) == "mailto:gremium@skip.test"
        assert "gremium@skip.test" in str(one.message["From"])
        raw = b" ".join(part.get_payload(decode=True) or b"" for part in one.message.walk() if not part.is_multipart())
        assert not any(f"{other}@skip.test".encode() in raw for other in NAMES - {name})
        assert event["status"] == "TENTATIVE"
        assert bool(one.key) == (name in ("member", "office", "adviser"))
    assert mails["member"].message["Subject"].startswith("Terminvormerkung: ")


def test_the_method_stands_in_the_type_and_last_among_the_alternatives(house):
    house.announce()
    house.send("member")
    message = house.mails()["member"].message
    (alternative,) = [part for part in message.walk() if part.get_content_type() == "multipart/alternative"]
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert list(alternative.iter_parts())[-1].get_param("method") == "REQUEST"


def test_the_edition_of_each_recipient_is_attached(house):
    house.release()
    house.send()
    mails = house.mails()
    assert mails.keys() == NAMES | {"guest"}
    assert all(len(attached(one.message)) == 1 for one in mails.values())
    pdf = {name: one.message for name, one in mails.items()}
    assert event_of(pdf["member"])[1]["status"] == "CONFIRMED"
    contents = {
        name: next(
            part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "application/pdf"
        )
        for name, message in pdf.items()
    }
    assert contents["member"] == contents["office"] != contents["guest"] != contents["adviser"]


def test_confidential_content_is_never_in_a_mail(house):
    house.release(confidential=True)
    house.send()
    mails = house.mails()
    assert attached(mails["member"].message) == attached(mails["office"].message) == []
    assert len(attached(mails["adviser"].message)) == len(attached(mails["guest"].message)) == 1
    for one in mails.values():
        texts = [
            part.get_payload(decode=True).decode(errors="replace")
            for part in one.message.walk()
            if part.get_content_maintype() == "text"
        ]
        assert not any("GEHEIMNIS" in words or LONG[:30] in words for words in texts)
    words = mails["member"].message.get_body(("plain",)).get_content()
    assert f"/sitzungen/{house.meeting}/tagesordnung.pdf?fassung=vollstaendig&version=1" in words


def test_a_body_may_only_link_and_leave_deputies_out_and_want_a_copy(house):
    house.release()
    house.rule(PAPERS, "link")
    house.rule(DEPUTIES, "nein")
    house.rule(COPY_TO, "akte@skip.test")
    house.send()
    mails = house.mails()
    assert mails.keys() == (NAMES - {"deputy"}) | {"guest", "akte"}
    assert not any(attached(one.message) for one in mails.values())
    said = {name: one.message.get_body(("plain",)).get_content() for name, one in mails.items()}
    assert "nach Anmeldung" in said["member"]
    assert "nach Anmeldung" not in said["guest"]
    assert "ohne Konto hilft die Geschäftsstelle" in " ".join(said["guest"].split())


def test_what_is_too_large_for_a_mail_is_linked_and_the_mail_says_so(house, monkeypatch):
    house.release()
    house.send()
    with clock.standing_at(clock.now() + dt.timedelta(hours=1)):
        house.release(version=2)
        monkeypatch.setattr(sending, "encoded_size", lambda size: sending.MOST_ATTACHED * 2 // 3)
        house.send("member")
    message = house.mails()["member"].message
    assert [name.split()[-3] for name in attached(message)] == ["Tagesordnung"]
    plain, rich = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    words = " ".join(plain.split())
    assert "Fassung vollständig), zu groß für diese Mail und deshalb nur verlinkt, nach Anmeldung:" in words
    assert f"/sitzungen/{house.meeting}/aenderungen.pdf?fassung=vollstaendig&version=2" in plain
    assert "zu groß für diese Mail" in rich
    assert "- Änderungsübersicht" not in plain


def test_the_first_agenda_invites_also_those_who_kept_the_date_free(house):
    house.announce()
    house.send()
    with clock.standing_at(clock.now() + dt.timedelta(hours=1)):
        house.release()
        house.send()
    message = house.mails()["member"].message
    plain = " ".join(message.get_body(("plain",)).get_content().split())
    assert message["subject"].startswith("Einladung: ")
    assert "lade ich Sie herzlich ein" in plain
    assert "hat sich etwas geändert" not in plain
    assert "Seit der letzten Mail ist neu: - Tagesordnung: liegt vor (Version 1)" in plain


def test_a_moved_meeting_says_what_changed_with_a_higher_sequence(house):
    house.release()
    house.send()
    before = event_of(house.mails()["member"].message)[1]
    assert not any(one.chosen for one in house.plan().addressees)
    move(house)
    plan = house.plan()
    assert [line.partition(":")[0] for line in plan.changes] == ["Termin", "Ort"]
    assert all(one.chosen for one in plan.addressees)
    house.send(note="Bitte <b>merken</b>")
    mail = house.mails()["member"]
    _, after = event_of(mail.message)
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert after["dtstart"].dt == before["dtstart"].dt + dt.timedelta(days=1)
    plain = mail.message.get_body(("plain",)).get_content()
    assert "bisher Rotes Rathaus" in plain
    assert "Bitte <b>merken</b>" in plain
    assert "Bitte &lt;b&gt;merken" in mail.message.get_body(("html",)).get_content()


def test_a_supplement_comes_with_its_sheet_of_changes_under_the_same_sequence(house):
    house.release()
    house.send()
    with clock.standing_at(clock.now() + dt.timedelta(hours=1)):
        house.release(version=2)
        assert house.plan().changes == ("Tagesordnung: Version 2 (bisher Version 1)",)
        house.send("member")
    message = house.mails()["member"].message
    assert [name.split()[-3] for name in attached(message)] == ["Tagesordnung", "Änderungsübersicht"]
    assert event_of(message)[1]["sequence"] == 0
    assert message["Subject"].startswith("Nachtrag: ")


def test_a_cancelled_meeting_tells_those_who_were_invited(house):
    house.announce()
    house.send("member", "office")
    house.change(lambda session, actor, meeting: cancel_meeting(session, actor, meeting, CancelIn(reason="Streik")))
    house.send()
    mails = house.mails()
    for name in ("member", "office"):
        method, event = event_of(mails[name].message)
        assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
        assert "Grund: Streik" in mails[name].message.get_body(("plain",)).get_content()
        assert "/antwort/" not in mails[name].message.get_body(("plain",)).get_content()
    assert mails.keys() == {"member", "office"}
    with pytest.raises(Refused, match="haben die Absage bekommen"):
        house.plan()


def test_a_cancellation_of_which_nobody_knew_is_not_sent(house):
    house.announce()
    house.change(lambda session, actor, meeting: cancel_meeting(session, actor, meeting, CancelIn(reason="Streik")))
    with pytest.raises(Refused, match="noch niemand eingeladen"):
        house.plan()


def test_who_is_no_longer_invited_gets_a_cancellation(house):
    house.announce()
    house.send()
    house.rule(DEPUTIES, "nein")
    house.send("deputy")
    method, event = event_of(house.mails()["deputy"].message)
    assert (method, event["status"]) == ("CANCEL", "CANCELLED")
    assert "deputy@skip.test" not in {one.address for one in house.plan().addressees}


def test_an_overtaken_preview_sends_nothing(house):
    house.announce()
    seen = house.plan().seal
    move(house)
    with pytest.raises(Stale):
        house.send("member", preview=seen)
    assert house.count() == 0


def test_the_same_preview_sends_once(house):
    house.announce()
    seen = house.plan().seal
    first = house.send("member", preview=seen)
    again = house.send("member", preview=seen)
    assert (ident(again), house.count()) == (ident(first), 1)


@pytest.mark.real_clock
def test_a_double_click_sends_once(own_database, settings):
    house = House(own_database, settings)
    house.announce()
    seen, found = house.plan().seal, []
    clicks = [
        threading.Thread(target=lambda: found.append(ident(house.send("member", preview=seen)))) for _ in range(2)
    ]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    with own_database.read() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Mail)).scalar() == 1
        assert session.execute(sa.select(sa.func.count()).select_from(InvitationDispatch)).scalar() == 1
    assert found == [found[0]] * 2
