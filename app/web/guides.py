"""What each page is for: one sentence per address, and the page of the handbook that says more."""

import re
from dataclasses import dataclass
from functools import cache

from app.handbook.pages import load_handbook


@dataclass(frozen=True, slots=True)
class Guide:
    """The sentence of a page; ``slug`` names its page of the handbook."""

    sentence: str
    slug: str

    @property
    def address(self) -> str:
        """Where the handbook says more; its contents as long as the page is not written."""
        return f"/hilfe/{self.slug}" if self.slug in load_handbook() else "/hilfe"

    @property
    def title(self) -> str:
        """The title of that page."""
        found = load_handbook().get(self.slug)
        return found.title if found else "Handbuch"


_EARLIER = (
    "Was hier früher stand, verglichen mit jetzt; jeder Text lässt sich zurückholen.",
    "gemeinsam-bearbeiten",
)
GUIDES: dict[str, tuple[str, str]] = {
    # for everybody
    "/": ("Was als Nächstes ansteht und was auf Sie wartet.", "ein-halbjahr"),
    "/anmelden": ("Mit dem Konto, das Sie von der Geschäftsstelle haben.", "anmelden-und-rollen"),
    "/anmelden/zweiter-faktor": (
        "Ihr Kennwort war richtig; jetzt fehlt noch der zweite Faktor.",
        "anmelden-und-rollen",
    ),
    "/anmelden/einrichten": ("Für Ihre Rolle ist ein zweiter Faktor Pflicht.", "anmelden-und-rollen"),
    "/anmelden/passkey": (
        "Ihr Gerät bestätigt, dass Sie es sind; ein Kennwort brauchen Sie nicht.",
        "anmelden-und-rollen",
    ),
    "/anmelden/kennwort": ("Sie bekommen einen Link per Mail, mit dem Sie ein neues wählen.", "anmelden-und-rollen"),
    "/profil/benachrichtigungen": ("Wozu Sie Mails bekommen: sofort, täglich oder gar nicht.", "benachrichtigungen"),
    "/abbestellen/{key}": ("Erst der Knopf bestellt ab; der Link allein ändert nichts.", "benachrichtigungen"),
    "/konto/{key}": ("Ein Kennwort, das Sie nirgends sonst benutzen.", "anmelden-und-rollen"),
    "/barrierefreiheit": ("Wie zugänglich dieses Angebot ist und wem Sie Hürden melden.", "tastatur"),
    "/datenschutz": ("Welche Daten hier über Sie stehen und wozu.", "anmelden-und-rollen"),
    "/einstellungen": ("Texte der öffentlichen Seiten, Fristen und Rückmeldungen.", "datenschutz-und-texte"),
    "/einstellungen/barrierefreiheit": ("Der Text der öffentlichen Seite, mit Vorschau.", "datenschutz-und-texte"),
    "/einstellungen/datenschutz": ("Der Text der öffentlichen Seite, mit Vorschau.", "datenschutz-und-texte"),
    "/einstellungen/impressum": ("Der Text der öffentlichen Seite, mit Vorschau.", "datenschutz-und-texte"),
    "/einstellungen/aufbewahrung": ("Nach wie vielen Tagen was von selbst verschwindet.", "datenschutz-und-texte"),
    "/profil/daten": ("Alles, was über Sie gespeichert ist, zum Lesen und Mitnehmen.", "anmelden-und-rollen"),
    "/profil/protokoll": (
        "Wann sich jemand mit Ihrem Konto angemeldet hat und was sich daran geändert hat.",
        "anmelden-und-rollen",
    ),
    "/sicherheit": (
        "Anmeldungen, Fehlversuche und Änderungen an Konten, die neuesten zuerst.",
        "datenschutz-und-texte",
    ),
    "/auskunft": ("Was über eine Person gespeichert ist, herausgeben oder entfernen.", "datenschutz-und-texte"),
    "/auskunft/personen/{id}": ("Was über diese Person gespeichert ist.", "datenschutz-und-texte"),
    "/auskunft/konten/{id}": ("Was über dieses Konto und seine Person gespeichert ist.", "datenschutz-und-texte"),
    "/auskunft/personen/{id}/entfernen": (
        "Was entfernt wird, was bleibt und warum.",
        "datenschutz-und-texte",
    ),
    "/auskunft/konten/{id}/entfernen": (
        "Was entfernt wird, was bleibt und warum.",
        "datenschutz-und-texte",
    ),
    "/rueckmeldungen": ("Was Menschen über Barrieren geschrieben haben.", "datenschutz-und-texte"),
    "/impressum": ("Wer dieses Angebot verantwortet.", "anmelden-und-rollen"),
    "/profil": ("Ihr Konto: Rollen, Sitze, Schlüssel und Tastenkürzel.", "anmelden-und-rollen"),
    "/profil/sicherheit": (
        "Kennwort, zweiter Faktor und wo Sie angemeldet sind.",
        "anmelden-und-rollen",
    ),
    "/profil/sicherheit/passkeys/neu": (
        "Ihr Gerät legt einen Schlüssel an, der es nie verlässt.",
        "anmelden-und-rollen",
    ),
    "/profil/sicherheit/app": (
        "Eine App auf dem Telefon zeigt alle dreißig Sekunden einen neuen Code.",
        "anmelden-und-rollen",
    ),
    "/suche": ("Was in Projekten, Sitzungen, Niederschriften, Beschlüssen und Aufträgen steht.", "suche"),
    # meetings
    "/sitzungen": ("Alle Sitzungen Ihrer Gremien, die kommenden zuerst.", "sitzung-vorbereiten"),
    "/sitzungen/neu": ("Sie legen Tag und Ort fest; die Fristen rechnet das Programm.", "sitzung-vorbereiten"),
    "/sitzungen/{id}": ("Die Tagesordnung der Sitzung mit Zeiten und Unterlagen.", "sitzung-vorbereiten"),
    "/sitzungen/{id}/lesen": (
        "Die ganze Tagesordnung von oben nach unten, mit jeder Unterlage an ihrem Punkt.",
        "fuer-mitglieder",
    ),
    "/sitzungen/{id}/bearbeiten": (
        "Angaben ändern, den Termin ankündigen, verlegen oder absagen.",
        "sitzung-vorbereiten",
    ),
    "/sitzungen/{id}/anwesenheit": ("Wer kommt, wer da ist und wer die Sitzung leitet.", "anwesenheit"),
    "/antwort/{key}": ("Sie sagen, ob Sie kommen; eine Anmeldung braucht es nicht.", "einladung-und-antworten"),
    "/sitzungen/{id}/einladung": (
        "Wer per Mail eingeladen wird, was jede Person bekommt und wer geantwortet hat.",
        "einladung-und-antworten",
    ),
    "/sitzungen/{id}/verlauf": ("Wer an dieser Sitzung wann was geändert hat.", "anmelden-und-rollen"),
    "/sitzungen/{id}/tagesordnung/{item}": (
        "Was zu diesem Punkt gedruckt wird: Titel, Anlass, Beschlussvorschlag, Zeit.",
        "gemeinsam-bearbeiten",
    ),
    "/sitzungen/{id}/tagesordnung/{item}/texte": _EARLIER,
    "/sitzungen/{id}/vorschlaege/{proposal}/texte": _EARLIER,
    "/sitzungen/{id}/sprechzettel/rahmen/texte": _EARLIER,
    "/sitzungen/{id}/sprechzettel/{item}/texte": _EARLIER,
    "/sitzungen/{id}/bearbeiten/texte": _EARLIER,
    "/sitzungen/{id}/protokoll/{item}/texte": _EARLIER,
    "/sitzungen/{id}/protokoll/{item}/beschluss/texte": _EARLIER,
    "/anmeldungen/{id}/texte": _EARLIER,
    "/sitzungen/{id}/top/{item}": (
        "Alles zu einem Punkt: Anlass, Beschlussvorschlag, Projekte damals und jetzt.",
        "fuer-mitglieder",
    ),
    "/sitzungen/{id}/vorschlaege": (
        "Links steht, was sich vorschlagen lässt und warum; rechts entsteht die Tagesordnung.",
        "sitzung-vorbereiten",
    ),
    "/sitzungen/{id}/vorschlaege/{proposal}": (
        "Titel, Abschnitt, Zeit und Texte, bevor der Vorschlag übernommen wird.",
        "sitzung-vorbereiten",
    ),
    "/sitzungen/{id}/vorschlaege/zusammenlegen": (
        "Aus mehreren Vorschlägen wird ein Punkt, der alle Projekte und Gründe behält.",
        "sitzung-vorbereiten",
    ),
    "/sitzungen/{id}/veraenderungen": (
        "Was sich bei den Projekten seit der letzten Sitzung verändert hat.",
        "veraenderungen",
    ),
    "/sitzungen/{id}/nachtrag": (
        "Was sich seit der Freigabe geändert hat und mit dem Nachtrag hinausgeht.",
        "nachtrag-und-fassungen",
    ),
    "/sitzungen/{id}/aenderungen": (
        "Was diese Version gegenüber der vorigen ändert, in Worten.",
        "nachtrag-und-fassungen",
    ),
    "/sitzungen/{id}/wer-sieht-was": (
        "Welche Fassung wer liest; hier wird auch veröffentlicht.",
        "nachtrag-und-fassungen",
    ),
    "/pruefsumme": (
        "Sagt zu einer Prüfsumme, welches Dokument, welche Version und Fassung es ist.",
        "nachtrag-und-fassungen",
    ),
    "/sitzungen/{id}/freigabe": ("Mit der Freigabe ist diese Version eingefroren.", "sitzung-vorbereiten"),
    "/sitzungen/{id}/protokoll": (
        "Wie weit die Sitzung ist: was zu jedem Punkt herauskam, was noch fehlt, und schließen.",
        "protokoll-fuehren",
    ),
    "/sitzungen/{id}/protokoll/{item}": (
        "Ein Punkt, während darüber gesprochen wird: Verlauf, Zeiten, Ergebnis, Beschluss und Aufträge.",
        "protokoll-fuehren",
    ),
    "/sitzungen/{id}/niederschrift": (
        "Die Niederschrift lesen, Einwendungen erheben, genehmigen; danach nur noch Nachträge.",
        "niederschrift",
    ),
    "/sitzungen/{id}/protokoll/texte": _EARLIER,
    "/beschluesse": ("Alle Beschlüsse mit Nummer; die Suche findet auch Teile von Wörtern.", "beschluesse"),
    "/beschluesse/uebernehmen": ("Ein Beschluss von früher, mit seiner alten Nummer und seiner Quelle.", "beschluesse"),
    "/beschluesse/{decision}": ("Was beschlossen wurde, wie, und was daraus geworden ist.", "beschluesse"),
    "/beschluesse/{decision}/bearbeiten": ("Einen übernommenen Beschluss berichtigen.", "beschluesse"),
    "/beschluesse/{decision}/verlauf": ("Wer an diesem Beschluss wann was geändert hat.", "anmelden-und-rollen"),
    "/sitzungen/{id}/saal": (
        "Groß für alle im Raum: der Punkt, der Vorschlag, die Zeit und was danach kommt.",
        "protokoll-fuehren",
    ),
    "/gremien/{id}/textbausteine": ("Wiederkehrende Sätze für das Protokoll.", "protokoll-fuehren"),
    "/themenspeicher": (
        "Was nicht auf eine Tagesordnung kam, mit Grund; Fälliges kommt von selbst als Vorschlag wieder.",
        "themenspeicher-und-anmeldungen",
    ),
    "/themenspeicher/neu": (
        "Ein eigener Eintrag, der zur Wiedervorlage von selbst wiederkommt.",
        "themenspeicher-und-anmeldungen",
    ),
    "/themenspeicher/{topic}": (
        "Alles zu einem Eintrag: bearbeiten, auf eine Tagesordnung nehmen oder abschließen.",
        "themenspeicher-und-anmeldungen",
    ),
    "/anmeldungen": (
        "Themen, die für eine Sitzung angemeldet wurden, und was daraus wird.",
        "themenspeicher-und-anmeldungen",
    ),
    "/anmeldungen/neu": ("Ein Thema für die nächste Sitzung anmelden.", "themenspeicher-und-anmeldungen"),
    "/anmeldungen/{registration}": (
        "Wo eine Anmeldung steht; bis zur Entscheidung lässt sie sich ändern.",
        "themenspeicher-und-anmeldungen",
    ),
    "/beschlusskontrolle": (
        "Was aus den Beschlüssen wird: Fälliges zuerst; Erledigtes bleibt, bis eine Sitzung davon gehört hat.",
        "beschlusskontrolle",
    ),
    "/beschlusskontrolle/sitzungen": (
        "Je Sitzung eine Zeile; jede Zahl führt zu ihren Beschlüssen.",
        "beschlusskontrolle",
    ),
    "/beschlusskontrolle/sitzungen/{id}": (
        "Was aus den Beschlüssen einer Sitzung wurde, in Zahlen und einzeln.",
        "beschlusskontrolle",
    ),
    "/umlaufverfahren": ("Worüber das Gremium zwischen zwei Sitzungen schriftlich entscheidet.", "umlaufverfahren"),
    "/umlaufverfahren/neu": ("Ein Text, über den schriftlich entschieden werden soll.", "umlaufverfahren"),
    "/umlaufverfahren/{circular}": (
        "Worum es geht, bis wann geantwortet wird und was herauskam.",
        "umlaufverfahren",
    ),
    "/umlaufverfahren/{circular}/bearbeiten": ("Text, Begründung und Ziffern des Entwurfs.", "umlaufverfahren"),
    "/kalender": ("Sitzungen und Fristen im eigenen Kalender, immer auf dem neuesten Stand.", "kalender"),
    "/sitzungen/{id}/sprechzettel": (
        "Für den Vorsitz: je Punkt, warum er hier steht, was zu entscheiden ist und was zu sagen.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sitzungen/{id}/sprechzettel/rahmen": (
        "Was zur Begrüßung und zum Schluss zu sagen ist.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sitzungen/{id}/sprechzettel/{item}": (
        "Ziel, Kernbotschaften und Antworten zu diesem Punkt; das liest nur der Vorsitz.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sitzungen/{id}/schreiben": (
        "Wer eine Einladung bekommt, mit welcher Anrede und welchen Anlagen.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sitzungen/{id}/tagesordnung/{item}/gaeste": (
        "Wer zu diesem Punkt eingeladen ist, als Gast oder für einen Vortrag.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sprechzettel/{id}": (
        "Wer aus der Geschäftsstelle an den Sprechzetteln mitarbeitet.",
        "sprechzettel-gaeste-schreiben",
    ),
    "/sitzungen/{id}/unterlagen": ("Vorlagen und Anlagen der Sitzung und ihrer Punkte.", "unterlagen"),
    "/sitzungen/{id}/unterlagen/{paper}": ("Die Datei einer Unterlage.", "unterlagen"),
    "/sitzungen/{id}/unterlagen/{paper}/bearbeiten": (
        "Eine Unterlage umbenennen, erneuern, anderswohin legen oder zurückziehen.",
        "unterlagen",
    ),
    "/anmeldungen/{registration}/unterlagen": (
        "Dateien zu einem angemeldeten Thema; sie gehen mit ihm auf die Tagesordnung.",
        "unterlagen",
    ),
    "/anmeldungen/{registration}/unterlagen/{paper}": ("Die Datei einer Unterlage.", "unterlagen"),
    "/anmeldungen/{registration}/unterlagen/{paper}/bearbeiten": (
        "Eine Unterlage umbenennen, erneuern oder zurückziehen.",
        "unterlagen",
    ),
    "/themenspeicher/{topic}/unterlagen": (
        "Dateien, die mit einem Eintrag warten; sie gehen mit ihm auf die Tagesordnung.",
        "unterlagen",
    ),
    "/themenspeicher/{topic}/unterlagen/{paper}": ("Die Datei einer Unterlage.", "unterlagen"),
    "/themenspeicher/{topic}/unterlagen/{paper}/bearbeiten": (
        "Eine Unterlage umbenennen, erneuern oder zurückziehen.",
        "unterlagen",
    ),
    # projects
    "/projekte": ("Alle Projekte, die Sie sehen dürfen, mit ihrem letzten Sachstand.", "projekte-und-sachstand"),
    "/projekte/neu": (
        "Ein einzelnes Projekt; viele auf einmal lesen Sie aus einer Tabelle ein.",
        "projekte-und-sachstand",
    ),
    "/projekte/planperioden": ("Die Perioden des Masterplans, die neueste zuerst.", "planperioden"),
    "/projekte/planperioden/neu": ("Name und Tage der Periode; Handlungsfelder kommen danach.", "planperioden"),
    "/projekte/planperioden/{id}": ("Handlungsfelder und Themencluster dieser Periode.", "planperioden"),
    "/projekte/planperioden/{id}/bearbeiten": ("Name, Tage und Quelle der Periode.", "planperioden"),
    "/projekte/planperioden/{id}/handlungsfelder/neu": (
        "Das Handlungsfeld kommt ans Ende der Periode.",
        "planperioden",
    ),
    "/projekte/handlungsfelder/{id}/bearbeiten": (
        "Name und letzter Tag; wer darin ist, bleibt.",
        "planperioden",
    ),
    "/projekte/handlungsfelder/{id}/themencluster/neu": (
        "Das Themencluster kommt ans Ende seines Handlungsfelds.",
        "planperioden",
    ),
    "/projekte/themencluster/{id}/bearbeiten": ("Name und letzter Tag; wer darin ist, bleibt.", "planperioden"),
    "/projekte/import": (
        "Projekte und Sachstände aus einer Tabelle; erst Ihre Bestätigung schreibt.",
        "projekte-und-sachstand",
    ),
    "/projekte/{id}": ("Wie es um das Projekt steht und was bisher geschah.", "projekte-und-sachstand"),
    "/projekte/{id}/bearbeiten": ("Die Stammdaten des Projekts, nicht sein Sachstand.", "projekte-und-sachstand"),
    "/projekte/{id}/unterlagen": ("Dateien zu diesem Projekt.", "unterlagen"),
    "/projekte/{id}/unterlagen/{paper}": ("Die Datei einer Unterlage.", "unterlagen"),
    "/projekte/{id}/unterlagen/{paper}/bearbeiten": (
        "Eine Unterlage umbenennen, erneuern oder zurückziehen.",
        "unterlagen",
    ),
    "/projekte/{id}/verlauf": ("Wer an diesem Projekt wann was geändert hat.", "anmelden-und-rollen"),
    "/projekte/{id}/status/neu": ("Ampel, Phase und Bericht zu einem Stichtag.", "projekte-und-sachstand"),
    "/projekte/{id}/status/{report}/berichtigen": (
        "Die Berichtigung ersetzt die Meldung; beide bleiben sichtbar.",
        "projekte-und-sachstand",
    ),
    # mails
    "/postausgang": ("Was an wen ging und was daraus wurde, Neues zuerst.", "post-und-zustellung"),
    "/postausgang/{id}": ("Eine Mail mit ihren Versuchen und dem, was sie sagt.", "post-und-zustellung"),
    "/postausgang/vorschau": ("Jede Mail des Programms mit erfundenen Angaben.", "post-und-zustellung"),
    "/postausgang/vorschau/{kind}": ("So sieht diese Mail aus, als Text und als HTML.", "post-und-zustellung"),
    "/sitzungen/{id}/versand": ("Was zu dieser Sitzung an wen ging.", "post-und-zustellung"),
    # bodies and people
    "/gremien": ("Die Gremien mit ihren Sitzen und Regeln.", "gremien-personen-import"),
    "/gremien/neu": ("Ein Name genügt; Regeln und Abschnitte bringt es mit.", "gremien-personen-import"),
    "/gremien/{id}": ("Wer im Gremium sitzt und nach welchen Regeln es arbeitet.", "gremien-personen-import"),
    "/gremien/{id}/regeln": (
        "Fristen, Zeiten und Texte des Gremiums, jede Regel mit ihrer Herkunft.",
        "gremien-personen-import",
    ),
    "/gremien/{id}/bearbeiten": (
        "Namen mit ihren Tagen, und welche Planperioden das Gremium steuert.",
        "gremien-personen-import",
    ),
    "/gremien/{id}/abschnitte": (
        "Aus welchen Abschnitten die Tagesordnung besteht und wie lange sie dauern.",
        "gremien-personen-import",
    ),
    "/gremien/{id}/sitze/neu": (
        "Ein Sitz gehört einer Institution; danach wird er besetzt.",
        "gremien-personen-import",
    ),
    "/gremien/{id}/sitze/{seat}": (
        "Wer auf diesem Sitz sitzt, saß und sitzen wird, und wohin seine Post geht.",
        "gremien-personen-import",
    ),
    "/personen": ("Personen mit ihren Funktionen und Sitzen.", "gremien-personen-import"),
    "/personen/{id}": ("Was zu dieser Person gespeichert ist.", "gremien-personen-import"),
    "/personen/import": (
        "Institutionen, Personen und Sitze aus einer Tabelle; erst Ihre Bestätigung schreibt.",
        "gremien-personen-import",
    ),
    "/institutionen": ("Institutionen mit ihren Sitzen und Projekten.", "gremien-personen-import"),
    "/institutionen/{id}": ("Namen, Sitze und Projekte dieser Institution.", "gremien-personen-import"),
    "/personen/neu": (
        "Eine einzelne Person; viele auf einmal lesen Sie aus einer Tabelle ein.",
        "gremien-personen-import",
    ),
    "/personen/{id}/bearbeiten": (
        "Name, Anrede, Adresse und Funktionen mit ihrer Gültigkeit.",
        "gremien-personen-import",
    ),
    "/institutionen/neu": (
        "Eine einzelne Institution; viele auf einmal lesen Sie aus einer Tabelle ein.",
        "gremien-personen-import",
    ),
    "/institutionen/{id}/bearbeiten": ("Namen mit ihrer Gültigkeit, Art und Nachfolge.", "gremien-personen-import"),
    "/institutionen/{id}/zusammenfuehren": (
        "Aus zwei Einträgen derselben Institution wird einer; alles, was daran hängt, zieht um.",
        "gremien-personen-import",
    ),
    # actions
    "/auftraege": ("Was offen ist, wer es tut und bis wann; Überfälliges steht oben.", "auftraege"),
    "/auftraege/neu": ("Ein Auftrag von Hand bekommt seine Nummer sofort.", "auftraege"),
    "/auftraege/{id}": ("Was zu tun ist, wie weit es ist, und was die Zuständigen gemeldet haben.", "auftraege"),
    # running the product
    "/vertrauliches": ("Wann und warum die Revision Vertrauliches gelesen hat.", "anmelden-und-rollen"),
    "/verlauf": ("Wer was wann geändert hat; nichts davon lässt sich löschen.", "anmelden-und-rollen"),
    "/konten": ("Wer sich anmelden darf.", "betrieb"),
    "/konten/neu": ("Die Person bekommt ihr erstes Kennwort von Ihnen.", "betrieb"),
    "/konten/{id}": ("Rolle, Person und Kennwort dieses Kontos.", "betrieb"),
    "/api/v1/docs": ("Für eigene Programme, die hier lesen oder schreiben.", "betrieb"),
}
"""Address → (sentence, page of the handbook). ``{…}`` stands for one step of the path."""

UNGUIDED = (
    "/anmelden/extern/{provider}",
    "/anmelden/extern/{provider}/abmelden",
    "/anmelden/extern/{provider}/zurueck",
    "/hilfe",
    "/hilfe/{slug}",
    "/postausgang/{mail_id}/ansicht",
    "/postausgang/vorschau/{kind_name}/ansicht",
    "/sitzungen/{meeting_id}/ergebnisse",
    "/sitzungen/{meeting_id}/protokoll/{item_id}/beschluss",
    "/sitzungen/{meeting_id}/protokoll/{item_id}/raum",
    "/sitzungen/{meeting_id}/saal/stand",
)
"""Pages that are the handbook themselves, lead to another page at once, or are a part of one."""

REFUSED_AT = {"/sitzungen": "/sitzungen/neu", "/umlaufverfahren": "/umlaufverfahren/neu"}
"""Where a refused form is shown again under the address of its list: that address → the form's."""


def guide_for(method: str, path: str) -> Guide | None:
    """What the page at *path* is for; None where nobody said it.

    A refused form is shown at the address it was sent to: the nearest page above that one explains it.
    """
    if method != "POST":
        return _guide_at(path)
    path = REFUSED_AT.get(path, path)
    while path and not _guide_at(path):
        path = path.rpartition("/")[0]
    return _guide_at(path)


def _guide_at(path: str) -> Guide | None:
    if path in GUIDES:
        return Guide(*GUIDES[path])
    return next((Guide(*GUIDES[pattern]) for pattern, shape in _shapes() if shape.fullmatch(path)), None)


@cache
def _shapes() -> list[tuple[str, re.Pattern[str]]]:
    """The addresses with steps left open, as patterns."""
    return [(path, re.compile(re.sub(r"\{\w+\}", r"\\d+", path))) for path in GUIDES if "{" in path]
