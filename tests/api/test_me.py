"""The account behind the token: its notices page by page, and how it wants to be told."""

import pytest
from sqlmodel import col, select

from app import clock
from app.db import ident
from app.notices.models import Notice, NoticeChoice, NoticeState, NoticeWay
from app.notices.rules.kinds import KINDS, Kind
from tests import factories
from tests.api.conftest import fields, problem

CHOICES = "/me/notice-choices"


@pytest.fixture
def told(database, house):
    """Five actions given to the member, the third one done meanwhile; ids of the notices, newest first."""
    with database.write() as session:
        made = []
        for count in range(5):
            action = factories.make_action(
                session, session.merge(house.body), person_id=house["member"].person_id, title=f"Karte {count}"
            )
            action.number = f"A {count}"
            if count == 2:
                action.state = type(action.state).DONE
            session.add(action)
            made.append(notice(house["member"], Kind.ACTION_GIVEN, ident(action), f"m{count}"))
            session.add(notice(house["stranger"], Kind.ACTION_GIVEN, ident(action), f"s{count}"))
        session.add_all(made)
        session.flush()
        return [ident(one) for one in reversed(made)]


def notice(account, kind: Kind, subject_id: int, key: str) -> Notice:
    return Notice(
        kind=kind,
        account_id=account.id,
        subject_id=subject_id,
        bundle="actions",
        way=NoticeWay.AT_ONCE,
        state=NoticeState.SENT,
        at=clock.now(),
        dedupe_key=key,
    )


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_notices_come_newest_first_page_by_page_without_what_is_over(call, house, told, limit):
    walked = call(house["member"]).walk("/me/notices", limit=limit)
    assert [one["id"] for one in walked] == [told[0], told[1], told[3], told[4]]
    assert walked[0]["words"] == "Auftrag A 4 erteilt: Karte 4"
    assert walked[0]["page"].startswith("/auftraege/")
    assert walked[0]["kind"] == "action_given"


@pytest.mark.parametrize("who", ["stranger", "auditor", "nobody", "all"])
def test_notices_are_ones_own_and_rights_are_todays(call, house, told, who):
    assert call(house[who]).walk("/me/notices") == []


def test_choices_are_read_and_changed_by_kind(call, house, database):
    program = call(house["member"])
    before = program.get(CHOICES).json()
    assert [one["kind"] for one in before["kinds"]] == [spec.kind for spec in KINDS if not spec.is_for_office]
    office = call(house["all"]).get(CHOICES).json()
    assert [one["kind"] for one in office["kinds"]] == [spec.kind for spec in KINDS]
    assert before["page"] == "/profil/benachrichtigungen"
    after = program.patch(CHOICES, {"ways": {"circular_result": "off", "agenda_released": "digest"}})
    assert after.status_code == 200
    ways = {one["kind"]: one["way"] for one in after.json()["kinds"]}
    assert ways == {one["kind"]: one["way"] for one in before["kinds"]} | {
        "circular_result": "off",
        "agenda_released": "digest",
    }
    assert program.get(CHOICES).json() == after.json()
    others = {one["kind"]: one["way"] for one in call(house["chair"]).get(CHOICES).json()["kinds"]}
    assert others["circular_result"] == "at_once"
    with database.read() as session:
        rows = session.exec(select(NoticeChoice).order_by(col(NoticeChoice.kind))).all()
        assert [(row.account_id, row.kind) for row in rows] == [
            (house["member"].id, "agenda_released"),
            (house["member"].id, "circular_result"),
        ]


def test_a_duty_takes_no_off_and_then_nothing_is_kept(call, house):
    program = call(house["member"])
    before = program.get(CHOICES).json()
    refused = program.patch(CHOICES, {"ways": {"circular_result": "off", "agenda_released": "off"}})
    assert fields(refused) == {
        "agenda_released": "Diese Mitteilung gehört zu Ihren Aufgaben; wählen Sie „sofort“ oder „täglich“."
    }
    assert list(fields(program.patch(CHOICES, {"ways": {"unbekannt": "off"}}))) == ["unbekannt"]
    problem(program.patch(CHOICES, {"ways": {"circular_result": "never"}}), 422)
    problem(program.patch(CHOICES, {"circular_result": "off"}), 422)
    assert program.get(CHOICES).json() == before
