"""One half-year of the secretariat, page by page: what comes late, changes, is hidden, falls through or is joined."""

import datetime as dt
import io
import re

import pikepdf
import pytest

from app import clock
from app.projects.models import Light, LineageKind, Phase, ProjectLineage
from tests import factories
from tests.web.heart import APPROVED, DAY, make_house, proposals, value_of, words

pytestmark = pytest.mark.slow

SECRET = "Ansiedlung eines Halbleiterwerks"
LATE = "Energiepreise der Gießereien"
TALK = "Additive Fertigung in der Praxis"


def berlin(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), clock.BERLIN)


def pdf_text(answer) -> str:
    """Everything a PDF says: pages, bookmarks, metadata and what is attached to it."""
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        attached = [
            bytes(one.get_file().read_bytes()).decode("utf-8", "replace") for one in document.attachments.values()
        ]
        with document.open_outline() as outline:
            marks = [str(one.title) for one in _all(outline.root)]
    return " ".join([*attached, *marks])


def _all(items):
    for one in items:
        yield one
        yield from _all(one.children)


class Year:
    """The people of the story with their browsers, and shortcuts for what they do."""

    def __init__(self, database, browse):
        self.database, self.browse = database, browse
        self.house = make_house(database)
        with database.write() as session:
            person = factories.make_person(session, "Gastrednerin", first_name="Mara", salutation="Frau")
            self.guest = factories.make_account(session, person=person)
            self.guest_person = person.id
        self.address = self.house.address
        self.office = browse(self.house.secretariat)

    def done(self, answer, status: int = 303):
        assert answer.status_code == status, words(answer)[:2000]
        return answer

    def act(self, place: str, **fields):
        return self.done(self.office.submit(f"{self.address}{place}", **fields))

    def page(self, place: str = "", who=None):
        browser = self.office if who is None else self.browse(who)
        return browser.get(f"{self.address}{place}")

    def item_id(self, title: str) -> int:
        found = re.search(rf'/tagesordnung/(\d+)[^"]*"[^>]*>{re.escape(title)}<', self.page_of_work().text)
        assert found, f"no item {title}"
        return int(found[1])

    def page_of_work(self):
        answer = self.page("/nachtrag")
        return answer if answer.status_code == 200 else self.page()

    def own_item(self, title: str, section: str, **fields) -> int:
        self.act("/tagesordnung", title=title, section=section, **fields)
        return self.item_id(title)

    def release(self, **fields):
        version = value_of(self.page("/freigabe"), "version")
        return self.act("/freigabe", version=version, **APPROVED, **fields)

    def new_status(self, project, on: dt.date, light: Light):
        with self.database.write() as session:
            factories.make_status(session, project, on, light, phase=Phase.RUNNING)


@pytest.fixture
def year(database, browse):
    return Year(database, browse)


