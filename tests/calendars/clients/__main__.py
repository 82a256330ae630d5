"""``python -m tests.calendars.clients [name …]``: real programs follow a running server; prints what each showed.

By hand, not in ``make test``: the programs are large. On Debian and Ubuntu:
``apt-get install --no-install-recommends vdirsyncer khal calcurse evolution-data-server gir1.2-ecal-2.0 dbus
thunderbird``. It takes two minutes; everything stays on 127.0.0.1.
Exit status 1 if a program shows anything else than it should, or is missing.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.calendars.clients.desktop import Evolution, Thunderbird
from tests.calendars.clients.house import House, Shown
from tests.calendars.clients.terminal import Calcurse, Khal, Readers

PROGRAMS = {
    "readers": Readers,
    "khal": Khal,
    "calcurse": Calcurse,
    "evolution": Evolution,
    "thunderbird": Thunderbird,
}


def main(names: list[str]) -> int:
    """Plan, move, cancel, hold; after each step every program is asked."""
    wrong = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        house = House(Path(made))
        with house.serving():
            programs = []
            for name in names or list(PROGRAMS):
                folder = Path(made) / name
                folder.mkdir()
                programs.append(PROGRAMS[name](house, folder))
            for step in ("plan", "move", "cancel", "hold"):
                if step != "plan":
                    time.sleep(1.1)  # calendars count in seconds
                    getattr(house, step)()
                for program in programs:
                    found = program.shown()
                    complaints = differences(house.expected(), found)
                    wrong += bool(complaints)
                    told = "; ".join(complaints) or f"right, {len(found)} meetings"
                    print(f"{step:7}{program.name:20}{told}", flush=True)
            for program in programs:
                if hasattr(program, "close"):
                    print(f"{'end':7}{program.name:20}{program.close()}")
    return 1 if wrong else 0


def differences(expected: dict[str, Shown], found: dict[str, Shown]) -> list[str]:
    """What a program shows otherwise than it should; programs that know no UID are compared by summary."""
    if not expected.keys() & found.keys():
        expected = {one.summary: one for one in expected.values()}
    complaints = [f"{expected[uid].summary} is missing" for uid in expected.keys() - found.keys()]
    complaints += [f"{found[uid].summary} is there still" for uid in found.keys() - expected.keys()]
    for uid in expected.keys() & found.keys():
        want, has = expected[uid], found[uid]
        for name in ("starts", "ends", "summary", "status"):
            if getattr(has, name) != getattr(want, name) and getattr(has, name) != "":
                complaints.append(f"{want.summary}: {name} {getattr(has, name)} instead of {getattr(want, name)}")
    return complaints


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
