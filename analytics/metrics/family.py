"""Metrics made of readings instead of ties: one mechanism, driven by the rows of ``METRICS``.

A row without layers names ``readings`` (functions of ``warehouse.reading`` by name) and ``reach`` (how many weeks of
them, the week itself included). Its ``compute(week, **frames)`` gets one frame a reading, under the reading's name, and
returns ``metric, subject_kind, subject, value, n`` and, where there are intervals, ``low, high``: a pure function.
Rows that share a function are one ``Pass``: computed together, and only what was asked for is kept.

To add one: the function and its rows in a module, the rows in ``METRICS`` with ``family`` "skill" (what is known of
skills) or "welcome" (how those who ask and those who arrive are met), and the reading, if it is new, in
``READINGS`` of ``analytics.compute``. Nothing else has to know: families by name stay five, passes may be many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import cast

import pandas as pd

from analytics.metrics.metric import Metric
from analytics.week import Week

Span = tuple[str, int]
"""A reading by name, and over how many weeks."""

COLUMNS = ("metric", "subject_kind", "subject", "value", "low", "high", "n")


@dataclass(frozen=True)
class Pass:
    """Metrics that one function computes from the same readings."""

    metrics: frozenset[str]
    readings: tuple[str, ...]
    reach: int
    compute: Callable[..., pd.DataFrame]

    @property
    def spans(self) -> list[Span]:
        """Return what has to be read for it."""
        return [(name, self.reach) for name in self.readings]

    def rows(self, week: Week, frames: Mapping[Span, pd.DataFrame], wanted: Collection[str]) -> pd.DataFrame:
        """Return the rows of the wanted metrics at the end of ``week``."""
        found = self.compute(week, **{name: frames[name, self.reach] for name in self.readings})
        return found[found["metric"].isin(wanted)].reindex(columns=list(COLUMNS))


def passes(metrics: Collection[Metric]) -> list[Pass]:
    """Return the passes that compute ``metrics``, those of ties left out, in the order of their first row.

    Raises:
        ValueError: when rows that share a function disagree on what it reads.
    """
    found: dict[object, Pass] = {}
    for metric in metrics:
        if not metric.readings:
            continue
        reach, compute = cast("int", metric.reach), cast("Callable[..., pd.DataFrame]", metric.compute)
        before = found.setdefault(compute, Pass(frozenset(), metric.readings, reach, compute))
        if (before.readings, before.reach) != (metric.readings, reach):
            raise ValueError(f"{metric.name} reads {metric.readings} over {reach} weeks, its neighbours do not")
        found[compute] = Pass(before.metrics | {metric.name}, before.readings, reach, compute)
    return list(found.values())
