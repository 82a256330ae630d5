"""The command ``skip`` for operators and scripts. Exit status 0: done, 1: refused with a sentence, 2: wrong usage."""

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlmodel import Session

from app import clock
from app.actor import Actor, Role, system
from app.config import Settings
from app.db import Database, ident
from app.errors import Invalid, SkipError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sitzungen, Beschlüsse und Aufträge eines Steuerungskreises.",
)
user_commands = typer.Typer(no_args_is_help=True, help="Konten")
token_commands = typer.Typer(no_args_is_help=True, help="Schlüssel für Programme")
history_commands = typer.Typer(no_args_is_help=True, help="Verlauf")
import_commands = typer.Typer(no_args_is_help=True, help="Dateien übernehmen")
mail_commands = typer.Typer(no_args_is_help=True, help="Antworten per Mail")
app.add_typer(user_commands, name="user")
app.add_typer(mail_commands, name="mail")
app.add_typer(token_commands, name="token")
app.add_typer(history_commands, name="history")
app.add_typer(import_commands, name="import")
search_commands = typer.Typer(no_args_is_help=True, help="Suche")
app.add_typer(search_commands, name="search")

Day = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d", "%d.%m.%Y"], metavar="DATUM")]


def main() -> None:
    """Entry of the console script; refusals become one sentence on stderr and status 1."""
    try:
        app()
    except SkipError as error:
        fail(_words(error))
    except TimeoutError:
        fail("Die Datenbank ist von einem anderen Vorgang belegt. Bitte versuchen Sie es gleich noch einmal.")


def fail(sentence: str) -> NoReturn:
    """One sentence on stderr, status 1."""
    typer.echo(sentence, err=True)
    sys.exit(1)


def _words(error: SkipError) -> str:
    if isinstance(error, Invalid):
        return " ".join(error.fields.values())
    return error.sentence


