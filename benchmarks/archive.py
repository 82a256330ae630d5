"""Nothing may get slower because the archive grows: the same pages with 10,000 and with 100 meetings and statuses."""

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.measure import Row, paired
from benchmarks.servers import Client, bearer, signed_in, skip_server
from benchmarks.world import Size, World

SMALL = Size(projects=100, statuses=1, meetings=100, entries=100)
LARGE = Size(projects=100, statuses=100, meetings=10_000, entries=10_000)
FLAT = "<= x1.3"


def measure_archive(bench: Bench) -> Iterator[Row]:
    """Both servers run beside each other and are asked in turn."""
    small, large = bench.world(SMALL), bench.world(LARGE)
    with skip_server(small.url, bench.folder) as few, skip_server(large.url, bench.folder) as many:
        for (name, path, headers), (_, other, small_headers) in zip(_places(large), _places(small), strict=True):
            yield _compared(bench, name, many, path, headers, few, other, small_headers)
        yield _unchanged(bench, many, large, few, small)


def _places(world: World) -> list[tuple[str, str, dict[str, str]]]:
    office, member, program = signed_in(world.secretariat_key), signed_in(world.member_key), bearer(world.token)
    released, draft = f"/sitzungen/{world.released}", f"/sitzungen/{world.draft}"
    return [
        ("Sitzung, freigegeben", released, member),
        ("Sitzung, Entwurf", draft, office),
        ("Werkbank", f"{draft}/vorschlaege", office),
        ("Veränderungen", f"{draft}/veraenderungen", office),
        ("Sitzungsliste", "/sitzungen", office),
        ("Projektliste", "/projekte", office),
        ("Projektseite", "/projekte/1", office),
        ("Übersicht", "/", office),
        ("Themenspeicher", "/themenspeicher", office),
        ("Gremium", "/gremien/1", office),
        ("Verlauf", "/verlauf", office),
        ("JSON-Liste der Sitzungen", "/api/v1/meetings", program),
        ("JSON-Liste der Projekte", "/api/v1/projects", program),
    ]


def _compared(
    bench: Bench,
    name: str,
    many: Client,
    path: str,
    headers: dict[str, str],
    few: Client,
    other: str,
    small_headers: dict[str, str],
) -> Row:
    return paired(
        f"Archiv 10.000: {name}",
        lambda: many.ask(path, headers=headers),
        "Archiv 100",
        lambda: few.ask(other, headers=small_headers),
        rounds=bench.rounds,
        calls=6,
        target=FLAT,
    )


def _unchanged(bench: Bench, many: Client, large: World, few: Client, small: World) -> Row:
    path, other = f"/kalender/{large.feed_key}.ics", f"/kalender/{small.feed_key}.ics"
    tag, small_tag = many.ask(path)[1]["etag"], few.ask(other)[1]["etag"]
    return paired(
        "Archiv 10.000: Kalender unverändert (304)",
        lambda: many.ask(path, status=304, headers={"If-None-Match": tag}),
        "Archiv 100",
        lambda: few.ask(other, status=304, headers={"If-None-Match": small_tag}),
        rounds=bench.rounds,
        calls=6,
        target=FLAT,
    )
