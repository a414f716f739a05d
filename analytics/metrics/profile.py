"""The capability profile of a place: figures side by side with their intervals and ranks, and no score."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import chain
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from analytics.kernels import Floats
from analytics.metrics.capability import (
    DRAWS,
    active_members,
    breadth,
    generator,
    held_at,
    place_absence,
    specialities,
)
from analytics.metrics.evidence import MEMORY_WEEKS
from analytics.metrics.evidence import evidence as standing
from analytics.metrics.metric import SKILL_EVENTS, TIE_EVENTS, Metric
from analytics.metrics.openness import answered, brokerage_of_places, porosity_of_places
from analytics.metrics.ranking import PRIOR, drawn_ranks, front_chances, rank_intervals
from analytics.metrics.snapshot import snapshot
from analytics.metrics.tie import ties
from analytics.week import Week

WEEKS = 13
Drawn: TypeAlias = tuple[pd.DataFrame, Floats]
"""A figure by place, and 200 draws of it, one row a place."""


def profile(
    week: Week,
    *,
    evidence: pd.DataFrame,
    labels: pd.DataFrame,
    requests: pd.DataFrame,
    participation: pd.DataFrame,
    answers: pd.DataFrame,
) -> pd.DataFrame:
    """Return what every place can do at the end of ``week``, one figure beside the other.

    Definition: skills as in ``analytics.metrics.capability``; answers, ties and paths as in
    ``analytics.metrics.openness``, over 13 weeks without decay. ``place_front`` is the share of 200 draws of the rate
    of answers, the breadth and the porosity in which no other place is at least as good in all three and better in
    one; a place of which one is not known cannot be beaten.

    Args:
        week: The week.
        evidence: The reading: ``member, skill, rung, level, at``.
        labels: The reading: ``member, place, country, facilitator``.
        requests: The reading: ``place, requester, organisation, requested_at, answered_at, closed_at``.
        participation: The reading: ``workshop, member, at, size``.
        answers: The reading: ``requester, helper, at``.

    Returns:
        ``metric, subject_kind, subject, value, low, high, n``: places in order within a metric; one row for a place of
        which there is anything to tell. n is people: holders, askers, or members in the network.

    Source: metrics.md, M10; Goldstein & Spiegelhalter 1996, JRSS A 159:385 (league tables and their limitations).
    """
    held = held_at(standing(evidence, week.until), labels)
    broad = breadth(held, week.until)
    asked = answered(requests, week.until)
    recent = partial(ties, since=(week + (1 - WEEKS)).since, until=week.until, half_life=None)
    met = snapshot(recent("copresence", participation, answers), directed=False)
    helped = snapshot(recent("help", participation, answers), directed=True)
    porous = porosity_of_places(met, labels)
    shown = {
        **_holding(held, broad, week.until),
        **_answering(asked),
        **_opening(porous, porosity_of_places(met, labels, abroad=True)[0], brokerage_of_places(helped, labels)),
        "place_front": _front(asked, broad, porous),
    }
    return pd.concat([_rows(metric, rows) for metric, rows in shown.items()], ignore_index=True)


def _holding(held: pd.DataFrame, broad: Drawn, until: datetime) -> dict[str, pd.DataFrame]:
    return {
        "place_holders": active_members(held, until),
        "place_absence_factor": place_absence(held),
        "place_specialities": specialities(held),
        "place_breadth": broad[0],
        "place_breadth_rank": _ranked(broad[0], drawn_ranks(broad[1])),
    }


def _answering(asked: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rates = rank_intervals(asked).assign(n=asked["n"])
    return {"place_answered": rates.assign(value=rates["rate"]), "place_answered_rank": _ranked(rates, rates)}


def _opening(porous: Drawn, abroad: pd.DataFrame, brokerage: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "place_porosity": porous[0],
        "place_porosity_rank": _ranked(porous[0], drawn_ranks(porous[1])),
        "place_porosity_abroad": abroad,
        "place_brokerage": brokerage,
    }


def _rows(metric: str, rows: pd.DataFrame) -> pd.DataFrame:
    kept = rows.rename(columns={"place": "subject"}).reindex(columns=["subject", "value", "low", "high", "n"])
    return kept.assign(metric=metric, subject_kind="place")


def _ranked(rows: pd.DataFrame, ranks: pd.DataFrame) -> pd.DataFrame:
    shown = ranks[["rank", "rank_low", "rank_high"]].set_axis(["value", "low", "high"], axis=1)
    return shown.assign(place=rows["place"], n=rows["n"])


def _front(asked: pd.DataFrame, *drawn: Drawn) -> pd.DataFrame:
    """Return ``place, value, n``: how surely no other place beats a place in answers and all that was drawn.

    Args:
        asked: What ``answered`` returns.
        drawn: Of each other figure its rows, by place, and the draws of each.
    """
    places = sorted({*asked["place"], *chain.from_iterable(rows["place"] for rows, _ in drawn)})
    vectors = np.full((DRAWS, len(places), 1 + len(drawn)), np.nan)
    rates = [_drawn_rates(*each) for each in zip(asked["place"], asked["successes"], asked["trials"], strict=True)]
    vectors[:, np.isin(places, asked["place"]), 0] = np.array(rates).reshape(-1, DRAWS).T
    for column, (rows, draws) in enumerate(drawn, start=1):
        vectors[:, np.isin(places, rows["place"]), column] = draws.T
    people = pd.concat([asked, *(rows for rows, _ in drawn)]).groupby("place")["n"].max().reindex(places)
    return pd.DataFrame({"place": places, "value": front_chances(vectors), "n": people.to_numpy(np.int64)})


def _drawn_rates(place: str, successes: int, trials: int) -> Floats:
    chance = generator(f"{place} answered").random(DRAWS)
    return np.asarray(betaincinv(successes + PRIOR, trials - successes + PRIOR, chance), np.float64)


PLACE_METRICS = tuple(
    Metric(
        name=name,
        family="skill",
        compute=profile,
        readings=("evidence", "labels", "requests", "participation", "answers"),
        reads=(*dict.fromkeys((*SKILL_EVENTS, *TIE_EVENTS)), "help.closed"),
        reach=MEMORY_WEEKS,
        layers=(),
        subject_kind="place",
    )
    for name in (
        "place_holders",
        "place_absence_factor",
        "place_specialities",
        "place_breadth",
        "place_breadth_rank",
        "place_answered",
        "place_answered_rank",
        "place_porosity",
        "place_porosity_rank",
        "place_porosity_abroad",
        "place_brokerage",
        "place_front",
    )
)
