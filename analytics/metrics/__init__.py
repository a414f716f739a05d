"""Metrics: pure functions from ties to values, and the table that says what each one means.

To add one: a function of a snapshot in a family, or of readings (``analytics.metrics.family``), a row in ``METRICS``,
known answers in the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from analytics.kernels import Floats
from analytics.metrics.balance import BALANCE_METRICS
from analytics.metrics.burt import BURT_METRICS, burt_family
from analytics.metrics.degree import TIE_METRICS, tie_family
from analytics.metrics.demand import DEMAND_METRICS
from analytics.metrics.family import Pass, passes
from analytics.metrics.holding import HOLDING_METRICS
from analytics.metrics.layer import LAYERS, Linked, linked
from analytics.metrics.learning import LEARNING_METRICS
from analytics.metrics.metric import Metric, NetworkFamily
from analytics.metrics.momentum import SKILL_METRICS
from analytics.metrics.newcomer import NEWCOMER_METRICS
from analytics.metrics.path import PATH_METRICS, path_family
from analytics.metrics.porosity import POROSITY_METRICS
from analytics.metrics.profile import PLACE_METRICS
from analytics.metrics.snapshot import Snapshot, snapshot
from analytics.metrics.structure import STRUCTURE_METRICS, structure_family
from analytics.metrics.tie import ties
from analytics.metrics.waiting import WAITING_METRICS

__all__ = [
    "FAMILIES",
    "LAYERS",
    "METRICS",
    "PASSES",
    "Linked",
    "Metric",
    "Pass",
    "Snapshot",
    "linked",
    "network_metrics",
    "snapshot",
    "ties",
    "warm",
]

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        *TIE_METRICS,
        *STRUCTURE_METRICS,
        *PATH_METRICS,
        *BURT_METRICS,
        *SKILL_METRICS,
        *POROSITY_METRICS,
        *WAITING_METRICS,
        *NEWCOMER_METRICS,
        *HOLDING_METRICS,
        *DEMAND_METRICS,
        *PLACE_METRICS,
        *BALANCE_METRICS,
        *LEARNING_METRICS,
    )
}
"""Every metric by name; the command, the warehouse, the report and the tests are driven by it."""

FAMILIES: Mapping[str, tuple[NetworkFamily, ...]] = {
    "tie": (tie_family, burt_family),
    "structure": (structure_family,),
    "path": (path_family,),
}
"""The families that are computed on the ties of a layer, one pass a function."""

ENDS = {"value": "", "low": ":low", "high": ":high"}
"""What is added to the name of a metric where a family tells more of it than its values."""

PASSES: Sequence[Pass] = passes(METRICS.values())
"""What is computed from readings instead of ties."""


def network_metrics(
    ties: pd.DataFrame, layer: str, *, families: Collection[str], behind: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Return the metrics of ``families`` for one layer in one window, in the order of the table.

    Args:
        ties: source, target, strength, as ``ties`` returns them.
        layer: One of ``LAYERS``; says whether ties have a direction and what their ends are.
        families: Some of ``FAMILIES``.
        behind: How many people stand behind each place or skill, and under "network" behind all.

    Returns:
        metric, subject_kind, subject, value, low, high, n: one row a node and metric, nodes in order, and one row
        with the subject "network" for what concerns the whole. ``value`` is NaN where it is not defined (too few
        ties) and ``n`` the number of people behind it: in a layer of members, all of the network. ``low`` and
        ``high`` are NaN where the value is exact; elsewhere it is an estimate and the true one lies between them.
        Without ties there are no nodes: counts of the network are 0 and its shares NaN.
    """
    _require("layer", [layer], LAYERS)
    _require("family", families, FAMILIES)
    network = snapshot(ties, directed=LAYERS[layer].directed)
    values: dict[str, Floats] = {}
    for family in sorted(families):
        for compute in FAMILIES[family]:
            values |= compute(network)
    rows = _frame([metric for name, metric in METRICS.items() if name in values], values, network)
    if (nodes := LAYERS[layer].nodes) == "member" or behind is None:
        return rows
    kind = rows["subject_kind"].replace("member", nodes)
    return rows.assign(subject_kind=kind, n=rows["subject"].map(behind).fillna(0).astype("int64"))


def warm() -> None:
    """Compile every kernel (or read it from the cache on disk), so that the first answer comes as fast as the next."""
    triangle = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "c"], "strength": [1.0, 1.0, 1.0]})
    network_metrics(triangle, "copresence", families=FAMILIES)


def _frame(metrics: list[Metric], values: Mapping[str, Floats], network: Snapshot) -> pd.DataFrame:
    """Return one row a metric and subject, metrics one after the other."""
    many = [len(values[metric.name]) for metric in metrics]
    subjects = [["network"] if metric.subject_kind == "network" else network.members for metric in metrics]
    return pd.DataFrame(
        {
            "metric": pd.Series(np.repeat([metric.name for metric in metrics], many), dtype="str"),
            "subject_kind": pd.Series(np.repeat([metric.subject_kind for metric in metrics], many), dtype="str"),
            "subject": pd.Series(list(chain.from_iterable(subjects)), dtype="str"),
            **{column: _column(metrics, values, end) for column, end in ENDS.items()},
            "n": np.full(sum(many), network.size, np.int64),
        }
    )


def _column(metrics: list[Metric], values: Mapping[str, Floats], end: str) -> Floats:
    """Return the values of the metrics one after the other, or one end of their intervals: NaN where there is none."""
    none = np.empty(0)
    return np.concatenate(
        [none, *(values.get(f"{each.name}{end}", np.full(len(values[each.name]), np.nan)) for each in metrics)]
    )


def _require(kind: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"unknown {kind} {name!r} (known: {', '.join(sorted(known))})")
