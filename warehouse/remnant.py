"""What lies beside the tables and may name a person: what goes with her at once, and what goes by itself, and when."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from producers.settings import Settings
from warehouse.certificate import Remainder
from warehouse.connection import Connection
from warehouse.retention import PAGES_FOLDER, REFUSED


def remove_leftovers(settings: Settings, held: Connection) -> None:
    """Remove what a killed process left behind, and what is made again when it is needed."""
    home = settings.home
    done = {f".{number}.part" for (number,) in held.execute("SELECT request FROM tombstone").fetchall()}
    for path in (home / "erasures").glob(".*.part"):
        if path.name not in done:
            path.unlink()
    for path in (*home.glob(".*.duckdb.[0-9]*"), *(home / "backups").glob(".*.part*")):
        path.unlink()
    for path in (*settings.staged.glob("*"), *(home / "tmp").glob("known-*")):
        shutil.rmtree(path, ignore_errors=True)


def withdraw(settings: Settings, members: Collection[str]) -> tuple[Path, ...]:
    """Return the drafts and pages that named one of ``members``; they are gone, and so is her own page."""
    folders = (settings.site, settings.drafts, settings.home / PAGES_FOLDER)
    every = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    named = tuple(path for path in every if any(member.encode() in path.read_bytes() for member in members))
    for path in named:
        path.unlink()
    return named


def remains(settings: Settings, leaves: datetime | None) -> Iterator[Remainder]:
    """Give what may still hold her data, and until when."""
    if settings.log_url.startswith("kafka://"):
        yield Remainder("the topic of the event log, whose records no one can take out", leaves)
    refused = list((settings.home / "rejected").glob("*.ndjson"))
    if refused:
        newest = max(path.stat().st_mtime for path in refused)
        yield Remainder(REFUSED.what, datetime.fromtimestamp(newest, UTC) + timedelta(days=REFUSED.days))
