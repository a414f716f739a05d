"""The communities of presence: how large they are, and what became of them in 13 weeks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby
from typing import get_args

from analytics.disclosure import Thresholds, publishable, publishable_parts
from analytics.metrics.lineage import SMALLEST, Kind, Lineage, follow
from analytics.report import reading
from analytics.report.finding import Communities
from analytics.week import Week
from warehouse.connection import Connection

KINDS: tuple[Kind, ...] = get_args(Kind)


def build_communities(connection: Connection, week: Week, thresholds: Thresholds) -> Communities | None:
    """Return the groups of the week, or nothing where none were computed."""
    rows = reading.rows(connection, "report_community", reading.Community, week=week.monday)
    by_week = [
        (monday, {row.subject: int(row.value) for row in found if row.value is not None})
        for monday, found in groupby(rows, key=lambda row: row.week)
    ]
    if not by_week or by_week[-1][0] != week.monday:
        return None
    sizes = sorted((each for each in Counter(by_week[-1][1].values()).values() if each >= SMALLEST), reverse=True)
    return _told(sizes, follow(by_week), week.monday, thresholds)


def _told(sizes: list[int], lineage: Lineage, week: date, thresholds: Thresholds) -> Communities:
    everybody = sum(sizes)
    cells = publishable_parts(
        sizes, people=sizes, total=everybody, total_people=everybody, fewest=SMALLEST, thresholds=thresholds
    )
    kept = dict(zip(lineage.stability["week"], lineage.stability["kept"], strict=True)).get(week)
    became = Counter(change.kind for change in lineage.changes)
    return Communities(
        sizes=list(cells.parts),
        members=cells.total,
        kept=publishable(kept, people=everybody, thresholds=thresholds),
        changes={kind: became[kind] for kind in KINDS if became[kind]},
        sql=(
            "SELECT value AS community, count(*) AS members FROM metric_value WHERE metric = 'community' "
            f"AND layer = 'copresence' AND week = DATE '{week.isoformat()}' "
            f"GROUP BY ALL HAVING count(*) >= {SMALLEST} ORDER BY members DESC"
        ),
    )
