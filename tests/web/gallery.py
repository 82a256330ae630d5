"""Draws the gallery of components and the example pages as plain files: `python -m tests.web.gallery DIR`."""

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.templating import TEMPLATES, environment

STATIC = Path(__file__).parents[2] / "app" / "web" / "static"
EXAMPLES = {
    "gallery": ("components/gallery.html", "Bauteile", "Übersicht"),
    "dashboard": ("components/examples/dashboard.html", "Übersicht", "Übersicht"),
    "projects": ("components/examples/projects.html", "Projekte", "Projekte"),
    "project": ("components/examples/project.html", "3.2 Ankaufsstrategie Flächen", "Projekte"),
    "workbench": ("components/examples/workbench.html", "17. Sitzung", "Sitzungen"),
    "form": ("components/examples/form.html", "Sachstand melden", "Projekte"),
    "sign_in": ("components/examples/sign_in.html", "Anmelden", ""),
    "error": ("errors/error.html", "Nicht gefunden", ""),
}
_ACTOR = SimpleNamespace(name="Katrin Berger", account_id=1, audited_body_ids=frozenset())
_PLACES = (
    "Übersicht",
    "Sitzungen",
    "Projekte",
    "Beschlüsse",
    "Aufträge",
    "Themenspeicher",
    "Gremien",
    "Kalender",
)


def values(title: str, place: str) -> dict[str, Any]:
    """What every page hands to the frame; *place* is the current one of the main places ("" = signed out)."""
    signed_in = bool(place)
    return {
        "title": title,
        "actor": SimpleNamespace(name="Katrin Berger", account_id=1, audited_body_ids=frozenset())
        if signed_in
        else None,
        "nav": [{"label": label, "href": f"#{label}", "current": label == place, "key": ""} for label in _PLACES],
        "bar_places": [{"label": label, "href": f"#{label}", "current": label == place} for label in _PLACES],
        "room_tabs": [],
        "crumbs": [(place, "#"), (title, None)] if signed_in and title != place else [],
        "demo": True,
        "csrf": "token-of-the-gallery",
        "flash": [{"kind": "done", "text": "Der Punkt wurde übernommen."}] if place == "Sitzungen" else [],
        "program_version": "0.1.0",
        "copy_key": "A" * 43 + "=",
        "sentence": "Diese Seite gibt es nicht, oder sie ist für Sie nicht sichtbar.",
    }


def draw(name: str) -> str:
    """One example page as HTML."""
    template, title, place = EXAMPLES[name]
    return environment().get_template(template).render(values(title, place))


def draw_all(folder: Path) -> None:
    """Every example page and the static files, ready to be served from *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    for name in EXAMPLES:
        (folder / f"{name}.html").write_text(draw(name), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not TEMPLATES.exists():
        raise SystemExit("usage: python -m tests.web.gallery DIR")
    draw_all(Path(sys.argv[1]))
