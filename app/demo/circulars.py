"""The invented circular procedures: one that was adopted, one to which a member objected, one that runs today."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from app import clock, text
from app.bodies.queries import list_seats
from app.circulars.models import Circular, Vote
from app.circulars.queries.circulars import lock_circular
from app.circulars.schemas import BallotIn, CircularIn, StartIn
from app.circulars.service.answering import cast_ballot
from app.circulars.service.establishing import establish_result
from app.circulars.service.preparing import prepare_circular
from app.circulars.service.starting import start_circular
from app.db import ident
from app.decisions.models import Verb
from app.demo.days import at, working_day
from app.demo.room import clauses_of
from app.demo.rulings import Ziffer
from app.demo.script import Act
from app.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Written:
    """A circular procedure: when it starts and ends, in days from the day the demo is made, and who answers what.

    ``answers`` by institution (a key of ``people.toml``): whether the procedure is agreed to, the vote, a remark.
    """

    title: str
    wording: str
    grounds: str
    starts: int
    ends: int
    answers: Mapping[str, tuple[bool, Vote, str]]
    clauses: tuple[Ziffer, ...] = ()
    projects: tuple[str, ...] = ()


_YES = (True, Vote.YES, "")
_MOST = ("senkanzlei", "sen_web", "sen_stadt", "sen_arb", "uvb", "ihk", "hwk", "dgb", "bp", "ibb")
CIRCULARS: tuple[Written, ...] = (
    Written(
        title="Stellungnahme zur Netzentgeltreform",
        wording="Der Steuerungskreis beschließt die gemeinsame Stellungnahme zur Reform der Netzentgelte.",
        grounds="Die Frist des Bundes endet vor der nächsten Sitzung.",
        starts=-70,
        ends=-56,
        answers={**dict.fromkeys(_MOST, _YES), "igm": (True, Vote.ABSTENTION, "Die Folgen für Beschäftigte fehlen.")},
        clauses=(Ziffer(Verb.CHARGES, "die Stellungnahme fristgerecht einzureichen", "gs", -49),),
    ),
    Written(
        title="Förderaufruf Kreislaufwirtschaft vorziehen",
        wording="Der Steuerungskreis zieht den Förderaufruf Kreislaufwirtschaft um ein Quartal vor.",
        grounds="Mittel des laufenden Jahres verfallen sonst.",
        starts=-40,
        ends=-26,
        answers={
            "senkanzlei": _YES,
            "sen_web": _YES,
            "uvb": _YES,
            "sen_fin": (False, Vote.NO, "Das ist in einer Sitzung zu beraten."),
        },
    ),
    Written(
        title="Gemeinsamer Messestand der Berliner Industrie",
        wording="Der Steuerungskreis beteiligt sich an einem gemeinsamen Messestand der Berliner Industrie.",
        grounds="Die Standfläche ist bis Monatsende zu buchen; Kosten erfunden, 80 000 Euro.",
        starts=-6,
        ends=10,
        answers={
            "sen_web": _YES,
            "hwk": _YES,
            "uvb": (True, Vote.YES, "Bitte auch die Zulieferer einladen."),
            "dgb": (True, Vote.ABSTENTION, ""),
        },
        clauses=(Ziffer(Verb.CHARGES, "die Standfläche zu buchen und die Beteiligten einzuladen", "bp", 30),),
        projects=("4.2",),
    ),
)


def acts_of_circulars(stage: Stage) -> Iterator[Act]:
    """Each procedure is prepared and started, answered two days later, and its result stated the day after its end."""
    for written in CIRCULARS:
        begins = stage.days.after(written.starts)
        yield Act(at(begins, 11), partial(_start, stage, written))
        answered = working_day(stage.days.after(written.starts + 2), forward=False)
        yield Act(at(max(answered, begins), 16), partial(_answer, stage, written))
        over = working_day(stage.days.after(written.ends) + dt.timedelta(days=1))
        if over <= stage.days.today:
            yield Act(at(over, 9), partial(_establish, stage, written))


def _start(stage: Stage, written: Written) -> None:
    wish = CircularIn(
        body=stage.body_id,
        title=written.title,
        wording=written.wording,
        grounds=written.grounds,
        clauses=clauses_of(stage, written.clauses),
        projects=[ident(stage.projects[code]) for code in written.projects],
    )
    secretary = stage.secretary()
    circular = prepare_circular(stage.session, secretary, wish)
    stage.circulars[written.title] = ident(circular)
    start_circular(stage.session, secretary, circular, StartIn(ends_on=stage.days.after(written.ends)))


def _answer(stage: Stage, written: Written) -> None:
    """The secretariat writes down what came by mail, for everybody without an account of the demo."""
    seats = {
        view.seat.organisation_id: ident(view.seat) for view in list_seats(stage.session, stage.body_id, clock.today())
    }
    for org, (agreed, vote, remark) in written.answers.items():
        own = {"senkanzlei": "vorsitz", "ihk": "mitglied"}.get(org)
        wish = BallotIn(
            seat=seats[stage.organisations[org]],
            procedure_agreed=agreed,
            vote=vote,
            remark=remark,
            reason="" if own else f"Antwort per E-Mail vom {text.date(clock.today())}",
        )
        actor = stage.acting(own) if own else stage.secretary()
        cast_ballot(stage.session, actor, _locked(stage, written), wish)


def _establish(stage: Stage, written: Written) -> None:
    establish_result(stage.session, stage.secretary(), _locked(stage, written))


def _locked(stage: Stage, written: Written) -> Circular:
    return lock_circular(stage.session, stage.secretary(), stage.circulars[written.title])
