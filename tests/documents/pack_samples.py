"""Meeting packs as plain values: an ordinary one, and files that would like to act."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from app.documents.pack import MadePack, make_pack
from app.documents.pack_values import PackItem, PackPaper, PackValues
from tests.documents.samples import agenda, drawn
from tests.papers import files

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def paper(number: int, title: str, content: str, **changes: Any) -> PackPaper:
    """A paper whose file is stored under the name *content*."""
    values: dict[str, Any] = {
        "id": number,
        "kind": "Anlage",
        "title": title,
        "file_name": f"{title}.pdf",
        "media_type": "application/pdf",
        "size": 1000,
        "hash": content,
        "address": f"http://testserver/sitzungen/17/unterlagen/{number}?version=1",
    }
    return PackPaper.model_validate(values | changes)


def pack(*papers: PackPaper, **changes: Any) -> PackValues:
    """A pack whose item 4.1 has *papers*."""
    one = agenda()
    values: dict[str, Any] = {
        "demo": True,
        "body": one.body.name,
        "body_short": one.body.short_name,
        "label": one.meeting.label,
        "starts_at": one.meeting.starts_at,
        "ends_at": one.meeting.ends_at,
        "place": one.meeting.place,
        "letterhead": one.letterhead,
        "sender": one.sender,
        "reference": one.reference,
        "version": 1,
        "edition": "vollstaendig",
        "edition_word": "vollständig",
        "made_at": one.released_at,
        "agenda": "0" * 64,
        "papers": (paper(1, "Gesamtplan", "plain"),),
        "items": (
            PackItem(number="4.1", title="Ankaufsstrategie", papers=papers),
            PackItem(number="6.1", title="Gegenstand 6.1"),
        ),
    }
    return PackValues.model_validate(values | changes)


def picture(kind: str = "PNG", mode: str = "RGBA", size: tuple[int, int] = (300, 200), **how: Any) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode.startswith("RGB") else 1).save(out, kind, **how)
    return out.getvalue()


def acting() -> bytes:
    """A PDF that acts in every way that the format knows, with one honest link and a filled-in field."""
    with pikepdf.open(io.BytesIO(files.pdf("Lageplan Nord"))) as made:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('boese')"))
        launch = made.make_indirect(Dictionary(S=Name.Launch, F=String("boese.exe")))
        attached = made.make_stream(b"MZ boese")
        spec = Dictionary(Type=Name.Filespec, F=String("boese.exe"), EF=Dictionary(F=attached))
        look = made.make_stream(b"BT /F1 12 Tf 2 2 Td (Eingetragen) Tj ET", Type=Name.XObject, Subtype=Name.Form)
        look.BBox = Array([0, 0, 200, 20])
        look.Resources = made.pages[0].obj.Resources
        look.Metadata = made.make_stream(b"boese")
        look.AF = Array([spec])
        field = made.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("Name"), V=String("Eingetragen"), F=4)
        )
        field.Rect, field.AP, field.AA = Array([72, 600, 272, 620]), Dictionary(N=look), Dictionary(K=script)
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([72, 700, 172, 720]), AA=Dictionary(E=launch))
        link.A = Dictionary(S=Name.URI, URI=String("https://www.berlin.de/"), Next=launch)
        trap = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 600, 800]), A=launch)
        lure = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        lure.A = Dictionary(S=Name.URI, URI=String("javascript:boese()"))
        enclosed = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec)
        page = made.pages[0].obj
        page.Annots = Array([field, link, trap, lure, enclosed])
        page.AA = Dictionary(O=script)
        page.Resources.Properties = Dictionary(MC0=Dictionary(ActualText=String("Wort"), AF=Array([spec])))
        made.Root.OpenAction = script
        made.Root.AA = Dictionary(WC=script)
        made.Root.AF = Array([spec])
        names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("x"), spec])))
        names.JavaScript = Dictionary(Names=Array([String("y"), script]))
        made.Root.Names = names
        made.Root.AcroForm = Dictionary(
            Fields=Array([field]), XFA=made.make_stream(b"<xdp>boese</xdp>"), NeedAppearances=False
        )
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def layered() -> bytes:
    """A PDF with a layer that is switched off."""
    with pikepdf.open(io.BytesIO(files.pdf("Ebenen"))) as made:
        layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Entwurf")))
        made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def locked(user: str) -> bytes:
    """An encrypted PDF; without a *user* password everybody may open it."""
    with pikepdf.open(io.BytesIO(files.pdf("Geheim"))) as made:
        out = io.BytesIO()
        made.save(out, encryption=pikepdf.Encryption(owner="eigen", user=user))
        return out.getvalue()


STORED: dict[str, bytes] = {"plain": files.pdf("Gesamtplan Seite"), "acting": acting(), "picture": picture()}


def load(key: str) -> bytes:
    """What is stored under a name; OSError like a storage that has lost it."""
    if key not in STORED:
        raise FileNotFoundError(key)
    return STORED[key]


def made(values: PackValues) -> MadePack:
    """The pack around the sample agenda."""
    return make_pack(values, drawn("released"), load)
