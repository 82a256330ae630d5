"""The papers of meetings, items and projects on their pages: uploads, versions, order, and who gets which file."""

import datetime as dt
import io
import re

import pytest
from sqlmodel import select

from app.actor import Role
from app.agenda.models import AgendaItemGuest, Level, SectionKey
from app.agenda.queries import list_proposals
from app.agenda.schemas.wishes import ItemIn, RejectIn, ReleaseIn
from app.agenda.service.items import add_item, set_item_aside
from app.agenda.service.proposals import accept_proposal
from app.agenda.service.release import release_agenda
from app.db import ident
from app.drafting.service.proposing import draft_agenda
from app.history.models import HistoryEntry
from app.meetings.queries import lock_meeting
from app.meetings.schemas import CancelIn
from app.meetings.service import cancel_meeting
from app.papers.models import Paper, PaperVersion
from app.projects.models import ProjectLead
from tests import factories
from tests.factories import operator
from tests.papers import files

APPROVED = ReleaseIn(approved_by="Vorsitz", approved_on="2026-03-02", approved_how="mündlich")
LONG = "Ä🏭" * 150
HOSTILE = "<img src=x onerror=alert(1)> „Übersicht“ 🏭.pdf"


class Desk:
    """A meeting with two items, and everybody who may want its papers."""

    def __init__(self, session, browse):
        self.body = factories.make_body(session)
        self.period = factories.make_period(session)
        self.secretariat = factories.make_account(session, Role.SECRETARIAT, self.body)
        self.chair = factories.make_seated(session, self.body, chair=True)
        self.member = factories.make_seated(session, self.body)
        self.advisory = factories.make_seated(session, self.body, voting=False)
        self.guest_person = factories.make_person(session)
        self.guest = factories.make_account(session, person=self.guest_person)
        self.meeting = factories.make_meeting(session, self.body, number=3)
        self.item = self.add(session, "Flächen")
        self.secret = self.add(session, "Personalie", Level.CONFIDENTIAL)
        for item in (self.item, self.secret):
            session.add(AgendaItemGuest(item_id=ident(item), person_id=ident(self.guest_person)))
        self.address = f"/sitzungen/{self.meeting.id}/unterlagen"
        self.browse = browse

    def add(self, session, title, level=Level.INTERNAL):
        wish = ItemIn(title=title, section=SectionKey.DEBATE, minutes=5, level=level)
        return add_item(session, operator(), self.meeting, wish)

    def upload(self, *named, account=None, address=None, **fields):
        browser = self.browse(account or self.secretariat)
        sent = [("files", (name, io.BytesIO(content), "application/octet-stream")) for name, content in named]
        data = {"csrf_token": browser.token(), "kind": "annex", **fields}
        return browser.post(address or self.address, data=data, files=sent)


@pytest.fixture
def desk(database, browse):
    with database.write() as session:
        return Desk(session, browse)


def release(database, desk):
    with database.write() as session:
        meeting = lock_meeting(session, operator(), ident(desk.meeting))
        release_agenda(session, operator(), meeting, APPROVED)


def papers_in(database):
    with database.read() as session:
        return list(session.exec(select(Paper).order_by(Paper.id)))


def only(database, title):
    return next(one for one in papers_in(database) if one.title == title)


def test_several_files_at_once_become_papers_named_like_their_files(desk, database):
    answer = desk.upload(("Lageplan_Süd.pdf", files.pdf()), ("Zahlen.csv", b"a;b\n"), owner=str(desk.item.id))
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#punkt-{desk.item.id}")
    page = desk.browse(desk.secretariat).get(desk.address).text
    assert "Lageplan Süd" in page
    assert "Zahlen" in page
    assert "noch nicht freigegeben" in page
    assert [one.level for one in papers_in(database)] == [Level.INTERNAL] * 2


