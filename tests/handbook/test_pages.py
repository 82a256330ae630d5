"""Reading the handbook: what a page must begin with, anchors, tables, and links that stay inside."""

import pytest

from app.errors import NotFound
from app.handbook.pages import CONTENTS, SLUG, get_handbook_page, list_contents, load_handbook, read_page

pytestmark = pytest.mark.once

SOURCE = """# Ein Titel

Ein Satz, der alles sagt.

Vorweg.

## Müßige Größe

Text mit **fettem Wort**.

## Müßige Größe

1. Schritt

| Was | Wie |
|---|---|
| Gehen | zu Fuß |
"""


def test_a_page_has_title_summary_and_sections():
    page = read_page("probe", SOURCE)
    assert (page.title, page.summary) == ("Ein Titel", "Ein Satz, der alles sagt.")
    assert [section.anchor for section in page.sections] == ["", "mussige-grosse", "mussige-grosse-2"]
    assert page.sections[0].words == "Ein Satz, der alles sagt. Vorweg."
    assert "fettem Wort" in page.sections[1].words
    assert "<h1" not in page.html, "the title is the heading of the frame"
    assert '<h2 id="mussige-grosse">' in page.html


def test_tables_name_rows_and_columns():
    html = read_page("probe", SOURCE).html
    assert '<th scope="row">Gehen</th>' in html
    assert '<td data-label="Wie">zu Fuß</td>' in html


@pytest.mark.parametrize("address", ["https://example.org", "//example.org", "javascript:alert(1)", "data:text/html,x"])
def test_links_out_of_the_product_stay_text(address):
    html = read_page("probe", f"# T\n\nS.\n\n[dort]({address})\n").html
    assert "<a " not in html
    assert "href" not in html


def test_links_inside_the_product_and_the_page_work():
    html = read_page("probe", "# T\n\nS.\n\n[a](/projekte) und [b](#x)\n").html
    assert '<a href="/projekte">a</a>' in html
    assert '<a href="#x">b</a>' in html


def test_html_in_a_page_is_text():
    html = read_page("probe", "# T\n\nS.\n\n<b>x</b> <script>alert(1)</script>\n\n![x](/y.png)\n").html
    assert "<b>" not in html
    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("source", ["", "Nur Text\n", "## Klein\n\nSatz.\n", "# Titel\n\n- Liste\n"])
def test_a_page_without_title_or_summary_is_refused(source):
    with pytest.raises(ValueError, match="begin with a title"):
        read_page("probe", source)


def test_every_page_of_the_handbook_can_be_read():
    pages = load_handbook()
    assert {"ein-halbjahr", "sitzung-vorbereiten", "tastatur"} <= set(pages)
    for slug, page in pages.items():
        assert SLUG.fullmatch(slug)
        assert page.summary.endswith("."), slug
        assert len(page.headings) > 1, f"{slug} has no sections"
        assert len({section.title for section in page.headings}) == len(page.headings), f"{slug}: a heading twice"


def test_the_contents_list_every_page_once():
    listed = [page.slug for _, pages in list_contents() for page in pages]
    assert sorted(listed) == sorted(load_handbook())
    assert len(listed) == len(set(listed))
    named = [slug for _, slugs in CONTENTS for slug in slugs]
    assert set(listed) <= set(named), "a new page needs its place in CONTENTS"


def test_an_unknown_page_is_not_found():
    with pytest.raises(NotFound):
        get_handbook_page("gibt-es-nicht")
