"""The invented meetings: drafted, released and held on their days; the next one is being prepared."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app import clock, text
from app.agenda import queries as agendas
from app.agenda.models import AgendaItem, DispatchWay, GuestRole, Level, Proposal, ProposalState, SectionKey
from app.agenda.schemas.wishes import (
    DispatchIn,
    GuestIn,
    ItemChange,
    ItemIn,
    JoinIn,
    RejectIn,
    ReleaseIn,
    WithdrawIn,
)
from app.agenda.service.guests import invite_guest
from app.agenda.service.items import add_item, change_item
from app.agenda.service.joining import join_proposals
from app.agenda.service.proposals import accept_proposal, reject_proposal
from app.agenda.service.supplements import open_meeting, withdraw_item
from app.db import ident
from app.demo.days import at, release_day, working_day
from app.demo.inviting import hold_the_date
from app.demo.room import announce_all, deal_with, gather
from app.demo.rulings import PROPOSED, RULINGS, Ruling
from app.demo.script import Act
from app.demo.seats import person_name
from app.demo.speaking import write_speaking_notes
from app.demo.stage import INVENTED, Stage
from app.documents.letter_sending import send_letters
from app.documents.letter_values import letter_values
from app.drafting.service.proposing import draft_agenda
from app.drafting.service.releasing import release_meeting
from app.meetings import service
from app.meetings.models import Meeting
from app.meetings.queries import lock_meeting
from app.meetings.schemas import CancelIn, MeetingIn
from app.minutes.service.closing import close_meeting

HALL = "Berliner Rathaus, Senatssitzungssaal"
FIRST_NUMBER = 101
"""Demo meetings are counted from here, so that none is taken for a real one (the last known is the 17th)."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting of the story. ``key`` names it on the stage; ``hours`` from ten o'clock."""

    key: str
    on: dt.date
    number: int | None
    topic: str
    place: str = HALL
    special: bool = False
    hours: int = 2


SECOND_REJECTED: Mapping[str, tuple[str, int | None]] = {
    "4.10": ("Bitte erst mit den Zahlen der zweiten Reise.", None),
    "2.10": ("Wird mit der Auswertung des Jahrgangs gemeinsam beraten.", 240),
}
WITHDRAWN_TITLE = "Übersicht der Anerkennungsberatung"
THREE = ("3.14", "3.13", "3.15")
THREE_TITLE = "Strom und Wärme für energieintensive Betriebe: Netzanschluss Südost, Abwärme und Solardächer"


def acts_of_meetings(stage: Stage) -> Iterator[Act]:
    """Everything that happens around the invented meetings up to the day the demo is made."""
    days = stage.days
    first = Plan("first", days.first, FIRST_NUMBER, "Industrieflächen sichern")
    second = Plan("second", days.second, FIRST_NUMBER + 1, "Fachkräfte aus aller Welt")
    special = Plan("special", days.special, None, "Lieferengpässe bei Transformatoren", special=True, hours=1)
    cancelled = Plan("cancelled", days.cancelled, FIRST_NUMBER + 2, "Wirtschaftsverkehr")
    coming = Plan("next", days.next, FIRST_NUMBER + 2, "Wärme aus der Stadt: Was die Industrie beitragen kann")
    later = Plan("later", days.later, FIRST_NUMBER + 3, "")
    yield from _held(
        stage, first, Act(at(days.setup + _DAY * 5, 9, 30), partial(_plan, stage, first)), _agenda_of_first
    )
    planned = Act(at(days.after(-340), 9, 30), partial(_plan, stage, second))
    yield from _held(stage, second, planned, _agenda_of_second, _supplement_of_second)
    yield from _special(stage, special)
    yield from _cancelled(stage, cancelled)
    yield Act(at(days.after(-44), 10), partial(_plan, stage, coming))
    yield Act(at(days.after(-43), 10), partial(_announce, stage, coming.key))
    yield Act(at(days.after(-43), 10, 30), partial(_hold_the_date, stage, coming.key))
    yield Act(at(days.after(-43), 11), partial(_plan, stage, later))
    yield Act(at(days.after(-39), 15), partial(_announced, stage, coming.key))


def _plan(stage: Stage, plan: Plan) -> None:
    wish = MeetingIn(
        body=stage.body_id,
        starts_at=at(plan.on, 10),
        ends_at=at(plan.on, 10 + plan.hours),
        place=plan.place,
        number=plan.number,
        special=plan.special,
        without_status=plan.special,
        main_topic=plan.topic,
        length_minutes=plan.hours * 60,
        source=INVENTED,
    )
    stage.meetings[plan.key] = service.plan_meeting(stage.session, stage.secretary(), wish)


