"""Documents and the editions inside them: text, bookmarks, metadata and attachments tell nobody too much."""

import pytest

from app.agenda.models import DocumentKind
from tests.visibility.betrayal import channel_of, words_in, words_in_bytes
from tests.visibility.expectations import (
    ADMIN,
    ADVISORY,
    AUDITOR,
    CHAIR,
    CONFIDENTIAL,
    DRAFT,
    FORMER,
    GUEST,
    GUEST_CONFIDENTIAL,
    INTERNAL,
    LEAD,
    MEMBER,
    MEMBER_B,
    NOBODY,
    PLAIN,
    SECRETARIAT_A,
    SECRETARIAT_B,
    SIGNED_IN,
    SPEAKING,
    may_read,
)
from tests.visibility.routes import addresses, all_routes, queries

pytestmark = pytest.mark.slow

RELEASED = ("released", "held", "released of B")
DRAFTED = ("draft", "announced draft")


def address(world, label):
    return f"/sitzungen/{world.find('meeting', label).id}/tagesordnung.pdf"


def complaints_about(role, world, answer):
    found = []
    for word in sorted(words_in(answer)):
        fact, name = world.words[word]
        if not may_read(role, fact, channel_of(answer)):
            found.append(f"shows {name} ({fact.kind} {fact.body}: {fact.label})")
    return found


def test_every_document_is_asked_for_here(world_application):
    known = {
        "/sitzungen/{meeting_id}/tagesordnung.pdf",
        "/sitzungen/{meeting_id}/nachtrag.pdf",
        "/sitzungen/{meeting_id}/aenderungen.pdf",
        "/sitzungen/{meeting_id}/veraenderungen.pdf",
        "/sitzungen/{meeting_id}/sitzungsmappe.pdf",
        "/sitzungen/{meeting_id}/anwesenheitsliste.pdf",
        "/sitzungen/{meeting_id}/niederschrift.pdf",
        "/sitzungen/{meeting_id}/niederschrift.docx",
        "/sitzungen/{meeting_id}/niederschrift/nachtraege/{serial}.pdf",
        "/sitzungen/{meeting_id}/sprechzettel.pdf",
        "/sitzungen/{meeting_id}/sprechzettel.docx",
        "/sitzungen/{meeting_id}/schreiben.pdf",
        "/sitzungen/{meeting_id}/schreiben.docx",
        "/sitzungen/{meeting_id}/schreiben/{person_id}.pdf",
        "/sitzungen/{meeting_id}/schreiben/{person_id}.docx",
        "/sitzungen/{meeting_id}/schreiben/versandt/{dispatch_id}.pdf",
        "/profil/daten.pdf",
        "/beschluesse/register.pdf",
        "/beschluesse/{decision_id}/auszug.pdf",
        "/auftraege/liste.pdf",
    }

    found = {route.path for route in all_routes(world_application) if route.path.endswith((".pdf", ".docx", ".zip"))}

    assert found == known, "add the new documents to these tests"


@pytest.mark.parametrize("role", SIGNED_IN)
def test_released_agendas_come_in_the_editions_of_their_readers(role, world, visit):
    visitor = visit(role)
    for label in RELEASED:
        meeting = world.find("meeting", label)
        body = meeting.fact.body
        for query in ("", "?fassung=vollstaendig", "?fassung=ohne-vertrauliches&version=1", "?version=2"):
            answer = visitor.get(address(world, label) + query)
            assert not complaints_about(role, world, answer), f"{label}{query}"
            if role not in INTERNAL[body]:
                own = role == GUEST and label == "released" and not query  # the edition "Gast TOP n"
                refused = (403, 404) if meeting.visible_to(role) else (404,)
                assert answer.status in ((200,) if own else refused), f"{label}{query}: {answer.status}"
            elif query == "?version=2" or (role not in CONFIDENTIAL[body] and "vollstaendig" in query):
                assert answer.status in (403, 404), f"{label}{query}: {answer.status}"
            else:
                assert answer.status == 200, f"{label}{query}: {answer.status}"
                assert channel_of(answer) == "pdf"
                shown = {world.words[word][0] for word in words_in(answer)}
                whole = role in CONFIDENTIAL[body] and "ohne" not in query
                assert {fact.level for fact in shown if fact.kind == "item"} == (
                    {"public", "internal", "confidential"} if whole else {"public", "internal"}
                ), f"{label}{query}"


