"""Tests of the throw-away PostgreSQL server."""

import os

import psycopg
import pytest

from tests.postgres import VARIABLE, fresh_database, main


@pytest.mark.skipif(VARIABLE not in os.environ, reason="the run on SQLite has no PostgreSQL server")
def test_databases_of_one_server_are_apart_and_do_not_stay() -> None:
    with fresh_database(os.environ[VARIABLE]) as one, fresh_database(os.environ[VARIABLE]) as other:
        with psycopg.connect(one) as connection:
            connection.execute("CREATE TABLE note (text text)")
        with psycopg.connect(other) as connection:
            assert connection.execute("SELECT to_regclass('note')").fetchone() == (None,)
            assert connection.execute("SELECT lower('ÄÖÜ'), current_setting('server_encoding')").fetchone() == (
                "äöü",
                "UTF8",
            )
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(one)


def test_a_server_without_a_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "COMMAND" in capsys.readouterr().err