def test_all_or_nothing_and_every_bad_file_has_its_reason(desk, database):
    answer = desk.upload(
        ("gut.pdf", files.pdf()),
        ("leer.txt", b""),
        ("x.exe", b"MZ"),
        ("aktiv.pdf", files.pdf("x", b"<< /S /JavaScript >>")),
        owner=str(desk.item.id),
        kind="tabled",
    )
    assert answer.status_code == 422
    assert papers_in(database) == []
    for sentence in ("„leer.txt“ ist leer.", "„x.exe“ hat eine Art", "„aktiv.pdf“ enthält JavaScript", "3 Dateien"):
        assert sentence in answer.text
    assert "gut.pdf" not in answer.text
    assert re.search(r'value="tabled" selected', answer.text), "what was chosen stays"
    assert re.search(rf'value="{desk.item.id}" selected', answer.text)
    assert "Keine Verschlusssachen" in answer.text


def test_no_file_too_many_and_too_large(desk, settings, database):
    assert "mindestens eine Datei" in desk.upload().text
    assert "höchstens 20 Dateien" in desk.upload(*[(f"{n}.txt", b"x%d" % n) for n in range(21)]).text
    settings.upload_limit_mb = 1
    assert "größer als 1 MB" in desk.upload(("a.txt", b"a" * 1024 * 1024 + b"a")).text
    assert papers_in(database) == []


def test_the_same_bytes_twice_in_one_place_are_told(desk, database):
    desk.upload(("a.pdf", files.pdf()), title="Lageplan")
    answer = desk.upload(("b.pdf", files.pdf()))
    assert answer.status_code == 422
    assert "liegt hier schon: als „Lageplan“, Version 1" in answer.text
    assert desk.upload(("b.pdf", files.pdf()), owner=str(desk.item.id)).status_code == 303, "elsewhere it may lie"
    twins = desk.upload(("c.txt", b"c"), ("d.txt", b"c"))
    assert "„d.txt“ ist dieselbe Datei wie „c.txt“" in twins.text
    assert len(papers_in(database)) == 2


def test_one_title_does_not_fit_several_files(desk):
    answer = desk.upload(("a.txt", b"a"), ("b.txt", b"b"), title="Lageplan")
    assert answer.status_code == 422
    assert "Ein Titel passt nur zu einer Datei" in answer.text


