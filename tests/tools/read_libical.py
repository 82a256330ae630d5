"""Reads calendar files with libical (the engine of Evolution and KDE) and prints as JSON what it understood.

Runs with the system's Python, because libical comes as a system package: ``python3 read_libical.py FILE...``. Moments
are ISO 8601 in UTC, whole days YYYY-MM-DD; ``errors`` are the places that libical could not parse, ``fits_rules`` is
its answer to whether the calendar keeps the rules of RFC 5546 for its METHOD.
"""

import json
import sys
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found]  # noqa: E402

KIND = ICalGLib.ComponentKind
PROPERTY = ICalGLib.PropertyKind


def read(path: str) -> dict[str, Any]:
    """What libical understands of the file at *path*."""
    root = ICalGLib.Component.new_from_string(Path(path).read_bytes().decode())
    return {
        "errors": errors(root),
        "method": text(root, PROPERTY.METHOD_PROPERTY),
        "name": next((one.get_value().get_text() for one in properties(root, PROPERTY.NAME_PROPERTY)), None),
        "shown_name": extension(root, "X-WR-CALNAME"),
        "entries": [entry(event) for event in components(root, KIND.VEVENT_COMPONENT)],
        "tasks": [task(todo) for todo in components(root, KIND.VTODO_COMPONENT)],
        "fits_rules": bool(ICalGLib.restriction_check(root)),
    }


def entry(event: Any) -> dict[str, Any]:
    """One VEVENT."""
    return {
        "uid": event.get_uid(),
        "sequence": event.get_sequence(),
        "status": text(event, PROPERTY.STATUS_PROPERTY),
        "starts": moment(event.get_dtstart()),
        "ends": moment(event.get_dtend()),
        "summary": event.get_summary(),
        "description": event.get_description(),
        "place": event.get_location(),
        "url": text(event, PROPERTY.URL_PROPERTY),
        "transparency": text(event, PROPERTY.TRANSP_PROPERTY),
        "changed": text(event, PROPERTY.LASTMODIFIED_PROPERTY),
    }


def task(todo: Any) -> dict[str, Any]:
    """One VTODO."""
    percent = next((one.get_value().get_integer() for one in properties(todo, PROPERTY.PERCENTCOMPLETE_PROPERTY)), None)
    completed = next((one.get_completed() for one in properties(todo, PROPERTY.COMPLETED_PROPERTY)), None)
    due = next((one.get_due() for one in properties(todo, PROPERTY.DUE_PROPERTY)), None)
    return {
        "uid": todo.get_uid(),
        "sequence": todo.get_sequence(),
        "status": text(todo, PROPERTY.STATUS_PROPERTY),
        "summary": todo.get_summary(),
        "due": moment(due) if due is not None else None,
        "percent": percent,
        "completed": moment(completed) if completed is not None else None,
        "url": text(todo, PROPERTY.URL_PROPERTY),
        "categories": [
            name for one in properties(todo, PROPERTY.CATEGORIES_PROPERTY) for name in one.get_categories().split(",")
        ],
    }


def moment(time: Any) -> str:
    """*time* in UTC by the time zone that the file itself brings; a day as it is."""
    if time.is_date():
        return f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    utc = time.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())
    day = f"{utc.get_year():04}-{utc.get_month():02}-{utc.get_day():02}"
    return f"{day}T{utc.get_hour():02}:{utc.get_minute():02}:{utc.get_second():02}Z"


def components(root: Any, kind: Any) -> list[Any]:
    """The direct parts of *root* that are of *kind*."""
    found, one = [], root.get_first_component(kind)
    while one is not None:
        found.append(one)
        one = root.get_next_component(kind)
    return found


def properties(component: Any, kind: Any) -> list[Any]:
    """The properties of *component* that are of *kind*."""
    found, one = [], component.get_first_property(kind)
    while one is not None:
        found.append(one)
        one = component.get_next_property(kind)
    return found


def text(component: Any, kind: Any) -> str | None:
    """The first property of *kind* as it is written, or None."""
    return next((one.get_value_as_string() for one in properties(component, kind)), None)


def extension(component: Any, name: str) -> str | None:
    """The X- property *name*, or None."""
    found = properties(component, PROPERTY.X_PROPERTY)
    return next((one.get_value_as_string() for one in found if one.get_property_name() == name), None)


def errors(root: Any) -> list[str]:
    """What libical noted where it could not parse."""
    unfolded = root.as_ical_string().replace("\r\n ", "").splitlines()
    return [line for line in unfolded if line.startswith("X-LIC-ERROR")]


if __name__ == "__main__":
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
