"""What an id_token must hold: signed by the provider, for us, now, and for this very try; roles read from any claim."""

import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from pydantic import ValidationError

from app.actor import Role
from app.config import OidcProvider, Settings
from app.credentials import providers
from app.credentials.providers import Discovered, ProviderRefused
from app.credentials.rules.claims import claim_values, read_claims

pytestmark = [pytest.mark.once, pytest.mark.real_clock]

KEY = ECKey.generate_key("P-256", parameters={"kid": "k1"})
PROVIDER = OidcProvider(name="land", label="Land", issuer="https://login.beispiel.test", client_id="skip")
FOUND = Discovered("https://a", "https://t", "https://k")


def claims(**changed):
    now = int(time.time())
    good = {"iss": PROVIDER.issuer, "aud": "skip", "sub": "s", "nonce": "n", "iat": now, "exp": now + 60}
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def check(monkeypatch, token):
    monkeypatch.setattr(providers, "_get", lambda _address: {"keys": [KEY.as_dict(private=False)]})
    return providers._checked(PROVIDER, FOUND, token, "n")


def signed(values, key=KEY, algorithm="ES256"):
    return jwt.encode({"alg": algorithm, "kid": "k1"}, values, key, algorithms=[algorithm])


def test_a_good_token_holds(monkeypatch):
    assert check(monkeypatch, signed(claims()))["sub"] == "s"
    assert check(monkeypatch, signed(claims(aud=["skip", "andere"], azp="skip")))["sub"] == "s"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.test"},
        {"iss": None},
        {"aud": "andere"},
        {"aud": None},
        {"aud": ["skip", "andere"]},
        {"azp": "andere"},
        {"nonce": "andere"},
        {"nonce": None},
        {"exp": -120},
        {"exp": None},
        {"iat": 600},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_for_others_or_another_time_is_refused(monkeypatch, changed):
    """Numbers are seconds from now: the moment is that of the test, not of its collection."""
    now = int(time.time())
    given = {name: now + value if isinstance(value, int) else value for name, value in changed.items()}
    with pytest.raises(ProviderRefused):
        check(monkeypatch, signed(claims(**given)))


def test_a_token_signed_otherwise_is_refused(monkeypatch):
    other = ECKey.generate_key("P-256", parameters={"kid": "k1"})
    shared = OctKey.import_key("a-shared-secret-that-is-long-enough-for-this")
    unsigned = signed(claims()).rpartition(".")[0] + "."
    for token in (signed(claims(), other), signed(claims(), shared, "HS256"), unsigned, "", "x.y.z"):
        with pytest.raises(ProviderRefused):
            check(monkeypatch, token)


def test_values_of_a_claim_are_found_one_or_many_and_deep_inside():
    given = {"groups": ["a", "b"], "one": "a", "realm_access": {"roles": ["x"]}, "a.b": "dotted", "n": None}
    assert claim_values(given, "groups") == {"a", "b"}
    assert claim_values(given, "one") == {"a"}
    assert claim_values(given, "realm_access.roles") == {"x"}
    assert claim_values(given, "a.b") == {"dotted"}
    assert claim_values(given, "n") == claim_values(given, "realm_access") == claim_values(given, "no.where") == set()


def test_an_address_counts_where_the_provider_vouches_for_it():
    given = {"sub": "s", "email": " Ada@Example.org"}
    assert read_claims(PROVIDER, given).email == ""
    assert read_claims(PROVIDER, {**given, "email_verified": "true"}).email == "ada@example.org"
    assert read_claims(PROVIDER, {**given, "email_verified": "false"}).email == ""
    trusting = PROVIDER.model_copy(update={"trusts_email": True, "roles_claim": "g", "roles": {"x": "auditor/SKIP"}})
    said = read_claims(trusting, {**given, "g": ["x", "y"]})
    assert (said.email, said.roles) == ("ada@example.org", {(Role.AUDITOR, "SKIP")})


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": {"x": "chair"}},
        {"roles": {"x": "admin/SKIP"}},
        {"roles": {"x": "auditor/"}},
        {"issuer": "login"},
        {"name": "A b"},
        {"secret": "x"},
    ],
    ids=str,
)
def test_a_wrong_configuration_is_refused_without_showing_the_secret(changed):
    values = {"name": "a", "label": "A", "issuer": "https://a", "client_id": "c", "client_secret": "geheim", **changed}
    with pytest.raises(ValidationError) as refused:
        Settings(oidc_providers=[values])
    assert "geheim" not in str(refused.value)


def test_two_providers_differ_by_name_and_issuer():
    values = {"name": "a", "label": "A", "issuer": "https://a", "client_id": "c"}
    for other in ({"name": "b"}, {"issuer": "https://b"}):
        with pytest.raises(ValidationError):
            Settings(oidc_providers=[values, {**values, **other}])