@pytest.mark.parametrize("role", SIGNED_IN)
def test_packs_hold_the_agenda_and_the_papers_of_their_reader(role, world, visit):
    visitor, insides = visit(role), {word: key for key, word in world.files.items() if key[0] == "paper"}
    for label in ("released", "released twice", "released of C"):
        body = label[-1] if " of " in label else "A"
        place = f"/sitzungen/{world.find('meeting', label).id}"
        for query in ("", "?fassung=ohne-vertrauliches", "?fassung=oeffentlich"):
            agenda, pack = (visitor.get(f"{place}/{file}.pdf{query}") for file in ("tagesordnung", "sitzungsmappe"))
            assert not complaints_about(role, world, pack), f"{label}{query}"
            assert pack.status == agenda.status, f"{label}{query}: {pack.status}"
            found = {insides[word] for word in words_in(pack) if word in insides}
            for _, paper in found:
                assert visitor.get(f"{place}/unterlagen/{paper}").status == 200, f"{label}{query}: {paper}"
            if label == "released" and role in CONFIDENTIAL[body] and not query:
                assert found, "a pack without any paper proves nothing"


@pytest.mark.parametrize("role", SIGNED_IN)
def test_registers_lists_and_extracts_tell_each_reader_what_is_theirs(role, world, visit):
    visitor, complaints = visit(role), []
    extracts = {f"/beschluesse/{thing.id}/auszug.pdf": thing for thing in world.things["decision"]}
    for place in (*extracts, "/beschluesse/register.pdf", "/auftraege/liste.pdf"):
        answer = visitor.get(place)
        complaints += [f"{place}: {said}" for said in complaints_about(role, world, answer)]
        if place in extracts and not extracts[place].visible_to(role):
            assert answer.status == 404, place
    assert complaints == []
    if role == SECRETARIAT_A:
        assert words_in(visitor.get("/auftraege/liste.pdf"))
        assert any(words_in(visitor.get(place)) for place in extracts)


FILES = {DocumentKind.AGENDA: "tagesordnung", DocumentKind.CHANGES: "aenderungen", DocumentKind.DELTA: "veraenderungen"}
PUBLISHED = ("released of C", 1)
"""What was published: the meeting and the version, which a later one does not replace."""


def readers_of(one):
    """Domain §6 for a frozen document: the body by its edition; a guest the last own one; everybody what is public."""
    body = one.label[-1] if " of " in one.label else "A"
    if one.edition == "vollstaendig" and one.kind is not DocumentKind.DELTA:
        return CONFIDENTIAL[body]
    if one.edition == "oeffentlich" and one.kind is DocumentKind.AGENDA and (one.label, one.version) == PUBLISHED:
        return frozenset(SIGNED_IN)
    if one.edition.startswith("gast") and one.latest:
        return INTERNAL[body] | {GUEST}
    return INTERNAL[body]


def test_the_world_holds_every_edition_of_every_kind_in_two_versions(world):
    found = {(one.kind, one.version, one.edition.rstrip("-.0123456789")) for one in world.frozen}
    editions = ("vollstaendig", "ohne-vertrauliches", "oeffentlich", "gast")

    assert {(DocumentKind.AGENDA, version, which) for version in (1, 2) for which in editions} <= found
    assert {(DocumentKind.CHANGES, 2, which) for which in editions} <= found
    assert DocumentKind.DELTA in {one.kind for one in world.frozen}


@pytest.mark.parametrize("role", SIGNED_IN)
def test_every_edition_of_every_version_is_for_its_readers(role, world, visit):
    """Whoever gets a file finds in it nothing that is not theirs; nobody else gets it."""
    visitor = visit(role)
    for one in world.frozen:
        if one.label not in ("released twice", "released of C"):
            continue
        place = f"/sitzungen/{world.find('meeting', one.label).id}/{FILES[one.kind]}.pdf"
        answer = visitor.get(f"{place}?fassung={one.edition}&version={one.version}")
        assert answer.status == (200 if role in readers_of(one) else 404), one
        assert not complaints_about(role, world, answer), one
        assert answer.status != 200 or channel_of(answer) == "pdf", one


