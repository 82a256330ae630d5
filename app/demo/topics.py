"""What the invented people want on the next agenda: two registered topics and an entry of the topic backlog."""

from collections.abc import Iterator
from functools import partial

from app.agenda.models import SectionKey
from app.agenda.schemas.wishes import RegistrationIn, TopicIn
from app.agenda.service.registrations import default_meeting, register_topic
from app.agenda.service.topics import add_topic
from app.demo.days import at
from app.demo.script import Act
from app.demo.stage import Stage

REGISTERED = "Zwischenbericht aus dem eigenen Projekt"
"""What a project lead registers, with a paper that is made with the others."""


def acts_of_topics(stage: Stage) -> Iterator[Act]:
    """A member and a project lead register topics; the secretariat keeps one for the next meeting."""
    yield Act(at(stage.days.after(-42), 11), partial(_of_a_member, stage))
    yield Act(at(stage.days.after(-41), 15), partial(_of_a_lead, stage))
    yield Act(at(stage.days.after(-36), 9), partial(_entry, stage))


def _of_a_member(stage: Stage) -> None:
    actor = stage.acting("mitglied")
    meeting = default_meeting(stage.session, actor, stage.body_id)
    wish = RegistrationIn(
        body=stage.body_id,
        meeting=meeting.id if meeting else None,
        seat=actor.seats[0].seat_id,
        title="Genehmigungen für Werkserweiterungen beschleunigen",
        section=SectionKey.DEBATE,
        minutes=10,
        occasion="Mehrere Betriebe berichten von Verfahren, die länger als ein Jahr dauern.",
        proposed_decision="1. Der Steuerungskreis bittet um einen Bericht über die Dauer der Verfahren.",
    )
    register_topic(stage.session, actor, wish)


def _of_a_lead(stage: Stage) -> None:
    actor = stage.acting("projektleitung")
    wish = RegistrationIn(
        body=stage.body_id,
        title=REGISTERED,
        section=SectionKey.CONSENT,
        occasion="Die ersten Ergebnisse liegen vor und sollen im Kreis bekannt werden.",
        projects=[min(actor.lead_project_ids)],
        papers_follow=True,
        papers_on=stage.days.after(7),
    )
    register_topic(stage.session, actor, wish)


def _entry(stage: Stage) -> None:
    wish = TopicIn(
        body=stage.body_id,
        title="Austausch mit dem Netzwerk Industriepolitik",
        section=SectionKey.MISCELLANEOUS,
        minutes=5,
        why="In der letzten Sitzung war dafür keine Zeit.",
        occasion="Das Netzwerk bittet um einen festen Platz für den Austausch.",
    )
    add_topic(stage.session, stage.secretary(), wish)
