"""What may be uploaded: the inside counts, not the name; hostile files are refused with a sentence."""

import io
import zipfile
import zlib

import pytest

from app.papers.rules.formats import FORMATS, media_type_of
from app.papers.rules.refusals import Unfit
from tests.papers import files

pytestmark = pytest.mark.once

GOOD = {
    "a.pdf": files.pdf(),
    "a.docx": files.office("docx"),
    "a.xlsx": files.office("xlsx"),
    "a.pptx": files.office("pptx"),
    "a.odt": files.open_document("odt"),
    "a.ods": files.open_document("ods"),
    "a.odp": files.open_document("odp"),
    "a.png": files.PNG,
    "a.jpg": files.JPEG,
    "a.jpeg": files.JPEG,
    "a.txt": "Größe: 5 €\n".encode(),
    "a.csv": b"Nr;Titel\r\n1;Probe\r\n",
}


def refused(name: str, content: bytes) -> str:
    with pytest.raises(Unfit) as why:
        media_type_of(name, content)
    return str(why.value)


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_on_the_list_is_taken(name):
    assert media_type_of(name, GOOD[name]) == FORMATS[name.partition(".")[2]].media_type


def test_the_list_is_tried_completely():
    assert {name.partition(".")[2] for name in GOOD} == set(FORMATS)


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith((".txt", ".csv"))])
@pytest.mark.parametrize("content", [b"MZ\x90\x00" + b"\x00" * 200, b"<html><script>alert(1)</script></html>", b"PK"])
def test_a_name_alone_convinces_nobody(name, content):
    assert "Name" in refused(name, content) or "vollständig" in refused(name, content)


@pytest.mark.parametrize(("one", "other"), [("a.docx", "a.xlsx"), ("a.odt", "a.docx"), ("a.ods", "a.odt")])
def test_one_office_kind_is_not_another(one, other):
    refused(one, GOOD[other])


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.zip", "a.js", "a", "a.pdf.exe", ".pdf"])
def test_other_endings_are_refused_with_the_list(name):
    assert "Erlaubt sind PDF" in refused(name, GOOD["a.pdf"])


@pytest.mark.parametrize(("name", "why"), [("a.docm", "Makros"), ("a.doc", "altes Format"), ("a.xlsb", "Makros")])
def test_neighbours_of_the_list_say_why(name, why):
    assert why in refused(name, GOOD["a.docx"])


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_file_is_refused(name):
    assert refused(name, b"") == "ist leer"


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith((".txt", ".csv"))])
def test_half_a_file_is_refused(name):
    refused(name, GOOD[name][: len(GOOD[name]) // 2])


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_of_every_usual_encoding_is_taken(encoding):
    assert media_type_of("a.txt", "Größe 5 € – Bär".encode(encoding)).startswith("text/plain")


def test_only_utf_8_is_called_utf_8():
    assert media_type_of("a.csv", "Größe".encode("cp1252")) == "text/csv"


@pytest.mark.parametrize(
    "content", [b"a\x00b", b"  <!DOCTYPE html><p>", b"<svg onload=x>", b"#!/bin/sh\n", files.pdf()]
)
def test_text_that_is_none_is_refused(content):
    refused("a.txt", content)


# --- PDF --------------------------------------------------------------------------------------------------------------

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (SCRIPT, "JavaScript"),
        (b"<< /S /J#61vaScript /JS (x) >>", "JavaScript"),
        (b"<< /S /Launch /F (calc.exe) >>", "Programm"),
        (b"<< /Type /Annot /Subtype /RichMedia >>", "Medienprogramme"),
        (b"<< /AcroForm << /XFA 9 0 R >> >>", "XFA"),
        (files.packed(b"5 0 " + SCRIPT), "JavaScript"),
        (files.packed(b"5 0 " + SCRIPT).replace(b"/ObjStm", b"/Obj#53tm"), "JavaScript"),
        (files.packed(b"5 0 " + SCRIPT).replace(b"/Type /ObjStm ", b""), "JavaScript"),
        (files.packed(b"5 0 << >>", b"[/ASCIIHexDecode /FlateDecode]"), "hineinsehen"),
        (files.packed(b"5 0 << >>", b"7 0 R"), "hineinsehen"),
        (b"<< /Type /Filespec /F (calc.exe) /EF << /F 9 0 R >> >>", "Programm"),
        (b"<< /Type /Filespec /UF <FEFF00630061006C0063002E006500780065> /EF << >> >>", "Programm"),
        (b"<< /Type /Filespec /UF (\xfe\xff\x00a\x00.\x00j\x00s) /EF << >> >>", "Programm"),
        (b"<< /Type /EmbeddedFile /Length 4 >>\nstream\nMZ\x90\x00\nendstream", "Programm"),
        (
            b"<< /Type /EmbeddedFile /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"MZ\x90") + b"\nendstream",
            "Programm",
        ),
        (b"<< /Filter /Standard /V 2 >> << /Encrypt 5 0 R >>", "Kennwort"),
    ],
)
def test_a_pdf_that_acts_or_hides_is_refused(extra, why):
    assert why in refused("a.pdf", files.pdf("Probe", extra))


