"""The meeting pack: everything in its place with numbers that are true, our tags kept, nothing foreign that acts."""

import io
import subprocess

import pikepdf
import pytest
from PIL import Image

from app.documents import pack as packing
from app.documents.foreign import NotIncluded, clean_pdf, clean_picture
from tests.documents.pack_samples import XLSX, acting, layered, locked, made, pack, paper, picture
from tests.papers import files
from tests.tools.pdf_structure import problems, texts, tree

pytestmark = pytest.mark.once
BROKEN = "ist beschädigt und lässt sich nicht lesen"

FULL = pack(
    paper(2, "Lageplan", "picture", media_type="image/png", file_name="lage.png"),
    paper(3, "Kosten", "nowhere", media_type=XLSX, file_name="kosten.xlsx"),
    paper(4, "Entwurf", "nowhere", barred="ist zurückgezogen"),
    paper(5, "Bericht", "acting"),
)


@pytest.fixture(scope="module")
def whole():
    return made(FULL).content


def words_of(content):
    """The words of every page."""
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout
    return said.decode().split("\f")[:-1]


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def test_everything_stands_where_the_contents_say(whole):
    pages = words_of(whole)
    contents = [line.split() for line in pages[0].splitlines()]
    begins = {" ".join(words[:-1]): int(words[-1]) for words in contents if words and words[-1].isdecimal()}
    assert "Einladung zur 17. Sitzung" in pages[begins["Tagesordnung"] - 1]
    assert "Gesamtplan Seite" in pages[begins["Anlage: Gesamtplan"] - 1]
    assert "TOP 4.1 · Anlage: Lageplan" in pages[begins["Anlage: Lageplan"] - 1]
    assert "Art Excel" in pages[begins["Anlage: Kosten"] - 1]
    assert "http://testserver/sitzungen/17/unterlagen/3" in pages[begins["Anlage: Kosten"] - 1]
    assert "ist zurückgezogen" in pages[begins["Anlage: Entwurf"] - 1]
    assert "Lageplan Nord" in pages[begins["Anlage: Bericht"] - 1]
    assert len(pages) == begins["Anlage: Bericht"]
    own = [number for number, page in enumerate(pages, 1) if f"Sitzungsmappe, Seite {number} von {len(pages)}" in page]
    assert own == [number for number in range(1, len(pages) + 1) if number not in (4, len(pages))]


def test_our_pages_stay_tagged_and_the_whole_claims_nothing(whole):
    told = problems(whole)
    assert [one for one in told if "Helvetica" not in one] == ["no output intent", "claims [None, None, None]"]
    with opened(whole) as pdf:
        kinds = [str(element.S) for element, _ in tree(pdf)]
        assert kinds.count("/Document") == 3 or kinds.count("/H1") == 2
        assert pdf.Root.MarkInfo.Suspects
        assert "/Metadata" in pdf.Root
        alternatives = [str(element.get("/Alt", "")) for element, _ in tree(pdf) if str(element.S) == "/Figure"]
        assert alternatives == ["TOP 4.1 · Anlage: Lageplan"]


def test_bookmarks_lead_to_items_and_papers(whole):
    with opened(whole) as pdf, pdf.open_outline() as outline:
        found = [(str(one.title), [str(below.title) for below in one.children]) for one in outline.root]
    assert found == [
        ("Inhalt", []),
        ("Tagesordnung", []),
        ("Anlage: Gesamtplan", []),
        ("4.1 Ankaufsstrategie", ["Anlage: Lageplan", "Anlage: Kosten", "Anlage: Entwurf", "Anlage: Bericht"]),
        ("6.1 Gegenstand 6.1", []),
    ]


def test_lines_of_the_contents_lead_to_their_pages(whole):
    with opened(whole) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        links = [numbers[one.Dest[0].objgen] for one in pdf.pages[0].obj.Annots]
    assert links == [2, 4, 5, 6, 7, 8]


def test_equal_packs_are_equal_files(whole):
    assert made(FULL).content == whole


