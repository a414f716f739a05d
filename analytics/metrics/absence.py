"""Absence: how few people a skill rests on, and what would be left without them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analytics.kernels import Floats
from analytics.metrics.evidence import EVIDENCED, HOLDING, holders

Places = NDArray[np.int64]

ACTIVE = timedelta(days=180)
EQUAL_COUNT = 10
"""Pieces of evidence that skills are compared at."""
DRAWS = 200
SEED = 1996
ROUNDING = 1e-12
"""So that a holder of exactly the share is enough, whatever the last bit of the sum."""


def absence(evidence: ArrayLike, share: float = 0.5) -> float:
    """Return the least number of holders who together hold at least ``share`` of all evidence.

    Definition: min k such that the k largest values sum to >= share * total. Unit: people, 1 to the number of
    holders; NaN where there is no evidence at all; never 0. Values must not be negative.
    Cost: O(n log n). Source: CHAOSS, Contributor Absence Factor; Avelino et al. 2016, ICPC (truck factors).
    """
    largest_first = -np.sort(-np.asarray(evidence, dtype=np.float64))
    held = np.cumsum(largest_first)
    if not len(held) or held[-1] <= 0:
        return float("nan")
    return float(np.argmax(held >= share * held[-1] * (1 - ROUNDING)) + 1)


def absence_factors(found: pd.DataFrame, share: float = 0.5) -> pd.DataFrame:
    """Return ``skill, value, n`` for every skill of ``evidence``: the absence factor and the number of its holders.

    Who only learned a skill is no holder; without holders the value is NaN and n is 0.
    """
    held = holders(found).groupby("skill")["value"]
    values = pd.Series({skill: absence(of_skill.to_numpy(), share) for skill, of_skill in held}, dtype="float64")
    return _by_skill(found, values, held.size())


def active_holders(found: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return ``skill, value, n``: holders who showed the skill in the 180 days before ``until``, and all holders.

    Unit: people, >= 0; 0 where somebody only learned it, or showed it longer ago.
    """
    held = holders(found)
    active = held[held["shown"] >= until - ACTIVE].groupby("skill").size()
    rows = _by_skill(found, active, held.groupby("skill").size())
    return rows.assign(value=rows["value"].fillna(0.0))


def evidenced_holders(found: pd.DataFrame) -> pd.DataFrame:
    """Return ``skill, value, n``: holders who used, taught or helped with the skill, and all holders.

    The others only say so, or hold a certificate: "declared n - value, evidenced value". Unit: people, 0 to n.
    """
    held = holders(found)
    done = held[held["rung"].isin(EVIDENCED)].groupby("skill").size()
    rows = _by_skill(found, done, held.groupby("skill").size())
    return rows.assign(value=rows["value"].fillna(0.0))


def absence_places(found: pd.DataFrame, labels: pd.DataFrame, share: float = 0.5) -> pd.DataFrame:
    """Return ``skill, value, n`` for every skill: how few places its holders belong to (the elephant factor).

    Definition: ``absence`` of the evidence of holders added up by the place that they joined through; n is the number
    of holders whose place is known. NaN where no holder belongs to a known place; 1 in a network of one place.

    Args:
        found: What ``evidence`` returns.
        labels: ``member, place``; a null place is not known.
        share: As for ``absence``.

    Source: CHAOSS, Elephant Factor.
    """
    placed = holders(found).merge(labels[["member", "place"]].dropna(), on="member")
    by_place = placed.groupby(["skill", "place"])["value"].sum()
    values = pd.Series(
        {skill: absence(of_skill.to_numpy(), share) for skill, of_skill in by_place.groupby(level="skill")},
        dtype="float64",
    )
    return _by_skill(found, values, placed.groupby("skill").size())


