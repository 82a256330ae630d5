"""Reading agendas: a project's standing comes from the database as folding its reports says."""

import datetime as dt

from app.agenda.queries import project_lines
from app.db import ident
from app.projects.models import Light, Phase, StatusState
from app.projects.rules.standing import standing
from tests import factories
from tests.queries import recorded_queries

ON = dt.date(2026, 2, 1)


def test_the_standing_is_that_of_the_folded_reports_in_one_query(session):
    project, silent = factories.make_project(session), factories.make_project(session)
    told = [
        factories.make_status(session, project, dt.date(2025, 1, 1), Light.GREEN, phase=Phase.PLANNED),
        factories.make_status(session, project, dt.date(2025, 3, 1), Light.RED, light_cost=Light.YELLOW),
        factories.make_status(session, project, dt.date(2025, 6, 1), None, phase=Phase.RUNNING),
        factories.make_status(session, project, dt.date(2025, 9, 1), None, light_schedule=Light.RED),
    ]
    factories.make_status(session, project, dt.date(2025, 10, 1), Light.GREEN, valid=False)
    factories.make_status(session, project, dt.date(2025, 11, 1), Light.GREEN, state=StatusState.SUBMITTED)
    factories.make_status(session, project, dt.date(2026, 2, 2), Light.GREEN, phase=Phase.COMPLETED)
    with recorded_queries(session.connection()) as seen:
        lines = project_lines(session, ids={ident(project), ident(silent)}, on=ON)
    assert len(seen) == 1
    assert lines[ident(project)].standing == standing(told, ON)
    assert lines[ident(project)].standing.light is Light.RED
    assert lines[ident(project)].status_id == told[-1].id
    assert lines[ident(silent)].standing == standing([], ON)
    assert lines[ident(silent)].status_id is None
