"""A quick look at a PDF's structure without Java: points of PDF/A-3a and PDF/UA-1 that our documents could miss."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

OUR_FONTS = ("SKIP-Text", "SKIP-Zeichen")


def problems(content: bytes) -> list[str]:
    """What is wrong with the PDF, in words. An empty list = nothing found, which is no proof (see verapdf)."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_in_catalog(pdf), *_in_metadata(pdf), *_in_structure(pdf), *_in_pages(pdf), *_in_files(pdf)]


def tree(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """Every structure element with its parent, in reading order."""
    stack: list[tuple[Any, Any]] = [(pdf.Root.StructTreeRoot, None)]
    while stack:
        element, parent = stack.pop()
        if "/S" in element:
            yield element, parent
        stack.extend((kid, element) for kid in reversed(_kids(element)))


def texts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every string and every decoded stream in the file, whatever its use: for proving that something is absent."""
    for thing in pdf.objects:
        yield from _strings(thing)
        if isinstance(thing, pikepdf.Stream) and "/Subtype" in thing and str(thing.Subtype) != "/Image":
            data = thing.read_bytes()
            yield data.decode("utf-8", "replace")


def _strings(thing: Any) -> Iterator[str]:
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for part in thing:
            if not getattr(part, "is_indirect", False):
                yield from _strings(part)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for name in thing.keys():  # noqa: SIM118
            part = thing[name]
            if not getattr(part, "is_indirect", False):
                yield from _strings(part)


def _part(whole: Any, name: str) -> Any:
    return whole[name] if name in whole else pikepdf.Dictionary()


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    many = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in many if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _kind(element: Any) -> str:
    return str(element.S) if element is not None and "/S" in element else ""


def _in_catalog(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if str(root.get("/Lang", "")) != "de":
        yield "the language is not German"
    if not bool(_part(root, "/MarkInfo").get("/Marked", False)):
        yield "not marked as tagged"
    if not bool(_part(root, "/ViewerPreferences").get("/DisplayDocTitle", False)):
        yield "the window does not show the title"
    if "/OutputIntents" not in root:
        yield "no output intent"
    if "/Outlines" not in root:
        yield "no bookmarks"


def _in_metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    packet = pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b""
    if packet.count(b"<rdf:RDF") != 1:
        yield "not exactly one rdf:RDF"
        return
    with pdf.open_metadata() as xmp:
        claims = [xmp.get(name) for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
        if claims != ["3", "A", "1"]:
            yield f"claims {claims}"
        if not xmp.get("dc:title"):
            yield "no title"


def _in_structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure tree"
        return
    level = 0
    for element, parent in tree(pdf):
        kind = _kind(element)
        if re.fullmatch("/H[1-6]", kind):
            if int(kind[2]) > level + 1:
                yield f"{kind} after level {level}"
            level = int(kind[2])
        if kind == "/Figure" and not str(element.get("/Alt", "")):
            yield "a figure without alternative text"
        if kind == "/TH" and "/Scope" not in _part(element, "/A"):
            yield "a header cell without scope"
        if kind == "/LI" and any(_kind(kid) not in ("/Lbl", "/LBody") for kid in _kids(element)):
            yield "a list item with other things than label and body"
        if kind == "/LI" and _kind(parent) != "/L":
            yield "a list item outside a list"
        if kind == "/Table":
            yield from _in_table(element)


def _in_table(table: Any) -> Iterator[str]:
    groups = [kid for kid in _kids(table) if _kind(kid) in ("/THead", "/TBody", "/TFoot")]
    rows = [row for group in groups for row in _kids(group)]
    widths = {sum(int(_part(cell, "/A").get("/ColSpan", 1)) for cell in _kids(row)) for row in rows}
    if len(widths) > 1:
        yield f"rows of {sorted(widths)} columns in one table"
    if len(groups) + sum(_kind(kid) == "/Caption" for kid in _kids(table)) != len(_kids(table)):
        yield "a table with other things than caption and row groups"


def _in_pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, start=1):
        if "/Annots" in page and str(page.get("/Tabs", "")) != "/S":
            yield f"page {number}: annotations out of the tab order"
        for font in _part(page.Resources, "/Font").values():
            yield from _in_font(font)


def _in_font(font: Any) -> Iterator[str]:
    name = str(font.BaseFont).split("+")[-1]
    descriptor = _part(font.DescendantFonts[0] if "/DescendantFonts" in font else font, "/FontDescriptor")
    if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"{name} is not embedded"
    if "/ToUnicode" not in font:
        yield f"{name} has no way back to Unicode"
    if not name.startswith(OUR_FONTS):
        yield f"{name} is not one of ours"


def _in_files(pdf: pikepdf.Pdf) -> Iterator[str]:
    linked = [str(file.UF) for file in pdf.Root.get("/AF", [])]
    if sorted(linked) != sorted(pdf.attachments):
        yield "attached and associated files differ"
    for file in pdf.Root.get("/AF", []):
        if str(file.get("/AFRelationship", "")) not in ("/Data", "/Supplement"):
            yield f"{file.UF} stands in no relationship"
        if "/Subtype" not in file.EF.F:
            yield f"{file.UF} has no media type"