def operator() -> Actor:
    """Who the history names for commands."""
    return system(clock.today(), "Betrieb (Kommandozeile)")


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """The configured database, refused with a sentence while it is not up to date."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.migrating import current_revision, every_table, newest_revision

    every_table()  # a row is written only where the tables it refers to are known, too
    database = Database((settings or Settings()).database_url)
    try:
        if current_revision(database) != newest_revision():
            fail("Die Datenbank ist nicht auf dem neuesten Stand. Bitte führen Sie „skip migrate“ aus.")
        yield database
    except SQLAlchemyError as error:
        fail(f"Die Datenbank antwortet nicht wie erwartet: {type(error).__name__}. „skip check“ sagt mehr.")
    finally:
        database.close()


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from app.migrating import newest_revision, upgrade

    database = Database(Settings().database_url)
    upgrade(database)
    database.close()
    typer.echo(f"Die Datenbank ist auf dem Stand {newest_revision()}.")


@app.command()
def check() -> None:
    """Check configuration, database, fonts, mail and storage; say what is wrong and how to mend it."""
    from app import checking

    settings = Settings()
    typer.echo("Einstellungen")
    for variable, value, meaning in checking.settings_lines(settings):
        typer.echo(f"  {variable} = {value}\n      {meaning}")
    typer.echo("Prüfungen")
    findings = checking.check(settings)
    for finding in findings:
        word = {True: "gut    ", False: "FEHLER ", None: "Hinweis"}[finding.ok]
        typer.echo(f"  {word} {finding.name}: {finding.words}")
        if finding.ok is not True and finding.remedy:
            typer.echo(f"          Abhilfe: {finding.remedy}")
    wrong = [finding.name for finding in findings if finding.ok is False]
    if wrong:
        fail(f"Nicht in Ordnung: {', '.join(wrong)}.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port")] = 8000,
    workers: Annotated[int, typer.Option(help="Prozesse (nur mit PostgreSQL mehr als einer)", min=1)] = 1,
    worker: Annotated[bool, typer.Option(help="Hintergrundarbeit im selben Prozess")] = True,
    migrate_first: Annotated[bool, typer.Option("--migrate", help="vorher die Datenbank auf Stand bringen")] = False,
) -> None:
    """Serve the site, with a worker for background jobs beside it."""
    from app.serving import serve as run

    if migrate_first:
        migrate()
    settings = Settings()
    if settings.is_sqlite and workers > 1:
        fail("Mit SQLite bedient ein Prozess die Anwendung. Für mehrere nehmen Sie PostgreSQL.")
    with opened(settings):
        pass
    run(settings, host=host, port=port, workers=workers, with_worker=worker)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port", min=1, max=65535)] = 8000,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="danach die Anwendung bedienen")] = True,
) -> None:
    """Make demo data, draft the next agenda, write its PDF and .ics, and serve the demo on 127.0.0.1."""
    from app.demo import running

    settings = running.demo_settings(Path("var"), port=port)
    if serving:
        running.require_free_port(port)
    report = running.prepare_demo(settings, progress=_say if sys.stderr.isatty() else lambda _: None)
    for line in running.last_lines(report, settings):
        typer.echo(line)
    if serving:
        from app.serving import serve as run

        run(settings, host="127.0.0.1", port=port)


def _say(words: str) -> None:
    """Progress of long work, for people at a terminal."""
    typer.echo(f"… {words}", err=True)


@user_commands.command("add")
def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="Name, wie er im Verlauf steht")],
    role: Annotated[str, typer.Option(help="admin, secretariat, auditor oder user")],
    body: Annotated[str | None, typer.Option(help="Kurzbezeichnung des Gremiums; ohne: alle")] = None,
    password_stdin: Annotated[bool, typer.Option(help="Kennwort von der Standardeingabe lesen")] = False,
    invite: Annotated[bool, typer.Option("--invite", help="Einladung mit einem Link zum Kennwort mailen")] = False,
) -> None:
    """Create an account."""
    from app.credentials.letters import invitation_letter
    from app.credentials.service.passwords import invite_account
    from app.installation.queries import is_demo
    from app.people import rules, service
    from app.people.schemas import AccountIn
    from app.validation import read

    if role not in ("admin", "secretariat", "auditor", "user"):
        raise typer.BadParameter("admin, secretariat, auditor oder user", param_hint="--role")
    password_hash = ""
    if password_stdin:
        password_hash = rules.hash_password(rules.checked_password(sys.stdin.readline().rstrip("\r\n")))
    settings, actor = Settings(), operator()
    with opened(settings) as database, database.write() as session:
        letter = invitation_letter(settings, name, clock.now(), inviter="Der Betrieb", demo=is_demo(session))
        wish = {
            "email": email,
            "name": name,
            "role": None if role == "user" else Role(role),
            "body_id": _body_called(session, body) if body is not None else None,
            "password_hash": password_hash,
        }
        account = service.add_account(session, actor, read(AccountIn, wish))
        if invite:
            invite_account(session, actor, account, letter, settings)
    typer.echo(f"Das Konto {email} ist angelegt.")
    if invite:
        typer.echo(
            "Die Einladung ist unterwegs." if settings.smtp_url else "Ohne SKIP_SMTP_URL wird sie nicht versandt."
        )


def _body_called(session: Session, short_name: str) -> int:
    from app.bodies.queries import find_body_by_short_name

    found = find_body_by_short_name(session, short_name)
    if found is None:
        fail(f"Ein Gremium „{short_name}“ gibt es nicht.")
    return ident(found)


@user_commands.command("reset-factors")
def reset_factors(email: str) -> None:
    """Take app, passkeys and recovery codes away from somebody who lost them; the owner is told by mail."""
    from app.credentials.letters import FACTORS_RESET, change_letter
    from app.credentials.service import factors
    from app.installation.queries import is_demo
    from app.people import queries

    settings = Settings()
    with opened(settings) as database:
        with database.read() as session:
            account = queries.find_account_by_email(session, email.strip().lower())
            demo = is_demo(session)
        if account is None:
            fail(f"Ein Konto {email} gibt es nicht.")
        notice = change_letter(settings, account, clock.now(), what=FACTORS_RESET, demo=demo)
        with database.write() as session:
            locked = queries.lock_accounts(session, ident(account))
            factors.reset_factors(session, operator(), locked, notice, settings)
    typer.echo(f"Die zweiten Faktoren von {account.email} sind zurückgesetzt.")


@search_commands.command("rebuild")
def rebuild_search() -> None:
    """Index everything anew; people may work meanwhile, and find less until it is done."""
    from app.search.service import rebuild

    with opened() as database:
        count = rebuild(database, _say if sys.stderr.isatty() else lambda _: None)
    typer.echo(f"Die Suche kennt {count} Gegenstände mit allem, was darunter steht.")


@token_commands.command("create")
def create_token(email: str) -> None:
    """Create a key for programs; it is the last line of the output, once."""
    from app.people import queries, service

    with opened() as database, database.write() as session:
        account = queries.find_account_by_email(session, email.strip().lower())
        if account is None:
            fail(f"Ein Konto {email} gibt es nicht.")
        key = service.create_api_token(session, operator(), account, label="Kommandozeile")
    typer.echo("Der Schlüssel wird nur dieses eine Mal gezeigt:", err=True)
    typer.echo(key)


@import_commands.command("projects")
def import_projects(
    file: Annotated[Path, typer.Argument(help="CSV oder XLSX", metavar="DATEI")],
    dry_run: Annotated[bool, typer.Option(help="nur zeigen, nichts schreiben")] = False,
    as_of: Day = None,
) -> None:
    """Take over projects and status, all or nothing; the last line of the output counts them."""
    from app.importing.rows import RowsRefused
    from app.projects.importing.reading import read_table
    from app.projects.importing.report import report_lines
    from app.projects.importing.rows import check_rows
    from app.projects.service.importing import import_projects as import_checked
    from app.projects.service.importing import preview_import

    settings = Settings()
    data = _content_of(file)
    table = read_table(data, most_bytes=settings.upload_limit_mb * 1024 * 1024)
    checked = check_rows(table, as_of=as_of.date() if as_of else None, today=clock.today())
    with opened(settings) as database:
        if dry_run:
            with database.read() as session:
                plan = preview_import(session, operator(), checked)
        else:
            try:
                with database.write() as session:
                    plan = import_checked(session, operator(), checked, file_name=file.name)
            except RowsRefused as refused:
                for wrong_row in refused.errors:
                    typer.echo(str(wrong_row), err=True)
                fail(refused.sentence)
    _tell(report_lines(plan), refused=bool(plan.errors))


@import_commands.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="CSV oder XLSX", metavar="DATEI")],
    body: Annotated[str, typer.Option(help="Kurzbezeichnung des Gremiums, dem die Sitze gehören")],
    dry_run: Annotated[bool, typer.Option(help="nur zeigen, nichts schreiben")] = False,
) -> None:
    """Take over institutions, persons and seats, all or nothing; the last line of the output counts them."""
    from app.bodies.importing.columns import COLUMNS
    from app.bodies.importing.report import report_lines
    from app.bodies.importing.rows import check_people
    from app.bodies.queries import find_body_by_short_name, lock_body
    from app.bodies.service.importing import import_people as import_checked
    from app.bodies.service.importing import preview_people
    from app.importing.reading import read_table
    from app.importing.rows import RowsRefused

    settings = Settings()
    most = settings.upload_limit_mb * 1024 * 1024
    table = read_table(_content_of(file), COLUMNS.knows, things="Institutionen oder Personen", most_bytes=most)
    checked = check_people(table)
    with opened(settings) as database:
        with database.read() as session:
            found = find_body_by_short_name(session, body)
            if found is None:
                fail(f"Ein Gremium „{body}“ gibt es nicht.")
            plan = preview_people(session, operator(), found, checked)
            body_id = ident(found)
        if not dry_run and not plan.errors:
            try:
                with database.write() as session:
                    locked = lock_body(session, operator(), body_id)
                    plan = import_checked(session, operator(), locked, checked, file_name=file.name)
            except RowsRefused as refused:
                for wrong_row in refused.errors:
                    typer.echo(str(wrong_row), err=True)
                fail(refused.sentence)
    _tell(report_lines(plan), refused=bool(plan.errors))


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        fail(f"Die Datei {file} gibt es nicht, oder sie lässt sich nicht lesen.")


def _tell(lines: Iterable[str], *, refused: bool) -> None:
    """Print a report; errors go to stderr and end the command with 1."""
    for line in lines:
        typer.echo(line, err=refused)
    if refused:
        sys.exit(1)


@app.command("draft-agenda")
def draft_agenda(
    meeting: Annotated[int, typer.Option(help="Kennung der Sitzung")],
    as_of: Day = None,
    as_json: Annotated[bool, typer.Option("--json", help="wie die Programmschnittstelle")] = False,
) -> None:
    """Draft the agenda from project status, and print the proposals with their reasons."""
    from app.api.proposals import draft_proposals
    from app.api.schemas.proposals import DraftIn
    from app.meetings.queries import lock_meeting

    wish = DraftIn(as_of=as_of.date() if as_of else None)
    with opened() as database, database.write() as session:
        made = draft_proposals(session, operator(), lock_meeting(session, operator(), meeting), wish)
    if as_json:
        typer.echo(made.model_dump_json(indent=2))
        return
    section = ""
    for proposal in made.items:
        if proposal.section != section:
            section = proposal.section
            typer.echo(f"\n{section}")
        codes = ", ".join(project.code for project in proposal.projects)
        typer.echo(f"  [{proposal.state}] {codes} {proposal.title} ({proposal.minutes} Min., {proposal.score})")
        for reason in proposal.reasons:
            typer.echo(f"      {reason.rule}: {reason.text}")
    typer.echo(f"\nStichtag {made.as_of:%d.%m.%Y}, {len(made.items)} Vorschläge. {made.budget.sentence}".rstrip())


@app.command()
def export(
    document: Annotated[
        str,
        typer.Argument(
            help="agenda-pdf, changes-pdf, delta-pdf, meeting-ics oder speaking-notes-pdf", metavar="SCHRIFTSTÜCK"
        ),
    ],
    meeting: Annotated[int, typer.Option(help="Kennung der Sitzung")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Datei, in die geschrieben wird")],
    reader: Annotated[str | None, typer.Option("--for", help="E-Mail-Adresse eines Kontos; ohne: der Betrieb")] = None,
    edition: Annotated[str, typer.Option(help="vollstaendig, ohne-vertrauliches, gast-4.1, oeffentlich")] = "",
    version: Annotated[int | None, typer.Option(help="Version; ohne: die letzte")] = None,
) -> None:
    """Write the same bytes that the reader gets at the document's address."""
    from app.exporting import DOCUMENTS, actor_for

    if document not in DOCUMENTS:
        raise typer.BadParameter(" oder ".join(DOCUMENTS), param_hint="SCHRIFTSTÜCK")
    settings = Settings()
    with opened(settings) as database:
        actor = actor_for(database, reader) if reader else operator()
        content = DOCUMENTS[document](database, settings, actor, meeting, edition, version)
    try:
        output.write_bytes(content)
    except OSError:
        fail(f"Die Datei {output} lässt sich nicht schreiben.")
    typer.echo(f"{output}: {len(content)} Bytes")


