"""Markdown that people type, as harmless HTML: bold, italics, lists and quotes; everything else stays text."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_LEFT_OUT = ("heading", "lheading", "code", "fence", "hr", "html_block", "reference")
_LEFT_OUT_INLINE = ("html_inline", "image", "link", "autolink", "backticks", "entity")


def prose_html(source: str) -> Markup:
    """*source* as HTML of p, br, strong, em, ul, ol, li and blockquote; a line that was typed stays a line."""
    return Markup(_markdown().render(source))  # noqa: S704


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "typographer": False})
    return reader.disable([*_LEFT_OUT, *_LEFT_OUT_INLINE])
