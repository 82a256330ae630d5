"""Calendars: subscription addresses and their page, feeds that need no sign-in, one meeting to download."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from sqlmodel import Session

from app import clock
from app.access.queries import find_actor_of_feed
from app.actor import Actor
from app.bodies.queries import list_bodies
from app.calendars import build, queries
from app.calendars.feed import event_ics, feed_ics
from app.calendars.kept import AsOf, KeptFeeds, KnownTags
from app.calendars.rules import feed_bodies
from app.calendars.schemas import Feed
from app.config import Settings
from app.db import ident
from app.errors import Invalid
from app.history.queries import head_hash
from app.people import queries as people_queries
from app.people import service as people
from app.people.models import FeedToken
from app.people.rules import key_hash
from app.request import (
    CurrentActor,
    CurrentDatabase,
    CurrentSettings,
    ReadSession,
    Submitted,
    WriteSession,
)
from app.sending import knows
from app.web.forms import Form, typed
from app.web.respond import done, page

router = APIRouter()

kept_feeds = KeptFeeds()
known_tags = KnownTags()
MEDIA_TYPE = "text/calendar; charset=utf-8"
GONE = "Diese Kalenderadresse gibt es nicht oder nicht mehr. Eine neue bekommen Sie in SKIP unter „Kalender“."
WRONG_CHOICE = "Die Angabe „nur“ kennt „sitzungen“ und „fristen“."


@router.get("/kalender/{key}.ics")
def show_feed(
    request: Request, key: str, database: CurrentDatabase, settings: CurrentSettings, nur: str = ""
) -> Response:
    """A feed: the key in its address is the permission, the rights are those of today."""
    if nur not in build.NAMES:
        with database.read() as session:
            return _plain(WRONG_CHOICE, 422) if find_actor_of_feed(session, key) else _plain(GONE, 404)

    def load(session: Session, actor: Actor, body_id: int | None, body: str) -> Feed:
        rows = queries.load_feed_rows(session, actor, body_id)
        address = feed_address(settings, key)
        return build.build_feed(rows, base_url=settings.base_url, address=address, body=body, only=nur, demo=actor.demo)

    return _feed(request, key, database, settings, only=nur, state=queries.feed_state, load=load)


@router.get("/kalender/{key}/aufgaben.ics")
def show_tasks(request: Request, key: str, database: CurrentDatabase, settings: CurrentSettings) -> Response:
    """The own actions as tasks (VTODO), under the same key."""

    def load(session: Session, actor: Actor, body_id: int | None, body: str) -> Feed:
        rows = queries.load_action_rows(session, actor, body_id)
        address = task_address(settings, key)
        return build.build_tasks(rows, base_url=settings.base_url, address=address, body=body, demo=actor.demo)

    return _feed(request, key, database, settings, only=build.TASKS, state=queries.action_state, load=load)


State = Callable[[Session, Actor, int | None], tuple[Any, ...]]
Load = Callable[[Session, Actor, int | None, str], Feed]


def _feed(
    request: Request,
    key: str,
    database: CurrentDatabase,
    settings: CurrentSettings,
    *,
    only: str,
    state: State,
    load: Load,
) -> Response:
    """What both feeds share: what is known of the address, the key, the tag before anything is loaded, the last use.

    Where nothing was recorded since this address was examined today, the end of the history is the one row read.
    """
    address = (key_hash(key), only, settings.base_url)
    feed: Feed | None = None
    with database.read() as session:
        as_of = AsOf(head_hash(session), clock.today())
        known = known_tags.find(address, as_of)
        content = kept_feeds.find(known) if known else None
        if known and (content is not None or knows(request, known)):
            return _sent(request, known, content, only)
        found = find_actor_of_feed(session, key)
        if found is None:
            return _plain(GONE, 404)
        actor, token = found
        seen = state(session, actor, token.body_id)
        tag = build.feed_tag(seen, actor, token.token_hash, only=only, base_url=settings.base_url)
        content = kept_feeds.find(tag)
        if content is None and not knows(request, tag):
            body = queries.short_name_of(session, token.body_id) if token.body_id else ""
            feed = load(session, actor, token.body_id, body)
    if token.last_used_on != clock.today():
        with database.write() as session:
            people.note_use(session, token)
    if feed is not None:
        content = feed_ics(feed)
        kept_feeds.keep(tag, content)
    known_tags.keep(address, as_of, tag)
    return _sent(request, tag, content, only)


def _sent(request: Request, tag: str, content: bytes | None, only: str) -> Response:
    """304 for whoever has the text that the tag names, else the text."""
    headers = {"ETag": tag, "Cache-Control": "private"}
    if content is None or knows(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{"aufgaben" if only == build.TASKS else "skip"}.ics"'
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


@router.get("/sitzungen/{meeting_id}/sitzung.ics")
def download_meeting(meeting_id: int, session: ReadSession, actor: CurrentActor, settings: CurrentSettings) -> Response:
    """One meeting as a file, the same entry as in every feed."""
    row = queries.load_meeting_row(session, actor, meeting_id)
    event = build.build_event(row, base_url=settings.base_url, demo=actor.demo)
    content = event_ics(event)
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="sitzung-{meeting_id}.ics"',
    }
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


def feed_address(settings: Settings, key: str) -> str:
    """The full address of a subscription."""
    return f"{settings.base_url.rstrip('/')}/kalender/{key}.ics"


def task_address(settings: Settings, key: str) -> str:
    """The full address of the tasks under the same key."""
    return f"{settings.base_url.rstrip('/')}/kalender/{key}/aufgaben.ics"


def _plain(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, {"Cache-Control": "private, no-store"})


@router.get("/kalender")
def show_calendars(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The person's subscriptions, and how to make one."""
    return _page(request, session, actor, Form())


