"""The delivery log: what went to whom and what became of it, the mails of a meeting, one mail with its tries."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from app import text
from app.actor import Actor, Role
from app.bodies.queries import list_bodies, mailbox_of
from app.config import Settings
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound
from app.meetings.queries import get_meeting, list_meetings
from app.meetings.rules.life import label_with_date
from app.outbox import queries, rules, service
from app.outbox.models import Mail, MailState
from app.outbox.rules import STATE_WORDS
from app.outbox.schemas import MailFilter, MailLine
from app.request import CurrentActor, CurrentDatabase, ReadSession, Submitted, WriteSession
from app.web.forms import Form, typed, typed_number
from app.web.meetings.meeting_frame import meeting_page
from app.web.outbox.mail_kinds import kind_title
from app.web.respond import done, page
from app.web.tables import Column, Kind, download

router = APIRouter()

HOME = "/postausgang"
KEY_WORDS = "PERSOENLICHER-SCHLUESSEL"
"""Stands where the key of a recipient would: nobody but the recipient ever reads it."""

COLUMNS: list[Column[MailLine]] = [
    Column("Mail", lambda row: row.subject or kind_title(row.kind), Kind.NAME, link=lambda row: f"{HOME}/{row.id}"),
    Column("Art", lambda row: kind_title(row.kind)),
    Column("Empfänger", lambda row: f"{row.name} <{row.address}>" if row.name else row.address),
    Column("Stand", lambda row: STATE_WORDS[row.state]),
    Column("Geschrieben", lambda row: text.moment(row.created_at)),
    Column("Übergeben", lambda row: text.moment(row.sent_at) if row.sent_at else ""),
    Column("Versuche", lambda row: row.attempts or None, Kind.NUMBER, on_page=False),
    Column("Nächster Versuch", lambda row: text.moment(row.next_try_at) if row.next_try_at else "", on_page=False),
    Column("Antwort des Mailservers", lambda row: row.answer, on_page=False),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the log asks for; what it does not understand, it leaves out."""

    wish: MailFilter
    after: str
    before: str

    def address(self, path: str = HOME, **changes: str) -> str:
        """The log with some values of the address changed; the page always begins anew."""
        values = {
            "gremium": str(self.wish.body_id or ""),
            "sitzung": str(self.wish.meeting_id or ""),
            "art": self.wish.kind,
            "stand": self.wish.state or "",
            **changes,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


def read_asked(request: Request) -> Asked:
    """The filter and place that the address asks for."""
    given = request.query_params
    state = given.get("stand", "")
    wish = MailFilter(
        body_id=typed_number(given.get("gremium", "")) or None,
        meeting_id=typed_number(given.get("sitzung", "")) or None,
        kind=text.one_line(given.get("art", ""))[:60],
        state=MailState(state) if state in STATE_WORDS else None,
    )
    return Asked(wish, given.get("nach", ""), given.get("vor", ""))


def require_log(actor: Actor) -> None:
    """The log is there for secretariats and the administration; for others there is no such page."""
    if not (actor.is_secretariat or actor.is_admin):
        raise NotFound()


@router.get(HOME)
def show_log(request: Request, session: ReadSession, actor: CurrentActor) -> Response:
    """The log, the newest mail first."""
    require_log(actor)
    asked = read_asked(request)
    found = queries.list_mails(session, actor, asked.wish, after=asked.after or None, before=asked.before or None)
    settings: Settings = request.app.state.settings
    return page(
        request,
        actor,
        "outbox/list.html",
        title="Postausgang",
        asked=asked,
        found=found,
        columns=COLUMNS,
        bodies=_bodies(session, actor),
        meetings=_meetings(session, actor),
        kinds=[(kind, kind_title(kind)) for kind in queries.list_kinds(session, actor)],
        states=[(state.value, words, found.counts.get(state, 0)) for state, words in STATE_WORDS.items()],
        withholds=not settings.smtp_url,
    )


@router.get(f"{HOME}.csv")
@router.get(f"{HOME}.xlsx")
def download_log(request: Request, database: CurrentDatabase, actor: CurrentActor) -> Response:
    """The filtered log as a file, whole."""
    require_log(actor)
    with database.read() as session:
        found = queries.list_mails(session, actor, read_asked(request).wish, limit=None)
    ending = request.url.path.rpartition(".")[2]
    return download(ending, COLUMNS, found.lines, title="Postausgang", name="postausgang")


@router.get("/sitzungen/{meeting_id:int}/versand")
def show_meeting_log(request: Request, meeting_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """What was sent about a meeting, to whom, and what became of it; for its secretariat."""
    meeting = get_meeting(session, actor, meeting_id)
    if not _runs(actor, meeting.body_id):
        raise Forbidden("Was wem gesandt wurde, sieht die Geschäftsstelle des Gremiums.")
    found = queries.list_mails(session, actor, MailFilter(meeting_id=meeting_id), limit=None)
    return meeting_page(
        request,
        session,
        actor,
        meeting,
        "outbox/meeting.html",
        title="Versand",
        found=found,
        columns=COLUMNS,
        states=[(words, found.counts[state]) for state, words in STATE_WORDS.items() if state in found.counts],
        log=f"{HOME}?{urlencode({'sitzung': meeting_id})}",
    )


@router.get(f"{HOME}/{{mail_id:int}}")
def show_mail(request: Request, mail_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """One mail with its tries, and what it says to those who may read that."""
    return _mail_page(request, session, actor, mail_id, Form())


@router.get(f"{HOME}/{{mail_id:int}}/ansicht")
def show_html(mail_id: int, session: ReadSession, actor: CurrentActor) -> Response:
    """The HTML of a mail, shut in: it runs nothing, loads nothing and leads nowhere by itself."""
    mail = queries.get_mail(session, actor, mail_id)
    if not rules.may_read_texts(actor, mail) or not mail.html:
        raise NotFound()
    return shut_in(_without_key(mail.html))


@router.post(f"{HOME}/{{mail_id:int}}/erneut")
def resend(
    request: Request, mail_id: int, database: CurrentDatabase, actor: CurrentActor, submitted: Submitted
) -> Response:
    """Order a mail again; one that may have arrived only with a confirmation."""
    values = typed(submitted)
    try:
        with database.write() as session:
            mail = queries.get_mail(session, actor, mail_id)
            sender = mailbox_of(session, mail.body_id, request.app.state.settings)
            service.resend_mail(session, actor, mail_id, sender=sender, confirmed=values.get("confirmed") == "1")
    except Invalid as error:
        with database.read() as session:
            return _mail_page(request, session, actor, mail_id, Form(values, error.fields), status=error.status)
    return done(request, f"{HOME}/{mail_id}", "Die Mail wartet wieder auf ihren Versand.")


@router.post(f"{HOME}/{{mail_id:int}}/zurueckziehen")
def cancel(request: Request, mail_id: int, session: WriteSession, actor: CurrentActor) -> Response:
    """Withdraw a mail that waits."""
    service.cancel_mail(session, actor, mail_id)
    return done(request, f"{HOME}/{mail_id}", "Die Mail ist zurückgezogen und wird nicht versandt.")


def shut_in(html: str) -> Response:
    """HTML of a mail as a document without any right: sandboxed, nothing loaded, framed by this site only."""
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'",
        "Cache-Control": "private, no-store",
    }
    return HTMLResponse(html, headers=headers)


def _mail_page(
    request: Request, session: Session, actor: Actor, mail_id: int, form: Form, *, status: int = 200
) -> Response:
    mail = queries.get_mail(session, actor, mail_id)
    reads = rules.may_read_texts(actor, mail)
    title = mail.subject if reads else kind_title(mail.kind)
    return page(
        request,
        actor,
        "outbox/show.html",
        title=title,
        status=status,
        crumbs=(("Postausgang", HOME), (title, None)),
        mail=mail,
        kind=kind_title(mail.kind),
        facts=_facts(mail),
        tries=[(one, STATE_WORDS[one.outcome]) for one in queries.tries_of(session, mail_id)],
        files=queries.files_of(session, mail) if reads else [],
        reads=reads,
        words=_without_key(mail.text) if reads else "",
        calendar=_without_key(mail.calendar) if reads else "",
        may_act=rules.may_act(actor, mail),
        may_resend=mail.state in rules.SENT_ANEW and mail.texts_erased_at is None,
        form=form,
    )


def _facts(mail: Mail) -> Mapping[str, str]:
    """Where the mail stands, in words."""
    found = {
        "Stand": STATE_WORDS[mail.state],
        "An": f"{mail.name} <{mail.address}>" if mail.name else mail.address,
        "Von": _sender(mail),
        "Geschrieben": text.moment(mail.created_at),
    }
    if mail.sent_at is not None:
        found["Dem Mailserver übergeben"] = text.moment(mail.sent_at)
    if mail.state is MailState.WAITING and mail.next_try_at is not None:
        found["Nächster Versuch"] = text.moment(mail.next_try_at)
    if mail.answer:
        found["Antwort"] = mail.answer
    return found


def _sender(mail: Mail) -> str:
    """Whose mail it is; an installation without a mailbox says so instead of an address that there is not."""
    if mail.sender == rules.NO_MAILBOX:
        return f"{mail.sender_name} (ein Postfach ist nicht eingerichtet)".strip()
    return f"{mail.sender_name} <{mail.sender}>" if mail.sender_name else mail.sender


def _without_key(words: str) -> str:
    return words.replace(rules.KEY_MARK, KEY_WORDS)


def _runs(actor: Actor, body_id: int) -> bool:
    return actor.has(Role.SECRETARIAT, body_id)


def _bodies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    found = [(ident(body), body.short_name) for body in list_bodies(session, actor)]
    return [one for one in found if _runs(actor, one[0])]


def _meetings(session: Session, actor: Actor) -> list[tuple[int, str]]:
    found = [one for one in list_meetings(session, actor) if _runs(actor, one.body_id)]
    return [(ident(one), label_with_date(one)) for one in found]
