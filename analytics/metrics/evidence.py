"""The ladder of evidence: what shows that somebody has a skill, how much it says, and how fast that fades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats

LAPSED = "lapsed"
WEEK = timedelta(weeks=1).total_seconds()
MEMORY_WEEKS = 156
"""Older evidence is not read: at the longest half-life it would count an eighth."""


@dataclass(frozen=True)
class Rung:
    """How much one piece of evidence says when it is fresh, and how long until it says half of that."""

    weight: float
    half_life_weeks: float
    stated: bool = False
    """A state, not an occasion: saying it again replaces it. Its weight is multiplied by its level, where it counts."""
    lapses: bool = False
    """Ended by a later "lapsed"."""
    shows: bool = True
    """False where somebody only took it in: she is no holder by that alone."""


LADDER: Mapping[str, Rung] = {
    "declared": Rung(0.15, 26, stated=True, lapses=True),
    "certified": Rung(0.15, 52, stated=True, lapses=True),
    "learned": Rung(0.5, 26, shows=False),
    "used": Rung(0.6, 26, lapses=True),
    "taught": Rung(0.8, 52),
    "helped": Rung(1.0, 52),
}
"""declared < learned < used < taught < helped, in this order; certified stands with declared, by its level.

Weights and half-lives are a judgement; a change of them is another version of every metric that reads them.

    rung       weight             half-life   ended by a lapse   makes a holder
    declared   0.15               26 weeks    yes                yes
    certified  0.15 x level 1-3   52 weeks    yes                yes
    learned    0.5                26 weeks    no                 no
    used       0.6                26 weeks    yes                yes
    taught     0.8                52 weeks    no                 yes
    helped     1.0                52 weeks    no                 yes

A level that somebody gives herself is not counted, one that another certified is; both stay below having learned.
A lapse takes back the right to work with something: what was declared, certified or used before it no longer counts,
what was learned, taught and answered fades only by itself. So it is right under both rules of Fab-manager: an
authorisation that ends N months after the training, whether the machine was used or not, and one that ends N months
after the training unless the machine was used since.
"""

EVIDENCED = ("used", "taught", "helped")
"""The rungs on which somebody did something with a skill: more than saying so, more than having listened."""

PIECE = ["member", "skill", "rung", "at", "level"]
HOLDING = ["member", "skill"]


def pieces(rows: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return every piece of evidence that still stands at ``until``, with what it is worth then.

    Args:
        rows: ``member, skill, rung, level, at``, one row an occasion; rung is one of ``LADDER`` or "lapsed", level
            1 to 3 or null (counts as 1). Rows may repeat and come in any order; a null member is left out.
        until: Instant that ages are counted to; what happened then or later is not known yet.

    Returns:
        ``member, skill, rung, at, value`` (weight halved every half-life, > 0), ``shows`` (whether it makes a
        holder), ordered by member, skill, time and rung.

    Raises:
        ValueError: A rung that the ladder does not have.
    """
    _require_known(rows["rung"])
    seen = (rows["at"] < until) & (rows["at"] >= until - timedelta(weeks=MEMORY_WEEKS)) & rows["member"].notna()
    known = (
        rows.loc[seen]
        .assign(level=_counted_level)[PIECE]
        .drop_duplicates()
        .sort_values([*HOLDING, "at", "rung", "level"])
    )
    standing = _last_stated(_not_lapsed(known)).reset_index(drop=True)
    shows = _of_rung(standing, "shows")
    return standing.assign(value=_worth(standing, until), shows=shows).drop(columns="level")


def evidence(rows: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return what stands for each member and skill at ``until``.

    Definition: value = sum over pieces of weight * 2^(-(until - at) / half-life), by ``LADDER``.

    Args:
        rows: As for ``pieces``.
        until: As for ``pieces``.

    Returns:
        ``member, skill, value`` (> 0, no upper bound), ``rung`` (the highest that still stands), ``last`` (time of
        the latest piece), ``shown`` (time of the latest piece that makes a holder; null for who only learned), by
        skill and member. No piece gives no row.

    Cost: O(n log n) in the rows. Source: metrics.md, M5 and "evidence ladder with decay".
    """
    return held(pieces(rows, until))


def held(standing: pd.DataFrame) -> pd.DataFrame:
    """Return what ``evidence`` does, of ``pieces``."""
    height = pd.Index(LADDER).get_indexer(pd.Index(standing["rung"]))
    climbed = standing.assign(height=height, shown=standing["at"].where(standing["shows"]))
    found = climbed.groupby(["skill", "member"], as_index=False).agg(
        value=("value", "sum"), height=("height", "max"), last=("at", "max"), shown=("shown", "max")
    )
    rung = pd.Index(LADDER)[found["height"]].astype("str")
    return found.assign(rung=rung)[["member", "skill", "value", "rung", "last", "shown"]]


def holders(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``evidence`` that make a holder: something shows the skill, beyond having learned it."""
    return found[found["shown"].notna()]


def _require_known(rungs: pd.Series[str]) -> None:
    strange = sorted(set(rungs.unique()) - {*LADDER, LAPSED})
    if strange:
        raise ValueError(f"unknown rung {strange[0]!r} (known: {', '.join(LADDER)}, {LAPSED})")


def _counted_level(rows: pd.DataFrame) -> pd.Series[float]:
    """Return the level that a piece counts by: that of a certificate, else 1."""
    return rows["level"].astype("float64").fillna(1.0).where(rows["rung"] == "certified", 1.0)


def _not_lapsed(known: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces that no later lapse ended; a renewal at the very instant of the lapse stands."""
    lapses = known[known["rung"] == LAPSED].groupby(HOLDING)["at"].max().rename("lapsed_at").reset_index()
    dated = known[known["rung"] != LAPSED].merge(lapses, on=HOLDING, how="left")
    ended = _of_rung(dated, "lapses") & (dated["at"] < dated["lapsed_at"]).to_numpy()
    return dated.loc[~ended].drop(columns="lapsed_at")


def _last_stated(standing: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces without the statements that a later one of the same rung replaced."""
    replaced = standing.duplicated([*HOLDING, "rung"], keep="last").to_numpy()
    kept: pd.DataFrame = standing.loc[~(_of_rung(standing, "stated") & replaced)]
    return kept


def _worth(standing: pd.DataFrame, until: datetime) -> Floats:
    ages = (pd.Timestamp(until) - standing["at"]).dt.total_seconds().to_numpy(dtype=np.float64) / WEEK
    half_lives = _of_rung(standing, "half_life_weeks")
    weights = _of_rung(standing, "weight")
    worth: Floats = weights * standing["level"].to_numpy(dtype=np.float64) * np.exp2(-ages / half_lives)
    return worth


def _of_rung(rows: pd.DataFrame, what: str) -> NDArray[Any]:
    """Return for each row what the ladder says of its rung."""
    said = np.array([getattr(rung, what) for rung in LADDER.values()])
    return said[pd.Index(LADDER).get_indexer(pd.Index(rows["rung"]))]
