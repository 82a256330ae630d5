"""Makes the whole demo in one transaction: facts, people, projects, the story up to today, the next agenda's draft."""

import datetime as dt
from collections.abc import Callable

from app import clock
from app.config import Settings
from app.db import Database
from app.demo.circulars import acts_of_circulars
from app.demo.days import at, days_of
from app.demo.facts import make_demo_periods, make_facts
from app.demo.followed import acts_of_following
from app.demo.meetings import acts_of_meetings, make_next_agenda
from app.demo.minutes import acts_of_minutes
from app.demo.papers import make_papers
from app.demo.projects import acts_of_projects, make_projects
from app.demo.script import play
from app.demo.seats import make_people
from app.demo.stage import Stage
from app.demo.topics import acts_of_topics
from app.installation.models import Installation
from app.people.rules import hash_password
from app.storage import Storage

PASSWORD = "Industriestadt-Demo"  # noqa: S105  printed by the command, for invented data only

Progress = Callable[[str], None]


def make_demo(
    database: Database,
    settings: Settings,
    *,
    today: dt.date,
    storage: Storage | None = None,
    progress: Progress = lambda _: None,
) -> None:
    """Fill an empty, migrated *database* with demo data that count from *today*: all of it or nothing.

    Papers are made where there is a *storage* for their files; invitations bear the links of *settings*.
    """
    now = clock.now() if clock.today() == today else at(today, 9)
    password_hash, days = hash_password(PASSWORD), days_of(today)
    with database.write() as session:
        session.merge(Installation(id=1, demo_made_on=today))
        stage = Stage(session, days, settings)
        progress("Gremium, Sitze, Planperioden und frühere Sitzungen")
        with clock.standing_at(at(days.setup, 9)):
            make_people(stage, password_hash)
            make_facts(stage)
            make_demo_periods(stage)
        progress("Projekte")
        with clock.standing_at(at(days.setup, 11)):
            make_projects(stage)
        progress("Sachstände und Sitzungen")
        chapters = (acts_of_projects, acts_of_meetings, acts_of_topics, acts_of_circulars, acts_of_minutes)
        play(act for chapter in (*chapters, acts_of_following) for act in chapter(stage))
        progress("Entwurf der nächsten Tagesordnung")
        with clock.standing_at(now):
            make_next_agenda(stage)
            if storage is not None:
                make_papers(stage, storage)
