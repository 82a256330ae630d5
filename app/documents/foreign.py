"""Foreign files for the meeting pack: PDF pages without anything that acts, pictures that a page can show, or why not.

Uploads were looked into before they were stored (``app/papers/rules``); here nothing of a file is taken over that its
pages do not need: no catalogue (actions, scripts, embedded files, forms), no annotations but links to the web.
"""

import io
import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 40_000_000
"""Of one file. Larger ones are fetched alone."""
MOST_PAGES = 400
MOST_DOTS = 60_000_000
LONGEST_SIDE = 3508
"""A page of A4 at 300 dots per inch."""

_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
PAGE_KEYS = frozenset(
    (*_BOXES, "/Type", "/Parent", "/Contents", "/Resources", "/Rotate", "/UserUnit", "/Group", "/Annots")
)
_OUTSIDE = ("/F", "/FDecodeParms", "/FFilter", "/Ref", "/OPI", "/Alternates")
STREAM_BARRED = (*_OUTSIDE, "/AA", "/AF", "/Metadata", "/OC", "/PieceInfo", "/StructParent", "/StructParents")
"""What streams lose: actions, attached and foreign files, descriptions, layers."""
TEXT_KEYS = ("/ActualText", "/Alt", "/E", "/Lang", "/MCID")
WEB = ("http://", "https://", "mailto:")
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, OverflowError)


class NotIncluded(Exception):
    """Why a file is not in the pack: a German half sentence after its name."""


def clean_pdf(content: bytes) -> tuple[bytes, int]:
    """The pages of a foreign PDF as a PDF without active content, and how many they are; NotIncluded says why not.

    Filled-in forms, stamps and marks become part of the pages; links to the web stay.
    """
    if len(content) > MOST_BYTES:
        raise NotIncluded("ist dafür zu groß")
    try:
        with pikepdf.open(io.BytesIO(content)) as source:
            _require_fit(source)
            form = source.Root.get("/AcroForm")
            if isinstance(form, pikepdf.Dictionary) and form.get("/NeedAppearances"):
                source.generate_appearance_streams()
            source.flatten_annotations("print")
            with pikepdf.new() as made:
                for page in source.pages:
                    made.pages.append(page)
                _clean(made)
                out = io.BytesIO()
                made.save(out, deterministic_id=True)
                return out.getvalue(), len(made.pages)
    except pikepdf.PasswordError:
        raise NotIncluded("ist mit einem Kennwort geschützt") from None
    except _BROKEN:
        raise NotIncluded("ist beschädigt und lässt sich nicht lesen") from None


def clean_picture(content: bytes) -> tuple[bytes, str]:
    """A foreign picture as bytes that a page can show, and their ending; NotIncluded says why not."""
    if len(content) > MOST_BYTES:
        raise NotIncluded("ist dafür zu groß")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if image.width * image.height > MOST_DOTS:
                raise NotIncluded("hat dafür zu viele Bildpunkte")
            return _drawn(image, "jpg" if image.format == "JPEG" else "png")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, EOFError, SyntaxError, *_BROKEN):
        raise NotIncluded("ist beschädigt und lässt sich nicht als Bild öffnen") from None


def _drawn(image: Image.Image, ending: str) -> tuple[bytes, str]:
    """Upright, opaque, without what a camera notes beside the picture, and no finer than paper."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in ("L", "RGB"):
        over = upright.convert("RGBA")
        upright = Image.new("RGB", over.size, "white")
        upright.paste(over, mask=over.getchannel("A"))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    if ending == "jpg":
        plain.save(out, "JPEG", quality=92)
    else:
        plain.save(out, "PNG")
    return out.getvalue(), ending


def _require_fit(source: pikepdf.Pdf) -> None:
    if source.is_encrypted:
        raise NotIncluded("ist verschlüsselt")
    if len(source.pages) == 0:
        raise NotIncluded("enthält keine Seiten")
    if len(source.pages) > MOST_PAGES:
        raise NotIncluded(f"hat mehr als {MOST_PAGES} Seiten")
    layers = source.Root.get("/OCProperties")
    shown = layers.get("/D") if isinstance(layers, pikepdf.Dictionary) else None
    if isinstance(shown, pikepdf.Dictionary) and (shown.get("/OFF") or shown.get("/BaseState") == "/OFF"):
        raise NotIncluded("hat ausgeblendete Ebenen, die in der Mappe sichtbar würden")


def _clean(made: pikepdf.Pdf) -> None:
    for page in made.pages:
        for key in [key for key in page.obj.keys() if key not in PAGE_KEYS]:  # noqa: SIM118 - no plain dict
            del page.obj[key]
        links = list(_links(page.obj.get("/Annots")))
        if links:
            page.obj.Annots, page.obj.Tabs = pikepdf.Array(links), pikepdf.Name.S
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]
        _plain_properties(page.obj)
    for thing in made.objects:
        if isinstance(thing, pikepdf.Stream):
            for key in STREAM_BARRED:
                if key in thing:
                    del thing[key]
            if thing.get("/Subtype") == "/PS" or thing.get("/Subtype2") == "/PS":
                thing.write(b"")
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _plain_properties(thing)


def _links(annotations: Any) -> Iterator[pikepdf.Dictionary]:
    """Links to the web, made anew: nothing else of an annotation comes along."""
    for one in annotations if isinstance(annotations, pikepdf.Array) else ():
        action = one.get("/A") if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Link" else None
        address = action.get("/URI") if isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/URI" else None
        if address is None or not str(address).lower().startswith(WEB) or "/Rect" not in one:
            continue
        yield pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=pikepdf.Array([float(edge) for edge in one.Rect]),
            Border=pikepdf.Array([0, 0, 0]),
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(str(address))),
        )


def _plain_properties(holder: Any) -> None:
    """Of the property lists that contents name only the words stay; layers and attached files go."""
    resources = holder.get("/Resources")
    properties = resources.get("/Properties") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(properties, pikepdf.Dictionary):
        return
    for name in list(properties.keys()):
        given = properties[name]
        known = given if isinstance(given, pikepdf.Dictionary) else pikepdf.Dictionary()
        properties[name] = pikepdf.Dictionary({key: known[key] for key in TEXT_KEYS if key in known})
