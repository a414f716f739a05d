"""Carrying over: results of today that hold for a past state of knowledge too, since they rest on the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from warehouse.connection import Connection, transaction
from warehouse.reading import prepare
from warehouse.statement import statement

TABLES = ("metric", "computed", "tie", "skill_week", "metric_value")
Wanted = Callable[[str, date], bool]
"""Whether the result of a metric in a week will be asked for."""


def every(metric: str, week: date) -> bool:  # noqa: ARG001 - the form of a choice
    """Return True: every result is wanted."""
    return True


def carry(source: Connection, target: Connection, instant: datetime, wanted: Wanted = every) -> None:
    """Give ``target`` the results of ``source`` that rest on the same rows there; afterwards the rest is stale.

    Weeks that were not over at ``instant`` have no results, and what is not ``wanted`` stays stale.

    A result of a week rests on what happened in the weeks of its reach, and on who was counted at its end. Where
    both are the same, computing it again would give the same.
    """
    rows = [row for row in _standing(source, target, instant) if wanted(*row)]
    kept = pd.DataFrame(rows, columns=["metric", "week"]).astype({"metric": "str", "week": "datetime64[us]"})
    source.register("kept", kept)
    with transaction(target):
        for table in TABLES:
            target.register("arriving", source.sql(statement(f"knowledge/carry_{table}")).to_arrow_reader())
            target.execute(f"INSERT INTO {table} BY NAME SELECT * FROM arriving")
            target.unregister("arriving")
        target.execute(statement("knowledge/stale"))
    source.unregister("kept")


def _standing(source: Connection, target: Connection, instant: datetime) -> list[tuple[str, date]]:
    """Return the ``metric`` and ``week`` of the results that hold for ``target`` as well."""
    prepare(source)
    prepare(target)
    activity = {week for week, _ in _differing(source, target, "activity_week")}
    people = _people(source, target)
    ((first, last),) = target.execute(statement("knowledge/over"), {"instant": instant}).fetchall()
    return [
        (metric, week)
        for metric, week, reach in source.execute(statement("knowledge/standing")).fetchall()
        if first and first <= week <= last and not _reached(week, reach) & (activity | people.get(week, set()))
    ]


def _people(source: Connection, target: Connection) -> dict[date, set[date]]:
    """Return, by week at whose end they do not count the same people, the weeks in which those people appear."""
    differing = _differing(source, target, "hidden_week")
    wanted = pd.DataFrame(sorted({member for _, member in differing}), columns=["member"], dtype="str")
    appears: dict[str, set[date]] = defaultdict(set)
    for connection in (source, target):
        connection.register("wanted", wanted)
        for member, week in connection.execute(statement("knowledge/appearance_week")).fetchall():
            appears[member].add(week)
        connection.unregister("wanted")
    weeks: dict[date, set[date]] = defaultdict(set)
    for week, member in differing:
        weeks[week] |= appears[member]
    return weeks


def _differing(source: Connection, target: Connection, name: str) -> set[tuple[date, Any]]:
    """Return the rows that one of the two has and the other has not."""
    one, other = (set(each.execute(statement(f"knowledge/{name}")).fetchall()) for each in (source, target))
    return one ^ other


def _reached(week: date, reach: int) -> set[date]:
    return {week - timedelta(weeks=age) for age in range(reach)}
