"""What organisations learned before they asked, and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

INTERVAL = 0.90


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
