"""The handbook on its pages, and what every page says about itself."""

import re

import pytest
from fastapi.routing import iter_route_contexts

from app.actor import Role
from app.handbook.pages import CONTENTS, load_handbook
from app.web import router
from app.web.guides import GUIDES, REFUSED_AT, UNGUIDED, guide_for
from app.web.places import PLACES
from tests import factories

FILE = re.compile(r"\.\w+$")
MACHINES = ("/healthz", "/readyz")
WRITTEN_BY_OTHERS = frozenset(slug for _, slugs in CONTENTS for slug in slugs)


def page_paths():
    """The address of every page, with its steps left open."""
    for context in iter_route_contexts(router.routes):
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", context.path or "")
        if "GET" in (context.methods or ()) and not FILE.search(path) and path not in MACHINES:
            yield path


@pytest.fixture
def reader(browse, database):
    with database.write() as session:
        account = factories.make_account(session, Role.SECRETARIAT)
    return browse(account)


@pytest.mark.once
@pytest.mark.parametrize("path", sorted(set(page_paths())))
def test_every_page_says_what_it_is_for(path):
    if path in UNGUIDED:
        return
    guide = guide_for("GET", re.sub(r"\{\w+\}", "7", path))
    assert guide, f"app/web/guides.py has no sentence for {path}: add it with its page of the handbook"
    assert guide.sentence.endswith("."), path
    assert len(guide.sentence) < 110, f"{path}: one short sentence"


@pytest.mark.once
def test_every_guide_leads_to_a_page_of_the_handbook():
    assert {slug for _, slug in GUIDES.values()} <= WRITTEN_BY_OTHERS | set(load_handbook())


@pytest.mark.once
def test_no_guide_is_left_over():
    shapes = {re.sub(r"\{\w+\}", "{}", path) for path in page_paths()}
    assert {re.sub(r"\{\w+\}", "{}", path) for path in GUIDES} - shapes == set()
    assert set(REFUSED_AT.values()) <= set(GUIDES)


@pytest.mark.once
def test_every_link_of_the_handbook_leads_somewhere():
    shapes = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in page_paths()]
    pages = load_handbook()
    wrong = []
    for slug, page in pages.items():
        for address in re.findall(r'href="([^"]+)"', page.html):
            path, _, anchor = address.partition("#")
            target = (
                pages.get(path.removeprefix("/hilfe/")) if path.startswith("/hilfe/") else page if not path else None
            )
            if path.startswith("/hilfe/") and target is None:
                known = path.removeprefix("/hilfe/") in WRITTEN_BY_OTHERS
            else:
                known = not path or any(shape.fullmatch(path.partition("?")[0]) for shape in shapes)
            if not known or (anchor and target and anchor not in {one.anchor for one in target.sections}):
                wrong.append(f"{slug}: {address}")
    assert wrong == []


@pytest.mark.once
def test_the_handbook_names_every_shortcut_of_the_places():
    keys = load_handbook()["tastatur"].html
    for label, _, key in PLACES:
        assert re.search(rf'>{label}</th>\n<td data-label="Tasten"><code>g</code> dann <code>{key}</code>', keys), label
    assert len({key for _, _, key in PLACES}) == len(PLACES)


def test_contents_name_every_page(reader):
    answer = reader.get("/hilfe")
    assert answer.status_code == 200
    for page in load_handbook().values():
        assert f'href="{page.address}"' in answer.text
        assert page.summary.partition(" ")[0] in answer.text


def test_a_page_shows_its_text_and_its_neighbours(reader):
    answer = reader.get("/hilfe/sitzung-vorbereiten")
    assert "<h1>So bereiten Sie eine Sitzung vor</h1>" in answer.text
    assert '<a href="#termin-planen">Termin planen</a>' in answer.text
    assert 'rel="prev"' in answer.text
    assert 'rel="next"' in answer.text


def test_a_search_marks_what_it_found(reader):
    answer = reader.get("/hilfe?q=Kalenderadresse")
    assert "<mark>Kalenderadresse</mark>" in answer.text
    assert 'href="/hilfe/kalender#adresse-anlegen"' in answer.text


def test_a_search_without_success_says_what_to_do(reader):
    answer = reader.get("/hilfe?q=<b>Xylophon")
    assert "steht nichts im Handbuch" in answer.text
    assert "Suchen Sie nach einem einzelnen Wort" in answer.text
    assert "<b>Xylophon" not in answer.text


def test_an_unknown_page_is_not_found(reader):
    assert reader.get("/hilfe/gibt-es-nicht").status_code == 404
    assert reader.get("/hilfe/..%2f..%2fetc").status_code == 404


def test_without_sign_in_the_handbook_is_closed(browse):
    for address in ("/hilfe", "/hilfe/kalender", "/hilfe/gibt-es-nicht"):
        answer = browse().get(address)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/anmelden")


def test_pages_explain_themselves_and_lead_to_the_handbook(reader):
    text = reader.get("/projekte/import").text
    assert text.count("Projekte und Sachstände aus einer Tabelle") == 2, "once for wide windows, once folded for phones"
    assert 'href="/hilfe/projekte-und-sachstand"' in text


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/sitzungen", "/sitzungen/neu"),
        ("/konten/neu", "/konten/neu"),
        ("/sitzungen/7/freigabe", "/sitzungen/7/freigabe"),
        ("/sitzungen/7/tagesordnung/8/themenspeicher", "/sitzungen/7/tagesordnung/8"),
        ("/profil/sicherheit/kennwort", "/profil/sicherheit"),
    ],
)
def test_a_refused_form_is_explained_like_its_page(sent_to, page):
    assert guide_for("POST", sent_to) == guide_for("GET", page)
    assert guide_for("POST", sent_to)


def test_a_refused_form_keeps_its_explanation(reader):
    answer = reader.submit("/profil/sicherheit/kennwort")
    assert answer.status_code == 422
    assert "Kennwort, zweiter Faktor" in answer.text


def test_whoever_is_not_signed_in_reads_the_sentence_alone(browse):
    text = browse().get("/anmelden").text
    assert "Mit dem Konto, das Sie von der Geschäftsstelle haben." in text
    assert "/hilfe" not in text
    assert 'id="tasten"' not in text


def test_the_sheet_of_shortcuts_lists_the_places_of_the_reader(reader):
    text = reader.get("/").text
    sheet = text[text.index('id="tasten"') :]
    for label, href, key in PLACES:
        if href in ("/konten", "/einstellungen", "/auskunft", "/sicherheit"):  # for the administration
            assert f'href="{href}"' not in sheet
            continue
        assert re.search(rf"<kbd>g</kbd>.*<kbd>{key}</kbd></dt><dd><a [^>]*>{label}</a></dd>", sheet), label
    assert re.search(r'data-go="s"[^>]*>Sitzungen', text)
    assert "data-keys-switch" in reader.get("/profil").text


def test_links_lead_only_where_the_reader_may_go(browse, database, reader):
    with database.write() as session:
        plain = browse(factories.make_account(session))
    for address in ("/hilfe/ein-halbjahr", "/hilfe/betrieb"):
        text = plain.get(address).text
        for closed in ("/themenspeicher", "/verlauf", "/konten"):
            assert f'<a href="{closed}">' not in text[text.index('class="prose"') :], f"{address}: {closed}"
    assert "Im Themenspeicher liegt" in plain.get("/hilfe/ein-halbjahr").text
    assert '<a href="/themenspeicher">' in reader.get("/hilfe/ein-halbjahr").text
