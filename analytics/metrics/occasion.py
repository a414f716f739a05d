"""The occasions of skills in whole numbers, so that distinct people over any weeks are counted quickly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

REACH = 80
"""Weeks back that can matter: 13 weeks a year ago, and the closed weeks that the blocks skip."""


@dataclass(frozen=True)
class Record:
    """The named occasions of the last ``REACH`` weeks; ``age`` is in weeks before the last one."""

    skills: list[str]
    """Every skill ever seen, in order; the place of a skill is its number."""
    skill: Ints
    age: Ints
    member: Ints
    occasion: Ints
    span: int
    """Weeks from the first occasion of all, included, to the last week, included."""

    def people(self, ages: list[int]) -> Ints:
        """Return the distinct people of each skill over the weeks ``ages``."""
        return self._distinct(self.member, ages)

    def occasions(self, ages: list[int]) -> Ints:
        """Return the distinct occasions of each skill that somebody known was in, over the weeks ``ages``."""
        return self._distinct(self.occasion, ages)

    def spread(self, ages: list[int]) -> Floats:
        """Return the size of the occasion that a person comes from on average: sum of squares over sum, at least 1."""
        rows = np.isin(self.age, ages)
        seats = np.unique(np.stack([self.skill[rows], self.occasion[rows], self.member[rows]]), axis=1)
        cells, sizes = np.unique(seats[:2], axis=1, return_counts=True)
        total = np.bincount(cells[0], weights=sizes, minlength=len(self.skills))
        squares = np.bincount(cells[0], weights=sizes.astype(np.float64) ** 2, minlength=len(self.skills))
        return np.maximum(1.0, squares / np.maximum(total, 1.0))

    def weekly(self, ages: list[int]) -> Floats:
        """Return the distinct people of each skill (rows) in each of the weeks ``ages`` (columns)."""
        width = int(self.member.max(initial=0)) + 1
        seen = np.unique((self.skill * REACH + self.age) * width + self.member) // width
        counts = np.bincount(seen, minlength=len(self.skills) * REACH).reshape(len(self.skills), REACH)
        return counts[:, np.array(ages, dtype=np.int64)].astype(np.float64)

    def _distinct(self, what: Ints, ages: list[int]) -> Ints:
        rows = np.isin(self.age, ages)
        width = int(what.max(initial=0)) + 1
        seen = np.unique(self.skill[rows] * width + what[rows]) // width
        return np.bincount(seen, minlength=len(self.skills)).astype(np.int64)


def ages_of(occasions: pd.DataFrame, week: date) -> Ints:
    """Return how many weeks before ``week`` each row lies; negative for later weeks."""
    days = (pd.Timestamp(week) - pd.to_datetime(occasions["week"])).dt.days.to_numpy()
    return (days // 7).astype(np.int64)


def record_of(occasions: pd.DataFrame, week: date) -> Record:
    """Return the record of ``occasions`` up to ``week``, later ones left out."""
    ages = ages_of(occasions, week)
    known, ages = occasions[ages >= 0], ages[ages >= 0]
    skill, skills = pd.factorize(known["skill"], sort=True)
    member, _ = pd.factorize(known["member"])
    occasion = known.groupby(["kind", "occasion"], sort=False).ngroup().to_numpy().astype(np.int64)
    rows = (member >= 0) & (ages < REACH)
    return Record(
        skills=[str(name) for name in skills],
        skill=skill[rows],
        age=ages[rows],
        member=member[rows],
        occasion=occasion[rows],
        span=int(ages.max(initial=-1)) + 1,
    )
