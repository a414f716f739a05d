"""The ingest service: takes what the log gets, within the second, for months.

It holds nothing that a restart would lose: positions are in the warehouse, which it opens for a moment each time.
"""

from __future__ import annotations

import json
import logging
import time
from threading import Event as Signal

from producers.errors import MaillageError
from producers.log import EventLog
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse.connection import write
from warehouse.health import Health
from warehouse.ingest import ingest, positions
from warehouse.mart import refresh
from warehouse.snapshot import publish

IDLE = 0.1
"""Seconds between two looks at a log that has nothing new."""
GATHER = 0.2
"""Seconds in which what comes together is taken together."""
BATCH = 5_000
"""Lines in one transaction: so few that a stop never waits for long."""
LONGEST_PAUSE = 10.0

logger = logging.getLogger("maillage.ingest")


def follow(settings: Settings, stop: Signal, health: Health) -> None:
    """Ingest until ``stop`` is set; what a moment can mend is tried again, with pauses that grow.

    Raises:
        MaillageError: what no waiting mends: a gap in the log, a warehouse that cannot be used.
    """
    pause = IDLE
    while not stop.is_set():
        try:
            _follow(settings, stop, health, open_log(settings.log_url))
        except MaillageError as error:
            if not error.retryable:
                tell("stopped", reason=str(error))
                raise
            if health.trouble != str(error):
                tell("waiting", reason=str(error))
            health.trouble = str(error)
            pause = min(pause * 2, LONGEST_PAUSE) if time.time() - health.went_well_at > pause else IDLE * 2
            stop.wait(pause)
    tell("stopped", reason="asked to")


def _follow(settings: Settings, stop: Signal, health: Health, log: EventLog) -> None:
    published_at = 0.0
    try:
        stored = positions(settings.warehouse)
        while not stop.is_set():
            lag = _lag(log, stored)
            if any(lag.values()):
                stop.wait(GATHER)
                _take(settings, log, health, stop)
                stored = positions(settings.warehouse)
                lag = _lag(log, stored)
            if health.trouble:
                tell("going on")
            health.turned(lag)
            if time.monotonic() - published_at > settings.publish_seconds:
                _publish(settings)
                published_at = time.monotonic()
            if not any(lag.values()):
                stop.wait(IDLE)
        _publish(settings)
    finally:
        log.close()


def _take(settings: Settings, log: EventLog, health: Health, stop: Signal) -> None:
    began = time.perf_counter()
    done = ingest(log, settings.warehouse, batch=BATCH, stopped=stop.is_set)
    seconds = time.perf_counter() - began
    health.took(done, seconds)
    tell(
        "batch",
        read=done.read,
        new=done.new,
        duplicates=done.duplicates,
        rejected=done.rejected,
        seconds=round(seconds, 3),
    )


def _publish(settings: Settings) -> None:
    """Bring the marts and the published snapshot up to date, where anything is new."""
    with write(settings.warehouse) as connection:
        changed = refresh(connection)
    if changed or not settings.snapshot.exists():
        publish(settings.warehouse, settings.snapshot)
        tell("published", subjects=changed)


def _lag(log: EventLog, stored: dict[int, int]) -> dict[int, int]:
    """Return how many positions each partition is behind; a partition never read is behind by all that it has."""
    ends = log.ends()
    starts = log.starts() if ends.keys() - stored.keys() else {}
    return {number: max(0, end - stored.get(number, starts.get(number, 0))) for number, end in ends.items()}


def tell(event: str, **fields: object) -> None:
    """Log one event with its fields."""
    logger.info(event, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """One JSON object a line, for whatever gathers the logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, event and fields."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        fields = getattr(record, "fields", {})
        return json.dumps({"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **fields})


def log_as_json() -> None:
    """Send the service's log lines to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
