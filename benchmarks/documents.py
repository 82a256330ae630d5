"""The agenda as PDF: drawn, beside WeasyPrint alone on the same HTML, and kept, beside a static file."""

import time
from collections.abc import Iterator
from typing import Any

from app.agenda import queries
from app.agenda.schemas.frozen import read_values
from app.calendars.build import event_of_frozen
from app.calendars.feed import event_ics
from app.documents import fontset, pdf
from app.documents.agenda import agenda_html, render_agenda
from benchmarks.bench import Bench
from benchmarks.measure import Row, paired
from benchmarks.servers import bare_server, signed_in, skip_server
from benchmarks.world import Size

PATIENCE_SECONDS = 60


def measure_documents(bench: Bench) -> Iterator[Row]:
    """A released agenda of 20 items."""
    world = bench.world(Size(meetings=0))
    with bench.open(world).read() as session:
        frozen = queries.find_frozen(session, world.edition_hash)
        values = read_values(frozen.content if frozen else "")
    html = fontset.printable(agenda_html(values, world.edition_hash))
    for name, options in (("A-3a und markiert", {"pdf_variant": "pdf/a-3a", "pdf_tags": True}), ("schlicht", {})):
        yield paired(
            "Tagesordnung als PDF, gesetzt",
            lambda: render_agenda(values, ics=event_ics(event_of_frozen(values))),
            f"bloßes WeasyPrint, {name}",
            lambda options=options: _bare(html, options),  # type: ignore[misc]
            rounds=bench.rounds,
            calls=1,
            target="<= x1.15",
        )
    path = f"/sitzungen/{world.released}/tagesordnung.pdf"
    with skip_server(world.url, bench.folder) as site, bare_server(world.url, bench.folder) as bare:
        headers = signed_in(world.secretariat_key)
        content = _kept(site.ask, path, headers)
        (bench.folder / "agenda.pdf").write_bytes(content)
        yield paired(
            "Tagesordnung als PDF, aufbewahrt",
            lambda: site.ask(path, headers=headers),
            "statische Datei",
            lambda: bare.ask("/files/agenda.pdf"),
            rounds=bench.rounds,
            calls=20,
            note=f"{len(content) // 1024} KiB",
        )


def _bare(html: str, options: dict[str, Any]) -> bytes:
    """WeasyPrint by its usual one-liner, with the bundled fonts and files."""
    import weasyprint

    with fontset.bundled_only():
        written: bytes = weasyprint.HTML(string=html, url_fetcher=pdf._fetcher()).write_pdf(**options)
    return written


def _kept(ask: Any, path: str, headers: dict[str, str]) -> bytes:
    """The bytes, once the server has drawn and kept them."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            content: bytes = ask(path, headers=headers)[0]
            return content
        except RuntimeError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(1)