@pytest.mark.parametrize("role", SIGNED_IN)
def test_whoever_asks_for_no_edition_gets_their_own_of_the_last_version(role, world, visit):
    visitor = visit(role)
    for label in ("released twice", "released of C"):
        place = f"/sitzungen/{world.find('meeting', label).id}"
        for file in ("tagesordnung", "aenderungen", "veraenderungen", "nachtrag"):
            answer = visitor.get(f"{place}/{file}.pdf")
            assert answer.status in (200, 404), f"{label} {file}: {answer.status}"
            assert not complaints_about(role, world, answer), f"{label} {file}"
            body = label[-1] if " of " in label else "A"
            if file == "nachtrag":
                assert answer.status == (200 if role in DRAFT[body] else 404), label
            elif file == "aenderungen" and role in INTERNAL[body]:
                assert answer.status == 200, label


@pytest.mark.parametrize("role", SIGNED_IN)
def test_the_second_version_replaces_the_first_in_what_is_told(role, world, visit):
    """What stood in version 1 only is not in version 2, and the page shows the last version to whoever reads it."""
    if role not in INTERNAL["A"]:
        return
    place = address(world, "released twice")
    first, second = (labels_in(world, visit(role).get(f"{place}?version={one}")) for one in (1, 2))
    changed = "internal in version 2 of released twice"

    assert changed not in first
    assert changed in second
    assert labels_in(world, visit(role).get(place)) == second


def labels_in(world, answer):
    assert answer.status == 200
    return {world.words[word][0].label for word in words_in(answer)}


@pytest.mark.parametrize("role", SIGNED_IN)
def test_the_hash_of_a_document_that_is_not_ones_own_is_unknown(role, world, visit):
    visitor = visit(role)
    strange = "0123456789abcdef"
    unknown = visitor.get(f"/pruefsumme?hash={strange}")
    assert unknown.status == 200
    for one in world.frozen:
        answer = visitor.get(f"/pruefsumme?hash={one.hash}")
        told = answer.text.replace(one.hash, strange) != unknown.text
        assert answer.status == unknown.status == 200
        assert told is (role in readers_of(one)), one
        assert not complaints_about(role, world, answer), one


@pytest.mark.parametrize("role", SIGNED_IN)
@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_speaking_notes_are_for_the_chair_and_whom_it_names(role, ending, world, visit):
    visitor = visit(role)
    for label in ("draft", "released", "released of B"):
        meeting = world.find("meeting", label)
        answer = visitor.get(f"/sitzungen/{meeting.id}/sprechzettel.{ending}")

        assert not complaints_about(role, world, answer), label
        if role in SPEAKING[meeting.fact.body]:
            assert answer.status == 200, label
            assert any(world.words[word][0].kind == "speaking" for word in words_in(answer))
        else:
            assert answer.status == 404, label


@pytest.mark.parametrize("role", SIGNED_IN)
def test_letters_are_for_those_who_read_drafts(role, world, visit):
    visitor = visit(role)
    persons = [world.find("person", label).id for label in (MEMBER, ADVISORY, GUEST, GUEST_CONFIDENTIAL)]
    for label in ("draft", "released"):
        meeting = world.find("meeting", label)
        for part in ("schreiben.docx", *(f"schreiben/{person}.docx" for person in persons)):
            answer = visitor.get(f"/sitzungen/{meeting.id}/{part}")
            assert not complaints_about(role, world, answer), (label, part)
            gets = role in DRAFT["A"] and not (label == "draft" and part.endswith(f"/{persons[3]}.docx"))
            assert answer.status == (200 if gets else 404), (label, part)


@pytest.mark.parametrize("role", [MEMBER, ADVISORY, AUDITOR, GUEST, LEAD, PLAIN, SECRETARIAT_B])
def test_minutes_and_addenda_follow_the_edition_of_their_reader(role, world, visit):
    visitor, meeting = visit(role), world.find("meeting", "held")
    record = visitor.get(f"/sitzungen/{meeting.id}/niederschrift.pdf")
    assert not complaints_about(role, world, record)
    assert record.status == (200 if role in INTERNAL["A"] else 404)
    for thing in world.things["addendum"]:
        annex = visitor.get(f"/sitzungen/{meeting.id}/niederschrift/nachtraege/{thing.id}.pdf")
        assert not complaints_about(role, world, annex)
        assert annex.status == (200 if role in INTERNAL["A"] and thing.visible_to(role) else 404), thing
    docx = visitor.get(f"/sitzungen/{meeting.id}/niederschrift.docx")
    assert docx.status == (200 if role in DRAFT["A"] else 404)


