"""What is wrong and how to mend it, one line each."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from producers.errors import MaillageError
from producers.log.opening import open_log
from producers.settings import Settings
from warehouse.check import complaints
from warehouse.connection import read
from warehouse.ingest import positions, waiting

LOW_DISK = 1_000_000_000


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, and the one thing to do about it."""

    what: str
    fix: str


def problems(settings: Settings) -> list[Problem]:
    """Return what is wrong with this installation; empty when nothing is."""
    found: list[Problem] = []
    for probe in (_disk, _key, _listener, _log, _warehouse, _snapshot):
        found += _asked(probe, settings)
    return found


def _asked(probe: Callable[[Settings], Iterator[Problem]], settings: Settings) -> list[Problem]:
    """Return what a probe finds; an error of ours that stops it is a problem like the others."""
    try:
        return list(probe(settings))
    except MaillageError as error:
        return [Problem(error.found, error.remedy or "see ARCHITECTURE.md")]


def _disk(settings: Settings) -> Iterator[Problem]:
    if not settings.home.exists():
        yield Problem(f"there is no {settings.home} yet", "run: maillage demo, or publish a source")
        return
    free = shutil.disk_usage(settings.home).free
    if free < LOW_DISK:
        yield Problem(f"only {free / 1e6:.0f} MB are free under {settings.home}", "make room before the next ingest")


def _key(settings: Settings) -> Iterator[Problem]:
    key = settings.home / "identity.key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Problem(f"{key} can be read by others", f"run: chmod 600 {key}")


def _listener(settings: Settings) -> Iterator[Problem]:
    """Warn of a listener in the clear that is not on this machine."""
    scheme, _, rest = settings.log_url.partition("://")
    servers = [server.rpartition(":")[0] for server in rest.partition("/")[0].split(",")]
    far = [
        server for server in servers if server != "localhost" and not server.startswith("127.") and server != "[::1]"
    ]
    if scheme == "kafka" and far and not os.environ.get("MAILLAGE_KAFKA_USERNAME"):
        yield Problem(
            f"events travel in the clear and unsigned to {', '.join(far)}",
            "give the broker a SASL_SSL listener and set MAILLAGE_KAFKA_USERNAME, _PASSWORD_FILE and _CA",
        )


def _log(settings: Settings) -> Iterator[Problem]:
    log = open_log(settings.log_url)
    try:
        starts, ends = log.starts(), log.ends()
        stored = positions(settings.warehouse) if settings.warehouse.exists() else {}
        for partition, position in sorted(stored.items()):
            if not starts.get(partition, 0) <= position <= ends.get(partition, 0):
                yield Problem(
                    f"partition {partition}: position {position} is not in the log "
                    f"({starts.get(partition, 0)} to {ends.get(partition, 0)})",
                    f"is MAILLAGE_LOG the log that was ingested? if so: maillage gaps accept {partition} --reason '…'",
                )
        if waits := waiting(log, settings.warehouse):
            yield Problem(f"{waits} events wait in the log", "run: maillage ingest --once")
    finally:
        log.close()


def _warehouse(settings: Settings) -> Iterator[Problem]:
    if not settings.warehouse.exists():
        yield Problem(f"there is no {settings.warehouse}", "run: maillage ingest --once")
        return
    with read(settings.warehouse, patience=2) as connection:
        for each in complaints(connection):
            yield Problem(f"check {each.check}: {each.rows} rows, first {each.examples[0]}", "see warehouse/sql/checks")
        stale = connection.execute("SELECT count(DISTINCT week) FROM stale").fetchall()[0][0]
        if stale:
            yield Problem(f"{stale} weeks have to be computed again", "run: maillage compute")


def _snapshot(settings: Settings) -> Iterator[Problem]:
    live, published = settings.warehouse, settings.snapshot
    if live.exists() and not published.exists():
        yield Problem("no snapshot is published for readers", "run: maillage ingest --once")
    elif live.exists() and live.stat().st_mtime > published.stat().st_mtime + 3600:
        yield Problem("the published snapshot is over an hour behind", "run: maillage ingest --once")
