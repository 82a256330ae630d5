"""The command ``skip`` as operators and scripts use it: output, refusals in one sentence, exit status."""

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from app.cli import main
from app.db import Database
from tests import factories

pytestmark = [pytest.mark.once, pytest.mark.real_clock]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def bare(tmp_path, monkeypatch, capsys):
    """Run ``skip`` in this process, in an empty folder, with a database of its own that is not there yet."""

    def run(*arguments: str, stdin: str = "", **settings: str) -> Answer:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("SKIP_")]:
                patch.delenv(name)
            for name, value in {**_environment(tmp_path), **settings}.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["skip", *arguments])
            patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin.encode())))
            capsys.readouterr()
            with pytest.raises(SystemExit) as left:
                main()
        said = capsys.readouterr()
        return Answer(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def skip(bare, pattern, tmp_path):
    """The same with a database that is up to date."""
    shutil.copy(pattern, tmp_path / "skip.db")
    return bare


def _environment(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "SKIP_DATABASE_URL": f"sqlite:///{folder / 'skip.db'}",
        "SKIP_STORAGE": str(folder / "files"),
        "COLUMNS": "200",
    }


@pytest.mark.slow
def test_the_command_is_a_program_of_its_own(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **_environment(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    assert (run("migrate").returncode, run("migrate").stderr) == (0, "")
    refused = run("token", "create", "nobody@example.org")
    assert (refused.returncode, refused.stderr) == (1, "Ein Konto nobody@example.org gibt es nicht.\n")
    # Its own process knows only the tables that a command brings along: those that others refer to are among them.
    made = run("user", "add", "ada@example.org", "--name", "Ada", "--role", "user", "--invite")
    assert (made.returncode, made.stderr) == (0, "")
    assert run("user", "reset-factors", "ada@example.org").returncode == 0
    assert run("fly").returncode == 2


def test_an_account_and_its_key_are_made_once(skip):
    added = skip(
        "user", "add", "Ada@example.org", "--name", "Ada", "--role", "secretariat", "--password-stdin",
        stdin="ein langes Kennwort\n",
    )  # fmt: skip
    assert (added.returncode, added.stderr) == (0, "")
    again = skip("user", "add", "ada@example.org", "--name", "Ada", "--role", "secretariat")
    assert again.returncode == 1
    assert again.stderr == "Für ada@example.org gibt es schon ein Konto.\n"
    token = skip("token", "create", "ada@example.org")
    assert token.returncode == 0
    assert len(token.stdout.splitlines()[-1]) >= 40


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("token", "create", "nobody@example.org"), "Ein Konto nobody@example.org gibt es nicht."),
        (("user", "add", "keine-adresse", "--name", "X", "--role", "user"), "gültige E-Mail-Adresse"),
        (("user", "add", "a@b.de", "--name", "X", "--role", "auditor", "--body", "NIX"), "Ein Gremium „NIX“"),
    ],
)
def test_refusals_are_one_sentence_and_status_1(skip, arguments, sentence):
    answer = skip(*arguments)
    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_short_password_is_refused(skip):
    answer = skip("user", "add", "a@b.de", "--name", "A", "--role", "user", "--password-stdin", stdin="kurz\n")
    assert (answer.returncode, "mindestens 12 Zeichen" in answer.stderr) == (1, True)


def test_wrong_usage_is_status_2(skip):
    assert skip("user", "add", "a@b.de").returncode == 2
    assert skip("fly").returncode == 2
    assert skip("user", "add", "a@b.de", "--name", "A", "--role", "king").returncode == 2


def test_commands_ask_for_the_migration_first(bare):
    answer = bare("history", "verify")
    assert answer.returncode == 1
    assert "skip migrate" in answer.stderr


def test_check_lists_every_setting_and_says_what_is_wrong(bare):
    before = bare("check", SKIP_SMTP_URL="smtp://user:geheim@127.0.0.1:1")
    assert before.returncode == 1
    assert "Abhilfe: skip migrate" in before.stdout
    assert "geheim" not in before.stdout
    assert bare("migrate").returncode == 0
    after = bare("check")
    assert after.returncode == 0, after.stdout
    from app.config import Settings

    for name in Settings.model_fields:
        assert f"SKIP_{name.upper()} = " in after.stdout


def test_check_names_an_unreachable_database(skip):
    answer = skip("check", SKIP_DATABASE_URL="postgresql://skip:geheim@127.0.0.1:1/skip")
    assert answer.returncode == 1
    assert "antwortet nicht" in answer.stdout
    assert "geheim" not in answer.stdout + answer.stderr


