"""Porosity: whether ties cross between places, publics and countries more than by chance; in the family "welcome"."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.metrics.brokerage import ROLES, brokerage
from analytics.metrics.metric import Metric
from analytics.metrics.mixing import mixing
from analytics.metrics.snapshot import Snapshot, snapshot
from analytics.metrics.tie import ties
from analytics.week import Week

WEEKS = 13
PARTITIONS = ("place", "public", "country")
CONVERSATION = 20
"""More people than this at a workshop do not meet one another: their first ties are no encounters."""
UNLIKELY = 0.05
"""Share of a place's strength of the year with another place, below which an encounter between them is unlikely."""
MEMORY = 52
"""Weeks in which two people must not have met for a tie to be a first one."""


def porosity(week: Week, *, participation: pd.DataFrame, answers: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return the porosity of each partition and the ratio of each broker's role, over 13 weeks without decay.

    Definition: ``porosity_<partition>`` is z of ``mixing`` on the ties of copresence; ``brokerage_<role>`` is the ratio
    of ``brokerage`` between places on the ties of help, facilitators left out: they stand on every request.

    Returns:
        metric, subject_kind, subject ("network"), value, n (members with a known group in that network); NaN where
        chance leaves no room: a single group, no tie.
    """
    since = (week + (1 - WEEKS)).since
    met = snapshot(_met(participation, since, week.until), directed=False)
    given = ties("help", participation, answers, since=since, until=week.until, half_life=None)
    helped = snapshot(given, directed=True)
    rows = []
    for partition in PARTITIONS:
        found = mixing(met, groups_of(met, labels, partition))
        rows.append((f"porosity_{partition}", found.z, found.members))
    placed = groups_of(helped, labels[~labels["facilitator"].astype("bool")], "place")
    ratio = brokerage(helped, placed).ratio
    rows += [(f"brokerage_{role}", each, int((placed >= 0).sum())) for role, each in zip(ROLES, ratio, strict=True)]
    return _of_network(rows)


def encounters(week: Week, *, participation: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return how many unlikely encounters there were in the week: first ties in 52 weeks that chance hardly gives.

    Definition: a tie of copresence of this week, from workshops of 20 at most, between two people of known places who
    had not met in the 52 weeks before, where neither place had one part in twenty of its strength of these 52 weeks
    with the other: e_gh / e_g < 0.05 and e_gh / e_h < 0.05, e the mixing table. n: the people of these encounters.
    NaN as long as nobody met in the weeks before: everything would be a first tie.

    Source: the mixing table of Newman 2003, Phys. Rev. E 67:026126.
    """
    small = participation[participation["size"] <= CONVERSATION]
    before = _met(small, (week + -MEMORY).since, week.since)
    now = _met(small, week.since, week.until)
    first = now.merge(before[["source", "target"]], on=["source", "target"], how="left", indicator=True)
    first = first[first["_merge"] == "left_only"]
    unlikely = first[_usual(before, first, labels) < UNLIKELY]
    people = len(set(unlikely["source"]) | set(unlikely["target"]))
    return _of_network([("unlikely_encounters", float(len(unlikely)) if len(before) else np.nan, people)])


def groups_of(network: Snapshot, labels: pd.DataFrame, partition: str) -> NDArray[np.int64]:
    """Return the group of each member of the network in order, as a number; -1 where the label is not known."""
    known = labels.dropna(subset=[partition])
    number = dict(zip(known["member"], pd.factorize(known[partition], sort=True)[0].tolist(), strict=True))
    return np.array([number.get(member, -1) for member in network.members], np.int64)


def _met(participation: pd.DataFrame, since: datetime, until: datetime) -> pd.DataFrame:
    return ties("copresence", participation, pd.DataFrame(), since=since, until=until, half_life=None)


def _usual(before: pd.DataFrame, first: pd.DataFrame, labels: pd.DataFrame) -> Floats:
    """Return for each tie the larger share that its two places had of one another's strength; NaN if not known."""
    number = pd.Series(pd.factorize(labels["place"], sort=True)[0], index=labels["member"])
    size = int(number.max()) + 2 if len(number) else 1  # the last one stands for places that are not known: number -1
    one, other = (before[end].map(number).fillna(-1).to_numpy(np.int64) for end in ("source", "target"))
    table = np.zeros((size, size))
    np.add.at(table, (one, other), before["strength"].to_numpy(np.float64))
    table += table.T
    table[-1], table[:, -1] = np.nan, np.nan
    total = np.nansum(table, axis=1, keepdims=True)
    share = np.divide(table, total, out=table * 0, where=total > 0)
    g, h = (first[end].map(number).fillna(-1).to_numpy(np.int64) for end in ("source", "target"))
    usual: Floats = np.maximum(share[g, h], share[h, g])
    return usual


def _of_network(rows: list[tuple[str, float, int]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["metric", "value", "n"])
    return made.assign(subject_kind="network", subject="network")


_row = partial(Metric, family="welcome", layers=(), subject_kind="network")

POROSITY_METRICS = (
    *(
        _row(name=name, compute=porosity, readings=("participation", "answers", "labels"), reach=WEEKS)
        for name in (
            *(f"porosity_{partition}" for partition in ("place", "public", "country")),
            *(f"brokerage_{role}" for role in ROLES),
        )
    ),
    _row(name="unlikely_encounters", compute=encounters, readings=("participation", "labels"), reach=MEMORY + 1),
)
