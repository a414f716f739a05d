"""What the table says of who asks for a skill: demand against supply, and common concerns; in the family "skill"."""

from __future__ import annotations

from functools import partial

import pandas as pd

from analytics.metrics.concern import RAISED_WEEKS, common_concerns
from analytics.metrics.evidence import MEMORY_WEEKS
from analytics.metrics.evidence import evidence as standing
from analytics.metrics.metric import SKILL_EVENTS, Metric
from analytics.metrics.supply import ASKED, shortages, supply_gap, unmet
from analytics.week import Week

ASKED_WEEKS = ASKED.days // 7


def tightness(week: Week, *, evidence: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Return demand, supply and the gap between them of every skill at the end of ``week``, and how many are short.

    Args:
        week: The week; its end is what ages are counted to.
        evidence: The reading: ``member, skill, rung, level, at`` of the members who are counted and there.
        demand: The reading: ``skill, request, requester, organisation, at``.

    Returns:
        ``metric, subject_kind, subject, value, low, high, n``; n is the number of distinct requesters, of holders for
        the supply, of skills that are asked for in the network.
    """
    found = standing(evidence, week.until)
    gaps = supply_gap(demand, found, week.until)
    short, many = shortages(gaps)
    network = pd.DataFrame({"subject": ["network"], "value": [short], "n": [many]})
    sides = gaps.drop(columns=["low", "high"])
    return pd.concat(
        [
            _of_skills("gap", gaps),
            _of_skills("demand", sides.assign(value=sides["demand"].astype("float64"))),
            _of_skills("supply", sides.assign(value=sides["supply"], n=sides["holders"])),
            network.assign(metric="short_skills", subject_kind="network"),
        ],
        ignore_index=True,
    )


def waiting(week: Week, *, requests: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each skill's requests that nobody answers in time, in rows as of ``tightness``."""
    return _of_skills("unmet_share", unmet(requests, week.until))


def concerns(week: Week, *, demand: pd.DataFrame) -> pd.DataFrame:
    """Return of each common concern how many organisations raise it and at how many places, and how many there are.

    Args:
        week: The week; the 13 weeks that end with it count.
        demand: The reading: ``skill, request, organisation, place, at``.

    Returns:
        Rows as of ``tightness``; n is the number of organisations, for the network of common concerns.
    """
    found = common_concerns(demand, since=(week + (1 - RAISED_WEEKS)).since, until=week.until)
    many = [_of_skills(f"concern_{what}", _counted(found, what)) for what in ("organisations", "places")]
    network = pd.DataFrame({"subject": ["network"], "value": [float(len(found))], "n": [len(found)]})
    return pd.concat([*many, network.assign(metric="concerns", subject_kind="network")], ignore_index=True)


def _counted(found: pd.DataFrame, what: str) -> pd.DataFrame:
    return pd.DataFrame({"skill": found["skill"], "value": found[what].astype("float64"), "n": found["organisations"]})


def _of_skills(metric: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns={"skill": "subject"}).assign(metric=metric, subject_kind="skill")


_gap = partial(
    Metric,
    family="skill",
    compute=tightness,
    readings=("evidence", "demand"),
    reads=SKILL_EVENTS,
    reach=MEMORY_WEEKS,
    layers=(),
)

_concern = partial(
    Metric,
    family="skill",
    compute=concerns,
    readings=("demand",),
    reads=("help.requested",),
    reach=RAISED_WEEKS,
    layers=(),
)

DEMAND_METRICS = (
    *(_gap(name=name, subject_kind="skill") for name in ("gap", "demand", "supply")),
    _gap(name="short_skills", subject_kind="network"),
    Metric(
        name="unmet_share",
        family="skill",
        compute=waiting,
        readings=("requests",),
        reads=("help.requested", "help.answered", "help.closed"),
        reach=ASKED_WEEKS,
        layers=(),
        subject_kind="skill",
    ),
    *(_concern(name=name, subject_kind="skill") for name in ("concern_organisations", "concern_places")),
    _concern(name="concerns", subject_kind="network"),
)
