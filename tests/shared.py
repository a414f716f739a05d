"""What is made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that ``make`` has filled; the first worker to ask makes it, the others wait for it.

    Whoever writes to it spoils it for the others: a test that has to takes a copy.
    """
    own = folders.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    whole, half = run / name, run / f"{name}.half"
    with alone(run / f"{name}.lock"):
        if not whole.exists():
            shutil.rmtree(half, ignore_errors=True)
            make(half)
            half.rename(whole)
    return whole


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one worker at a time into the body, of all that name the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
