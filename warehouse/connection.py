"""Short-lived connections to the one DuckDB file: the only door, for writers and for readers.

DuckDB lets one process at a time hold a file for writing, and nobody read it meanwhile. So everybody opens late,
closes soon, and tries again for a while when somebody else was first. Readers that take their time read the
published copy (``warehouse.snapshot``). The bytes of the live file are never opened here by any other means:
closing such a handle would drop DuckDB's own lock (ARCHITECTURE.md, "One file").
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

from producers.errors import WarehouseBusy, WarehouseError, WarehouseOld
from warehouse.statement import statements

__all__ = ["Connection", "memory", "read", "transaction", "write"]

PATIENCE = 60.0
FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.2
_OUT_OF_ROOM = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException, duckdb.FatalException)
"""What DuckDB raises where the disk or the memory is full."""


@contextmanager
def write(path: Path, *, patience: float = PATIENCE) -> Iterator[Connection]:
    """Give a connection that may write, on a file whose tables are those of this version.

    Raises:
        WarehouseBusy: when another process still holds the file after ``patience`` seconds.
        WarehouseError: when the file is no warehouse, or cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _opened(path, read_only=False, patience=patience)
    try:
        migrate(connection)
        yield connection
        connection.close()
    except _OUT_OF_ROOM as error:
        raise WarehouseError(
            f"{path} could not be written: {_first_line(error)}",
            remedy="make room on the disk and run it again; what was not committed is taken again",
        ) from error
    finally:
        connection.close()


@contextmanager
def read(path: Path, *, patience: float = PATIENCE) -> Iterator[Connection]:
    """Give a connection that only reads; raises like ``write``, and when there is no file, or an older version's."""
    if not path.exists():
        raise WarehouseError(f"there is no warehouse at {path}", remedy="run: maillage ingest --once")
    connection = _opened(path, read_only=True, patience=patience)
    try:
        _require_current(path, connection)
        yield connection
    finally:
        connection.close()


def memory() -> Connection:
    """Return an empty warehouse that lives in memory only."""
    connection = _prepared(duckdb.connect(":memory:"))
    migrate(connection)
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what the block did, or nothing of it when it raises."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def migrate(connection: Connection) -> None:
    """Run the schema files that this warehouse has not seen yet, each in one transaction.

    Raises:
        WarehouseError: when a newer version of Maillage has written the file.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS migration (name VARCHAR NOT NULL)")
    done = {name for (name,) in connection.execute("SELECT name FROM migration").fetchall()}
    known = statements("schema")
    if done - known.keys():
        raise WarehouseError(
            f"the warehouse was written by a newer version (it has {', '.join(sorted(done - known.keys()))})",
            remedy="update Maillage",
        )
    for name, text in known.items():
        if name not in done:
            with transaction(connection):
                connection.execute(text)
                connection.execute("INSERT INTO migration VALUES ($name)", {"name": name})


def _require_current(path: Path, connection: Connection) -> None:
    made = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'migration'"
    names = "SELECT name FROM migration" if connection.execute(made).fetchall() else "SELECT '' WHERE FALSE"
    done = {name for (name,) in connection.execute(names).fetchall()}
    if statements("schema").keys() - done:
        raise WarehouseOld(f"{path} has the tables of an older version", remedy="run: maillage ingest --once")


def _opened(path: Path, *, read_only: bool, patience: float) -> Connection:
    deadline = time.monotonic() + patience
    pause = FIRST_PAUSE
    while True:
        try:
            return _prepared(duckdb.connect(str(path), read_only=read_only))
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise _unusable(path, error) from error
            if time.monotonic() > deadline:
                raise WarehouseBusy(
                    f"another process held {path} for {patience:.0f} s",
                    remedy="try again, or stop it (maillage doctor names it)",
                ) from error
        except duckdb.Error as error:
            raise _unusable(path, error) from error
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _prepared(connection: Connection) -> Connection:
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _unusable(path: Path, error: Exception) -> WarehouseError:
    return WarehouseError(
        f"{path} cannot be opened as a warehouse: {_first_line(error)}",
        remedy="check the path, the disk and the rights; restore a backup if the file is damaged",
    )


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
