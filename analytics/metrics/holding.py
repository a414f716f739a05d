"""What the table says of who holds a skill: on how few people and places it rests, in the family "skill"."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.metrics.absence import (
    absence_factors,
    absence_places,
    active_holders,
    evidenced_holders,
    fragile_share,
    rarefied,
)
from analytics.metrics.evidence import MEMORY_WEEKS, held, pieces
from analytics.metrics.metric import SKILL_EVENTS, Metric
from analytics.week import Week


def holding(week: Week, *, evidence: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Return absence factors, holders and the share of fragile skills at the end of ``week``.

    Args:
        week: The week; its end is what ages are counted to.
        evidence: The reading: ``member, skill, rung, level, at`` of the members who are counted and there.
        labels: The reading: ``member, place``.

    Returns:
        ``metric, subject_kind, subject, value, low, high, n``: one row a skill and metric, and one for the network.
        ``n`` is the number of holders of a skill; for the network, of skills with an active holder.
    """
    standing = pieces(evidence, week.until)
    found = held(standing)
    active = active_holders(found, week.until)
    of_skills = {
        "absence_factor": absence_factors(found),
        "absence_factor_80": absence_factors(found, share=0.8),
        "absence_factor_equal": rarefied(standing),
        "absence_factor_places": absence_places(found, labels),
        "active_holders": active,
        "evidenced_holders": evidenced_holders(found),
    }
    named = [
        rows.rename(columns={"skill": "subject"}).assign(metric=metric, subject_kind="skill")
        for metric, rows in of_skills.items()
    ]
    share, many = fragile_share(active)
    fragile = pd.DataFrame({"subject": ["network"], "value": [share], "n": [many]})
    return pd.concat([*named, fragile.assign(metric="fragile_share", subject_kind="network")], ignore_index=True)


_row = partial(
    Metric,
    family="skill",
    compute=holding,
    readings=("evidence", "labels"),
    reads=SKILL_EVENTS,
    reach=MEMORY_WEEKS,
    layers=(),
)

HOLDING_METRICS = (
    *(
        _row(name=name, subject_kind="skill")
        for name in (
            "absence_factor",
            "absence_factor_80",
            "absence_factor_equal",
            "absence_factor_places",
            "active_holders",
            "evidenced_holders",
        )
    ),
    _row(name="fragile_share", subject_kind="network"),
)
