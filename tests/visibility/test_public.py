"""Nothing but the named public addresses answers without a sign-in, and no answer tells what exists."""

import re

import pytest

from app.people.rules import new_key
from app.request import SESSION_COOKIE
from tests.visibility.betrayal import words_in
from tests.visibility.expectations import DEACTIVATED, NOBODY, PLAIN
from tests.visibility.routes import SAFE, Route, addresses, all_routes

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW")
PUBLIC_PAGES = ("/anmelden", "/barrierefreiheit", "/datenschutz", "/impressum")


@pytest.fixture
def guarded(world_application):
    return [route for route in all_routes(world_application) if not route.is_public]


@pytest.fixture
def nobody(client_of):
    return client_of(NOBODY)


def some_address(route: Route, world) -> tuple[str, str]:
    """An address of something that exists, and one of something that does not."""
    found = addresses(route, world, NOBODY)
    known = next((one.path for one in found if one.known), found[0].path)
    if route.parameters:
        return known, found[0].path
    start, _, end = known.rpartition(".") if route.is_file else (known, "", "")
    return known, f"{start}-gibt-es-nicht.{end}" if end else f"{known.rstrip('/')}/gibt-es-nicht"


def plain(response, address):
    text = response.text.replace(address, "ADDRESS")
    text = re.sub(r"[0-9a-f]{64}", "TOKEN", text)
    place = response.headers.get("location", "").partition("?")[0]
    return response.status_code, place, text


def test_without_sign_in_pages_lead_to_the_sign_in_and_files_and_programs_are_told(guarded, world, nobody):
    complaints = []
    for route in guarded:
        if route.method != "GET":
            continue
        for address in some_address(route, world):
            response = nobody.get(address)
            place = response.headers.get("location", "")
            expected = 401 if route.is_api or route.is_file else 303
            if response.status_code != expected or (expected == 303 and not place.startswith("/anmelden")):
                complaints.append(f"{route} at {address}: {response.status_code} {place}")
            if words_in(response):
                complaints.append(f"{route}: shows {words_in(response)}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("method", METHODS)
def test_known_and_unknown_look_alike_to_nobody(method, guarded, world, client_of):
    complaints = []
    for path in sorted({route.path for route in guarded}):
        route = next(one for one in guarded if one.path == path)
        known, unknown = some_address(route, world)
        seen = [plain(client_of(NOBODY).request(method, address), address) for address in (known, unknown)]
        if seen[0] != seen[1]:
            complaints.append(f"{method} {path}: {seen[0][:2]} but {seen[1][:2]} for what does not exist")
        if 200 <= seen[0][0] < 300:
            complaints.append(f"{method} {path}: {seen[0][0]}")
    assert not complaints, "\n".join(complaints)


def test_nobody_changes_anything_even_with_a_form_token(guarded, world, client_of):
    complaints = []
    client = client_of(NOBODY)
    token = re.search(r'name="csrf-token" content="([0-9a-f]+)"', client.get("/barrierefreiheit").text).group(1)
    for route in guarded:
        if route.method in SAFE:
            continue
        for address in some_address(route, world) if route.parameters else some_address(route, world)[:1]:
            for fields in ({}, {"title": "x", "reason": "y"}):
                response = client.request(route.method, address, data=fields, headers={"X-CSRF-Token": token})
                place = response.headers.get("location", "")
                at_the_door = response.status_code == 401 or (
                    response.status_code == 303 and place.startswith("/anmelden")
                )
                if not at_the_door:
                    complaints.append(f"{route} at {address}: {response.status_code} {place}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("address", [*PUBLIC_PAGES, "/healthz", "/readyz", "/static/css/tokens.css"])
def test_public_addresses_answer_everybody(address, nobody):
    response = nobody.get(address)

    assert response.status_code in (200, 404 if address.startswith("/static/") else 200)
    assert not words_in(response)


def test_a_session_ends_with_its_time_and_its_account(world, client_of):
    for cookie in (world.cookies[DEACTIVATED], new_key(), "", "x" * 5000):
        client = client_of(NOBODY)
        client.cookies.set(SESSION_COOKIE, cookie)

        assert client.get("/kalender").headers["location"].startswith("/anmelden")
        assert client.get("/api/v1/me").status_code == 401


def test_only_living_tokens_open_the_api(world, client_of):
    client = client_of(NOBODY)

    def status(key):
        return client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code

    assert status(world.tokens[PLAIN]) == 200
    assert status(world.tokens[DEACTIVATED]) == 401
    assert status(world.feeds[PLAIN]) == 401, "a feed's key is no token for programs"
    assert status(world.cookies[PLAIN]) == 401, "a cookie is no token for programs"
    assert status(new_key()) == 401
    assert status("") == 401