def _announce(stage: Stage, key: str) -> None:
    service.announce_meeting(stage.session, stage.secretary(), _locked(stage, key))


def _hold_the_date(stage: Stage, key: str) -> None:
    hold_the_date(stage, _locked(stage, key))


def _held(
    stage: Stage,
    plan: Plan,
    planned: Act,
    agenda: Callable[[Stage], None],
    supplement: Callable[[Stage], None] | None = None,
) -> Iterator[Act]:
    """A meeting from its announcement to its end, perhaps with a supplement some days before it."""
    released = release_day(plan.on)
    drafted = working_day(released - _DAY, forward=False)
    approved = working_day(released, forward=False)
    yield planned
    yield Act(planned.moment + _DAY, partial(_announce, stage, plan.key))
    yield Act(at(drafted, 9), partial(agenda, stage))
    yield Act(at(released, 14), partial(_release, stage, plan.key, approved))
    if supplement is not None:
        yield Act(at(working_day(plan.on - _DAY * 5, forward=False), 15), partial(supplement, stage))
    yield Act(at(working_day(plan.on - _DAY * 4, forward=False), 10), partial(_announced, stage, plan.key))
    yield Act(at(plan.on, 10), partial(_start, stage, plan.key))
    yield Act(at(plan.on, 10 + plan.hours), partial(_close, stage, plan.key))


def _announced(stage: Stage, key: str) -> None:
    announce_all(stage, _locked(stage, key))


def _start(stage: Stage, key: str) -> None:
    open_meeting(stage.session, stage.secretary(), _locked(stage, key))


def _release(stage: Stage, key: str, approved_on: dt.date) -> None:
    wish = ReleaseIn(approved_by=person_name("vorsitz"), approved_on=approved_on, approved_how="E-Mail")
    meeting = _locked(stage, key)
    release_meeting(stage.session, stage.secretary(), meeting, wish)
    _send(stage, meeting, DispatchWay.POST)


def _send(stage: Stage, meeting: Meeting, way: DispatchWay) -> None:
    """Everybody gets the letter of the version that was just released."""
    secretary = stage.secretary()
    letters = letter_values(stage.session, secretary, meeting).letters
    wish = DispatchIn(
        persons=[one.person_id for one in letters], way=way, sent_on=clock.today(), sent_by=secretary.name
    )
    send_letters(stage.session, secretary, meeting, wish)


def _close(stage: Stage, key: str) -> None:
    """Everybody is there, the items are dealt with as the story says, then the meeting is closed."""
    meeting, rulings = _locked(stage, key), RULINGS[key]
    found = sorted(_items(stage, meeting), key=lambda row: text.number_key(row[0].number))
    with clock.standing_at(meeting.starts_at):
        gather(stage, meeting)
    deal_with(
        stage,
        meeting,
        ((item, _ruling(item, codes, rulings)) for item, codes in found if not item.withdrawn),
    )
    close_meeting(stage.session, stage.secretary(), meeting)


def _ruling(item: AgendaItem, codes: Sequence[str], rulings: Mapping[str, Ruling]) -> Ruling | None:
    """By the item's one project, else by its title."""
    by_project = rulings.get(codes[0]) if len(codes) == 1 and item.section is not SectionKey.CONSENT else None
    return by_project or rulings.get(item.title)


def _agenda_of_first(stage: Stage) -> None:
    meeting = _drafted(stage, "first")
    _accept_what_fits(stage, meeting)
    _main_topic(stage, meeting, "Industrieflächen sichern: Impuls und Aussprache", "Dr. Tilman Küchenthal (SenWEB)")


def _agenda_of_second(stage: Stage) -> None:
    meeting = _drafted(stage, "second")
    for proposal, codes in _proposals(stage, meeting):
        if len(codes) == 1 and codes[0] in SECOND_REJECTED:
            why, days = SECOND_REJECTED[codes[0]]
            resume_on = stage.days.after(days) if days is not None else None
            wish = RejectIn(reason=why, resume_on=resume_on)
            reject_proposal(stage.session, stage.secretary(), meeting, proposal, wish)
    _accept_what_fits(stage, meeting)
    _main_topic(stage, meeting, "Fachkräfte aus aller Welt: Impuls und Aussprache", "Isolde Rautenstrauch (RD)")
    advice = ItemIn(title=WITHDRAWN_TITLE, section=SectionKey.MISCELLANEOUS, minutes=5, presenter="Geschäftsstelle")
    add_item(stage.session, stage.secretary(), meeting, advice)


