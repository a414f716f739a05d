"""Waiting for an answer: by hand, the oracle of the unanswered, and the withdrawn who count in full."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.family import passes
from analytics.metrics.waiting import WAITING_METRICS, waiting
from analytics.week import Week

WEEK = Week(date(2026, 11, 9))


class Asked(NamedTuple):
    """A request, in days: how long ago, and after how many it was answered or closed, if it was."""

    ago: float
    answered: float | None = None
    closed: float | None = None
    requester: str | None = None
    organisation: str | None = None
    place: str | None = None
    skills: tuple[str, ...] = ()


def requests(*asked: Asked, week: Week = WEEK) -> pd.DataFrame:
    """Return the reading of these requests; who asked is somebody else each time, where it is not said."""
    frame = pd.DataFrame(asked, columns=list(Asked._fields))
    ago = pd.to_timedelta(frame["ago"].astype("float64"), unit="D")
    at = (pd.Timestamp(week.until) - ago).astype("datetime64[us, UTC]")
    names = pd.Series([f"r{number}" for number in range(len(frame))], dtype="str")
    return pd.DataFrame(
        {
            "request": names,
            "requester": frame["requester"].fillna("m_" + names),
            "organisation": frame["organisation"],
            "place": frame["place"],
            "skills": frame["skills"],
            "requested_at": at,
            "answered_at": at + pd.to_timedelta(frame["answered"].astype("float64"), unit="D"),
            "closed_at": at + pd.to_timedelta(frame["closed"].astype("float64"), unit="D"),
        }
    )


def figures(*asked: Asked) -> pd.DataFrame:
    return waiting(WEEK, requests=requests(*asked)).set_index(["metric", "subject"])


def value(rows: pd.DataFrame, metric: str, subject: str = "network", column: str = "value") -> float:
    return float(rows[column][metric, subject])


def test_the_median_counts_those_that_wait() -> None:
    answered = [Asked(100, days) for days in (1, 2, 3)]
    assert value(figures(*answered), "answer_wait") == 2
    assert value(figures(*answered, Asked(100), Asked(100)), "answer_wait") == 3
    assert np.isnan(value(figures(*answered, *[Asked(100)] * 4), "answer_wait")), "more than half wait"


def test_a_request_of_yesterday_is_not_one_that_nobody_answered_in_14_days() -> None:
    old = [Asked(100, 3), Asked(100)]
    rows = figures(*old, *[Asked(1)] * 10)
    assert value(rows, "answer_share") == value(figures(*old), "answer_share") == 0.5
    assert value(rows, "answer_open") == 11


def test_a_withdrawn_request_counts_in_full() -> None:
    asked = (Asked(100, 1), Asked(100, closed=2), Asked(100, closed=2), Asked(100, 3))
    assert value(figures(*asked), "answer_share") == 0.5
    assert value(figures(*asked), "answer_wait") == 3
    if_they_were_only_out_of_sight = (Asked(100, 1), Asked(2), Asked(2), Asked(100, 3))
    assert value(figures(*if_they_were_only_out_of_sight), "answer_share") == 1
    assert value(figures(*asked), "answer_open") == 0


@pytest.mark.parametrize(("closed", "share"), [(1.0, 0.0), (2.0, 1.0), (3.0, 1.0)])
def test_an_answer_counts_when_the_request_is_not_closed_before_it(closed: float, share: float) -> None:
    assert value(figures(Asked(100, 2, closed=closed)), "answer_share") == share


def test_fourteen_days_are_soon_and_more_are_not() -> None:
    assert value(figures(Asked(100, 14.0)), "answer_share") == 1
    assert value(figures(Asked(100, 14.01)), "answer_share") == 0


def test_an_answer_recorded_before_its_request_came_at_once() -> None:
    assert value(figures(Asked(100, -3)), "answer_wait") == 0


def test_without_a_request_no_row_of_the_network_is_missing_and_nothing_is_said() -> None:
    rows = figures()
    assert rows.index.tolist() == [(metric, "network") for metric in ("answer_wait", "answer_share", "answer_open")]
    assert rows["n"].eq(0).all()
    assert value(rows, "answer_open") == 0
    assert rows.drop(index=("answer_open", "network"))["value"].isna().all()


def test_in_the_first_week_of_all_nobody_has_been_watched_for_14_days() -> None:
    rows = figures(Asked(6, 1), Asked(5))
    assert np.isnan(value(rows, "answer_share"))
    assert value(rows, "answer_wait") == 1


def test_skills_and_places_stand_in_it_from_five_askers_on_a_firm_being_one() -> None:
    five = [Asked(100, days, skills=("cnc", "laser"), place="Belfort") for days in range(1, 6)]
    four = [Asked(100, 9, skills=("laser",), place="Sion") for _ in range(4)]
    a_firm = [Asked(100, 9, skills=("cad",), place="Sion", organisation="o_1") for _ in range(9)]
    rows = figures(*five, *four, *a_firm)
    assert value(rows, "skill_answer_wait", "cnc") == value(rows, "place_answer_wait", "Belfort") == 3
    assert value(rows, "skill_answer_wait", "laser") == 5
    assert value(rows, "skill_answer_share", "laser", "n") == 9
    assert value(rows, "place_answer_share", "Sion", "n") == 5
    assert ("skill_answer_wait", "cad") not in rows.index
    assert value(rows, "answer_wait", column="n") == 10


def test_every_row_is_of_a_card_and_one_pass_makes_them_all() -> None:
    rows = figures(*[Asked(100, 1, skills=("cnc",), place="Belfort")] * 5).reset_index()
    kinds = dict(zip(rows["metric"], rows["subject_kind"], strict=True))
    assert kinds == {metric.name: metric.subject_kind for metric in WAITING_METRICS}
    assert len(passes(WAITING_METRICS)) == 1


def known(each: Asked) -> Asked:
    """Return the request without what comes after the week."""
    seen = [None if days is None or days > each.ago else days for days in (each.answered, each.closed)]
    return each._replace(answered=seen[0], closed=seen[1])


DAYS = st.none() | st.integers(0, 60).map(float)
ASKED = st.builds(
    Asked,
    ago=st.integers(1, 180).map(float),
    answered=DAYS,
    closed=DAYS,
    place=st.sampled_from(["A", "B", None]),
    skills=st.sets(st.sampled_from("xyz")).map(tuple),
).map(known)
SOME = st.lists(ASKED, max_size=25)


@given(SOME, ASKED)
@settings(max_examples=60)
def test_one_more_request_without_an_answer_never_lowers_the_median(asked: list[Asked], more: Asked) -> None:
    before = value(figures(*asked), "answer_wait")
    after = value(figures(*asked, more._replace(answered=None)), "answer_wait")
    assert np.isnan(after) or after >= before


@given(SOME, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_neither_the_order_of_requests_nor_a_repeated_one_changes_anything(asked: list[Asked], random: Random) -> None:
    read = requests(*asked)
    shuffled = read.iloc[random.sample(range(len(read)), len(read))]
    again = waiting(WEEK, requests=pd.concat([shuffled, shuffled.head(3)]))
    pd.testing.assert_frame_equal(again, waiting(WEEK, requests=read), check_exact=True)


@given(SOME, st.integers(-1, 1))
@settings(max_examples=30)
def test_a_year_earlier_it_would_have_been_the_same(asked: list[Asked], years: int) -> None:
    other = WEEK + 52 * years
    moved = waiting(other, requests=requests(*asked, week=other))
    pd.testing.assert_frame_equal(moved, waiting(WEEK, requests=requests(*asked)), rtol=1e-9)


def test_the_truth_is_found_where_the_answered_alone_look_twice_as_good() -> None:
    rng = np.random.default_rng(8)
    ago, wait = rng.uniform(0.01, 30, 2000), rng.exponential(14.0, 2000)
    asked = [Asked(each, days if days < each else None) for each, days in zip(ago, wait, strict=True)]
    rows = figures(*asked)
    low, high = (value(rows, "answer_wait", column=end) for end in ("low", "high"))
    assert np.median([each.answered for each in asked if each.answered is not None]) < 6
    assert low < 14 * np.log(2) < high
    assert high - low < 2