@router.post("/kalender")
def create_subscription(
    request: Request, session: WriteSession, actor: CurrentActor, settings: CurrentSettings, submitted: Submitted
) -> Response:
    """A new address, shown this once: only its hash is kept."""
    form = Form(typed(submitted))
    try:
        body_id = _chosen_body(session, actor, str(form.value("body")))
        if len(str(form.value("label"))) > 120:
            raise Invalid({"label": "Bitte kürzen Sie auf höchstens 120 Zeichen."})
    except Invalid as error:
        return _page(request, session, actor, Form(form.values, error.fields), status=422)
    key = people.create_feed_token(session, actor, body_id=body_id, label=str(form.value("label")))
    return _page(
        request, session, actor, Form(), address=feed_address(settings, key), tasks=task_address(settings, key)
    )


@router.post("/kalender/{token_id}/erneuern")
def renew_subscription(
    request: Request, token_id: int, session: WriteSession, actor: CurrentActor, settings: CurrentSettings
) -> Response:
    """A new address in place of an old one, which stops working at once."""
    key = people.renew_feed_token(session, actor, token_id)
    return _page(
        request,
        session,
        actor,
        Form(),
        address=feed_address(settings, key),
        tasks=task_address(settings, key),
        renewed=True,
    )


@router.post("/kalender/{token_id}/widerrufen")
def revoke_subscription(request: Request, token_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """The address stops working at once."""
    people.revoke_token(session, actor, FeedToken, token_id)
    return done(request, "/kalender", "Die Kalenderadresse gilt nicht mehr.")


def _chosen_body(session: Session, actor: Actor, chosen: str) -> int | None:
    if not chosen:
        return None
    if chosen not in {str(value) for value, _ in _bodies(session, actor)}:
        raise Invalid({"body": "Bitte wählen Sie eines Ihrer Gremien."})
    return int(chosen)


def _bodies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    mine = feed_bodies(actor)
    return [(ident(one), one.short_name) for one in list_bodies(session, actor) if mine is None or one.id in mine]


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    form: Form,
    *,
    address: str = "",
    tasks: str = "",
    renewed: bool = False,
    status: int = 200,
) -> Response:
    return page(
        request,
        actor,
        "calendars/show.html",
        title="Kalender",
        status=status,
        form=form,
        bodies=_bodies(session, actor),
        tokens=people_queries.list_feed_tokens(session, actor.account_id) if actor.account_id else [],
        address=address,
        task_address=tasks,
        webcal=address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        renewed=renewed,
    )
