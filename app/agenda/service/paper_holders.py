"""What holds papers here, opened by one person: a meeting with its items, a registered topic, a topic that waits."""

from collections.abc import Sequence

from sqlmodel import Session

from app import clock
from app.actor import Actor, Role
from app.agenda import queries
from app.agenda.models import AgendaItem, AgendaItemPaper, Registration, RegistrationState, Topic, TopicState
from app.agenda.queries import registrations as found
from app.agenda.rules import registrations as rules
from app.agenda.service import papers
from app.agenda.service.shown_papers import choose_paper_file, shown_papers
from app.db import ident
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.meetings.models import Meeting, MeetingState
from app.meetings.queries import get_meeting, lock_meeting
from app.meetings.rules import life
from app.meetings.service import touch_meeting
from app.papers.models import Paper
from app.papers.queries import held_keys
from app.papers.schemas import FileToSend, FoundPaper, PaperIn, Place, ShownPaper, StoredFile
from app.papers.service.holder import PaperHolder
from app.visibility import Matter, reads

GONE = "Diesen Tagesordnungspunkt gibt es nicht mehr. Bitte wählen Sie neu."
DECIDED = "Diese Anmeldung ist {}; ihre Unterlagen bleiben, wie sie sind."
RELEASED = (
    "Die Tagesordnung ist freigegeben. Bitte schicken Sie weitere Unterlagen an die Geschäftsstelle; sie kommen mit "
    "einem Nachtrag."
)
CLOSED = (
    "Der Unterlagenschluss ist vorbei. Bitte schicken Sie weitere Unterlagen an die Geschäftsstelle; sie kann sie "
    "als Tischvorlage nehmen."
)


class MeetingPapers(PaperHolder):
    """The papers of a meeting and of its items: the working copy for who reads drafts, else what was released."""

    def __init__(self, session: Session, actor: Actor, meeting: Meeting) -> None:
        super().__init__(session, actor, papers.place_of(meeting))
        self.meeting = meeting

    def require_change(self) -> None:
        """The secretariat, unless the meeting is cancelled."""
        papers.require_papers(self.actor, self.meeting)

    def knows_versions(self) -> bool:
        """Who reads drafts gets every file."""
        return life.reads_draft(self.actor, self.meeting)

    def touched(self, place: Place) -> None:  # noqa: ARG002 - the meeting's version covers its items
        """The meeting's version rises."""
        touch_meeting(self.session, self.meeting)

    def shown(self) -> list[ShownPaper]:
        """Those of the meeting as a whole, then by item, as ``shown_papers`` says."""
        return shown_papers(self.session, self.actor, self.meeting)

    def find(self, paper_id: int) -> FoundPaper:
        """One paper of the working copy."""
        return papers.find_paper(self.session, self.actor, self.meeting, paper_id)

    def file(self, paper_id: int, version: int | None = None) -> FileToSend:
        """The file that is this reader's, as ``choose_paper_file`` says."""
        return choose_paper_file(self.session, self.actor, self.meeting, paper_id, version=version)

    def place_of_item(self, item_id: int | None, *, at: str) -> Place:
        """Where papers of an item hang, (None) those of the meeting as a whole; Invalid at *at* if unknown."""
        if item_id is None:
            return self.place
        try:
            item = queries.get_item(self.session, self.actor, ident(self.meeting), item_id)
        except NotFound:
            raise Invalid({at: GONE}) from None
        return papers.place_of(self.meeting, item)


class TopicPapers(PaperHolder):
    """The papers that wait with an entry of the backlog; who reads the backlog reads all of them."""

    def __init__(self, session: Session, actor: Actor, topic: Topic) -> None:
        super().__init__(session, actor, papers.place_of_topic(topic))
        self.topic = topic

    def require_change(self) -> None:
        """The secretariat, while the entry is open."""
        if not self.actor.has(Role.SECRETARIAT, self.topic.body_id):
            raise Forbidden()
        if self.topic.state is not TopicState.OPEN:
            raise Refused("Nur Unterlagen offener Einträge werden geändert.")

    def knows_versions(self) -> bool:
        """Every reader of the backlog."""
        return True


