"""What becomes of those who arrive: how soon they know somebody, and whether they stay; in the family "welcome"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.metrics.metric import TIE_EVENTS, Metric
from analytics.metrics.porosity import CONVERSATION
from analytics.metrics.survival import Estimate, Incidence, kaplan_meier
from analytics.week import Week

HISTORY = 26
"""Weeks of record before an arrival, without which anybody would look new."""
COHORT = 39
"""Weeks whose arrivals are followed: those of the first 13 have been watched for all that is asked of them."""
SETTLED = 13.0
"""Weeks after which a newcomer is looked at."""
SILENCE = 13.0
"""Weeks without an appearance after which somebody has gone, from the last appearance on."""
WEEK = pd.Timedelta(weeks=1)


def newcomers(
    week: Week, *, appearances: pd.DataFrame, participation: pd.DataFrame, answers: pd.DataFrame
) -> pd.DataFrame:
    """Return how those who arrived in the last 39 weeks found ties, and whether they stayed, at the end of ``week``.

    Definition: a newcomer's first appearance in what is read comes at least 26 weeks after the first of anybody; she is
    watched from then on. A tie is a workshop of at most 20 people together, or an answer between two, facilitators
    left out; she is integrated with ties to two people from two occasions. ``newcomer_tie_wait`` and
    ``newcomer_integration_wait``: weeks by which half have a tie, or are integrated; ``newcomer_tied`` and
    ``newcomer_integrated``: share by week 13; ``newcomer_retention``: share that still comes after week 13, without a
    silence of 13 weeks before. All by Kaplan-Meier: who has not been watched long enough counts for as long as she
    was. That somebody has gone is known 13 weeks later, so that retention rests on who arrived 13 weeks ago or
    earlier, each watched until 13 weeks before the end, whatever she did since.

    Args:
        week: The week; its end is when everybody is last seen.
        appearances: ``member, at``: who may be a newcomer, or met by one.
        participation: ``workshop, member, role, at, size``.
        answers: ``request, answer, requester, helper, at, accepted``.

    Returns:
        metric, subject_kind, subject ("network"), value, low, high (90 % interval), n (newcomers it rests on). NaN
        without a newcomer, while none was watched for long enough, and where half have no tie yet. The order of rows
        changes nothing, nor does a repeated row.

    Cost: O(a log a) for a appearances. Sources: CHAOSS, New Contributors; Kaplan & Meier 1958, JASA 53:457.
    """
    arrived = _arrivals(appearances, week.until)
    met = _met(participation, answers, set(arrived.index), set(appearances["member"].unique()))
    tied = _until(arrived, met.groupby("newcomer")["at"].min(), week.until)
    both = pd.concat([_second(met, "other"), _second(met, "occasion")], axis=1).max(axis=1, skipna=False)
    integrated = _until(arrived, both.dropna(), week.until)
    settled = arrived[arrived <= week.until - SILENCE * WEEK]
    theirs = appearances[appearances["member"].isin(settled.index)]
    gone = _until(settled, _last_before_silence(theirs, week.until), week.until - SILENCE * WEEK)
    left = gone.at(SETTLED)
    figures = [
        ("newcomer_tie_wait", tied.median, len(arrived)),
        ("newcomer_tied", tied.at(SETTLED), len(arrived)),
        ("newcomer_integration_wait", integrated.median, len(arrived)),
        ("newcomer_integrated", integrated.at(SETTLED), len(arrived)),
        ("newcomer_retention", Estimate(1 - left.value, 1 - left.high, 1 - left.low), len(settled)),
    ]
    rows = [(metric, "network", "network", each.value, each.low, each.high, n) for metric, each, n in figures]
    return pd.DataFrame(rows, columns=["metric", "subject_kind", "subject", "value", "low", "high", "n"])


def _arrivals(appearances: pd.DataFrame, until: datetime) -> pd.Series[Any]:
    """Return when each newcomer first appeared; nobody is one in the first 26 weeks of what is told."""
    first = appearances.groupby("member")["at"].min()
    new: pd.Series[Any] = first[(first >= until - COHORT * WEEK) & (first >= first.min() + HISTORY * WEEK)]
    return new


def _met(participation: pd.DataFrame, answers: pd.DataFrame, arrived: set[str], people: set[str]) -> pd.DataFrame:
    """Return ``newcomer, other, occasion, at``: every meeting of a newcomer with one of ``people``."""
    small = participation[participation["size"] <= CONVERSATION].drop_duplicates(["workshop", "member"])
    here = small[["workshop", "member", "at"]].set_axis(["occasion", "newcomer", "at"], axis=1)
    there = small[["workshop", "member"]].set_axis(["occasion", "other"], axis=1)
    together = here[here["newcomer"].isin(arrived)].merge(there, on="occasion")
    given = answers[["request", "requester", "helper", "at"]].set_axis(["occasion", "newcomer", "other", "at"], axis=1)
    taken = given.rename(columns={"newcomer": "other", "other": "newcomer"})
    helped = pd.concat([given, taken])
    met = pd.concat(
        [
            together.assign(occasion="workshop " + together["occasion"]),
            helped.assign(occasion="request " + helped["occasion"]),
        ],
        ignore_index=True,
    )
    return met[met["newcomer"].isin(arrived) & met["other"].isin(people) & (met["newcomer"] != met["other"])]


def _second(met: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Return when each newcomer met the second of her people, or on the second of her occasions."""
    each = met.groupby(["newcomer", column])["at"].min().sort_values().reset_index()
    second = each[each.groupby("newcomer").cumcount() == 1]
    return second.set_index("newcomer")["at"].rename(column)


def _last_before_silence(appearances: pd.DataFrame, until: datetime) -> pd.Series[Any]:
    """Return when those who have once been silent for 13 weeks last appeared before it."""
    ordered = appearances.sort_values(["member", "at"])
    following = ordered.groupby("member")["at"].shift(-1).fillna(pd.Timestamp(until))
    return ordered[following - ordered["at"] >= SILENCE * WEEK].groupby("member")["at"].min()


def _until(arrived: pd.Series[Any], happened: pd.Series[Any], until: datetime) -> Incidence:
    """Return how the share of newcomers to whom it has happened grows with the weeks since their arrival."""
    waited = _weeks(happened.reindex(arrived.index) - arrived).clip(lower=0.0)
    watched = _weeks(until - arrived)
    known = waited.notna()
    durations = np.asarray(waited.where(known, watched), np.float64)
    return kaplan_meier(durations, np.asarray(known, np.bool_), watched=float(watched.max()))


def _weeks(time: pd.Series[Any]) -> pd.Series[float]:
    weeks: pd.Series[float] = time.dt.total_seconds() / WEEK.total_seconds()
    return weeks


NEWCOMER_METRICS = tuple(
    Metric(
        name=name,
        family="welcome",
        compute=newcomers,
        readings=("appearances", "participation", "answers"),
        reads=(*TIE_EVENTS, "machine.used", "skill.declared", "skill.certified"),
        reach=HISTORY + COHORT,
        layers=(),
        subject_kind="network",
    )
    for name in (
        "newcomer_tie_wait",
        "newcomer_tied",
        "newcomer_integration_wait",
        "newcomer_integrated",
        "newcomer_retention",
    )
)
