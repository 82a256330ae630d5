"""What ``skip demo`` does around the data: once, nowhere else, and with the promised end of its output."""

import re
import shutil
import socket
import sqlite3
from pathlib import Path

import icalendar
import pikepdf
import pytest
from typer.testing import CliRunner

from app.agenda.schemas.frozen import read_values
from app.cli import app as command
from app.config import Settings
from app.demo.making import PASSWORD
from app.demo.running import DemoReport, demo_settings, prepare_demo, require_free_port
from app.demo.seats import PERSONAS
from app.errors import Refused
from app.storage import open_storage

pytestmark = pytest.mark.once


def dump(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "demo.db") as connection:
        return list(connection.iterdump())


def test_a_killed_run_leaves_nothing_behind(made: tuple[Settings, DemoReport]) -> None:
    report = made[1]
    assert report.made
    assert not list(report.files[0].parent.parent.glob("demo.unfinished*"))


def test_a_run_that_breaks_off_is_never_served(tmp_path: Path) -> None:
    def break_off(words: str) -> None:
        if words == "Projekte":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_demo(demo_settings(tmp_path, port=8123), progress=break_off)
    assert not (tmp_path / "demo.db").exists()


def test_agenda_and_date_of_the_next_meeting_are_written(made: tuple[Settings, DemoReport]) -> None:
    agenda, date = made[1].files
    with pikepdf.open(agenda) as pdf:
        values = read_values(pdf.attachments["tagesordnung.json"].get_file().read_bytes().decode())
    assert (values.demo, values.version, values.meeting.label) == (True, 0, "103. Sitzung")
    assert [len(item.projects) for section in values.sections for item in section.items] == [0, 1, 1, 3, 0]
    event = icalendar.Calendar.from_ical(date.read_bytes()).events[0]
    assert (event["STATUS"], event["UID"]) == ("TENTATIVE", values.meeting.uid)


def test_every_file_lies_where_the_demo_is_served_from(made: tuple[Settings, DemoReport]) -> None:
    settings = made[0]
    storage = open_storage(settings.storage)
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as connection:
        keys = [key for (key,) in connection.execute("SELECT file_key FROM paper_version")]
    assert len(keys) >= 4
    assert [key for key in keys if not storage.has(key)] == []


def test_a_second_run_changes_nothing(var: Path) -> None:
    before = dump(var)
    report = prepare_demo(demo_settings(var, port=8123))
    assert not report.made
    assert dump(var) == before


def test_another_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKIP_DATABASE_URL", "postgresql://localhost/wirklich")
    with pytest.raises(Refused, match="SKIP_DATABASE_URL nennt aber eine andere"):
        demo_settings(tmp_path, port=8123)
    monkeypatch.setenv("SKIP_DATABASE_URL", f"sqlite:///{tmp_path}/demo.db")
    assert demo_settings(tmp_path, port=8123).database_url.endswith("demo.db")


def test_a_database_that_is_no_demo_is_not_touched(migrated_url: str, tmp_path: Path) -> None:
    if not migrated_url.startswith("sqlite"):
        pytest.skip("the demo knows SQLite only")
    shutil.copy(migrated_url.removeprefix("sqlite:///"), tmp_path / "demo.db")
    before = dump(tmp_path)
    with pytest.raises(Refused, match="enthält keine Demo"):
        prepare_demo(demo_settings(tmp_path, port=8123))
    assert dump(tmp_path) == before


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} ist belegt"):
            require_free_port(port)
    require_free_port(port)


def test_the_command_ends_with_files_address_and_sign_ins(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(var.parent)
    result = CliRunner().invoke(command, ["demo", "--no-serve", "--port", "8123"], catch_exceptions=False)
    assert result.exit_code == 0
    lines = result.stdout.rstrip().splitlines()
    assert lines[-1].split() == ["Adresse:", "http://127.0.0.1:8123"]
    assert lines[-2].split()[-1] == PASSWORD
    end = "\n".join(lines[-24:])
    for persona in PERSONAS:
        assert re.search(rf"{persona.title} +{re.escape(persona.email)} ", end)
    paths = re.findall(r"(/\S+\.(?:pdf|ics))", end)
    assert [Path(path).suffix for path in paths] == [".pdf", ".ics"]
    assert all(Path(path).is_file() for path in paths)


def test_the_command_needs_no_other_database(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(var.parent)
    monkeypatch.setenv("SKIP_DATABASE_URL", "sqlite:///anderswo.db")
    result = CliRunner().invoke(command, ["demo", "--no-serve"])
    assert isinstance(result.exception, Refused)
    assert not (var.parent / "anderswo.db").exists()
