"""Every persona signs in with the printed password and sees what the role may see."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database, ident
from app.demo.making import PASSWORD
from app.demo.running import demo_settings
from app.demo.seats import PERSONAS
from app.main import create_app
from app.storage import Folder
from tests.browser_client import Browser
from tests.demo.conftest import next_meeting

pytestmark = pytest.mark.once
READS_DRAFT = {"geschaeftsstelle", "vorsitz", "buero-vorsitz"}
KNOWS_MEETING = READS_DRAFT | {"mitglied", "stellvertretung", "buero-mitglied", "beratend", "revision"}


@pytest.fixture
def sign_in(var: Path, settings: Settings) -> Iterator[Callable[[str], Browser]]:
    """Sign in to a copy of the demo with the printed password."""
    database = Database(demo_settings(var, port=8123).database_url)
    application = create_app(settings, database=database, storage=Folder(settings.storage))
    opened: list[Browser] = []

    def signed_in(email: str) -> Browser:
        browser = Browser(application, database)
        opened.append(browser)
        answer = browser.submit("/anmelden", email=email, password=PASSWORD)
        assert answer.status_code == 303, email
        return browser

    yield signed_in
    for browser in opened:
        browser.close()
    database.close()


def test_every_persona_signs_in_and_sees_its_part(var: Path, sign_in: Callable[[str], Browser]) -> None:
    database = Database(demo_settings(var, port=8123).database_url)
    with database.read() as session:
        meeting_id = ident(next_meeting(session))
    database.close()
    for persona in PERSONAS:
        browser = sign_in(persona.email)
        home = browser.get("/")
        assert home.status_code == 200, persona.key
        assert "Beispieldaten" in home.text, persona.key
        meeting = browser.get(f"/sitzungen/{meeting_id}")
        assert meeting.status_code == (200 if persona.key in KNOWS_MEETING else 404), persona.key
        assert ("Wachstumskapital Industrie" in meeting.text) is (persona.key in READS_DRAFT), persona.key
        proposals = browser.get(f"/sitzungen/{meeting_id}/vorschlaege")
        assert (proposals.status_code == 200) is (persona.key in READS_DRAFT), persona.key
