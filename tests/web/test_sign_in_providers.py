"""Signing in with OpenID Connect against a provider of its own: a process on loopback, redirects followed by hand."""

import json
import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import RSAKey
from sqlmodel import col, select

from app.actor import Role
from app.bodies.queries import find_body_by_short_name
from app.config import OidcProvider
from app.credentials import providers
from app.credentials.models import Identity, SignInStep
from app.errors import SkipError
from app.outbox.models import Mail
from app.people.models import AccountRole, SignInSession
from tests import factories

pytestmark = pytest.mark.real_clock

START = "/anmelden/extern/land"
BACK = f"{START}/zurueck"


@pytest.fixture(scope="module")
def issuer():
    """A provider as a process of its own: it warns where it is imported."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx2.get(f"{address}/jwks")
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield address
    finally:
        running.terminate()
        running.wait()


@pytest.fixture
def configured(settings, issuer):
    """Two providers; only the first one answers."""
    settings.oidc_providers = (
        OidcProvider(
            name="land",
            label="Berlin-Konto",
            issuer=issuer,
            client_id="skip",
            client_secret="geheim",
            roles_claim="groups",
            roles={"skip-gs": "secretariat/SKIP", "skip-it": "admin", "skip-weg": "auditor/WEG"},
        ),
        OidcProvider(name="weg", label="Kammer", issuer="http://127.0.0.1:9", client_id="skip"),
    )
    return settings


@pytest.fixture
def house(database, configured):
    with database.write() as session:
        factories.make_body(session, "SKIP")
        return {
            "admin": factories.make_account(session, Role.ADMIN, email="admin@example.org", name="Alma Verwalter"),
            "ada": factories.make_account(session, email="ada@example.org", name="Ada Beispiel"),
        }


def invite(browse, house, who="ada"):
    return browse(house["admin"]).submit(f"/konten/{house[who].id}/einladen")


def know(issuer, subject, **claims):
    """Tell the provider what it shall say about somebody."""
    httpx2.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()


def sent(browser, onward="/profil"):
    """Where the sign-in page sends the browser."""
    answer = browser.get(f"{START}?weiter={onward}")
    assert answer.status_code == 303
    return answer.headers["location"]


def agreed(address, subject):
    """The person signs in at the provider; the query with which the browser comes back."""
    answer = httpx2.post(address, data={"sub": subject})
    assert answer.status_code == 302
    return urlsplit(answer.headers["location"])


def sign_in(browser, subject, onward="/profil"):
    back = agreed(sent(browser, onward), subject)
    assert back.path == BACK
    return browser.get(f"{back.path}?{back.query}")


def test_somebody_invited_signs_in_and_comes_back_to_the_page_asked_for(browse, database, house, issuer):
    invite(browse, house)
    know(issuer, "s-1", email="Ada@Example.org", email_verified=True, groups=["skip-gs", "andere"])
    browser = browse()
    page = browser.get("/anmelden?weiter=%2Fprofil").text
    assert 'href="/anmelden/extern/land?weiter=%2Fprofil"' in page
    assert "Mit Berlin-Konto anmelden" in page
    answer = sign_in(browser, "s-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/profil")
    assert "Geschäftsstelle (SKIP)" in browser.get("/profil").text
    with database.read() as session:
        identity = session.exec(select(Identity)).one()
        assert (identity.issuer, identity.subject, identity.account_id) == (issuer, "s-1", house["ada"].id)
        assert session.exec(select(SignInSession).where(SignInSession.provider == "land")).one()
        assert session.exec(select(SignInStep)).all() == []
    assert sign_in(browse(), "s-1").headers["location"] == "/profil"
    history = browse(house["admin"]).get("/verlauf").text
    assert "Konto mit der Anmeldung einer Organisation verbunden" in history


def test_what_is_sent_to_the_provider_is_fresh_and_bound(browse, house, issuer):
    browser = browse()
    asked = [parse_qs(urlsplit(sent(browser)).query) for _ in range(2)]
    for one in asked:
        assert one["code_challenge_method"] == ["S256"]
        assert one["response_type"] == ["code"]
        assert one["redirect_uri"] == [f"http://testserver{BACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43
    cookie = browser.get(START).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email": "fremd@example.org", "email_verified": True}, "Für fremd@example.org gibt es hier noch keine"),
        ({"email": "admin@example.org", "email_verified": True}, "Für admin@example.org gibt es hier noch keine"),
        ({"email": "ada@example.org", "email_verified": False}, "hat Ihre E-Mail-Adresse nicht bestätigt"),
        ({"email": "ada@example.org"}, "hat Ihre E-Mail-Adresse nicht bestätigt"),
        ({}, "hat Ihre E-Mail-Adresse nicht bestätigt"),
    ],
)
def test_who_was_not_invited_or_has_no_checked_address_is_told_whom_to_ask(
    browse, database, house, issuer, claims, sentence
):
    invite(browse, house)
    know(issuer, "s-2", **claims)
    browser = browse()
    answer = sign_in(browser, "s-2")
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "Systemadministration" in answer.text
    assert browser.get("/profil").status_code == 303
    with database.read() as session:
        assert session.exec(select(Identity)).all() == []


def test_a_withdrawn_invitation_admits_nobody_and_a_stilled_account_stays_out(browse, house, issuer):
    admin, address = browse(house["admin"]), f"/konten/{house['ada'].id}"
    know(issuer, "s-3", email="ada@example.org", email_verified=True)
    invite(browse, house)
    admin.submit(f"{address}/einladung/zurueckziehen")
    assert sign_in(browse(), "s-3").status_code == 403
    invite(browse, house)
    assert sign_in(browse(), "s-3").status_code == 303
    admin.submit(f"{address}/stilllegen")
    answer = sign_in(browse(), "s-3")
    assert answer.status_code == 403
    assert "stillgelegt" in answer.text


def test_roles_are_renewed_at_every_sign_in_and_never_touch_those_given_by_hand(browse, database, house, issuer):
    with database.write() as session:
        session.add(AccountRole(account_id=house["ada"].id, role=Role.AUDITOR))
    invite(browse, house)

    def roles_after(groups):
        know(issuer, "s-4", email="ada@example.org", email_verified=True, groups=groups)
        assert sign_in(browse(), "s-4").status_code == 303
        with database.read() as session:
            rows = session.exec(
                select(AccountRole).where(AccountRole.account_id == house["ada"].id).order_by(col(AccountRole.id))
            )
            return [(row.role, row.body_id, bool(row.given_by)) for row in rows]

    with database.read() as session:
        body = find_body_by_short_name(session, "SKIP").id
    by_hand = (Role.AUDITOR, None, False)
    assert roles_after(["skip-gs", "skip-weg"]) == [by_hand, (Role.SECRETARIAT, body, True)]
    assert roles_after(["skip-it"]) == [by_hand, (Role.ADMIN, None, True)]
    assert roles_after("skip-it") == [by_hand, (Role.ADMIN, None, True)]
    assert roles_after([]) == [by_hand]
    assert "Rollen von der Anmeldung einer Organisation übernommen" in browse(house["admin"]).get("/verlauf").text


def test_a_wrong_state_and_a_second_use_are_refused(browse, house, issuer):
    invite(browse, house)
    know(issuer, "s-5", email="ada@example.org", email_verified=True)
    browser = browse()
    back = agreed(sent(browser), "s-5")
    code = parse_qs(back.query)["code"][0]
    assert browser.get(f"{BACK}?code={code}&state=falsch").status_code == 403
    assert browser.get(f"{back.path}?{back.query}").status_code == 403, "the try is over"
    back = agreed(sent(browser), "s-5")
    assert browse().get(f"{back.path}?{back.query}").status_code == 403, "another browser"
    assert browser.get(f"/anmelden/extern/weg/zurueck?{back.query}").status_code == 403, "another provider"
    back = agreed(sent(browser), "s-5")
    step = browser.cookies.get("skip_schritt")
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    again = browse()
    again.cookies.set("skip_schritt", step)
    assert again.get(f"{back.path}?{back.query}").status_code == 403, "the step was used"


def test_a_code_is_redeemed_once_by_the_provider_too(browse, database, house, issuer):
    know(issuer, "s-6", email="ada@example.org", email_verified=True)
    invite(browse, house)
    first = browse()
    used = agreed(sent(first), "s-6")
    assert first.get(f"{used.path}?{used.query}").status_code == 303
    second = browse()
    fresh = parse_qs(urlsplit(sent(second)).query)
    code = parse_qs(used.query)["code"][0]
    answer = second.get(f"{BACK}?code={code}&state={fresh['state'][0]}")
    assert answer.status_code == 403
    assert "ließ sich nicht bestätigen" in answer.text


def test_the_verifier_goes_to_the_provider_and_fits_what_was_sent_before(browse, house, issuer, monkeypatch):
    know(issuer, "s-11", email="ada@example.org", email_verified=True)
    invite(browse, house)
    browser, seen = browse(), {}
    real = providers.OAuth2Client.fetch_token

    def watched(client, address, **sent_along):
        seen.update(sent_along)
        return real(client, address, **sent_along)

    monkeypatch.setattr(providers.OAuth2Client, "fetch_token", watched)
    address = sent(browser)
    asked = parse_qs(urlsplit(address).query)
    back = agreed(address, "s-11")
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    assert [create_s256_code_challenge(seen["code_verifier"])] == asked["code_challenge"]
    assert seen["code_verifier"] not in address


def test_the_invitation_names_the_providers(browse, database, house):
    invite(browse, house)
    with database.read() as session:
        mail = session.exec(select(Mail)).one()
    assert "Berlin-Konto und Kammer" in mail.text
    assert "Berlin-Konto und Kammer" in mail.html


def test_a_wrong_nonce_is_refused(browse, database, house, issuer):
    know(issuer, "s-7", email="ada@example.org", email_verified=True)
    invite(browse, house)
    browser = browse()
    back = agreed(sent(browser), "s-7")
    with database.write() as session:
        step = session.exec(select(SignInStep)).one()
        step.detail = json.dumps({**json.loads(step.detail), "nonce": "eine andere"})
        session.add(step)
    assert browser.get(f"{back.path}?{back.query}").status_code == 403


def test_a_token_signed_by_another_key_is_refused(browse, house, issuer, monkeypatch):
    know(issuer, "s-8", email="ada@example.org", email_verified=True)
    invite(browse, house)
    real, other = providers._get, RSAKey.generate_key(2048)

    def with_other_keys(address, **how):
        found = real(address, **how)
        if "keys" not in found:
            return found
        return {"keys": [{**other.as_dict(private=False), "kid": one.get("kid")} for one in found["keys"]]}

    monkeypatch.setattr(providers, "_get", with_other_keys)
    browser = browse()
    assert sign_in(browser, "s-8").status_code == 403
    monkeypatch.undo()
    assert sign_in(browser, "s-8").status_code == 303


def test_somebody_who_stops_at_the_provider_is_told(browse, house, issuer):
    browser = browse()
    state = parse_qs(urlsplit(sent(browser)).query)["state"][0]
    shown = browser.get(f"{BACK}?error=access_denied&state={state}")
    assert shown.status_code == 403
    assert "niemand angemeldet" in shown.text


def test_a_provider_that_is_down_is_one_clear_sentence(browse, house):
    answer = browse().get("/anmelden/extern/weg")
    assert answer.status_code == 503
    assert "antwortet gerade nicht" in answer.text
    assert browse().get("/anmelden/extern/unbekannt").status_code == 404


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil.example"])
def test_nobody_is_led_away(browse, house, issuer, address):
    know(issuer, "s-9", email="ada@example.org", email_verified=True)
    invite(browse, house)
    assert sign_in(browse(), "s-9", address).headers["location"] == "/"


def test_signing_out_offers_to_sign_out_there_too(browse, house, issuer):
    know(issuer, "s-10", email="ada@example.org", email_verified=True)
    invite(browse, house)
    browser = browse()
    sign_in(browser, "s-10")
    left = browser.submit("/abmelden").headers["location"]
    assert left == "/anmelden?abgemeldet=land"
    assert f"{START}/abmelden" in browser.get(left).text
    away = browser.get(f"{START}/abmelden").headers["location"]
    assert away.startswith(f"{issuer}/oauth2/end_session?client_id=skip&post_logout_redirect_uri=")


def test_the_check_names_every_provider_and_no_secret(house, configured):
    from app.checking import _check_providers, settings_lines

    shown = {name: value for name, value, _ in settings_lines(configured)}["SKIP_OIDC_PROVIDERS"]
    assert re.fullmatch(r"land \(http://127\.0\.0\.1:\d+\), weg \(http://127\.0\.0\.1:9\)", shown)
    assert "geheim" not in repr(configured) + str(configured)
    assert [one.ok for one in _check_providers(configured)] == [True, False]


def test_a_provider_that_speaks_for_somebody_else_is_refused(configured, issuer):
    stranger = configured.oidc_providers[0].model_copy(update={"issuer": f"{issuer}/"})
    assert providers.discover(stranger), "a slash at the end is no other issuer"
    with pytest.raises(SkipError):
        providers.discover(stranger.model_copy(update={"issuer": issuer.replace("127.0.0.1", "localhost") + "/x"}))
