"""The life of minutes: dispatch, objections to the second, approval in a meeting or by silence, the seal, addenda."""

import datetime as dt
import threading
import uuid

import pytest
import sqlalchemy as sa

from app import clock
from app.access.queries import actor_of
from app.actor import Role
from app.agenda.models import Edition
from app.agenda.queries import list_proposals
from app.agenda.service.proposals import accept_proposal
from app.bodies.service import change_rules
from app.db import commit, ident
from app.drafting.service.proposing import draft_agenda
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.history.queries import list_entries
from app.jobs.models import Job
from app.meetings.models import MeetingState
from app.meetings.queries import lock_meeting
from app.minutes import queries
from app.minutes.models import ApprovalWay, MinutesState, ObjectionState, ReleaseKind
from app.minutes.rules.settings import MINUTES_SETTINGS
from app.minutes.schemas.frozen import EDITIONS, read_minutes
from app.minutes.schemas.wishes import AddendumIn, AnswerIn, ApproveIn, ObjectionIn, RevokeIn, SubmitIn
from app.minutes.service.afterwards import add_addendum, publish_minutes, revoke_minutes
from app.minutes.service.frame_texts import MinutesTexts
from app.minutes.service.life import (
    approve_by_silence,
    approve_minutes,
    require_unsealed,
    send_for_review,
)
from app.minutes.service.objections import answer_objection, raise_objection, shown_objections
from app.minutes.service.opening import open_minutes
from app.revisions.queries import list_open
from app.revisions.schemas import TextSave
from app.revisions.service import save_text
from app.visibility import Level
from tests import factories
from tests.factories import operator
from tests.minutes.held import SENT, make_held

LAST_DAY = dt.date(2026, 3, 16)
"""Sent on 2 March 2026 + 14 days: a Monday."""


def berlin(day, hour=0, minute=0, second=0):
    return dt.datetime.combine(day, dt.time(hour, minute, second), clock.BERLIN)


@pytest.fixture
def held(session):
    return make_held(session)


def send(session, held, **wish):
    return send_for_review(session, operator(), held.meeting, SENT.model_copy(update=wish))


def silence(session, held, auto="ja"):
    wanted = {"minutes_approval": ("silence", ""), "minutes_silent": (auto, "")}
    change_rules(session, operator(), held.body, wanted, MINUTES_SETTINGS)
    session.flush()


def next_meeting(session, held, state=MeetingState.HELD):
    later = factories.make_meeting(session, held.body, dt.date(2026, 6, 9), number=2)
    later.state = state
    session.add(later)
    session.flush()
    return later


def approve(session, held):
    send(session, held)
    wish = ApproveIn(meeting=ident(next_meeting(session, held)))
    return approve_minutes(session, operator(), held.meeting, wish)


def minutes_of(session, held):
    return queries.find_minutes(session, ident(held.meeting))


def frozen(session, held, which=Edition.FULL, version=1):
    return queries.find_minutes_edition(session, ident(held.meeting), which, version=version)


def test_closing_makes_the_minutes_and_they_wait_until_they_are_approved(session, held):
    assert minutes_of(session, held).state is MinutesState.DRAFT
    assert [one.meeting_id for one, _ in queries.pending_minutes(session, ident(held.body))] == [ident(held.meeting)]
    approve(session, held)
    assert queries.pending_minutes(session, ident(held.body)) == []


def test_minutes_of_a_running_meeting_are_not_sent(session):
    body = factories.make_body(session)
    meeting = factories.make_meeting(session, body, number=1)
    meeting.state = MeetingState.IN_SESSION
    open_minutes(session, operator(), meeting)
    with pytest.raises(Refused, match="noch nicht geschlossen"):
        send_for_review(session, operator(), meeting, SENT)


