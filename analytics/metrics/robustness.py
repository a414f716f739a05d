"""Robustness: whether the top of a list stands when chance, or a choice of ours, had gone another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.metrics.shrinkage import INTERVAL
from analytics.metrics.tie import ties

ROUNDS = 200
SEED = 1
TOP = 10
LARGE = 20
"""A workshop with more people than this is large: a lecture is not a meeting."""
HALF_LIVES = (3, 6, 12, 24)
"""Weeks; the report's own is among them and is left out."""
HOLDS = 0.8
"""Share of the top that has to stay under every other choice."""
MANY_ENOUGH = 2
OUT = 0.1
"""Share of what a list counts that is taken out of it."""
TAIL = (1 - INTERVAL) / 2
FLAT = 2
"""Size at which a tie counts one."""

Measure = Callable[[pd.DataFrame], "pd.Series[float]"]
"""From ties to one value a subject, by subject; NaN where it is not defined."""


@dataclass(frozen=True)
class Variant:
    """What became of the top under another choice."""

    name: str
    """half_life_3, half_life_6, half_life_12, half_life_24, no_decay, without_large, flat."""
    kept: float
    """Share of the top that is still there; NaN when the top is empty."""
    agreement: float
    """Rank correlation (Spearman) over all subjects of either list; NaN below two."""


@dataclass(frozen=True)
class Stamp:
    """Whether the top of a list stands whatever was chosen."""

    top: tuple[str, ...]
    """The top under the choices in force, by name."""
    variants: tuple[Variant, ...]

    @property
    def holds(self) -> bool:
        """Return whether four fifths of the top stay under every other choice; an empty top holds nothing."""
        return bool(self.top) and all(variant.kept >= HOLDS for variant in self.variants)


def stamp(
    measure: Measure,
    layer: str,
    participation: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    since: datetime,
    until: datetime,
    half_life: timedelta | None,
    top: int = TOP,
) -> Stamp:
    """Return whether the top of a list stays under other choices than those in force.

    The choices: other half-lives, large workshops (more than 20 people) left out, and ties that count the same
    whatever the size of the workshop.

    Args:
        measure: What the list is ordered by.
        layer: See ``ties``.
        participation: See ``ties``.
        answers: See ``ties``.
        since: See ``ties``.
        until: See ``ties``.
        half_life: The one in force; it is compared with 3, 6, 12 and 24 weeks and with no decay, itself left out.
        top: Length of the top; subjects with the value of the last of them belong to it.

    Returns:
        The stamp; without ties its top is empty. Variants that change nothing in the layer (answers have no size)
        are left out.

    Cost: ``measure`` and ``ties`` once a variant, eight times at most.
    Sources: Newman 2001, Phys. Rev. E 64:016132; Saltelli et al. 2008, Global Sensitivity Analysis (one at a time).
    """
    made = partial(ties, layer, since=since, until=until)
    decayed = {
        f"half_life_{weeks}" if weeks else "no_decay": made(participation, answers, half_life=other)
        for weeks in (*HALF_LIVES, None)
        if (other := timedelta(weeks=weeks) if weeks else None) != half_life
    }
    sized = (
        {}
        if layer == "help"
        else {
            "without_large": made(participation[participation["size"] <= LARGE], answers, half_life=half_life),
            "flat": made(_flat(participation), answers, half_life=half_life),
        }
    )
    values = {name: measure(tied) for name, tied in {**decayed, **sized}.items()}
    return compared(measure(made(participation, answers, half_life=half_life)), values, top=top)


def compared(values: pd.Series[float], others: Mapping[str, pd.Series[float]], *, top: int = TOP) -> Stamp:
    """Return what becomes of the top of ``values``, by subject, in each of the ``others``; NaN is not in a list."""
    first = _top(values, top)
    variants = [
        Variant(
            name=name,
            kept=len(first & _top(other, max(top, len(first)))) / len(first) if first else float("nan"),
            agreement=_agreement(values, other),
        )
        for name, other in others.items()
    ]
    return Stamp(tuple(sorted(first)), tuple(variants))


