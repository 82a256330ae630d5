"""What changed since the last meeting: numbers that add up, each leading to its projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from app import charts, text
from app.actor import Actor
from app.agenda.rules.delta_sums import (
    LIGHT_KEYS,
    NO_FIELD,
    SIGNS,
    Count,
    FieldSums,
    counted_projects,
    field_sums,
)
from app.agenda.schemas.frozen_delta import DeltaProject, DeltaValues
from app.documents.delta import render_delta
from app.documents.keeping import keep_pdf
from app.documents.pdf import Busy
from app.drafting.service.comparing import choose_delta
from app.errors import Invalid, NotFound
from app.meetings.queries import get_meeting
from app.projects.queries.projects import readable_ids
from app.projects.rules.words import PHASES
from app.request import CurrentActor, CurrentDatabase, CurrentStorage, ReadSession
from app.sending import knows
from app.web.downloads import PDF, file_headers, wait_page
from app.web.meetings.meeting_frame import DELTA, address_of, meeting_page

router = APIRouter()

LIGHT_WORDS = {"rot": "rot", "gelb": "gelb", "gruen": "grün", "ohne": "keine Meldung", "": "alle"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """The sums of a field with their chart, which is also told in words."""

    sums: FieldSums
    chart: charts.Bars
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The projects behind one number of the page."""

    words: str
    projects: list[DeltaProject]


@router.get("/sitzungen/{meeting_id}/veraenderungen")
def show_delta(
    request: Request,
    meeting_id: int,
    session: ReadSession,
    actor: CurrentActor,
    version: int | None = None,
    zahl: str = "",
    ampel: str = "",
    feld: str = "",
) -> Response:
    """Then and now per field, and every changed project; ``zahl`` also lists the projects behind a number."""
    meeting = get_meeting(session, actor, meeting_id)
    found, complaint = None, ""
    try:
        found = choose_delta(session, actor, meeting, version=version)
    except Invalid as error:
        complaint = " ".join(error.fields.values())
    values = found.values if found else None
    home = f"{address_of(meeting)}/veraenderungen"
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "deltas/show.html",
        tab=DELTA,
        delta=values,
        complaint=complaint or "Mit dieser Freigabe wurde kein Vergleich festgehalten.",
        frozen=bool(found and found.digest),
        digest=found.digest if found else "",
        home=home,
        pdf_query=f"?version={version}" if version else "",
        fields=field_views(values) if values else [],
        chosen=_chosen(values, zahl, ampel, feld) if values else None,
        readable=_readable(session, actor, values),
        address_of_number=lambda count, light, field: _address(home, version, count, light, field),
        counts=_columns(values) if values else [],
        light_keys=LIGHT_KEYS,
        phase_words=PHASES,
    )


@router.get("/sitzungen/{meeting_id}/veraenderungen.pdf")
def download_delta(
    request: Request,
    meeting_id: int,
    database: CurrentDatabase,
    storage: CurrentStorage,
    actor: CurrentActor,
    version: int | None = None,
) -> Response:
    """The changes as an annex: the kept bytes of what was frozen, or today's with its watermark."""
    with database.read() as session:
        found = choose_delta(session, actor, get_meeting(session, actor, meeting_id), version=version)
    if found is None:
        raise NotFound()
    values, digest = found.values, found.digest
    meeting, kind = values.meeting, f"Version {values.version}" if values.version else "Entwurf"
    name = (values.body.short_name, meeting.label, f"{meeting.on}", "Veränderungen", kind)
    headers = file_headers(*name, ending="pdf", digest=digest)
    if digest and knows(request, f'"{digest}"'):
        return Response(status_code=304, headers=headers)
    try:
        content = keep_pdf(database, storage, digest) if digest else render_delta(values)
    except Busy as busy:
        return wait_page(request, actor, busy)
    return Response(content, headers=headers, media_type=PDF)


def field_views(values: DeltaValues) -> list[FieldView]:
    """All fields together and each of them, with charts on one scale but for the first."""
    sums = field_sums(values.projects)
    rest = max((_most(one) for one in sums[1:]), default=0)
    return [_view(values, one, _most(one) if place == 0 else rest) for place, one in enumerate(sums)]


def _most(sums: FieldSums) -> int:
    return max(sums.total.counts[Count.THEN], sums.total.counts[Count.NOW])


def _view(values: DeltaValues, sums: FieldSums, most: int) -> FieldView:
    days = [(text.date(values.as_of), sums.by_light(Count.NOW))]
    if values.then:
        days.insert(0, (text.date(values.then.on), sums.by_light(Count.THEN)))
    told = [f"{day}: {_in_words(counts)}" for day, counts in days]
    return FieldView(sums, charts.bars(days, most), f"Ampeln: {sums.name}", "; ".join(told))


def _in_words(counts: dict[str, int]) -> str:
    return text.joined([f"{number} {LIGHT_WORDS[key]}" for key, number in counts.items()])


def _columns(values: DeltaValues) -> list[tuple[Count, str, str, str]]:
    """The columns of the tables as (count, sign, head, what a number of it is)."""
    now = (Count.NOW, "", text.date(values.as_of), f"am {text.date(values.as_of)}")
    if values.then is None:
        return [now]
    then = text.date(values.then.on)
    return [
        (Count.THEN, "", then, f"am {then}"),
        (Count.CAME, SIGNS[Count.CAME], "Zugang", "dazugekommen"),
        (Count.WENT, SIGNS[Count.WENT], "Abgang", "weggefallen"),
        (Count.TURNED_TO, SIGNS[Count.TURNED_TO], "Wechsel hierher", "mit neuer Ampel"),
        (Count.TURNED_FROM, SIGNS[Count.TURNED_FROM], "Wechsel von hier", "mit früherer Ampel"),
        now,
    ]


def _address(home: str, version: int | None, count: Count, light: str, field: str) -> str:
    asked = {"version": version or "", "zahl": count.value, "ampel": light, "feld": field}
    return f"{home}?{urlencode({name: value for name, value in asked.items() if value})}#projekte"


def _chosen(values: DeltaValues, zahl: str, ampel: str, feld: str) -> Chosen | None:
    """The projects of the number that the address names; None where it names none."""
    count = next((one for one in Count if one.value == zahl), None)
    if count is None or (ampel and ampel not in LIGHT_KEYS):
        return None
    projects = counted_projects(values.projects, count, light_key=ampel, field=feld)
    phrase = next((words for one, _, _, words in _columns(values) if one is count), "")
    name = "Alle Handlungsfelder" if not feld else "Ohne Handlungsfeld" if feld == NO_FIELD else feld
    light = f", {LIGHT_WORDS[ampel]}" if ampel else ""
    return Chosen(f"{name}{light}, {phrase}", projects)


def _readable(session: Session, actor: Actor, values: DeltaValues | None) -> frozenset[int]:
    ids: Sequence[int] = [project.id for project in values.projects] if values else []
    return readable_ids(session, actor, ids)
