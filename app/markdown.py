"""Markdown that people type, as harmless HTML: what stands inside pages, and whole texts with headings and links."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_LEFT_OUT = ("heading", "lheading", "code", "fence", "hr", "html_block", "reference")
_LEFT_OUT_INLINE = ("html_inline", "image", "link", "autolink", "backticks", "entity")
_LEADS_SOMEWHERE = re.compile(r"(https?://|mailto:|tel:|/(?![/\\]))", re.IGNORECASE)


def prose_html(source: str) -> Markup:
    """*source* as HTML of p, br, strong, em, ul, ol, li and blockquote; a line that was typed stays a line."""
    return Markup(_markdown().render(source))  # noqa: S704


def page_html(source: str) -> Markup:
    """*source* as the HTML below a page's own heading: also h2 to h4, and links to the web, mail, phone and this site.

    A heading of the first level becomes one of the second, for the page has its title already; everything that a
    browser could run, and pictures from elsewhere, stay text.
    """
    reader = _page_markdown()
    tokens = reader.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704


class _Page(MarkdownIt):
    """Markdown whose links lead to named kinds of addresses only."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return _LEADS_SOMEWHERE.match(url) is not None


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "typographer": False})
    return reader.disable([*_LEFT_OUT, *_LEFT_OUT_INLINE])


@cache
def _page_markdown() -> MarkdownIt:
    reader = _Page("commonmark", {"html": False, "breaks": True, "typographer": False})
    return reader.disable(["code", "fence", "html_block", "html_inline", "image", "reference"])
