"""Retention: what is kept how long, and its end. ``KEPT`` is the table; nothing else decides it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import duckdb

from producers.errors import WarehouseBusy, WarehouseError
from producers.settings import Settings
from warehouse.connection import Connection, read, transaction, write
from warehouse.mart import refresh
from warehouse.statement import statement

PAGES_FOLDER = "members"
"""The folder, in the home, of the pages that members were given."""


@dataclass(frozen=True)
class Kept:
    """Something that is kept for so many days, and why so long."""

    what: str
    days: int
    why: str


ACTIVITIES = Kept("activities", 1096, "three years; published data sets stay, and so do consents and memberships")
TIES = Kept("ties", 1096, "they are about two persons, like the activities that they were made of")
MEMBER_FIGURES = Kept("figures about one member", 1096, "those about places, skills and the network stay")
REJECTS = Kept("rejects", 1096, "like the activities that they might have been")
LOOKS = Kept("looks at a member's data", 1096, "she may ask for three years who looked")
REFUSED = Kept("files of refused lines", 30, "they are raw, and may name somebody")
MEMBER_PAGES = Kept("pages of members", 30, "made again whenever a member asks")
STAGED = Kept("staged weeks", 7, "on their way into the warehouse; a run that is tried again stages again")
DRAFTS = Kept("drafts of reports", 30, "a week that nobody approved is made again")
HOMES = Kept("homes of past states", 1, "left behind by a process that was killed")
PARTS = Kept("unfinished files", 1, "left behind by a process that was killed")

KEPT = (ACTIVITIES, TIES, MEMBER_FIGURES, REJECTS, LOOKS, REFUSED, MEMBER_PAGES, STAGED, DRAFTS, HOMES, PARTS)
"""What goes, and when. Backups have a rule of their own (``warehouse.backup``); results about places, skills and the
network are kept for good."""


def retire(settings: Settings, *, present: datetime) -> dict[str, int]:
    """Return how many of each are gone, by the names in ``KEPT``; the rows' bytes are gone from the file as well.

    Doing it again removes nothing more.

    Raises:
        WarehouseBusy: when another process holds the warehouse; what was removed stays so.
    """
    removed = _rows(settings.warehouse, present) if settings.warehouse.exists() else {}
    for kept, paths in _files(settings).items():
        old = [path for path in paths if _aged(path, present) > timedelta(days=kept.days)]
        for path in old:
            _remove(path)
        removed[kept.what] = len(old)
    return {kept.what: removed.get(kept.what, 0) for kept in KEPT}


def _rows(live: Path, present: datetime) -> dict[str, int]:
    with write(live) as connection:
        removed = _deleted(connection, present, owed=_owed(live))
        refresh(connection)
    if _owed(live).exists():
        rewrite(live)
        _owed(live).unlink()
    return removed


def _owed(live: Path) -> Path:
    """Return the note that rows left the tables while their bytes are still in the file; it outlives a crash."""
    return live.with_name(f".{live.name}.rewrite")


def _deleted(connection: Connection, present: datetime, *, owed: Path) -> dict[str, int]:
    """Return how many rows of each left the tables."""
    with transaction(connection):
        connection.execute(statement("retention/expired"), _before(ACTIVITIES, present))
        connection.execute(statement("retention/remember"))
        connection.execute(statement("retention/read_again"))
        connection.execute(statement("retention/close_weeks"))
        removed = {
            ACTIVITIES.what: _deletes(connection, "retention/activities"),
            TIES.what: _deletes(connection, "retention/ties", _before(TIES, present)),
            MEMBER_FIGURES.what: _deletes(connection, "retention/member_figures", _before(MEMBER_FIGURES, present)),
            REJECTS.what: _deletes(connection, "retention/rejects", _before(REJECTS, present)),
            LOOKS.what: _deletes(connection, "retention/looks", _before(LOOKS, present)),
        }
        if any(removed.values()):
            owed.touch()
    return removed


def _before(kept: Kept, present: datetime) -> dict[str, datetime]:
    return {"before": present - timedelta(days=kept.days)}


def _deletes(connection: Connection, name: str, parameters: dict[str, datetime] | None = None) -> int:
    """Return how many rows the statement, a DELETE, took away."""
    ((rows,),) = connection.execute(statement(name), parameters or {}).fetchall()
    return int(rows)


def rewrite(live: Path) -> None:
    """Write the warehouse anew from its tables: DuckDB leaves the bytes of deleted rows in its file.

    The file is held for reading meanwhile, so that nobody writes to the one that goes, and closing it touches nothing
    beside the new one.

    Raises:
        WarehouseBusy: when another process holds the file, or has left something beside it that is not in it yet.
    """
    fresh = live.with_name(f".{live.name}.{os.getpid()}")
    try:
        with read(live) as connection:
            if live.with_name(f"{live.name}.wal").exists():
                raise WarehouseBusy(f"{live} was left in the middle of something", remedy="try again")
            copy_tables(connection, fresh)
            fresh.chmod(live.stat().st_mode)
            fresh.replace(live)
    finally:
        fresh.unlink(missing_ok=True)


def copy_tables(connection: Connection, fresh: Path) -> None:
    """Write every table of the connection's warehouse into a new file, durably.

    Raises:
        WarehouseError: when there is no room.
    """
    ((name,),) = connection.execute("SELECT current_database()").fetchall()
    quoted = str(fresh).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS fresh (READ_WRITE)")
        connection.execute(f'COPY FROM DATABASE "{name}" TO fresh')
        connection.execute("DETACH fresh")
    except duckdb.Error as error:
        raise WarehouseError(
            f"{fresh} could not be written: {str(error).splitlines()[0]}",
            remedy="what was removed stays so; make room on the disk and run: maillage retention",
        ) from error
    with fresh.open("rb") as file:
        os.fsync(file.fileno())


def _files(settings: Settings) -> dict[Kept, Iterator[Path]]:
    home = settings.home
    return {
        REFUSED: (home / "rejected").glob("*.ndjson"),
        MEMBER_PAGES: (home / PAGES_FOLDER).glob("*"),
        STAGED: settings.staged.glob("*"),
        DRAFTS: settings.drafts.glob("*"),
        HOMES: (home / "tmp").glob("known-*"),
        PARTS: chain(
            home.glob(".*.duckdb.[0-9]*"), (home / "backups").glob(".*.part*"), (home / "told").glob("*.part")
        ),
    }


def _aged(path: Path, present: datetime) -> timedelta:
    """Return how long ago anything in it was written last."""
    every = [path, *path.rglob("*")] if path.is_dir() else [path]
    return present - datetime.fromtimestamp(max(each.lstat().st_mtime for each in every), UTC)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
