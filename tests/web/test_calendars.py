"""Calendars over HTTP: what each role finds in its feed, read back by other people's programs; addresses; ETags."""

import datetime as dt
import re

import icalendar
import pytest
from sqlmodel import select

from app import clock
from app.access.queries import actor_of
from app.actor import Role
from app.agenda.models import (
    AgendaItem,
    AgendaItemProject,
    AgendaRelease,
    DocumentKind,
    Edition,
    ItemKind,
    Level,
    SectionKey,
)
from app.agenda.schemas.frozen import (
    AgendaValues,
    FrozenBody,
    FrozenItem,
    FrozenMeeting,
    FrozenSection,
    edition,
    write_values,
)
from app.agenda.service.release import freeze_document
from app.bodies import service as bodies
from app.bodies.models import Membership
from app.bodies.rules import FEED_TITLES
from app.calendars.rules import DEADLINES_OF
from app.clock import BERLIN
from app.db import ident
from app.meetings import service as meetings
from app.meetings.models import Meeting, MeetingState
from app.meetings.schemas import CancelIn, MeetingChange, MoveIn
from app.minutes.models import Minutes, MinutesRelease, MinutesState, ReleaseKind
from app.minutes.queries import find_minutes
from app.minutes.schemas.wishes import RevokeIn
from app.minutes.service.afterwards import publish_minutes, revoke_minutes
from app.people import service as people
from app.people.models import Account, FeedToken
from app.privacy.queries.people import Subject
from app.privacy.service.removing import remove_subject
from app.projects.models import ProjectLead
from tests import factories
from tests.calendars.readers import read_back
from tests.factories import operator
from tests.queries import recorded_queries

ALL_KINDS = {"round_closes", "registration", "papers", "invitation", "minutes"}


@pytest.fixture
def house(database):
    """A body with a planned, an announced, a released, a cancelled and a held meeting, and people around it."""
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        planned = factories.make_meeting(session, body, dt.date(2026, 11, 10), number=20)
        announced = factories.make_meeting(
            session, body, dt.date(2026, 7, 14), number=19, place="Louise-Schroeder-Saal"
        )
        released = factories.make_meeting(session, body, dt.date(2026, 5, 12), number=18)
        cancelled = factories.make_meeting(session, body, dt.date(2026, 6, 2), number=17, main_topic="Geheimes Thema")
        held = factories.make_meeting(session, body, dt.date(2025, 11, 11), number=16)
        for one in (announced, released, cancelled):
            meetings.announce_meeting(session, operator(), one)
        released.state = MeetingState.RELEASED
        held.state, held.announced_at = MeetingState.HELD, clock.now()
        meetings.cancel_meeting(session, operator(), cancelled, CancelIn(reason="Terminnot im Senat"))
        session.add_all([released, held])
        return {
            "body": body,
            "planned": planned,
            "announced": announced,
            "released": released,
            "cancelled": cancelled,
            "held": held,
            "secretariat": factories.make_account(session, Role.SECRETARIAT, body),
            "chair": factories.make_seated(session, body, chair=True),
            "member": factories.make_seated(session, body),
            "auditor": factories.make_account(session, Role.AUDITOR, body),
            "admin": factories.make_account(session, Role.ADMIN),
            "nobody": factories.make_account(session),
        }


def make_feed(browse, account, **fields):
    """The path of a new address of *account*, as the page shows it."""
    answer = browse(account).submit("/kalender", **fields)
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://testserver(/kalender/[\w-]+\.ics)"', answer.text)
    assert found
    return found.group(1)