def test_long_contents_move_the_numbers():
    many = pack(*(paper(number, f"Teil {number}", "plain") for number in range(2, 60)))
    pages = words_of(made(many).content)
    last = next(number for number, words in enumerate(pages) if "Anlage: Teil 59" in words)
    assert last > 0
    assert int(next(line for line in pages[last].splitlines() if "Teil 59" in line).split()[-1]) == len(pages)
    assert "Einladung" in pages[last + 1]


ACTING = (
    "JavaScript",
    "Launch",
    "OpenAction",
    "EmbeddedFile",
    "AcroForm",
    "XFA",
    "FileAttachment",
    "boese",
    "javascript:",
)


def everything(content):
    """Every name and text of a PDF, with streams undone."""
    with opened(content) as pdf:
        streams = [one.stream_dict for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        things = [*streams, *(one for one in pdf.objects if not isinstance(one, pikepdf.Stream))]
        told = "".join(one.unparse(resolved=True).decode("latin-1") for one in things)
        return told + "".join(texts(pdf))


def test_nothing_of_a_hostile_file_acts():
    assert all(word in everything(acting()) for word in ACTING)
    cleaned, pages = clean_pdf(acting())
    told = everything(cleaned)
    assert [word for word in (*ACTING, "/AA", "/AF", "/Next") if word in told] == []
    assert pages == 1
    with opened(cleaned) as pdf:
        assert [str(one.A.URI) for one in pdf.pages[0].obj.Annots] == ["https://www.berlin.de/"]
        assert str(pdf.pages[0].obj.Resources.Properties.MC0.ActualText) == "Wort"
    assert "Eingetragen" in words_of(cleaned)[0]


def test_what_was_filled_in_stays_to_be_read_even_where_only_the_program_would_draw_it():
    with opened(acting()) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        del field["/AP"]
        del field["/AA"]
        font = pdf.make_indirect(pikepdf.Dictionary(pdf.pages[0].obj.Resources.Font.F1))
        pdf.Root.AcroForm.DR = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.Root.AcroForm.DA = field.DA = pikepdf.String("/F1 12 Tf 0 g")
        pdf.Root.AcroForm.NeedAppearances = True
        out = io.BytesIO()
        pdf.save(out)
    assert "Eingetragen" in words_of(clean_pdf(out.getvalue())[0])[0]


def test_nor_does_anything_of_it_in_the_pack(whole):
    assert [word for word in ACTING if word in everything(whole)] == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (locked("geheim"), "ist mit einem Kennwort geschützt"),
        (locked(""), "ist verschlüsselt"),
        (layered(), "hat ausgeblendete Ebenen, die in der Mappe sichtbar würden"),
        (b"%PDF-1.7\nnothing of a file\n%%EOF", BROKEN),
        (
            files.pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0    "),
            "ist beschädigt und lässt sich nicht lesen",
        ),
    ],
)
def test_what_cannot_be_taken_over_says_why(content, why):
    with pytest.raises(NotIncluded) as told:
        clean_pdf(content)
    assert str(told.value) == why


def test_pictures_are_upright_opaque_and_nameless():
    turned = Image.Exif()
    turned[0x0112] = 6
    drawn, ending = clean_picture(picture("JPEG", "RGB", exif=turned))
    shown = Image.open(io.BytesIO(drawn))
    assert (ending, shown.size, shown.getexif()) == ("jpg", (200, 300), {})
    assert Image.open(io.BytesIO(clean_picture(picture())[0])).mode == "RGB"
    assert Image.open(io.BytesIO(clean_picture(picture(size=(9000, 10)))[0])).size[0] == 3508
    for broken in (files.JPEG, b"GIF89a"):
        with pytest.raises(NotIncluded):
            clean_picture(broken)


def test_what_is_too_much_gets_a_page_that_says_so(monkeypatch):
    monkeypatch.setattr(packing, "MOST_PAGES", 2)
    values = pack(paper(2, "Zweite", "plain"), paper(3, "Dritte", "plain"))
    pages = words_of(made(values).content)
    assert "hätte in der Mappe keinen Platz mehr" in pages[-1]
    assert "Gesamtplan Seite" in pages[-2]


def test_a_lost_file_is_named_and_the_pack_is_not_for_keeping():
    found = made(pack(paper(2, "Weg", "nowhere")))
    assert not found.whole
    assert "konnte gerade nicht gelesen werden" in words_of(found.content)[-1]
