"""Composing mails from their templates: subject, plain text and HTML of one folder under ``templates/mail``."""

import re
import textwrap
from functools import cache
from typing import Any

from jinja2 import Environment

from app import templating, text
from app.outbox.schemas import Letter

MOST_SUBJECT = 200
"""Letters of a subject; clients show some seventy, longer ones are cut."""
_WIDTH = 72
DEMO_SUBJECT = "[Beispieldaten]"


def compose(
    name: str, *, demo: bool, sender_name: str = "", why: str = "", unsubscribe_url: str = "", **values: Any
) -> Letter:
    """The mail *name* (``templates/mail/<name>/{subject.txt,body.txt,body.html}``) filled with *values*.

    ``sender_name`` stands at the foot (whose mail it is), ``why`` is the sentence why somebody gets it, and
    ``unsubscribe_url`` the address that stops such mails ("" where the duty does not allow it). A value that a
    template asks for and does not get is an error. Values are text of people: they are escaped in HTML, and none of
    them can break the subject's line.
    """
    shared = {"demo": demo, "sender_name": sender_name, "why": why, "unsubscribe_url": unsubscribe_url, **values}
    words = _plain().get_template(f"mail/{name}/subject.txt").render(shared)
    subject = _subject(words, demo=demo)
    shared |= {"subject": subject, "headline": _subject(words, demo=False)}
    plain = _plain().get_template(f"mail/{name}/body.txt").render(shared)
    html = templating.render(f"mail/{name}/body.html", shared)
    return Letter(subject=subject, text=wrapped(plain), html=text.clean(html))


def wrapped(plain: str) -> str:
    """Plain text with lines of at most 72 letters and no empty lines in a row; an address in it is never broken."""
    lines = []
    for line in text.clean(plain).split("\n"):
        line = line.rstrip()
        hanging = "  " if line.startswith("- ") else ""
        broken = textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent=hanging)
        lines += broken or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).replace("\n--\n", "\n-- \n") + "\n"


def _subject(rendered: str, *, demo: bool) -> str:
    subject = text.one_line(f"{DEMO_SUBJECT} {rendered}" if demo else rendered)
    return subject if len(subject) <= MOST_SUBJECT else f"{subject[: MOST_SUBJECT - 1].rstrip()}…"


@cache
def _plain() -> Environment:
    """The one environment without escaping: subject and plain text are no HTML."""
    return templating.environment().overlay(autoescape=False)