def events(answer):
    assert answer.status_code == 200, answer.text
    return {str(one["uid"]): one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


def deadlines_of(found, meeting):
    ends = f"-{meeting.uid}"
    return {uid.removesuffix(ends) for uid in found if uid.endswith(ends)}


def test_every_reader_understands_the_secretariats_feed(browse, house, tmp_path):
    path = make_feed(browse, house["secretariat"])
    readings = read_back({"feed": browse().get(path).content}, tmp_path)["feed"]
    assert readings.errors == []
    assert readings.fits_rules
    for name, status, summary in (
        ("planned", "TENTATIVE", "SKIP: 20. Sitzung (Terminvormerkung)"),
        ("announced", "TENTATIVE", "SKIP: 19. Sitzung (Terminvormerkung)"),
        ("released", "CONFIRMED", "SKIP: 18. Sitzung"),
        ("cancelled", "CANCELLED", "ABGESAGT: SKIP: 17. Sitzung"),
        ("held", "CONFIRMED", "SKIP: 16. Sitzung"),
    ):
        meeting = house[name]
        for _, entry in readings.entries(meeting.uid):
            assert (entry.status, entry.summary) == (status, summary)
            assert (entry.starts, entry.ends) == (meeting.starts_at, meeting.ends_at)
            assert entry.url == f"http://testserver/sitzungen/{meeting.id}"
    for _, entry in readings.entries(f"papers-{house['announced'].uid}"):
        assert entry.starts == dt.date(2026, 6, 23)
        assert entry.summary == "SKIP 19. Sitzung: Unterlagenschluss"
        assert entry.transparency == "TRANSPARENT"


@pytest.mark.parametrize(
    ("who", "sees", "kinds"),
    [
        ("secretariat", {"planned", "announced", "released", "cancelled", "held"}, ALL_KINDS),
        ("chair", {"planned", "announced", "released", "cancelled", "held"}, ALL_KINDS - {"round_closes"}),
        ("member", {"announced", "released", "cancelled", "held"}, {"registration", "papers"}),
        ("auditor", set(), set()),
        ("admin", set(), set()),
        ("nobody", set(), set()),
    ],
)
def test_each_role_finds_its_meetings_and_its_deadlines(browse, house, who, sees, kinds):
    found = events(browse().get(make_feed(browse, house[who])))
    names = ("planned", "announced", "released", "cancelled", "held")
    assert {name for name in names if house[name].uid in found} == sees
    assert deadlines_of(found, house["announced"]) == kinds
    assert deadlines_of(found, house["cancelled"]) == set()


def test_the_table_of_deadlines_speaks_of_every_role():
    assert set(DEADLINES_OF) == set(Role)


def test_a_planned_meeting_says_that_it_is_not_announced(browse, house):
    found = events(browse().get(make_feed(browse, house["chair"])))
    assert "noch nicht angekündigt" in found[house["planned"].uid]["description"]
    assert "noch nicht angekündigt" not in found[house["announced"].uid]["description"]


def test_a_feed_carries_neither_topic_nor_reason(browse, house):
    text = browse().get(make_feed(browse, house["secretariat"])).text
    assert "Geheimes Thema" not in text
    assert "Terminnot" not in text


def test_a_feed_can_be_limited_to_meetings_or_deadlines(browse, house):
    path = make_feed(browse, house["member"])
    only_meetings = browse().get(f"{path}?nur=sitzungen")
    only_deadlines = browse().get(f"{path}?nur=fristen")
    assert house["released"].uid in events(only_meetings)
    assert deadlines_of(events(only_meetings), house["released"]) == set()
    assert "X-WR-CALNAME:SKIP: Sitzungen\r\n" in only_meetings.text
    assert house["released"].uid not in events(only_deadlines)
    assert deadlines_of(events(only_deadlines), house["released"]) == {"registration", "papers"}
    wrong = browse().get(f"{path}?nur=alles")
    assert (wrong.status_code, wrong.text) == (422, "Die Angabe „nur“ kennt „sitzungen“ und „fristen“.")


def test_a_feed_of_one_body_leaves_the_others_out(browse, database, house):
    with database.write() as session:
        other = factories.make_body(session, "Arbeitsebene")
        elsewhere = factories.make_meeting(session, other, dt.date(2026, 8, 4))
        account = factories.make_account(session, Role.SECRETARIAT)
    whole = events(browse().get(make_feed(browse, account)))
    single = browse().get(make_feed(browse, account, body=str(other.id)))
    assert {elsewhere.uid, house["held"].uid} <= set(whole)
    assert elsewhere.uid in events(single)
    assert house["held"].uid not in events(single)
    assert "X-WR-CALNAME:Arbeitsebene: Sitzungen und Fristen" in single.text


def test_a_body_that_is_not_ones_own_is_refused(browse, database, house):
    with database.write() as session:
        other = factories.make_body(session, "Geheimrunde")
    answer = browse(house["member"]).submit("/kalender", body=str(other.id), label="Büro")
    assert answer.status_code == 422
    assert "Bitte wählen Sie eines Ihrer Gremien." in answer.text
    assert 'value="Büro"' in answer.text
    assert "Geheimrunde" not in answer.text


def test_the_answer_is_made_for_calendar_programs(browse, house):
    path = make_feed(browse, house["member"])
    answer = browse().get(path, headers={"accept-encoding": "gzip", "accept": "*/*"})
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'inline; filename="skip.ics"'
    assert answer.headers["cache-control"] == "private"
    assert "content-encoding" not in answer.headers
    assert re.fullmatch(r'"[0-9a-f]{40}"', answer.headers["etag"])
    for word in ("METHOD", "ORGANIZER", "ATTENDEE", "VTODO"):
        assert word not in answer.text
    head = browse().head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]


