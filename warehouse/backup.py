"""Backups: dated copies of the warehouse, each opened and held against the original before it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from producers.errors import WarehouseError
from warehouse import snapshot
from warehouse.check import Complaint, complaints
from warehouse.connection import Connection, read, write
from warehouse.statement import statement

DAILY, WEEKLY = 7, 8
"""How many are kept: the newest of each of the last days, and the newest of each of the last ISO weeks."""
_PREFIX, _SUFFIX = "warehouse-", ".duckdb"


@dataclass(frozen=True)
class Inventory:
    """What a warehouse holds, in numbers, and what the data checks complain of."""

    numbers: dict[str, int]
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True)
class Backup:
    """A copy that was opened and holds what the original held, and the older ones that had to go for it."""

    path: Path
    numbers: dict[str, int]
    removed: tuple[Path, ...]


def back_up(live: Path, folder: Path, *, today: date) -> Backup:
    """Return today's backup of ``live`` under ``folder``; one that was made earlier today gives way to it.

    The copy is opened and counted before it takes its name: a broken one never stands among the backups, and older
    ones go only after a good one came.

    Raises:
        WarehouseError: when the copy cannot be opened, or does not hold what the original holds.
    """
    if not live.exists():
        raise WarehouseError(f"there is no warehouse at {live}", remedy="run: maillage ingest --once")
    part = _private(folder) / f".{_PREFIX}{today}.part"
    try:
        original = _copied(live, part)
        require_restorable(part, original)
        part.replace(path := folder / f"{_PREFIX}{today}{_SUFFIX}")
    finally:
        part.unlink(missing_ok=True)
    return Backup(path, original.numbers, _pruned(folder))


def backups(folder: Path) -> dict[date, Path]:
    """Return the backups under ``folder`` by their day, oldest first; other files are none."""
    found = {}
    for path in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}")):
        try:
            found[date.fromisoformat(path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX))] = path
        except ValueError:
            continue
    return found


def kept(days: Iterable[date]) -> set[date]:
    """Return which backups are kept: the last 7, and the last one of each of the last 8 ISO weeks with one.

    Counted in backups, not by the calendar: after a month without any, the old ones still stand.
    """
    newest = sorted(set(days), reverse=True)
    weekly: dict[tuple[int, int], date] = {}
    for day in newest:
        weekly.setdefault(day.isocalendar()[:2], day)
    return {*newest[:DAILY], *list(weekly.values())[:WEEKLY]}


def require_restorable(path: Path, original: Inventory) -> None:
    """Open the copy as a warehouse and hold its rows, positions and checks against the original's.

    Raises:
        WarehouseError: naming what differs.
    """
    with read(path) as connection:
        copy = inventory(connection)
    if copy == original:
        return
    names = sorted(
        name for name in original.numbers | copy.numbers if original.numbers.get(name) != copy.numbers.get(name)
    )
    told = [f"{name}: {copy.numbers.get(name)} instead of {original.numbers.get(name)}" for name in names]
    raise WarehouseError(
        f"the backup is not what it copies ({', '.join(told) or 'its data checks differ'})",
        remedy="it was thrown away and older backups stand; check the disk and run: maillage backup",
    )


def inventory(connection: Connection) -> Inventory:
    """Return what the warehouse holds."""
    numbers = dict(connection.execute(statement("readings/inventory")).fetchall())
    return Inventory(numbers, tuple(complaints(connection)))


def _copied(live: Path, target: Path) -> Inventory:
    """Return what ``live`` held when it was copied: while the file is held here, nobody writes between the two."""
    with write(live) as connection:
        snapshot.publish(live, target)
        target.chmod(0o600)
        return inventory(connection)


def _private(folder: Path) -> Path:
    """Return the folder, which nobody else can enter."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise WarehouseError(f"{folder} cannot be written: {error.strerror}", remedy="check disk and rights") from error
    return folder


def _pruned(folder: Path) -> tuple[Path, ...]:
    found = backups(folder)
    stays = kept(found)
    gone = tuple(path for day, path in found.items() if day not in stays)
    for path in gone:
        path.unlink()
    return gone
