"""What happens when the ground gives way: a full disk, a silent database, a lost race, a bug; nothing typed is lost."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError
from starlette.testclient import TestClient

from app.actor import Role
from app.bodies.service import bodies
from tests import factories

TEXT = "Das Gremium soll künftig viermal im Jahr über den Stand der Flächen beraten."


@pytest.fixture
def meeting_form(browse, database):
    """The form of a new item, filled with a long text: send it."""
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
        meeting = factories.make_meeting(session, factories.make_body(session), number=3)
    browser = browse(account)
    fields = {"title": "Flächen", "section": "beratung", "occasion": TEXT}
    return lambda: browser.submit(f"/sitzungen/{meeting.id}/tagesordnung", **fields)


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")), 503, "nichts gespeichert"),
        (TimeoutError("locked"), 503, "nichts gespeichert"),
        (OSError(28, "No space left on device"), 503, "nichts gespeichert"),
        (sa.exc.IntegrityError("INSERT", {}, Exception("UNIQUE")), 409, "schneller"),
        (StaleDataError("overtaken"), 409, "schneller"),
    ],
)
def test_what_was_typed_is_offered_again(meeting_form, monkeypatch, failure, status, words):
    def fail(*_arguments, **_named):
        raise failure

    monkeypatch.setattr("app.agenda.service.items.store_item", fail)
    answer = meeting_form()
    assert answer.status_code == status
    assert words in answer.text
    assert TEXT in answer.text
    assert "disk" not in answer.text
    assert "INSERT" not in answer.text


def test_the_api_says_so_as_a_problem(application, database, monkeypatch, browse):
    def fail(*_arguments, **_named):
        raise sa.exc.IntegrityError("INSERT INTO body", {}, Exception("UNIQUE constraint failed"))

    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    monkeypatch.setattr(bodies, "record", fail)
    browser = browse(account)
    answer = browser.post(
        "/api/v1/bodies", json={"name": "X", "short_name": "X"}, headers={"X-CSRF-Token": browser.token()}
    )
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert "INSERT" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/umlaufverfahren/{}",
        "/beschluesse/{}/auszug.pdf",
        "/auftraege/{}",
        "/sitzungen/{}/niederschrift",
        "/sitzungen/{}/protokoll/1",
        "/beschluesse/register.pdf?jahr=2026&gremium={}",
    ],
)
def test_numbers_that_no_row_bears_are_unknown(browse, database, address):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    for number in ("9" * 25, str(2**31), str(2**63)):
        answer = browse(account).get(address.format(number))
        assert answer.status_code == 404
        assert "INTEGER" not in answer.text


def test_a_bug_shows_no_internals(application, database, monkeypatch):
    def fail(*_arguments, **_named):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("app.web.public.page", fail)
    with TestClient(application, raise_server_exceptions=False) as client:
        page = client.get("/impressum")
        assert page.status_code == 500
        assert "nicht an Ihnen" in page.text
        assert "secret detail" not in page.text
