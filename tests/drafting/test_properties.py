"""Drafting against an independent oracle: two tables, then and now, worked out here in a few lines of its own."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.models import ItemKind, Level, Outcome, ProposalState, SectionKey
from app.agenda.rules.delta_sums import Count, counted_projects, field_sums
from app.drafting.rules.draft import draft
from app.drafting.rules.redraft import redraft
from app.drafting.rules.standing import standing
from app.drafting.schemas import (
    BacklogEntry,
    ChangeKind,
    Dating,
    DeferredItem,
    Draft,
    DraftInputs,
    EarlierMeeting,
    EndedCircular,
    ExistingProposal,
    Field,
    FollowedThing,
    FrozenLight,
    MeetingFacts,
    Milestone,
    Need,
    PlacedItem,
    ProjectFacts,
    Rule,
    Status,
)
from app.projects.models import Light, Phase
from app.projects.rules.standing import standing as folded

many = settings(max_examples=100)

FIRST = dt.date(2025, 1, 1)
AS_OF, MEETING_ON = FIRST + dt.timedelta(days=480), FIRST + dt.timedelta(days=490)
EARLIER = [FIRST + dt.timedelta(days=days) for days in (120, 240, 360)]
RUNNING = (Phase.PLANNED, Phase.RUNNING)
ENDED = (Phase.COMPLETED, Phase.ABORTED, Phase.TRANSFERRED, Phase.REJECTED)

LIGHTS = (None, *Light)
PHASES = (None, None, Phase.RUNNING, Phase.RUNNING, *Phase)
days = st.integers(0, 500).map(lambda number: FIRST + dt.timedelta(days=number))


@st.composite
def values(draw: st.DrawFn) -> tuple[Light | None, Light | None, Light | None, Light | None, Phase | None]:
    """The whole light, its parts and the phase, from one number: drawing it is quick."""
    number = draw(st.integers(0, 4**4 * len(PHASES) - 1))
    number, phase = divmod(number, len(PHASES))
    parts = [LIGHTS[number // 4**place % 4] for place in range(4)]
    return parts[0], parts[1], parts[2], parts[3], PHASES[phase]


def histories(most: int = 4) -> st.SearchStrategy[tuple[Status, ...]]:
    told = st.dictionaries(days, values(), max_size=most)
    return told.map(lambda found: tuple(Status(stand, *given) for stand, given in found.items()))


@st.composite
def projects(draw: st.DrawFn, number: int) -> ProjectFacts:
    title, field = f"Projekt {number}", Field(f"Feld {number % 3}", number % 3)
    found = ProjectFacts(number, f"{number % 3}.{number}", title, field, draw(histories()))
    extra = draw(st.integers(0, 5))
    if extra == 0:
        return replace(found, needs=(Need("Ja?", draw(days), draw(st.none() | days)),))
    if extra == 1:
        return replace(found, milestones=(Milestone("M", (Dating(draw(days), draw(days)),)),))
    return found


@st.composite
def followed(draw: st.DrawFn, number: int) -> FollowedThing:
    """A decision or an action of any level, open or over, with or without a date."""
    rule = draw(st.sampled_from([Rule.DECISION_DUE, Rule.ACTION_OVERDUE]))
    return FollowedThing(
        f"{'decision' if rule is Rule.DECISION_DUE else 'action'}:{number}",
        rule,
        f"Nr. {number}",
        f"Sache {number}",
        FIRST,
        "offen",
        draw(st.none() | days),
        draw(st.none() | days),
        draw(st.booleans()),
        draw(st.sampled_from(Level)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> DraftInputs:
    """A body with up to five projects, up to three held meetings, carried things and a short or long meeting."""
    found = [draw(projects(number)) for number in range(1, draw(st.integers(0, 5)) + 1)]
    ids = [project.id for project in found]
    some = st.lists(st.sampled_from(ids), unique=True, max_size=2).map(tuple) if ids else st.just(())
    earlier = []
    for number, on in enumerate(EARLIER[: draw(st.integers(0, 3))]):
        rows = draw(st.dictionaries(st.sampled_from(ids), st.tuples(values(), st.none() | days))) if ids else {}
        frozen = {
            key: FrozenLight(light, phase, schedule, cost, content, stand and min(stand, on))
            for key, ((light, schedule, cost, content, phase), stand) in rows.items()
        }
        owned, settled = frozenset(draw(some)), frozenset(draw(some))
        earlier.append(EarlierMeeting(number + 1, on, frozen, owned, settled, draw(st.booleans())))
    sections, outcomes = st.sampled_from(SectionKey), st.sampled_from([None, Outcome.ADJOURNED, Outcome.REFERRED])
    deferred = [
        DeferredItem(
            number,
            "Vertagt",
            draw(sections),
            ItemKind.DEBATE,
            draw(outcomes),
            "1. Sitzung",
            EARLIER[0],
            draw(st.none() | st.integers(0, 60)),
            project_ids=draw(some),
        )
        for number in range(draw(st.integers(0, 1)))
    ]
    backlog = [
        BacklogEntry(
            number,
            "Thema",
            draw(sections),
            ItemKind.NOTE,
            "Zeit",
            EARLIER[0],
            draw(st.none() | st.integers(0, 60)),
            project_ids=draw(some),
        )
        for number in range(draw(st.integers(0, 1)))
    ]
    result = DraftInputs(
        AS_OF,
        MeetingFacts(99, MEETING_ON),
        tuple(found),
        tuple(earlier),
        deferred=tuple(deferred),
        backlog=tuple(backlog),
        followed=tuple(draw(followed(number)) for number in range(draw(st.integers(0, 4)))),
        circulars=tuple(
            EndedCircular(
                number,
                "Umlauf",
                draw(st.booleans()),
                EARLIER[0],
                "7 Ja, 1 Nein",
                f"G 2025/{number}",
                wording=draw(st.sampled_from(["", "Der Kreis beschließt."])),
                level=draw(st.sampled_from(Level)),
                project_ids=draw(some),
            )
            for number in range(draw(st.integers(0, 2)))
        ),
        resolved=tuple((key, draw(days)) for key in draw(some)),
    )
    length = draw(st.sampled_from([15, 30, 60, 120]))
    return replace(result, rules=replace(result.rules, length=length))


# --- the oracle: its own then and now ------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    light: Light | None = None
    phase: Phase | None = None
    parts: tuple[Light | None, ...] = (None, None, None)
    known: bool = False


def view(statuses: Iterable[Status], on: dt.date) -> View:
    result = View()
    for told in sorted(statuses, key=lambda told: told.as_of):
        if told.as_of > on:
            continue
        told_parts = (told.light_schedule, told.light_cost, told.light_content)
        parts = tuple(new or old for new, old in zip(told_parts, result.parts, strict=True))
        result = View(told.light or result.light, told.phase or result.phase, parts, known=True)
    return result


def latest(world: DraftInputs) -> EarlierMeeting | None:
    return max((m for m in world.earlier if m.shows_status), key=lambda m: m.on, default=None)


def then_of(world: DraftInputs, project: ProjectFacts, meeting: EarlierMeeting | None) -> View:
    if meeting is None:
        return View()
    row = meeting.frozen.get(project.id)
    if row is None:
        return view(project.statuses, meeting.on)
    parts = (row.light_schedule, row.light_cost, row.light_content)
    return View(row.light, row.phase, parts, known=row.as_of is not None or row.light is not None)


def phase(seen: View) -> Phase:
    return seen.phase or Phase.UNKNOWN


def said(result: Draft, project: ProjectFacts) -> set[str]:
    """Rules with a reason about the project, wherever it stands."""
    given = [reason for found in result.proposals if found.key != "missing" for reason in found.reasons]
    return {str(reason.rule) for reason in given if reason.project == project.code}


def news(result: Draft, project: ProjectFacts) -> bool:
    return any(line.news for line in result.delta.lines if line.id == project.id)


TABLE: dict[tuple[Light | None, Light | None], str] = {
    (None, Light.RED): "turned_red",
    (Light.GREEN, Light.RED): "turned_red",
    (Light.YELLOW, Light.RED): "turned_red",
    (Light.GREEN, Light.YELLOW): "worsened",
    (Light.YELLOW, Light.GREEN): "recovered",
    (Light.RED, Light.GREEN): "recovered",
    (Light.RED, Light.YELLOW): "improved",
    (Light.RED, Light.RED): "still_red",
}
CHANGES = {"turned_red", "worsened", "recovered", "improved", "still_red"}


@many
@given(worlds())
def test_every_change_has_its_rule_and_nothing_else_claims_one(world: DraftInputs) -> None:
    result, meeting = draft(world), latest(world)
    for project in world.projects:
        then, now = then_of(world, project, meeting), view(project.statuses, AS_OF)
        expected = TABLE.get((then.light, now.light))
        assert said(result, project) & CHANGES == ({expected} if expected else set())


@many
@given(worlds())
def test_a_difference_is_never_silent(world: DraftInputs) -> None:
    result, meeting = draft(world), latest(world)
    for project in world.projects:
        then, now = then_of(world, project, meeting), view(project.statuses, AS_OF)
        if phase(then) not in RUNNING and phase(now) not in RUNNING:
            continue
        if (then.light, phase(then)) != (now.light, phase(now)):
            assert said(result, project) or news(result, project)
            assert [line for line in result.delta.lines if line.id == project.id]


@many
@given(worlds())
def test_what_stayed_calm_is_not_proposed(world: DraftInputs) -> None:
    result, meeting = draft(world), latest(world)
    yellow_before = [m for m in world.earlier if m.shows_status]
    for project in world.projects:
        then, now = then_of(world, project, meeting), view(project.statuses, AS_OF)
        equal = (then.light, phase(then)) == (now.light, phase(now))
        red = Light.RED in (now.light, *now.parts)
        open_or_due = project.needs or project.milestones or phase(now) is Phase.PROPOSED
        in_a_row = now.light is Light.YELLOW and len(yellow_before) >= 2
        if equal and not red and not open_or_due and not in_a_row:
            assert said(result, project) == set()
            assert not news(result, project)


@many
@given(worlds())
def test_no_red_project_goes_unheard(world: DraftInputs) -> None:
    result = draft(world)
    spoken = {SectionKey.DECISION, SectionKey.DEBATE, SectionKey.MAIN_TOPIC}
    own = {
        project.id
        for proposal in result.proposals
        if proposal.fits and proposal.section in spoken and proposal.key not in ("red", "missing")
        for project in proposal.projects
    }
    written = {project.id for p in result.proposals if p.key == "red" for project in p.projects}
    for project in world.projects:
        if view(project.statuses, AS_OF).light is Light.RED:
            assert (project.id in own) is not (project.id in written)
    consent = [p for p in result.proposals if p.section is SectionKey.CONSENT for _ in p.projects]
    reds = {project.id for project in world.projects if view(project.statuses, AS_OF).light is Light.RED}
    assert not [p for p in consent if reds & {project.id for project in p.projects}]


@many
@given(worlds())
def test_what_must_stay_is_said_when_it_is_too_much_and_never_dropped(world: DraftInputs) -> None:
    result = draft(world)
    must = [p for p in result.proposals if p.mandatory or p.section in (SectionKey.DECISION, SectionKey.MAIN_TOPIC)]
    assert all(p.fits for p in must)
    per_item = (SectionKey.DECISION, SectionKey.DEBATE, SectionKey.MAIN_TOPIC)
    minutes = 5 + sum(p.minutes for p in must if p.section in per_item)
    assert result.budget.mandatory == minutes
    length = world.rules.length
    assert (result.budget.sentence == f"Pflichtpunkte {minutes} von {length} Min.") is (minutes > length)
    sections = {p.section for p in result.proposals if p.fits}
    fixed = 5 + 10 * (SectionKey.IMPLEMENTATION in sections) + 5 * (SectionKey.CONSENT in sections)
    fitting = sum(p.minutes for p in result.proposals if p.fits)
    assert result.budget.planned == 5 + fixed + fitting
    chosen = [p for p in result.proposals if p.fits and p not in must and p.section is SectionKey.DEBATE]
    assert result.budget.planned <= length or not any(p.minutes for p in chosen)


@many
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_means_nothing(world: DraftInputs, random: object) -> None:
    def mixed(things: Iterable[object]) -> tuple:  # type: ignore[type-arg]
        found = list(things)
        random.shuffle(found)  # type: ignore[attr-defined]
        return tuple(found)

    shuffled = replace(
        world,
        projects=mixed(
            replace(p, statuses=mixed(p.statuses), needs=mixed(p.needs), milestones=mixed(p.milestones))
            for p in world.projects
        ),
        earlier=mixed(replace(m, frozen=dict(mixed(m.frozen.items()))) for m in world.earlier),
        deferred=mixed(world.deferred),
        backlog=mixed(world.backlog),
        followed=mixed(world.followed),
        circulars=mixed(world.circulars),
        resolved=mixed(world.resolved),
    )
    assert draft(shuffled) == draft(world) == draft(world)


@many
@given(worlds())
def test_one_proposal_per_project_and_one_reason_per_rule(world: DraftInputs) -> None:
    result = draft(world)
    keys = [proposal.key for proposal in result.proposals]
    assert len(keys) == len(set(keys))
    for proposal in result.proposals:
        named = [(reason.rule, reason.project, reason.thing) for reason in proposal.reasons]
        assert named
        assert len(named) == len(set(named))
        assert all(reason.text and "None" not in reason.text for reason in proposal.reasons)
    carried = {project.id for p in result.proposals if p.key[:4] in ("item", "topi", "circ") for project in p.projects}
    assert not {f"project:{number}" for number in carried} & set(keys)


@many
@given(worlds())
def test_every_circular_that_ended_is_told_once_and_a_failed_one_takes_its_projects_along(world: DraftInputs) -> None:
    result = draft(world)
    told = {proposal.key: proposal for proposal in result.proposals if proposal.key.startswith("circular:")}
    assert len(told) == len(world.circulars)
    known = {project.id for project in world.projects}
    for circular in world.circulars:
        proposal = told[f"circular:{circular.circular_id}"]
        assert proposal.section is (SectionKey.CONSENT if circular.adopted else SectionKey.DECISION)
        assert proposal.level is circular.level
        named = set() if circular.adopted else set(circular.project_ids) & known
        assert {project.id for project in proposal.projects} == named
        assert proposal.fits
        assert circular.adopted or proposal.proposed_decision == circular.wording
    calm = draft(replace(world, circulars=tuple(one for one in world.circulars if not one.adopted)))
    about = {reason for one in result.proposals for reason in one.reasons if reason.project}
    assert about == {reason for one in calm.proposals for reason in one.reasons if reason.project}


@many
@given(worlds())
def test_the_sums_of_the_delta_page_agree(world: DraftInputs) -> None:
    delta = draft(world).delta
    every, *fields = field_sums(delta.projects)
    for found in (every, *fields):
        for row in found.rows:
            n = row.counts
            came, went, to, off = n[Count.CAME], n[Count.WENT], n[Count.TURNED_TO], n[Count.TURNED_FROM]
            assert n[Count.THEN] + came - went + to - off == n[Count.NOW]
            for count in Count:
                listed = counted_projects(delta.projects, count, light_key=row.light_key, field=found.key)
                assert len(listed) == n[count]
        for count in Count:
            assert sum(row.counts[count] for row in found.rows[:-1]) == found.total.counts[count]
    for count in Count:
        assert sum(field.total.counts[count] for field in fields) == every.total.counts[count]
    alive = [view(p.statuses, AS_OF) for p in world.projects]
    red = sum(seen.light is Light.RED and phase(seen) not in ENDED for seen in alive)
    assert every.rows[0].counts[Count.NOW] == red


@many
@given(worlds())
def test_every_decision_and_action_has_its_one_line_where_it_may_stand(world: DraftInputs) -> None:
    lines = [(reason, proposal) for proposal in draft(world).proposals for reason in proposal.reasons if reason.thing]
    assert sorted(str(reason.thing) for reason, _ in lines) == sorted(one.key for one in world.followed)
    things = {one.key: one for one in world.followed}
    for reason, proposal in lines:
        thing = things[str(reason.thing)]
        assert (proposal.level is Level.CONFIDENTIAL) is (thing.level is Level.CONFIDENTIAL)
        assert proposal.section is SectionKey.IMPLEMENTATION
        assert proposal.key.startswith(thing.key.split(":")[0])
        late = thing.at_next if thing.due_on is None else thing.due_on <= MEETING_ON
        mark = "Erledigt" if thing.closed_on else "Fällig" if late else "Offen"
        assert reason.text.startswith(mark)
        assert reason.closed is (mark == "Erledigt")
        assert reason.text in proposal.occasion.split("\n")
    for proposal in {proposal.key: proposal for _, proposal in lines}.values():
        marks = [line.split()[0].rstrip(":") for line in proposal.occasion.split("\n")]
        assert marks == sorted(marks, key=["Fällig", "Offen", "Erledigt"].index)


@many
@given(worlds(), st.data())
def test_drafting_again_settles_at_once(world: DraftInputs, data: st.DataObject) -> None:
    states = st.sampled_from([ProposalState.OPEN, ProposalState.OPEN, ProposalState.ACCEPTED, ProposalState.REJECTED])
    stored = {proposal.key: ExistingProposal(proposal, data.draw(states)) for proposal in draft(world).proposals}
    agenda = tuple(
        PlacedItem(
            one.proposal.title,
            one.proposal.section,
            one.proposal.minutes,
            (key,),
            tuple(project.id for project in one.proposal.projects),
            one.proposal.mandatory,
        )
        for key, one in stored.items()
        if one.state is ProposalState.ACCEPTED
    )
    moved = replace(
        world,
        projects=tuple(replace(p, statuses=p.statuses[1:]) for p in world.projects),
        followed=world.followed[1:],
        agenda=agenda,
    )
    touched = {key: one for key, one in stored.items() if one.state is not ProposalState.OPEN}
    changes = redraft(stored.values(), draft(replace(moved, existing=tuple(stored.values()))).proposals)
    for change in changes:
        if change.kind is ChangeKind.DIFFERS:
            assert touched[change.key].proposal == change.proposal
            continue
        one = touched.get(change.key)
        assert one is None or (one.state is ProposalState.REJECTED and change.kind is ChangeKind.REOPENED)
        state = ProposalState.VANISHED if change.kind is ChangeKind.VANISHED else ProposalState.OPEN
        stored[change.key] = ExistingProposal(change.proposal, state)
    again = redraft(stored.values(), draft(replace(moved, existing=tuple(stored.values()))).proposals)
    assert {change.kind for change in again} <= {ChangeKind.DIFFERS}
    assert again == [change for change in changes if change.kind is ChangeKind.DIFFERS]


@many
@given(histories(), days)
def test_the_history_and_the_projects_page_agree_on_what_stands(statuses: tuple[Status, ...], on: dt.date) -> None:
    mine, theirs = standing(statuses, on), folded(cast("Any", statuses), on)
    assert (mine.as_of, mine.light, mine.lights.told_on) == (theirs.as_of, theirs.light, theirs.light_as_of)
    parts = (theirs.light_schedule, theirs.light_cost, theirs.light_content)
    assert (mine.schedule.value, mine.cost.value, mine.content.value) == parts
    assert mine.phase is (theirs.phase or Phase.UNKNOWN)
