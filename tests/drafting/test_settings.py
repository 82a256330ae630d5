"""What a body sets is what drafting reads."""

import json
from dataclasses import fields

import pytest

from app.bodies.rules import RuleBook
from app.drafting.rules.settings import DRAFTING_SETTINGS, THRESHOLD_SETTINGS, WEIGHT_SETTINGS, body_rules
from app.drafting.rules.table import TABLE
from app.drafting.schemas import BodyRules, Rule, SectionTime

pytestmark = pytest.mark.once


def test_without_settings_the_defaults_of_the_table_hold():
    found = body_rules(RuleBook(), length=120)
    assert found.weights == {row.rule: row.weight for row in TABLE if row.weight is not None}
    assert {name: getattr(found, name) for name in THRESHOLD_SETTINGS} == {
        name: getattr(BodyRules(), name) for name in THRESHOLD_SETTINGS
    }


def test_every_number_of_the_drafting_is_a_setting():
    assert {one.name for one in fields(BodyRules)} == {"weights", "times", "length", *THRESHOLD_SETTINGS}


@pytest.mark.parametrize("spec", DRAFTING_SETTINGS, ids=lambda spec: spec.key)
def test_each_setting_is_read(spec):
    changed = body_rules(RuleBook({spec.key: (json.dumps(spec.default + 1), "Beschluss")}), length=120)
    assert changed != body_rules(RuleBook(), length=120)


def test_keys_differ_and_own_definitions_say_so():
    assert len({spec.key for spec in DRAFTING_SETTINGS}) == len(WEIGHT_SETTINGS) + len(THRESHOLD_SETTINGS)
    assert {spec.provenance for spec in DRAFTING_SETTINGS} == {"eigene Festlegung"}


def test_the_sections_minutes_and_the_length_are_handed_on():
    found = body_rules(RuleBook(), length=90, times={"beratung": SectionTime(15)})
    assert (found.length, found.times) == (90, {"beratung": SectionTime(15)})
    assert Rule.REPORT_MISSING not in found.weights
