"""The check of a page: links that lead somewhere, drawings that say what they show, and nothing from elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from analytics.report.complaint import Complaint
from analytics.report.shelf import REVISIONS

HEAVIEST = 150 * 1024
"""Bytes of a page at most; a full one of the demo weighs 80 KB."""
HEAVIER = {"map.html": 600 * 1024}
"""The same for pages that carry more, by their name: a map has a year in it."""
LOADING = {
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "action",
    "formaction",
    "xlink:href",
}
"""Attributes whose address a browser fetches by itself."""
FETCHED = {"link", "image", "use", "feimage", "base"}
"""Tags whose ``href`` it fetches too."""
LABELS = ("aria-labelledby", "aria-describedby", "for")
_elsewhere = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_styled = re.compile(r"@import|url\(\s*['\"]?(?![#'\"]|data:)", re.IGNORECASE)


class Page(HTMLParser):
    """What a page holds that can be complained about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.ids: set[str] = set()
        self.links: list[tuple[int, str]] = []
        self.wanted: list[tuple[int, str]] = []
        """Ids that something on the page points at."""
        self.found: list[tuple[int, str]] = []
        """The line and the wording of each complaint."""
        self._drawings: list[list[int | bool]] = []
        """Open drawings: line, and whether it has a name."""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self._open.append(tag)
        self.ids |= {given["id"]} if given.get("id") else set()
        self.wanted += [(line, name) for label in LABELS for name in given.get(label, "").split()]
        self._fetches(tag, given, line)
        if tag == "html":
            self.language = given.get("lang")
        elif tag in ("a", "area") and "href" in given:
            self.links.append((line, given["href"]))
        elif tag == "img" and not _named(given, "alt"):
            self.found.append((line, "an image has no text in its place"))
        elif tag == "svg":
            self._drawings.append([line, _named(given)])

    def handle_endtag(self, tag: str) -> None:
        """Close a tag, and complain about a drawing without a name."""
        if tag == "svg" and self._drawings:
            line, named = self._drawings.pop()
            if not named:
                self.found.append((int(line), "a drawing has no text in its place"))
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Read a title into the drawing that it names, and a style for what it fetches."""
        inside = self._open[-1] if self._open else ""
        if inside == "title" and self._drawings and data.strip():
            self._drawings[-1][1] = True
        elif inside == "style" and _styled.search(data):
            self._elsewhere(self.getpos()[0])

    def _fetches(self, tag: str, given: Mapping[str, str], line: int) -> None:
        """Complain about a tag that makes the browser ask somebody else for something."""
        asked = [value for name, value in given.items() if name in LOADING or (name == "href" and tag in FETCHED)]
        refreshed = given.get("content", "") if given.get("http-equiv", "").lower() == "refresh" else ""
        asked.append(refreshed.lower().partition("url=")[2])
        loaded = any(_elsewhere.match(part) for value in asked for part in value.split(","))
        if loaded or any(_styled.search(value) for value in given.values() if "url(" in value):
            self._elsewhere(line)

    def _elsewhere(self, line: int) -> None:
        self.found.append((line, "the page asks for something from elsewhere"))


def unsound(name: str, text: str, files: Mapping[str, str]) -> Iterator[Complaint]:
    """Give what is wrong with one page among ``files``."""
    page = _read(text)
    weight = len(text.encode())
    most = HEAVIER.get(posixpath.basename(name), HEAVIEST)
    if weight > most:
        yield Complaint(name, "the page", f"weighs {weight:,} bytes, {most:,} at most")
    if not page.language:
        yield Complaint(name, "the page", "does not say its language")
    for line, says in page.found:
        yield Complaint(name, f"line {line}", says)
    for line, wanted in page.wanted:
        if wanted not in page.ids:
            yield Complaint(name, f"line {line}", "refers to a part of the page that is not there")
    for line, link in page.links:
        if says := _broken(name, link, files, page):
            yield Complaint(name, f"line {line}", says)


@lru_cache(maxsize=32)
def _read(text: str) -> Page:
    """Return what a page holds; kept, because every link into a page asks for it, and languages share pages."""
    return Page(text)


def _named(given: Mapping[str, str], *also: str) -> bool:
    """Return whether a drawing says what it shows, or says that it is for the eye only."""
    if given.get("aria-hidden") == "true":
        return True
    return any(given.get(label, "").strip() for label in ("aria-label", "aria-labelledby", "title", *also))


def _broken(name: str, link: str, files: Mapping[str, str], page: Page) -> str:
    """Return why a link leads nowhere; nothing for a good one, and for one that leads out of the site."""
    parts = urlsplit(link)
    if parts.scheme in ("http", "https"):
        return ""
    if parts.scheme or parts.netloc:
        return "a link is no address of a page"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
    target = posixpath.join(target, "index.html") if parts.path.endswith("/") else target
    if target.startswith(f"{REVISIONS}/"):
        return ""  # kept beside the files of the week, and never among them
    if target not in files:
        return f"a link leads to {target}, which is not there"
    ids = page.ids if target == name else _read(files[target]).ids if parts.fragment else set()
    if parts.fragment and unquote(parts.fragment) not in ids:
        return f"a link leads to #{parts.fragment} in {target}, which is not there"
    return ""