@pytest.mark.parametrize("name", [HOSTILE, "Übersicht Flächen.pdf", "../../a.pdf", "x\u202efdp.pdf"])
def test_what_was_uploaded_comes_back_byte_for_byte(desk, database, name):
    content = files.pdf("Größe") + b""
    desk.upload((name, content), title=LONG[:300])
    paper = papers_in(database)[0]
    assert paper.title == LONG[:300]
    answer = desk.browse(desk.secretariat).get(f"{desk.address}/{paper.id}")
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert not re.search(r"[\r\n<>/\\]", answer.headers["content-disposition"])
    again = desk.browse(desk.secretariat).get(
        f"{desk.address}/{paper.id}", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert "<img src" not in desk.browse(desk.secretariat).get(desk.address).text


def test_a_new_version_keeps_the_old_ones(desk, database):
    desk.upload(("a.txt", b"eins"), title="Lageplan")
    paper = papers_in(database)[0]
    place = f"{desk.address}/{paper.id}"
    assert desk.upload(("a.txt", b"eins"), address=f"{place}/version").status_code == 422
    assert desk.upload(("b.txt", b"zwei"), address=f"{place}/version").status_code == 303
    browser = desk.browse(desk.secretariat)
    assert browser.get(place).content == b"zwei"
    assert browser.get(f"{place}?version=1").content == b"eins"
    assert browser.get(f"{place}?version=3").status_code == 404
    assert "Versionen" in browser.get(f"{place}/bearbeiten").text
    assert only(database, "Lageplan").version == 2


def test_rename_level_fields_and_another_item(desk, database):
    desk.upload(("a.txt", b"eins"), title="Lageplan")
    paper = papers_in(database)[0]
    browser = desk.browse(desk.secretariat)
    fields = {"title": "Lageplan Süd", "kind": "submission", "level": "confidential", "costs": "keine", "version": "1"}
    answer = browser.submit(f"{desk.address}/{paper.id}/bearbeiten", owner=str(desk.item.id), **fields)
    assert answer.status_code == 303
    changed = papers_in(database)[0]
    assert (changed.title, changed.kind, changed.level, changed.costs) == (
        "Lageplan Süd",
        "submission",
        "confidential",
        "keine",
    )
    page = browser.get(desk.address).text
    assert page.index("TOP") < page.index("Lageplan Süd")


def test_a_paper_of_a_confidential_item_stays_confidential_elsewhere(desk, database):
    desk.upload(("Vermerk.pdf", files.pdf()), owner=str(desk.secret.id), level="internal")
    paper = only(database, "Vermerk")
    assert paper.level is Level.INTERNAL
    number, path = paper.id, f"{desk.address}/{paper.id}/bearbeiten"
    moved = {"title": "Vermerk", "kind": "annex", "owner": "sitzung", "version": str(paper.version)}
    assert desk.browse(desk.secretariat).submit(path, **moved).status_code == 303
    assert only(database, "Vermerk").level is Level.CONFIDENTIAL
    release(database, desk)
    assert "Vermerk" not in desk.browse(desk.advisory).get(desk.address).text
    assert desk.browse(desk.advisory).get(f"{desk.address}/{number}").status_code == 404


def test_who_was_slower_sees_both_texts(desk, database):
    desk.upload(("a.txt", b"eins"), title="Lageplan")
    paper = papers_in(database)[0]
    browser = desk.browse(desk.secretariat)
    place, fields = f"{desk.address}/{paper.id}/bearbeiten", {"kind": "annex", "level": "internal", "version": "1"}
    assert browser.submit(place, title="Erster", **fields).status_code == 303
    answer = browser.submit(place, title="Zweiter", **fields)
    assert answer.status_code == 412
    assert "Erster" in answer.text
    assert "Zweiter" in answer.text
    assert only(database, "Erster")


def test_up_and_down(desk, database):
    desk.upload(("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c"))
    last = only(database, "c")
    browser = desk.browse(desk.secretariat)
    for _ in range(3):
        assert browser.submit(f"{desk.address}/{last.id}/verschieben", move="up").status_code == 303
    page = browser.get(desk.address).text
    places = [page.index(f'id="unterlage-{only(database, title).id}"') for title in "cab"]
    assert places == sorted(places)


def test_withdrawn_papers_keep_their_place_but_give_no_file_away(desk, database):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.item.id))
    release(database, desk)
    paper = papers_in(database)[0]
    place = f"{desk.address}/{paper.id}"
    member = desk.browse(desk.member)
    assert member.get(place).status_code == 200
    browser = desk.browse(desk.secretariat)
    assert browser.submit(f"{place}/zurueckziehen", reason="").status_code == 422
    assert browser.submit(f"{place}/zurueckziehen", reason="Falsche Datei").status_code == 303
    assert member.get(place).status_code == 403
    page = member.get(desk.address).text
    assert "zurückgezogen" in page
    assert "Falsche Datei" not in page
    assert browser.get(place).status_code == 200
    assert "Falsche Datei" in browser.get(desk.address).text


def test_before_the_release_only_readers_of_drafts_see_papers(desk, database):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.item.id))
    paper = papers_in(database)[0]
    with database.write() as session:
        lock_meeting(session, operator(), ident(desk.meeting)).announced_at = desk.meeting.changed_at
    for account, status in ((desk.chair, 200), (desk.member, 404), (desk.guest, 404)):
        assert desk.browse(account).get(f"{desk.address}/{paper.id}").status_code == status
    assert "Lageplan" not in desk.browse(desk.member).get(desk.address).text


def test_after_the_release_everybody_gets_their_edition(desk, database):
    desk.upload(("a.txt", b"a"), title="Gesamtplan")
    desk.upload(("b.txt", b"b"), title="Lageplan", owner=str(desk.item.id))
    desk.upload(("c.txt", b"c"), title="Preise", owner=str(desk.item.id), level="confidential")
    desk.upload(("d.txt", b"d"), title="Lebenslauf", owner=str(desk.secret.id))
    release(database, desk)
    ids = {one.title: one.id for one in papers_in(database)}
    wanted = {
        "member": {"Gesamtplan": 200, "Lageplan": 200, "Preise": 200, "Lebenslauf": 200},
        "advisory": {"Gesamtplan": 200, "Lageplan": 200, "Preise": 404, "Lebenslauf": 404},
        "guest": {"Gesamtplan": 404, "Lageplan": 200, "Preise": 403, "Lebenslauf": 403},
    }
    for who, answers in wanted.items():
        browser = desk.browse(getattr(desk, who))
        page = browser.get(desk.address).text
        for title, status in answers.items():
            answer = browser.get(f"{desk.address}/{ids[title]}")
            assert answer.status_code == status, (who, title)
            assert (title in page) == (status != 404), (who, title)