class RegistrationPapers(PaperHolder):
    """The papers of a registered topic: whoever reads the topic reads them, whatever level they bear.

    Once the topic stands on an agenda its papers hang at the item, and so does what is added; who registered it sees
    them there with the release. Of a cancelled meeting the topic waits for the next one, and takes papers again.
    """

    def __init__(self, session: Session, actor: Actor, registration: Registration) -> None:
        super().__init__(session, actor, papers.place_of_registration(registration))
        self.registration = registration
        taken = found.places_of_registrations(session, [ident(registration)]).get(ident(registration))
        planned = registration.state is RegistrationState.PLANNED and taken is not None
        self.taken = taken if planned and taken and taken[0].state is not MeetingState.CANCELLED else None

    def require_change(self) -> None:
        """Who registered the topic until the Unterlagenschluss and the release; the secretariat until it is decided."""
        own = rules.is_own(self.actor, self.registration)
        if not own and not rules.runs(self.actor, self.registration):
            raise Forbidden()
        if self.registration.state not in (RegistrationState.RECEIVED, RegistrationState.PLANNED):
            raise Refused(DECIDED.format(rules.STATE_WORDS[self.registration.state]))
        if self.taken is not None:
            self._require_open_agenda(*self.taken)
        elif not rules.runs(self.actor, self.registration):
            self._require_time(self.registration.meeting_id)

    def knows_versions(self) -> bool:
        """Every reader of the topic."""
        return True

    def gets_withdrawn(self) -> bool:
        """Who reads drafts."""
        return reads(self.actor, Matter.DRAFT, self.registration.body_id)

    def add(self, files: Sequence[StoredFile], wish: PaperIn, at: Place | None = None) -> list[Paper]:
        """As everywhere; at the item where the topic is one already."""
        if self.taken is None:
            return super().add(files, wish, at)
        meeting, item = self.taken
        place = papers.place_of(meeting, item)
        self.require_change()
        self._require_new(place, files)
        return super().add(files, wish, place)

    def touched(self, place: Place) -> None:
        """What hangs at an item is a matter of its meeting."""
        if place.link is AgendaItemPaper and self.taken is not None:
            touch_meeting(self.session, self.taken[0])

    def _require_new(self, place: Place, files: Sequence[StoredFile]) -> None:
        """Of the item's other papers nothing is told, not even how a twin of the file is called."""
        there = held_keys(self.session, place)
        bad = {
            f"files.{number}": f"„{file.name}“ liegt beim Tagesordnungspunkt schon."
            for number, file in enumerate(files)
            if file.key in there
        }
        if bad:
            raise Invalid(bad)

    def _require_open_agenda(self, meeting: Meeting, item: AgendaItem) -> None:
        if rules.runs(self.actor, self.registration):
            papers.require_papers(self.actor, meeting)
        elif item.withdrawn or meeting.state not in life.PREPARING:
            raise Refused(RELEASED)
        else:
            self._require_time(ident(meeting))

    def _require_time(self, meeting_id: int | None) -> None:
        closes_on = found.papers_deadline(self.session, meeting_id) if meeting_id else None
        if not rules.takes_papers(self.registration.chosen_at, closes_on, clock.now()):
            raise Refused(CLOSED)


def open_meeting_papers(session: Session, actor: Actor, meeting_id: int, *, lock: bool = False) -> MeetingPapers:
    """The papers of a readable meeting; with *lock* for a change."""
    return MeetingPapers(session, actor, (lock_meeting if lock else get_meeting)(session, actor, meeting_id))


def open_topic_papers(session: Session, actor: Actor, topic_id: int, *, lock: bool = False) -> TopicPapers:
    """The papers of a readable entry of the backlog; with *lock* for a change."""
    return TopicPapers(session, actor, (queries.lock_topic if lock else queries.get_topic)(session, actor, topic_id))


def open_registration_papers(
    session: Session, actor: Actor, registration_id: int, *, lock: bool = False
) -> RegistrationPapers:
    """The papers of a readable registered topic; with *lock* for a change."""
    find = found.lock_registration if lock else found.get_registration
    return RegistrationPapers(session, actor, find(session, actor, registration_id))
