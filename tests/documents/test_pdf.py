"""The renderer refuses what is not bundled, takes turns, and says what is missing."""

import datetime as dt
import hashlib
import importlib.abc
import io
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pytest

from app.documents import pdf
from tests.documents.samples import ICS, drawn

pytestmark = pytest.mark.once

CREATED = dt.datetime(2026, 5, 12, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def render(body: str, *attachments: pdf.Attached, patience: float = 5) -> bytes:
    page = f'<html lang="de"><title>Titel</title><link rel="stylesheet" href="asset:document.css"><h1>H</h1>{body}'
    return pdf.to_pdf(page, attachments=attachments, identifier="abc", created=CREATED, patience=patience)


@pytest.fixture(name="visits")
def _visits() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on loopback, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "hostile",
    [
        '<img alt="x" src="{0}/a.png">',
        '<p style="background: url({0}/b.png)">x</p>',
        '<link rel="stylesheet" href="{0}/c.css">',
        "<style>@import '{0}/d.css';</style>",
        '<object data="{0}/e.svg">x</object>',
        '<svg viewBox="0 0 9 9"><title>x</title><image href="{0}/f.png" width="9" height="9"/></svg>',
        '<p style="background: url(file:///etc/hostname)">x</p>',
        '<img alt="x" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E">',
        '<img alt="x" src="asset:../../pyproject.toml">',
        '<img alt="x" src="asset:agenda.html">',
    ],
)
def test_nothing_but_bundled_files_is_fetched(hostile: str, visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    with pytest.raises(pdf.Unprintable):
        render(hostile.format(address))
    assert asked == []


def test_the_html_attaches_no_files(visits: tuple[str, list[str]]) -> None:
    address, asked = visits
    content = render(f'<link rel="attachment" href="{address}/a.txt">')
    assert asked == []
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert len(opened.attachments) == 0


@pytest.mark.parametrize(
    ("body", "complaint"),
    [("<p style='colour: red'>x</p>", "colour"), ("<img src='asset:draft.svg'>", "alt description")],
)
def test_every_complaint_is_an_error(body: str, complaint: str) -> None:
    with pytest.raises(pdf.Unprintable, match=complaint) as refused:
        render(body)
    assert refused.value.sentence.startswith("Das Dokument konnte nicht gesetzt werden.")


def test_complaints_of_other_threads_do_not_count() -> None:
    logger = logging.getLogger("weasyprint")
    with pdf.complaints() as found:
        other = threading.Thread(target=logger.warning, args=("theirs",))
        other.start()
        other.join()
        logger.warning("ours")
    logger.warning("later")
    assert found == ["ours"]


def test_one_document_at_a_time() -> None:
    with pdf.RENDER, pytest.raises(pdf.Busy, match="wird gerade erzeugt"):
        render("<p>x</p>", patience=0.01)
    assert render("<p>x</p>", patience=0.01)


def test_a_failure_gives_the_turn_back() -> None:
    with pytest.raises(pdf.Unprintable):
        render("<img alt='x' src='http://127.0.0.1:1/'>")
    assert not pdf.RENDER.locked()


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutPango(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname: str, path: object, target: object = None) -> None:
            if fullname == "weasyprint":
                raise OSError("cannot load library 'libpangoft2-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [WithoutPango(), *sys.meta_path])
    with pytest.raises(pdf.Unavailable, match=r"apt-get install libpangoft2-1\.0-0 libharfbuzz-subset0"):
        render("<p>x</p>")


def test_dates_identifier_and_files() -> None:
    files = [
        pdf.Attached("werte.json", b'{"a":"\xc3\xa4"}', "Data", "Werte"),
        pdf.Attached("sitzung.ics", ICS, "Supplement", "Termin"),
    ]
    with pikepdf.open(io.BytesIO(render("<p>x</p>", *files))) as opened:
        assert bytes(opened.trailer.ID[0]) == b"abc"
        assert {str(opened.docinfo[name]) for name in ("/CreationDate", "/ModDate")} == {"D:20260512080000Z"}
        inside = {
            str(file.UF): (str(file.AFRelationship), str(file.EF.F.Subtype), file.EF.F.read_bytes())
            for file in opened.Root.AF
        }
        dates = {str(file.EF.F.Params[name]) for file in opened.Root.AF for name in ("/CreationDate", "/ModDate")}
    assert inside == {
        "werte.json": ("/Data", "/application/json", b'{"a":"\xc3\xa4"}'),
        "sitzung.ics": ("/Supplement", "/text/calendar", ICS),
    }
    assert dates == {"D:20260512080000Z"}


@pytest.mark.slow
def test_another_process_draws_the_same_bytes(tmp_path: Path) -> None:
    """With another time zone, hash seed, folder and temporary folder."""
    code = (
        "import hashlib; from tests.documents.samples import drawn;"
        "print(*(hashlib.sha256(drawn(name)).hexdigest() for name in ('draft', 'strange signs')))"
    )
    changed = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
        "TMPDIR": str(tmp_path),
        "LANG": "C",
        "PYTHONPATH": str(Path.cwd()),
    }
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | changed, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == [hashlib.sha256(drawn(name)).hexdigest() for name in ("draft", "strange signs")]
    assert list(tmp_path.iterdir()) == []
