"""Chance: seeded streams of random numbers and the few distributions that a region needs."""

from __future__ import annotations

import hashlib
import math
from random import Random


def stream(seed: int, purpose: str) -> Random:
    """Return the random numbers of one purpose: the same for the same seed, whatever else is drawn."""
    return Random(f"maillage/{seed}/{purpose}")  # noqa: S311 - a simulation, no secret


def pseudonym(prefix: str, seed: int, index: int) -> str:
    """Return ``<prefix>_`` and 24 hexadecimal digits for somebody who does not exist."""
    digest = hashlib.sha256(f"maillage/{seed}/{prefix}/{index}".encode()).hexdigest()
    return f"{prefix}_{digest[:24]}"


def happens(rng: Random, chance: float) -> bool:
    """Return True with that chance."""
    return rng.random() < chance


def poisson(rng: Random, mean: float) -> int:
    """Return a Poisson count (Knuth's method: the cost grows with ``mean``, small here)."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def capped_wait(rng: Random, mean: float, cap: float) -> float:
    """Return an exponential wait of ``mean``, at most ``cap``."""
    return min(rng.expovariate(1 / mean), cap)
