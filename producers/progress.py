"""Progress: a bar on a terminal, one line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Task as ProgressTask
from rich.text import Text


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: ProgressTask) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Give a function that tells of n more done: a bar with count, rate and time left, on standard error.

    Where standard error is no terminal, nothing is shown but one line at the end.
    """
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(title, total=total)
            yield lambda n: bar.advance(task, n)
            bar.update(task, total=bar.tasks[task].completed)
        return
    started, done = time.perf_counter(), 0

    def advance(n: int) -> None:
        nonlocal done
        done += n

    yield advance
    sys.stderr.write(f"{title}: {done:,} in {time.perf_counter() - started:.1f} s\n")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