def _supplement_of_second(stage: Stage) -> None:
    """Version 2: a point is withdrawn, another one joins, and the talk gets more time."""
    meeting, secretary = _locked(stage, "second"), stage.secretary()
    items = [item for item, _ in _items(stage, meeting)]
    withdrawn = next(item for item in items if item.title == WITHDRAWN_TITLE)
    talk = next(item for item in items if item.section is SectionKey.MAIN_TOPIC)
    reason = "Die Übersicht liegt noch nicht vor"
    withdraw_item(stage.session, secretary, meeting, withdrawn, WithdrawIn(reason=reason))
    change_item(stage.session, secretary, meeting, talk, ItemChange(minutes=30), base_version=talk.version)
    late = ItemIn(
        title="Visaverfahren beschleunigen: kurzer Bericht",
        section=SectionKey.MISCELLANEOUS,
        minutes=5,
        presenter="Regionaldirektion",
        level=Level.PUBLIC,
    )
    add_item(stage.session, secretary, meeting, late)
    wish = ReleaseIn(
        approved_by=person_name("vorsitz"),
        approved_on=clock.today(),
        approved_how="mündlich",
        reason="Ein Bericht kommt hinzu, ein anderer entfällt",
    )
    release_meeting(stage.session, secretary, meeting, wish)
    _send(stage, meeting, DispatchWay.EMAIL)


def make_next_agenda(stage: Stage) -> None:
    """The next agenda as the demo shows it: drafted today, some of it accepted, one set aside, the rest open."""
    meeting = _drafted(stage, "next")
    wanted = {codes[0]: proposal for proposal, codes in _proposals(stage, meeting) if len(codes) == 1}
    _accept(stage, meeting, wanted["2.24"], _TRAINING)
    _accept(stage, meeting, wanted["3.17"], _CAPITAL)
    _join_three(stage, meeting, wanted)
    _take_up_registered(stage, meeting)
    topic = add_item(
        stage.session,
        stage.secretary(),
        meeting,
        ItemIn(
            title="Wärme aus der Stadt: Impuls und Aussprache",
            section=SectionKey.MAIN_TOPIC,
            minutes=20,
            presenter=f"{person_name('gast')} (TU Berlin)",
            occasion="Die kommunale Wärmeplanung tritt in die Umsetzung; Abwärme ist bisher kaum genutzt.",
        ),
    )
    guest = GuestIn(person=stage.persons["gast"], role=GuestRole.SPEAKER, topic="Abwärme: der vergessene Rohstoff")
    invite_guest(stage.session, stage.secretary(), meeting, topic, guest)
    later = RejectIn(reason="Wird mit dem Bericht zur Fachkräftegewinnung verbunden.", resume_on=stage.days.later)
    reject_proposal(stage.session, stage.secretary(), meeting, wanted["4.16"], later)
    draft_agenda(stage.session, stage.secretary(), meeting, as_of=stage.days.today)
    write_speaking_notes(stage, meeting)


def _join_three(stage: Stage, meeting: Meeting, wanted: Mapping[str, Proposal]) -> None:
    """The proposals about energy become one item with all three projects."""
    chosen = [ident(wanted[code]) for code in THREE if code in wanted]
    wish = JoinIn(proposals=chosen, title=THREE_TITLE, minutes=15, presenter="SenWEB")
    item = join_proposals(stage.session, stage.secretary(), meeting, wish)
    three = [ident(stage.projects[code]) for code in THREE]
    change_item(stage.session, stage.secretary(), meeting, item, ItemChange(projects=three), base_version=item.version)


def _take_up_registered(stage: Stage, meeting: Meeting) -> None:
    """The topic that a member registered is taken up; that of the project lead still waits for the secretariat."""
    for proposal, codes in _proposals(stage, meeting):
        if proposal.key.startswith("registration:") and not codes:
            accept_proposal(stage.session, stage.secretary(), meeting, proposal)


_CAPITAL = ItemChange(
    level=Level.CONFIDENTIAL,
    presenter="Kilian Vossberg (IBB)",
    proposed_decision=(
        "1. Der Steuerungskreis nimmt den Bericht zum Beteiligungsbestand zur Kenntnis.\n"
        "2. Er empfiehlt, eine Nachfinanzierung nur gemeinsam mit den übrigen Gesellschaftern zu gewähren.\n"
        "3. Er bittet die IBB, bis zur nächsten Sitzung über das Ergebnis zu berichten."
    ),
)
_TRAINING = ItemChange(
    presenter="Detlev Hünerbein (HWK Berlin)",
    proposed_decision=(
        "1. Der Steuerungskreis nimmt die Mehrkosten von 2,6 Millionen Euro zur Kenntnis.\n"
        "2. Er bittet die Senatsverwaltung für Finanzen, eine hälftige Beteiligung des Landes zu prüfen.\n"
        "3. Er beauftragt die Handwerkskammer, bis zur nächsten Sitzung eine Einsparliste vorzulegen."
    ),
)


