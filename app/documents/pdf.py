"""HTML to PDF/A-3a and PDF/UA-1: the only file that knows WeasyPrint."""

import datetime as dt
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from app.documents import fontset
from app.errors import SkipError
from app.templating import TEMPLATES

ASSETS = TEMPLATES / "documents"
"""What a document may name as ``asset:NAME``: style sheets and drawings beside the templates, nothing else."""

MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
PATIENCE = 5.0
"""Seconds to wait for another document before Busy is raised."""

RENDER = threading.Lock()
"""Held while a document is rendered: it is work for a whole processor, and fontconfig's setting is the process's."""

_log = logging.getLogger(__name__)


class Busy(SkipError):
    """Another document is being rendered; this one was not begun."""

    status = 503
    sentence = "Das Dokument wird gerade erzeugt. Bitte versuchen Sie es in einigen Sekunden noch einmal."


class Unavailable(SkipError):
    """WeasyPrint's system libraries are missing."""

    status = 503
    sentence = (
        "PDF-Dokumente können auf diesem Rechner nicht erzeugt werden: Es fehlen Systembibliotheken. "
        "Bitte installieren: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"
    )


class Unprintable(SkipError):
    """The HTML cannot become a conforming PDF; ``complaints`` (English) say why. A template is wrong, not the data."""

    status = 500
    sentence = (
        "Das Dokument konnte nicht gesetzt werden. Die Daten sind unversehrt; "
        "bitte geben Sie der Systemadministration Bescheid."
    )

    def __init__(self, complaints: Sequence[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__()

    def __str__(self) -> str:
        return "; ".join(self.complaints)


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF. ``relationship`` is PDF's word: Data = what the pages show, Supplement = an addition."""

    name: str
    content: bytes
    relationship: Literal["Data", "Supplement"]
    description: str


def to_pdf(
    html: str,
    *,
    attachments: Sequence[Attached] = (),
    pictures: Mapping[str, bytes] | None = None,
    identifier: str,
    created: dt.datetime,
    patience: float = PATIENCE,
) -> bytes:
    """The PDF of *html*, a whole page in German that follows ``documents/layout.html``.

    *pictures* (sound PNG and JPEG) may be named as ``asset:NAME`` beside what is bundled. Equal arguments give equal
    bytes: *identifier* (ASCII) becomes the file's ID, *created* (aware) every date in it.
    Raises Busy after *patience* seconds behind another document, Unavailable without the system libraries, and
    Unprintable when WeasyPrint complains about anything at all or the HTML names something that is not bundled.
    """
    if not RENDER.acquire(timeout=patience):
        raise Busy
    try:
        with fontset.bundled_only():
            fetcher = _fetcher(pictures or {})
            return _render(_weasyprint(), fontset.printable(html), attachments, identifier, created, fetcher)
    finally:
        RENDER.release()


def _weasyprint() -> ModuleType:
    """WeasyPrint, imported only now: it costs a second and needs libraries of the system."""
    try:
        import weasyprint
        from weasyprint.text.ffi import harfbuzz, harfbuzz_subset
    except (OSError, DeprecationWarning) as error:
        raise Unavailable from error
    if harfbuzz_subset is None or not harfbuzz.hb_version_atleast(4, 1, 0):
        raise Unavailable
    return weasyprint  # type: ignore[no-any-return]


def _render(
    weasyprint: Any, html: str, attachments: Sequence[Attached], identifier: str, created: dt.datetime, fetcher: Any
) -> bytes:
    from weasyprint.text.fonts import FontConfiguration

    moment = created.astimezone(dt.UTC)
    with complaints() as found:
        page = weasyprint.HTML(string=html, url_fetcher=fetcher)
        document = page.render(font_config=FontConfiguration(), pdf_tags=True)
        metadata = document.metadata
        metadata.created = metadata.modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        metadata.attachments = [_attachment(weasyprint, file, moment) for file in attachments]
        metadata.generate_rdf_metadata = _claiming_ua(metadata.generate_rdf_metadata)
        document.color_profiles["srgb"] = _srgb()
        content: bytes = document.write_pdf(
            finisher=_finish,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode("ascii"),
            pdf_tags=True,
            output_intent="as given",
        )
    if found:
        _log.error("a document was refused: %s", found)
        raise Unprintable(found)
    return content


def _srgb() -> Any:
    """WeasyPrint's own colour profile. Left to itself it opens the file anew for every document and never closes it."""
    from weasyprint import pdf
    from weasyprint.css import ColorProfile

    profile = Path(pdf.__file__).with_name("sRGB2014.icc").read_bytes()
    return ColorProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _attachment(weasyprint: Any, file: Attached, moment: dt.datetime) -> Any:
    return weasyprint.Attachment(
        string=file.content,
        name=file.name,
        description=file.description,
        relationship=file.relationship,
        created=moment,
        modified=moment,
        url_fetcher=_fetcher({}),
    )


def _fetcher(pictures: Mapping[str, bytes]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Answers ``asset:NAME`` from the bundled files and *pictures*; any other address ends the rendering."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            name = url.removeprefix("asset:")
            if url.startswith("asset:") and name in pictures:
                return URLFetcherResponse(url, pictures[name], {"Content-Type": MEDIA_TYPES[Path(name).suffix]})
            path = _assets().get(url)
            if path is None:
                raise FatalURLFetchingError(f"not bundled: {url}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]})

    return AssetFetcher()


def _assets() -> dict[str, Path]:
    return {f"asset:{path.name}": path for path in ASSETS.iterdir() if path.suffix in MEDIA_TYPES}


@contextmanager
def complaints() -> Iterator[list[str]]:
    """Collects what WeasyPrint logs in this thread; a refused address joins the list instead of passing through."""
    found: list[str] = []
    thread = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                found.append(record.getMessage())

    collector, logger = Collector(logging.WARNING), logging.getLogger("weasyprint")
    logger.addHandler(collector)
    try:
        yield found
    except BaseException as error:
        if type(error).__name__ != "FatalURLFetchingError":
            raise
        found.append(str(error))
        raise Unprintable(found) from error
    finally:
        logger.removeHandler(collector)


_UA_CLAIM = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def _claiming_ua(generate: Any) -> Any:
    """WeasyPrint's XMP generator with PDF/UA's claim, and its schema for PDF/A, inside the same rdf:RDF."""
    end = b"</rdf:RDF>"

    def both(*arguments: Any, **named: Any) -> bytes:
        packet: bytes = generate(*arguments, **named)
        if not packet.endswith(end):
            raise Unprintable(["unexpected XMP packet"])
        return packet.removesuffix(end) + _UA_CLAIM + end

    return both


def _finish(_document: Any, pdf: Any) -> None:
    """Mends what WeasyPrint 70 leaves: header cells without scope, list items without body, files named twice."""
    from pydyf import Array, Dictionary

    parts = [part for part in pdf.objects if isinstance(part, Dictionary) and part.get("Type") == "/StructElem"]
    elements = {part.reference: part for part in parts}
    for element in parts:
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _in_table_head(element, elements) else "/Row"
    for element in parts:
        if element["S"] == "/LI":
            _gather_list_body(element, elements, pdf)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = Array(dict.fromkeys(pdf.catalog["AF"]))


def _in_table_head(element: Any, elements: dict[Any, Any]) -> bool:
    while element is not None and element["S"] != "/Table":
        if element["S"] == "/THead":
            return True
        element = elements.get(element["P"])
    return False


def _gather_list_body(item: Any, elements: dict[Any, Any], pdf: Any) -> None:
    """Everything in a list item but its label moves into one LBody."""
    import pydyf

    inside = [(key, elements.get(key)) for key in item["K"]]
    labels = [key for key, child in inside if child is not None and child["S"] == "/Lbl"]
    rest = [(key, child) for key, child in inside if key not in labels]
    if len(rest) == 1 and rest[0][1] is not None and rest[0][1]["S"] == "/LBody":
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
    pdf.add_object(body)
    for _key, child in rest:
        if child is not None:
            child["P"] = body.reference
            if child["S"] == "/LBody":
                child["S"] = "/Div"
    body["K"] = pydyf.Array([key for key, _child in rest])
    item["K"] = pydyf.Array([*labels, body.reference])
