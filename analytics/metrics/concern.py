"""Common concerns: themes that several organisations raise apart from one another, without naming one."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from analytics.disclosure import DEFAULT, Thresholds, publishable

RAISED_WEEKS = 13
PLACES = 2
"""Fewer places than this are a concern of one place."""


def common_concerns(
    requests: pd.DataFrame, *, since: datetime, until: datetime, thresholds: Thresholds = DEFAULT
) -> pd.DataFrame:
    """Return the themes that at least three organisations from at least two places asked about in ``[since, until)``.

    Definition: organisations are counted once however often they ask, places where such a request was asked, else
    nearest to the firm. A theme of which one organisation makes more than 85 % of the requests is its own concern, not
    a common one. What is no common concern has no row at all, not even a zero: nothing of it can be told.

    Args:
        requests: ``skill, request, organisation, place, at``, one row a request and skill; rows may repeat and come
            in any order; a null organisation (a person, a member who is not counted) raises nothing.
        since: Begin of the ``RAISED_WEEKS``.
        until: End of them, no longer in them.
        thresholds: How many organisations, and how large the largest may be.

    Returns:
        ``skill, organisations, places, requests`` (each a number) and ``contributions`` (the requests of each
        organisation, largest first), most organisations first, then by skill.

    Cost: O(n log n). Source: the project's own; thresholds as in ``analytics.disclosure``.
    """
    recent = requests[(requests["at"] >= since) & (requests["at"] < until) & requests["organisation"].notna()]
    rows = []
    for skill, asked in recent.drop_duplicates(["skill", "request"]).groupby("skill"):
        each = asked.groupby("organisation").size().sort_values(ascending=False).tolist()
        cell = publishable(len(each), people=None, organisations=each, thresholds=thresholds)
        if cell.mark == "shown" and asked["place"].nunique() >= PLACES:
            rows.append((str(skill), len(each), asked["place"].nunique(), len(asked), each))
    columns = ["skill", "organisations", "places", "requests", "contributions"]
    found = pd.DataFrame(rows, columns=columns).astype({"organisations": "int64", "places": "int64"})
    return found.sort_values(["organisations", "skill"], ascending=[False, True], ignore_index=True)
