"""``python -m benchmarks [CASE …]``: measure, print a table and write it as JSON."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.archive import measure_archive
from benchmarks.bench import Bench, Case
from benchmarks.calendars import measure_calendars
from benchmarks.documents import measure_documents
from benchmarks.drafting import measure_drafting, measure_import
from benchmarks.measure import Row
from benchmarks.pages import measure_pages
from benchmarks.report import line, table, write_json
from benchmarks.search import measure_search
from benchmarks.writing import measure_history, measure_writing
from tests import postgres

CASES: Mapping[str, Case] = {
    "pages": measure_pages,
    "calendars": measure_calendars,
    "documents": measure_documents,
    "drafting": measure_drafting,
    "import": measure_import,
    "writing": measure_writing,
    "history": measure_history,
    "archive": measure_archive,
    "search": measure_search,
}


def main() -> int:
    """Run the named cases, or all of them."""
    asked = _asked()
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="skip-bench-")))
        server = stack.enter_context(postgres.server()) if asked.postgres else ""
        for name in asked.cases or CASES:
            sys.stderr.write(f"… {name}\n")
            with ExitStack() as own:
                for row in CASES[name](Bench(folder, asked.rounds, server, own)):
                    rows.append(row)
                    sys.stderr.write(f"  {line(row)}\n")
    print(table(rows))
    write_json(rows, asked.out, rounds=asked.rounds, database="PostgreSQL" if server else "SQLite")
    print(f"\n{asked.rounds} Runden; nur Verhältnisse eines Laufs zählen. Alle Messwerte: {asked.out}")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each pair (default 5)")
    parser.add_argument("--postgres", action="store_true", help="measure on PostgreSQL instead of SQLite")
    parser.add_argument("--out", type=Path, default=Path("var/benchmarks.json"), help="where the JSON goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
