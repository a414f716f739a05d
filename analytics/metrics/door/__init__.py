"""The right door: which place, then which person, to ask for help, how likely it answers, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.metrics.door.model import Model, learned
from analytics.metrics.door.record import Ask, Kind, Record
from analytics.metrics.door.sight import TERMS, Sight, sight

LEAST = 0.02
"""A door that answers less often than this is none."""


@dataclass(frozen=True)
class Door:
    """A door to knock on, and what speaks for it."""

    kind: Kind
    door: str
    home: str | None
    """Place of a person; of a place, itself."""
    chance: float
    """Chance that it answers within 14 days, with its 90 % interval."""
    low: float
    high: float
    holders: int
    """People behind it who showed one of the skills, beyond having learned it."""
    evidence: float
    answers: int
    """Answers on the skills in 26 weeks."""
    km: float | None
    """How far it is from the place that asks; None where that is not known."""
    load: int
    """Answers of its holders in four weeks, each counted up to four."""
    cap: int
    """The load at which it is no longer shown."""
    parts: Mapping[str, float]
    """What each of ``TERMS`` adds to the logarithm of the odds; their sum is that of the chance."""

    @property
    def free(self) -> bool:
        """Return whether it may be asked more."""
        return self.load < self.cap


def ranked(record: Record, ask: Ask) -> list[Door]:
    """Return the doors behind which somebody has shown one of the skills, the likeliest to answer first.

    Definition: the chance is a logistic model of the ladder's evidence, the door's share of past requests for the
    skills and of the place, the same place, distance and recent answers, learned from the latest 1,000 requests whose
    14 days were over. It tells how often such a door has answered, not how often it would if it were sent more.

    Args:
        record: What is known, for places or for people; what is not before the instant of the request is not seen.
        ask: The request; whoever asks is no door.

    Returns:
        The doors by chance, then name; full ones with the others. Nobody who showed a skill gives no door.

    Cost: O(requests learned from * doors). Source: metrics.md, "The right door with proof".
    """
    return _doors(record, sight(record, ask), learned(record, ask.micros))


def to_knock_on(doors: Sequence[Door]) -> list[Door]:
    """Return the doors that may be asked more and are likely enough to answer; none is an answer, "no door"."""
    return [door for door in doors if door.free and door.chance >= LEAST]


def _doors(record: Record, seen: Sight, model: Model) -> list[Door]:
    chance, low, high = model.chances(seen)
    places, parts = list(record.places), seen.design * model.weights
    order = sorted(range(len(seen.doors)), key=lambda row: (-chance[row], record.doors[seen.doors[row]]))
    return [
        Door(
            kind=record.kind,
            door=record.doors[seen.doors[row]],
            home=places[home] if (home := int(record.home[seen.doors[row]])) >= 0 else None,
            chance=float(chance[row]),
            low=float(low[row]),
            high=float(high[row]),
            holders=int(seen.holders[row]),
            evidence=float(seen.evidence[row]),
            answers=int(seen.answers[row]),
            km=float(seen.km[row]) if np.isfinite(seen.km[row]) else None,
            load=int(seen.load[row]),
            cap=int(seen.cap[row]),
            parts=dict(zip(TERMS, parts[row].tolist(), strict=True)),
        )
        for row in order
    ]
