"""The look holds its promises: files of others unchanged, no inline code, readable colours, templates that compile."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from app.templating import TEMPLATES, environment
from tests.web.gallery import EXAMPLES, STATIC, draw

EVERY = sorted(TEMPLATES.rglob("*.*"))
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "documents" not in path.relative_to(TEMPLATES).parts)
INLINE = {
    "inline style sheet": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"""\sstyle\s*=|["']style["']\s*:""", re.I),
    "event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=|["']on[a-z]+["']\s*:\s*["']""", re.I),
    "script without a file": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "code for htmx": re.compile(r"hx-on|\bjs:", re.I),
}
TEXT_COLOURS = ("ink", "muted", "accent", "accent-deep")
SURFACES = ("paper", "quiet", "tint")
LIGHT_LINES = ("light-green-line", "light-yellow-line", "light-red-line", "light-none-line")


def _themes() -> dict[str, dict[str, str]]:
    """The colour tokens of both themes; the dark one stands on the light one."""
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    bright, dark = css.split("@media (prefers-color-scheme: dark)")
    colour = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")
    light_theme = dict(colour.findall(bright))
    return {"light": light_theme, "dark": light_theme | dict(colour.findall(dark))}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_formula_knows_the_extremes() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("colour", TEXT_COLOURS)
