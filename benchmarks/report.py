"""The report: a table to read and the same as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from app import clock
from benchmarks.measure import Row

HEAD = ("Was", "p50 ms", "p95 ms", "Verhältnis", "Spanne der Runden", "gegen", "Ziel", "Anmerkung")


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    found = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(cells[place]) for cells in found) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip() for cells in found
    )


def line(row: Row) -> str:
    """One row in short, while the others are still being measured."""
    return "  ".join(cell for cell in _cells(row) if cell)


def write_json(rows: Sequence[Row], path: Path, *, rounds: int, database: str) -> None:
    """The rows with everything measured, for comparing runs of one machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "made_at": clock.now().isoformat(),
        "rounds": rounds,
        "database": database,
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "rows": [
            {
                "name": row.name,
                "p50_ms": round(row.p50, 3),
                "p95_ms": round(row.p95, 3),
                "yardstick": row.yardstick,
                "ratio": row.ratio,
                "ratios": [round(ratio, 4) for ratio in row.ratios],
                "target": row.target,
                "note": row.note,
                "samples_ms": [round(sample, 3) for sample in row.samples],
                "yardstick_samples_ms": [round(sample, 3) for sample in row.yardstick_samples],
            }
            for row in rows
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    spread = f"{_number(min(row.ratios))} bis {_number(max(row.ratios))}" if row.ratios else ""
    ratio = f"x{_number(row.ratio)}" if row.ratio is not None else ""
    return (row.name, _number(row.p50), _number(row.p95), ratio, spread, row.yardstick, row.target, row.note)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