def test_a_file_renewed_after_the_release_waits_for_the_supplement(desk, database):
    desk.upload(("a.txt", b"eins"), title="Lageplan", owner=str(desk.item.id))
    release(database, desk)
    place = f"{desk.address}/{papers_in(database)[0].id}"
    desk.upload(("a.txt", b"zwei"), address=f"{place}/version")
    member = desk.browse(desk.member)
    assert member.get(place).content == b"eins"
    assert member.get(f"{place}?version=2").status_code == 404
    assert "neuer als freigegebene Version 1" in desk.browse(desk.secretariat).get(desk.address).text


def test_raising_the_level_closes_every_version_at_once(desk, database):
    """Neither the released file nor an earlier one stays readable at the old level (domain §6)."""
    desk.upload(("a.txt", b"eins"), title="Lageplan", owner=str(desk.item.id))
    release(database, desk)
    paper = only(database, "Lageplan")
    place = f"{desk.address}/{paper.id}"
    member, advisory, guest = (desk.browse(one) for one in (desk.member, desk.advisory, desk.guest))
    assert {one.get(f"{place}?version=1").status_code for one in (member, advisory, guest)} == {200}
    fields = {"title": "Lageplan", "kind": "annex", "level": "confidential", "version": str(paper.version)}
    assert desk.browse(desk.secretariat).submit(f"{place}/bearbeiten", **fields).status_code == 303
    desk.upload(("a.txt", b"zwei"), address=f"{place}/version")
    for query in ("", "?version=1"):
        assert member.get(place + query).content == b"eins"
        for closed in (advisory, guest):
            answer = closed.get(place + query)
            assert answer.status_code == 403
            assert "vertraulich" in answer.text
    assert f'href="{place}"' not in advisory.get(desk.address).text
    assert "vertraulich" in advisory.get(desk.address).text
    with database.write() as session:
        meeting = lock_meeting(session, operator(), ident(desk.meeting))
        release_agenda(session, operator(), meeting, APPROVED.model_copy(update={"reason": "neue Unterlage"}))
    assert member.get(f"{place}?version=2").content == b"zwei"
    assert member.get(f"{place}?version=1").content == b"eins"
    for closed in (advisory, guest):
        for query in ("", "?version=1", "?version=2"):
            assert closed.get(place + query).status_code in (403, 404), query


def test_papers_carried_on_are_no_more_open_than_the_item_they_come_from(desk, database):
    desk.upload(("a.txt", b"a"), title="Lebenslauf", owner=str(desk.secret.id), level="internal")
    desk.upload(("b.txt", b"b"), title="Lageplan", owner=str(desk.item.id), level="public")
    old = {one.id for one in papers_in(database)}
    with database.write() as session:
        meeting = lock_meeting(session, operator(), ident(desk.meeting))
        cancel_meeting(session, operator(), meeting, CancelIn(reason="Haushaltssperre"))
        later = factories.make_meeting(session, desk.body, dt.date(2026, 11, 10), number=4)
        draft_agenda(session, operator(), later)
        for proposal in list_proposals(session, operator(), ident(later)):
            proposal.level = Level.INTERNAL
            accept_proposal(session, operator(), later, proposal)
    levels = {(one.id not in old, one.title): one.level for one in papers_in(database)}
    assert levels[True, "Lebenslauf"] is Level.CONFIDENTIAL
    assert levels[True, "Lageplan"] is Level.INTERNAL, "raised to the item's"
    assert levels[False, "Lebenslauf"] is Level.INTERNAL, "the old paper stays as it was"


