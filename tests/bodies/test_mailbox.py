"""Whose mails a body's mails are: its own mailbox, else the installation's, else none that anything is sent from."""

import pytest

from app.bodies.queries import body_mailbox
from app.bodies.rules import MAILBOX, RULES, parse_rule
from app.bodies.service.settings import change_rules
from app.errors import Invalid
from app.outbox.rules import installation_mailbox, is_real
from app.outbox.schemas import Mailbox
from tests import factories


def test_the_bodys_own_mailbox_comes_first(session, settings):
    body = factories.make_body(session)
    settings.mail_from = "SKIP <skip@beispiel.test>"
    assert body_mailbox(session, body.id, settings) == Mailbox("skip@beispiel.test", "Geschäftsstelle")
    wanted = {"mailbox": ("Gremium@Beispiel.Test", "Schreiben vom 1. März"), "sender": ("Büro des Kreises", "")}
    change_rules(session, factories.operator(), body, wanted, RULES)
    session.flush()
    assert body_mailbox(session, body.id, settings) == Mailbox("gremium@beispiel.test", "Büro des Kreises")


def test_without_any_mailbox_there_is_none_to_send_from(session, settings):
    body = factories.make_body(session)
    found = body_mailbox(session, body.id, settings)
    assert not is_real(found)
    assert found.name == "Geschäftsstelle"
    assert not is_real(installation_mailbox(settings))


@pytest.mark.once
def test_a_mailbox_is_an_address_or_nothing():
    assert parse_rule(MAILBOX, "  ") == ""
    with pytest.raises(Invalid) as refused:
        parse_rule(MAILBOX, "kein Postfach")
    assert list(refused.value.fields) == ["mailbox"]
