"""The register's own acts: replacing, taking over old decisions, correcting them; what the register finds."""

import datetime as dt

import pytest
from sqlmodel import select

from app.actor import Grant, Role, SeatRight
from app.agenda.models import Outcome
from app.db import ident
from app.decisions import queries
from app.decisions.models import FollowUp, FollowUpState, SeriesKind, Verb
from app.decisions.queries import DecisionFilter
from app.decisions.schemas import ClauseIn, ReplaceIn, TakenOverChange, TakenOverIn
from app.decisions.service.numbering import take_number
from app.decisions.service.registering import correct_taken_over, replace_decision, take_over_decision
from app.errors import Forbidden, Invalid, Stale
from app.visibility import Level
from tests import factories
from tests.factories import operator


@pytest.fixture
def body(session):
    return factories.make_body(session, "SKIP")


def take_over(session, body, number="7/2018", on=dt.date(2018, 5, 16), **fields):
    wish = {"title": "Altes", "source": "Niederschrift der 15. Sitzung", **fields}
    return take_over_decision(session, operator(), TakenOverIn(body=ident(body), number=number, decided_on=on, **wish))


def find(session, **wanted):
    return [one.number for one in queries.list_decisions(session, operator(), DecisionFilter(**wanted))]


def test_an_old_decision_keeps_its_number_outside_the_series(session, body):
    project = factories.make_project(session)
    old = take_over(session, body, wording="Der Rahmen gilt.", outcome=Outcome.ADOPTED, projects=[ident(project)])
    assert (old.number, old.year, old.serial, old.source) == ("7/2018", None, None, "Niederschrift der 15. Sitzung")
    assert take_number(session, ident(body), SeriesKind.DECISION, 2018) == 1
    assert [one.id for one in queries.decisions_of_project(session, operator(), ident(project))] == [old.id]
    with pytest.raises(Invalid) as refused:
        take_over(session, body)
    assert refused.value.fields["number"] == "Einen Beschluss 7/2018 gibt es schon."
    with pytest.raises(Invalid):
        take_over(session, body, "8", on=dt.date(2027, 1, 1))


def test_an_old_decision_can_be_corrected_by_whoever_saw_it_last(session, body):
    old = take_over(session, body, wording="Altt.")
    seen = old.version
    correct_taken_over(session, operator(), old, TakenOverChange(wording="Alt."), base_version=seen)
    assert (old.wording, old.version) == ("Alt.", seen + 1)
    with pytest.raises(Stale):
        correct_taken_over(session, operator(), old, TakenOverChange(wording="Neu."), base_version=seen)
    stranger = operator().__class__(account_id=None, name="Fremd", on=dt.date(2026, 3, 2))
    with pytest.raises(Forbidden):
        correct_taken_over(session, stranger, old, TakenOverChange(wording="Neu."))


def test_replacing_leaves_its_traces_and_can_be_taken_back(session, body):
    old, new = take_over(session, body), take_over(session, body, "9/2019", dt.date(2019, 6, 1))
    replace_decision(session, operator(), new, ReplaceIn(replaces=ident(old)))
    assert old.state is FollowUpState.REPLACED
    with pytest.raises(Invalid):
        replace_decision(session, operator(), old, ReplaceIn(replaces=ident(new)))
    replace_decision(session, operator(), new, ReplaceIn())
    assert (old.state, new.replaces_id) == (FollowUpState.OPEN, None)
    entries = session.exec(select(FollowUp).where(FollowUp.decision_id == ident(old)).order_by(FollowUp.id)).all()
    assert [one.state for one in entries] == [FollowUpState.REPLACED, FollowUpState.OPEN]


def test_two_of_one_day_cannot_replace_each_other(session, body):
    day = dt.date(2019, 6, 1)
    one, other = take_over(session, body, "1", day), take_over(session, body, "2", day)
    replace_decision(session, operator(), one, ReplaceIn(replaces=ident(other)))
    with pytest.raises(Invalid) as refused:
        replace_decision(session, operator(), other, ReplaceIn(replaces=ident(one)))
    assert "gegenseitig" in refused.value.fields["replaces"]


def test_the_register_finds_by_every_filter_and_by_parts_of_words(session, body):
    period = factories.make_period(session)
    field = factories.make_field(session, period)
    project = factories.make_project(session, period_id=ident(period), field_id=ident(field))
    take_over(session, body, "1/2018", outcome=Outcome.REJECTED, title="KI in der Verwaltung")
    take_over(session, body, "2/2018", projects=[ident(project)], wording="Das Gewerbeflächenkonzept gilt.")
    take_over(
        session,
        body,
        "1/2019",
        dt.date(2019, 1, 1),
        clauses=[ClauseIn(verb=Verb.ASKS, text="um einen Bericht über Straßen")],
    )
    other = take_over(session, factories.make_body(session), "1/2020", dt.date(2020, 1, 1))
    assert find(session) == ["1/2020", "1/2019", "2/2018", "1/2018"]
    assert find(session, body_id=other.body_id) == ["1/2020"]
    assert find(session, year=2018) == ["2/2018", "1/2018"]
    assert find(session, outcome=Outcome.REJECTED) == ["1/2018"]
    assert find(session, project_id=ident(project)) == find(session, field_id=ident(field)) == ["2/2018"]
    assert find(session, state=FollowUpState.DONE) == []
    assert find(session, search="ki") == ["1/2018"]
    assert find(session, search="FLÄCHEN konzept") == ["2/2018"]
    assert find(session, search="straße") == find(session, search="strasse") == ["1/2019"]
    assert find(session, search="100 %") == []
    assert queries.years_of_decisions(session, operator()) == [2020, 2019, 2018]
    assert queries.count_decisions(session, operator(), DecisionFilter(year=2018)) == 2


def test_pages_of_the_register_join_without_gap(session, body):
    for place in range(5):
        take_over(session, body, f"{place}", dt.date(2019, 1, 1 + place // 2))
    seen, before = [], None
    while page := queries.list_decisions(session, operator(), DecisionFilter(), before=before, limit=2):
        seen += [one.number for one in page]
        before = queries.place_of(page[-1])
    assert seen == ["4", "3", "2", "1", "0"] == find(session)


def test_who_reads_which_decision(session, body):
    project = factories.make_project(session)
    plain = take_over(session, body, "1", projects=[ident(project)])
    secret = take_over(session, body, "2", level=Level.CONFIDENTIAL, projects=[ident(project)])
    elsewhere = take_over(session, factories.make_body(session), "3")
    actor_of = operator().__class__

    def reads(**rights):
        actor = actor_of(account_id=1, name="Jemand", on=dt.date(2026, 3, 2), **rights)
        found = session.exec(queries.readable_decisions(actor)).all()
        return {one.number for one in found}

    assert reads() == set()
    assert reads(seats=(SeatRight(1, ident(body), voting=True, chair=False),)) == {plain.number, secret.number}
    assert reads(seats=(SeatRight(1, ident(body), voting=False, chair=False),)) == {plain.number}
    assert reads(lead_project_ids=frozenset({ident(project)})) == {plain.number}
    assert reads(guest_item_ids=frozenset({1})) == set()
    assert reads(grants=(Grant(Role.AUDITOR),)) == {plain.number, elsewhere.number}
    assert reads(grants=(Grant(Role.ADMIN),)) == set()
