"""Programs without windows: vdirsyncer with khal, calcurse, and the readers of the tests."""

import datetime as dt
import re
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.calendars.clients.house import YEAR, House, Shown, run
from tests.calendars.readers import read_back

THERE = ZoneInfo("America/New_York")


class Khal:
    """vdirsyncer keeps a folder in step with the feed, khal reads the folder."""

    name = "vdirsyncer + khal"

    def __init__(self, house: House, folder: Path) -> None:
        self.env = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "conf"), "XDG_DATA_HOME": str(folder / "data")}
        self.items = folder / "items"
        self.sync = folder / "vdirsyncer.conf"
        self.sync.write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair skip]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "b wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.items}"\nfileext = ".ics"\n'
            f'[storage there]\ntype = "http"\nurl = "{house.feed}"\n'
        )
        self.conf = folder / "khal.conf"
        self.conf.write_text(
            f"[calendars]\n[[skip]]\npath = {self.items}\nreadonly = True\n"
            "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %d.%m.\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %d.%m. %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        self.items.mkdir()
        run(["vdirsyncer", "-c", str(self.sync), "discover"], env=self.env, typed="y\ny\n")

    def shown(self) -> dict[str, Shown]:
        """What khal lists after a sync, by summary: vdirsyncer gives entries of a feed UIDs of its own."""
        run(["vdirsyncer", "-c", str(self.sync), "sync"], env=self.env)
        parts = "{start-long-full}|{end-long-full}|{title}|{status}"
        written = run(
            ["khal", "-c", str(self.conf), "list", "--once", "-f", parts, f"{YEAR - 1}-01-01", f"{YEAR}-12-31"],
            env=self.env,
        )
        found = {}
        for line in written.splitlines():
            starts, _, rest = line.partition("|")
            if rest and not starts.endswith(" 00:00"):
                ends, title, status = rest.split("|")
                found[title] = Shown(_utc(starts), _utc(ends), title, status.strip())
        return found


class Calcurse:
    """calcurse imports what was fetched; it knows neither UID nor subscription, so each time into an empty calendar."""

    name = "calcurse"

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder, self.turn = house, folder, 0

    def shown(self) -> dict[str, Shown]:
        """What calcurse lists; it says nothing of the status, and its keys are summaries."""
        self.turn += 1
        mine = self.folder / str(self.turn)
        mine.mkdir()
        (mine / "feed.ics").write_bytes(fetched(self.house))
        base = ["calcurse", "-D", str(mine), "-C", str(mine)]
        run([*base, "-q", "-i", str(mine / "feed.ics")], env={"HOME": str(self.folder)})
        written = run([*base, "-G"], env={"HOME": str(self.folder)})
        moment = r"(\d\d/\d\d/\d{4} @ \d\d:\d\d)"
        found = {}
        for starts, ends, summary in re.findall(rf"^{moment} -> {moment}(?:>\w+)?\s*\|(.*)$", written, re.M):
            found[summary] = Shown(_there(starts), _there(ends), summary)
        return found


class Readers:
    """icalendar, ical.js, node-ical and libical, which read what was fetched."""

    name = "four libraries"

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder

    def shown(self) -> dict[str, Shown]:
        """What all of them read alike; RuntimeError where they differ or libical finds a mistake."""
        readings = read_back({"feed": fetched(self.house)}, self.folder)["feed"]
        if readings.errors or not readings.fits_rules:
            raise RuntimeError(f"libical: {readings.errors}")
        first, *others = [
            {
                uid: Shown(one.starts, one.ends, one.summary, one.status or "")
                for uid, one in reading.entries.items()
                if isinstance(one.starts, dt.datetime)
            }
            for reading in readings.by_reader.values()
        ]
        if any(one != first for one in others):
            raise RuntimeError("the libraries differ")
        return first


def fetched(house: House) -> bytes:
    """The feed as a program without any header of its own gets it."""
    with urllib.request.urlopen(house.feed) as answer:
        content: bytes = answer.read()
        return content


def _utc(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).replace(tzinfo=dt.UTC)


def _there(written: str) -> dt.datetime:
    return dt.datetime.strptime(written, "%m/%d/%Y @ %H:%M").replace(tzinfo=THERE).astimezone(dt.UTC)
