"""Pages and JSON lists over HTTP, with sign-in, permissions and history, beside bare FastAPI routes."""

from collections.abc import Iterator

from starlette.testclient import TestClient

from app.config import Settings
from app.main import create_app
from app.request import SESSION_COOKIE
from app.storage import Folder
from benchmarks.bench import Bench, counted
from benchmarks.measure import Row, paired
from benchmarks.servers import Client, bare_server, bearer, signed_in, skip_server
from benchmarks.world import Size, World

BARE_ROW, BARE_LIST = "bloße Route, eine Zeile", "bloße Route, 50 Zeilen"
CALLS = 20
LISTS = (("JSON-Liste der Sitzungen", "/api/v1/meetings"), ("JSON-Liste der Projekte", "/api/v1/projects"))


def measure_pages(bench: Bench) -> Iterator[Row]:
    """The pages that people open most, and the lists that programs read."""
    world = bench.world(Size())
    queries = _queries(bench, world)
    with skip_server(world.url, bench.folder) as site, bare_server(world.url, bench.folder) as bare:
        for name, path, key, target in _pages(world):
            note = f"{queries[path]} Anweisungen, {len(site.ask(path, headers=signed_in(key))[0]) // 1024} KiB"
            yield _page(bench, site, bare, name, path, key, target, note)
        for name, path in (
            ("JSON-Liste der Sitzungen", "/api/v1/meetings"),
            ("JSON-Liste der Projekte", "/api/v1/projects"),
        ):
            yield paired(
                name,
                lambda path=path: site.ask(path, headers=bearer(world.token)),  # type: ignore[misc]
                BARE_LIST,
                lambda: bare.ask("/rows"),
                rounds=bench.rounds,
                calls=CALLS,
            )


def _pages(world: World) -> list[tuple[str, str, str, str]]:
    released, draft = f"/sitzungen/{world.released}", f"/sitzungen/{world.draft}"
    office = world.secretariat_key
    return [
        ("Sitzung, 20 Punkte, freigegeben (Mitglied)", released, world.member_key, "p95 <= 1/20 von 320 ms"),
        ("Sitzung, 20 Punkte, freigegeben (Geschäftsstelle)", released, office, ""),
        ("Übersicht", "/", office, ""),
        ("Werkbank, 100 Vorschläge", f"{draft}/vorschlaege", office, ""),
        ("Veränderungen", f"{draft}/veraenderungen", office, ""),
        ("Projektliste, 100 Projekte", "/projekte", office, ""),
        ("Sitzungsliste", "/sitzungen", office, ""),
        ("Verlauf", "/verlauf", office, ""),
    ]


def _page(bench: Bench, site: Client, bare: Client, name: str, path: str, key: str, target: str, note: str) -> Row:
    return paired(
        name,
        lambda: site.ask(path, headers=signed_in(key)),
        BARE_ROW,
        lambda: bare.ask("/row"),
        rounds=bench.rounds,
        calls=CALLS,
        target=target,
        note=note,
    )


def _queries(bench: Bench, world: World) -> dict[str, int]:
    """How many statements each page sends, the look-up of the actor included."""
    database = bench.open(world)
    settings = Settings(secret_key="a secret for measuring, of no other use", storage=str(bench.folder / "files"))
    application = create_app(settings, database=database, storage=Folder(settings.storage))
    found = {}
    client = TestClient(application)
    for _, path, key, _ in _pages(world):
        client.cookies.set(SESSION_COOKIE, key)
        with counted(database) as count:
            client.get(path)
            found[path] = count()
    return found
