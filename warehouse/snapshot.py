"""The published copy of the warehouse: readers open it for as long as they like and never stop a writer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from producers.errors import WarehouseError, WarehouseOld
from warehouse.connection import read, write
from warehouse.mart import refresh

_COPY = "import os, shutil, sys; shutil.copyfile(*sys.argv[1:]); f = open(sys.argv[2], 'rb'); os.fsync(f.fileno())"


def publish(live: Path, published: Path) -> None:
    """Make ``published`` the copy of ``live`` as it is now, its marts fresh; readers of the copy before keep theirs.

    The copying is done by a child while this process holds the file: nobody can write meanwhile, and closing the
    file elsewhere than in the process that holds it does not drop the lock.
    """
    fresh = published.with_name(f".{published.name}.{os.getpid()}")
    try:
        with write(live) as connection:
            refresh(connection)
            connection.execute("CHECKPOINT")
            _copy(live, fresh)
        fresh.replace(published)
    finally:
        fresh.unlink(missing_ok=True)


def is_current(published: Path) -> bool:
    """Return whether there is a copy, with the tables of this version."""
    try:
        with read(published):
            return True
    except WarehouseOld:
        return False
    except WarehouseError:
        if published.exists():
            raise
        return False


def _copy(source: Path, target: Path) -> None:
    command = [sys.executable, "-I", "-S", "-c", _COPY, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise WarehouseError(f"the snapshot {target} could not be written: {last[0]}", remedy="check disk and rights")
