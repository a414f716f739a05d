"""Results: what analytics computed, written in one transaction by (metric, week), with its marks cleared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from warehouse.connection import Connection, transaction, write
from warehouse.stale import Mark
from warehouse.statement import statement

TIE = "tie"
SKILL_WEEK = "skill_week"
"""Two results have a table of their own; every other metric stands in ``metric_value``."""


@dataclass(frozen=True)
class Results:
    """What was computed for some weeks, ready to replace what stands there."""

    marks: list[Mark] = field(default_factory=list)
    ties: list[pd.DataFrame] = field(default_factory=list)
    skill_weeks: list[pd.DataFrame] = field(default_factory=list)
    figures: list[pd.DataFrame] = field(default_factory=list)


def replace(path: Path, results: Results, *, computed_at: datetime) -> None:
    """Make ``results`` stand for their marks' metrics and weeks, all of it or nothing; then the marks are cleared.

    A mark that was set again since the results were begun stays: they did not see what set it.
    """
    with write(path) as connection, transaction(connection):
        _clear(connection, results.marks)
        _insert(connection, "tie", results.ties)
        _insert(connection, "skill_week", results.skill_weeks)
        _insert(connection, "metric_value", results.figures, computed_at=computed_at)
        connection.execute(statement("compute/computed"), {"computed_at": computed_at})


def _clear(connection: Connection, marks: Sequence[Mark]) -> None:
    rows = [(mark.metric, mark.week, mark.since) for mark in marks]
    connection.register("done", pd.DataFrame(rows, columns=["metric", "week", "since"]))
    connection.execute(statement("compute/clear"))
    connection.unregister("done")


def _insert(connection: Connection, name: str, frames: Sequence[pd.DataFrame], **values: object) -> None:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return
    connection.register("fresh", pd.concat(filled, ignore_index=True))
    connection.execute(statement(f"compute/{name}"), values)
    connection.unregister("fresh")