def test_an_unchanged_feed_is_not_sent_again_and_is_the_same_on_another_day(browse, house):
    path = make_feed(browse, house["member"])
    first = browse().get(path)
    tag = first.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = browse().get(path, headers={"if-none-match": sent})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    with clock.standing_at(clock.now() + dt.timedelta(days=3)):
        assert browse().get(path).headers["etag"] == tag
        assert browse().get(path).content == first.content
    assert browse().get(path, headers={"if-none-match": '"other"'}).content == first.content


def test_a_long_feed_takes_as_many_queries_as_a_short_one(browse, database, house):
    path = make_feed(browse, house["secretariat"])
    browse().get(path)

    def count(**headers):
        with recorded_queries(database.engine) as statements:
            status = browse().get(path, headers=headers).status_code
        return status, len(statements)

    def plan(weeks):
        with database.write() as session:
            for week in range(*weeks):
                day = dt.date(2027, 1, 5) + dt.timedelta(weeks=week)
                meeting = factories.make_meeting(session, house["body"], day)
                meeting.state = MeetingState.HELD
                _sent(session, meeting)

    plan((0, 1))
    short = count()
    kept = count()
    plan((1, 12))
    assert count() == short
    unchanged = count(**{"if-none-match": browse().get(path).headers["etag"]})
    assert (kept[0], unchanged[0]) == (200, 304)
    assert kept[1] == unchanged[1] == 1 < short[1] <= 14


def test_an_unchanged_feed_reads_one_row_and_a_change_elsewhere_only_the_numbers(browse, database, house):
    path = make_feed(browse, house["member"])
    tag = {"if-none-match": browse().get(path).headers["etag"]}
    with recorded_queries(database.engine) as statements:
        assert browse().get(path, headers=tag).status_code == 304
    assert [("history_head" in one, "count" in one) for one in statements] == [(True, False)]
    with database.write() as session:
        factories.recorded(session, factories.make_person(session))
    with recorded_queries(database.engine) as statements:
        assert browse().get(path, headers=tag).status_code == 304
    assert 1 < len(statements) <= 7


def test_a_term_that_ends_at_midnight_empties_the_feed_though_nobody_does_anything(browse, database, house):
    path = make_feed(browse, house["member"])
    with database.write() as session:
        membership = session.exec(select(Membership).where(Membership.person_id == house["member"].person_id)).one()
        membership.valid_to = clock.today()
        factories.recorded(session, membership)
    before = browse().get(path)
    assert events(before)
    tag = {"if-none-match": before.headers["etag"]}
    with clock.standing_at(dt.datetime(2026, 3, 2, 23, 59, tzinfo=BERLIN)):
        assert browse().get(path, headers=tag).status_code == 304
    with clock.standing_at(dt.datetime(2026, 3, 3, 0, 0, tzinfo=BERLIN)):
        assert events(browse().get(path, headers=tag)) == {}


@pytest.mark.parametrize("ended", ["revoked", "renewed", "deactivated", "removed"])
def test_an_address_that_was_just_asked_ends_at_once(browse, database, house, ended):
    path = make_feed(browse, house["nobody"])
    tag = {"if-none-match": browse().get(path).headers["etag"]}
    assert browse().get(path, headers=tag).status_code == 304
    with database.write() as session:
        account = session.get_one(Account, house["nobody"].id)
        token = session.exec(select(FeedToken).where(FeedToken.account_id == account.id)).one()
        if ended == "revoked":
            people.revoke_token(session, actor_of(session, account), FeedToken, ident(token))
        elif ended == "renewed":
            people.renew_feed_token(session, actor_of(session, account), ident(token))
        elif ended == "deactivated":
            people.deactivate_account(session, operator(), account)
        else:
            remove_subject(session, operator(), Subject(account.name, None, (account,)))
    for headers in ({}, tag):
        answer = browse().get(path, headers=headers)
        assert (answer.status_code, "gibt es nicht oder nicht mehr" in answer.text) == (404, True)


