"""The record of the right door: how it would have done lately, and three rules of thumb beside it."""

from __future__ import annotations

import math
from datetime import UTC

from analytics.disclosure import Thresholds, publishable
from analytics.metrics.door import LEAST
from analytics.metrics.door.record import EPOCH, Facts, record_of
from analytics.metrics.door.replay import OURS, RULES, Verdict, judged_lately
from analytics.metrics.door.time import MICROSECOND
from analytics.report.finding import Range
from analytics.report.reading import Extent
from analytics.report.trust import DoorRecord, Told, Way
from analytics.week import Week
from warehouse.connection import Connection
from warehouse.door import door_facts

WEEKS, SAMPLE, LESSONS = 26, 120, 300
"""Weeks whose requests are asked again, how many of them at most, and from how many before them is learned."""
FEWEST = 50
"""Answered requests that it takes to say how well a way to choose does."""
NAMES = {OURS: "right_door", **dict(zip(RULES, ("nearest", "central", "declared"), strict=True))}


def build_door(connection: Connection, week: Week, extent: Extent, thresholds: Thresholds) -> DoorRecord | None:
    """Return how the right door would have done for places; nothing where nobody ever asked, or no place is known."""
    if extent.first_request is None or not extent.places:
        return None
    until = (week.until.astimezone(UTC) - EPOCH) // MICROSECOND
    record = record_of(Facts(**door_facts(connection)), "place")
    found = judged_lately(record, until, LEAST, weeks=WEEKS, most=SAMPLE, lessons=LESSONS)
    enough = found.answered >= FEWEST
    return DoorRecord(
        weeks=WEEKS,
        requests=publishable(found.requests, people=found.requests, thresholds=thresholds),
        answered=publishable(found.answered, people=found.answered, thresholds=thresholds),
        ways=_ways(found) if enough else [],
        unbeaten=[NAMES[rule] for rule in found.unbeaten()] if enough else [],
        brier=found.brier if enough else None,
        brier_base=found.brier_base if enough else None,
        bins=[Told(doors=each.doors, told=each.told, found=each.found) for each in found.bins] if enough else [],
        command="maillage door --judge",
    )


def _ways(found: Verdict) -> list[Way]:
    leads = found.leads[OURS]
    return [
        Way(
            way=name,
            hit_1=found.scores[way].hit_1,
            hit_3=found.scores[way].hit_3,
            mrr=found.scores[way].mrr,
            lead=Range(low=leads[way].low, high=leads[way].high)
            if way in leads and math.isfinite(leads[way].low)
            else None,
        )
        for way, name in NAMES.items()
    ]
