"""The OpenAPI document and the page drawn from it."""

from tests.api.conftest import problem, served


def documented(application):
    paths = application.openapi()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_the_document_names_every_operation_and_nothing_else(call, house, application):
    answer = call(house["nobody"]).get("/openapi.json")
    assert answer.status_code == 200
    assert documented(application) == served(application)
    assert ("POST", "/api/v1/meetings/{meeting_id}/release") in served(application)


def test_every_operation_tells_what_it_answers_and_how_it_refuses(call, house):
    for methods in call(house["nobody"]).get("/openapi.json").json()["paths"].values():
        for operation in methods.values():
            good = [status for status in operation["responses"] if status.startswith("2")]
            assert len(good) == 1
            content = operation["responses"][good[0]]["content"]
            assert "application/octet-stream" in content or "$ref" in content["application/json"]["schema"]
            for status in ("401", "403", "404", "409", "412", "422", "428"):
                assert "application/problem+json" in operation["responses"][status]["content"]


def test_the_document_and_the_page_need_a_sign_in(call):
    problem(call().get("/openapi.json"), 401)
    problem(call().get("/docs"), 401)


def test_the_page_shows_every_operation_without_foreign_files(browse, house, application):
    answer = browse(house["member"]).get("/api/v1/docs")
    assert answer.status_code == 200
    for method, path in documented(application):
        assert f"<code>{method} {path}</code>" in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
    assert "<script>" not in answer.text
    assert "ohne sie 428" in answer.text