def bootstrap_ranks(
    rows: pd.DataFrame,
    unit: str,
    value: Callable[[pd.DataFrame], pd.Series[float]],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return the ranks that every subject would have had in the weeks that could as well have been.

    Definition: whole units (workshops, requests) are drawn with replacement, as many as there are, since the people
    of one are not independent; the value is computed from each draw, and ranked from 1 for the highest. The interval
    holds 90 % of the ranks; who shares a value has all the ranks that they share. A unit that is drawn twice stands
    twice, under two names, so that nothing takes it for a repetition.

    Args:
        rows: What ``value`` reads, with a column ``unit`` of texts.
        unit: The column of what is drawn as a whole.
        value: From rows to one value a subject, by subject; NaN ranks last, and so does who is in no row drawn.
        rounds: Draws.
        seed: Of the draws; with the same rows in any order, the same ranks.

    Returns:
        ``subject, value, rank`` (observed, the best of shared ones), ``rank_low, rank_high``, by rank and subject.
        No row gives no row.

    Cost: ``rounds`` times ``value``. Sources: Goldstein & Spiegelhalter 1996, JRSS A 159:385; Davison & Hinkley
    1997, Bootstrap Methods, 2.4 (whole clusters).
    """
    observed = value(rows).sort_index()
    units, place = np.unique(rows[unit].to_numpy(dtype=np.str_), return_inverse=True)
    many = max(len(units), 1)
    even = np.full(many, 1 / many)
    draws = np.random.default_rng(seed).multinomial(len(units), even, rounds if len(units) else 0)
    values = [value(_repeated(rows, unit, times[place])).reindex(observed.index) for times in draws]
    best = np.array([_ranks(each, "min") for each in values]).reshape(len(values), len(observed))
    worst = np.array([_ranks(each, "max") for each in values]).reshape(len(values), len(observed))
    found = pd.DataFrame({"subject": observed.index.astype("str"), "value": observed.to_numpy(dtype=np.float64)})
    found["rank"] = _ranks(observed, "min").astype(np.int64)
    found["rank_low"] = _quantile(best, TAIL, "lower")
    found["rank_high"] = _quantile(worst, 1 - TAIL, "higher")
    return found.sort_values(["rank", "subject"], ignore_index=True)


@dataclass(frozen=True)
class Hold:
    """How surely the order of a list holds."""

    first: float
    """Share of the draws in which the first one stays first, alone or with others; NaN for an empty list."""
    kept: float
    """Mean share of the upper part that stays in it."""


def thinned(counts: NDArray[np.int64], out: float = OUT, *, rounds: int = ROUNDS, seed: int = SEED) -> Floats:
    """Return the counts that are left when each thing counted is taken out with a chance of ``out``, a row a draw.

    Each count has its own things, so what is left of it is binomial. With the same counts and seed, the same draws.
    """
    return np.asarray(np.random.default_rng(seed).binomial(counts, 1 - out, (rounds, len(counts))), dtype=np.float64)


def hold(draws: Floats, top: int) -> Hold:
    """Return how surely an order holds, given what each entry is worth in each draw, in the order of the list.

    Cost: O(rounds * n^2).
    """
    if not draws.shape[1]:
        return Hold(float("nan"), float("nan"))
    above = (draws[:, None, :] > draws[:, :, None]).sum(axis=2)
    return Hold(float((above[:, 0] == 0).mean()), float((above[:, :top] < top).mean()))


def _quantile(ranks: Floats, share: float, method: Literal["lower", "higher"]) -> NDArray[np.int64]:
    """Return a whole rank a subject; no draw gives none."""
    if not ranks.size:
        return np.empty(0, dtype=np.int64)
    return np.asarray(np.quantile(ranks, share, axis=0, method=method), dtype=np.int64)


def _flat(participation: pd.DataFrame) -> pd.DataFrame:
    """Return the participation as if every workshop had had two people, so that each tie counts one."""
    return participation.assign(size=participation["size"].clip(upper=FLAT))


def _top(values: pd.Series[float], top: int) -> set[str]:
    """Return who has one of the ``top`` highest values."""
    known = values.dropna()
    return {str(subject) for subject in known[known.rank(method="min", ascending=False) <= top].index}


def _agreement(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Return Spearman's correlation of the ranks over the subjects of either list, the missing ones last."""
    subjects = one.dropna().index.union(other.dropna().index)
    first, second = (_ranks(values.reindex(subjects), "average") for values in (one, other))
    if len(subjects) < MANY_ENOUGH or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: pd.Series[float], shared: Literal["min", "max", "average"]) -> Floats:
    """Return the rank of each value, 1 for the highest; NaN ranks last."""
    known = values.astype(np.float64).fillna(-np.inf)
    return np.asarray(known.rank(ascending=False, method=shared), dtype=np.float64)


def _repeated(rows: pd.DataFrame, unit: str, times: NDArray[np.int64]) -> pd.DataFrame:
    """Return each row as many times as ``times`` says, under another name of its unit each time."""
    again = np.repeat(np.arange(len(rows)), times)
    copy = np.arange(len(again)) - np.repeat(np.cumsum(times) - times, times)
    drawn = rows.iloc[again].reset_index(drop=True)
    return drawn.assign(**{unit: drawn[unit].astype("str") + "#" + pd.Series(copy).astype("str")})