def test_papers_taken_to_an_item_are_raised_to_its_level(desk, database):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.item.id), level="public")
    paper = only(database, "Lageplan")
    moved = {"title": "Lageplan", "kind": "annex", "owner": str(desk.secret.id), "version": str(paper.version)}
    assert desk.browse(desk.secretariat).submit(f"{desk.address}/{paper.id}/bearbeiten", **moved).status_code == 303
    assert only(database, "Lageplan").level is Level.CONFIDENTIAL


def test_members_chair_and_strangers_change_nothing(desk, database):
    desk.upload(("a.txt", b"a"), owner=str(desk.item.id))
    release(database, desk)
    place = f"{desk.address}/{papers_in(database)[0].id}"
    for account in (desk.member, desk.chair, desk.advisory):
        assert desk.upload(("b.txt", b"b"), account=account).status_code == 403
        for act in ("version", "bearbeiten", "verschieben", "zurueckziehen"):
            answer = desk.upload(("b.txt", b"b"), account=account, address=f"{place}/{act}", reason="x", move="up")
            assert answer.status_code in (403, 404), act
    assert len(papers_in(database)) == 1
    assert "hochladen" not in desk.browse(desk.member).get(desk.address).text.lower()


def test_a_full_disk_is_said_in_german_and_writes_nothing(desk, database, monkeypatch):
    def full(_self, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.storage.Folder.put", full)
    answer = desk.upload(("a.txt", b"a"), title="Meine Lageplan")
    assert answer.status_code == 503
    assert "Dateispeicher ist voll" in answer.text
    assert "Meine Lageplan" in answer.text
    assert papers_in(database) == []


def test_papers_wait_with_their_topic_in_the_backlog(desk, database):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.item.id))
    with database.write() as session:
        meeting = lock_meeting(session, operator(), ident(desk.meeting))
        item = session.get_one(type(desk.item), desk.item.id)
        set_item_aside(session, operator(), meeting, item, RejectIn(reason="später"))
    with database.read() as session:
        assert session.exec(select(Paper)).one().title == "Lageplan"
        assert session.connection().exec_driver_sql("SELECT count(*) FROM topic_paper").scalar() == 1


def test_the_item_form_shows_its_papers_and_takes_more(desk):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.item.id))
    page = desk.browse(desk.secretariat).get(f"/sitzungen/{desk.meeting.id}/tagesordnung/{desk.item.id}").text
    assert "Lageplan" in page
    assert f'action="{desk.address}"' in page
    assert f'name="owner" value="{desk.item.id}"' in page


def test_a_wrong_item_is_told(desk):
    assert "gibt es nicht mehr" in desk.upload(("a.txt", b"a"), owner="999999").text


def test_what_happened_stands_in_the_history(desk, database):
    desk.upload(("a.txt", b"a"), title="Lageplan", owner=str(desk.secret.id))
    with database.read() as session:
        entry = session.exec(select(HistoryEntry).where(HistoryEntry.verb == "paper.add")).one()
    assert (entry.object_kind, entry.reach) == ("agenda_item", "confidential")


# --- projects ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def led(desk, database):
    """A project of the body's period with a lead."""
    with database.write() as session:
        project = factories.make_project(session, period_id=ident(desk.period))
        person = factories.make_person(session)
        desk.lead = factories.make_account(session, person=person)
        session.add(ProjectLead(project_id=ident(project), person_id=ident(person)))
    return project


def test_papers_of_a_project(desk, led, database):
    place = f"/projekte/{led.id}/unterlagen"
    assert desk.upload(("a.pdf", files.pdf()), address=place, title="Antrag").status_code == 303
    assert desk.upload(("b.txt", b"b"), address=place, title="Kalkulation", level="confidential").status_code == 303
    open_one, secret = (only(database, title) for title in ("Antrag", "Kalkulation"))
    for account, sees in ((desk.secretariat, True), (desk.member, True), (desk.lead, False), (desk.advisory, False)):
        browser = desk.browse(account)
        assert browser.get(f"{place}/{open_one.id}").status_code == 200
        assert browser.get(f"{place}/{secret.id}").status_code == (200 if sees else 404)
        for page in (f"/projekte/{led.id}", place):
            assert ("Kalkulation" in browser.get(page).text) is sees
            assert "Antrag" in browser.get(page).text
    assert desk.browse(desk.guest).get(place).status_code == 404