def test_a_dispatch_freezes_the_version_and_counts_the_period(session, held):
    release = send(session, held)
    minutes = minutes_of(session, held)
    assert (release.version, minutes.state, minutes.objections_until) == (1, MinutesState.REVIEW, LAST_DAY)
    values = read_minutes(frozen(session, held).content)
    assert (values.version, values.approval.by, values.state) == (1, "Vorsitz", MinutesState.REVIEW)
    assert frozen(session, held, Edition.PUBLIC) is None
    assert send(session, held).version == 2


def test_a_dispatch_needs_the_chairs_yes_and_a_late_one_a_reason(session, held):
    with pytest.raises(Invalid) as refused:
        send_for_review(session, operator(), held.meeting, SubmitIn())
    assert set(refused.value.fields) == {"released_by", "released_on", "released_how"}
    with clock.standing_at(berlin(dt.date(2026, 3, 30), 23, 59, 59)):
        send(session, held)
    held = make_held(session)
    with clock.standing_at(berlin(dt.date(2026, 3, 31))), pytest.raises(Invalid) as late:
        send(session, held)
    assert set(late.value.fields) == {"late_reason"}
    with clock.standing_at(berlin(dt.date(2026, 3, 31))):
        assert send(session, held, late_reason="Krankheit").late_reason == "Krankheit"


@pytest.mark.parametrize("sent", [dt.date(2026, 3, 18), dt.date(2026, 10, 14), dt.date(2026, 5, 11)])
def test_an_objection_is_in_time_until_24_oclock_in_berlin(session, held, sent):
    """Also where summer time begins or ends within the period, and where its last day is a holiday."""
    actor = actor_of(session, held.accounts["member"])
    with clock.standing_at(berlin(sent, 9)):
        send(session, held, late_reason="x")
    last = minutes_of(session, held).objections_until
    assert last == {5: dt.date(2026, 5, 26)}.get(sent.month, sent + dt.timedelta(days=14))
    with clock.standing_at(berlin(last, 23, 59, 59)):
        objection = raise_objection(session, actor, held.meeting, ObjectionIn(text="Es war anders."))
        assert not objection.late
        assert actor.name in objection.by
    with clock.standing_at(berlin(last + dt.timedelta(days=1))):
        with pytest.raises(Refused, match="abgelaufen"):
            raise_objection(session, actor, held.meeting, ObjectionIn(text="Zu spät."))
        taken = raise_objection(session, operator(), held.meeting, ObjectionIn(text="Auf Papier", by="IHK"))
        assert taken.late
        assert taken.by == "IHK"


def test_who_may_object_and_to_what(session, held):
    member = actor_of(session, held.accounts["member"])
    with pytest.raises(NotFound):
        raise_objection(session, member, held.meeting, ObjectionIn(text="Noch ist nichts versandt."))
    send(session, held)
    advisory = actor_of(session, factories.make_seated(session, held.body, voting=False))
    secret = ident(held.items[Level.CONFIDENTIAL])
    with pytest.raises(Invalid):
        raise_objection(session, advisory, held.meeting, ObjectionIn(text="x", item=secret))
    raise_objection(session, member, held.meeting, ObjectionIn(text="Geheime Einwendung", item=secret))
    raise_objection(session, advisory, held.meeting, ObjectionIn(text="Offene", item=ident(held.items[Level.INTERNAL])))
    minutes = minutes_of(session, held)
    assert len(shown_objections(session, member, held.meeting, minutes)) == 2
    assert [one.text for one in shown_objections(session, advisory, held.meeting, minutes)] == ["Offene"]
    stranger = actor_of(session, factories.make_account(session))
    assert shown_objections(session, stranger, held.meeting, minutes) == []
    with pytest.raises(Forbidden):
        raise_objection(session, stranger, held.meeting, ObjectionIn(text="x"))