def _special(stage: Stage, plan: Plan) -> Iterator[Act]:
    def agenda(stage: Stage) -> None:
        wish = ItemIn(
            title="Gemeinsame Beschaffung von Transformatoren",
            section=SectionKey.DECISION,
            presenter="Ylva Brombach-Öztan (SenWEB)",
            occasion="Lieferzeiten von mehr als einem Jahr gefährden mehrere Werkserweiterungen.",
            proposed_decision="Der Steuerungskreis empfiehlt den landeseigenen Betrieben eine gemeinsame Beschaffung.",
        )
        add_item(stage.session, stage.secretary(), _locked(stage, plan.key), wish)

    yield from _held(stage, plan, Act(at(stage.days.after(-118), 9), partial(_plan, stage, plan)), agenda)


def _cancelled(stage: Stage, plan: Plan) -> Iterator[Act]:
    def add(stage: Stage) -> None:
        wish = ItemIn(
            title="Bericht des Netzwerks Industriepolitik zum Wirtschaftsverkehr",
            section=SectionKey.CONSENT,
            presenter="Prof. Dr. Anneke Dürrenfeld (Netzwerk)",
            occasion="Schriftlicher Bericht liegt vor.",
        )
        add_item(stage.session, stage.secretary(), _locked(stage, plan.key), wish)

    def cancel() -> None:
        wish = CancelIn(reason="Terminkollision mit der Plenarsitzung; neuer Termin folgt.")
        service.cancel_meeting(stage.session, stage.secretary(), _locked(stage, plan.key), wish)

    yield Act(at(stage.days.after(-150), 10), partial(_plan, stage, plan))
    yield Act(at(stage.days.after(-149), 10), partial(_announce, stage, plan.key))
    yield Act(at(stage.days.after(-95), 10), partial(add, stage))
    yield Act(at(stage.days.after(-59), 16), cancel)


def _locked(stage: Stage, key: str) -> Meeting:
    return lock_meeting(stage.session, stage.secretary(), ident(stage.meetings[key]))


def _drafted(stage: Stage, key: str) -> Meeting:
    meeting = _locked(stage, key)
    draft_agenda(stage.session, stage.secretary(), meeting)
    return meeting


def _accept_what_fits(stage: Stage, meeting: Meeting) -> None:
    for proposal, codes in _proposals(stage, meeting):
        proposed = PROPOSED.get(codes[0], "") if len(codes) == 1 else ""
        if proposal.fits and proposed and proposal.section is SectionKey.DECISION:
            _accept(stage, meeting, proposal, ItemChange(proposed_decision=proposed))
        elif proposal.fits:
            accept_proposal(stage.session, stage.secretary(), meeting, proposal)


def _accept(stage: Stage, meeting: Meeting, proposal: Proposal, change: ItemChange) -> None:
    item = accept_proposal(stage.session, stage.secretary(), meeting, proposal)
    change_item(stage.session, stage.secretary(), meeting, item, change, base_version=item.version)


def _main_topic(stage: Stage, meeting: Meeting, title: str, presenter: str) -> None:
    wish = ItemIn(title=title, section=SectionKey.MAIN_TOPIC, minutes=25, presenter=presenter)
    add_item(stage.session, stage.secretary(), meeting, wish)


def _proposals(stage: Stage, meeting: Meeting) -> list[tuple[Proposal, list[str]]]:
    """The open proposals with the codes of their projects."""
    found = agendas.list_proposals(stage.session, stage.secretary(), ident(meeting), state=ProposalState.OPEN)
    links = agendas.projects_of_proposals(stage.session, [ident(one) for one in found])
    codes = {ident(project): code for code, project in stage.projects.items()}
    return [(one, [codes[link.project_id] for link in links.get(ident(one), ())]) for one in found]


def _items(stage: Stage, meeting: Meeting) -> list[tuple[AgendaItem, list[str]]]:
    found = agendas.list_items(stage.session, stage.secretary(), ident(meeting))
    links = agendas.projects_of_items(stage.session, [ident(one) for one in found])
    codes = {ident(project): code for code, project in stage.projects.items()}
    return [(one, [codes[link.project_id] for link in links.get(ident(one), ())]) for one in found]
