"""Every place that refers to a person or account is named, told and given a fate; a new one fails here."""

import pytest

from app.migrating import every_table
from app.privacy.queries.personal import ROOTS, label_of, references
from app.privacy.rules.references import OTHERS, REFERENCES, Fate, is_given

pytestmark = pytest.mark.once

BY_ADDRESS = {"mail", "seat_address", "feedback", "invitation_recipient", "invitation_reply"}

POST = {"organisation"}
"""Tables whose address is that of a house."""


def test_every_reference_to_somebody_is_known_and_none_is_invented():
    found = set(references())
    assert {"membership.person_id", "api_token.account_id"} <= found
    missing = sorted(found - REFERENCES.keys())
    assert not missing, f"say in app/privacy/rules/references.py what becomes of {missing}"
    known = {place for place in REFERENCES if place.partition(".")[0] in every_table().tables}
    assert known - found == set()


def test_columns_that_name_an_account_without_a_key_are_known():
    named = {
        f"{table.name}.{column.name}"
        for table in every_table().tables.values()
        for column in table.columns
        if column.name in ("account_id", "person_id") and not column.foreign_keys
    }
    assert named == OTHERS.keys()


def test_columns_that_hold_addresses_of_people_are_known():
    named = {
        table.name
        for table in every_table().tables.values()
        for column in table.columns
        if column.name in ("email", "reply_to", "sender") or (column.name, table.name in POST) == ("address", False)
    }
    assert named == BY_ADDRESS | {"person", "account"}


def test_every_column_that_is_told_has_a_german_name():
    plain = REFERENCES["person_function.person_id"]
    told = [(place.partition(".")[0], one) for place, one in REFERENCES.items() if not one.excuse]
    nameless = []
    for table, reference in [*told, *((name, plain) for name in (*ROOTS, *BY_ADDRESS))]:
        for column in every_table().tables[table].columns if table in every_table().tables else ():
            to_people = any(key.column.table.name in ROOTS for key in column.foreign_keys)
            if not is_given(reference, column.name) or to_people:
                continue
            try:
                assert label_of(table, column.name)
            except KeyError:
                nameless.append(f"{table}.{column.name}")
    assert not nameless, f"name these in LABELS of app/privacy/rules/references.py: {sorted(set(nameless))}"


def test_what_stays_says_why():
    assert [place for place, one in REFERENCES.items() if one.fate in (Fate.KEEPS, Fate.FOLLOWS) and not one.why] == []


@pytest.mark.parametrize("column", ["token_hash", "password_hash", "nonce", "changed_by", "by", "consent_by"])
def test_secrets_and_other_people_are_never_given(column):
    assert not is_given(REFERENCES["api_token.account_id"], column)


def test_where_a_mail_went_is_no_postal_address():
    told = {place: label_of(*place.split(".")) for place in ("person.address", "mail.address")}
    assert told == {"person.address": "Postanschrift", "mail.address": "E-Mail-Adresse"}
    assert label_of("invitation_recipient", "address") == "E-Mail-Adresse"


def test_reasons_are_sentences_for_people_and_name_no_documents_of_ours():
    reasons = [words for reference in REFERENCES.values() for words in (reference.why, reference.excuse) if words]
    assert all(words.endswith(".") for words in reasons)
    assert [words for words in reasons if "domain" in words] == []
    titles = [reference.title for reference in REFERENCES.values()]
    assert sorted(set(titles)) == sorted(titles)
