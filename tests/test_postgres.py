"""Tests of the throw-away PostgreSQL server."""

import psycopg
import pytest

from tests.postgres import fresh_database, main, server

pytestmark = pytest.mark.usefixtures("server_url")
"""They ask for no database, and yet belong into the run on a given server too."""


@pytest.mark.slow
def test_databases_of_one_server_are_apart_and_do_not_stay() -> None:
    """Starts a server where none is given, so it also says on SQLite whether the other run could."""
    with server() as address:
        with fresh_database(address) as one, fresh_database(address) as other:
            with psycopg.connect(one) as connection:
                connection.execute("CREATE TABLE note (text text)")
            with psycopg.connect(other) as connection:
                assert connection.execute("SELECT to_regclass('note')").fetchone() == (None,)
                told = connection.execute("SELECT lower('ÄÖÜ'), current_setting('server_encoding')").fetchone()
                assert told == ("äöü", "UTF8")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(one)


def test_a_server_without_a_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "COMMAND" in capsys.readouterr().err
