"""Nothing but the named public addresses answers without a sign-in, and no answer tells what exists."""

import datetime as dt
import re

import pytest

from app import clock
from app.people.rules import new_key
from app.request import SESSION_COOKIE
from tests.conftest import NOW
from tests.visibility.betrayal import words_in
from tests.visibility.expectations import DEACTIVATED, NOBODY, PLAIN
from tests.visibility.routes import SAFE, Route, addresses, all_routes

pytestmark = pytest.mark.slow

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW")
PUBLIC_PAGES = ("/anmelden", "/barrierefreiheit", "/datenschutz", "/impressum")


@pytest.fixture
def guarded(world_application):
    return [route for route in all_routes(world_application) if not route.is_public]


@pytest.fixture
def nobody(visit):
    return visit(NOBODY)


def some_address(route: Route, world) -> tuple[str, str]:
    """An address of something that exists, and one of something that does not."""
    found = addresses(route, world, NOBODY)
    known = next((one.path for one in found if one.known), found[0].path)
    if route.parameters:
        return known, found[0].path
    start, _, end = known.rpartition(".") if route.is_file else (known, "", "")
    return known, f"{start}-gibt-es-nicht.{end}" if end else f"{known.rstrip('/')}/gibt-es-nicht"


def plain(answer, address):
    text = answer.text.replace(address, "ADDRESS")
    text = re.sub(r"[0-9a-f]{64}", "TOKEN", text)
    return answer.status, answer.header("location").partition("?")[0], text


def stands_at_the_door(route, answer) -> bool:
    """Whether somebody who is not signed in was sent to the sign-in, or told so."""
    if route.is_api or route.is_file:
        return answer.status == 401
    return answer.status == 303 and answer.header("location").startswith("/anmelden")


def test_without_sign_in_pages_lead_to_the_sign_in_and_files_and_programs_are_told(guarded, world, nobody):
    complaints = []
    for route in guarded:
        if route.method != "GET":
            continue
        for address in some_address(route, world):
            answer = nobody.get(address)
            if not stands_at_the_door(route, answer):
                complaints.append(f"{route} at {address}: {answer.status} {answer.header('location')}")
            if words_in(answer):
                complaints.append(f"{route}: shows {words_in(answer)}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("method", METHODS)
def test_known_and_unknown_look_alike_to_nobody(method, guarded, world, nobody):
    complaints = []
    for path in sorted({route.path for route in guarded}):
        route = next(one for one in guarded if one.path == path)
        known, unknown = some_address(route, world)
        seen = [plain(nobody.get(address, method), address) for address in (known, unknown)]
        if seen[0] != seen[1]:
            complaints.append(f"{method} {path}: {seen[0][:2]} but {seen[1][:2]} for what does not exist")
        if 200 <= seen[0][0] < 300:
            complaints.append(f"{method} {path}: {seen[0][0]}")
    assert not complaints, "\n".join(complaints)


def test_nobody_changes_anything_even_with_a_form_token(guarded, world, nobody):
    complaints = []
    token = nobody.form_token()
    for route in guarded:
        if route.method in SAFE:
            continue
        for address in some_address(route, world) if route.parameters else some_address(route, world)[:1]:
            for values in ({}, {"title": "x", "reason": "y"}):
                answer = nobody.send(route.method, address, values, token=token)
                # What was typed is offered again on a page that says 401.
                if not stands_at_the_door(route, answer) and answer.status != 401:
                    complaints.append(f"{route} at {address}: {answer.status} {answer.header('location')}")
                if words_in(answer):
                    complaints.append(f"{route}: shows {words_in(answer)}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("address", [*PUBLIC_PAGES, "/healthz", "/readyz", "/static/css/tokens.css"])
def test_public_addresses_answer_everybody(address, nobody):
    answer = nobody.get(address)

    assert answer.status == 200
    assert not words_in(answer)


@pytest.mark.parametrize("cookie", ["deactivated", "invented", "empty", "endless"])
def test_a_session_ends_with_its_account_and_invented_ones_never_begin(cookie, world, nobody):
    keys = {"deactivated": world.cookies[DEACTIVATED], "invented": new_key(), "empty": "", "endless": "x" * 5000}
    nobody.cookies[SESSION_COOKIE] = keys[cookie]

    assert nobody.get("/kalender").header("location").startswith("/anmelden")
    assert nobody.get("/api/v1/me").status == 401


def test_a_session_ends_with_its_time(world, visit):
    visitor = visit(PLAIN)
    assert visitor.get("/api/v1/me").status == 200

    with clock.standing_at(NOW + dt.timedelta(hours=13)):
        assert visitor.get("/api/v1/me").status == 401
        assert visitor.get("/kalender").header("location").startswith("/anmelden")


def test_only_living_tokens_open_the_api(world, nobody):
    def status(key):
        nobody.bearer = key
        return nobody.get("/api/v1/me").status

    assert status(world.tokens[PLAIN]) == 200
    assert status(world.tokens[DEACTIVATED]) == 401
    assert status(world.ended_tokens[PLAIN]) == 401
    assert status(world.feeds[PLAIN]) == 401, "a feed's key is no token for programs"
    assert status(world.cookies[PLAIN]) == 401, "a cookie is no token for programs"
    assert status(new_key()) == 401


def test_a_token_for_programs_opens_no_calendar(world, nobody):
    assert nobody.get(f"/kalender/{world.tokens[PLAIN]}.ics").status == 404
    assert nobody.get(f"/kalender/{world.cookies[PLAIN]}.ics").status == 404
