"""Subscribes Evolution's data server to a feed and tells as JSON what it holds, one line for each line that comes in.

Runs with the system's Python inside a message bus of its own:
``dbus-run-session -- python3 follow_evolution.py FEED TASKS``.
"""

import json
import sys
import time
from typing import Any

import gi  # type: ignore[import-not-found]

for name, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("ICalGLib", "3.0")):
    gi.require_version(name, version)
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # type: ignore[import-not-found]  # noqa: E402

SETTLES_SECONDS = 4
PATIENCE_SECONDS = 30


def subscribe(registry: Any, address: str, *, tasks: bool) -> Any:
    """The client of a new calendar or task list from the web."""
    source = EDataServer.Source.new(None, None)
    source.set_display_name("tasks" if tasks else "feed")
    kind = EDataServer.SOURCE_EXTENSION_TASK_LIST if tasks else EDataServer.SOURCE_EXTENSION_CALENDAR
    source.get_extension(kind).set_backend_name("webcal")
    uri = GLib.Uri.parse(address, GLib.UriFlags.NONE)
    source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(uri)
    source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION).set_host(uri.get_host())
    source.get_extension(EDataServer.SOURCE_EXTENSION_AUTHENTICATION).set_port(uri.get_port())
    registry.commit_source_sync(source, None)
    mode = ECal.ClientSourceType.TASKS if tasks else ECal.ClientSourceType.EVENTS
    return ECal.Client.connect_sync(registry.ref_source(source.get_uid()), mode, PATIENCE_SECONDS, None)


def told(client: Any) -> list[dict[str, Any]]:
    """What the data server holds after asking the web again."""
    client.refresh_sync(None)
    time.sleep(SETTLES_SECONDS)
    _, found = client.get_object_list_sync("#t", None)
    return [entry(one) for one in found]


def entry(one: Any) -> dict[str, Any]:
    """One event or task; moments by the zone that the data server resolved, in UTC."""
    status = one.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
    return {
        "uid": one.get_uid(),
        "summary": one.get_summary(),
        "starts": moment(one.get_dtstart()),
        "ends": moment(one.get_dtend()),
        "due": moment(one.get_due()),
        "status": status.get_value_as_string() if status else "",
    }


def moment(time: Any) -> str:
    """ISO 8601 in UTC, a day as YYYY-MM-DD, empty where there is none."""
    if time is None or time.is_null_time():
        return ""
    day = f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    if time.is_date():
        return day
    stamp = time.as_timet_with_zone(zone_of(time))
    return GLib.DateTime.new_from_unix_utc(stamp).format("%Y-%m-%dT%H:%M:%S")


def zone_of(time: Any) -> Any:
    """The zone of a moment, as Evolution itself looks it up."""
    if time.is_utc():
        return ICalGLib.Timezone.get_utc_timezone()
    name = time.get_tzid() or "Europe/Berlin"
    found = CLIENTS[0].get_timezone_sync(name, None)
    return found[1] if isinstance(found, tuple) else found


CLIENTS: list[Any] = []


def main(feed: str, tasks: str) -> None:
    """Answer as long as lines come in."""
    registry = EDataServer.SourceRegistry.new_sync(None)
    CLIENTS.extend((subscribe(registry, feed, tasks=False), subscribe(registry, tasks, tasks=True)))
    for _ in sys.stdin:
        print(json.dumps([told(one) for one in CLIENTS]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
