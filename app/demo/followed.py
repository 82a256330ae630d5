"""What became of the invented decisions and actions, told on its days until every state has been reached once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from app.actions.models import ActionState
from app.actions.queries import lock_action
from app.actions.schemas import ProgressIn
from app.actions.service.reporting import report_progress
from app.db import ident
from app.decisions.models import FollowUpState
from app.decisions.queries import lock_decision
from app.decisions.schemas import FollowUpIn
from app.decisions.service.following import add_follow_up
from app.demo.days import at
from app.demo.queries import action_about, decision_about
from app.demo.room import title_of
from app.demo.script import Act
from app.demo.stage import SECRETARIAT, Stage

VISA = "Visaverfahren beschleunigen: kurzer Bericht"
TRANSFORMERS = "Gemeinsame Beschaffung von Transformatoren"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the Beschlusskontrolle: about which decision, ``days`` from the day the demo is made.

    ``until``: the next date, counted the same way; None leaves it to the rule of the body.
    """

    about: str
    days: int
    state: FollowUpState
    text: str = ""
    reason: str = ""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the action whose title begins with ``about``; ``who`` is the persona that reports."""

    about: str
    days: int
    text: str = ""
    state: ActionState | None = None
    until: int | None = None
    reason: str = ""
    who: str = SECRETARIAT


S, A = FollowUpState, ActionState
ENTRIES: tuple[Entry, ...] = (
    Entry("1.17", -300, S.IN_PROGRESS, "Die Anlaufstelle ist ausgeschrieben."),
    Entry("1.17", -210, S.DONE, "Die Anlaufstelle arbeitet seit drei Monaten und begleitet 27 Betriebe."),
    Entry(
        "3.9",
        -200,
        S.DELAYED,
        "Acht von elf Anschlüssen sind befahrbar.",
        "Der Hersteller fertigt die Weichenteile nicht mehr; eine Nachfertigung wird angefragt.",
        20,
    ),
    Entry("3.20", -170, S.ONGOING, "Neun Bezirke haben benannt; die Liste wird jedes Jahr geprüft.", until=100),
    Entry(
        "3.11",
        -120,
        S.REPEALED,
        reason="Der Bund fördert beide Gebiete; eine Vorfinanzierung ist nicht mehr nötig.",
    ),
    Entry("2.6", -90, S.IN_PROGRESS, "Zwei von drei Stellen sind besetzt.", until=60),
    Entry(
        VISA,
        -50,
        S.NOT_DONE,
        reason="Für eine eigene Anlaufstelle fehlt die Zuständigkeit; das Verfahren liegt beim Bund.",
    ),
    Entry(TRANSFORMERS, -30, S.IN_PROGRESS, "Drei von vier Betrieben haben zugesagt.", until=60),
)
STEPS: tuple[Step, ...] = (
    Step("Die Anlaufstelle", -300, "Stelle ausgeschrieben", A.IN_PROGRESS, who="mitglied"),
    Step("Die Anlaufstelle", -240, "Anlaufstelle eröffnet; 27 Betriebe werden begleitet.", A.DONE, who="mitglied"),
    Step("Eine Bezugsquelle", -195, until=-20, reason="Der Hersteller hat auf zwei Anfragen nicht geantwortet."),
    Step("Liste der Ansprechpersonen", -160, "Liste steht auf der Seite der Geschäftsstelle.", A.DONE),
    Step("Gespräch mit den beiden", -60, "Ein Eigentümer ist gesprächsbereit, der andere verreist.", A.IN_PROGRESS),
    Step("Eine eigene Anlaufstelle", -50, "Mit dem Beschluss hinfällig.", A.DROPPED),
    Step("Einen Vorschlag für die", -40, "Zwei Gesellschaften kommen in Frage.", A.IN_PROGRESS),
    Step("Die Stellungnahme", -50, "Fristgerecht eingereicht.", A.DONE),
)


def acts_of_following(stage: Stage) -> Iterator[Act]:
    """Every entry and step on its day, in working hours."""
    for entry in ENTRIES:
        yield Act(at(stage.days.after(entry.days), 15), partial(_enter, stage, entry))
    for step in STEPS:
        yield Act(at(stage.days.after(step.days), 15, 30), partial(_report, stage, step))


def _enter(stage: Stage, entry: Entry) -> None:
    secretary = stage.secretary()
    decision = lock_decision(
        stage.session, secretary, ident(decision_about(stage.session, title_of(stage, entry.about)))
    )
    wish = FollowUpIn(
        state=entry.state,
        text=entry.text,
        reason=entry.reason,
        due_on=stage.days.after(entry.until) if entry.until is not None else None,
    )
    add_follow_up(stage.session, secretary, decision, wish)


def _report(stage: Stage, step: Step) -> None:
    actor = stage.acting(step.who)
    found = action_about(stage.session, step.about)
    wish = ProgressIn(
        state=step.state,
        text=step.text,
        reason=step.reason,
        due_on=stage.days.after(step.until) if step.until is not None else None,
    )
    report_progress(stage.session, actor, lock_action(stage.session, actor, ident(found)), wish)