def test_a_pdf_with_harmless_attachments_is_taken():
    """Our own agendas carry their values and a calendar file."""
    data = zlib.compress(b'{"format":1}')
    extra = (
        b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data),
        b"<< /Type /Filespec /F (tagesordnung.json) /UF (tagesordnung.json) /EF << /F 5 0 R >> >>",
        files.packed(b"5 0 << /Type /Catalog >>"),
    )
    assert media_type_of("a.pdf", files.pdf("Probe", *extra)) == "application/pdf"


def test_an_object_stream_that_swells_is_refused(monkeypatch):
    monkeypatch.setattr("app.papers.rules.portable._UNPACKED", 1000)
    assert "groß" in refused("a.pdf", files.pdf("Probe", files.packed(b" " * 5000)))


def test_a_polyglot_does_not_pass_as_pdf():
    refused("a.pdf", b"GIF89a" + files.pdf())


# --- packages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        {"word__vbaProject_dot_bin": b"x"},
        {"word__activeX__activeX1_dot_xml": b"x"},
        {"xl__macrosheets__sheet1_dot_xml": b"x"},
        {"word__embeddings__calc_dot_exe": b"MZ"},
        {"word__embeddings__oleObject1_dot_bin": b"\x00" + "\x01Ole10Native".encode("utf-16-le")},
        {"word___rels__settings_dot_xml_dot_rels": b'Type="http://x/attachedTemplate" Target="https://evil/a.dotm"'},
    ],
)
def test_office_files_with_macros_or_programs_are_refused(parts):
    refused("a.docx", files.office("docx", **parts))


def test_embedded_sheets_are_fine():
    sheet = {"word__embeddings__sheet1_dot_xlsx": files.office("xlsx")}
    assert media_type_of("a.docx", files.office("docx", **sheet))


def test_a_renamed_macro_document_is_found_by_its_content_type():
    content = files.office("docx").replace(b"x", b"x")
    types = b"application/vnd.ms-word.document.macroEnabled.main+xml wordprocessingml.document.main+xml"
    made = files.package({"[Content_Types].xml": types, "word/document.xml": b"<d/>"})
    assert media_type_of("a.docx", content)
    assert "Makros" in refused("a.docx", made)


@pytest.mark.parametrize("parts", [{"Basic__script-lc_dot_xml": b"x"}, {"Scripts__python__a_dot_py": b"x"}])
def test_open_documents_with_macros_are_refused(parts):
    assert "Makros" in refused("a.odt", files.open_document("odt", **parts))


def test_a_zip_bomb_is_refused_without_opening_it():
    bomb = files.office("docx", word__media__a_dot_xml=b"\x00" * 50_000_000)
    assert len(bomb) < 100_000
    assert "groß" in refused("a.docx", bomb)


def test_thousands_of_parts_are_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(5001):
            archive.writestr(f"{number}", b"")
    assert "groß" in refused("a.docx", made.getvalue())


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "a\\b.xml"])
def test_paths_that_lead_outside_are_refused(name):
    types = b"wordprocessingml.document.main+xml"
    content = files.package({"[Content_Types].xml": types, "word/document.xml": b"<d/>", name: b"x"})
    if b"\\" in name.encode():
        content = files.package({"[Content_Types].xml": types, "word/document.xml": b"", "aXb.xml": b""}).replace(
            b"aXb.xml", b"a\\b.xml"
        )
    refused("a.docx", content)


def test_a_protected_office_file_says_so():
    assert "Kennwort" in refused("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)


def test_an_encrypted_open_document_says_so():
    manifest = {"META-INF__manifest_dot_xml": b"<manifest:encryption-data/>"}
    assert "Kennwort" in refused("a.odt", files.open_document("odt", **manifest))