def test_an_objection_is_answered_before_the_approval(session, held):
    send(session, held)
    member = actor_of(session, held.accounts["member"])
    objection = raise_objection(session, member, held.meeting, ObjectionIn(text="Es war anders."))
    later = ApproveIn(meeting=ident(next_meeting(session, held)))
    with pytest.raises(Refused, match="offen"):
        approve_minutes(session, operator(), held.meeting, later)
    with pytest.raises(Forbidden):
        answer_objection(session, member, held.meeting, objection, AnswerIn(state=ObjectionState.ACCEPTED))
    with pytest.raises(Invalid):
        answer_objection(session, operator(), held.meeting, objection, AnswerIn(state=ObjectionState.DECLINED))
    with pytest.raises(Stale):
        wish = AnswerIn(state=ObjectionState.ACCEPTED)
        answer_objection(session, operator(), held.meeting, objection, wish, base_version=objection.version + 1)
    wish = AnswerIn(state=ObjectionState.PARTLY, answer="Der erste Satz stimmt.")
    answer_objection(session, operator(), held.meeting, objection, wish)
    assert approve_minutes(session, operator(), held.meeting, later).state is MinutesState.APPROVED


def test_a_later_meeting_of_the_body_approves(session, held):
    send(session, held)
    for wrong in (held.meeting, next_meeting(session, held, MeetingState.RELEASED), make_held(session).meeting):
        with pytest.raises(Invalid):
            approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(wrong)))
    with pytest.raises(Refused, match="späteren Sitzung genehmigt"):
        approve_minutes(session, operator(), held.meeting, ApproveIn())
    later = factories.make_meeting(session, held.body, dt.date(2026, 7, 7), number=3)
    later.state = MeetingState.IN_SESSION
    session.flush()
    minutes = approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(later)))
    assert (minutes.approved_way, minutes.approved_on) == (ApprovalWay.MEETING, dt.date(2026, 7, 7))
    values = read_minutes(frozen(session, held, version=2).content)
    assert values.approved_how == "in der 3. Sitzung"
    with pytest.raises(Refused, match="genehmigt"):
        approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(later)))


def test_silence_approves_at_the_second_after_the_period(session, held):
    silence(session, held)
    send(session, held)
    job = session.exec(sa.select(Job).where(Job.name == "approve_silent_minutes")).scalar_one()
    assert job.run_at == berlin(dt.date(2026, 3, 17))
    with clock.standing_at(berlin(LAST_DAY, 23, 59, 59)):
        assert not approve_by_silence(session, ident(held.meeting), 1)
    with clock.standing_at(berlin(dt.date(2026, 3, 17))):
        assert approve_by_silence(session, ident(held.meeting), 1)
        assert not approve_by_silence(session, ident(held.meeting), 1)
    assert minutes_of(session, held).approved_way is ApprovalWay.SILENCE


def test_silence_approves_nothing_that_was_objected_to_changed_or_sent_again(session, held):
    silence(session, held)
    send(session, held)
    over = berlin(dt.date(2026, 3, 18))
    member = actor_of(session, held.accounts["member"])
    objection = raise_objection(session, member, held.meeting, ObjectionIn(text="Es war anders."))
    with clock.standing_at(over):
        assert not approve_by_silence(session, ident(held.meeting), 1)
        answer_objection(session, operator(), held.meeting, objection, AnswerIn(state=ObjectionState.ACCEPTED))
        note = queries.notes_of_items(session, [ident(held.items[Level.PUBLIC])])[ident(held.items[Level.PUBLIC])]
        note.note = "Berichtigt."
        session.flush()
        with pytest.raises(Refused, match="noch nicht gesehen"):
            approve_minutes(session, operator(), held.meeting, ApproveIn())
        send(session, held)
    with clock.standing_at(berlin(dt.date(2026, 4, 2))):
        assert not approve_by_silence(session, ident(held.meeting), 1)
        assert approve_by_silence(session, ident(held.meeting), 2)


def test_silence_is_left_to_the_secretariat_unless_the_rule_says_otherwise(session, held):
    silence(session, held, auto="nein")
    send(session, held)
    assert session.exec(sa.select(Job).where(Job.name == "approve_silent_minutes")).first() is None
    with clock.standing_at(berlin(dt.date(2026, 3, 17))):
        assert not approve_by_silence(session, ident(held.meeting), 1)
        approve_minutes(session, operator(), held.meeting, ApproveIn())


