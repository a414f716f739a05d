"""Publication: a week's report from the published snapshot to the site, written only where it changed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from analytics.compute import compute, to_compute
from analytics.report import build_report, write_report
from analytics.report.site import folder
from analytics.report.status import as_known
from analytics.week import Week, last_closed
from producers.errors import UsageError, WarehouseError
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
        WarehouseError: when the week is not computed.
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

    Only the events on record by then are read, without the people who have objected since, and only what the report
    shows is computed where it differs from today.

    Raises:
        UsageError: when the instant is out of reach.
        WarehouseError: when the week was not over at ``instant``, or nothing had happened in it.
    """
    this = week or _last(instant)

    def wanted(metric: str, monday: date) -> bool:
        # A run of weeks above or below the centre reads the ties of every week; of the rest, its own week is shown.
        return monday == this.monday or (metric == TIE and monday < this.monday)

    with known_at(_snapshot(settings), instant, folder=settings.home / "tmp", wanted=wanted) as known:
        past = msgspec.structs.replace(settings, home=known.home)
        stale = [mark for mark in to_compute(past, instant) if wanted(mark.metric, mark.week)]
        compute(past, stale, present=instant)
        with read(past.warehouse) as connection:
            if not connection.execute(statement("readings/computed"), {"week": this.monday}).fetchall():
                raise WarehouseError(f"{this} has no report as known at {instant:%Y-%m-%dT%H:%MZ}", expected=_REPORTED)
            content = build_report(connection, week=this.monday, present=instant, settings=past)
        content = as_known(content, instant, left_out=known.left_out)
        made = write_report(content, past.site, languages=tuple(languages))
        return _moved(this, made, folder(past.site, this.monday), _as_known(settings, this, instant))


def _last(instant: datetime) -> Week:
    try:
        return last_closed(instant)
    except OverflowError as error:
        raise UsageError(f"{instant:%Y-%m-%d} is out of reach", expected="an instant of the record") from error


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
        raise WarehouseError(
            f"{week} is not computed" if week else "no week is computed",
            expected=_REPORTED,
            remedy="run: maillage compute",
        )
    return Week(monday), computed_at.astimezone(UTC)


def _contents(site: Path) -> dict[Path, int]:
    return (
        {path: hash(path.read_bytes()) for path in sorted(site.rglob("*")) if path.is_file()} if site.exists() else {}
    )
