"""Evolution's data server and Thunderbird, without a screen."""

import datetime as dt
import itertools
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

from tests.calendars.clients.house import ELSEWHERE, House, Shown, free_port, wait_for

EVOLUTION = Path(__file__).parents[2] / "tools" / "follow_evolution.py"
SYSTEM_PYTHON = "/usr/bin/python3"
REMOTE = ("--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile")


class Evolution:
    """Evolution's data server (what its window shows comes from there), on a message bus of its own."""

    name = "Evolution"

    def __init__(self, house: House, folder: Path) -> None:
        (folder / "run").mkdir(mode=0o700)
        places = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            **{f"XDG_{one}_HOME": str(folder / one.lower()) for one in ("CONFIG", "DATA", "CACHE")},
        }
        self.process = subprocess.Popen(
            ["dbus-run-session", "--", SYSTEM_PYTHON, str(EVOLUTION), house.feed, house.tasks],
            env={**os.environ, **ELSEWHERE, **places, "GSETTINGS_BACKEND": "memory"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.tasks: list[dict[str, Any]] = []

    def shown(self) -> dict[str, Shown]:
        """What it holds after asking again."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        events, self.tasks = json.loads(self.process.stdout.readline())
        return _timed(events)

    def close(self) -> str:
        """Ends it and tells the tasks."""
        self.process.communicate(timeout=60)
        return _told(self.tasks)


class Thunderbird:
    """Thunderbird itself, without a window on a screen, told by its remote control what a person would click."""

    name = "Thunderbird"

    def __init__(self, house: House, folder: Path) -> None:
        self.process, self.remote = start_thunderbird(folder)
        self.tasks: list[dict[str, Any]] = []
        for name, address in (("feed", house.feed), ("tasks", house.tasks)):
            self.remote.script(SUBSCRIBE, name, address)

    def shown(self) -> dict[str, Shown]:
        """What it holds after asking again."""
        events = self.remote.script(READ, "feed")
        self.tasks = self.remote.script(READ, "tasks")
        return _timed(events)

    def close(self) -> str:
        """Ends it and tells the tasks."""
        self.process.terminate()
        self.process.wait(60)
        return _told(self.tasks)


def start_thunderbird(folder: Path) -> tuple[subprocess.Popen[bytes], "Remote"]:
    """A fresh Thunderbird and its remote control."""
    program = shutil.which("thunderbird")
    if program is None:
        raise FileNotFoundError("thunderbird")
    port = free_port()
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in _prefs(port).items()]
    (profile / "user.js").write_text("\n".join(lines))
    process = subprocess.Popen(
        [program, *REMOTE, str(profile)],
        env={**os.environ, **ELSEWHERE, "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=(folder / "log").open("w"),
        stderr=subprocess.STDOUT,
    )
    wait_for(port)
    return process, Remote(port)


class Remote:
    """Thunderbird's remote control (Marionette): a line of JSON with its length before it, there and back."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=90)
        self.numbers = itertools.count(1)
        self._read()
        self.say("WebDriver:NewSession", {})
        self.say("Marionette:SetContext", {"value": "chrome"})
        self.say("WebDriver:SetTimeouts", {"script": 60000})

    def script(self, code: str, *values: object) -> Any:
        """What the script hands back; it runs with all rights of the program."""
        return self.say("WebDriver:ExecuteAsyncScript", {"script": code, "args": list(values)})["value"]

    def say(self, name: str, values: dict[str, Any]) -> Any:
        """The answer to one command."""
        message = json.dumps([0, next(self.numbers), name, values]).encode()
        self.connection.sendall(f"{len(message)}:".encode() + message)
        _, _, error, answer = self._read()
        if error:
            raise RuntimeError(f"{name}: {error.get('message')} {error.get('stacktrace', '')[:600]}")
        return answer

    def _read(self) -> Any:
        length = b""
        while (sign := self.connection.recv(1)) != b":":
            if not sign:
                raise RuntimeError("Thunderbird ended")
            length += sign
        found = b""
        while len(found) < int(length):
            found += self.connection.recv(int(length) - len(found))
        return json.loads(found)


def _prefs(port: int) -> dict[str, object]:
    """No first steps, no news, no updates; whatever is not on this machine goes to a port where nobody listens."""
    return {
        "marionette.port": port,
        "mail.provider.suppress_dialog_on_startup": True,
        "mail.spotlight.firstRunDone": True,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "app.update.disabledForTesting": True,
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": 9,
        "network.proxy.no_proxies_on": "127.0.0.1, localhost",
    }


SUBSCRIBE = """
const [name, address, done] = arguments;
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const calendar = cal.manager.createCalendar("ics", Services.io.newURI(address));
calendar.name = name;
calendar.setProperty("cache.enabled", true);
calendar.setProperty("readOnly", true);
cal.manager.registerCalendar(calendar);
done(calendar.id);
"""

READ = """
const [name, done] = arguments;
(async () => {
  const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const calendar = cal.manager.getCalendars().find(one => one.name == name);
  const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
  calendar.refresh();
  await new Promise(go => setTimeout(go, 4000));
  const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
  const moment = at => !at ? "" : at.isDate ? at.icalString : new Date(at.nativeTime / 1000).toISOString();
  return items.map(one => ({
    uid: one.id, summary: one.title, status: one.status || "",
    starts: moment(one.isEvent() ? one.startDate : one.entryDate),
    ends: moment(one.isEvent() ? one.endDate : null), due: moment(one.isEvent() ? null : one.dueDate),
  }));
})().then(done, error => done([{ uid: String(error), starts: "", ends: "", summary: String(error.stack) }]));
"""


def _timed(events: list[dict[str, Any]]) -> dict[str, Shown]:
    """The meetings; deadlines are whole days."""
    return {
        one["uid"]: Shown(_utc(one["starts"]), _utc(one["ends"]), one["summary"], one["status"])
        for one in events
        if "T" in one["starts"]
    }


def _utc(written: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(written.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _told(tasks: list[dict[str, Any]]) -> str:
    return "tasks: " + "; ".join(f"{one['summary']} | {one['status']} | due {one['due']}" for one in tasks)