def _sent(session, meeting, *, last_day=dt.date(2026, 3, 16), version=1):
    """Minutes of a meeting as sent for review, or as sent once more."""
    found = find_minutes(session, ident(meeting)) or Minutes(meeting_id=ident(meeting), changed_at=clock.now())
    found.state, found.sent_at, found.objections_until = MinutesState.REVIEW, clock.now(), last_day
    factories.recorded(session, found)
    session.add(
        MinutesRelease(meeting_id=ident(meeting), version=version, kind=ReleaseKind.REVIEW, made_at=clock.now())
    )
    session.flush()
    return found


def _announce(session, house):
    meetings.announce_meeting(session, operator(), session.get_one(Meeting, house["planned"].id))


def _move(session, house):
    start = dt.datetime(2026, 7, 21, 10, tzinfo=BERLIN)
    meeting = session.get_one(Meeting, house["announced"].id)
    meetings.move_meeting(session, operator(), meeting, MoveIn(starts_at=start, ends_at=start + dt.timedelta(hours=2)))


def _cancel(session, house):
    meetings.cancel_meeting(session, operator(), session.get_one(Meeting, house["announced"].id), CancelIn())


def _show_titles(session, house):
    bodies.change_rules(session, operator(), house["body"], {FEED_TITLES.key: ("1", "")}, [FEED_TITLES])


def _end_term(session, house):
    membership = session.exec(select(Membership).where(Membership.person_id == house["member"].person_id)).one()
    membership.valid_to = clock.today() - dt.timedelta(days=1)
    factories.recorded(session, membership)


def _send(session, house):
    _sent(session, house["held"])


