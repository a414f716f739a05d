"""Supply against demand: who asks for a skill, and how much of it is there to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.kernels import Floats
from analytics.metrics.evidence import holders
from analytics.metrics.shrinkage import STEP, fit_prior, log_ratio
from analytics.metrics.survival import ENDED, HAPPENED, WAITS, cumulative_incidence

ASKED = timedelta(weeks=12)
SOON_DAYS = 14.0
"""An answer within this many days still helps."""
DAY = timedelta(days=1).total_seconds()
CAPACITY = 1.0
"""Requests at a time that a member can take on where nobody stated it: no event of today does."""


def demand(requests: pd.DataFrame, until: datetime) -> pd.Series[int]:
    """Return the number of distinct requesters of each skill in the 12 weeks before ``until``, by skill.

    A firm is one requester however often it asks, whoever asks for it; a person without a firm is one too. A request
    whose requester is not known (deleted, not counted) makes no requester.

    Args:
        requests: ``skill, requester, organisation, at``, one row a request and skill; rows may repeat.
        until: End of the 12 weeks, no longer in them.
    """
    recent = requests[(requests["at"] >= until - ASKED) & (requests["at"] < until)]
    firm = recent["organisation"].notna()
    asker = recent["organisation"].where(firm, recent["requester"])
    apart = pd.DataFrame({"skill": recent["skill"], "firm": firm, "asker": asker}).dropna().drop_duplicates()
    return apart.groupby("skill").size().astype("int64")


def supply(found: pd.DataFrame, capacity: Mapping[str, float] | None = None) -> pd.Series[float]:
    """Return how much of each skill its holders offer, by skill: sum of min(1, value) * capacity.

    Args:
        found: What ``evidence`` returns for the members who are counted and there; who only learned the skill offers
            nothing of it.
        capacity: Requests at a time that a member can take on; ``CAPACITY`` for who is not in it.

    Unit: members at full evidence and capacity 1, >= 0.
    """
    held = holders(found)
    room = held["member"].map(dict(capacity or {})).astype("float64").fillna(CAPACITY)
    return (held["value"].clip(upper=1.0) * room).groupby(held["skill"]).sum().astype("float64")


def supply_gap(
    requests: pd.DataFrame,
    found: pd.DataFrame,
    until: datetime,
    *,
    capacity: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return how far demand for each skill exceeds its supply.

    Definition: value = log((D + k) / (S + k)), D from ``demand``, S from ``supply``, k the shape of the Gamma that
    fits D over all skills. Above 0 more ask than can answer, below 0 fewer. Where nobody asked the value is NaN and n
    is 0: no demand was seen, which is no surplus. S is read as if it were a count, so that the interval is rather too
    wide than too narrow where holders are sure.

    Args:
        requests: As for ``demand``.
        found: As for ``supply``.
        until: As for ``demand``.
        capacity: As for ``supply``.

    Returns:
        ``skill, demand, supply, holders`` (a number), ``value, low, high`` (90 % interval), ``n`` (distinct
        requesters), one row for every skill that is asked for or held, by name.

    Cost: O(n log n). Sources: Pissarides 2000 (tightness); Clayton & Kaldor 1987, Biometrics 43:671.
    """
    asked, offered = demand(requests, until), supply(found, capacity)
    skills = sorted({*asked.index, *offered.index})
    d = _of(skills, asked)
    s = _of(skills, offered)
    k, _ = fit_prior(d)
    gap = log_ratio(d + k, s + k)[["growth", "low", "high"]].rename(columns={"growth": "value"})
    many = _of(skills, holders(found).groupby("skill").size()).astype(np.int64)
    counted = pd.DataFrame({"skill": pd.Series(skills, dtype="str"), "demand": d.astype(np.int64), "supply": s})
    gap.loc[d == 0, :] = np.nan
    return pd.concat([counted.assign(holders=many), gap], axis=1).assign(n=counted["demand"])


def shortages(gaps: pd.DataFrame) -> tuple[float, int]:
    """Return how many skills are surely short of supply, and how many are asked for at all.

    Sure is an interval of ``supply_gap`` that lies above a quarter more demand than supply, log 1.25, as a whole. NaN
    where no demand was seen. One of twenty skills in exact balance could be called short by chance, none in practice:
    the threshold lies above balance.
    """
    asked = gaps[gaps["n"] > 0]
    return (float((asked["low"] > np.log(STEP)).sum()) if len(asked) else float("nan")), len(asked)


def unmet(requests: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return the share of requests for each skill that nobody answers within 14 days.

    Definition: 1 - F(14 days), F the cumulative incidence of a first answer by somebody else among the requests of the
    last 12 weeks, those still open counted as long as they were watched, those closed without an answer as never
    answered. NaN while no request was watched for 14 days.

    Args:
        requests: ``skills, requester, organisation, requested_at, answered_at, closed_at``, one row a request, as
            known at ``until``.
        until: End of the 12 weeks.

    Returns:
        ``skill, value, low, high`` (90 % interval), ``n`` (distinct requesters), by skill.

    Source: metrics.md, M7 and M8; Aalen & Johansen 1978, Scand. J. Statistics 5:141.
    """
    recent = requests[(requests["requested_at"] >= until - ASKED) & (requests["requested_at"] < until)]
    ended = recent["answered_at"].fillna(recent["closed_at"])
    kind = np.where(recent["answered_at"].notna(), HAPPENED, np.where(recent["closed_at"].notna(), ENDED, WAITS))
    days = (ended.fillna(pd.Timestamp(until)) - recent["requested_at"]).dt.total_seconds().clip(lower=0.0) / DAY
    watched = recent.assign(days=days, kind=kind, skill=recent["skills"]).explode("skill").dropna(subset=["skill"])
    asked = demand(watched.rename(columns={"requested_at": "at"}), until)
    rows = []
    for skill, of_skill in watched.groupby("skill"):
        soon = cumulative_incidence(of_skill["days"].to_numpy(np.float64), of_skill["kind"].to_numpy(np.int64))
        met = soon.at(SOON_DAYS)
        shares = np.clip([1 - met.value, 1 - met.high, 1 - met.low], 0.0, 1.0)
        rows.append((str(skill), *shares.tolist(), int(asked.get(skill, 0))))
    return pd.DataFrame(rows, columns=["skill", "value", "low", "high", "n"])


def _of(skills: list[str], values: pd.Series[Any]) -> Floats:
    """Return the values of ``skills`` in order, 0 where there is none."""
    return np.array(values.reindex(skills, fill_value=0), dtype=np.float64)
