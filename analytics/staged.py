"""Results on their way: a family's results for one week, computed apart from the warehouse file and stored later.

Whoever computes reads the published snapshot and writes Parquet, and holds nobody up; whoever stores needs the file for
a moment. A week is staged again as often as one likes: the same snapshot gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from analytics.compute import computed, inputs_of, reaches
from analytics.metrics import FAMILIES, warm
from analytics.week import Week
from producers.errors import UsageError, WarehouseError, unknown
from producers.settings import Settings
from warehouse.connection import read
from warehouse.reading import prepare
from warehouse.result import Results, replace
from warehouse.stale import Mark, marks

SKILL = "skill"
STAGED = (*FAMILIES, SKILL)
"""The families that are computed one by one."""
_TABLES = ("ties", "skill_weeks", "figures")


def stage(settings: Settings, week: Week, family: str, *, present: datetime) -> int:
    """Return how many rows were computed; they lie under ``settings.staged``, ready for ``store``.

    What is stale is computed, and what is not is computed again.

    Raises:
        UsageError: when there is no such family, or the week is not over.
        WarehouseError: when there is no snapshot to read.
    """
    if family not in STAGED:
        raise UsageError(unknown("family", family, STAGED))
    if week.until > present:
        raise UsageError(f"{week} is not over", expected=f"a week that ended before {present:%Y-%m-%dT%H:%MZ}")
    warm()
    with read(settings.snapshot) as connection:
        prepare(connection)
        group = _marks(marks(connection, since=week.monday, until=week.monday), settings, week, family, present)
        inputs = inputs_of(connection, week, group, settings)
    results = computed(inputs, settings)
    _write(results, _folder(settings, week, family))
    return sum(len(frame) for name in _TABLES for frame in getattr(results, name))


def store(settings: Settings, week: Week, families: Sequence[str], *, present: datetime) -> int:
    """Return how many rows of the families' results now stand for the week in the warehouse, all of them or none.

    Raises:
        WarehouseError: when a family was not staged.
    """
    each = [_read(_folder(settings, week, family)) for family in families]
    results = Results(
        marks=[mark for one in each for mark in one.marks],
        ties=[frame for one in each for frame in one.ties],
        skill_weeks=[frame for one in each for frame in one.skill_weeks],
        figures=[frame for one in each for frame in one.figures],
    )
    replace(settings.warehouse, results, computed_at=present)
    return sum(len(frame) for name in _TABLES for frame in getattr(results, name))


def _marks(stale: Iterable[Mark], settings: Settings, week: Week, family: str, present: datetime) -> tuple[Mark, ...]:
    """Return a mark for every metric of the family; one that is stale keeps its own, so that storing clears it."""
    known = {mark.metric: mark for mark in stale}
    names = [each.metric for each in reaches(settings) if each.family == family]
    return tuple(known.get(name, Mark(week.monday, name, present)) for name in names)


def _folder(settings: Settings, week: Week, family: str) -> Path:
    return settings.staged / str(week) / family


def _write(results: Results, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        _replace(
            pd.concat(frames) if (frames := getattr(results, name)) else pd.DataFrame(), folder / f"{name}.parquet"
        )
    rows = [(mark.week, mark.metric, mark.since) for mark in results.marks]
    _replace(pd.DataFrame(rows, columns=["week", "metric", "since"]), folder / "marks.parquet")


def _replace(frame: pd.DataFrame, path: Path) -> None:
    part = path.with_suffix(".part")
    frame.to_parquet(part, index=False)
    part.replace(path)


def _read(folder: Path) -> Results:
    if not (folder / "marks.parquet").is_file():
        raise WarehouseError(
            f"{folder.parent.name}: the family {folder.name} is not staged", remedy="run its computing task again"
        )
    rows = pd.read_parquet(folder / "marks.parquet").itertuples(index=False)
    found = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
    return Results(
        marks=[Mark(row.week, row.metric, row.since.to_pydatetime()) for row in rows],
        **{name: [frame] if len(frame) else [] for name, frame in found.items()},
    )
