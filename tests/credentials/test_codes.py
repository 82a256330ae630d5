"""Sealing the secrets of apps, and codes as arithmetic."""

import datetime as dt

import pytest

from app.credentials.rules import codes

pytestmark = pytest.mark.once

KEY = b"a-key-for-tests-that-is-long-enough"
NOW = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


def test_a_sealed_secret_opens_with_the_same_key_for_the_same_account_only():
    secret = codes.new_secret()
    sealed = codes.seal(KEY, 7, secret)
    assert secret not in sealed
    assert sealed != codes.seal(KEY, 7, secret), "twice the same secret does not look alike"
    assert codes.unseal(KEY, 7, sealed) == secret
    assert codes.unseal(KEY, 8, sealed) == ""
    assert codes.unseal(b"another key", 7, sealed) == ""
    for damaged in ("", "x", sealed[:-8] + "AAAAAAA=", sealed[8:]):
        assert codes.unseal(KEY, 7, damaged) == ""


def test_the_codes_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = dt.datetime.fromtimestamp(59, dt.UTC)
    assert codes.matching_step(secret, "287082", at, 0) == 1
    assert codes.matching_step(secret, "287 082", at, 0) == 1
    assert codes.matching_step(secret, "287082", at, 1) is None
    assert codes.matching_step("", "287082", at, 0) is None


def test_recovery_codes_are_unlike_and_bound_to_the_account():
    made = codes.new_recovery_codes()
    assert len(set(made)) == 10
    assert all(len(one) == 19 and not set(one) & set("01ilo") for one in made)
    assert codes.recovery_hash(7, made[0]) == codes.recovery_hash(7, made[0].upper().replace("-", " "))
    assert codes.recovery_hash(7, made[0]) != codes.recovery_hash(8, made[0])
