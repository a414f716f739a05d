"""Newcomers: who is one, when she is tied and integrated, and who stays, as far as that can be known yet."""

from __future__ import annotations

from datetime import date
from itertools import chain
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.family import passes
from analytics.metrics.newcomer import NEWCOMER_METRICS, newcomers
from analytics.week import Week

WEEK = Week(date(2026, 11, 9))
Seen = tuple[str, float]
"""A member, and how many weeks before the end she appeared."""
Workshop = tuple[str, float]
"""Its members, a letter each, and how many weeks before the end it was."""
OLD: list[Seen] = [("z", 65.0), *(("z", float(weeks)) for weeks in range(1, 65, 5))]
"""Somebody who has always been there: without her, everybody would look new."""


def at(ago: list[float], week: Week = WEEK) -> pd.Series[pd.Timestamp]:
    return (pd.Timestamp(week.until) - pd.to_timedelta(pd.Series(ago, dtype="float64") * 7, unit="D")).astype(
        "datetime64[us, UTC]"
    )


def appearances(seen: list[Seen], week: Week = WEEK) -> pd.DataFrame:
    return pd.DataFrame(
        {"member": pd.Series([who for who, _ in seen], dtype="str"), "at": at([ago for _, ago in seen], week)}
    )


def participation(workshops: list[Workshop], week: Week = WEEK, size: int | None = None) -> pd.DataFrame:
    rows = [(f"w{number}", who, ago, len(there)) for number, (there, ago) in enumerate(workshops) for who in there]
    return pd.DataFrame(
        {
            "workshop": pd.Series([name for name, *_ in rows], dtype="str"),
            "member": pd.Series([who for _, who, *_ in rows], dtype="str"),
            "role": pd.Series(["learner"] * len(rows), dtype="str"),
            "at": at([ago for *_, ago, _ in rows], week),
            "size": pd.Series([size or many for *_, many in rows], dtype="int64"),
        }
    )


def answers(*given: tuple[str, str, str, float], week: Week = WEEK) -> pd.DataFrame:
    """Return the reading of answers: the request, who asked it, who answered, and when."""
    columns = ["request", "requester", "helper", "ago"]
    frame = pd.DataFrame(given, columns=columns).astype(dict.fromkeys(columns[:3], "str"))
    return frame.assign(
        answer=frame["request"] + frame["helper"], at=at(frame.pop("ago").tolist(), week), accepted=False
    )


NO_ANSWER = answers()


def figures(
    seen: list[Seen], workshops: list[Workshop] | None = None, given: pd.DataFrame = NO_ANSWER, size: int | None = None
) -> pd.DataFrame:
    """Return the figures by metric; who is at a workshop or answers has appeared there."""
    met = workshops or []
    there = [(who, ago) for members, ago in met for who in members]
    rows = newcomers(
        WEEK,
        appearances=appearances([*OLD, *seen, *there]),
        participation=participation(met, size=size),
        answers=given,
    )
    return rows.set_index("metric")


def value(rows: pd.DataFrame, metric: str, column: str = "value") -> float:
    return float(rows[column][f"newcomer_{metric}"])


def test_who_was_there_within_the_first_26_weeks_told_is_no_newcomer() -> None:
    assert value(figures([("a", 39.1), ("b", 38.9)]), "tied", "n") == 1
    rows = newcomers(
        WEEK, appearances=appearances([("z", 20.0), ("a", 10.0)]), participation=participation([]), answers=NO_ANSWER
    )
    assert rows["n"].eq(0).all()
    assert rows["value"].isna().all(), "half a year of history is not there yet"


def test_without_an_event_no_row_is_missing_and_nothing_is_said() -> None:
    rows = newcomers(WEEK, appearances=appearances([]), participation=participation([]), answers=NO_ANSWER)
    assert rows["metric"].tolist() == [metric.name for metric in NEWCOMER_METRICS]
    assert rows["value"].isna().all()
    assert rows["n"].eq(0).all()


