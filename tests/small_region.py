"""A region of a hundred people and twenty weeks, taken in: enough of a home for what has to run whole."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from analytics.compute import compute, to_compute
from analytics.week import Week, parse_week
from producers.log.opening import open_log
from producers.publish import publish
from producers.settings import Settings
from producers.sources import SOURCES
from warehouse.connection import read
from warehouse.intake import take_in
from warehouse.snapshot import publish as publish_snapshot

FIRST, LAST = parse_week("2026-W27"), parse_week("2026-W46")
COMPUTED = datetime(2026, 11, 17, tzinfo=UTC)
"""When its weeks were computed."""
RESULTS = ("tie", "skill_week", "metric_value")


def tell_region(home: Path) -> Settings:
    """Return the settings of a home in whose log the region's events wait."""
    settings = Settings(home=home)
    given = SOURCES["simulated"].fetch(b"", seed=1, members=100, weeks=20, last_week=str(LAST))
    with closing(open_log(settings.log_url)) as log:
        publish(given, log, rejected_file=home / "rejected.ndjson")
    return settings


def take_region(home: Path) -> Settings:
    """Return the settings of a home that has taken in the region and computed nothing."""
    settings = tell_region(home)
    take_in(settings)
    return settings


def compute_region(taken: Settings, home: Path) -> Settings:
    """Return the settings of a copy of the region that was taken in, with every week computed, one after the other."""
    settings = Settings(home=shutil.copytree(taken.home, home), workers=1)
    compute(settings, to_compute(settings, COMPUTED), present=COMPUTED)
    publish_snapshot(settings.warehouse, settings.snapshot)
    return settings


def results(path: Path, *weeks: Week) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the results in a file, or those of some weeks, in one order, but for when it was computed."""
    chosen = "WHERE list_contains($weeks, week)" if weeks else ""
    given = {"weeks": [week.monday for week in weeks]} if weeks else {}
    with read(path) as connection:
        return {
            name: connection.execute(
                f"SELECT COLUMNS(lambda name: name <> 'computed_at') FROM {name} {chosen} ORDER BY ALL", given
            ).fetchall()
            for name in RESULTS
        }