def test_text_is_readable_on_every_surface(theme: str, surface: str, colour: str) -> None:
    tokens = _themes()[theme]
    assert _contrast(tokens[colour], tokens[surface]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_the_primary_button_are_readable(theme: str) -> None:
    tokens = _themes()[theme]
    assert _contrast(tokens["on-accent"], tokens["accent"]) >= 4.5
    assert _contrast(tokens["on-accent"], tokens["accent-deep"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("line", ["edge", "accent", *LIGHT_LINES])
def test_edges_focus_and_light_shapes_stand_out(theme: str, surface: str, line: str) -> None:
    tokens = _themes()[theme]
    assert _contrast(tokens[line], tokens[surface]) >= 3


def test_forced_colours_leave_words_on_the_primary_button() -> None:
    """A plate of the paper's colour is drawn behind forced text: words in that colour would be gone."""
    css = (STATIC / "css" / "parts.css").read_text(encoding="utf-8")
    forced = css.split("@media (forced-colors: active) {")[1]
    found = re.search(r"\.button-primary, \.button-primary:hover \{([^}]*)\}", forced)
    assert found is not None
    assert {"forced-color-adjust: none", "background: ButtonText", "color: ButtonFace"} <= {
        one.strip() for one in found[1].split(";")
    }


def test_both_themes_name_the_same_colours() -> None:
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    bright, dark = css.split("@media (prefers-color-scheme: dark)")
    names = re.compile(r"--([\w-]+):\s*#")
    assert set(names.findall(bright)) == set(names.findall(dark))


@pytest.mark.parametrize("sheet", ["page.css", "parts.css", "views.css", "charts.css", "minutes.css", "reading.css"])
def test_colours_stand_only_among_the_tokens(sheet: str) -> None:
    css = (STATIC / "css" / sheet).read_text(encoding="utf-8")
    assert not re.findall(r":[^;{}]*(?:#[0-9a-f]{3,8}\b|rgba?\(|hsla?\()", css, re.I)


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").glob("*.css")), ids=lambda path: path.name)
def test_style_sheets_use_known_tokens_and_local_files(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    defined = set(re.findall(r"(--[\w-]+):", (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= defined
    for address in re.findall(r"""url\(["']?([^"')]+)""", css):
        assert (sheet.parent / address).resolve().is_file(), address
    assert "@import" not in css


def test_files_of_others_are_unchanged_and_listed() -> None:
    lines = (STATIC / "vendor" / "files.txt").read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split("  ", 1) for line in lines if not line.startswith("#"))}
    shipped = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path.name != "files.txt"
    }
    assert shipped == listed
    assert {path.rsplit("/", 1)[0] for path in listed} == {
        path.rsplit("/", 1)[0] for path in listed if path.endswith("/LICENSE")
    }


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_every_template_compiles(path: Path) -> None:
    assert environment().get_template(path.relative_to(TEMPLATES).as_posix())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_no_page_holds_inline_script_or_style(path: Path) -> None:
    """Mails alone may have style attributes: mail programs know no style sheets of ours."""
    barred = set(INLINE) - ({"style attribute"} if path.is_relative_to(TEMPLATES / "mail") else set())
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not [what for what in sorted(barred) if INLINE[what].search(text)]


def test_the_search_for_inline_code_finds_it() -> None:
    bad = {
        "inline style sheet": "<style>p{}</style>",
        "style attribute": '<p style="color:red">',
        "event attribute": '<button onclick="go()">',
        "script without a file": "<script>go()</script>",
        "script address": '<a href="javascript:go()">',
        "code for htmx": '<p hx-on:click="go()">',
    }
    assert set(bad) == set(INLINE)
    assert all(INLINE[name].search(text) for name, text in bad.items())


def test_the_frame_loads_only_files_that_exist() -> None:
    frame = (TEMPLATES / "layout.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:href|src)="/static/([^"?]+)', frame)
    assert len(addresses) >= 7
    for address in addresses:
        assert (STATIC / address).is_file(), address
    assert "includeIndicatorCSS&#34;: false" in frame or '"includeIndicatorCSS": false' in frame
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', frame)


class _Page(HTMLParser):
    """Collects what must fit together in a page: ids, references to them, named controls, headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[str] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.references += values.get(name, "").split()
        if tag == "label":
            self.labelled.add(values.get("for", ""))
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            self.controls.append(values.get("id", ""))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_example_pages_fit_together(name: str) -> None:
    page = _Page(draw(name))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.references) <= set(page.ids)
    assert set(page.controls) <= page.labelled
    assert page.headings.count(1) == 1
    summary = re.findall(r'<li><a href="#(f-[\w-]+)"', draw(name))
    assert set(summary) <= set(page.ids)


def test_every_macro_is_shown_and_documented() -> None:
    source = (TEMPLATES / "components" / "ui.html").read_text(encoding="utf-8")
    macros = re.findall(r"\{% macro ([a-z]\w*)\(", source)
    assert len(macros) > 30
    shown = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "components").rglob("*.html"))
    for name in macros:
        assert re.search(rf"\bui\.{name}\(", shown) or name in ("csrf", "icon", "light"), name
        if name != "form_end":
            assert re.search(rf"#\}}\n\{{% macro {name}\(", source), f"{name} has no comment"


def _macros() -> Any:
    return environment().globals["ui"]


def test_values_are_escaped_in_every_place() -> None:
    ui = _macros()
    evil = '"><script>alert(1)</script>'
    drawn = [
        ui.field("a", evil, evil, evil, evil),
        ui.textarea("a", evil, evil, evil, evil),
        ui.select("a", evil, [(evil, evil)], evil, evil),
        ui.radios("a", evil, [(evil, evil)], evil, evil, evil),
        ui.checkbox("a", evil, value=evil, error=evil, hint=evil),
        ui.button(evil, name=evil.replace('">', ""), value=evil, attrs={"data-x": evil}),
        ui.link_button(evil, evil),
        ui.error_summary({"a": evil, "": evil}),
        ui.tabs([{"label": evil, "href": evil, "current": True}], evil),
        ui.reasons([{"text": evil, "gone": True}, {"text": evil}]),
        ui.two_texts(evil, evil),
        ui.timeline([{"when": evil, "title": evil, "kind": evil, "href": evil, "text": evil, "meta": evil}]),
        ui.flash([{"kind": "note", "text": evil}]),
        ui.definitions([(evil, evil)]),
        ui.copy_field("a", evil, evil, evil),
    ]
    for html in drawn:
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_light_is_always_word_and_shape() -> None:
    ui = _macros()
    words = {"green": "grün", "yellow": "gelb", "red": "rot", None: "keine Meldung"}
    shapes = {}
    for light, word in words.items():
        for visible in (True, False):
            html = ui.light(light, word=visible)
            assert f">{word}</span>" in html
            shapes[light] = re.search(r"<svg.*?>(<.*?>)</svg>", html)
    assert len({match.group(1) for match in shapes.values() if match}) == 4
