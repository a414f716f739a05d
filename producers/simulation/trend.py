"""The trends of the region: how strong a skill is in a week, and which skill a place turns to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from producers.simulation.places import BY_SLUG
from producers.simulation.season import Season
from producers.simulation.skills import FADING, GROWING, ORDINARY, popularity

_POPULARITY = {slug: tuple(accumulate(popularity(place.specialities))) for slug, place in BY_SLUG.items()}
_GAIN, _LOSS = 4.8, 0.96


@dataclass(frozen=True)
class Trend:
    """One skill grows and one fades from week ``turn`` on, slowly first and faster towards the end."""

    season: Season
    turn: int

    def strength(self, skill: str, week: int) -> float:
        """Return how strong the skill is in that week, 1 being as ever."""
        progress = max(0.0, (week - self.turn + 1) / (self.season.weeks - self.turn))
        if skill == GROWING:
            return 1.0 + _GAIN * progress**6
        if skill == FADING:
            return 1.0 - _LOSS * progress**4
        return 1.0

    def ordinary(self, rng: Random, place: str) -> str:
        """Return a skill without a trend, as popular there as it should be."""
        return rng.choices(ORDINARY, cum_weights=_POPULARITY[place])[0]