def fragile_share(active: pd.DataFrame, among: Collection[str] | None = None) -> tuple[float, int]:
    """Return the share of skills with exactly one active holder, and the number of skills with at least one.

    Args:
        active: What ``active_holders`` returns.
        among: The skills that count, such as those of industry 4.0; None for all.

    Returns:
        Share of 0 to 1 (NaN where no skill has an active holder) and what it is a share of.
    """
    chosen = active if among is None else active[active["skill"].isin(list(among))]
    alive = chosen.loc[chosen["value"] >= 1, "value"]
    return (float((alive == 1).mean()) if len(alive) else float("nan")), len(alive)


def rarefied(standing: pd.DataFrame, count: int = EQUAL_COUNT, share: float = 0.5) -> pd.DataFrame:
    """Return the absence factor of every skill as if only ``count`` pieces of evidence had been seen of each.

    The factor grows with how much was observed (metrics.md: 2.9 with 10 answers, 5.7 with 400 by the same people), so
    that skills are compared at equal counts only: print ``count`` beside the figure. Mean over ``DRAWS`` draws without
    replacement from the pieces of holders, drawn alike on every run and for every skill.

    Args:
        standing: What ``pieces`` returns.
        count: Pieces drawn.
        share: As for ``absence``.

    Returns:
        ``skill, value, low, high, n``: people, 1 to ``count``; low and high hold 90 % of the draws; n is the number
        of holders. NaN for a skill with fewer than ``count`` pieces.

    Cost: O(DRAWS * count^2) a skill. Source: Hurlbert 1971, Ecology 52:577 (rarefaction).
    """
    of_holders = standing[standing.groupby(HOLDING)["shows"].transform("any")]
    found = [
        (str(skill), *_drawn(of_skill, count, share), of_skill["member"].nunique())
        for skill, of_skill in of_holders.groupby("skill")
    ]
    return pd.DataFrame(found, columns=["skill", "value", "low", "high", "n"])


def _by_skill(found: pd.DataFrame, values: pd.Series[Any], many: pd.Series[int]) -> pd.DataFrame:
    """Return one row for every skill of ``found``, in order, with its value (NaN where absent) and its count."""
    skills = sorted(set(found["skill"]))
    n = many.reindex(skills, fill_value=0).to_numpy(dtype=np.int64)
    value = values.reindex(skills).to_numpy(dtype=np.float64)
    return pd.DataFrame({"skill": pd.Series(skills, dtype="str"), "value": value, "n": n})


def _drawn(held: pd.DataFrame, count: int, share: float) -> tuple[float, float, float]:
    """Return mean, 5 % and 95 % quantile of the absence factor over the draws; NaN where there are too few pieces."""
    if len(held) < count:
        return float("nan"), float("nan"), float("nan")
    member, _ = pd.factorize(held["member"])
    drawn = _draws(len(held), count)
    factors = _factors(member[drawn], held["value"].to_numpy()[drawn], share)
    low, high = np.quantile(factors, [0.05, 0.95])
    mean = float(factors.mean())
    return mean, min(float(low), mean), max(float(high), mean)  # a few draws of 1 pull the mean below nine tenths of 2


def _draws(many: int, count: int) -> Places:
    """Return ``DRAWS`` rows of ``count`` different places below ``many``, each set as likely as any (Floyd)."""
    rng = np.random.default_rng(SEED)
    drawn = np.full((DRAWS, count), -1, dtype=np.int64)
    for column, last in enumerate(range(many - count, many)):
        place = rng.integers(0, last + 1, size=DRAWS)
        taken = (drawn == place[:, None]).any(axis=1)
        drawn[:, column] = np.where(taken, last, place)
    return drawn


def _factors(member: Places, value: Floats, share: float) -> Floats:
    """Return the absence factor of each row of pieces: whose they are and what each is worth."""
    same = member[:, :, None] == member[:, None, :]
    first = ~np.tril(same, -1).any(axis=2)
    held = np.where(first, (same * value[:, None, :]).sum(axis=2), 0.0)
    together = np.cumsum(-np.sort(-held, axis=1), axis=1)
    enough = together >= share * together[:, -1:] * (1 - ROUNDING)
    return np.asarray(np.argmax(enough, axis=1) + 1, dtype=np.float64)
