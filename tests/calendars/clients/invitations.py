"""``python -m tests.calendars.clients.invitations``: Thunderbird opens our invitations; prints what it shows and keeps.

By hand, like the feeds; everything stays on this machine.
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Any

from app import clock
from app.clock import BERLIN
from app.config import Settings
from app.db import Database
from app.meetings.schemas import CancelIn, MoveIn
from app.meetings.service import cancel_meeting, move_meeting
from app.migrating import upgrade
from tests.calendars.clients.desktop import start_thunderbird
from tests.invitations.conftest import House

KEPT = {
    "announced": ("TENTATIVE", "2026-05-01T08:00:00.000Z"),
    "released": ("CONFIRMED", "2026-05-01T08:00:00.000Z"),
    "moved": ("CONFIRMED", "2026-11-03T13:00:00.000Z"),
    "cancelled": None,
}
"""What has to stand in the member's own calendar after each mail was accepted: state, and beginning in UTC.

Of a cancellation Thunderbird offers to delete the entry.
"""


def main() -> int:
    """One meeting's mails to one member, opened and accepted one after the other."""
    wrong = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        mails = write_mails(folder)
        process, remote = start_thunderbird(folder)
        try:
            remote.script(FURNISH, "member@skip.test")
            for name, raw in mails.items():
                seen: dict[str, Any] = remote.script(OPEN, raw.decode("latin-1"))
                kept = seen.get("kept", [])
                right = [(one["status"], one["starts"]) for one in kept] == [one for one in [KEPT[name]] if one]
                wrong += not right
                print(f"{name:10}{'right' if right else 'WRONG'}: {seen}", flush=True)
        finally:
            process.terminate()
            process.wait(60)
    return 1 if wrong else 0


def write_mails(folder: Path) -> dict[str, bytes]:
    """The mails to the member, as they would travel."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'skip.db'}",
        storage=str(folder / "files"),
        base_url="http://127.0.0.1:9",
        secret_key="a secret for trying programs, of no other use",
    )
    database = Database(settings.database_url)
    upgrade(database)
    mails = {}
    with clock.standing_at(dt.datetime(2026, 3, 2, 9, tzinfo=BERLIN)):
        house = House(database, settings)
        for name, act in (
            ("announced", house.announce),
            ("released", house.release),
            ("moved", lambda: house.change(_move)),
            ("cancelled", lambda: house.change(_cancel)),
        ):
            with clock.standing_at(clock.now() + dt.timedelta(minutes=len(mails))):
                act()
                house.send("member")
                mails[name] = house.mails()["member"].raw
    database.close()
    return mails


def _move(session, actor, meeting):
    start = dt.datetime(2026, 11, 3, 14, tzinfo=BERLIN)
    move_meeting(
        session, actor, meeting, MoveIn(starts_at=start, ends_at=start + dt.timedelta(hours=2), place="Rathaus")
    )


def _cancel(session, actor, meeting):
    cancel_meeting(session, actor, meeting, CancelIn(reason="Die Vorlagen fehlen."))


FURNISH = """
const [address, done] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
try { MailServices.accounts.createLocalMailAccount(); } catch (there) {}
const identity = MailServices.accounts.createIdentity();
identity.email = address;
const server = MailServices.accounts.localFoldersServer;
MailServices.accounts.findAccountForServer(server).addIdentity(identity);
try { server.rootFolder.createSubfolder("Inbox", null); } catch (there) {}
for (const calendar of cal.manager.getCalendars()) cal.manager.unregisterCalendar(calendar);
const calendar = cal.manager.createCalendar("storage", Services.io.newURI("moz-storage-calendar://"));
calendar.name = "own";
cal.manager.registerCalendar(calendar);
calendar.setProperty("imip.identity.key", identity.key);
done(calendar.id);
"""

OPEN = """
const [raw, done] = arguments;
(async () => {
  const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
  const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
  const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
  const sleep = milliseconds => new Promise(go => setTimeout(go, milliseconds));
  const inbox = MailServices.accounts.localFoldersServer.rootFolder.getChildNamed("Inbox");
  inbox.QueryInterface(Ci.nsIMsgLocalMailFolder);
  const header = inbox.addMessage(raw.replaceAll("\\r\\n", "\\n").startsWith("From ") ? raw : "From - \\r\\n" + raw);
  const win = MailUtils.openMessageInNewWindow(header);
  let inside;
  for (let turn = 0; turn < 100; turn++) {
    await sleep(200);
    inside = win.messageBrowser?.contentWindow;
    if (inside?.calImipBar?.actionFunc) break;
  }
  await sleep(500);
  const doc = inside.document;
  const shown = {
    subject: header.mime2DecodedSubject,
    bar: doc.querySelector(".calendar-notification-bar .msgNotificationBarText")?.textContent,
    buttons: inside.calImipBar.getButtons().filter(one => !one.hidden).map(one => one.getAttribute("label")),
    method: inside.calImipBar.itipItem?.receivedMethod,
    attached: inside.currentAttachments?.map(one => one.name),
  };
  if (inside.calImipBar.actionFunc) {
    const asked = shown.method == "REQUEST" && shown.buttons.some(one => /accept/i.test(one)) ? "ACCEPTED" : "";
    inside.calImipBar.executeAction(asked, "NONE");
    await sleep(2500);
  }
  const [own] = cal.manager.getCalendars();
  const items = await own.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
  shown.kept = items.map(one => ({
    summary: one.title, status: one.status, place: one.getProperty("LOCATION"),
    sequence: one.getProperty("SEQUENCE"), starts: new Date(one.startDate.nativeTime / 1000).toISOString(),
    answer: one.getAttendees().map(who => `${who.id} ${who.participationStatus}`),
  }));
  win.close();
  return shown;
})().then(done, error => done({ error: String(error), stack: String(error.stack) }));
"""

if __name__ == "__main__":
    sys.exit(main())
