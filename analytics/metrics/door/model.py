"""How likely a door answers in time: a logistic model that learned from the requests that are over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from analytics.kernels import Floats
from analytics.metrics.door.record import Record
from analytics.metrics.door.sight import TERMS, Sight, sight
from analytics.metrics.door.time import PATIENCE

PRIOR = np.array([0.0, 0.3, 0.5, 0.5, 0.5, -0.3, 0.0])
"""Weights of ``TERMS`` before any request was seen: rates are believed, evidence and nearness help."""
PRECISION = 4.0
"""How firmly the prior is held: as if each weight had been seen with a standard error of a half."""
LESSONS = 1000
"""The latest requests that are learned from."""
INTERVAL = 0.90
STEPS, ENOUGH = 50, 1e-9


@dataclass(frozen=True, eq=False)
class Model:
    """Weights of ``TERMS``, and how unsure they are together."""

    weights: Floats
    spread: Floats

    def chances(self, seen: Sight) -> tuple[Floats, Floats, Floats]:
        """Return for each door the chance that it answers in time, and the ends of its 90 % interval.

        The interval is that of the weights: what one more door like those seen does on average, not how one request
        ends.
        """
        design = seen.design
        logits = np.einsum("ni,i->n", design, self.weights)
        reach = float(ndtri((1 + INTERVAL) / 2)) * np.sqrt(np.einsum("ni,ij,nj->n", design, self.spread, design))
        return expit(logits), expit(logits - reach), expit(logits + reach)


@dataclass(frozen=True, eq=False)
class Lesson:
    """What was seen of the doors at a request, and which of them then answered in time."""

    design: Floats
    answered: NDArray[np.bool_]


def lesson(record: Record, number: int, seen: Sight) -> Lesson:
    """Return what a request that is over teaches."""
    return Lesson(seen.design, np.isin(seen.doors, record.outcomes.get(number, ())))


def over(record: Record, now: int) -> int:
    """Return how many requests were asked so long before ``now`` that their 14 days are over."""
    return int(np.searchsorted(record.asked.when, now - PATIENCE, side="right"))


def learned(record: Record, now: int, lessons: int = LESSONS) -> Model:
    """Return the model that the latest requests before ``now`` give, so many of those that are over."""
    last = over(record, now)
    numbers = range(max(0, last - lessons), last)
    return fit(lesson(record, number, sight(record, record.asks[number])) for number in numbers)


def fit(lessons: Iterable[Lesson]) -> Model:
    """Return the likeliest weights, drawn to ``PRIOR``; without a lesson, the prior.

    Newton's method on a strictly concave function, a step halved until it climbs; sums run in one order on one
    thread, whatever the machine.
    """
    known = [(each.design, each.answered) for each in lessons]
    design = np.concatenate([np.empty((0, len(TERMS))), *(rows for rows, _ in known)])
    answered = np.concatenate([np.empty(0, np.bool_), *(ends for _, ends in known)])
    weights = PRIOR
    for _ in range(STEPS):
        slope, curve = _shape(design, answered, weights)
        step = np.linalg.solve(curve, slope)
        reached = _height(design, answered, weights)
        while np.abs(step).max() >= ENOUGH and _height(design, answered, weights + step) < reached:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() < ENOUGH:
            break
    return Model(weights, np.linalg.inv(_shape(design, answered, weights)[1]).astype(np.float64))


def _height(design: Floats, answered: NDArray[np.bool_], weights: Floats) -> float:
    """Return how likely the answers are with some weights, the prior included, as a logarithm."""
    logits = np.einsum("ni,i->n", design, weights)
    likely = np.where(answered, logits, 0.0) - np.logaddexp(0.0, logits)
    return float(likely.sum() - PRECISION / 2 * ((weights - PRIOR) ** 2).sum())


def _shape(design: Floats, answered: NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats]:
    """Return slope and curvature of the height."""
    chance = expit(np.einsum("ni,i->n", design, weights))
    slope = np.einsum("ni,n->i", design, answered - chance) - PRECISION * (weights - PRIOR)
    curve = np.einsum("ni,nj->ij", design * (chance * (1 - chance))[:, None], design)
    return slope, curve + PRECISION * np.eye(len(PRIOR))
