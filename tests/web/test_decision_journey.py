"""What was decided is followed until it is done: from meeting to follow-up to the next agenda, and told once."""

import datetime as dt
import re

import pytest

from app import clock
from tests import factories
from tests.web.heart import APPROVED, make_house, value_of, words
from tests.web.test_half_year import pdf_text

pytestmark = pytest.mark.slow

LIST = "/beschlusskontrolle"
PUBLIC_MATTER, SECRET = "Gewerbeflächen sichern", "Ankauf am Westhafen"
MAY, JULY, NOVEMBER, SPRING = dt.date(2026, 5, 12), dt.date(2026, 7, 1), dt.date(2026, 11, 10), dt.date(2027, 5, 11)


def nine(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), clock.BERLIN)


class Story:
    """A secretariat at its desk; every step is a form that a person sends."""

    def __init__(self, database, browse):
        self.database, self.browse, self.house = database, browse, make_house(database)
        self.address = self.house.address

    def get(self, address, who=None):
        return self.browse(who or self.house.secretariat).get(address)

    def send(self, address, **fields):
        answer = self.browse(self.house.secretariat).submit(address, **fields)
        assert answer.status_code == 303, words(answer)[:2000]
        return answer

    def plan(self, day, number):
        with self.database.write() as session:
            body = session.merge(self.house.body)
            self.address = f"/sitzungen/{factories.make_meeting(session, body, day, number=number).id}"

    def add(self, title, level="internal"):
        self.send(f"{self.address}/tagesordnung", title=title, section="beschlussfassung", minutes="10")
        found = re.search(rf'/tagesordnung/(\d+)[^"]*"[^>]*>{re.escape(title)}<', self.get(self.address).text)
        assert found
        form = self.get(f"{self.address}/tagesordnung/{found[1]}")
        self.send(
            f"{self.address}/tagesordnung/{found[1]}",
            version=value_of(form, "version"),
            title=title,
            section="beschlussfassung",
            kind="decision",
            minutes="10",
            proposed_decision=f"Der Kreis stimmt zu: {title}.",
            level=level,
        )
        return found[1]

    def draft(self, day):
        self.send(f"{self.address}/vorschlaege", as_of=day.isoformat())
        return self.get(f"{self.address}/vorschlaege")

    def accept(self, page, title):
        found = re.search(rf'id="vorschlag-(\d+)-titel"[^>]*>\s*{re.escape(title)}\s*<', page.text)
        assert found, f"no proposal {title}"
        self.send(f"{self.address}/vorschlaege/{found[1]}/uebernehmen")

    def release(self):
        version = value_of(self.get(f"{self.address}/freigabe"), "version")
        self.send(f"{self.address}/freigabe", version=version, late_reason="Es eilt.", **APPROVED)

    def hold(self, **outcomes):
        self.send(f"{self.address}/eroeffnen")
        form = self.get(f"{self.address}/protokoll")
        versions = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', form.text))
        chosen = {f"outcome-{item}": outcome for item, outcome in outcomes.items()}
        self.send(f"{self.address}/protokoll/ergebnisse", then="close", **versions, **chosen)

    def decision(self, title):
        found = re.search(rf'<a href="/beschluesse/(\d+)">{re.escape(title)}</a>', self.get(f"{LIST}?stand=alle").text)
        assert found, f"{title} is not followed"
        return found[1]

    def enter(self, title, **fields):
        key = self.decision(title)
        row = self.get(f"{LIST}?stand=alle").text
        version = re.search(rf'value="{key}:(\d+)"', row)
        assert version
        self.send(f"{LIST}/{key}", version=version[1], **fields)


@pytest.fixture
def story(database, browse):
    return Story(database, browse)


def test_a_decision_from_its_meeting_until_it_is_told_that_it_is_done(story):
    house = story.house
    with clock.standing_at(nine(MAY)):
        items = [story.add(PUBLIC_MATTER), story.add(SECRET, "confidential")]
        story.release()
        story.hold(**dict.fromkeys(items, "adopted"))
        held = story.address
        shown = story.get(LIST)
        assert "SKIP 2026/01" in shown.text
        assert "SKIP 2026/02" in shown.text
        assert "zur nächsten Sitzung" in words(shown)

    # In summer both go on; the members read it, the advisory seat only what is not confidential.
    with clock.standing_at(nine(JULY)):
        story.enter(PUBLIC_MATTER, state="delayed", as_of="2026-07-01", reason="Einspruch", due_on="2026-10-01")
        story.enter(SECRET, state="in_progress", as_of="2026-07-01", text="Notar beauftragt")
        assert "neuer Termin 01.10.2026" in words(story.get(LIST, house.member))
        assert SECRET in story.get(LIST, house.member).text
        for address in (LIST, f"{LIST}.csv", f"{LIST}{held}", f"{LIST}/sitzungen"):
            told = story.get(address, house.advisory)
            assert told.status_code == 200
            assert SECRET not in told.text
            assert "Notar" not in told.text
        assert f'<a href="{LIST}{held}">2</a>' in story.get(f"{LIST}/sitzungen", house.member).text
        assert f'<a href="{LIST}{held}">1</a>' in story.get(f"{LIST}/sitzungen", house.advisory).text

    # The next agenda tells both, the confidential one in an item of its own; then the first is done.
    with clock.standing_at(nine(NOVEMBER - dt.timedelta(days=20))):
        story.enter(PUBLIC_MATTER, state="done", as_of="2026-10-21", text="Bebauungsplan beschlossen")
        story.plan(NOVEMBER, 19)
        assert story.get(f"{story.address}/vorschlaege", house.member).status_code == 404
        page = story.draft(NOVEMBER - dt.timedelta(days=20))
        assert f"Erledigt: SKIP 2026/01 „{PUBLIC_MATTER}“" in words(page)
        story.accept(page, "Stand der Beschlüsse")
        story.accept(story.get(f"{story.address}/vorschlaege"), "Stand der vertraulichen Beschlüsse")
        story.release()
        assert f"Fällig: SKIP 2026/02 „{SECRET}“" in words(story.get(story.address, house.member))
        for address in (story.address, f"{story.address}/tagesordnung.pdf"):
            answer = story.get(address, house.advisory)
            told = answer.text if address == story.address else pdf_text(answer)
            assert SECRET not in told
            assert "vertraulichen Beschlüsse" not in told
        assert f"Erledigt: SKIP 2026/01 „{PUBLIC_MATTER}“" in words(story.get(story.address, house.advisory))
        assert "noch zu berichten" in words(story.get(LIST))

    # Once the meeting has heard it, what is done leaves the list and stays in the register.
    with clock.standing_at(nine(NOVEMBER)):
        story.hold()
        assert PUBLIC_MATTER not in story.get(LIST).text
        assert SECRET in story.get(LIST).text
        assert "berichtet in der 19. Sitzung" in words(story.get(f"{LIST}?stand=umgesetzt"))
        assert PUBLIC_MATTER in story.get("/beschluesse").text
        assert "1 von 2 Beschlüssen umgesetzt" in words(story.get(f"{LIST}{held}"))
    with clock.standing_at(nine(SPRING - dt.timedelta(days=30))):
        story.plan(SPRING, 20)
        page = words(story.draft(SPRING - dt.timedelta(days=30)))
        assert PUBLIC_MATTER not in page
        assert f"Fällig: SKIP 2026/02 „{SECRET}“" in page