@pytest.mark.parametrize("role", SIGNED_IN)
def test_sent_letters_are_for_those_who_read_drafts(role, world, visit):
    for label in ("released", "released of B"):
        meeting = world.find("meeting", label)
        sent = world.find("sent letter", f"letter sent in {label}")
        answer = visit(role).get(f"/sitzungen/{meeting.id}/schreiben/versandt/{sent.id}.pdf")
        assert not complaints_about(role, world, answer), label
        assert answer.status == (200 if role in DRAFT[meeting.fact.body] else 404), label


def test_a_guests_letter_tells_of_no_other_item_and_nothing_confidential(world, visit):
    meeting = world.find("meeting", "released")
    for label in (GUEST, GUEST_CONFIDENTIAL, ADVISORY):
        person = world.find("person", label)
        for ending in ("pdf", "docx"):
            answer = visit(SECRETARIAT_A).get(f"/sitzungen/{meeting.id}/schreiben/{person.id}.{ending}")
            told = [world.words[word][0] for word in words_in(answer) if world.words[word][0].kind == "item"]
            assert {fact.level for fact in told} <= {"public", "internal"}
            if label != ADVISORY:
                assert all(label in fact.own for fact in told), label
                assert bool(told) is (label == GUEST)


@pytest.mark.parametrize("role", [CHAIR, SECRETARIAT_A])
@pytest.mark.parametrize("label", DRAFTED)
def test_drafts_are_drawn_for_those_who_read_drafts(role, label, world, visit):
    answer = visit(role).get(address(world, label))

    assert role in DRAFT["A"]
    assert answer.status == 200
    assert not complaints_about(role, world, answer)
    assert any(world.words[word][0].kind == "draft" for word in words_in(answer))


OTHERS = [MEMBER, ADVISORY, AUDITOR, GUEST, GUEST_CONFIDENTIAL, LEAD, FORMER, MEMBER_B, SECRETARIAT_B, ADMIN, PLAIN]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_gets_a_draft(role, world, visit):
    for label in (*DRAFTED, "planned", "cancelled", "cancelled before anybody knew"):
        answer = visit(role).get(address(world, label))
        visible = world.find("meeting", label).visible_to(role)

        assert answer.status in ((403, 404) if visible else (404,)), label
        assert not complaints_about(role, world, answer), label


def test_unknown_and_invisible_documents_look_alike(world, visit, world_application):
    route = next(one for one in all_routes(world_application) if one.path.endswith("tagesordnung.pdf"))
    for role in (PLAIN, MEMBER, SECRETARIAT_B, GUEST):
        visitor = visit(role)
        hidden = [one for one in addresses(route, world, role) if not one.visible_to(role)]
        told = {
            visitor.get(one.path + query).text.replace(one.path, "")
            for one in hidden
            for query in queries(route, world)
        }
        assert len({text.replace(visitor.form_token(), "") for text in told}) == 1


@pytest.mark.parametrize("label", RELEASED)
def test_without_sign_in_documents_answer_401(label, world, visit):
    for place in (address(world, label), "/sitzungen/999999/tagesordnung.pdf"):
        answer = visit(NOBODY).get(place)

        assert answer.status == 401
        assert not words_in(answer)


def test_programs_get_the_edition_of_their_account(world, visit):
    visitor = visit(NOBODY)
    visitor.bearer = world.tokens[ADVISORY]

    answer = visitor.get(address(world, "released"))

    assert answer.status == 200
    assert not complaints_about(ADVISORY, world, answer)


def test_the_search_for_words_looks_into_attachments_and_metadata(world, visit):
    """Else these tests would prove nothing: the words of items stand in the text and in the attached JSON."""
    import io

    import pikepdf

    content = visit(CHAIR).get(address(world, "released")).content
    with pikepdf.open(io.BytesIO(content)) as document:
        attached = [words_in_bytes(one.get_file().read_bytes()) for one in document.attachments.values()]

    assert any(attached)
    assert frozenset().union(*attached) <= words_in_bytes(content)
