"""Knowledge: the warehouse as it was on an instant, made from the events that the log had appended by then.

A retraction that was recorded later does not count yet, and neither does a late event. The marts are made anew by the
same statements as ever; results are left to analytics, which computes what it needs of them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from producers.errors import UsageError, WarehouseError
from warehouse.connection import Connection, read, transaction, write
from warehouse.mart import rebuild
from warehouse.statement import statement

WITH_ZONE = "an instant with its zone, like 2026-11-20T08:00Z"


def parse_instant(text: str) -> datetime:
    """Return the instant in UTC.

    Raises:
        UsageError: when it is none, or tells no zone: eight o'clock is another instant in Paris than in London.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text!r} is no instant", expected=WITH_ZONE) from error
    if instant.utcoffset() is None:
        raise UsageError(f"{text!r} has no zone", expected=WITH_ZONE, remedy="add Z for UTC, or +01:00")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise UsageError(f"{text!r} is out of reach", expected=WITH_ZONE) from error


@contextmanager
def known_at(path: Path, instant: datetime, *, folder: Path) -> Iterator[Path]:
    """Give a home under ``folder`` whose warehouse is that of ``path`` as known at ``instant``; it goes afterwards.

    Raises:
        WarehouseError: when there is no warehouse at ``path``, or ``folder`` cannot be written.
    """
    home = make_known(path, instant, folder=folder)
    try:
        yield home
    finally:
        shutil.rmtree(home)


def make_known(path: Path, instant: datetime, *, folder: Path) -> Path:
    """Return a new home under ``folder``, as ``known_at`` gives it; whoever asks for it removes it."""
    with read(path) as source:
        home = _new_home(folder)
        try:
            with write(home / "warehouse.duckdb") as target:
                remember(source, target, instant)
        except BaseException:
            shutil.rmtree(home)
            raise
    return home


def remember(source: Connection, target: Connection, instant: datetime) -> None:
    """Make ``target``, an empty warehouse, hold the record that ``source`` had at ``instant``, and its marts."""
    with transaction(target):
        _copy(source, target, "known", "events", instant)
        _copy(source, target, "refused", "rejects", instant)
        target.execute(statement("knowledge/offset"))
        target.execute(statement("knowledge/span"))
    rebuild(target)


def _copy(source: Connection, target: Connection, reading: str, table: str, instant: datetime) -> None:
    """Stream what a reading of ``source`` gives into a table of ``target``, batch by batch."""
    rows = source.sql(statement(f"knowledge/{reading}"), params={"instant": instant}).to_arrow_reader()
    target.register("arriving", rows)
    target.execute(f"INSERT INTO {table} BY NAME SELECT * FROM arriving")
    target.unregister("arriving")


def _new_home(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="known-", dir=folder))
    except OSError as error:
        raise WarehouseError(
            f"{folder} cannot be written: {error.strerror}",
            remedy="a past state needs room there for a moment; check the rights and the disk",
        ) from error