@app.command()
def which(
    checksum: Annotated[
        str, typer.Argument(help="Prüfsumme: ganz oder ihre ersten Zeichen (mindestens 8)", metavar="HASH")
    ],
) -> None:
    """Say which document, version and edition a checksum belongs to."""
    from app.documents.identifying import cleaned_hash, identify, identify_letters

    prefix = cleaned_hash(checksum)
    with opened() as database, database.read() as session:
        documents = identify(session, operator(), prefix)
        letters = identify_letters(session, operator(), prefix)
    found = [(one.hash, one.sentence) for one in documents] + [(one.hash, one.sentence) for one in letters]
    if not found:
        fail("Zu dieser Prüfsumme gibt es kein Dokument.")
    if len(found) > 1:
        typer.echo("Mehrere Dokumente beginnen so:")
    for whole, sentence in found:
        typer.echo(f"{whole}  {sentence}")


@mail_commands.command("receive")
def receive_mail_command() -> None:
    """Read one mail from standard input (for Postfix or procmail); status 75: try again later."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.invitations.rules.words import OUTCOME_WORDS
    from app.invitations.service.receiving import receive_mail

    raw = sys.stdin.buffer.read()
    database = Database(Settings().database_url)
    try:
        outcomes = receive_mail(database, raw)
    except (SQLAlchemyError, TimeoutError, OSError):
        typer.echo("Die Datenbank antwortet nicht; die Mail ist nicht gelesen.", err=True)
        sys.exit(75)
    finally:
        database.close()
    for outcome in outcomes:
        typer.echo(OUTCOME_WORDS[outcome])


@mail_commands.command("fetch")
def fetch_mail_command() -> None:
    """Read new mails from the mailbox SKIP_IMAP_URL."""
    from app.invitations.fetching import fetch_mails

    settings = Settings()
    if not settings.imap_url:
        fail("SKIP_IMAP_URL ist nicht eingestellt.")
    with opened(settings) as database:
        typer.echo(f"{fetch_mails(database, settings.imap_url)} Mails gelesen.")


@history_commands.command("verify")
def verify_history() -> None:
    """Check the chain of the history."""
    from app.history.queries import verify_chain

    with opened() as database, database.read() as session:
        verdict = verify_chain(session)
    if verdict.broken_at is not None:
        fail(f"Der Verlauf ist nicht unversehrt: {verdict.complaint}")
    typer.echo(f"Der Verlauf ist unversehrt: {verdict.entries} Einträge, davon {verdict.erased} ohne Angaben.")
    typer.echo(f"Letzter Prüfwert: {verdict.head}")
