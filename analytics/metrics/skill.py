"""Skill counts: what happened about each skill, week by week."""

from __future__ import annotations

import pandas as pd

COUNTS = ["events", "people", "learned", "asked", "answered"]
CELL = ["skill", "week"]


def skill_week(occasions: pd.DataFrame) -> pd.DataFrame:
    """Return the raw counts of every skill in every week in which something happened.

    Definition: ``events`` counts distinct occasions, ``people`` the distinct members in them, ``learned`` the
    distinct learners at workshops, ``asked`` the requests and ``answered`` the answers by somebody else. A deleted
    account (null member) makes an event, and a request or an answer, but not a person.

    Args:
        occasions: One row per (occasion, member, skill) with ``skill``, ``week`` (Monday), ``kind`` ("workshop",
            "request", "answer", "use" or "statement"), ``occasion`` (id, unique within its kind), ``member`` (null
            where not known) and ``role`` (null but at workshops). Self-answers are absent. Rows may repeat.

    Returns:
        ``skill, week, events, people, learned, asked, answered`` (numbers of occasions or persons, >= 0), ordered by
        skill and week; a week without any has no row; no occasion gives no row.

    Cost: O(n log n) in the rows. Source: metrics.md, M6 ("count events and people both").
    """
    named = occasions[occasions["member"].notna()]
    learners = named[(named["kind"] == "workshop") & (named["role"] == "learner")]
    parts = {
        "events": _distinct(occasions, ["kind", "occasion"]),
        "people": _distinct(named, ["member"]),
        "learned": _distinct(learners, ["member"]),
        "asked": _distinct(occasions[occasions["kind"] == "request"], ["occasion"]),
        "answered": _distinct(occasions[occasions["kind"] == "answer"], ["occasion"]),
    }
    counts = pd.DataFrame(parts, index=parts["events"].index).fillna(0).astype("int64")
    return counts.sort_index().reset_index()[CELL + COUNTS]


def _distinct(occasions: pd.DataFrame, what: list[str]) -> pd.Series[int]:
    """Return how many distinct ``what`` each (skill, week) holds."""
    return occasions[CELL + what].drop_duplicates().groupby(CELL).size()
