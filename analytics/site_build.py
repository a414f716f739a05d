"""The whole site: every computed week, of which only those are built whose report may have become another one.

A page shows 52 weeks before its own and what was restated about the week before, so it rests on the results of 54
weeks; on the settings; and on the code that makes it. A note of these, kept beside the drafts, tells which weeks are
built already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import msgspec

from analytics import cell, disclosure, metrics, report
from analytics import map as drawing
from analytics.map import DATA, Memory, chart, remembered
from analytics.publication import draft_week, is_published, place_draft, snapshot_of, standing_note
from analytics.report.index import write_index
from analytics.report.shelf import alone, put_file
from analytics.week import Week
from producers.settings import Settings
from warehouse.connection import read
from warehouse.statement import statement

BEHIND = timedelta(weeks=53)
"""How far back a page looks: 52 weeks, and one more for what was restated."""
NOTE = "built.json"
MANY = 8
"""From here on processes of their own pay for their start."""


@dataclass(frozen=True)
class Built:
    """What a build of the site did."""

    weeks: int
    """Weeks that are computed."""
    stale: int
    """Those of them that were built."""
    changed: int
    """Those of these whose report is another one now."""


def publish_all(settings: Settings, languages: Sequence[str], *, present: datetime) -> Built:
    """Return what was done: every computed week stands in the site as the published snapshot has it.

    Args:
        settings: Where everything stands; weeks are built side by side by ``settings.workers``.
        languages: The languages of the pages.
        present: The date of corrections.

    Raises:
        ReportRefusedError: when a report is not fit to be read; the weeks before it are written.
    """
    stamps = _stamps(settings, languages)
    note = settings.drafts / NOTE
    known = msgspec.json.decode(note.read_bytes(), type=dict[str, str]) if note.exists() else {}
    stale = [
        week for week, stamp in stamps.items() if known.get(str(week)) != stamp or not is_published(settings, week)
    ]
    build = partial(_build, settings, tuple(languages), present)
    memory = _chart(settings, stale)
    with _workers(settings, len(stale)) as pool:
        changed = sum(pool.map(build, stale, (memory.until(week.monday) for week in stale)))
    with alone(settings.drafts):
        write_index(settings.site)
        put_file(msgspec.json.encode({str(week): stamp for week, stamp in stamps.items()}).decode(), note)
    return Built(len(stamps), len(stale), changed)


def _chart(settings: Settings, stale: Sequence[Week]) -> Memory:
    """Return where the maps of all weeks have their nodes, in one go: weeks are then built in any order, side by side.

    Where a map stands already, it stays as it is.
    """
    if not stale:
        return Memory()
    standing = sorted(settings.site.glob(f"[0-9]*/S[0-9]*/{DATA}"))
    memory = remembered([path.read_text(encoding="utf-8") for path in standing], least=settings.threshold_persons)
    with read(snapshot_of(settings)) as connection:
        return chart(connection, week=stale[-1].monday, settings=settings, memory=memory)


def _build(settings: Settings, languages: tuple[str, ...], present: datetime, week: Week, memory: Memory) -> bool:
    """Return whether the report of a week is another one now."""
    draft = draft_week(settings, week, languages, memory=memory)
    return place_draft(settings, draft, to_correct=standing_note(settings, week), present=present).changed


def _workers(settings: Settings, weeks: int) -> Executor:
    if weeks < MANY or settings.workers == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(settings.workers, mp_context=get_context("spawn"))


def _stamps(settings: Settings, languages: Sequence[str]) -> dict[Week, str]:
    """Return what the report of each computed week rests on, the oldest week first."""
    with read(snapshot_of(settings)) as connection:
        rows: list[tuple[date, str]] = connection.execute(statement("readings/computed_stamps")).fetchall()
    common = f"{_code()} {settings.threshold_persons} {settings.threshold_organisations} {sorted(languages)}"
    return {Week(week): stamp for week, stamp in _reaching(dict(rows), common)}


def _reaching(results: Mapping[date, str], common: str) -> Iterator[tuple[date, str]]:
    """Give each week with the digest of the results that its page may show."""
    for week in results:
        behind = " ".join(stamp for each, stamp in results.items() if week - BEHIND <= each <= week)
        yield week, hashlib.sha256(f"{common} {behind}".encode()).hexdigest()


@cache
def _code() -> str:
    """Return what tells this code from any other that makes pages."""
    found = hashlib.sha256()
    for module in (report, metrics, drawing):
        for path in sorted(Path(module.__path__[0]).rglob("*")):
            if path.suffix in (".py", ".j2", ".css", ".js", ".json", ".yaml"):
                found.update(path.read_bytes())
    for source in (disclosure.__file__, cell.__file__):
        found.update(Path(source).read_bytes())
    return found.hexdigest()
