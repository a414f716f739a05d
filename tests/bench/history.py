"""What a week costs that has 10, 52, 156 or 520 weeks of history before it: the chain on one simulated region.

    python tests/bench/history.py [WEEKS …]

What the weekly chain computes of a week, with its reading and writing, on one thread; the median of the last weeks,
which are the same whatever lies before them. Networks are read from their window alone; ``all`` has the metrics that
look back over years too, such as who was ever seen before.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analytics.compute import compute, to_compute
from analytics.metrics import METRICS, warm
from analytics.week import Week
from producers.event import Event, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from producers.simulation import simulate
from warehouse.ingest import ingest

PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)
HISTORIES = (10, 52, 156, 520)
MEMBERS = 300
MEASURED = 7
"""Weeks that are computed, one by one."""
NETWORKS = {metric.name for metric in METRICS.values() if metric.family in {"tie", "structure", "path"}}


def week_seconds(events: list[Event], weeks: int) -> dict[str, float]:
    """Return the processor seconds of a week with so many weeks before it: networks alone, and all metrics."""
    since = PRESENT - timedelta(weeks=weeks)
    taken: dict[str, list[float]] = {"networks": [], "all": []}
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name), workers=1)
        entries = [Entry(event.key, encode(event)) for event in events if event.time >= since]
        FolderLog(settings.home / "log").append(entries, recorded_at=PRESENT)
        ingest(FolderLog(settings.home / "log"), settings.warehouse)
        for back in range(MEASURED, 0, -1):
            week = Week((PRESENT - timedelta(weeks=back)).date())
            marks = to_compute(settings, PRESENT, first=week, last=week)
            for kind, wanted in (("networks", [mark for mark in marks if mark.metric in NETWORKS]), ("all", marks)):
                before = time.process_time()
                compute(settings, wanted, present=PRESENT)
                taken[kind].append(time.process_time() - before)
    return {kind: statistics.median(each) for kind, each in taken.items()}


def main() -> None:
    """Print the seconds by the weeks of history."""
    histories = [int(each) for each in sys.argv[1:]] or list(HISTORIES)
    events = [arrival.event for arrival in simulate(members=MEMBERS, weeks=max(histories)).arrivals]
    warm()
    print(json.dumps({weeks: week_seconds(events, weeks) for weeks in histories}))  # noqa: T201


if __name__ == "__main__":
    main()