def test_a_half_year_with_everything_that_comes_in_between(year, database):
    house = year.house

    # The drafting proposes what turned red; two projects become one item.
    year.act("/vorschlaege", as_of="2026-03-02")
    open_ones = proposals(database, house)
    chosen = [open_ones["Reallabor Wasserstoff"].id, open_ones["Prüffeld Leistungselektronik"].id]
    year.act(
        "/vorschlaege/zusammenlegen",
        vorschlag=[str(one) for one in chosen],
        title="Wasserstoff und Leistungselektronik",
        section="beratung",
        minutes="20",
    )
    joined = year.item_id("Wasserstoff und Leistungselektronik")

    # A guest speaks about the main topic; one item is for voting members only.
    talk = year.own_item(TALK, "schwerpunktthema", minutes="30")
    year.act(f"/tagesordnung/{talk}/gaeste", person=str(year.guest_person), role="speaker", topic="3D-Druck in Berlin")
    secret = year.own_item(SECRET, "beschlussfassung", minutes="15")
    form = year.page(f"/tagesordnung/{secret}")
    year.act(
        f"/tagesordnung/{secret}",
        version=value_of(form, "version"),
        title=SECRET,
        section="beschlussfassung",
        kind="decision",
        minutes="15",
        proposed_decision="1. Der Steuerungskreis stimmt zu.",
        level="confidential",
    )

    # A paper hangs at the joined item.
    answer = year.office.post(
        f"{year.address}/unterlagen",
        data={"csrf_token": year.office.token(), "owner": str(joined), "kind": "submission", "level": "internal"},
        files={"files": ("Übersicht.txt", b"Zwei Vorhaben auf einer Seite.")},
    )
    year.done(answer)

    # Released: members get neither the confidential item nor anything that tells of it; the guest only the own item.
    year.release()
    for who in (house.advisory, year.guest, house.auditor):
        assert SECRET not in year.page(who=who).text
        assert "stimmt zu" not in year.page(who=who).text
    member = year.page(who=house.member)
    assert SECRET in member.text
    assert "Übersicht" in member.text
    mine = year.page(who=year.guest)
    assert TALK in mine.text
    assert "Wasserstoff" not in mine.text
    advisory = year.browse(house.advisory).get(f"{year.address}/tagesordnung.pdf")
    assert SECRET not in pdf_text(advisory)
    assert year.browse(house.advisory).get(f"{year.address}/tagesordnung.pdf?fassung=vollstaendig").status_code == 404

    # A member registers a topic after the deadline; with the chair's consent it joins a supplement.
    with clock.standing_at(berlin(dt.date(2026, 4, 20))):
        at_desk = year.browse(house.member)
        form = at_desk.get(f"/anmeldungen/neu?gremium={house.body.id}&sitzung={house.meeting.id}")
        seat = re.search(r'<select[^>]*name="seat".*?<option value="(\d+)"', form.text, re.S)
        assert seat
        registered = at_desk.submit(
            "/anmeldungen",
            body=str(house.body.id),
            seat=seat[1],
            meeting=str(house.meeting.id),
            title=LATE,
            section="beratung",
            occasion="Drei Betriebe haben Kurzarbeit angekündigt.",
            urgency="Die Betriebe entscheiden im Mai.",
            level="internal",
        )
        place = year.done(registered).headers["location"].partition("?")[0]
        office = year.browse(house.secretariat)
        year.done(
            office.submit(
                f"{place}/einverstaendnis", consent_by="Vera Vorsitz", consent_on="2026-04-20", consent_how="mündlich"
            )
        )
        # Meanwhile a project changed its light: the supplement's page says so.
        year.new_status(house.worse, dt.date(2026, 4, 15), Light.RED)
        year.office = office
        assert "Prüffeld Leistungselektronik" in words(year.page("/nachtrag")).partition("Seit der Freigabe")[2]
        year.act("/vorschlaege", as_of="2026-04-20")
        late = proposals(database, house)[LATE]
        year.act(f"/nachtrag/vorschlaege/{late.id}")
        year.act(f"/tagesordnung/{secret}/absetzen", reason="Unterlagen fehlen noch")
        # Nobody but secretariat and chair sees the supplement before its release.
        assert LATE not in year.page(who=house.advisory).text
        year.release(reason="Ein Thema kam spät.")
        changes = words(year.page("/aenderungen"))
        assert LATE in changes
        assert "Abgesetzt (Unterlagen fehlen noch)" in changes
        told = words(year.page("/aenderungen", who=house.advisory))
        assert LATE in told
        assert SECRET not in told
        assert "vorgesehen" in words(at_desk.get(place))
        kept = year.page("?version=1", who=house.member)
        assert LATE not in kept.text

    # The meeting falls through; what stood on its agenda is proposed for the next one, a merged project with its heir.
    with clock.standing_at(berlin(dt.date(2026, 5, 11))):
        year.office = year.browse(house.secretariat)
        year.act("/absagen", reason="Die Regierende ist erkrankt.")
        with database.write() as session:
            heir = factories.make_project(session, "1.30", "Reallabor Energie")
            session.add(
                ProjectLineage(
                    from_id=house.red.id, to_id=heir.id, kind=LineageKind.MERGED, since_on=dt.date(2026, 5, 1)
                )
            )
            factories.make_status(session, heir, dt.date(2026, 5, 5), Light.RED, phase=Phase.RUNNING)
            following = factories.make_meeting(session, house.body, DAY + dt.timedelta(days=120), number=19)
        house.meeting, year.address = following, f"/sitzungen/{following.id}"
        year.act("/vorschlaege", as_of="2026-05-11")
        again = proposals(database, house)
        assert {LATE, TALK, "Wasserstoff und Leistungselektronik"} <= set(again)
        assert len([title for title in again if title == LATE]) == 1
        year.act(f"/vorschlaege/{again[LATE].id}/uebernehmen")
        assert LATE in year.page().text
