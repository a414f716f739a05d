"""Frames as they may be published: what ``open_network(published=True)`` gives, each figure through the one gate.

A row that may not be shown stays, without its figures: it is missing, and its mark says why. Marks are those of
``publishable``: "shown", "suppressed" (too few behind it), "missing" (not defined) and "zero".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.disclosure import WITHHELD, Cell, Thresholds, publishable, publishable_column

COUNTS = ("events", "people", "learned", "asked", "answered")
OF_REQUESTS = (
    "demand",
    "gap",
    "unmet_share",
    "skill_answer_wait",
    "skill_answer_share",
    "skill_asked_after_learning",
    "concern_places",
)
"""Metrics that tell of the requests about a skill: firms stand behind them too."""


class _Counts(NamedTuple):
    """The counts of one skill in one week, and who stands behind its requests and answers."""

    events: int
    people: int
    learned: int
    asked: int
    answered: int
    requesters: int
    helpers: int
    parties: object


def published_metric(rows: pd.DataFrame, thresholds: Thresholds, askers: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the rows of a metric with a column ``mark``; ``value, low, high, n`` are missing where too few are behind.

    ``n`` is a number of people, so it passes the gate like the value that rests on it.

    Args:
        rows: ``week, subject, value, low, high, n`` and whatever else.
        thresholds: How many must stand behind a figure, and how large the largest of them may be.
        askers: ``subject, week, parties`` for one of ``OF_REQUESTS``: the requests of each party that asks.
    """
    parties = [None] * len(rows) if askers is None else _beside(rows, askers)
    told = list(zip(rows["value"].astype("float64"), (int(n) for n in rows["n"].fillna(0)), parties, strict=True))
    values = [publishable(value, people=n, organisations=each, thresholds=thresholds) for value, n, each in told]
    people = [publishable(n, people=n, organisations=each, thresholds=thresholds) for _, n, each in told]
    known = pd.Series([cell.value is not None for cell in values], index=rows.index, dtype="bool")
    return rows.assign(
        value=pd.Series([cell.value for cell in values], index=rows.index, dtype="float64"),
        low=rows["low"].where(known),
        high=rows["high"].where(known),
        n=_column(people, rows.index),
        mark=pd.Series([cell.mark for cell in values], index=rows.index, dtype="str"),
    )


def published_skills(rows: pd.DataFrame, behind: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Return ``skill, week``, the counts, and for each count a column ``<count>_mark``.

    Args:
        rows: The table ``skill_week``.
        behind: ``skill, week, requesters, helpers, parties``: who asked and who answered.
        thresholds: How many must stand behind a figure.
    """
    joined = rows.merge(behind, how="left", on=["skill", "week"])
    joined = joined.assign(requesters=joined["requesters"].fillna(0), helpers=joined["helpers"].fillna(0))
    told = (_Counts(*each) for each in joined[list(_Counts._fields)].itertuples(index=False))
    cells = [_cells(each, thresholds) for each in told]
    made = rows[["skill", "week"]].reset_index(drop=True)
    for place, count in enumerate(COUNTS):
        made[count] = _column([row[place] for row in cells], made.index)
    for place, count in enumerate(COUNTS):
        made[f"{count}_mark"] = pd.Series([row[place].mark for row in cells], index=made.index, dtype="str")
    return made


def _beside(rows: pd.DataFrame, askers: pd.DataFrame) -> list[list[float] | None]:
    """Return what each party adds to each row; None where nobody asked."""
    keys = zip(askers["subject"], pd.to_datetime(askers["week"]), strict=True)
    found = dict(zip(keys, askers["parties"], strict=True))
    mine = (found.get(key) for key in zip(rows["subject"], pd.to_datetime(rows["week"]), strict=True))
    return [None if each is None else [float(requests) for requests in each] for each in mine]


def _cells(counts: _Counts, thresholds: Thresholds) -> tuple[Cell, ...]:
    """Return the counts in their order.

    Where nothing but requests and answers happened, they add up to the events: then the events are withheld when
    they would tell the one of the two that is hidden.
    """
    parties = counts.parties if isinstance(counts.parties, np.ndarray) else ()  # none where nobody asked
    asked = publishable(
        counts.asked,
        people=int(counts.requesters),
        organisations=[float(each) for each in parties] or None,
        thresholds=thresholds,
    )
    answered = publishable(counts.answered, people=int(counts.helpers), thresholds=thresholds)
    events = publishable(counts.events, people=counts.people, thresholds=thresholds)
    one_is_hidden = (asked.mark == "suppressed") != (answered.mark == "suppressed")
    if one_is_hidden and counts.asked + counts.answered == counts.events:
        events = WITHHELD
    people, learned = publishable_column(
        [counts.people, counts.learned], people=[counts.people, counts.learned], thresholds=thresholds
    )
    return events, people, learned, asked, answered


def _column(cells: Sequence[Cell], index: pd.Index) -> pd.Series:
    """Return counts that may be missing."""
    return pd.Series([None if cell.value is None else int(cell.value) for cell in cells], index=index, dtype="Int64")
