"""What organisations learned before they asked, and after; in the family "skill"."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analytics.metrics.metric import Metric
from analytics.week import Week

INTERVAL = 0.90
WEEKS = 52
FEWEST = 3
"""Fewer organisations than this make no figure of a skill: it would tell of one."""


def learning(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many requests about each skill came from organisations that had learned something of it before.

    Definition: a request came after learning when somebody of its organisation was a learner at a workshop that taught
    the skill and began before the request; it was followed by learning when such a workshop began later. Requests of
    one organisation are not independent, hence the number of organisations beside them.

    Args:
        facts: organisation, skill, kind ("learned", "asked"), occasion, at: one row an occasion; a repeated row
            changes nothing, nor does the order of rows.

    Returns:
        skill, requests, organisations (which asked), after, share (after / requests), low, high (Wilson's 90 %
        interval of the share), followed (requests with a workshop later); one row a skill that was asked for, by
        skill; empty without requests.

    It says nothing about why: a firm that learns may ask because it learned, or both because it grows.
    Cost: O(n log n). Source of the interval: Wilson 1927, JASA 22:209.
    """
    asked = facts[facts["kind"] == "asked"].drop_duplicates(["skill", "occasion"])
    workshops = facts[facts["kind"] == "learned"].groupby(["organisation", "skill"])["at"].agg(["min", "max"])
    known = asked.merge(workshops, on=["organisation", "skill"], how="left")
    known = known.assign(after=known["min"] < known["at"], followed=known["max"] > known["at"])
    found = (
        known.groupby("skill")
        .agg(
            requests=("occasion", "size"),
            organisations=("organisation", "nunique"),
            after=("after", "sum"),
            followed=("followed", "sum"),
        )
        .reset_index()
    )
    low, high = wilson(found["after"].to_numpy(np.float64), found["requests"].to_numpy(np.float64))
    found = found.assign(share=found["after"] / found["requests"], low=low, high=high)
    return found[["skill", "requests", "organisations", "after", "share", "low", "high", "followed"]]


def wilson(
    hits: np.typing.NDArray[np.float64], of: np.typing.NDArray[np.float64], level: float = INTERVAL
) -> tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.float64]]:
    """Return the ends of Wilson's interval of the share ``hits / of`` (``of`` > 0), within 0 and 1."""
    z = float(ndtri((1 + level) / 2))
    share = hits / of
    middle = share + z**2 / (2 * of)
    width = z * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    scale = 1 + z**2 / of
    return (middle - width) / scale, (middle + width) / scale


def learned(week: Week, *, organisation_skill: pd.DataFrame) -> pd.DataFrame:
    """Return what share of the year's requests came after some learning, of each skill and of all, as ``learning``.

    Returns:
        metric, subject_kind, subject, value, low, high, n (organisations that asked): a row a skill that three
        organisations or more asked about, and one for the network, NaN without a request.
    """
    del week
    found = learning(organisation_skill)
    asked = organisation_skill.loc[organisation_skill["kind"] == "asked", "organisation"].nunique()
    hits, of = float(found["after"].sum()), float(found["requests"].sum())
    low, high = wilson(np.array([hits]), np.array([of])) if of else (np.array([np.nan]),) * 2
    of_skills = found[found["organisations"] >= FEWEST].rename(
        columns={"skill": "subject", "share": "value", "organisations": "n"}
    )
    rows = of_skills.assign(metric="skill_asked_after_learning", subject_kind="skill")
    total = {"metric": "asked_after_learning", "subject_kind": "network", "subject": "network", "n": asked}
    whole = pd.DataFrame([{**total, "value": hits / of if of else np.nan, "low": low[0], "high": high[0]}])
    columns = ["metric", "subject_kind", "subject", "value", "low", "high", "n"]
    return pd.concat([rows[columns], whole[columns]], ignore_index=True)


_row = partial(
    Metric,
    family="skill",
    compute=learned,
    reads=("workshop.held", "help.requested"),
    readings=("organisation_skill",),
    reach=WEEKS,
    layers=(),
)

LEARNING_METRICS = (
    _row(name="asked_after_learning", subject_kind="network"),
    _row(name="skill_asked_after_learning", subject_kind="skill"),
)
