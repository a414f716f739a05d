"""Publication: a week's report from the published snapshot to the site, written only where it changed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from analytics.compute import compute, to_compute
from analytics.report import build_report, write_report
from analytics.report.site import folder
from analytics.week import Week, last_closed
from producers.errors import UsageError
from producers.settings import Settings
from warehouse.connection import Connection, read
from warehouse.knowledge import known_at
from warehouse.result import TIE
from warehouse.statement import statement

_REPORTED = "a week with activity that is over"
PAGES = ("fr", "en")
"""The languages of the report, the first one first."""


@dataclass(frozen=True)
class Written:
    """A week that stands in the site, and whether anything about it is new."""

    week: Week
    pages: tuple[Path, ...]
    changed: bool


def publish_week(settings: Settings, week: Week | None, languages: Sequence[str]) -> Written:
    """Return what was written for ``week``, by default the last one computed; the same snapshot gives the same bytes.

    Raises:
        UsageError: when the week is not computed.
    """
    with read(_snapshot(settings)) as connection:
        chosen, present = _chosen(connection, week)
        content = build_report(connection, week=chosen.monday, present=present, settings=settings)
    before = _contents(settings.site)
    written = write_report(content, settings.site, languages=tuple(languages))
    pages = tuple(each for each in written if each.name == "index.html")
    return Written(chosen, pages, changed=_contents(settings.site) != before)


def publish_as_known(settings: Settings, week: Week | None, languages: Sequence[str], instant: datetime) -> Written:
    """Return what was written of a week as it was known at ``instant``, beside the report of today.

    Only the events on record by then are read, and only what the report shows is computed.

    Raises:
        UsageError: when the week was not over at ``instant``, or nothing had happened in it.
    """
    with known_at(_snapshot(settings), instant, folder=settings.home / "tmp") as home:
        past = msgspec.structs.replace(settings, home=home)
        wanted = week or last_closed(instant)
        # A run of weeks above or below the centre reads the ties of every week; of the rest, its own week is shown.
        known = to_compute(past, instant, last=wanted)
        stale = [mark for mark in known if mark.week == wanted.monday or mark.metric == TIE]
        if not stale or stale[-1].week != wanted.monday:
            raise UsageError(f"{wanted} has no report as known at {instant:%Y-%m-%dT%H:%MZ}", expected=_REPORTED)
        compute(past, stale, present=instant)
        with read(past.warehouse) as connection:
            content = build_report(connection, week=wanted.monday, present=instant, settings=past)
        content = msgspec.structs.replace(content, status=msgspec.structs.replace(content.status, known_at=instant))
        made = write_report(content, past.site, languages=tuple(languages))
        return _moved(wanted, made, folder(past.site, wanted.monday), _as_known(settings, wanted, instant))


def _as_known(settings: Settings, week: Week, instant: datetime) -> Path:
    return folder(settings.site, week.monday) / "as-of" / f"{instant:%Y-%m-%dT%H%M%SZ}"


def _moved(week: Week, made: Sequence[Path], source: Path, target: Path) -> Written:
    """Put the finished files in their place; the same knowledge gives the same bytes, so there is nothing to keep."""
    before = _contents(target)
    shutil.copytree(source, target, dirs_exist_ok=True)
    pages = tuple(target / path.relative_to(source) for path in made if path.name == "index.html")
    return Written(week, pages, changed=_contents(target) != before)


def _snapshot(settings: Settings) -> Path:
    return settings.snapshot if settings.snapshot.exists() else settings.warehouse


def _chosen(connection: Connection, week: Week | None) -> tuple[Week, datetime]:
    """Return the week and the present of the run that computed it: a report says nothing that was not known then."""
    rows = connection.execute(
        statement("readings/computed"),
        {"week": week.monday if week else None},
    ).fetchall()
    monday, computed_at = rows[0] if rows else (None, None)
    if monday is None:
        raise UsageError(
            f"{week} is not computed" if week else "no week is computed",
            expected=_REPORTED,
            remedy="run: maillage compute",
        )
    return Week(monday), computed_at.astimezone(UTC)


def _contents(site: Path) -> dict[Path, int]:
    return (
        {path: hash(path.read_bytes()) for path in sorted(site.rglob("*")) if path.is_file()} if site.exists() else {}
    )
