"""Writes documents for word processors (DOCX): the only file that knows python-docx.

Real headings, lists and tables with header rows, German as language, and properties; whatever people typed is set as
text, never as markup. Letters show their address in the window of an envelope (DIN 5008, form B).
"""

import datetime as dt
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff|[\u007f-\u009f]")
"""What XML 1.0 cannot hold, and control characters that no reader shows."""

_FONT, _INK, _MUTED = "Calibri", "1B1F24", "5C6066"
_HEADINGS = (22, 18, 14, 12)
_LEFT, _RIGHT, _TOP, _BOTTOM = 25, 20, 20, 20
_FIELD_TOP, _FIELD_HEIGHT, _FIELD_WIDTH, _MARKS_LEFT, _MARKS_TOP = 45, 45, 80, 125, 50
"""The address field of DIN 5008, form B, and the block of marks beside it, in millimetres from the sheet's corner."""

_RETURN, _REMARKS, _LINE = 5.0, 12.7, 4.4
"""The line above the address, the room for remarks between them, and a line of the address, in millimetres."""

_ADDRESS_SIGNS, _MARK_SIGNS, _HEAD_SIGNS = 44, 34, 72
"""How many signs surely stand on a line of the address, of the marks and of the letterhead."""


class Paper:
    """A document being written, from top to bottom."""

    def __init__(
        self,
        *,
        title: str,
        author: str,
        subject: str,
        created: dt.datetime,
        size: float = 11,
        headings: tuple[float, float, float, float] = _HEADINGS,
    ) -> None:
        """Sizes in points: *size* of running text, *headings* of the title and the three levels of headings.

        Title, author and subject are the file's properties.
        """
        from docx import Document  # costs a quarter of a second that only this needs
        from docx.shared import Mm

        self._document = Document()
        self._style_ids: dict[str, str | None] = {}
        self._section = section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
        section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
        section.header_distance = section.footer_distance = Mm(9)
        self._set_properties(title, author, subject, created)
        self._set_styles(size, headings)
        self._set_habits()

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

    def points(self, lines: Sequence[str]) -> None:
        """A list; a single line is a paragraph."""
        for line in lines:
            self._add(line, "List Bullet" if len(lines) > 1 else "Normal")

    def signature(self, closing: str, name: str) -> None:
        """The end of a letter, with room to sign, on one page."""
        from docx.shared import Mm

        first, second = self._add(closing, "Normal"), self._add(name, "Normal")
        first.paragraph_format.space_before, second.paragraph_format.space_before = Mm(8), Mm(12)
        first.paragraph_format.keep_with_next = True

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Terms and values, a line each."""
        for name, value in pairs:
            paragraph = self._add("", "Normal")
            paragraph.paragraph_format.space_after = 0
            paragraph.add_run(_writable(f"{name}: ")).bold = True
            paragraph.add_run(_writable(value))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table whose head is repeated on every page; *widths* in millimetres."""
        from docx.shared import Mm, Pt

        table = self._document.add_table(rows=0, cols=len(head), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)  # some readers know the columns' widths only, others those of the cells
        for place, row in enumerate((head, *rows)):
            cells = table.add_row().cells
            for cell, words, width in zip(cells, row, widths, strict=True):
                cell.width = Mm(width)
                paragraph = self._styled(cell.paragraphs[0], "No Spacing")
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
                paragraph.add_run(_writable(words)).bold = place == 0 or None
        _mark(table.rows[0], "w:tblHeader")
        for row in table.rows:
            _mark(row, "w:cantSplit")
        self._add("", "No Spacing")

    def letter(
        self,
        *,
        letterhead: Sequence[str],
        return_line: str,
        address: Sequence[str],
        crowded: bool,
        marks: Sequence[tuple[str, str]],
    ) -> None:
        """The upper part of a letter's first page: letterhead, address for the window, and what it was filed under.

        A row of fixed height for each, so that a word processor keeps the address where it belongs; the row grows only
        where something would be cut off. *crowded*: the address needs the room for remarks, too.
        """
        from docx.shared import Mm, Pt

        table = self._document.add_table(rows=2, cols=2)
        table.autofit = False
        _without_padding(table)
        left, right = _MARKS_LEFT - _LEFT, 210 - _MARKS_LEFT - _RIGHT
        for column, width in zip(table.columns, (left, right), strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        top, field = table.rows
        _heighten(top, _FIELD_TOP - _TOP, 5 * _lines(letterhead, _HEAD_SIGNS))
        self._say(top.cells[0].merge(top.cells[1]).paragraphs[0], letterhead, 11, 5).runs[0].bold = True
        window, block = field.cells
        above = 1 if crowded else _REMARKS
        needed = _RETURN + above + _LINE * _lines(address, _ADDRESS_SIGNS)
        lines = [f"{name}: {value}" for name, value in marks]
        _heighten(field, _FIELD_HEIGHT, max(needed, _MARKS_TOP - _FIELD_TOP + _LINE * _lines(lines, _MARK_SIGNS)))
        self._say(window.paragraphs[0], [return_line], 6.5, _RETURN)
        self._say(window.add_paragraph(), address, 10, _LINE).paragraph_format.space_before = Mm(above)
        for paragraph in window.paragraphs:
            paragraph.paragraph_format.right_indent = Mm(left - _FIELD_WIDTH)
        for place, (name, value) in enumerate(marks):
            paragraph = self._say(block.add_paragraph() if place else block.paragraphs[0], [f"{name}: "], 9.5, _LINE)
            paragraph.runs[0].bold = True
            paragraph.add_run(_writable(value)).font.size = Pt(9.5)
            paragraph.paragraph_format.space_before = Mm(0 if place else _MARKS_TOP - _FIELD_TOP)
        self._say(self._document.add_paragraph(), [""], 1, 8.5)

    def header(self, words: str) -> None:
        """The same line at the head of every page."""
        self._section.header.paragraphs[0].add_run(_writable(words)).bold = True

    def footer(self, words: str, *, counted: bool = True) -> None:
        """The same line at the foot of every page, with the number of the page, and *counted*: of how many."""
        self._section.footer.is_linked_to_previous = False
        paragraph = self._section.footer.paragraphs[0]
        paragraph.add_run(_writable(f"{words} · Seite "))
        _field(paragraph, "PAGE")
        if counted:
            paragraph.add_run(" von ")
            _field(paragraph, "NUMPAGES")

    def part(self, footer: str) -> None:
        """Begin a page and count from 1 again, under another footer; the header stays."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self._section = self._document.add_section()
        settings = self._section._sectPr
        if settings.find(qn("w:pgNumType")) is None:
            settings.find(qn("w:pgMar")).addnext(OxmlElement("w:pgNumType"))
        settings.find(qn("w:pgNumType")).set(qn("w:start"), "1")
        self.footer(footer, counted=False)

    def content(self) -> bytes:
        """The file."""
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _say(self, paragraph: Any, lines: Sequence[str], size: float, height: float) -> Any:
        """Lines of *size* points, each exactly *height* millimetres high."""
        from docx.shared import Mm, Pt

        self._styled(paragraph, "No Spacing")
        paragraph.paragraph_format.line_spacing = Mm(height)
        paragraph.add_run(_writable("\n".join(lines))).font.size = Pt(size)
        return paragraph

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

    def _set_habits(self) -> None:
        """What Word assumes beside the styles: German, and no English decimal point."""
        from docx.oxml.ns import qn

        settings = self._document.settings.element
        for name, value in (("themeFontLang", "de-DE"), ("decimalSymbol", ","), ("listSeparator", ";")):
            settings.find(qn(f"w:{name}")).set(qn("w:val"), value)

    def _set_styles(self, size: float, headings: tuple[float, float, float, float]) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt

        styles = self._document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "de-DE")
        names = ("Title", "Heading 1", "Heading 2", "Heading 3")
        sizes = {"Normal": size, "No Spacing": size, **dict(zip(names, headings, strict=True))}
        for name, points in sizes.items():
            style = styles[name]
            style.font.name, style.font.size = _FONT, Pt(points)
            style.font.color.rgb = _colour(_INK)
            fonts = style.element.rPr.rFonts
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:hAnsi"), _FONT)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        styles["List Bullet"].paragraph_format.space_after = Pt(3)
        title = styles["Title"].element.pPr
        title.remove(title.find(qn("w:pBdr")))
        for name in names:
            styles[name].paragraph_format.space_before = Pt(0 if name == "Title" else 14)
            styles[name].paragraph_format.space_after = Pt(6)
        styles["Header"].font.size = styles["Footer"].font.size = Pt(8)


def _writable(words: str) -> str:
    """*words* as XML can hold them."""
    return _UNWRITABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _colour(hexadecimal: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(hexadecimal)


def _lines(words: Sequence[str], signs: int) -> int:
    """How many lines of *signs* signs they take."""
    return sum(max(1, -(-len(line) // signs)) for part in words for line in part.split("\n"))


def _heighten(row: Any, height: float, needed: float) -> None:
    """Make a row exactly *height* millimetres high, or at least where what it holds needs more."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Mm

    row.height = Mm(height)
    row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY if needed <= height else WD_ROW_HEIGHT_RULE.AT_LEAST


def _without_padding(table: Any) -> None:
    """Text of the cells begins at their edge."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addnext(margins)


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
