"""The invented minutes: the first two are sent, objected to and approved, the last one is in review today."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from app import clock
from app.agenda.queries import list_items
from app.db import ident
from app.demo.days import at
from app.demo.script import Act
from app.demo.seats import person_name
from app.demo.stage import Stage
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.minutes import queries
from app.minutes.models import ObjectionState
from app.minutes.schemas.notes import MinutesTextsIn, TextBlockIn
from app.minutes.schemas.wishes import AnswerIn, ApproveIn, ObjectionIn, SubmitIn
from app.minutes.service.afterwards import publish_minutes
from app.minutes.service.life import approve_minutes, send_for_review
from app.minutes.service.notes import write_frame
from app.minutes.service.objections import answer_objection, raise_objection
from app.minutes.service.text_blocks import change_text_blocks

MEMBER = "mitglied"
OPENING = (
    "Der Vorsitzende eröffnet die Sitzung und begrüßt die Mitglieder. "
    "Er stellt fest, dass form- und fristgerecht eingeladen wurde. Die Tagesordnung wird angenommen."
)
CLOSING = "Der Vorsitzende dankt allen Beteiligten und schließt die Sitzung."
BLOCKS = (
    ("Kenntnisnahme", "Der Steuerungskreis nimmt den Bericht zur Kenntnis."),
    ("Einvernehmen", "Der Vorsitzende stellt Einvernehmen fest."),
    ("Vertagung", "Der Punkt wird vertagt, weil noch Unterlagen fehlen."),
)
"""Text blocks of the body: title and words."""
LATE = "Das Protokoll musste mit den vier Betrieben abgestimmt werden."
OBJECTED = (
    "Die Kammern finanzieren die Stellen unter dem Vorbehalt ihrer Haushalte. Das haben wir in der Sitzung gesagt."
)
ANSWER = "Der Vorbehalt steht im Verlauf der Beratung; der Beschluss bleibt, wie er gefasst wurde."
OPEN_OBJECTION = "Wir haben die Sammelbestellung nicht zugesagt, sondern eine Prüfung angekündigt. Bitte berichtigen."


def acts_of_minutes(stage: Stage) -> Iterator[Act]:
    """From the end of each meeting to its approval; that of the extraordinary one is still to come."""
    days = stage.days
    yield Act(at(days.setup, 14), partial(_write_blocks, stage))
    yield Act(_after(days.first, 13, 10), partial(_send, stage, "first"))
    yield Act(at(days.second, 12, 30), partial(_approve, stage, "first", "second"))
    yield Act(_after(days.second, 15, 10), partial(_send, stage, "second"))
    yield Act(_after(days.second, 18, 11), partial(_object, stage, "second", "Welcome Center", OBJECTED))
    yield Act(_after(days.second, 22, 9), partial(_answer, stage, "second"))
    yield Act(at(days.special, 11, 30), partial(_approve, stage, "second", "special"))
    yield Act(_after(days.special, 4, 10), partial(_publish, stage, "second"))
    yield Act(at(days.after(-5), 10), partial(_send, stage, "special", LATE))
    yield Act(at(days.after(-2), 16), partial(_object, stage, "special", "Gemeinsame", OPEN_OBJECTION))


def _write_blocks(stage: Stage) -> None:
    wishes = [TextBlockIn(title=title, text=words) for title, words in BLOCKS]
    change_text_blocks(stage.session, stage.secretary(), stage.body, wishes)


def _after(day: dt.date, days: int, hour: int) -> dt.datetime:
    return at(day + dt.timedelta(days=days), hour)


def _send(stage: Stage, key: str, late_reason: str = "") -> None:
    """The secretariat frames the minutes and sends them, with the chair's yes of the same day."""
    secretary, meeting = stage.secretary(), _locked(stage, key)
    write_frame(stage.session, secretary, meeting, MinutesTextsIn(opening=OPENING, closing=CLOSING), base_version=0)
    wish = SubmitIn(
        released_by=person_name("vorsitz"),
        released_on=clock.today(),
        released_how="E-Mail",
        late_reason=late_reason,
    )
    send_for_review(stage.session, secretary, meeting, wish)


def _object(stage: Stage, key: str, title: str, words: str) -> None:
    member, meeting = stage.acting(MEMBER), _locked(stage, key)
    items = list_items(stage.session, stage.secretary(), ident(meeting))
    item = next(one for one in items if one.title.startswith(title))
    raise_objection(stage.session, member, meeting, ObjectionIn(item=ident(item), text=words))


def _answer(stage: Stage, key: str) -> None:
    secretary, meeting = stage.secretary(), _locked(stage, key)
    minutes = queries.get_minutes(stage.session, secretary, ident(meeting))
    for objection in queries.list_objections(stage.session, ident(minutes)):
        wish = AnswerIn(state=ObjectionState.PARTLY, answer=ANSWER)
        answer_objection(stage.session, secretary, meeting, objection, wish)


def _approve(stage: Stage, key: str, place: str) -> None:
    wish = ApproveIn(meeting=ident(stage.meetings[place]))
    approve_minutes(stage.session, stage.secretary(), _locked(stage, key), wish)


def _publish(stage: Stage, key: str) -> None:
    publish_minutes(stage.session, stage.secretary(), _locked(stage, key))


def _locked(stage: Stage, key: str) -> Meeting:
    return lock_meeting(stage.session, stage.secretary(), ident(stage.meetings[key]))
