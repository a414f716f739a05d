"""The published weeks: where the pages of a week stand, and what its report says in short."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import msgspec

from analytics.week import Week, parse_week

LANGUAGES = ("fr", "en", "de")
"""The languages of a report, the first one first."""
NUMBERS = "report.json"
_WEEKS = f"[0-9][0-9][0-9][0-9]/S[0-9][0-9]/{NUMBERS}"


class Point(msgspec.Struct):
    """A main point, as the page has it: its mark, what stands out, and the rest."""

    tone: str
    mark: str = ""
    lead: str = ""
    rest: str = ""


def folder(week: Week) -> str:
    """Return the folder of a week, from the root of the site or of the drafts."""
    return f"{week.year}/S{week.number:02d}"


def page(root: Path, week: Week, language: str) -> str | None:
    """Return the page of a week from ``root`` on, in ``language`` where there is one; None without any."""
    wanted = [f"{folder(week)}/{each}/index.html" for each in (language, *LANGUAGES)]
    return next((each for each in wanted if (root / each).is_file()), None)


def weeks(site: Path) -> list[Week]:
    """Return the weeks that are published, the newest first."""
    found = [path.parent for path in site.glob(_WEEKS)]
    return sorted((parse_week(f"{each.parent.name}-W{each.name[1:]}") for each in found), reverse=True)


def points(text: str) -> list[Point]:
    """Return the main points of a page.

    They are read from it and not put into words again: that takes the whole of ``analytics.report`` into memory.
    """
    reader = _Points()
    reader.feed(text)
    return [msgspec.structs.replace(each, lead=each.lead.strip(), rest=each.rest.strip()) for each in reader.found]


class _Points(HTMLParser):
    """Reads ``<ul class="points">``: in each item a mark, a bold lead and the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Point] = []
        self._inside = False
        self._part = "rest"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = (dict(attrs).get("class") or "").split()
        if tag == "ul" and "points" in kinds:
            self._inside = True
        elif self._inside and tag == "li":
            self.found.append(Point(tone=kinds[0].removesuffix("-point") if kinds else ""))
        elif self._inside and ("mark" in kinds or tag == "b"):
            self._part = "lead" if tag == "b" else "mark"

    def handle_endtag(self, tag: str) -> None:
        self._part = "rest"
        self._inside = self._inside and tag != "ul"

    def handle_data(self, data: str) -> None:
        if self._inside and self.found:
            here = self.found[-1]
            setattr(here, self._part, getattr(here, self._part) + data)
