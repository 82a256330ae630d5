"""Finding every page: links are followed from the start page as each persona, a few objects of every kind."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2

from tests.browser.site import PATIENCE_SECONDS, Site

MOST_PER_KIND = 3
"""So many objects of one kind of page are visited: enough to meet its variants, few enough to be quick."""
MORE = {"/sitzungen/{}": 12, "/hilfe/{}": 40}
"""Pages that look and link differently in every state of their object, and the handbook."""
NAMED = ("/hilfe/", "/postausgang/vorschau/")
"""Where a thing goes by a word instead of a number."""
FILES = (".csv", ".xlsx", ".pdf", ".docx", ".zip", ".ics", ".json")
_NUMBER = re.compile(r"(?<=/)\d+(?=/|$|\.)")


@dataclass(frozen=True, slots=True)
class Found:
    """A page that answered: where, what kind of address, and its HTML ("" for files)."""

    address: str
    kind: str
    status: int
    html: str

    @property
    def ok(self) -> bool:
        """Whether it answered with what was asked for."""
        return self.status == 200


@dataclass(slots=True)
class Outline(HTMLParser):
    """What a page's source says: title, headings, ids, links, fields without a name."""

    title: str = ""
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    language: str = ""
    _inside: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        there = dict(attrs)
        if there.get("id"):
            self.ids.append(there["id"] or "")
        if tag == "html":
            self.language = there.get("lang") or ""
        if tag == "a" and there.get("href"):
            self.links.append(there["href"] or "")
        if tag == "h1" or (tag == "title" and not self.title):  # drawings have titles of their own
            self._inside = tag
            if tag == "h1":
                self.h1.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside == "h1":
            self.h1[-1] += data


def outline(html: str) -> Outline:
    """The outline of a page."""
    found = Outline()
    found.feed(html)
    return found


def kind_of(address: str) -> str:
    """The address without its numbers, with the names of its queries: ``/sitzungen/{}/tagesordnung/{}?ansicht``."""
    parts = urlsplit(address)
    for named in NAMED:
        if parts.path.startswith(named):
            rest = parts.path.removeprefix(named).partition("/")
            return named + "{}" + rest[1] + rest[2]
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return _NUMBER.sub("{}", parts.path) + (f"?{'&'.join(names)}" if names else "")


def is_file(address: str) -> bool:
    """Whether the address names something to download."""
    return urlsplit(address).path.endswith(FILES)


def crawl(site: Site, email: str, start: Iterable[str] = ("/",), *, most: int = MOST_PER_KIND) -> Iterator[Found]:
    """Every page and file that *email* reaches by links, at most *most* of a kind."""
    cookie = site.cookie(email) if email else None
    cookies = {cookie["name"]: cookie["value"]} if cookie else {}
    with httpx2.Client(base_url=site.address, cookies=cookies, timeout=PATIENCE_SECONDS) as client:
        waiting, known, visited = deque(start), set(start), Counter[str]()
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            if visited[kind] >= (1 if is_file(address) else MORE.get(kind, most)):
                continue
            visited[kind] += 1
            answer = client.get(address, follow_redirects=True)
            media = answer.headers.get("content-type", "").partition(";")[0]
            html = answer.text if media == "text/html" else ""
            yield Found(address, kind, answer.status_code, html)
            for one in _onward(site, address, html):
                if one not in known:
                    known.add(one)
                    waiting.append(one)


def _onward(site: Site, address: str, html: str) -> list[str]:
    """The addresses on this site that a page links to; filters and pages are not combined with one another."""
    if not html:
        return []
    sifted = "?" in address
    there = (urldefrag(urljoin(site.address + address, link))[0] for link in outline(html).links)
    inside = (one.removeprefix(site.address) for one in there if one.startswith(site.address + "/"))
    inside = (one for one in inside if not (sifted and "?" in one))
    return list(dict.fromkeys(inside))
