"""Every list stands in German order (DIN 5007-1), on both databases: ä as a, ß as ss, small as capital."""

import datetime as dt

import pytest

from app.bodies import queries as bodies
from app.db import ident
from app.people import queries as people
from app.people.rules import person_sort_key
from app.projects.models import Cluster
from app.projects.queries import plan
from app.projects.queries.listing import list_choices, list_projects
from app.projects.schemas import ProjectFilter, ProjectSort
from tests import factories
from tests.factories import operator

WORDS = ["Zebra", "öl", "Ofen", "Strauß", "strasse", "Äpfel", "Apfel", "apfelwein", "Straße"]
ORDER = ["Äpfel", "Apfel", "apfelwein", "Ofen", "öl", "strasse", "Straße", "Strauß", "Zebra"]
"""Equal ones (Äpfel and Apfel, strasse and Straße) keep the order in which they were entered."""


def in_order(names):
    """The words of *names* as they stand, with equal ones in the order of ORDER."""
    found = [name for name in names if name in WORDS]
    assert sorted(found) == sorted(WORDS)
    return found


def test_persons(session):
    for word in WORDS:
        factories.make_person(session, word)
    assert in_order([one.last_name for one in bodies.list_persons(session, operator())]) == ORDER
    assert in_order([name for _, name in people.person_choices(session)]) == ORDER
    assert in_order([name for _, name in plan.list_all_persons(session)]) == ORDER


def test_institutions_by_the_name_of_the_day(session):
    for word in WORDS:
        factories.make_organisation(session, word)
    today = dt.date(2026, 3, 2)
    listed = [one.names[-1].long for one in people.list_organisations(session, operator())]
    assert in_order(listed) == ORDER
    assert in_order([name for _, name in people.organisation_choices(session, today)]) == ORDER


def test_bodies_by_their_short_name(session):
    for word in WORDS:
        factories.make_body(session, word)
    assert in_order([one.short_name for one in bodies.list_bodies(session, operator())]) == ORDER


def test_projects_by_title_up_and_down(session):
    for word in WORDS:
        factories.make_project(session, title=word)
    listed = [
        one.title for one in list_projects(session, operator(), ProjectFilter(), limit=50, sort=ProjectSort.TITLE).lines
    ]
    assert in_order(listed) == ORDER


def test_periods_fields_and_clusters(session):
    period = factories.make_period(session, "2022–2026", starts_on=dt.date(2022, 1, 1))
    for word in WORDS:
        factories.make_period(session, word)
        field = factories.make_field(session, period, word, position=0)
        session.add(Cluster(field_id=ident(field), name=word, position=0))
    session.flush()
    periods = [one.name for one in plan.list_periods(session)]
    assert periods[0] == "2022–2026", "a period without a beginning stands last on both databases"
    assert in_order(periods) == ORDER
    fields = [name.removesuffix(" (2022–2026)") for _, name in plan.list_all_fields(session)]
    assert in_order(fields) == ORDER
    clusters = [name.partition(" (")[0] for _, name in plan.list_all_clusters(session)]
    assert in_order(clusters) == ORDER


def test_the_filters_of_the_projects(session):
    for word in WORDS:
        lead = factories.make_organisation(session, word)
        field = factories.make_field(session, None, word, position=0)
        factories.make_project(session, lead_id=ident(lead), field_id=ident(field))
    choices = list_choices(session, operator())
    assert in_order([name for _, name in choices.fields]) == ORDER
    assert in_order([name for _, name in choices.leads]) == ORDER


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Haug", ""), ("von der Heide", "Anna")),
        (("von der Heide", "Anna"), ("Heidemann", "")),
        (("van Dyck", ""), ("Dr. Ebert", "")),
        (("Öztürk", "Ada"), ("Oztürk", "Berta")),
        (("Müller", "Anna"), ("Müller", "Bernd")),
        (("Muller", ""), ("Müllers", "")),
        (("Uhl", ""), ("Von Däniken", "")),
        (("Weiss", "Ada"), ("Weiß", "Berta")),
    ],
)
def test_names_are_sorted_by_the_name_itself(before, after):
    assert person_sort_key(*before) < person_sort_key(*after)


def test_a_name_of_particles_alone_keeps_itself():
    assert person_sort_key("von") == "von"
