"""What the invitation says, in which edition, and what it must not say."""

import io
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from app.agenda.models import Edition, Level
from app.agenda.schemas.frozen import AgendaValues, edition, hash_values, read_values, write_values
from app.documents.agenda import agenda_html, render_agenda
from app.documents.layout import DEMO
from tests.documents.samples import ENCLOSED, ICS, SECRET, STRAINING, agenda, at, drawn, item, section
from tests.tools.pdf_structure import texts, tree

pytestmark = pytest.mark.once
GOLDEN = Path(__file__).parent / "golden"
FORMAT_1_HASH = "232ca0e992b7602849f5b4b5f44fa10b7b61483d90cb5085131ff4d5ccc6810f"


@cache
def pages(name: str) -> list[str]:
    """The text of every page, as pdftotext lays it out."""
    ran = subprocess.run(["pdftotext", "-layout", "-", "-"], input=drawn(name), capture_output=True, check=True)
    return ran.stdout.decode().split("\f")[:-1]


def words(name: str) -> str:
    return " ".join(" ".join(pages(name)).split())


def shown(values: AgendaValues) -> str:
    return agenda_html(values, "0" * 64)


def outline(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as found:
        titles: list[str] = []
        waiting = list(found.root)
        while waiting:
            entry = waiting.pop(0)
            titles.append(entry.title)
            waiting[:0] = entry.children
        return titles


def attached(content: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}


@pytest.mark.parametrize(
    "said",
    [
        "Der Regierende Bürgermeister von Berlin",
        "Einladung zur 17. Sitzung",
        "Steuerungskreis Industriepolitik (SKIP)",
        "Dienstag, 12. Mai 2026, 10–12 Uhr",
        "Berliner Rathaus, Wappensaal",
        "Vorsitz Regierender Bürgermeister",
        "Datum 28. April 2026",
        "ich lade Sie herzlich ein.",
        "Projektstände zum Stichtag 15. April 2026",
        "Eröffnung · Ladung und Anwesenheit",
        "■ rot · 3.2 Ankaufsstrategie Flächen (Stand 31. März 2026)",
        "▲ gelb · 1.10",
        "○ keine Meldung · 2.4",
        "● grün · 4.1",
        "Beschlussvorschlag",
        "1. Der Steuerungskreis stimmt zu.",
        "Geplante Dauer 30 von 120 Minuten",
        "Freigegeben durch den Vorsitz am 27. April 2026 (mündlich).",
    ],
)
def test_the_invitation_says(said: str) -> None:
    assert said in words("released")


def test_a_row_has_number_title_kind_presenter_and_time() -> None:
    lines = [line for line in "\n".join(pages("released")).splitlines() if line.strip().startswith("4.1 ")]
    assert "10:15" in lines[0]
    assert "Beschlussfassung" in lines[0]
    assert "Senatsverwaltung" in lines[0]


def test_items_without_minutes_leave_the_time_to_their_section() -> None:
    assert " 0 Min." not in words("released")
    assert "6 Ohne Aussprache 5 Min. · 10:00 6.1 Gegenstand 6.1 Kenntnisnahme IHK Berlin" in words("released")
    assert "6.2 Gegenstand 6.2 Beratung IHK Berlin Geplante Dauer" in words("released")


def test_the_footer_names_reference_version_edition_hash_and_page() -> None:
    for name, version, which in (
        ("demo", "Version 1", "vollständig"),
        ("draft", "ENTWURF", "vollständig"),
        ("without the confidential", "Version 1", "ohne Vertrauliches"),
    ):
        found = f" · Prüfsumme {hash_values(write_values(STRAINING[name]))[:12]}" if version != "ENTWURF" else ""
        for number, page in enumerate(pages(name), start=1):
            footer = f"IP 4 – 0217/17 · {version} · Fassung {which}{found}"
            assert f"{footer} Seite {number} von {len(pages(name))}" in " ".join(page.split())


def test_only_drafts_carry_the_watermark() -> None:
    assert all(watermarked(name) for name in ("draft", "longer than a page"))
    assert not any(any(_grey(name)) for name in ("released", "demo", "without the confidential"))
    assert "Entwurf, noch nicht freigegeben." in words("draft")
    assert all("ENTWURF" in page for page in pages("longer than a page"))
    assert "Entwurf" not in words("released")


def watermarked(name: str) -> bool:
    """Whether ENTWURF lies behind every page, grey on much of the paper."""
    return all(count > 500 for count in _grey(name))


def _grey(name: str) -> list[int]:
    """How many points of every page, drawn at 20 dpi (165 by 234), have the colour of the watermark."""
    image = subprocess.run(["pdftoppm", "-r", "20", "-"], input=drawn(name), capture_output=True, check=True).stdout
    size = len(b"P6\n166 234\n255\n") + 166 * 234 * 3
    sheets = [image[start : start + size][-166 * 234 * 3 :] for start in range(0, len(image), size)]
    colour = bytes.fromhex("efede8")
    assert len(sheets) == len(pages(name))
    return [sum(sheet[at : at + 3] == colour for at in range(0, len(sheet), 3)) for sheet in sheets]


def test_only_demo_values_carry_the_banner_and_on_every_page() -> None:
    assert len(pages("sixty items")) > 3
    assert [page.count(DEMO) for page in pages("sixty items")] == [1] * len(pages("sixty items"))
    assert DEMO not in words("released")


def test_the_banner_is_read_aloud() -> None:
    """On the first page it stands in the text, not in the margin, which screen readers skip."""
    assert shown(STRAINING["demo"]).count(DEMO) == 2
    assert shown(STRAINING["released"]).count(DEMO) == 0


def test_the_other_edition_never_tells_the_secret() -> None:
    assert SECRET in words("released")
    assert any(SECRET in title for title in outline(drawn("released")))
    assert SECRET in attached(drawn("released"))["tagesordnung.json"].decode()
    content = drawn("without the confidential")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        everything = [*texts(pdf), *pages("without the confidential"), *outline(content), str(pdf.open_metadata())]
    everything += [file.decode() for file in attached(content).values()]
    assert "Ankaufsstrategie" in " ".join(everything)
    assert [text for text in everything if SECRET in text or "Marzahn" in text] == []
    assert "vertraulich" not in words("without the confidential").replace("keine vertraulichen Punkte", "")


def test_values_that_hold_more_than_their_edition_are_refused() -> None:
    mixed = agenda().model_copy(update={"edition": Edition.NON_CONFIDENTIAL})
    with pytest.raises(ValueError, match="confidential"):
        render_agenda(mixed, ics=None)
    assert edition(mixed, Edition.NON_CONFIDENTIAL).sections != mixed.sections


def test_the_files_inside_are_the_canonical_values_and_the_calendar() -> None:
    for name in ("released", "without the confidential", "strange signs"):
        files = attached(drawn(name))
        assert files["tagesordnung.json"].decode() == write_values(STRAINING[name])
        assert read_values(files["tagesordnung.json"].decode()) == STRAINING[name]
        assert json.loads(files["tagesordnung.json"])["edition"] == STRAINING[name].edition
        assert files["sitzung.ics"] == ICS
    assert list(attached(render_agenda(STRAINING["empty"], ics=None))) == ["tagesordnung.json"]


def test_what_was_frozen_in_format_1_stays_as_it_was() -> None:
    """The text was written by the first release of this program; hash, page and files inside must never change."""
    kept = (GOLDEN / "agenda-format-1.json").read_text()
    values = read_values(kept)
    assert (values.format, hash_values(kept)) == (1, FORMAT_1_HASH)
    assert write_values(values) != kept  # so nothing may be hashed anew
    content = render_agenda(values, kept_text=kept, ics=ICS)
    ran = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    assert ran.stdout.decode() == (GOLDEN / "agenda-format-1.txt").read_text()
    assert f"Prüfsumme {FORMAT_1_HASH[:12]}" in ran.stdout.decode()
    assert attached(content) == {"tagesordnung.json": kept.encode(), "sitzung.ics": ICS}


def test_bookmarks_follow_the_agenda() -> None:
    assert outline(drawn("without the confidential")) == [
        "Einladung zur 17. Sitzung",
        "1 Regularien",
        "4 Beschlussfassung",
        "4.1 Ankaufsstrategie für Gewerbe- und Industrieflächen",
        "6 Ohne Aussprache",
        "6.1 Gegenstand 6.1",
        "6.2 Gegenstand 6.2",
    ]


def test_headings_and_metadata() -> None:
    with pikepdf.open(io.BytesIO(drawn("released"))) as pdf:
        headings = [str(element.S) for element, _parent in tree(pdf) if str(element.S).startswith("/H")]
        assert str(pdf.docinfo["/Title"]) == "Einladung zur 17. Sitzung – Steuerungskreis Industriepolitik"
        assert str(pdf.docinfo["/Author"]) == "Geschäftsstelle Masterplan Industriestadt"
    assert headings == ["/H1", "/H2", "/H3", "/H3", "/H3"]


def test_dates_come_from_the_values() -> None:
    for name, date in (("released", "D:20260428101200Z"), ("draft", "D:20260420090000Z")):
        with pikepdf.open(io.BytesIO(drawn(name))) as pdf:
            assert {str(pdf.docinfo["/CreationDate"]), str(pdf.docinfo["/ModDate"])} == {date}


def test_equal_values_give_equal_bytes_and_others_do_not() -> None:
    assert render_agenda(STRAINING["draft"], ics=ICS) == drawn("draft")
    assert drawn("draft") != drawn("released")


def test_an_empty_agenda_says_so() -> None:
    assert "Die Tagesordnung enthält noch keine Punkte." in words("empty")
    assert "Freigegeben" not in words("empty")


def test_late_dispatch_gives_its_reason() -> None:
    assert "Versand nach Ablauf der Einladungsfrist. Grund: Die Vorlage kam später." in words("demo")


def test_confidential_items_are_marked() -> None:
    row = item("1.1", level=Level.CONFIDENTIAL)
    assert ">vertraulich<" in shown(agenda(sections=(section("1", "Beratung", row),)))
    assert ">vertraulich<" not in shown(agenda(sections=(section("1", "Beratung", item("1.1")),)))


def test_a_meeting_over_midnight_shows_both_dates() -> None:
    late = agenda(meeting={"starts_at": at(13 * 60), "ends_at": at(15 * 60)})
    assert "12.05.2026, 23 Uhr bis 13.05.2026, 1 Uhr" in shown(late)


def test_long_titles_stay_on_the_page() -> None:
    """Text that runs over the edge would be cut off at the crop box."""
    ran = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=drawn("endless words"), capture_output=True, check=True
    ).stdout.decode()
    edges = [float(part.split('"')[1]) for part in ran.split() if part.startswith("xMax=")]
    assert len(edges) > 100
    assert max(edges) < 595 - 50
    assert "".join(ran.split("WWWWW")).count("</word>") > 5


