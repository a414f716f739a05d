"""The index of the site: every week that is published, the newest first, and an address that always leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec import UNSET, Struct, UnsetType

from analytics.report.content import Point
from analytics.report.entry import Entry, State
from analytics.report.feed import feed
from analytics.report.page import environment, style
from analytics.report.revision import revisions
from analytics.report.shelf import put_file
from analytics.report.site import NUMBERS
from analytics.report.state import Period
from analytics.report.tables import FOLDER as TABLES
from analytics.report.words import LOCALES, Words
from analytics.week import Week

FIRST, *_OTHERS = LOCALES
"""The language of the page at the root; the others stand in folders of theirs."""
_WEEKS = "[0-9][0-9][0-9][0-9]/S[0-9][0-9]"


class Told(Struct, frozen=True):
    """What the index reads of a ``report.json``."""

    period: Period
    points: list[Point] = []
    to_correct: str | UnsetType = UNSET


def entries(site: Path) -> list[Entry]:
    """Return the weeks that stand in the site, the newest first."""
    found = [_entry(site, path.parent) for path in sorted(site.glob(f"{_WEEKS}/{NUMBERS}"))]
    return sorted(found, key=lambda entry: entry.week, reverse=True)


def index_files(found: Sequence[Entry]) -> dict[str, str]:
    """Return the files that lead to these weeks, by their paths in the site: the same weeks give the same text.

    ``index.html`` lists them, ``feed.xml`` tells feed readers of them, ``latest/index.html`` moves on to the first of
    them; each in every language.
    """
    files = {}
    for language in LOCALES:
        own = "" if language == FIRST else f"{language}/"
        files[f"{own}index.html"] = _index(found, language)
        files[f"{own}feed.xml"] = feed(found, language, root=_root(language))
        if found:
            files[f"latest/{own}index.html"] = _latest(found[0], language)
    return files


def write_index(site: Path) -> None:
    """Let the index and ``latest/`` tell of the weeks that stand in the site."""
    for name, text in index_files(entries(site)).items():
        put_file(text, site / name)


def told(numbers: Path) -> Told:
    """Return what a ``report.json`` of this version or an older one says of its week."""
    return msgspec.json.decode(numbers.read_bytes(), type=Told)


def _entry(site: Path, home: Path) -> Entry:
    found = told(home / NUMBERS)
    return Entry(
        week=Week(found.period.monday),
        address=home.relative_to(site).as_posix(),
        state=_state(found),
        to_correct=found.to_correct if isinstance(found.to_correct, str) else "",
        languages=tuple(language for language in LOCALES if (home / language / "index.html").exists()),
        points=tuple(found.points),
        tables=(home / TABLES).exists(),
        revised=next(reversed(revisions(home)), None),
    )


def _state(found: Told) -> State:
    if found.to_correct is not UNSET:
        return "to_correct"
    if not found.period.over:
        return "running"
    return "closed" if found.period.closed else "published"


def _index(found: Sequence[Entry], language: str) -> str:
    years = [(year, list(weeks)) for year, weeks in groupby(found, key=lambda entry: entry.week.year)]
    return _page("index.html.j2", language, root=_root(language), years=years, newest=found[0] if found else None)


def _latest(entry: Entry, language: str) -> str:
    chosen = language if language in entry.languages else entry.languages[0]
    root = f"../{_root(language)}"
    return _page(
        "latest.html.j2", language, root=root, entry=entry, address=f"{root}{entry.address}/{chosen}/index.html"
    )


def _page(template: str, language: str, **values: object) -> str:
    words = Words(language)
    return (
        environment()
        .get_template(template)
        .render(
            words=words,
            say=words.say,
            language=language,
            others=[other for other in LOCALES if other != language],
            first=FIRST,
            style=style(),
            **values,
        )
    )


def _root(language: str) -> str:
    """Return the way from the folder of a language to the root."""
    return "" if language == FIRST else "../"
