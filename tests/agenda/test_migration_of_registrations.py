"""Migration 0005 on a database that is in use: proposals and entries of the backlog keep what they hold."""

import datetime as dt

import sqlalchemy as sa

from app import clock
from app.agenda.models import ItemKind, Proposal, ProposalProject, SectionKey, Topic, TopicProject
from app.db import ident
from app.migrating import downgrade, newest_revision, upgrade
from tests import factories


def rows(database, statement):
    with database.engine.connect() as connection:
        return connection.execute(sa.text(statement)).all()


def test_what_was_there_stays_and_gets_the_usual_values(own_database):
    given = {"section": SectionKey.DEBATE, "kind": ItemKind.DEBATE, "title": "Flächen", "minutes": 10}
    with own_database.write() as session:
        body = factories.make_body(session)
        meeting, project = factories.make_meeting(session, body), factories.make_project(session)
        topic = Topic(body_id=ident(body), why="später", created_at=clock.now(), resume_on=dt.date(2026, 6, 1), **given)
        session.add(topic)
        session.flush()
        proposal = Proposal(
            meeting_id=ident(meeting), key="topic:1", score=1, reasons="[]", topic_id=ident(topic), **given
        )
        session.add(proposal)
        session.flush()
        session.add(TopicProject(topic_id=ident(topic), project_id=ident(project)))
        session.add(ProposalProject(proposal_id=ident(proposal), project_id=ident(project)))
    downgrade(own_database, "0004")
    assert "registration" not in sa.inspect(own_database.engine).get_table_names()
    assert rows(own_database, "SELECT title, topic_id FROM proposal") == [("Flächen", topic.id)]
    upgrade(own_database, "0005")
    assert [tuple(row) for row in rows(own_database, "SELECT title, presenter, edited, topic_id FROM proposal")] == [
        ("Flächen", "", False, topic.id)
    ]
    assert [tuple(row) for row in rows(own_database, "SELECT why, presenter, closed_reason FROM topic")] == [
        ("später", "", "")
    ]
    assert len(rows(own_database, "SELECT 1 FROM topic_project")) == 1
    assert len(rows(own_database, "SELECT 1 FROM proposal_project")) == 1
    upgrade(own_database)
    assert newest_revision() is not None
