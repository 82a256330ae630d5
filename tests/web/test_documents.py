"""The agenda as PDF over HTTP: kept bytes, editions by rights, drafts with a watermark, waiting, names of files."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from urllib.parse import unquote

import pikepdf
import pytest
from sqlmodel import select

from app.agenda.models import DocumentKind, Edition, FrozenDocument, KeptDocument, Level
from app.agenda.queries import find_kept
from app.documents import keeping, pdf
from app.errors import NotFound
from app.storage import Folder
from app.worker import Workplace, work_once
from tests.web.heart import add_item, make_house, release, words


@pytest.fixture
def house(database):
    return make_house(database)


@pytest.fixture
def released(database, house):
    house.secret = "Vergabe der Halle 7"
    add_item(database, house, "Reallabor", projects=[house.red.id])
    add_item(database, house, house.secret, level=Level.CONFIDENTIAL)
    release(database, house)
    return house


def hash_of(database, edition=Edition.FULL):
    with database.read() as session:
        return session.exec(
            select(FrozenDocument.hash)
            .where(FrozenDocument.edition == edition, FrozenDocument.kind == DocumentKind.AGENDA)
            .order_by(FrozenDocument.id.desc())
        ).first()


def attachments(content):
    with pikepdf.open(BytesIO(content)) as document:
        return {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}


def test_the_released_pdf_is_rendered_once_and_kept(browse, database, released, settings):
    member = browse(released.member)
    first = member.get(f"{released.address}/tagesordnung.pdf")
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    digest = hash_of(database)
    assert first.headers["etag"] == f'"{digest}"'
    with database.read() as session:
        kept = find_kept(session, digest)
    assert Folder(settings.storage).get(kept.file_key) == first.content
    assert kept.size == len(first.content)
    assert browse(released.chair).get(f"{released.address}/tagesordnung.pdf").content == first.content


def test_what_the_asker_has_is_not_sent_again(browse, database, released):
    member = browse(released.member)
    tag = member.get(f"{released.address}/tagesordnung.pdf").headers["etag"]
    again = member.get(f"{released.address}/tagesordnung.pdf", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    other = member.get(
        f"{released.address}/tagesordnung.pdf?fassung=ohne-vertrauliches", headers={"If-None-Match": tag}
    )
    assert other.status_code == 200


def test_editions_follow_rights_and_attachments_obey_them(browse, released):
    address = f"{released.address}/tagesordnung.pdf"
    whole = attachments(browse(released.member).get(address).content)
    assert set(whole) == {"tagesordnung.json", "sitzung.ics"}
    assert released.secret in whole["tagesordnung.json"].decode()
    assert b"SUMMARY:SKIP: 18. Sitzung" in whole["sitzung.ics"]
    for account in (released.advisory, released.auditor):
        browser = browse(account)
        part = attachments(browser.get(address).content)
        assert all(released.secret not in content.decode() for content in part.values())
        assert browser.get(f"{address}?fassung=ohne-vertrauliches").status_code == 200
        assert browser.get(f"{address}?fassung=vollstaendig").status_code == 404
    for account in (released.stranger, released.admin):
        assert browse(account).get(address).status_code == 404
    assert browse().get(address).status_code == 401


@pytest.mark.parametrize("query", ["?fassung=geheim", "?version=2", "?version=0", "?version=-1"])
def test_unknown_editions_and_versions_are_not_found(browse, released, query):
    assert browse(released.member).get(f"{released.address}/tagesordnung.pdf{query}").status_code == 404


def test_file_names_are_readable_everywhere(browse, released):
    member = browse(released.member)
    disposition = member.get(f"{released.address}/tagesordnung.pdf").headers["content-disposition"]
    assert disposition.startswith('inline; filename="SKIP 18. Sitzung 2026-05-12 Tagesordnung Version 1.pdf"')
    small = member.get(f"{released.address}/tagesordnung.pdf?fassung=ohne-vertrauliches").headers["content-disposition"]
    assert unquote(small.split("UTF-8''")[1]) == (
        "SKIP 18. Sitzung 2026-05-12 Tagesordnung ohne Vertrauliches Version 1.pdf"
    )


def test_a_draft_is_for_secretariat_and_chair_and_is_not_kept(browse, database, house):
    add_item(database, house, "Entworfen")
    address = f"{house.address}/tagesordnung.pdf"
    for account in (house.secretariat, house.chair):
        answer = browse(account).get(address)
        assert answer.content.startswith(b"%PDF-")
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-store"
        assert "Entwurf.pdf" in answer.headers["content-disposition"]
    for account in (house.member, house.auditor, house.admin):
        assert browse(account).get(address).status_code == 404
    with database.read() as session:
        assert session.exec(select(KeptDocument)).all() == []


def test_previews_show_both_editions(browse, database, house):
    add_item(database, house, "Offen")
    add_item(database, house, "Heikel", level=Level.CONFIDENTIAL)
    browser = browse(house.secretariat)
    whole = attachments(browser.get(f"{house.address}/tagesordnung.pdf?fassung=vollstaendig").content)
    part = attachments(browser.get(f"{house.address}/tagesordnung.pdf?fassung=ohne-vertrauliches").content)
    assert "Heikel" in whole["tagesordnung.json"].decode()
    assert "Heikel" not in part["tagesordnung.json"].decode()


def test_an_empty_draft_can_be_looked_at(browse, house):
    assert browse(house.secretariat).get(f"{house.address}/tagesordnung.pdf").content.startswith(b"%PDF-")


def test_who_has_to_wait_is_told_so(browse, database, released, monkeypatch):
    monkeypatch.setattr(keeping.keep_pdf, "__kwdefaults__", {"patience": 0.01})
    browser = browse(released.member)
    with pdf.RENDER:
        answer = browser.get(f"{released.address}/tagesordnung.pdf")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Das Dokument wird erzeugt" in words(answer)


def test_the_worker_renders_ahead(database, released, settings):
    storage = Folder(settings.storage)
    while work_once(Workplace(database, storage, settings)):
        pass
    with database.read() as session:
        kept = session.exec(select(KeptDocument.values_hash)).all()
    assert {hash_of(database), hash_of(database, Edition.NON_CONFIDENTIAL)} <= set(kept)


def test_eight_at_once_are_served_the_same_bytes(own_database, tmp_path):
    house = make_house(own_database)
    add_item(own_database, house, "Einmal gesetzt")
    release(own_database, house)
    digest, storage, begin = hash_of(own_database), Folder(tmp_path / "files"), threading.Barrier(8)

    def ask(_):
        begin.wait()
        return keeping.keep_pdf(own_database, storage, digest, patience=60)

    with ThreadPoolExecutor(8) as pool:
        served = set(pool.map(ask, range(8)))
    assert len(served) == 1
    with own_database.read() as session:
        assert len(session.exec(select(KeptDocument)).all()) == 1


def test_lost_bytes_are_rendered_again_only_if_they_are_the_same(database, released, settings, tmp_path):
    storage, digest = Folder(settings.storage), hash_of(database)
    first = keeping.keep_pdf(database, storage, digest)
    assert keeping.keep_pdf(database, Folder(tmp_path / "new"), digest) == first
    other = hash_of(database, Edition.NON_CONFIDENTIAL)
    with database.write() as session:
        row = KeptDocument(values_hash=other, file_key="0" * 64, size=1, made_at=dt.datetime.now(dt.UTC))
        session.add(row)
    with pytest.raises(keeping.Lost):
        keeping.keep_pdf(database, storage, other)


def test_an_unknown_hash_is_not_found(database, settings):
    with pytest.raises(NotFound):
        keeping.keep_pdf(database, Folder(settings.storage), "f" * 64)
