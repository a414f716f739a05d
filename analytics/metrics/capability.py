"""What a place can do: who holds skills there, how many, what it is special in; figures side by side, never one."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from analytics.kernels import Floats
from analytics.kernels.breadth import breadths
from analytics.metrics.absence import ACTIVE, absence
from analytics.metrics.evidence import holders
from analytics.metrics.shrinkage import INTERVAL, STEP

COVERAGE = 0.5
"""Breadth is compared where the skills that were seen make up half of what there is."""
DRAWS = 200
SEED = 1973
TAIL = (1 - INTERVAL) / 2


def held_at(found: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return ``place, member, skill, value, shown``: what the members of known places hold, 1 of a skill at most each.

    Args:
        found: What ``evidence`` returns.
        labels: ``member, place``; a null place is not known.
    """
    placed = holders(found).merge(labels[["member", "place"]].dropna(), on="member")
    return placed.assign(value=placed["value"].clip(upper=1.0))[["place", "member", "skill", "value", "shown"]]


def active_members(held: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return ``place, value, n``: members who showed a skill in 180 days, by place. n: the same, for disclosure."""
    active = held[held["shown"] >= until - ACTIVE].groupby("place")["member"].nunique()
    many = active.reindex(_places(held), fill_value=0)
    return pd.DataFrame({"place": many.index, "value": many.to_numpy(np.float64), "n": many.to_numpy(np.int64)})


def place_absence(held: pd.DataFrame, share: float = 0.5) -> pd.DataFrame:
    """Return ``place, value, n``: how few members hold ``share`` of what shows skills at a place; n: of how many."""
    by_member = held.groupby(["place", "member"])["value"].sum()
    rows = [(place, absence(values.to_numpy(), share), len(values)) for place, values in by_member.groupby("place")]
    return pd.DataFrame(rows, columns=["place", "value", "n"])


def location_quotients(held: pd.DataFrame) -> pd.DataFrame:
    """Return how much more of each skill a place holds than its size and the skill's alone would give.

    Definition: with v the sum of values of a place and skill and e = v of the place * v of the skill / v of all, the
    location quotient v / e shrunk to (v + 1) / (e + 1): as if one more holder were there and chance had sent her, so
    that small totals do not explode. Interval: 90 % of the Gamma of shape v + 1 and rate e + 1.

    Returns:
        ``place, skill, value, low, high, n`` (holders), by place and skill, for what is held at all. 1 throughout in
        a network of one place, or of one skill.

    Cost: O(n log n). Sources: Balassa 1965, Manchester School 33:99; DuMouchel 1999, Am. Statistician 53:177.
    """
    cells = held.groupby(["place", "skill"], as_index=False).agg(v=("value", "sum"), n=("member", "nunique"))
    of_place, of_skill = cells.groupby("place")["v"].transform("sum"), cells.groupby("skill")["v"].transform("sum")
    expected = (of_place * of_skill / cells["v"].sum()).to_numpy(np.float64)
    shape = cells["v"].to_numpy(np.float64) + 1
    low, high = gammaincinv(shape, TAIL) / (expected + 1), gammaincinv(shape, 1 - TAIL) / (expected + 1)
    found = cells.assign(value=shape / (expected + 1), low=low, high=high)
    return found[["place", "skill", "value", "low", "high", "n"]]


def specialities(held: pd.DataFrame) -> pd.DataFrame:
    """Return ``place, value, n``: skills of which a place surely holds a quarter more than chance gives it; n: holders.

    Sure is an interval of ``location_quotients`` above 1.25 as a whole.
    """
    found = location_quotients(held)
    special = found[found["low"] > STEP].groupby("place").size().reindex(_places(held), fill_value=0)
    many = held.groupby("place")["member"].nunique().reindex(special.index)
    return pd.DataFrame({"place": special.index, "value": special.to_numpy(np.float64), "n": many.to_numpy(np.int64)})


def breadth(held: pd.DataFrame, until: datetime) -> tuple[pd.DataFrame, Floats]:
    """Return how broad the skills of every place are, and draws of it.

    Definition: ``breadths`` over the skills of a place, counted in members who showed them in 180 days, at a coverage
    of one half: more members do not make it broader by themselves. Members are drawn with replacement for the
    interval, since the skills of one member go together; the draws are centred on the value, which drawing with
    replacement lowers.

    Args:
        held: What ``held_at`` returns.
        until: Instant that the 180 days end with.

    Returns:
        ``place, value, low, high, n`` (90 % interval; active members), by place, and one row of 200 draws a place.
        NaN where too little was seen for the coverage. Draws of a place depend on nothing but it.

    Sources: Hill 1973, Ecology 54:427; Jost 2006, Oikos 113:363; Chao & Jost 2012, Ecology 93:2533.
    """
    active = held[held["shown"] >= until - ACTIVE]
    rows, draws = [], np.full((len(_places(held)), DRAWS), np.nan)
    for number, place in enumerate(_places(held)):
        table = _table(active[active["place"] == place])
        value = float(breadths(table.sum(axis=0, keepdims=True), COVERAGE)[0])
        draws[number] = _centred(value, breadths(_resampled(table, place), COVERAGE))
        rows.append((place, value, *ends(draws[number]), len(table)))
    return pd.DataFrame(rows, columns=["place", "value", "low", "high", "n"]), draws


def generator(place: str) -> np.random.Generator:
    """Return what draws at random for a place: the same in every run, whatever other places there are."""
    return np.random.default_rng([SEED, crc32(place.encode())])


def ends(draws: Floats) -> tuple[float, float]:
    """Return the 5 % and the 95 % quantile of the draws that have a value; NaN where none has."""
    if np.isnan(draws).all():
        return float("nan"), float("nan")
    low, high = np.nanquantile(draws, [TAIL, 1 - TAIL])
    return float(low), float(high)


def _places(held: pd.DataFrame) -> list[str]:
    return sorted(set(held["place"]))


def _table(active: pd.DataFrame) -> NDArray[np.int64]:
    """Return which member (rows) showed which skill (columns)."""
    member, members = pd.factorize(active["member"], sort=True)
    skill, skills = pd.factorize(active["skill"], sort=True)
    table = np.zeros((len(members), len(skills)), np.int64)
    table[member, skill] = 1
    return table


def _resampled(table: NDArray[np.int64], place: str) -> NDArray[np.int64]:
    """Return the counts of each skill in samples of as many members, drawn with replacement."""
    many = len(table)
    if not many:
        return np.zeros((DRAWS, 0), np.int64)
    times: NDArray[np.int64] = generator(place).multinomial(many, np.full(many, 1 / many), size=DRAWS)
    return times @ table


def _centred(value: float, draws: Floats) -> Floats:
    """Return the draws, moved by a factor so that their median is the value; those without a value stay without."""
    if np.isnan(value) or np.isnan(draws).all():
        return np.full(len(draws), np.nan)
    return np.maximum(1.0, draws * (value / np.nanmedian(draws)))
