"""What has to be computed: marks by (metric, week), set by ingest and cleared by results, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from warehouse.connection import Connection, transaction
from warehouse.statement import statement


@dataclass(frozen=True, order=True)
class Mark:
    """A metric that has to be computed for a week, and when it was last marked."""

    week: date
    metric: str
    since: datetime


@dataclass(frozen=True)
class Reach:
    """What the warehouse has to know of a metric: which events touch it, and for how many weeks."""

    metric: str
    family: str
    reach: int
    reads: tuple[str, ...]
    version: str


def register(connection: Connection, metrics: Iterable[Reach]) -> None:
    """Make ``metrics`` the ones that are computed; those that are new or changed become stale in every week."""
    wanted = {each.metric: each for each in metrics}
    rows = connection.execute("SELECT metric, family, reach, reads, version FROM metric").fetchall()
    known = {row[0]: Reach(row[0], row[1], row[2], tuple(row[3]), row[4]) for row in rows}
    if wanted == known:
        return
    with transaction(connection):
        for name in known.keys() - wanted.keys():
            _forget(connection, name)
        for name, each in wanted.items():
            if known.get(name) != each:
                _replace(connection, each)


def _forget(connection: Connection, metric: str) -> None:
    for table in ("metric", "stale", "metric_value", "computed"):
        connection.execute(f"DELETE FROM {table} WHERE metric = $metric", {"metric": metric})


def _replace(connection: Connection, each: Reach) -> None:
    connection.execute("DELETE FROM metric WHERE metric = $metric", {"metric": each.metric})
    connection.execute(
        "INSERT INTO metric VALUES ($metric, $family, $reach, $reads, $version)",
        {
            "metric": each.metric,
            "family": each.family,
            "reach": each.reach,
            "reads": list(each.reads),
            "version": each.version,
        },
    )
    _mark(connection, each.metric)


def mark_all(connection: Connection, *, since: date = date.min, until: date = date.max) -> None:
    """Mark every metric in every week from ``since`` to ``until`` in which something happened, or could have."""
    for (metric,) in connection.execute("SELECT metric FROM metric").fetchall():
        _mark(connection, metric, since, until)


def _mark(connection: Connection, metric: str, since: date = date.min, until: date = date.max) -> None:
    connection.execute(statement("compute/mark"), {"metric": metric, "since": since, "until": until})


def marks(connection: Connection, *, since: date, until: date) -> list[Mark]:
    """Return the marks of the weeks from ``since`` to ``until``, both included, oldest first."""
    rows = connection.execute(
        "SELECT week, metric, since FROM stale WHERE week BETWEEN $since AND $until ORDER BY week, metric",
        {"since": since, "until": until},
    ).fetchall()
    return [Mark(*row) for row in rows]


def computed_at(connection: Connection, week: date) -> dict[str, datetime]:
    """Return when each metric of the week was computed, by metric; what never was is not there."""
    rows = connection.execute("SELECT metric, computed_at FROM computed WHERE week = $week", {"week": week}).fetchall()
    return dict(rows)


def is_fresh(connection: Connection) -> bool:
    """Return whether the marts show every event of the record."""
    return not connection.execute("SELECT 1 FROM pending LIMIT 1").fetchall()


def announce(
    connection: Connection, *, until: date, present: datetime, since: date = date.min, begun: datetime | None = None
) -> list[date]:
    """Return the stale weeks, oldest first, that somebody has to be told of; they count as told of afterwards.

    A week comes again when it is marked anew, or when it is still stale an hour later: what was told may get lost.
    Whoever tries again gives the instant at which the first try had begun, and is told again of all since then.
    """
    with transaction(connection):
        weeks = {"since": since, "until": until, "present": present, "begun": begun}
        connection.execute(statement("compute/to_tell"), weeks)
        connection.execute(statement("compute/announce"), {"present": present})
        return [week for (week,) in connection.execute("SELECT week FROM told ORDER BY week").fetchall()]
