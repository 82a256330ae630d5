"""The database: what its errors say."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError


def test_errors_never_name_the_values_of_a_statement(database):
    with pytest.raises(SQLAlchemyError) as refused, database.write() as session:
        session.execute(text("SELECT * FROM nowhere WHERE email = :email"), {"email": "ada@skip.test"})
    assert "nowhere" in str(refused.value)
    assert "ada@skip.test" not in str(refused.value)
