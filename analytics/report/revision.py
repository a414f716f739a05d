"""Revisions: what changed when a published week was corrected, and what stood there before.

The old files are kept whole under ``revisions/<instant>/``; ``revisions/revisions.json`` and a page a language say when
and which figures. A week that was still running when it appeared was provisional: what follows it corrects nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec import Struct

from analytics.disclosure import Cell
from analytics.report.page import environment, style
from analytics.report.shelf import REVISIONS, Files
from analytics.report.site import NUMBERS
from analytics.report.state import Corrected, Correction
from analytics.report.words import LOCALES, Words
from analytics.week import Week

LOG = "revisions.json"
_TOLD_APART = ("name", "skill", "metric", "a", "b", "layer")
"""What tells one row of a list from another, wherever it stands."""
_NO_FIGURES = {"$schema", "version", "recounts", "to_correct", "points", "actions", "correction", "changes"}
_SECTIONS = {
    "status": "revision.status",
    "indicators": "revision.indicators",
    "skills": "revision.skills",
    "places": "revision.places",
    "waiting": "revision.waiting",
    "restatement": "revision.restatement",
}
_OTHER = "revision.other"
"""Sections that have a name of their own."""
_ABSENT = object()
_CONTENT = '<main id="content">'


Place = tuple[str, ...]
"""The place of a figure in ``report.json``."""


class Revision(Struct, frozen=True, kw_only=True):
    """One correction of a week."""

    at: datetime
    figures: dict[str, int]
    """How many figures changed, by section of the report."""
    indicators: list[Corrected]

    @property
    def folder(self) -> str:
        """Return where the files of before stand, from the folder of revisions."""
        return f"{self.at:%Y-%m-%dT%H%M%SZ}"

    @property
    def changed(self) -> int:
        """Return how many figures changed."""
        return sum(self.figures.values())

    @property
    def told(self) -> Correction:
        """Return what the page in force says of it."""
        return Correction(at=self.at, figures=self.changed, indicators=self.indicators)


def revisions(home: Path) -> list[Revision]:
    """Return the corrections of the week whose report stands in ``home``, the oldest first."""
    log = home / REVISIONS / LOG
    return msgspec.json.decode(log.read_bytes(), type=list[Revision]) if log.exists() else []


def revised(before: Files, after: Files, known: Sequence[Revision], *, present: datetime) -> Files:
    """Return what is to be kept below the folder of revisions; nothing where nothing is corrected.

    Args:
        before: The files of the week as they stand.
        after: The files that replace them.
        known: The corrections until now.
        present: When this is done.
    """
    if NUMBERS not in before or dict(before) == dict(after):
        return {}
    stood, now = msgspec.json.decode(before[NUMBERS]), msgspec.json.decode(after[NUMBERS])
    if not stood["period"]["over"]:
        return {}
    this = Revision(
        at=present.astimezone(UTC).replace(microsecond=0),
        figures=dict(Counter(path[0] for path in _changed(figures(stood), figures(now)))),
        indicators=list(_indicators(stood, now)),
    )
    every = [*known, this]
    week = Week(date.fromisoformat(now["period"]["monday"]))
    old = {f"{this.folder}/{name}": _replaced(name, text, this) for name, text in before.items()}
    pages = {f"{language}/index.html": revisions_page(every, week, language) for language in LOCALES}
    log = msgspec.json.format(msgspec.json.encode(every), indent=1).decode() + "\n"
    return {**old, **pages, LOG: log}


def made(kept: Files) -> list[Revision]:
    """Return the corrections that ``revised`` keeps, the one that it has just made last; nothing for none."""
    log = kept.get(LOG)
    return msgspec.json.decode(log, type=list[Revision]) if log else []


def last_told(known: Sequence[Revision]) -> Revision | None:
    """Return the correction that a page tells of: the last one that changed a figure."""
    return next((each for each in reversed(known) if each.changed), None)


def figures(numbers: Mapping[str, Any]) -> dict[Place, Any]:
    """Return the figures of a decoded ``report.json`` by their places in it; rows go by their names."""
    return dict(_leaves({name: part for name, part in numbers.items() if name not in _NO_FIGURES}, ()))


def revisions_page(every: Sequence[Revision], week: Week, language: str) -> str:
    """Return the page that tells of the corrections of a week, the newest first."""
    words = Words(language)
    template = environment().get_template("revisions.html.j2")
    return template.render(
        words=words,
        say=words.say,
        language=language,
        others=[other for other in LOCALES if other != language],
        week=week,
        revisions=[(each, list(told(each, words))) for each in reversed(every)],
        style=style(),
    )


def told(revision: Revision, words: Words) -> Iterator[str]:
    """Give what a correction changed, in sentences: the indicators one by one, then the sections with their counts."""
    for change in revision.indicators:
        yield words.say(
            "revision.indicator",
            name=words.say(f"indicators.{change.indicator}"),
            before=words.cell(change.before, change.unit),
            after=words.cell(change.after, change.unit),
        )
    for section, count in sorted(_named(revision).items()):
        yield words.say("revision.section", count=count, value=words.number(count), name=words.say(section))
    if not revision.changed:
        yield words.say("revision.nothing")


def _named(revision: Revision) -> dict[str, int]:
    """Return the figures that changed by the name of their section; those of the indicators are told one by one."""
    found: Counter[str] = Counter()
    for section, count in revision.figures.items():
        found[_SECTIONS.get(section, _OTHER)] += count
    found[_SECTIONS["indicators"]] -= len(revision.indicators)
    return dict(+found)


def _changed(before: Mapping[Place, Any], after: Mapping[Place, Any]) -> list[Place]:
    """Return the places whose figure is another one, has come or has gone."""
    return [path for path in sorted({*before, *after}) if before.get(path, _ABSENT) != after.get(path, _ABSENT)]


def _indicators(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Corrected]:
    stood = {row["name"]: row for row in before["indicators"]}
    for row in after["indicators"]:
        then = stood.get(row["name"])
        if then is not None and then["value"] != row["value"]:
            cells = [msgspec.convert(each["value"], Cell) for each in (then, row)]
            yield Corrected(indicator=row["name"], unit=row["unit"], before=cells[0], after=cells[1])


def _leaves(part: Any, path: Place) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401 - JSON is anything
    """Give the figures below a part; a cell is one of them."""
    if isinstance(part, dict) and "mark" not in part:
        for name, inner in part.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from _leaves(inner, (*path, _row_name(inner) or str(number)))
    else:
        yield path, part


def _row_name(row: Any) -> str:  # noqa: ANN401 - JSON is anything
    return "/".join(str(row[key]) for key in _TOLD_APART if key in row) if isinstance(row, dict) else ""


def _replaced(name: str, content: str | bytes, revision: Revision) -> str | bytes:
    """Return a file of before; a page says at its top that it was replaced, and leads to the one in force."""
    if isinstance(content, bytes) or not name.endswith(("/index.html", "/map.html")):
        return content
    language = name.split("/", maxsplit=1)[0]
    words = Words(language)
    says = words.say("revision.replaced", instant=words.instant(revision.at))
    note = Markup('<p class="todo" role="note"><b class="down">{}</b> <a href="../../../{}/index.html">{}</a></p>\n')
    note = note.format(says, language, words.say("revision.in_force"))
    content = content.replace(f'href="../{REVISIONS}/', f'href="../../../{REVISIONS}/')
    return content.replace(_CONTENT, f"{note}{_CONTENT}", 1)
