"""The rules of the follow-up: what may follow what, what each state needs, and what is due, in words."""

import datetime as dt

import pytest

from app.agenda.models import Outcome
from app.decisions.models import FollowUpState as S
from app.decisions.models import Verb
from app.decisions.rules.following import (
    CLOSED,
    WORDS,
    Entry,
    Standing,
    check_entry,
    default_due,
    due_words,
    is_due,
    is_followed,
    possible,
)
from app.errors import Invalid, Refused

pytestmark = pytest.mark.once

TODAY = dt.date(2026, 3, 2)
LATER = dt.date(2026, 6, 30)


def entry(state: S, as_of: dt.date = TODAY, **values: object) -> Entry:
    return Entry(state, as_of, **values)  # type: ignore[arg-type]


def complaint(standing: Standing, wished: Entry) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        check_entry(standing, wished, TODAY)
    return refused.value.fields


@pytest.mark.parametrize(
    ("wished", "field", "said"),
    [
        (entry(S.ONGOING), "due_on", "wann das nächste Mal berichtet wird"),
        (entry(S.DELAYED, due_on=LATER), "reason", "Grund der Verzögerung"),
        (entry(S.DELAYED, reason="Personal fehlt"), "due_on", "den neuen Termin"),
        (entry(S.DONE), "text", "Erledigungsvermerk"),
        (entry(S.DONE, text="Fertig", due_on=LATER), "due_on", "keine Wiedervorlage mehr"),
        (entry(S.NOT_DONE), "reason", "nicht umgesetzt"),
        (entry(S.REPEALED), "reason", "Aufhebung"),
        (entry(S.IN_PROGRESS, due_on=TODAY), "due_on", "nach dem Stand"),
        (entry(S.IN_PROGRESS, due_on=dt.date(3026, 1, 1)), "due_on", "das Jahr"),
        (entry(S.IN_PROGRESS, TODAY + dt.timedelta(days=1)), "as_of", "in der Zukunft"),
    ],
)
def test_each_state_says_what_it_needs(wished: Entry, field: str, said: str) -> None:
    found = complaint(Standing(S.OPEN), wished)
    assert list(found) == [field]
    assert said in found[field]


def test_a_delay_without_reason_and_date_names_both() -> None:
    assert set(complaint(Standing(S.OPEN), entry(S.DELAYED))) == {"reason", "due_on"}


def test_a_delay_goes_beyond_the_date_it_had() -> None:
    standing = Standing(S.IN_PROGRESS, due_on=LATER)
    wished = entry(S.DELAYED, reason="Personal fehlt", due_on=LATER)
    assert complaint(standing, wished) == {"due_on": "Der neue Termin muss nach dem bisherigen liegen (30.06.2026)."}
    check_entry(standing, entry(S.DELAYED, reason="Personal fehlt", due_on=LATER + dt.timedelta(days=1)), TODAY)


def test_the_stand_never_goes_back() -> None:
    decided = Standing(S.OPEN, decided_on=dt.date(2026, 2, 1))
    assert "Beschluss vom 01.02.2026" in complaint(decided, entry(S.IN_PROGRESS, dt.date(2026, 1, 31)))["as_of"]
    told = Standing(S.OPEN, decided_on=dt.date(2026, 2, 1), last_on=dt.date(2026, 2, 20))
    assert "letzten Eintrag vom 20.02.2026" in complaint(told, entry(S.IN_PROGRESS, dt.date(2026, 2, 19)))["as_of"]
    check_entry(told, entry(S.IN_PROGRESS, dt.date(2026, 2, 20)), TODAY)


@pytest.mark.parametrize("state", sorted(CLOSED - {S.REPLACED}))
def test_what_is_closed_can_only_be_taken_up_again_with_a_reason(state: S) -> None:
    assert possible(state) == (S.OPEN, S.IN_PROGRESS)
    with pytest.raises(Refused, match="schon " + WORDS[state]):
        check_entry(Standing(state), entry(S.DONE, text="Doch noch"), TODAY)
    assert "wieder aufgenommen" in complaint(Standing(state), entry(S.OPEN))["reason"]
    check_entry(Standing(state), entry(S.OPEN, reason="Irrtum"), TODAY)


def test_replaced_comes_from_the_replacing_decision_alone_and_is_final() -> None:
    with pytest.raises(Refused, match="nur durch einen neuen Beschluss"):
        check_entry(Standing(S.OPEN), entry(S.REPLACED), TODAY)
    with pytest.raises(Refused, match="durch SKIP 2026/07 ersetzt"):
        check_entry(Standing(S.REPLACED, replaced_by="SKIP 2026/07"), entry(S.OPEN, reason="doch"), TODAY)


def test_a_date_that_nobody_names_is_the_next_meeting_or_follows_the_bodys_rule() -> None:
    assert default_due(S.OPEN, TODAY, 0) is None
    assert default_due(S.IN_PROGRESS, TODAY, 90) == dt.date(2026, 5, 31)
    assert default_due(S.DONE, TODAY, 90) is None


@pytest.mark.parametrize(
    ("state", "due_on", "said"),
    [
        (S.OPEN, None, "zur nächsten Sitzung"),
        (S.OPEN, dt.date(2026, 3, 1), "seit 1 Tag fällig (01.03.2026)"),
        (S.DELAYED, dt.date(2026, 2, 18), "seit 12 Tagen fällig (18.02.2026)"),
        (S.OPEN, TODAY, "heute fällig (02.03.2026)"),
        (S.IN_PROGRESS, LATER, "Wiedervorlage 30.06.2026"),
        (S.ONGOING, LATER, "nächster Bericht 30.06.2026"),
        (S.DELAYED, LATER, "neuer Termin 30.06.2026"),
        (S.DONE, None, ""),
    ],
)
def test_what_is_due_is_said_in_words(state: S, due_on: dt.date | None, said: str) -> None:
    assert due_words(state, due_on, TODAY) == said


def test_due_is_what_has_come() -> None:
    assert is_due(S.OPEN, TODAY, TODAY)
    assert not is_due(S.OPEN, LATER, TODAY)
    assert not is_due(S.DONE, TODAY, TODAY)


@pytest.mark.parametrize(
    ("outcome", "verbs", "state", "followed"),
    [
        (Outcome.ADOPTED, set(), S.OPEN, True),
        (Outcome.CONFIRMED, set(), S.OPEN, True),
        (None, set(), S.OPEN, True),
        (Outcome.REJECTED, {Verb.CHARGES}, S.OPEN, False),
        (Outcome.NOTED, {Verb.NOTES}, S.OPEN, False),
        (Outcome.NOTED, {Verb.NOTES, Verb.ASKS}, S.OPEN, True),
        (Outcome.REJECTED, set(), S.IN_PROGRESS, True),
    ],
)
def test_what_lays_something_on_somebody_is_followed(
    outcome: Outcome | None, verbs: set[Verb], state: S, followed: bool
) -> None:
    assert is_followed(outcome, frozenset(verbs), state) is followed
