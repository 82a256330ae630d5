"""What is real: plan periods with their structure, verified projects, past meetings. All of it without any status."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from app import text
from app.bodies.service import steer_periods
from app.db import ident
from app.demo.days import Days, at
from app.demo.reading import people, plots, real_meetings, real_projects
from app.demo.stage import INVENTED, Stage
from app.history.service import record
from app.meetings import service as meetings
from app.meetings.schemas import MeetingIn
from app.projects.models import Cluster, PlanField, PlanPeriod
from app.projects.schemas import ProjectIn
from app.projects.service.projects import create_project

FIELDS_2022 = ("Innovation", "Kompetenzen", "Rahmenbedingungen", "Kommunikation und Vernetzung")
CLUSTERS_2018: Mapping[str, Sequence[str]] = {
    "Fachkräfte und Innovation": ("Fachkräfte", "Wissens- und Technologietransfer"),
    "Digitalisierung": ("Smart City", "Vernetzung Startups und Industrie", "Digitale Industrie"),
    "Rahmenbedingungen": ("Flächen", "Finanzierung", "Verwaltung und (digitale) Infrastruktur", "Energie"),
    "Marketing": ("Marketing",),
}
REAL_PERIODS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "2010–2020": dict.fromkeys(("Fachkräfte", "Innovation", "Rahmenbedingungen", "Standortkommunikation"), ()),
    "2018–2021": CLUSTERS_2018,
    "2022–2026": dict.fromkeys(FIELDS_2022, ()),
}
LABEL_LENGTH = 300


def demo_clusters() -> dict[str, list[str]]:
    """The real clusters that invented projects use, by the field in which they do."""
    known = [cluster for clusters in CLUSTERS_2018.values() for cluster in clusters]
    used = {(FIELDS_2022[int(plot.code[0]) - 1], plot.cluster) for plot in plots()}
    return {name: [cluster for cluster in known if (name, cluster) in used] for name in FIELDS_2022}


def make_facts(stage: Stage) -> None:
    """Periods, projects and meetings as the sources tell them; the body steers what cannot be asked for reports."""
    for name, fields in REAL_PERIODS.items():
        first, last = (int(year) for year in name.split("–"))
        source = f"Masterplan Industriestadt Berlin {name}; Jahresgrenzen abgeleitet"
        _period(stage, name, first, last, fields, source=source, invented=False)
    for row in real_projects():
        _real_project(stage, row)
    for row in real_meetings():
        _real_meeting(stage, row)


def make_demo_periods(stage: Stage) -> None:
    """The invented period of the story and the one before it, in the real structure."""
    first, last = stage.days.period
    for begins, ends in ((first - 4, first - 1), (first, last)):
        made = _period(stage, f"Demo {begins}–{ends}", begins, ends, demo_clusters(), source=INVENTED, invented=True)
        stage.period.append(made)
    steered = [period for period in stage.period if period.invented or _is_over(period, stage.days)]
    steer_periods(stage.session, stage.operator(), stage.body, [ident(period) for period in steered])


def _is_over(period: PlanPeriod, days: Days) -> bool:
    """Real projects of a running period would be told to owe a report, which nobody may say of them."""
    return period.ends_on is not None and period.ends_on < days.setup


def _period(
    stage: Stage,
    name: str,
    first: int,
    last: int,
    fields: Mapping[str, Sequence[str]],
    *,
    source: str,
    invented: bool,
) -> PlanPeriod:
    period = PlanPeriod(
        name=name,
        starts_on=dt.date(first, 1, 1),
        ends_on=dt.date(last, 12, 31),
        source=source,
        invented=invented,
    )
    _keep(stage, period, "period.create", name)
    if not invented:
        stage.period.append(period)
    for place, (field_name, clusters) in enumerate(fields.items(), 1):
        field = PlanField(period_id=ident(period), name=field_name, position=place)
        _keep(stage, field, "field.create", field_name)
        stage.fields[ident(period), field_name] = field
        for number, cluster_name in enumerate(clusters, 1):
            cluster = Cluster(field_id=ident(field), name=cluster_name, position=number)
            _keep(stage, cluster, "cluster.create", cluster_name)
            stage.clusters[ident(period), field_name, cluster_name] = ident(cluster)
    return period


def _keep(stage: Stage, row: Any, verb: str, name: str) -> None:
    stage.session.add(row)
    stage.session.flush()
    record(stage.session, stage.operator(), verb, row, after={"name": name}, label=name)


def _real_project(stage: Stage, row: Mapping[str, str]) -> None:
    period = next(one for one in stage.period if one.name == row["period"].replace("-", "–"))
    number = 1 + sum(1 for one in stage.projects if one.startswith(f"{period.name} "))
    field = stage.fields.get((ident(period), _derived(row["field"])))
    cluster = stage.clusters.get((ident(period), field.name, _derived(row["cluster"]))) if field else None
    lead = _organisation(stage, row["lead"])
    known, unknown = _partners(stage, row["partners"])
    made = create_project(
        stage.session,
        stage.secretary(),
        ProjectIn(
            code=f"o. Nr. {number}",
            title=row["title"],
            period=ident(period),
            field=ident(field) if field else None,
            cluster=cluster,
            lead=lead,
            partners=known,
            starts_on=_day(row["start"]),
            ends_on=_day(row["end"]),
            source=_source(row, told_lead=lead is None, unknown=unknown),
        ),
    )
    stage.projects[f"{period.name} {made.code}"] = made


def _source(row: Mapping[str, str], *, told_lead: bool, unknown: Sequence[str]) -> str:
    """Where it was found, and what stands there that no column takes exactly."""
    said = [row["note"]]
    if row["lead"] and told_lead:
        said.append(f"Federführung: {row['lead']}")
    if unknown:
        said.append(f"Partner: {', '.join(unknown)}")
    said += [f"{word}: {row[name]}" for word, name in (("Beginn", "start"), ("Ende", "end")) if _inexact(row[name])]
    if "abgeleitet" in row["field"]:
        said.append("Handlungsfeld abgeleitet")
    said.append("amtliche Nummer nicht bekannt")
    return text.one_line(f"{'; '.join(said)}. Quelle: {row['source']}")


def _derived(words: str) -> str:
    return re.sub(r"\s*\(.*abgeleitet\)", "", words)


def _day(words: str) -> dt.date | None:
    """Only a whole date is one; a year or a month stays in the words."""
    return dt.date.fromisoformat(words[:10]) if re.match(r"\d{4}-\d{2}-\d{2}", words) else None


def _inexact(words: str) -> bool:
    return bool(words) and _day(words) is None


def _organisation(stage: Stage, name: str) -> int | None:
    named = (key for key, row in people()["organisations"].items() if name and name in (row["long"], row["short"]))
    key = next(named, None) or _ALIASES.get(name)
    return stage.organisations[key] if key else None


def _partners(stage: Stage, words: str) -> tuple[tuple[int, ...], list[str]]:
    known, unknown = [], []
    for name in (part.strip() for part in words.split(";") if part.strip()):
        found = _organisation(stage, name)
        if found is None:
            unknown.append(name)
        else:
            known.append(found)
    return tuple(known), unknown


_ALIASES = {"Berlin Partner GmbH": "bp"}


def _real_meeting(stage: Stage, row: Mapping[str, str]) -> None:
    """A held meeting without agenda; one without an exact date cannot stand in a calendar and is left out."""
    day = _day(row["date"])
    if day is None:
        return
    wish = MeetingIn(
        body=stage.body_id,
        starts_at=at(day, 10),
        ends_at=at(day, 12),
        place=row["place"],
        number=int(row["number"]),
        main_topic=row["topics"][:LABEL_LENGTH],
        without_status=True,
        source=f"{row['source']}; Uhrzeit nicht bekannt, angezeigt wird 10 bis 12 Uhr",
    )
    meeting = meetings.plan_meeting(stage.session, stage.secretary(), wish)
    meetings.record_held(stage.session, stage.secretary(), meeting)
