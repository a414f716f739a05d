"""How long requests wait for a first answer, those that still wait included; in the family "welcome"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from analytics.metrics.metric import Metric
from analytics.metrics.survival import ENDED, HAPPENED, WAITS, cumulative_incidence, kaplan_meier
from analytics.week import Week

WEEKS = 26
SOON = 14.0
"""Days within which an answer came soon."""
FEWEST = 5
"""Fewer askers than this make no figure of a skill or a place."""
SECONDS_A_DAY = 86_400

Kind = Literal["network", "skill", "place"]


class Row(NamedTuple):
    """One figure, in the columns of a pass."""

    metric: str
    subject_kind: str
    subject: str
    value: float
    low: float
    high: float
    n: int


def waiting(week: Week, *, requests: pd.DataFrame) -> pd.DataFrame:
    """Return how long the requests of the last 26 weeks wait, at the end of ``week``: of all, by skill and by place.

    Definition: a request waits from when it was asked to the first answer by somebody known other than the requester.
    ``answer_share``: share answered within 14 days, after Aalen and Johansen; a request closed before any answer
    (withdrawn, expired, solved elsewhere) never gets one and counts in full, one that is still open may get one.
    ``answer_wait``: days by which half are answered, after Kaplan and Meier; a closed request is kept as one that
    waits on, so that a request without an answer, open or closed, never lowers it. ``answer_open``: those that wait.

    Args:
        week: The week; its end is when requests are last seen.
        requests: The reading, in any order, one row a request; a repeated row changes nothing. An answer that was
            recorded before its request counts as given at once.

    Returns:
        metric, subject_kind, subject, value, low, high (90 % interval), n: distinct askers, a firm being one however
        often it asks. Skills and places stand in it from five askers on. NaN: no request at all, nobody has been
        watched for 14 days, or half are not answered yet, which is known to take longer than ``low``.

    Cost: O(r log r) for r requests times their skills. Sources: Kaplan & Meier 1958, JASA 53:457; Aalen & Johansen
    1978, Scand. J. Statistics 5:141; that waiting on is sound where everybody is watched until the same day: Fine &
    Gray 1999, JASA 94:496.
    """
    asked = _asked(requests, week.until)
    themes = asked.explode("skills").drop_duplicates(["request", "skills"])
    found = [*_network(asked), *_each("skill", "skills", themes), *_each("place", "place", asked)]
    return pd.DataFrame(found, columns=list(Row._fields))


def _asked(requests: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return ``request, asker, place, skills, kind, days, age`` of each request."""
    rows = requests.drop_duplicates("request")
    asked, answered, closed = rows["requested_at"], rows["answered_at"], rows["closed_at"]
    happened = answered.notna() & ~(closed < answered)
    ended = closed.notna() & ~happened
    age = _days(until - asked)
    days = _days(answered - asked).where(happened, _days(closed - asked).where(ended, age))
    return pd.DataFrame(
        {
            "request": rows["request"],
            "asker": rows["organisation"].where(rows["organisation"].notna(), rows["requester"]),
            "place": rows["place"],
            "skills": rows["skills"],
            "kind": np.select([happened, ended], [HAPPENED, ENDED], WAITS),
            "days": days.clip(lower=0.0),
            "age": age,
        }
    )


def _days(time: pd.Series[Any]) -> pd.Series[float]:
    days: pd.Series[float] = time.dt.total_seconds() / SECONDS_A_DAY
    return days


def _network(asked: pd.DataFrame) -> Iterator[Row]:
    still = float((asked["kind"] == WAITS).sum())
    yield from _figures("network", "network", asked)
    yield Row("answer_open", "network", "network", still, np.nan, np.nan, asked["asker"].nunique())


def _each(kind: Kind, column: str, asked: pd.DataFrame) -> Iterator[Row]:
    """Return the figures of each skill or place that enough have asked for or in, by name."""
    askers: pd.Series[Any] = asked.groupby(column)["asker"].nunique()
    for subject, rows in asked[asked[column].isin(askers.index[askers >= FEWEST])].groupby(column):
        yield from _figures(kind, str(subject), rows)


def _figures(kind: Kind, subject: str, asked: pd.DataFrame) -> Iterator[Row]:
    kinds, days = asked["kind"].to_numpy(np.int64), asked["days"].to_numpy(np.float64)
    waits_on = np.where(kinds == ENDED, asked["age"].to_numpy(np.float64), days)
    wait = kaplan_meier(waits_on, kinds == HAPPENED).median
    share = cumulative_incidence(days, kinds, watched=float(asked["age"].max())).at(SOON)
    askers = asked["asker"].nunique()
    for metric, found in (("answer_wait", wait), ("answer_share", share)):
        yield Row(_name(metric, kind), kind, subject, found.value, found.low, found.high, askers)


def _name(metric: str, kind: Kind) -> str:
    return metric if kind == "network" else f"{kind}_{metric}"


_row = partial(
    Metric,
    family="welcome",
    compute=waiting,
    readings=("requests",),
    reads=("help.requested", "help.answered", "help.closed"),
    reach=WEEKS,
    layers=(),
)

WAITING_METRICS = (
    *(
        _row(name=_name(metric, kind), subject_kind=kind)
        for metric in ("answer_wait", "answer_share")
        for kind in get_args(Kind)
    ),
    _row(name="answer_open", subject_kind="network"),
)
