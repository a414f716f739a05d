"""Momentum: how many more people a week a skill has after a year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.momentum import growth, momentum
from analytics.week import Week

LAST = Week(date(2026, 11, 9))


def occasions(people: list[int], skill: str = "laser") -> pd.DataFrame:
    """Return so many people in each week, the last one in ``LAST``."""
    mondays = [LAST.monday - timedelta(weeks=age) for age in reversed(range(len(people)))]
    rows = [
        (skill, monday, pd.Timestamp(monday, tz="UTC"), "workshop", f"w{monday}", f"m{number}", "learner", "lab")
        for monday, many in zip(mondays, people, strict=True)
        for number in range(many)
    ]
    columns = ["skill", "week", "at", "kind", "occasion", "member", "role", "place"]
    return pd.DataFrame(rows, columns=columns)


def test_one_person_more_each_four_weeks_is_thirteen_more_in_a_year() -> None:
    found = momentum(occasions([10 + week // 4 for week in range(52)]), LAST)
    assert found["value"].tolist() == pytest.approx([13], rel=0.05)
    assert found["low"].iloc[0] < 13 < found["high"].iloc[0]
    assert found["n"].tolist() == [22]


def test_closed_weeks_are_no_fall() -> None:
    people = [8] * 52
    people[20:24] = [0] * 4
    closed = [LAST.monday - timedelta(weeks=51 - week) for week in range(20, 24)]
    assert momentum(occasions(people), LAST, closed)["value"].tolist() == pytest.approx([0], abs=0.2)


def test_half_a_year_is_needed_and_the_record_begins_with_its_first_occasion() -> None:
    assert np.isnan(momentum(occasions([5] * 25), LAST)["value"]).all()
    assert momentum(occasions([5] * 26), LAST)["value"].notna().all()


def test_a_skill_that_comes_late_was_absent_before_not_unknown() -> None:
    told = pd.concat([occasions([9] * 52, "old"), occasions([6] * 10, "new")])
    found = momentum(told, LAST).set_index("subject")
    assert found.loc["new", "n"] == 6
    assert found["value"].notna().all()


def test_without_an_occasion_there_is_no_row() -> None:
    assert momentum(occasions([]), LAST).empty
    assert growth(LAST, occasions=occasions([])).empty
