"""A process that dies inside the transaction, right before a statement that was chosen for it."""

from __future__ import annotations

import linecache
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from producers.log import Batch
from warehouse.batch import sort
from warehouse.connection import write
from warehouse.ingest import store

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.faults.inside"])


def dies_inside(lines: Batch, warehouse: Path, *, expected: int | None, statement: int) -> bool:
    """Return whether a process that takes the lines was killed before its COMMIT.

    It is killed before the statement of that number, BEGIN being number 0. Where there are fewer it ends right
    after COMMIT, without closing anything.
    """
    process = _PROCESSES.Process(target=_take, args=(lines, warehouse, expected, statement))
    process.start()
    process.join(30)
    assert process.exitcode in {0, -signal.SIGKILL}, process.exitcode
    return process.exitcode != 0


def _take(lines: Batch, warehouse: Path, expected: int | None, statement: int) -> None:
    found, left = sort(lines), statement

    def watch(frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401  itself, which has no type
        nonlocal left
        if event == "line" and ".execute(" in linecache.getline(frame.f_code.co_filename, frame.f_lineno):
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return watch

    with write(warehouse) as connection:
        # By lines: DuckDB's methods are not functions in C whose calls Python would tell of.
        sys.settrace(watch)
        store(found, connection, expected={} if expected is None else {lines.partition: expected})
        sys.settrace(None)
        os._exit(0)