def test_verify_finds_a_changed_history(skip, tmp_path):
    skip("user", "add", "a@b.de", "--name", "A", "--role", "admin")
    whole = skip("history", "verify")
    assert whole.returncode == 0
    assert "1 Einträge" in whole.stdout
    with sqlite3.connect(tmp_path / "skip.db") as connection:
        connection.execute("DROP TRIGGER history_entry_no_update")
        connection.execute("UPDATE history_entry SET verb = 'nothing.happened'")
    broken = skip("history", "verify")
    assert broken.returncode == 1
    assert "Eintrag 1 wurde verändert" in broken.stderr


FILE = """Projektnummer;Titel;Phase;Stand;Ampel
1.9;Größenwahn;in Umsetzung;30.09.2025;grün
1.10;Zwei;in Umsetzung;30.09.2025;gelb
"""


def test_a_file_is_imported_once_and_counted_in_the_last_line(skip, tmp_path):
    file = tmp_path / "projekte.csv"
    file.write_text(FILE)
    dry = skip("import", "projects", str(file), "--dry-run")
    assert dry.stdout.splitlines()[-1] == "neu 2, geändert 0, berichtigt 0, unverändert 0"
    first = skip("import", "projects", str(file))
    assert first.stdout.splitlines()[-1] == "neu 2, geändert 0, berichtigt 0, unverändert 0"
    again = skip("import", "projects", str(file))
    assert (again.returncode, again.stdout) == (0, "neu 0, geändert 0, berichtigt 0, unverändert 2\n")


def test_a_bad_file_is_refused_with_every_bad_row(skip, tmp_path):
    file = tmp_path / "projekte.csv"
    file.write_text(FILE + "1.11;;in Umsetzung;30.09.2025;blau\n1.12;Drei;x;morgen;rot\n")
    for arguments in ((), ("--dry-run",)):
        answer = skip("import", "projects", str(file), *arguments)
        assert answer.returncode == 1
        assert "Zeile 4, Spalte Ampel: „blau“" in answer.stderr
        assert "Zeile 4, Spalte Titel: leer" in answer.stderr
        assert "Zeile 5, Spalte Stand: „morgen“" in answer.stderr
    file.write_text(FILE)
    assert skip("import", "projects", str(file)).stdout.splitlines()[-1].startswith("neu 2,")
    assert "gibt es nicht" in skip("import", "projects", "nirgends.csv").stderr


def test_drafting_tells_reasons_and_the_same_as_the_api(skip, tmp_path):
    import json

    from app.actor import system
    from app.clock import today
    from app.db import Database
    from app.meetings.schemas import MeetingIn
    from app.meetings.service import plan_meeting
    from tests import factories

    file = tmp_path / "projekte.csv"
    file.write_text(FILE.replace("gelb", "rot"))
    skip("import", "projects", str(file))
    database = Database(f"sqlite:///{tmp_path / 'skip.db'}")
    start = factories.clock.now() + factories.dt.timedelta(days=400)
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        wish = MeetingIn(body=body.id, starts_at=start, ends_at=start + factories.dt.timedelta(hours=2))
        plan_meeting(session, system(today()), wish)
    database.close()
    told = skip("draft-agenda", "--meeting", "1")
    assert told.returncode == 0
    assert "turned_red: Ampel seit 30.09.2025 rot" in told.stdout
    plain = json.loads(skip("draft-agenda", "--meeting", "1", "--json").stdout)
    red = next(one for one in plain["items"] if one["projects"] == [{"id": 2, "code": "1.10"}])
    assert (red["section"], red["state"], red["reasons"][0]["rule"]) == ("Beratung", "open", "turned_red")
    assert skip("draft-agenda", "--meeting", "99").stderr.startswith("Diese Seite gibt es nicht")
    wrong = skip("draft-agenda", "--meeting", "1", "--as-of", "2999-01-01")
    assert (wrong.returncode, "liegt nach der Sitzung" in wrong.stderr) == (1, True)