def test_readers_follow_the_life(session, held):
    member, stranger = held.accounts["member"], factories.make_account(session)
    former = factories.make_seated(session, held.body)
    session.execute(
        sa.text("UPDATE presence SET person_id = :p WHERE meeting_id = :m AND name = :n"),
        {"p": former.person_id, "m": held.meeting.id, "n": member.name},
    )
    with clock.standing_at(berlin(dt.date(2026, 3, 2), 12)):
        session.execute(
            sa.text("UPDATE membership SET valid_to = :d WHERE person_id = :p"),
            {"d": dt.date(2026, 3, 1), "p": former.person_id},
        )
    session.expire_all()

    def readers():
        found = set()
        for name, account in {"member": member, "former": former, "stranger": stranger}.items():
            try:
                queries.get_minutes(session, actor_of(session, account), ident(held.meeting))
            except NotFound:
                continue
            found.add(name)
        return found

    assert readers() == set()
    send(session, held)
    assert readers() == {"member"}
    approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(next_meeting(session, held))))
    session.flush()
    assert readers() == {"member", "former"}
    publish_minutes(session, operator(), held.meeting)
    session.flush()
    assert readers() == {"member", "former", "stranger"}
    revoke_minutes(session, operator(), held.meeting, RevokeIn(reason="Fehler"))
    session.flush()
    assert readers() == {"member", "former"}


SEALED = {
    "minutes": "UPDATE minutes SET closing = 'x' WHERE meeting_id = :m",
    "minutes_gone": "DELETE FROM minutes WHERE meeting_id = :m",
    "unsealed": "UPDATE meeting SET sealed_at = NULL WHERE id = :m",
    "reopened": "UPDATE meeting SET state = 'in_session' WHERE id = :m",
    "presence": "UPDATE presence SET until_at = NULL WHERE meeting_id = :m AND until_at IS NOT NULL",
    "presence_gone": "DELETE FROM presence WHERE meeting_id = :m",
    "chairing": "UPDATE chairing SET name = 'x' WHERE meeting_id = :m",
    "announcement": "UPDATE announcement SET excused = false WHERE meeting_id = :m",
    "exclusion": "DELETE FROM exclusion WHERE item_id IN (SELECT id FROM agenda_item WHERE meeting_id = :m)",
    "note": "UPDATE minute_note SET note = 'x' WHERE item_id IN (SELECT id FROM agenda_item WHERE meeting_id = :m)",
    "outcome": "UPDATE agenda_item SET outcome = 'rejected' WHERE meeting_id = :m",
    "item_gone": "DELETE FROM agenda_item WHERE meeting_id = :m",
    "decision": "UPDATE decision SET wording = 'x' WHERE id = :d",
    "votes": "UPDATE decision SET yes = 3 WHERE id = :d",
    "number": "UPDATE decision SET number = 'x' WHERE id = :d",
    "decision_gone": "DELETE FROM decision WHERE id = :d",
    "clause": "UPDATE clause SET text = 'x' WHERE decision_id = :d",
    "clause_new": "INSERT INTO clause (decision_id, position, verb, text) VALUES (:d, 9, 'notes', 'x')",
    "objection": "UPDATE objection SET answer = 'x' WHERE minutes_id IN (SELECT id FROM minutes WHERE meeting_id = :m)",
    "release": "UPDATE minutes_release SET made_by = 'x' WHERE meeting_id = :m",
    "frozen": "UPDATE frozen_document SET content = 'x' WHERE meeting_id = :m AND kind = 'minutes'",
    "addendum": "DELETE FROM addendum WHERE minutes_id IN (SELECT id FROM minutes WHERE meeting_id = :m)",
    "addendum_frozen": "DELETE FROM frozen_document WHERE meeting_id = :m AND kind = 'addendum'",
}


