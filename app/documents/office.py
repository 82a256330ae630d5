"""Writes documents for word processors (DOCX): the only file that knows python-docx.

Real headings, lists and tables with header rows, German as language, and properties; whatever people typed is set as
text, never as markup.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff|[\u007f-\u009f]")
"""What XML 1.0 cannot hold, and control characters that no reader shows."""

_FONT, _INK, _MUTED = "Calibri", "1B1F24", "5C6066"


class Paper:
    """A document being written, from top to bottom."""

    def __init__(self, *, title: str, author: str, subject: str, created: dt.datetime, size: float = 11) -> None:
        """*size* in points is that of running text; title, author and subject are the file's properties."""
        from docx import Document  # costs a quarter of a second that only this needs
        from docx.shared import Mm

        self._document = Document()
        self._style_ids: dict[str, str | None] = {}
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(25), Mm(20)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        self._set_properties(title, author, subject, created)
        self._set_styles(size)

    def title(self, words: str) -> None:
        """The name of the document, once."""
        self._add(words, "Title")

    def heading(self, words: str, level: int = 1, *, new_page: bool = False) -> None:
        """A heading of level 1 to 3."""
        paragraph = self._add(words, f"Heading {level}")
        paragraph.paragraph_format.page_break_before = new_page or None

    def text(self, words: str, *, bold: bool = False, muted: bool = False, new_page: bool = False) -> None:
        """A paragraph; its line ends stay."""
        paragraph = self._add(words, "Normal")
        paragraph.paragraph_format.page_break_before = new_page or None
        for run in paragraph.runs:
            run.bold = bold or None
            if muted:
                run.font.color.rgb = _colour(_MUTED)

    def address(self, lines: Iterable[str]) -> None:
        """Lines without space between them, as in a letter's address."""
        self._add("\n".join(lines), "No Spacing")

    def points(self, lines: Sequence[str], *, numbered: bool = False) -> None:
        """A list; a single line is a paragraph."""
        for line in lines:
            self._add(line, "List Number" if numbered else "List Bullet" if len(lines) > 1 else "Normal")

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Terms and values, a line each."""
        for name, value in pairs:
            paragraph = self._add("", "Normal")
            paragraph.paragraph_format.space_after = 0
            paragraph.add_run(_writable(f"{name}: ")).bold = True
            paragraph.add_run(_writable(value))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table whose head is repeated on every page; *widths* in millimetres."""
        from docx.shared import Mm

        table = self._document.add_table(rows=0, cols=len(head), style="Table Grid")
        table.autofit = False
        for place, row in enumerate((head, *rows)):
            cells = table.add_row().cells
            for cell, words, width in zip(cells, row, widths, strict=True):
                cell.width = Mm(width)
                paragraph = self._styled(cell.paragraphs[0], "No Spacing")
                paragraph.add_run(_writable(words)).bold = place == 0 or None
        _mark(table.rows[0], "w:tblHeader")
        for row in table.rows:
            _mark(row, "w:cantSplit")
        self._add("", "No Spacing")

    def footer(self, words: str) -> None:
        """The same line at the foot of every page, with the number of the page."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.add_run(_writable(f"{words} · Seite "))
        _field(paragraph, "PAGE")
        paragraph.add_run(" von ")
        _field(paragraph, "NUMPAGES")

    def content(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _add(self, words: str, style: str) -> Any:
        return self._styled(self._document.add_paragraph(_writable(words)), style)

    def _styled(self, paragraph: Any, style: str) -> Any:
        """*paragraph* in a style. Its id is looked up once: python-docx reads the whole sheet of styles each time."""
        from docx.enum.style import WD_STYLE_TYPE

        if style not in self._style_ids:
            self._style_ids[style] = paragraph.part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        paragraph._p.style = self._style_ids[style]
        return paragraph

    def _set_properties(self, title: str, author: str, subject: str, created: dt.datetime) -> None:
        properties = self._document.core_properties
        moment = created.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        properties.title, properties.author = _writable(title)[:255], _writable(author)[:255]
        properties.subject, properties.language = _writable(subject)[:255], "de-DE"
        properties.created = properties.modified = moment
        properties.last_modified_by, properties.comments, properties.keywords = "", "", ""

    def _set_styles(self, size: float) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt

        styles = self._document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "de-DE")
        sizes = {"Normal": size, "No Spacing": size, "Title": 22, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
        for name, points in sizes.items():
            style = styles[name]
            style.font.name, style.font.size = _FONT, Pt(points)
            style.font.color.rgb = _colour(_INK)
            fonts = style.element.rPr.rFonts
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:hAnsi"), _FONT)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        for name in ("List Bullet", "List Number"):
            styles[name].paragraph_format.space_after = Pt(3)
        styles["Footer"].font.size = Pt(8)


def _writable(words: str) -> str:
    """*words* as XML can hold them."""
    return _UNWRITABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _colour(hexadecimal: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(hexadecimal)


def _mark(row: Any, name: str) -> None:
    """Say something about a row of a table: that it heads the columns, that it must not be torn."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _field(paragraph: Any, code: str) -> None:
    """A field that the word processor fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "1"
    run.append(words)
    field.append(run)
    paragraph._p.append(field)
