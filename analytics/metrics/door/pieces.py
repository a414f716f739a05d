"""The evidence of each skill as arrays, so that what stood at any past instant is found by comparing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.metrics.door.time import NEVER, WEEK, Ints, micros
from analytics.metrics.evidence import HOLDING, LADDER, LAPSED, MEMORY_WEEKS


class Pieces(NamedTuple):
    """The evidence of one skill; equal at every instant to ``analytics.metrics.evidence``."""

    at: Ints
    end: Ints
    """From just after this on it no longer stands: taken back, or said anew."""
    member: Ints
    weight: Floats
    half_life: Floats
    shows: NDArray[np.bool_]
    stated: NDArray[np.bool_]

    def standing(self, now: int) -> NDArray[np.bool_]:
        """Return which stand just before an instant."""
        oldest = now - MEMORY_WEEKS * WEEK
        return (self.at < now) & (self.at >= oldest) & (self.end >= now)

    def worth(self, now: int) -> Floats:
        """Return what each is worth at an instant, standing or not."""
        worth: Floats = self.weight * np.exp2((self.at - now) / self.half_life)
        return worth


def pieces_of(evidence: pd.DataFrame, members: Mapping[str, int]) -> dict[str, Pieces]:
    """Return the pieces of ``members`` by skill, from ``member, skill, rung, level, at`` in any order."""
    known = evidence[evidence["member"].isin(list(members))]
    rows = known.assign(at=micros(known["at"], NEVER), lapse=known["rung"] == LAPSED).drop_duplicates()
    rows = rows.sort_values([*HOLDING, "at", "lapse", "rung", "level"], ascending=[True, True, True, False, True, True])
    rungs = (
        pd.DataFrame([asdict(rung) for rung in LADDER.values()], index=list(LADDER))
        .reindex(rows["rung"])
        .set_index(rows.index)
    )
    level = rows["level"].astype("float64").fillna(1.0).where(rows["rung"] == "certified", 1.0)
    table = rows.assign(
        member=rows["member"].map(members),
        end=_ends(rows, rungs),
        weight=rungs["weight"] * level,
        half_life=rungs["half_life_weeks"] * WEEK,
        shows=rungs["shows"],
        stated=rungs["stated"],
    )
    return {str(skill): _of_skill(found) for skill, found in table[~table["lapse"]].groupby("skill")}


def _ends(rows: pd.DataFrame, rungs: pd.DataFrame) -> Ints:
    """Return when each was lapsed after it was shown, or stated again; else ``NEVER``."""
    lapsed = rows["at"].where(rows["lapse"]).astype("Int64").groupby([rows["member"], rows["skill"]]).bfill()
    again = rows.groupby([*HOLDING, "rung"])["at"].shift(-1).astype("Int64")
    ends = [
        times.where(rungs[rule].eq(True)).fillna(NEVER).to_numpy(dtype=np.int64)  # noqa: FBT003 - null is not true
        for times, rule in ((lapsed, "lapses"), (again, "stated"))
    ]
    return np.minimum(*ends)


def _of_skill(rows: pd.DataFrame) -> Pieces:
    types = {"weight": np.float64, "half_life": np.float64, "shows": np.bool_, "stated": np.bool_}
    return Pieces(*(rows[name].to_numpy(dtype=types.get(name, np.int64)) for name in Pieces._fields))