@pytest.fixture
def sealed(session, held):
    send(session, held)
    member = actor_of(session, held.accounts["member"])
    one = raise_objection(session, member, held.meeting, ObjectionIn(text="Es war anders."))
    answer_objection(session, operator(), held.meeting, one, AnswerIn(state=ObjectionState.ACCEPTED))
    approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(next_meeting(session, held))))
    add_addendum(session, operator(), held.meeting, AddendumIn(text="Nachtrag"))
    session.flush()
    return held


@pytest.mark.parametrize("what", SEALED)
def test_the_database_refuses_every_change_of_approved_minutes(session, sealed, what):
    ids = {"m": sealed.meeting.id, "d": sealed.decision.id}
    with pytest.raises(sa.exc.DBAPIError, match="sealed by approved minutes|append only"), session.begin_nested():
        session.execute(sa.text(SEALED[what]), {key: ids[key] for key in ids if f":{key}" in SEALED[what]})


def test_what_lives_on_after_the_approval_stays_free(session, sealed):
    ids = {"m": sealed.meeting.id, "d": sealed.decision.id}
    for statement in (
        "UPDATE decision SET state = 'done', done_on = '2026-05-01', reported_in_id = :m WHERE id = :d",
        "UPDATE meeting SET version = version + 1 WHERE id = :m",
        "UPDATE agenda_item SET version = version + 1 WHERE meeting_id = :m",
        "UPDATE presence SET person_id = NULL WHERE meeting_id = :m",
    ):
        session.execute(sa.text(statement), {key: ids[key] for key in ids if f":{key}" in statement})


def test_the_services_refuse_changes_after_the_approval(session, sealed):
    member = actor_of(session, sealed.accounts["member"])
    with pytest.raises(Refused, match="genehmigt"):
        require_unsealed(session, ident(sealed.meeting))
    with pytest.raises(Refused, match="genehmigt"):
        send(session, sealed)
    with pytest.raises(Refused, match="genehmigt"):
        raise_objection(session, member, sealed.meeting, ObjectionIn(text="x"))
    objection = queries.list_objections(session, minutes_of(session, sealed).id)[0]
    with pytest.raises(Refused, match="genehmigt"):
        answer_objection(session, operator(), sealed.meeting, objection, AnswerIn(state=ObjectionState.ACCEPTED))


def test_addenda_are_counted_and_as_confidential_as_their_item(session, sealed):
    secret = ident(sealed.items[Level.CONFIDENTIAL])
    second = add_addendum(session, operator(), sealed.meeting, AddendumIn(text="x", item=secret, level=Level.PUBLIC))
    third = add_addendum(session, operator(), sealed.meeting, AddendumIn(text="y", level=Level.PUBLIC))
    assert (second.serial, second.level, third.serial) == (2, Level.CONFIDENTIAL, 3)
    kinds = [(one.version, one.edition) for one in queries.list_minutes_documents(session, ident(sealed.meeting))
             if one.kind == "addendum"]  # fmt: skip
    assert [which for number, which in kinds if number == 2] == [Edition.FULL]
    assert len([which for number, which in kinds if number == 3]) == 3
    with pytest.raises(Refused, match="noch nicht genehmigt"):
        add_addendum(session, operator(), make_held(session).meeting, AddendumIn(text="x"))


def test_published_is_the_public_edition_and_it_can_be_taken_back(session, sealed):
    publish_minutes(session, operator(), sealed.meeting)
    with pytest.raises(Refused, match="schon veröffentlicht"):
        publish_minutes(session, operator(), sealed.meeting)
    with pytest.raises(Forbidden):
        revoke_minutes(session, actor_of(session, sealed.accounts["chair"]), sealed.meeting, RevokeIn(reason="x"))
    revoke_minutes(session, operator(), sealed.meeting, RevokeIn(reason="Fehler"))
    session.flush()
    publish_minutes(session, operator(), sealed.meeting)