def test_an_export_is_what_the_address_gives_that_reader(skip, tmp_path, settings):
    from sqlalchemy import text

    from app.agenda.models import Level
    from app.agenda.schemas.wishes import ItemIn, ReleaseIn
    from app.agenda.service.items import add_item
    from app.db import Database
    from app.drafting.service.releasing import release_meeting
    from app.main import create_app
    from app.storage import Folder
    from tests import factories
    from tests.browser_client import Browser

    database = Database(f"sqlite:///{tmp_path / 'skip.db'}")
    with database.write() as session:
        body = factories.make_body(session, "SKIP")
        member = factories.make_seated(session, body, voting=False)
        meeting = factories.make_meeting(session, body, number=17)
        for level in (Level.INTERNAL, Level.CONFIDENTIAL):
            add_item(session, factories.operator(), meeting, ItemIn(title=level.value, section="beratung", level=level))
        wish = ReleaseIn(approved_by="den Vorsitz", approved_on=factories.clock.today(), approved_how="mündlich")
        release_meeting(session, factories.operator(), meeting, wish)
    browser = Browser(create_app(settings, database=database, storage=Folder(tmp_path / "files")), database, member)
    shown = browser.get(f"/sitzungen/{meeting.id}/tagesordnung.pdf").content
    browser.close()
    own = skip("export", "agenda-pdf", "--meeting", "1", "--for", member.email, "-o", "own.pdf")
    assert own.returncode == 0, own.stderr
    assert (tmp_path / "own.pdf").read_bytes() == shown
    whole = ("export", "agenda-pdf", "--meeting", "1", "--edition", "vollstaendig", "-o", "whole.pdf")
    assert skip(*whole, "--for", member.email).returncode == 1
    assert not (tmp_path / "whole.pdf").exists()
    assert skip(*whole).returncode == 0
    assert (tmp_path / "whole.pdf").read_bytes() != shown
    assert skip("export", "meeting-ics", "--meeting", "1", "-o", "m.ics").returncode == 0
    assert b"UID:" + meeting.uid.encode() in (tmp_path / "m.ics").read_bytes()
    assert skip("export", "minutes-docx", "--meeting", "1", "-o", "x").returncode == 2
    with database.read() as session:
        digest = session.execute(text("SELECT hash FROM frozen_document WHERE edition = 'oeffentlich'")).scalar_one()
    for asked in (digest, digest[:12]):
        told = skip("which", asked)
        assert told.returncode == 0, told.stderr
        assert f"{digest}  Tagesordnung, Version 1, Fassung öffentlich: SKIP, 17. Sitzung" in told.stdout
    unknown = skip("which", "0" * 64)
    assert (unknown.returncode, unknown.stderr.strip()) == (1, "Zu dieser Prüfsumme gibt es kein Dokument.")
    assert skip("which", "xyz").returncode == 1
    database.close()


def test_several_processes_need_postgresql(skip):
    answer = skip("serve", "--workers", "2")
    assert (answer.returncode, "Mit SQLite bedient ein Prozess" in answer.stderr) == (1, True)


def test_the_secret_is_made_once_and_private(skip, tmp_path):
    from app.config import Settings

    settings = Settings(database_url=f"sqlite:///{tmp_path / 'skip.db'}")
    first = settings.signing_key
    assert Settings(database_url=f"sqlite:///{tmp_path / 'skip.db'}").signing_key == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_people_are_imported_into_a_body_once(skip, tmp_path):
    file = tmp_path / "sitze.csv"
    file.write_text("Institution;Nachname;Rolle\nHandelskammer;Äpfel;Mitglied\n")
    nowhere = skip("import", "people", str(file), "--body", "SKIP")
    assert (nowhere.returncode, nowhere.stderr) == (1, "Ein Gremium „SKIP“ gibt es nicht.\n")
    database = Database(f"sqlite:///{tmp_path / 'skip.db'}")
    with database.write() as session:
        factories.make_body(session, "SKIP")
    database.close()
    for arguments, counts in (
        (["--dry-run"], "neu 4, geändert 0, berichtigt 0, unverändert 0"),
        ([], "neu 4, geändert 0, berichtigt 0, unverändert 0"),
        ([], "neu 0, geändert 0, berichtigt 0, unverändert 4"),
    ):
        answer = skip("import", "people", str(file), "--body", "SKIP", *arguments)
        assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, counts)
    file.write_text("Institution;Nachname;Rolle\nHandelskammer;Öl;Chef\n")
    refused = skip("import", "people", str(file), "--body", "SKIP")
    assert refused.returncode == 1
    assert "Zeile 2, Spalte Rolle: „Chef“. Erwartet: Mitglied, Stellvertretung, Büro oder leer." in refused.stderr


def test_an_invited_account_gets_a_mail_and_lost_factors_are_taken_away(skip, tmp_path):
    made = skip("user", "add", "ada@example.org", "--name", "Ada", "--role", "user", "--invite")
    assert made.returncode == 0
    assert "Ohne SKIP_SMTP_URL wird sie nicht versandt." in made.stdout
    with sqlite3.connect(tmp_path / "skip.db") as opened:
        assert opened.execute("SELECT kind, address FROM mail").fetchall() == [("account.invited", "ada@example.org")]
        opened.execute("INSERT INTO one_time_secret VALUES (1, '', '2026-01-01', '2026-01-01', 0)")
    opened.close()
    assert skip("user", "reset-factors", "ADA@example.org").returncode == 0
    with sqlite3.connect(tmp_path / "skip.db") as opened:
        assert opened.execute("SELECT count(*) FROM one_time_secret").fetchone() == (0,)
        assert opened.execute("SELECT count(*) FROM mail WHERE kind = 'account.changed'").fetchone() == (1,)
    opened.close()
    assert skip("user", "reset-factors", "niemand@example.org").returncode == 1
