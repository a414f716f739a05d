"""When ``drain_events`` starts: every five minutes and, where that is set, within seconds after something came.

Whoever watches compares positions: where the log ends, and how far the published copy is. No event is read for that,
and nothing is written. What he misses, because the log does not answer or he is not there, the clock still starts.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

SETTING = "MAILLAGE_DRAIN_ON_BACKLOG"
CLOCK = CronTriggerTimetable("*/5 * * * *", timezone="UTC")
LOOK, REST = 5.0, 60.0
"""Seconds between two looks, and until the same backlog is told again: longer than most drains take."""

logger = logging.getLogger("maillage.backlog")


class Backlog(BaseEventTrigger):
    """Tells how much waits in the log: when something comes, and each minute for as long as it is not all taken."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return how the triggerer makes it."""
        return f"{__name__}.{type(self).__name__}", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Give the events."""
        quiet_until = 0.0
        while True:
            if not (waits := await asyncio.to_thread(waiting)):
                quiet_until = 0.0
            elif time.monotonic() >= quiet_until:
                yield TriggerEvent(waits)  # type: ignore[no-untyped-call]
                quiet_until = time.monotonic() + REST
            await asyncio.sleep(LOOK)


def waiting() -> int:
    """Return how many positions of the log the published copy does not have; none where nobody can say now."""
    from producers.errors import MaillageError
    from producers.log.opening import open_log
    from producers.settings import read_settings
    from warehouse import ingest
    from warehouse.connection import read

    try:
        here = read_settings()
        if here.snapshot.exists():
            with read(here.snapshot):
                """A copy of an older version is refused here; ingest would bring it up to date."""
        with closing(open_log(here.log_url)) as log:
            return ingest.waiting(log, here.snapshot)
    except MaillageError as error:
        logger.warning("nobody can say what waits in the log, the clock goes on: %s", error)
        return 0


def schedule() -> CronTriggerTimetable | AssetOrTimeSchedule:
    """Return the clock, or the clock and the watcher where the setting says ``true``."""
    if os.environ.get(SETTING, "").lower() != "true":
        return CLOCK
    watched = Asset(
        name="journal",
        uri="x-maillage://journal",
        group="maillage",
        watchers=[AssetWatcher(name="backlog", trigger=Backlog())],  # type: ignore[no-untyped-call]
    )
    return AssetOrTimeSchedule(timetable=CLOCK, assets=watched)