@pytest.mark.parametrize("change", [_announce, _move, _cancel, _show_titles, _end_term, _send])
def test_every_change_of_the_text_or_the_rights_changes_the_tag(browse, database, house, change):
    path = make_feed(browse, house["member"])
    before = browse().get(path)
    with clock.standing_at(clock.now() + dt.timedelta(minutes=1)), database.write() as session:
        change(session, house)
    after = browse().get(path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


def test_a_change_made_before_another_and_committed_after_it_changes_the_tag(browse, database, house):
    path = make_feed(browse, house["member"])

    def renumber(name, number, minutes):
        with clock.standing_at(clock.now() + dt.timedelta(minutes=minutes)), database.write() as session:
            meeting = session.get_one(Meeting, house[name].id)
            meetings.change_meeting(session, operator(), meeting, MeetingChange(number=number))

    renumber("announced", 91, minutes=9)
    before = browse().get(path)
    renumber("planned", 92, minutes=1)
    assert browse().get(path).headers["etag"] == before.headers["etag"], "the member does not see it"
    with database.write() as session:
        _announce(session, house)
    before = browse().get(path)
    renumber("planned", 93, minutes=2)
    after = browse().get(path, headers={"if-none-match": before.headers["etag"]})
    assert str(events(after)[house["planned"].uid]["summary"]).startswith("SKIP: 93. Sitzung")


def test_a_moved_meeting_keeps_its_uid_and_counts_up(browse, database, house):
    path = make_feed(browse, house["member"])
    with database.write() as session:
        _move(session, house)
    entry = events(browse().get(path))[house["announced"].uid]
    assert entry["sequence"] == 1
    assert entry["dtstart"].dt == dt.datetime(2026, 7, 21, 10, tzinfo=BERLIN)
    assert events(browse().get(path))[f"papers-{house['announced'].uid}"]["dtstart"].dt == dt.date(2026, 6, 30)


def test_with_the_term_end_the_feed_goes_empty_but_lives(browse, database, house):
    path = make_feed(browse, house["member"])
    with database.write() as session:
        _end_term(session, house)
    answer = browse().get(path)
    assert events(answer) == {}


def test_unknown_revoked_and_deactivated_look_alike(browse, database, house):
    revoked, gone = make_feed(browse, house["chair"]), make_feed(browse, house["member"])
    token = re.findall(r'action="/kalender/(\d+)/widerrufen"', browse(house["chair"]).get("/kalender").text)[0]
    answer = browse(house["chair"]).submit(f"/kalender/{token}/widerrufen")
    assert answer.headers["location"] == "/kalender"
    with database.write() as session:
        account = session.merge(house["member"])
        account.active = False
    texts = set()
    for path in (revoked, gone, "/kalender/unbekannt.ics", "/kalender/unbekannt.ics?nur=alles"):
        answer = browse().get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/plain")
        texts.add(answer.text)
    assert len(texts) == 1
    assert "gibt es nicht oder nicht mehr" in texts.pop()


def test_renewing_gives_a_new_address_and_ends_the_old_one(browse, house):
    old = make_feed(browse, house["member"], label="Büro")
    browser = browse(house["member"])
    token = re.findall(r'action="/kalender/(\d+)/erneuern"', browser.get("/kalender").text)[0]
    answer = browser.submit(f"/kalender/{token}/erneuern")
    new = re.findall(r'value="http://testserver(/kalender/[\w-]+\.ics)"', answer.text)[0]
    assert "Ihre erneuerte Kalenderadresse" in answer.text
    assert 'href="webcal://testserver' in answer.text
    assert browse().get(old).status_code == 404
    assert house["held"].uid in events(browse().get(new))
    assert "Büro" in browser.get("/kalender").text


def test_the_address_is_shown_once_and_belongs_to_its_maker(browse, house):
    path = make_feed(browse, house["member"], label="Telefon")
    shown = browse(house["member"]).get("/kalender").text
    assert path not in shown
    assert "Telefon" in shown
    assert "noch nie" in shown
    browse().get(path)
    assert "02.03.2026" in browse(house["member"]).get("/kalender").text
    token = re.findall(r'action="/kalender/(\d+)/widerrufen"', shown)[0]
    for act in ("widerrufen", "erneuern"):
        assert browse(house["secretariat"]).submit(f"/kalender/{token}/{act}").status_code == 404
    assert browse().get(path).status_code == 200


def test_the_page_needs_a_sign_in_and_explains_the_programs(browse, house):
    assert browse().get("/kalender").headers["location"] == "/anmelden?weiter=%2Fkalender"
    text = browse(house["nobody"]).get("/kalender").text
    for program in ("Outlook", "Google", "Apple", "Thunderbird", "Nextcloud"):
        assert program in text
    assert "Sie haben noch keine Kalenderadresse." in text


def test_a_label_that_is_too_long_is_said_at_its_field(browse, house):
    answer = browse(house["member"]).submit("/kalender", label="x" * 121)
    assert answer.status_code == 422
    assert "Bitte kürzen Sie auf höchstens 120 Zeichen." in answer.text
    assert "x" * 121 in answer.text


def _release(session, meeting, body):
    """A release of one intern and one confidential item, frozen in both editions."""
    start = meeting.starts_at
    items = tuple(
        FrozenItem(id=n, number=f"4.{n}", title=title, kind=ItemKind.DECISION, minutes=10, starts_at=start, level=level)
        for n, (title, level) in enumerate(
            (("Ankaufsstrategie Flächen", Level.INTERNAL), ("Bürgschaft Werk Süd", Level.CONFIDENTIAL)), 1
        )
    )
    values = AgendaValues(
        body=FrozenBody(id=ident(body), short_name="SKIP", name="Steuerungskreis", chair_title="Vorsitz"),
        meeting=FrozenMeeting(
            id=ident(meeting),
            uid=meeting.uid,
            sequence=0,
            changed_at=meeting.changed_at,
            label="18. Sitzung",
            starts_at=start,
            ends_at=meeting.ends_at,
            zone="Europe/Berlin",
            place="",
        ),
        version=1,
        as_of=clock.today(),
        released_at=clock.now(),
        sections=(
            FrozenSection(
                number="4", key="beschlussfassung", title="Beschlussfassung", minutes=20, starts_at=start, items=items
            ),
        ),
    )
    release = AgendaRelease(meeting_id=ident(meeting), version=1, as_of=clock.today(), released_at=clock.now())
    session.add(release)
    session.flush()
    for which in (Edition.FULL, Edition.NON_CONFIDENTIAL):
        content = write_values(edition(values, which))
        freeze_document(session, release, DocumentKind.AGENDA, which, content)


@pytest.mark.parametrize("who", ["secretariat", "chair", "member"])
def test_titles_stand_in_feeds_only_where_the_body_wants_and_never_confidential_ones(browse, database, house, who):
    path = make_feed(browse, house[who])
    with database.write() as session:
        _release(session, house["released"], house["body"])
    download = f"/sitzungen/{house['released'].id}/sitzung.ics"
    for text in (browse().get(path).text, browse(house[who]).get(download).text):
        assert "Ankaufsstrategie" not in text
    with database.write() as session:
        _show_titles(session, house)
    for text in (browse().get(path).text, browse(house[who]).get(download).text):
        assert "TOP 4.1 Ankaufsstrategie Flächen" in text.replace("\r\n ", "")
        assert "Bürgschaft" not in text


def test_one_meeting_downloads_with_the_uid_of_the_feed(browse, house):
    answer = browse(house["member"]).get(f"/sitzungen/{house['released'].id}/sitzung.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert set(events(answer)) == {house["released"].uid}


def test_a_program_downloads_with_its_token_and_nobody_without(browse, database, house):
    address = f"/sitzungen/{house['released'].id}/sitzung.ics"
    with database.write() as session:
        key = people.create_api_token(session, operator(), house["member"], label="Skript")
    assert house["released"].uid in browse().get(address, headers={"authorization": f"Bearer {key}"}).text
    for unknown in (address, "/sitzungen/999999/sitzung.ics"):
        refused = browse().get(unknown)
        assert (refused.status_code, refused.text) == (401, "Bitte melden Sie sich an.")


@pytest.mark.parametrize("who", ["member", "admin", "nobody"])
def test_a_meeting_that_is_not_announced_cannot_be_downloaded(browse, house, who):
    address = f"/sitzungen/{house['planned'].id}/sitzung.ics"
    hidden, unknown = browse(house[who]).get(address), browse(house[who]).get("/sitzungen/999999/sitzung.ics")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert house["planned"].uid not in hidden.text
    assert house["planned"].uid in browse(house["chair"]).get(address).text


def test_who_is_asked_in_writing_finds_the_last_day_but_never_the_subject(browse, database, house):
    from app.circulars.models import Circular
    from app.circulars.schemas import CircularIn, StartIn, WithdrawIn
    from app.circulars.service.preparing import prepare_circular
    from app.circulars.service.starting import start_circular, withdraw_circular

    paths = {who: make_feed(browse, house[who]) for who in ("member", "chair", "secretariat", "auditor")}
    tags = {who: browse().get(path).headers["etag"] for who, path in paths.items()}
    with database.write() as session:
        wish = CircularIn(body=ident(house["body"]), title="Geheimes Thema", wording="Ja.", level="confidential")
        circular = start_circular(session, operator(), prepare_circular(session, operator(), wish), StartIn())
        number = ident(circular)
    for who, asked in (("member", True), ("chair", True), ("secretariat", False), ("auditor", False)):
        answer = browse().get(paths[who])
        found = [one for uid, one in events(answer).items() if uid.startswith(f"umlauf-{number}-")]
        assert [(str(one["summary"]), one["dtstart"].dt) for one in found] == (
            [("SKIP Umlaufverfahren: Antwort", dt.date(2026, 3, 16))] if asked else []
        )
        assert "Geheimes" not in answer.text
        assert (answer.headers["etag"] != tags[who]) is asked
    with database.write() as session:
        withdraw_circular(session, operator(), session.get_one(Circular, number), WithdrawIn(reason="Doch nicht"))
    assert "umlauf-" not in browse().get(paths["member"]).text


def test_who_may_object_finds_the_last_day_while_minutes_are_in_review(browse, database, house):
    who = ("member", "chair", "secretariat", "auditor", "nobody")
    paths = {one: make_feed(browse, house[one]) for one in who}
    key = f"objections-{house['held'].uid}"

    def periods():
        found = {one: events(browse().get(path)) for one, path in paths.items()}
        return {one: entries[key] for one, entries in found.items() if key in entries}

    assert periods() == {}
    with database.write() as session:
        _send(session, house)
    first = periods()
    assert set(first) == {"member", "chair"}
    entry = first["member"]
    assert (entry["dtstart"].dt, entry["sequence"]) == (dt.date(2026, 3, 16), 0)
    assert str(entry["summary"]) == "SKIP 16. Sitzung: Einwendungsfrist"
    assert str(entry["url"]) == f"http://testserver/sitzungen/{house['held'].id}/niederschrift"
    tag = browse().get(paths["member"]).headers["etag"]
    assert browse().get(paths["member"], headers={"if-none-match": tag}).status_code == 304
    with clock.standing_at(clock.now() + dt.timedelta(days=3)), database.write() as session:
        _sent(session, house["held"], last_day=dt.date(2026, 3, 19), version=2)
    again = browse().get(paths["member"], headers={"if-none-match": tag})
    entry = events(again)[key]
    assert (again.status_code, entry["dtstart"].dt, entry["sequence"]) == (200, dt.date(2026, 3, 19), 1)
    with database.write() as session:
        _approve(session, house)
    assert periods() == {}


def _approve(session, house):
    found = find_minutes(session, ident(house["held"]))
    assert found is not None
    found.state, found.approved_on = MinutesState.APPROVED, clock.today()
    session.add_all(
        [found, MinutesRelease(meeting_id=found.meeting_id, version=9, kind=ReleaseKind.APPROVAL, made_at=clock.now())]
    )
    meeting = session.get_one(Meeting, found.meeting_id)
    session.flush()
    meeting.sealed_at = clock.now()
    factories.recorded(session, meeting)


def test_the_held_meeting_links_its_minutes_once_they_are_approved_for_that_reader(browse, database, house):
    address = f"http://testserver/sitzungen/{house['held'].id}/niederschrift"
    with database.write() as session:
        lead = factories.make_account(session, person=factories.make_person(session))
        project = factories.make_project(session)
        item = AgendaItem(
            meeting_id=ident(house["held"]),
            section=SectionKey.DEBATE,
            kind=ItemKind.DEBATE,
            position=1,
            title="Eigenes",
            minutes=5,
            number="2.1",
            changed_at=clock.now(),
        )
        session.add(item)
        session.flush()
        session.add(AgendaItemProject(item_id=ident(item), project_id=ident(project), position=1))
        session.add(ProjectLead(project_id=ident(project), person_id=lead.person_id))
    paths = {one: make_feed(browse, house[one]) for one in ("member", "secretariat")}
    paths["lead"] = make_feed(browse, lead)

    def linked():
        found = {one: browse().get(path) for one, path in paths.items()}
        uid = house["held"].uid
        assert all(uid in events(answer) for answer in found.values())
        return {one for one, answer in found.items() if address in str(events(answer)[uid]["description"])}

    assert linked() == set()
    with database.write() as session:
        _send(session, house)
    assert linked() == set()
    tag = browse().get(paths["member"]).headers["etag"]
    with database.write() as session:
        _approve(session, house)
    assert linked() == {"member", "secretariat"}
    assert browse().get(paths["member"]).headers["etag"] != tag
    download = browse(house["member"]).get(f"/sitzungen/{house['held'].id}/sitzung.ics")
    assert address in str(events(download)[house["held"].uid]["description"])
    tag = browse().get(paths["lead"]).headers["etag"]
    with clock.standing_at(clock.now() + dt.timedelta(days=1)), database.write() as session:
        publish_minutes(session, operator(), session.get_one(Meeting, house["held"].id))
    assert linked() == {"member", "secretariat", "lead"}
    published = browse().get(paths["lead"])
    assert published.headers["etag"] != tag
    changed = events(published)[house["held"].uid]["last-modified"].dt
    assert changed == clock.now() + dt.timedelta(days=1)
    with database.write() as session:
        revoke_minutes(session, operator(), session.get_one(Meeting, house["held"].id), RevokeIn(reason="Irrtum"))
    assert linked() == {"member", "secretariat"}


def test_the_page_tells_every_program_step_by_step_and_how_often_it_asks(browse, database):
    with database.write() as session:
        account = factories.make_account(session)
    page = browse(account).get("/kalender").text
    told = page.split('id="so-geht-es"')[1]
    programs = ("outlook-neu", "outlook-klassisch", "google", "iphone", "mac", "thunderbird", "evolution", "nextcloud")
    for program in programs:
        part = told.split(f'id="{program}"')[1].split("</details>")[0]
        assert part.count("<li>") >= 3, program
        assert 'class="muted"' in part, program
    assert "bis zu 24 Stunden" in told
    assert "/aufgaben.ics" in told