def test_pending_minutes_come_onto_the_next_agenda_by_themselves_until_they_are_approved(session, held):
    later = factories.make_meeting(session, held.body, dt.date(2026, 6, 9), number=2)
    draft_agenda(session, operator(), later)
    found = {one.key: one for one in list_proposals(session, operator(), ident(later))}
    proposal = found[f"minutes:{held.meeting.id}"]
    assert (proposal.title, proposal.section) == ("Genehmigung der Niederschrift der 1. Sitzung", "regularien")
    assert proposal.mandatory
    assert "noch nicht versandt" in proposal.reasons
    item = accept_proposal(session, operator(), later, proposal)
    session.flush()
    assert ident(queries.find_item_approving(session, ident(item))) == ident(held.meeting)
    send(session, held)
    later.state = MeetingState.HELD
    session.flush()
    approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(later)))
    third = factories.make_meeting(session, held.body, dt.date(2026, 9, 9), number=3)
    with clock.standing_at(berlin(dt.date(2026, 7, 1))):
        draft_agenda(session, operator(), third)
    keys = [one.key for one in list_proposals(session, operator(), ident(third))]
    assert f"minutes:{held.meeting.id}" not in keys


def test_what_is_still_being_written_enters_the_history_before_it_is_sealed(session, held):
    send(session, held)
    holder = MinutesTexts(session, held.meeting, minutes_of(session, held))
    for field, content in (("opening", "Alle sind da."), ("closing", "Ende um zwölf.")):
        wish = TextSave(field=field, text=content, writer=str(uuid.uuid4()), sequence=1, base_version=holder.version)
        save_text(session, actor_of(session, held.accounts["chair"]), holder, wish)
    assert len(list_open(session, MinutesTexts.kind, [ident(held.meeting)])) == 2
    approve_minutes(session, operator(), held.meeting, ApproveIn(meeting=ident(next_meeting(session, held))))
    assert list_open(session, MinutesTexts.kind, [ident(held.meeting)]) == []
    commit(session)
    reader = actor_of(session, factories.make_account(session, Role.SECRETARIAT, held.body))
    entries = list_entries(session, reader, object_kind="minutes", object_id=minutes_of(session, held).id)
    told = [one for one in reversed(entries) if one.verb in ("minutes.frame", "minutes.approve")]
    assert [one.verb for one in told] == ["minutes.frame", "minutes.frame", "minutes.approve"]
    assert {one.who for one in told[:2]} == {held.accounts["chair"].name}
    assert told[0].changes == {"opening": ["", "Alle sind da."]}


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(own_database):
    with own_database.write() as session:
        held = make_held(session)
        send(session, held)
        meeting_id, later = ident(held.meeting), ident(next_meeting(session, held))
    ready, told = threading.Barrier(2), []

    def approve_at_once() -> None:
        ready.wait()
        try:
            with own_database.write() as session:
                meeting = lock_meeting(session, operator(), meeting_id)
                approve_minutes(session, operator(), meeting, ApproveIn(meeting=later))
            told.append("")
        except Refused as error:
            told.append(error.sentence)

    threads = [threading.Thread(target=approve_at_once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [
        "",
        "Die Niederschrift dieser Sitzung ist genehmigt und ändert sich nicht mehr. "
        "Halten Sie eine Berichtigung als Nachtrag zur Niederschrift fest.",
    ]
    with own_database.read() as session:
        releases = queries.list_minutes_releases(session, meeting_id)
        assert [(one.version, one.kind) for one in releases] == [(2, ReleaseKind.APPROVAL), (1, ReleaseKind.REVIEW)]
        documents = queries.list_minutes_documents(session, meeting_id)
        assert sorted(one.edition for one in documents if one.version == 2) == sorted(Edition(one) for one in EDITIONS)
        approved = queries.find_minutes(session, meeting_id)
        assert (approved.state, approved.approved_in_id) == (MinutesState.APPROVED, later)
