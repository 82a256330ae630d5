"""German text: cleaning what people type, sorting it, and writing dates, times and numbers."""

import datetime as dt
import re
import unicodedata

from babel.dates import format_date

from app.clock import BERLIN

_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_DIGITS = re.compile(r"\d+")
EM_DASH, EN_DASH = "—", "–"
LONGEST_WORD = 28
"""Letters of the longest word that the column of a table keeps whole ("Industriepolitikverantwortung" has one more)."""


def clean(text: str) -> str:
    """*text* in NFC, with ``\\n`` line ends and no white space around it.

    Control characters are taken out, and signs that turn the writing direction: a name must read as it is.
    """
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", unified).strip()


def one_line(text: str) -> str:
    """*text* cleaned and with every run of white space made one space."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """*text* for comparing: case, umlauts and accents levelled (DIN 5007-1: ä as a, ß as ss)."""
    levelled = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in levelled if not unicodedata.combining(letter))


def sort_key(text: str) -> str:
    """A key that sorts *text* by German rules and numbers by value ("1.9" before "1.10"), compared as bytes."""
    words = " ".join(re.sub(r"[^\w.,:/|-]+", " ", fold(text)).split())
    return _DIGITS.sub(lambda match: match.group().lstrip("0").rjust(10, "0"), words)[:400]


def number_key(code: str) -> str:
    """A key that sorts project numbers naturally: 1.9, 1.10, 1.10a, 2.1."""
    return sort_key(code.replace(".", " "))


def date(day: dt.date) -> str:
    """14.02.2026"""
    return f"{day:%d.%m.%Y}"


def long_date(day: dt.date) -> str:
    """14. Februar 2026"""
    return format_date(day, "d. MMMM y", locale="de_DE")


def weekday_date(day: dt.date) -> str:
    """Samstag, 14. Februar 2026"""
    return format_date(day, "EEEE, d. MMMM y", locale="de_DE")


def time(moment: dt.datetime) -> str:
    """10:05, in Berlin"""
    return f"{moment.astimezone(BERLIN):%H:%M}"


def moment(moment: dt.datetime) -> str:
    """14.02.2026, 10:05 Uhr, in Berlin"""
    local = moment.astimezone(BERLIN)
    return f"{local:%d.%m.%Y}, {local:%H:%M} Uhr"


def span(start: dt.datetime, end: dt.datetime) -> str:
    """10–12 Uhr or 10:30–12 Uhr, in Berlin; over midnight with both dates."""
    first, last = start.astimezone(BERLIN), end.astimezone(BERLIN)
    if first.date() != last.date():
        return f"{date(first.date())}, {_hour(first)} Uhr bis {date(last.date())}, {_hour(last)} Uhr"
    return f"{_hour(first)}{EN_DASH}{_hour(last)} Uhr"


def _hour(local: dt.datetime) -> str:
    return f"{local.hour}" if local.minute == 0 else f"{local.hour}:{local.minute:02d}"


def validity(start: dt.date | None, end: dt.date | None) -> str:
    """seit 01.01.2022, bis 31.12.2025, 01.01.2022 bis 31.12.2025; "" where both are open"""
    if start and end:
        return f"{date(start)} bis {date(end)}"
    return f"seit {date(start)}" if start else f"bis {date(end)}" if end else ""


def parse_date(text: str) -> dt.date:
    """A German (14.02.2026) or ISO (2026-02-14) date; ValueError otherwise."""
    text = text.strip()
    german = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text)
    if german:
        day, month, year = (int(part) for part in german.groups())
        return dt.date(year, month, day)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text)
    raise ValueError(text)


def joined(words: list[str]) -> str:
    """A, B und C"""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} und {words[-1]}" if words else ""


def endless(words: object) -> bool:
    """Whether *words* hold one that no column is wide enough for: it may break anywhere, all others stay whole."""
    return any(len(word) > LONGEST_WORD for word in re.split(r"[\s-]", str(words)))


def counted(number: int, one: str, many: str) -> str:
    """1 Meldung, 2 Meldungen"""
    return f"{number} {one if number == 1 else many}"
