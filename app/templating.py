"""The one template environment: for pages, documents and mails."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import text

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def environment() -> Environment:
    """The environment: undefined names are errors, everything is escaped, macros stand ready as ``ui``."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters.update(
        date=text.date,
        long_date=text.long_date,
        weekday_date=text.weekday_date,
        time=text.time,
        moment=text.moment,
        counted=text.counted,
        joined=text.joined,
    )
    made.tests["endless"] = text.endless
    made.globals["span"] = text.span
    made.globals["validity"] = text.validity
    if (TEMPLATES / "components" / "ui.html").exists():
        made.globals["ui"] = made.get_template("components/ui.html").module
    return made


def render(name: str, values: dict[str, Any]) -> str:
    """The template *name* filled with *values*."""
    return environment().get_template(name).render(values)
