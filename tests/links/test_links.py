"""Personal links work for their purpose and time, and rows alone open nothing."""

import datetime as dt

import pytest

from app import clock
from app.links.queries import find_link, lock_link
from app.links.rules import Purpose, link_key
from app.links.service import make_link, revoke_links
from tests.factories import make_account

SECRET = b"s" * 32


def test_a_link_is_found_by_its_key_only(session):
    link = make_link(session, SECRET, Purpose.RESET)
    key = link_key(SECRET, link.nonce)
    assert find_link(session, Purpose.RESET, key) is link
    assert len(key) == 43
    for wrong in (link.nonce, link.token_hash, key[:-1], key + "A", ""):
        assert find_link(session, Purpose.RESET, wrong) is None
    assert link_key(b"another secret", link.nonce) != key


def test_a_link_works_for_its_purpose_and_its_time(session):
    until = clock.now() + dt.timedelta(days=2)
    link = make_link(session, SECRET, Purpose.ANSWER, expires_at=until)
    key = link_key(SECRET, link.nonce)
    assert find_link(session, Purpose.RESET, key) is None
    with clock.standing_at(until - dt.timedelta(seconds=1)):
        assert lock_link(session, Purpose.ANSWER, key) is link
    with clock.standing_at(until):
        assert lock_link(session, Purpose.ANSWER, key) is None


def test_revoking_ends_the_links_of_an_account_and_no_others(session):
    one, other = make_account(session), make_account(session)
    mine = make_link(session, SECRET, Purpose.RESET, account_id=one.id)
    kept = make_link(session, SECRET, Purpose.INVITED, account_id=one.id)
    theirs = make_link(session, SECRET, Purpose.RESET, account_id=other.id)
    revoke_links(session, Purpose.RESET, account_id=one.id)
    session.expire_all()
    assert find_link(session, Purpose.RESET, link_key(SECRET, mine.nonce)) is None
    assert find_link(session, Purpose.INVITED, link_key(SECRET, kept.nonce)) is not None
    assert find_link(session, Purpose.RESET, link_key(SECRET, theirs.nonce)) is not None
    with pytest.raises(ValueError, match="name an account"):
        revoke_links(session, Purpose.RESET)