def test_a_tie_is_a_small_workshop_or_an_answer_and_the_wait_for_it_runs_from_arrival() -> None:
    seen = [("a", 30.0), ("b", 30.0), ("c", 30.0), ("h", 30.0)]
    rows = figures(seen, [("az", 28.0), ("bz", 26.0)], answers(("r", "c", "z", 20.0)))
    assert value(rows, "tie_wait") == pytest.approx(4)
    assert value(rows, "tied") == pytest.approx(0.75)
    assert value(rows, "tied", "n") == 4


def test_both_who_asks_and_who_answers_are_tied() -> None:
    rows = figures([("a", 30.0), ("b", 30.0)], given=answers(("r", "a", "b", 29.0)))
    assert value(rows, "tied") == 1


def test_a_day_of_many_people_and_oneself_make_no_tie() -> None:
    assert value(figures([("a", 30.0)], [("az", 29.0)], size=21), "tied") == 0
    assert value(figures([("a", 30.0)], [("a", 29.0)], answers(("r", "a", "a", 29.0))), "tied") == 0


def test_who_does_not_appear_in_the_reading_such_as_a_facilitator_is_met_by_nobody() -> None:
    met = participation([("af", 29.0)])
    rows = newcomers(WEEK, appearances=appearances([*OLD, ("a", 30.0)]), participation=met, answers=NO_ANSWER)
    assert float(rows.set_index("metric")["value"]["newcomer_tied"]) == 0


@pytest.mark.parametrize(
    ("workshops", "integrated"),
    [
        ([("axy", 29.0)], 0),
        ([("ax", 29.0), ("ax", 28.0)], 0),
        ([("ax", 29.0), ("ay", 28.0)], 1),
        ([("axy", 29.0), ("ax", 28.0)], 1),
    ],
    ids=["two people at once", "one person twice", "two people from two days", "two at once and one again"],
)
def test_integrated_means_two_people_from_two_occasions(workshops: list[Workshop], integrated: float) -> None:
    old_friends = [("x", 64.0), ("y", 64.0)]
    rows = figures([("a", 30.0), *old_friends], workshops)
    assert value(rows, "integrated") == integrated
    assert value(rows, "integration_wait") == pytest.approx(2) or not integrated


def test_the_second_tie_counts_from_when_both_the_person_and_the_day_are_the_second() -> None:
    old_friends = [("x", 64.0), ("y", 64.0)]
    late = figures([("a", 30.0), *old_friends], [("ax", 29.0), ("ax", 28.0), ("axy", 16.9)])
    assert value(late, "integrated") == 0, "y came in week 13.1"
    assert value(late, "integration_wait") == pytest.approx(13.1)


def test_who_arrived_lately_counts_for_as_long_as_she_was_watched() -> None:
    rows = figures([("a", 30.0), ("b", 30.0), *((f"c{number}", 2.0) for number in range(8))], [("az", 20.0)])
    assert value(rows, "tied") == pytest.approx(0.5), "the eight say nothing of week 10"
    assert np.isnan(value(figures([("a", 2.0)]), "tied")), "nobody was watched for 13 weeks"


def test_where_all_are_tied_but_one_who_came_lately_the_share_is_still_known() -> None:
    helped = answers(*[(f"r{number}", f"c{number}", "z", 29.5) for number in range(9)])
    rows = figures([(f"c{number}", 30.0) for number in range(9)] + [("a", 3.0)], given=helped)
    assert value(rows, "tied") == pytest.approx(0.9)
    assert value(rows, "tied", "high") == pytest.approx(1)


def test_who_keeps_coming_stays_and_who_comes_once_does_not() -> None:
    often: list[Seen] = [("a", float(weeks)) for weeks in range(30, 1, -6)]
    rows = figures([*often, ("b", 30.0), ("c", 30.0), ("c", 29.0), ("d", 28.0), ("d", 20.0), ("d", 14.9)])
    assert value(rows, "retention") == pytest.approx(0.5), "a stays, and d, last seen in week 13.1 of hers"
    assert value(rows, "retention", "n") == 4


