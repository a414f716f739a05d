"""How open a place is: whether it is answered, whether its people meet others, whether they carry help across."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats
from analytics.metrics.brokerage import brokerage
from analytics.metrics.capability import DRAWS, ends, generator
from analytics.metrics.porosity import groups_of
from analytics.metrics.snapshot import Snapshot

WATCHED = timedelta(weeks=13)
SOON = timedelta(days=14)

Mask = NDArray[np.bool_]


def answered(requests: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return how many requests asked at each place were answered within 14 days, of those that were watched that long.

    Definition: the requests of the 13 weeks that ended 14 days before ``until``. One that was closed within 14 days
    without an answer is left out: nobody was asked to answer it any more.

    Args:
        requests: ``place, requester, organisation, requested_at, answered_at, closed_at``, one row a request, as known
            at ``until``; answered_at is the first answer by somebody else.
        until: End of the 14 days of the last one.

    Returns:
        ``place, successes, trials, n`` (distinct askers that are known, firms once), by place; places without such a
        request have no row.
    """
    asked = requests["requested_at"]
    watched = requests[(asked >= until - SOON - WATCHED) & (asked < until - SOON) & requests["place"].notna()]
    in_time = watched["answered_at"] - watched["requested_at"] <= SOON
    closed = watched["closed_at"] - watched["requested_at"] <= SOON
    asker = watched["organisation"].where(watched["organisation"].notna(), watched["requester"])
    counted = watched.assign(in_time=in_time, asker=asker)[in_time | ~closed]
    found = counted.groupby("place", as_index=False).agg(
        successes=("in_time", "sum"), trials=("in_time", "size"), n=("asker", "nunique")
    )
    return found.astype({"successes": "int64", "trials": "int64", "n": "int64"})


def porosity_of_places(met: Snapshot, labels: pd.DataFrame, *, abroad: bool = False) -> tuple[pd.DataFrame, Floats]:
    """Return how much the people of each place meet those of other places, held against chance.

    Definition: the share of the strength of the place's members that goes to members of other known places, over the
    share that would if everybody met everybody alike, (all others) / (all but oneself). Not the z of ``mixing``: that
    grows with the number of ties, so that a small or idle place would look more open than a large one that is as open.
    Interval: 90 %, members of the place drawn with replacement.

    Args:
        met: Ties of copresence.
        labels: ``member, place, country``.
        abroad: Others are only those whose country is known and not that of the place (of most of its members).

    Returns:
        ``place, value, low, high, n`` (members of the place in the network), by place, and 200 draws a place. 1: as
        chance, 0: they keep to themselves. NaN where there is no tie, or nobody to meet.

    Cost: O(ties + places * members). Source: Krackhardt & Stern 1988, Soc. Psych. Quarterly 51:123.
    """
    known = labels.dropna(subset=["place"])
    plain = met.undirected
    place, country = groups_of(met, known, "place"), groups_of(met, known, "country")
    one, other = np.repeat(np.arange(plain.size), np.diff(plain.indptr)), plain.indices
    names = sorted(known["place"].unique())
    made = []
    for number in range(len(names)):
        here = place == number
        others = (place >= 0) & ~here & (_foreign(country, here) if abroad else True)
        mine = here[one] & (place[other] >= 0)
        strength = np.bincount(one[mine], plain.strength[mine], plain.size)[here]
        crossing = np.bincount(one[mine], plain.strength[mine] * others[other[mine]], plain.size)[here]
        chance = others.sum() / max(int((place >= 0).sum()) - 1, 1)
        made.append((crossing, strength * chance))
    return _ratios(names, made)


def brokerage_of_places(helped: Snapshot, labels: pd.DataFrame) -> pd.DataFrame:
    """Return how much more often than by chance the people of each place carry help over a line between places.

    Definition: ratio of ``brokerage``, observed over expected, summed over the members of the place and every role but
    the coordinator, which stays within. Facilitators are left out: they stand on every request. Interval: 90 %,
    members of the place drawn with replacement.

    Args:
        helped: Ties of help, requester to helper.
        labels: ``member, place, facilitator``.

    Returns:
        ``place, value, low, high, n`` (members of the place in the network), by place. NaN where nobody of it is in
        between.

    Cost and sources as of ``brokerage``.
    """
    known = labels.dropna(subset=["place"])
    staff = np.isin(helped.members, known.loc[known["facilitator"].astype("bool"), "member"])
    place = np.where(staff, -1, groups_of(helped, known, "place"))
    found = brokerage(helped, place)
    observed, expected = found.roles[:, 1:].sum(axis=1), np.nan_to_num(found.expected[:, 1:].sum(axis=1))
    names = sorted(known["place"].unique())
    return _ratios(names, [(observed[place == number], expected[place == number]) for number in range(len(names))])[0]


def _foreign(country: NDArray[np.int64], here: Mask) -> Mask:
    """Return who is of a known country other than that of most of those who are here; nobody where it is not known."""
    homes = np.bincount(country[here & (country >= 0)])
    return (country >= 0) & (country != homes.argmax()) if len(homes) else np.zeros_like(here)


def _ratios(names: list[str], made: list[tuple[Floats, Floats]]) -> tuple[pd.DataFrame, Floats]:
    """Return the ratio of two sums over the members of each place with its interval, and 200 draws of it."""
    rows, draws = [], np.full((len(names), DRAWS), np.nan)
    for number, (name, (observed, expected)) in enumerate(zip(names, made, strict=True)):
        many = len(observed)
        if expected.sum() > 0:
            times = generator(name).multinomial(many, np.full(many, 1 / many), size=DRAWS)
            below = times @ expected
            draws[number] = np.divide(times @ observed, below, out=draws[number], where=below > 0)
        value = float(observed.sum() / expected.sum()) if expected.sum() > 0 else float("nan")
        rows.append((name, value, *ends(draws[number]), many))
    return pd.DataFrame(rows, columns=["place", "value", "low", "high", "n"]), draws
