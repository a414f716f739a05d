"""Generated streams of attendance: who was at which workshop, for as many members and weeks as asked.

Activity is heavy-tailed, four of five visits are to one's own place, and members come back to the same series. With
200, 5,000 and 100,000 members the last 13 of 156 weeks make networks of about 1,000, 45,000 and 970,000 ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from analytics.metrics import Snapshot, snapshot, ties

WEEKS = 156
WINDOW_WEEKS = 13
BEGIN = datetime(2023, 11, 27, tzinfo=UTC)
HALF_LIFE = timedelta(weeks=6)
MEMBERS_A_PLACE = 200
AT_HOME = 0.82
SPREAD = 2.4
"""Standard deviation of the logarithm of activity."""
BUSY = 0.2
"""Visits a member and week, on average."""
SIZES = (6, 17)


@dataclass(frozen=True)
class People:
    """What stays the same of each member over the weeks."""

    activity: np.ndarray
    place: np.ndarray
    habit: np.ndarray


def people(members: int, seed: int = 0) -> People:
    """Return that many members with their activity, place and habit."""
    rng = np.random.default_rng(seed)
    places = max(2, members // MEMBERS_A_PLACE)
    wish = rng.lognormal(0.0, SPREAD, members)
    scale = BUSY
    for _ in range(30):
        scale *= BUSY / np.minimum(0.97, scale * wish).mean()
    return People(np.minimum(0.97, scale * wish), rng.integers(0, places, members), rng.random(members))


def week_of(told: People, week: int) -> pd.DataFrame:
    """Return workshop, member, role, at, size of one week: visitors of a place, by habit, in groups of 6 to 16."""
    rng = np.random.default_rng([7, week])
    came = np.flatnonzero(rng.random(len(told.activity)) < told.activity)
    away = rng.random(len(came)) > AT_HOME
    place = np.where(away, rng.integers(0, told.place.max() + 1, len(came)), told.place[came])
    order = np.lexsort((told.habit[came] + rng.normal(0.0, 0.15, len(came)), place))
    came, place = came[order], place[order]
    starts = np.cumsum(rng.integers(*SIZES, len(came) + 1))
    group = np.searchsorted(starts, np.arange(len(came)), side="right")
    workshop = np.unique(np.stack([place, group]), axis=1, return_inverse=True)[1].ravel()
    return pd.DataFrame(
        {
            "workshop": np.char.add(f"w{week}_", workshop.astype("U9")),
            "member": np.char.add("m_", np.char.zfill(came.astype("U9"), 6)),
            "role": "participant",
            "at": pd.Timestamp(BEGIN + timedelta(weeks=week, hours=18)),
            "size": np.bincount(workshop)[workshop],
        }
    )


def window_graph(told: People, week: int) -> Snapshot:
    """Return the network of the 13 weeks that end with ``week``, as the metrics read it."""
    rows = pd.concat([week_of(told, each) for each in range(max(0, week - WINDOW_WEEKS + 1), week + 1)])
    return snapshot(window_ties(rows, week), directed=False)


def window_ties(rows: pd.DataFrame, week: int) -> pd.DataFrame:
    """Return the ties of the 13 weeks that end with ``week``."""
    until = BEGIN + timedelta(weeks=week + 1)
    since = until - timedelta(weeks=WINDOW_WEEKS)
    return ties("copresence", rows, rows.iloc[:0], since=since, until=until, half_life=HALF_LIFE)
