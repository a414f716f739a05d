"""Results on their way: a family's results for one week, computed apart from the warehouse file and stored later.

Whoever computes reads the published snapshot and writes Parquet, and holds nobody up; whoever stores needs the file for
a moment. A week is staged again as often as one likes: the same snapshot gives the same files. Storing compares before
it sets: what somebody else has computed since the snapshot stands, so runs may overtake each other.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import pandas as pd

from analytics.compute import computed, inputs_of, reaches
from analytics.metrics import METRICS, warm
from analytics.week import Week
from producers.errors import UsageError, WarehouseBusy, WarehouseError, unknown
from producers.settings import Settings
from warehouse.connection import Connection, read, write
from warehouse.reading import prepare
from warehouse.result import SKILL_WEEK, TIE, Results, replace
from warehouse.stale import Mark, computed_at, is_fresh, marks

STAGED = tuple(dict.fromkeys(metric.family for metric in METRICS.values()))
"""The families that are computed one by one."""
_TABLES = ("ties", "skill_weeks", "figures")
_CLAIMS = "claims.json"


@dataclass(frozen=True)
class Claim:
    """A metric that was computed for a week, and when it had been computed before, as the snapshot knew."""

    mark: Mark
    before: datetime | None


def stage(settings: Settings, week: Week, family: str, *, run: str, present: datetime) -> int:
    """Return how many rows were computed; they lie under ``settings.staged``, for ``store`` with the same ``run``.

    What is stale is computed, and what is not is computed again.

    Raises:
        UsageError: when there is no such family, or the week is not over.
        WarehouseBusy: when the snapshot was taken while events were coming in; the next one will do.
        WarehouseError: when there is no snapshot, or nothing in it about this week.
    """
    if family not in STAGED:
        raise UsageError(unknown("family", family, STAGED))
    if week.until > present:
        raise UsageError(f"{week} is not over", expected=f"a week that ended before {present:%Y-%m-%dT%H:%MZ}")
    warm()
    with read(settings.snapshot) as connection:
        _require_fresh(connection, settings.snapshot)
        claims = _claims(connection, settings, week, family, present)
        prepare(connection)
        inputs = inputs_of(connection, week, tuple(claim.mark for claim in claims), settings)
    results = computed(inputs, settings)
    _write(results, claims, _folder(settings, week, family, run))
    return _rows(results)


def store(settings: Settings, week: Week, families: Sequence[str], *, run: str, present: datetime) -> int:
    """Return how many rows were written of what ``run`` staged of the families, all of them or none.

    What was computed by somebody else since the snapshot stands: they knew at least as much, or it is stale again.

    Raises:
        WarehouseError: when a family was not staged.
    """
    staged = [_read(_folder(settings, week, family, run)) for family in families]
    claims = [claim for _, each in staged for claim in each]
    with write(settings.warehouse) as connection:  # kept until all is written: nobody may come between
        due = _due(connection, week, claims)
        results = _joined([_only(each, {mark.metric for mark in due}) for each, _ in staged], due)
        if due:
            replace(settings.warehouse, results, computed_at=present)
    return _rows(results)


def _require_fresh(connection: Connection, snapshot: Path) -> None:
    if not is_fresh(connection):
        found = f"{snapshot} was published while events came in, and its tables do not show them yet"
        raise WarehouseBusy(found, remedy="try again in a minute, or run: maillage ingest --once")


def _claims(connection: Connection, settings: Settings, week: Week, family: str, present: datetime) -> list[Claim]:
    """Return a claim for every metric of the family; a mark that stands keeps its instant, so that storing clears it.

    Raises:
        WarehouseError: when the week lies outside of what the record spans.
    """
    stale = {mark.metric: mark for mark in marks(connection, since=week.monday, until=week.monday)}
    before = computed_at(connection, week.monday)
    names = [each.metric for each in reaches(settings) if each.family == family]
    if not before and not stale.keys() & names:
        raise WarehouseError(
            f"nothing is known of {week}", expected="a week of the record", remedy="run close_week for it"
        )
    return [Claim(stale.get(name, Mark(week.monday, name, present)), before.get(name)) for name in names]


def _due(connection: Connection, week: Week, claims: Sequence[Claim]) -> list[Mark]:
    """Return the marks of what is still stale, or stands as it was when it was read."""
    stale = {mark.metric for mark in marks(connection, since=week.monday, until=week.monday)}
    now = computed_at(connection, week.monday)
    return [each.mark for each in claims if each.mark.metric in stale or now.get(each.mark.metric) == each.before]


def _only(results: Results, metrics: Collection[str]) -> Results:
    return Results(
        ties=results.ties if TIE in metrics else [],
        skill_weeks=results.skill_weeks if SKILL_WEEK in metrics else [],
        figures=[frame[frame["metric"].isin(metrics)] for frame in results.figures],
    )


def _joined(each: Sequence[Results], due: list[Mark]) -> Results:
    return Results(due, *([frame for one in each for frame in getattr(one, name)] for name in _TABLES))


def _rows(results: Results) -> int:
    return sum(len(frame) for name in _TABLES for frame in getattr(results, name))


def _folder(settings: Settings, week: Week, family: str, run: str) -> Path:
    return settings.staged / str(week) / f"run {run}" / family


def _write(results: Results, claims: list[Claim], folder: Path) -> None:
    """Make ``folder`` hold each frame and the claims, whole or not at all."""
    part = folder.with_name(f".{folder.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name in _TABLES:
        for number, frame in enumerate(getattr(results, name)):
            frame.to_parquet(part / f"{name}-{number}.parquet", index=False)
    (part / _CLAIMS).write_bytes(msgspec.json.encode(claims))
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _read(folder: Path) -> tuple[Results, list[Claim]]:
    if not folder.is_dir():
        week, family = folder.parts[-3], folder.parts[-1]
        raise WarehouseError(f"{week}: the family {family} is not staged", remedy="run its computing task again")
    claims = msgspec.json.decode((folder / _CLAIMS).read_bytes(), type=list[Claim])
    frames = {name: [pd.read_parquet(path) for path in sorted(folder.glob(f"{name}-*"))] for name in _TABLES}
    return Results([], **frames), claims