def test_leads_add_and_renew_papers_of_their_own_project_alone(desk, led, database):
    place = f"/projekte/{led.id}/unterlagen"
    with database.write() as session:
        other = factories.make_project(session, period_id=ident(desk.period))
    browser = desk.browse(desk.lead)
    assert place in browser.get(f"/projekte/{led.id}").text
    assert "vertraulich</option>" not in browser.get(place).text
    assert desk.upload(("a.txt", b"a"), address=place, account=desk.lead, title="Antrag").status_code == 303
    refused = desk.upload(("b.txt", b"b"), address=place, account=desk.lead, level="confidential")
    assert refused.status_code == 422
    assert "Vertrauliches lesen Projektleitungen nicht" in refused.text
    paper = only(database, "Antrag")
    at = f"{place}/{paper.id}"
    assert desk.upload(("a.txt", b"a2"), address=f"{at}/version", account=desk.lead).status_code == 303
    assert browser.get(at).content == b"a2"
    fields = {"title": "Antrag 2027", "kind": "annex", "version": "2"}
    assert browser.submit(f"{at}/bearbeiten", level="confidential", **fields).status_code == 422
    assert browser.submit(f"{at}/bearbeiten", level="internal", **fields).status_code == 303
    assert "zurueckziehen" not in browser.get(f"{at}/bearbeiten").text
    assert browser.submit(f"{at}/zurueckziehen", reason="weg").status_code == 403
    assert "Antrag 2027" in desk.browse(desk.member).get(place).text
    for stranger in (desk.member, desk.chair, desk.advisory):
        assert desk.upload(("c.txt", b"c"), address=place, account=stranger).status_code == 403
        assert desk.upload(("c.txt", b"c"), address=f"{at}/version", account=stranger).status_code == 403
    elsewhere = f"/projekte/{other.id}/unterlagen"
    assert desk.upload(("c.txt", b"c"), address=elsewhere, account=desk.lead).status_code == 404
    assert len(papers_in(database)) == 1


def test_a_project_paper_is_renewed_renamed_ordered_and_withdrawn(desk, led, database):
    place = f"/projekte/{led.id}/unterlagen"
    desk.upload(("a.txt", b"a"), ("b.txt", b"b"), address=place)
    paper = only(database, "a")
    browser = desk.browse(desk.secretariat)
    assert desk.upload(("a2.txt", b"a2"), address=f"{place}/{paper.id}/version").status_code == 303
    assert desk.browse(desk.lead).get(f"{place}/{paper.id}").content == b"a2"
    assert desk.browse(desk.lead).get(f"{place}/{paper.id}?version=1").status_code == 404
    assert browser.get(f"{place}/{paper.id}?version=1").content == b"a"
    fields = {"title": "Neu", "kind": "annex", "level": "internal", "version": "2"}
    assert browser.submit(f"{place}/{paper.id}/bearbeiten", **fields).status_code == 303
    assert browser.submit(f"{place}/{paper.id}/verschieben", move="down").status_code == 303
    assert browser.submit(f"{place}/{paper.id}/verschieben", move="sideways").status_code == 422
    assert browser.submit(f"{place}/{paper.id}/zurueckziehen", reason="alt").status_code == 303
    assert desk.browse(desk.lead).get(f"{place}/{paper.id}").status_code == 404
    assert "Neu" not in desk.browse(desk.lead).get(place).text
    assert "zurückgezogen" in browser.get(place).text


def test_versions_are_append_only(desk, database):
    import sqlalchemy as sa

    desk.upload(("a.txt", b"a"))
    for statement in ("UPDATE paper_version SET size = 9", "DELETE FROM paper_version"):
        with pytest.raises(sa.exc.DBAPIError), database.write() as session:
            session.execute(sa.text(statement))
    with database.read() as session:
        assert session.exec(select(PaperVersion)).one().size == 1