def test_who_comes_back_after_13_weeks_of_silence_had_gone() -> None:
    assert value(figures([("a", 30.0), ("a", 16.9), ("a", 10.0)]), "retention") == 0
    assert value(figures([("a", 30.0), ("a", 17.1), ("a", 10.0)]), "retention") == 1


def test_nobody_is_said_to_have_gone_before_13_weeks_of_silence_are_over() -> None:
    alone = figures([("a", 12.0)])
    assert value(alone, "retention", "n") == 0
    assert np.isnan(value(alone, "retention"))
    assert np.isnan(value(figures([("a", 20.0), ("a", 12.0)]), "retention")), "known up to her week 7 only"


def test_every_row_is_of_a_card_and_one_pass_makes_them_all() -> None:
    rows = figures([("a", 30.0)]).reset_index()
    kinds = dict(zip(rows["metric"], rows["subject_kind"], strict=True))
    assert kinds == {metric.name: metric.subject_kind for metric in NEWCOMER_METRICS}
    assert len(passes(NEWCOMER_METRICS)) == 1


WORKSHOPS = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcdefz"), min_size=1).map(lambda each: "".join(sorted(each))), st.floats(0.1, 60)
    ),
    max_size=15,
)


def measured(workshops: list[Workshop], week: Week = WEEK, random: Random | None = None) -> pd.DataFrame:
    """Return the rows for some workshops, with the rows of all readings shuffled and some repeated, or as they are."""
    seen = [*OLD, *chain.from_iterable([(who, ago) for who in there] for there, ago in workshops)]
    helped = answers(*[(f"r{n}", there[0], "z", ago) for n, (there, ago) in enumerate(workshops)], week=week)
    frames = [appearances(seen, week), participation(workshops, week), helped]
    if random:
        orders = [random.choices(range(len(frame)), k=2) if len(frame) else [] for frame in frames]
        orders = [[*random.sample(range(len(f)), len(f)), *o] for f, o in zip(frames, orders, strict=True)]
        frames = [frame.iloc[order] for frame, order in zip(frames, orders, strict=True)]
    return newcomers(week, appearances=frames[0], participation=frames[1], answers=frames[2])


@given(WORKSHOPS, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_neither_the_order_of_rows_nor_a_repeated_one_changes_anything(
    workshops: list[Workshop], random: Random
) -> None:
    pd.testing.assert_frame_equal(measured(workshops, random=random), measured(workshops), check_exact=True)


@given(WORKSHOPS)
@settings(max_examples=25)
def test_figures_lie_within_their_intervals_and_integration_never_comes_before_a_tie(workshops: list[Workshop]) -> None:
    rows = measured(workshops).set_index("metric")
    known = rows.dropna()
    assert (known["low"] <= known["value"] + 1e-12).all()
    assert (known["value"] <= known["high"] + 1e-12).all()
    assert not value(rows, "integrated") > value(rows, "tied") + 1e-12
    assert not value(rows, "integration_wait") < value(rows, "tie_wait") - 1e-12


@given(WORKSHOPS)
@settings(max_examples=15)
def test_a_year_earlier_it_would_have_been_the_same(workshops: list[Workshop]) -> None:
    pd.testing.assert_frame_equal(measured(workshops, WEEK + -52), measured(workshops), rtol=1e-9)


def test_the_planted_retention_is_found_although_most_are_not_watched_to_the_end() -> None:
    rng = np.random.default_rng(9)
    arrived = rng.uniform(0.5, 38.5, 600)
    stay = rng.exponential(20.0, 600)
    seen = [
        (f"m{number}", ago - weeks)
        for number, (ago, last) in enumerate(zip(arrived, stay, strict=True))
        for weeks in (*np.arange(0.0, min(ago, last), 0.5), min(ago - 0.01, last))
    ]
    rows = figures(seen)
    assert value(rows, "retention", "low") < np.exp(-13 / 20) < value(rows, "retention", "high")
    assert value(rows, "retention", "high") - value(rows, "retention", "low") < 0.15
