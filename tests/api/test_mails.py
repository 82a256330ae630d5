"""The delivery log over the API: pages and filters, sending again, withdrawing, and nothing for others."""

import pytest

from app.db import ident
from app.outbox.models import MailState
from app.outbox.schemas import Letter, Mailbox
from app.outbox.service import post_mail
from tests.api.conftest import fields, problem


@pytest.fixture
def mails(database, house):
    """A mail that waits, one that was refused and one that is uncertain."""
    with database.write() as session:
        made = []
        for state in (MailState.WAITING, MailState.REFUSED, MailState.UNCERTAIN):
            mail = post_mail(
                session,
                Letter(f"Einladung {state}", "Geheimer Text"),
                kind="invitation",
                to=Mailbox("ada@beispiel.test", "Ada"),
                sender=Mailbox("gremium@beispiel.test"),
                body_id=house.body.id,
            )
            mail.state = state
            made.append(ident(mail))
        return dict(zip(("waiting", "refused", "uncertain"), made, strict=True))


def test_the_log_is_read_page_by_page_and_filtered(call, house, mails):
    program = call(house["all"])
    walked = program.walk("/mails", limit=1)
    assert [one["id"] for one in walked] == sorted(mails.values(), reverse=True)
    assert [one["id"] for one in program.walk("/mails", state="refused")] == [mails["refused"]]
    assert program.walk("/mails", kind="notice") == []
    one = program.get(f"/mails/{mails['refused']}")
    assert (one.json()["subject"], one.json()["page"]) == ("Einladung refused", f"/postausgang/{mails['refused']}")
    assert "Geheimer Text" not in one.text


def test_a_mail_is_sent_again_and_withdrawn_once(call, house, mails):
    program = call(house["all"])
    again = program.post(f"/mails/{mails['refused']}/resend", {}, once="eins")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert program.post(f"/mails/{mails['refused']}/resend", {}, once="eins").json() == again.json()
    problem(program.post(f"/mails/{mails['refused']}/resend", {}), 409)
    assert program.post(f"/mails/{mails['waiting']}/cancel").json()["state"] == "cancelled"
    problem(program.post(f"/mails/{mails['waiting']}/cancel"), 409)


def test_an_uncertain_mail_needs_a_word(call, house, mails):
    program = call(house["all"])
    refused = program.post(f"/mails/{mails['uncertain']}/resend", {})
    assert list(fields(refused)) == ["confirmed"]
    sent = program.post(f"/mails/{mails['uncertain']}/resend", {"confirmed": True})
    assert sent.json()["state"] == "waiting"


@pytest.mark.parametrize("who", ["member", "auditor", "admin", "lead", "stranger"])
def test_others_find_nothing(call, house, mails, who):
    program = call(house[who])
    assert program.walk("/mails") == []
    for path in (f"/mails/{mails['waiting']}", "/mails/999999"):
        problem(program.get(path), 404)
    problem(program.post(f"/mails/{mails['waiting']}/cancel"), 404)
