"""The ingest service: takes what the log gets, within the second, for months.

It holds nothing that a restart would lose: positions are in the warehouse, which it opens for a moment each time.
"""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import time
from contextlib import closing
from threading import Event as Signal

from producers.errors import MaillageError
from producers.log import EventLog
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse.connection import write
from warehouse.health import Health
from warehouse.ingest import ingest, positions
from warehouse.mart import refresh
from warehouse.snapshot import is_current, publish

IDLE = 0.1
"""Seconds between two looks at a log that has nothing new."""
GATHER = 0.3
"""Seconds in which what comes together is taken together: a transaction costs the same for one line as for many."""
BATCH = 5_000
"""Lines in one transaction: so few that a stop never waits for long."""
TURN = 20.0
"""Seconds after which a run that has much to catch up with says how far it is, and publishes.

So many that every partition has its turn, since each run begins with the first.
"""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
GRACE = 1.2
"""Seconds in which a turn may come to its end after a stop was asked for."""

logger = logging.getLogger("maillage.ingest")


def follow(settings: Settings, stop: Signal, health: Health) -> None:
    """Ingest until ``stop`` is set; what a moment can mend is tried again, with pauses that grow.

    Raises:
        MaillageError: what no waiting mends: a gap in the log, a warehouse that cannot be used.
    """
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            with closing(open_log(settings.log_url)) as log:
                _follow(settings, stop, health, log)
        except MaillageError as error:
            if stop.is_set():  # Ctrl-C reaches the process that copies too, whose end then is no trouble
                tell("interrupted", reason=str(error))
                return
            if not error.retryable:
                tell("stopped", reason=str(error))
                raise
            pause = min(pause * 2, LONGEST_PAUSE) if health.trouble else FIRST_PAUSE
            if health.troubled(error):
                tell("waiting", reason=str(error))
            stop.wait(pause)


def follow_until_asked(settings: Settings, stop: Signal, health: Health) -> None:
    """Follow as the whole work of a process, which ends soon after ``ask_to_end``; raises like ``follow``."""
    try:
        follow(settings, stop, health)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        tell("interrupted", reason=health.trouble or "the turn took too long")
        tell("stopped", reason="asked to")
        # All that is ours has been closed on the way here; what may be left is a thread of the log's client.
        os._exit(0)
    tell("stopped", reason="asked to")


def ask_to_end(stop: Signal) -> None:
    """Let the turn come to its end, or interrupt it after ``GRACE``: a broker or a lock may be waited for.

    A transaction that is interrupted is undone; its lines are taken again by the next run.
    """
    if not stop.is_set():
        stop.set()
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, GRACE)


def _follow(settings: Settings, stop: Signal, health: Health, log: EventLog) -> None:
    stored, published_at = positions(settings.warehouse), -math.inf
    while not stop.is_set():
        before, lag = stored, _lag(log, stored)
        if any(lag.values()):
            stop.wait(GATHER if sum(lag.values()) < BATCH else 0)
            _take(settings, log, health, stop)
            stored = positions(settings.warehouse)
            lag = _lag(log, stored)
        health.lag, health.position = lag, stored
        if stored != before or not any(lag.values()):
            _went_well(health)
        if stored != before:
            log.acknowledge(stored)  # after what counts: a broker that has just come back may take its time
        if time.monotonic() - published_at > settings.publish_seconds:
            _publish(settings, health)
            published_at = time.monotonic()
        if not any(lag.values()):
            stop.wait(IDLE)
    _publish(settings, health)


def _went_well(health: Health) -> None:
    if health.trouble:
        tell("going on", after_seconds=round(health.silence(), 1))
    health.turned(health.lag)


def _take(settings: Settings, log: EventLog, health: Health, stop: Signal) -> None:
    began = time.perf_counter()
    done = ingest(
        log,
        settings.warehouse,
        batch=BATCH,
        stopped=lambda: stop.is_set() or time.perf_counter() - began > TURN,
    )
    if not done.read:
        return
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


def _publish(settings: Settings, health: Health) -> None:
    """Bring the marts and the published snapshot up to date, where anything is new."""
    began = time.perf_counter()
    with write(settings.warehouse) as connection:
        changed = refresh(connection)
    if changed or health.done != health.shown or not is_current(settings.snapshot):
        publish(settings.warehouse, settings.snapshot)
        tell("published", subjects=changed, seconds=round(time.perf_counter() - began, 3))
    health.published()


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
