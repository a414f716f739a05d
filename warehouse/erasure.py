"""Erasure: a person leaves every store, and a signed certificate says so.

Everything is made ready beside what stands, and one rename decides: before it the warehouse knows her, after it it
never did. What hangs on the warehouse (its copy, backups, files) is cleaned before that rename, under its lock, so a
run that is killed leaves nothing half done that the next run does not finish.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from producers.errors import WarehouseBusy, WarehouseError
from producers.identity import read_key
from producers.log.erasing import erase_from_folder, leaves_topic
from producers.log.partition import sync_folder
from producers.settings import Settings
from producers.tombstone import tombstone
from warehouse.backup import backups
from warehouse.certificate import Certificate, Column, Store, commitment, signed
from warehouse.connection import Connection, read, write
from warehouse.forgetting import forget
from warehouse.held import unknown_member
from warehouse.mart import refresh
from warehouse.remnant import remains, remove_leftovers, withdraw
from warehouse.retention import copy_tables, rewrite
from warehouse.scan import scan
from warehouse.statement import statement

KEY = "there is no key of a single person to destroy: the tombstone, a keyed hash, is all that is kept"
KEPT = "figures about places, skills and the network, which name nobody; those of stale weeks are computed again"


@dataclass(frozen=True)
class Erased:
    """What an erasure leaves behind: the certificate, and the receipt that ties it to the member, told only once."""

    certificate: Path
    receipt: str = ""
    withdrawn: tuple[Path, ...] = ()
    """Published files that named her and were taken down."""


@dataclass(frozen=True)
class _Left:
    """What one file of tables lost."""

    store: Store
    removed: int
    reduced: int
    weeks_stale: int


@dataclass(frozen=True)
class _Request:
    """Whom to erase, and the number under which it is done."""

    member: str
    members: Sequence[str]
    """Every pseudonym of hers."""
    key: bytes
    present: datetime
    number: str = field(default_factory=lambda: str(uuid.uuid4()))
    receipt: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def marks(self) -> list[tuple[str, datetime, str]]:
        """Return the rows of the table ``tombstone``."""
        return [(tombstone(self.key, each), self.present, self.number) for each in self.members]


def erase(settings: Settings, member: str, *, present: datetime) -> Erased:
    """Return the certificate of the member's erasure; it is made once, and doing it again finds it again.

    Raises:
        UsageError: when nothing is held about her.
        WarehouseBusy: when another process holds the warehouse for too long.
        LogError: when the log cannot be written, or its broker asked when its records go.
    """
    with _settled(settings.warehouse) as held:
        key = read_key(settings.home)
        if done := _finished(settings, held, tombstone(key, member)):
            return done
        rows = held.execute(statement("erasure/person"), {"member": member}).fetchall()
        request = _Request(member, [each for (each,) in rows], key, present)
        stored = list(backups(settings.home / "backups").values())
        if not (any(scan(held, request.members).values()) or any(_names(path, request.members) for path in stored)):
            raise unknown_member()
        remove_leftovers(settings, held)
        return _erased(settings, held, request, stored)


def _finished(settings: Settings, held: Connection, mark: str) -> Erased | None:
    """Return what an earlier run has decided, brought to its end; None when there is something to erase."""
    rows = held.execute("SELECT request FROM tombstone WHERE mark = $mark", {"mark": mark}).fetchall()
    folder = settings.home / "erasures"
    for (request,) in rows:
        path, part = folder / f"{request}.json", folder / f".{request}.part"
        if part.exists():
            part.replace(path)
        if path.exists():
            return Erased(path)
    return None


def _erased(settings: Settings, held: Connection, request: _Request, stored: Sequence[Path]) -> Erased:
    leaves = leaves_topic(settings.log_url, present=request.present)
    left = [_replaced(path, request) for path in stored]
    lines = erase_from_folder(settings.log_url, request.members)
    part = settings.warehouse.with_name(f".{settings.warehouse.name}.{os.getpid()}")
    copy_tables(held, part)
    part.chmod(settings.warehouse.stat().st_mode)
    live = _forgotten(part, "warehouse", request)
    _copy(part, settings.snapshot)
    withdrawn = withdraw(settings, request.members)
    copy = msgspec.structs.replace(live.store, store="published copy")
    certificate = Certificate(
        request=request.number,
        erased_at=request.present,
        version=version("maillage"),
        commitment=commitment(request.receipt, request.member),
        events_removed=live.removed,
        events_reduced=live.reduced,
        weeks_stale=live.weeks_stale,
        stores=[live.store, copy, *(each.store for each in left)],
        log_lines_erased=lines,
        files_removed=len(withdrawn),
        key=KEY,
        kept=KEPT,
        remains=list(remains(settings, leaves)),
    )
    path = _decided(settings, part, request.number, signed(certificate, request.key))
    return Erased(path, request.receipt, withdrawn)


def _decided(settings: Settings, part: Path, number: str, certificate: bytes) -> Path:
    """Put the cleaned warehouse in the place of the one that knew her: the moment that counts."""
    folder = settings.home / "erasures"
    folder.mkdir(mode=0o700, exist_ok=True)
    draft, path = folder / f".{number}.part", folder / f"{number}.json"
    draft.write_bytes(certificate)
    _sync(draft)
    part.replace(settings.warehouse)
    sync_folder(settings.home)
    draft.replace(path)
    return path


@contextmanager
def _settled(live: Path) -> Iterator[Connection]:
    """Hold the warehouse so that nobody writes to it, with everything in its file and nothing beside it."""
    if live.exists():
        with write(live) as connection:
            refresh(connection)
    with read(live) as held:
        if live.with_name(f"{live.name}.wal").exists():
            raise WarehouseBusy(f"{live} was left in the middle of something", remedy="try again")
        yield held


def _replaced(path: Path, request: _Request) -> _Left:
    """Put a cleaned copy of a backup in its place."""
    part = path.with_name(f".{path.name}.part")
    shutil.copyfile(path, part)
    part.chmod(0o600)
    left = _forgotten(part, path.name, request)
    part.replace(path)
    return left


def _forgotten(part: Path, name: str, request: _Request) -> _Left:
    """Take her out of a file that nobody else uses, and her deleted bytes with her."""
    with write(part) as connection:
        refresh(connection)
        before = scan(connection, request.members)
        removed, reduced = forget(connection, request.members)
        connection.executemany("INSERT INTO tombstone VALUES (?, ?, ?)", request.marks)
    rewrite(part)
    with read(part) as connection:
        after = scan(connection, request.members)
        ((weeks,),) = connection.execute("SELECT count(DISTINCT week) FROM stale").fetchall()
    if still := [".".join(column) for column, rows in after.items() if rows]:
        raise WarehouseError(
            f"{name} still names the member in {', '.join(still)}", remedy="she is not erased; report it"
        )
    named = [Column(*column, rows, after.get(column, 0)) for column, rows in before.items() if rows]
    return _Left(Store(name, len(after), named, _digest(part)), removed, reduced, weeks)


def _names(path: Path, members: Collection[str]) -> bool:
    """Return whether a backup names one of ``members``; one of an older version is brought up to date."""
    with write(path) as connection:
        return any(scan(connection, members).values())


def _copy(source: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, fresh)
    _sync(fresh)
    fresh.replace(target)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