def _letters(page: str) -> str:
    return "".join(page.split())


HOSTILE = (
    "<img src=http://127.0.0.1:9/x.png>",
    "<style>@import 'file:///etc/passwd'</style>",
    "url(file:///etc/hostname)",
    "</title><h1>&amp;</h1>",
    '" onclick="x" data-x="',
    "{{ 7 * 7 }}{% raw %}",
    "\u0338 Zeichen nach Klammer",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(hostile: str) -> None:
    """A fetch of any kind would raise Unprintable."""
    values = _filled(hostile)
    content = render_agenda(values, ics=None)
    ran = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    text = _letters(ran.stdout.decode())
    assert text.count(_letters(hostile).replace("\u0338", "")) >= 10 or "\u0338" in hostile
    with pikepdf.open(io.BytesIO(content)) as pdf:
        kinds = [str(element.S) for element, _parent in tree(pdf)]
    assert kinds.count("/H1") == 1
    assert "/Figure" not in kinds


def _filled(words: str) -> AgendaValues:
    row: dict[str, Any] = dict.fromkeys(("title", "presenter", "occasion", "proposed_decision"), words)
    part = section("1", words, item("1.1", **row), standing=(words,))
    return agenda(
        sections=(part,),
        letterhead=(words,),
        sender=words,
        invitation=words,
        reference=words,
        late_reason=words,
        meeting={"label": words, "place": words, "main_topic": words},
        body={"name": words, "chair_title": words},
    )


@pytest.mark.parametrize(
    "said",
    [
        "Unterlagen zur Sitzung",
        "Vorlage: Gesamtplan (Anlage_1.pdf, 1,4 MB)",
        "Tischvorlage: Öffentlicher Lageplan (Anlage_5.pdf, 12 KB)",
        f"Anlage: Kosten {SECRET} (Anlage_4.pdf, 734 Bytes), vertraulich",
    ],
)
def test_papers_are_listed_with_file_and_size(said):
    assert said in words("papers")


@pytest.mark.parametrize(
    ("which", "kept"),
    [
        (Edition.FULL, {1, 2, 3, 4, 5}),
        (Edition.NON_CONFIDENTIAL, {1, 3, 5}),
    ],
)
def test_enclosed_papers_obey_the_edition(which, kept):
    values = edition(ENCLOSED, which)
    items = [one for part in values.sections for one in part.items]
    assert {one.id for one in (*values.papers, *(paper for item in items for paper in item.papers))} == kept
    assert (SECRET in write_values(values)) is (which is Edition.FULL)
    assert (SECRET in shown(values)) is (which is Edition.FULL)


def test_values_with_confidential_papers_are_drawn_in_the_whole_edition_only():
    wrong = ENCLOSED.model_copy(update={"edition": Edition.NON_CONFIDENTIAL})
    with pytest.raises(ValueError, match="papers"):
        render_agenda(wrong)
