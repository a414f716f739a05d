"""Knowledge: the warehouse as it was on an instant, made from the events that the log had appended by then.

A retraction that was recorded later does not count yet, and neither does a late event. Whoever has objected or was
erased since is left out all the same: consent is the one thing that is read as it is today. The marts are made anew
by the same statements as ever; results that rest on the same rows are taken over, and the rest is stale.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from producers.errors import UsageError, WarehouseError
from warehouse.carry import Wanted, carry, every
from warehouse.connection import Connection, memory, read, transaction, write
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


@dataclass(frozen=True)
class Known:
    """A home whose warehouse is that of an instant."""

    home: Path
    left_out: int
    """People known at the instant who are left out, because they objected or were erased since."""


@contextmanager
def known_at(path: Path, instant: datetime, *, folder: Path, wanted: Wanted = every) -> Iterator[Known]:
    """Give a home under ``folder`` whose warehouse is that of ``path`` as known at ``instant``; it goes afterwards.

    Results that are ``wanted`` are taken over where they hold; every other one is stale.

    Raises:
        WarehouseError: when there is no warehouse at ``path``, or ``folder`` cannot be written.
    """
    known = make_known(path, instant, folder=folder, wanted=wanted)
    try:
        yield known
    finally:
        shutil.rmtree(known.home)


def make_known(path: Path, instant: datetime, *, folder: Path, wanted: Wanted = every) -> Known:
    """Return a new home under ``folder``, as ``known_at`` gives it; whoever asks for it removes it."""
    with read(path) as source:
        home = _new_home(folder)
        try:
            with write(home / "warehouse.duckdb") as target:
                left_out = remember(source, target, instant)
                carry(source, target, instant, wanted)
        except BaseException:
            shutil.rmtree(home)
            raise
    return Known(home, left_out)


def remember(source: Connection, target: Connection, instant: datetime) -> int:
    """Make ``target``, an empty warehouse, hold the record that ``source`` had at ``instant``, and its marts.

    Returns how many of the people in it are left out, because they objected or were erased since.
    """
    _take(source, target, instant)
    _leave_out(source, target, instant)
    ((left_out,),) = target.execute(statement("knowledge/left_out")).fetchall()
    return int(left_out)


@contextmanager
def as_reported(source: Connection, instant: datetime) -> Iterator[Connection]:
    """Give a warehouse in memory with the record of ``instant``, to compare what it says with what ``source`` says.

    The same people are counted in both, as ``source`` has it: what differs is what happened, never who agreed.
    """
    target = memory()
    try:
        _take(source, target, instant)
        target.register("uncounted", source.sql(statement("knowledge/uncounted")).to_arrow_table())
        target.execute(statement("knowledge/count_alike"))
        yield target
    finally:
        target.close()


def _take(source: Connection, target: Connection, instant: datetime) -> None:
    """Copy the record of ``instant``, and make the marts from it."""
    with transaction(target):
        _copy(source, target, "known", "events", instant)
        _copy(source, target, "refused", "rejects", instant)
        target.execute(statement("knowledge/offset"), {"instant": instant})
        target.execute(statement("knowledge/span"))
    rebuild(target)


def _leave_out(source: Connection, target: Connection, instant: datetime) -> None:
    """Take out of ``target`` whoever has objected or was erased in ``source`` since ``instant``."""
    objected = source.sql(statement("knowledge/objected"), params={"instant": instant}).to_arrow_table()
    with transaction(target):
        target.register("objected", objected)
        target.execute(statement("knowledge/leave_out"))
        target.unregister("objected")


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
