"""Golden pages: what a reader reads, as plain text that can be compared line by line, and told by one option."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "goldens"
RECORD = "MAILLAGE_RECORD_GOLDENS"
"""With this set, the pages of now become those to compare with."""
_APART = {"style", "code", "script", "template", "details"}
"""What is no text of the page: its looks, and the queries, which another test runs."""
_BLOCKS = {
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "li",
    "tr",
    "caption",
    "section",
    "table",
    "svg",
    "figcaption",
    "dt",
    "dd",
    "div",
}
_VOID = {
    "meta",
    "link",
    "br",
    "hr",
    "img",
    "input",
    "path",
    "circle",
    "use",
    "col",
    "rect",
    "line",
    "polygon",
    "polyline",
}
_spaces = re.compile(r"[ \t\n]+")


class _Reader(HTMLParser):
    """Holds the lines of a page: one for each block, cells of a row with a bar between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line: list[str] = []
        self._apart = 0
        self.feed(page)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _APART or self._apart:
            self._apart += tag not in _VOID
            return
        if tag in _BLOCKS:
            self._end()
        if tag in ("h1", "h2", "h3", "h4"):
            self._line.append("#" * int(tag[1]) + " ")
        if tag in ("td", "th"):
            self._line.append(" | ")
        alt = dict(attrs).get("alt")
        if alt:
            self._line.append(f"[{alt}]")

    def handle_endtag(self, tag: str) -> None:
        if self._apart:
            self._apart -= tag not in _VOID
        elif tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._apart:
            self._line.append(data)

    def _end(self) -> None:
        line = _spaces.sub(" ", "".join(self._line)).strip(" |")
        self._line.clear()
        if line.strip("# "):
            self.lines.append(line)


def text_of(page: str) -> str:
    """Return what can be read on a page, without its looks; spaces that do not break are written as ~ and ‿."""
    body = page[page.index("<body") :]
    lines = [line.replace("\u00a0", "~").replace("\u202f", "‿") for line in _Reader(body).lines]
    return "\n".join(lines) + "\n"


def compare(name: str, page: str) -> None:
    """Compare a page with the golden one of that name, or make it the golden one where that is asked for.

    Raises:
        AssertionError: with the lines that differ.
    """
    path = FOLDER / f"{name}.txt"
    found = text_of(page)
    if os.environ.get(RECORD):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.exists(), f"there is no golden page {name}: run the test once with {RECORD}=1"
    assert found.splitlines() == path.read_text(encoding="utf-8").splitlines()
