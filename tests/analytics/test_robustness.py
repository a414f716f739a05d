from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.robustness import Stamp, bootstrap_ranks, compared, stamp
from analytics.metrics.tie import ties

pytestmark = pytest.mark.integration

UNTIL = datetime(2026, 11, 16, tzinfo=UTC)
WINDOW: dict[str, Any] = {"since": UNTIL - timedelta(weeks=13), "until": UNTIL, "half_life": timedelta(weeks=6)}
NO_ANSWERS = pd.DataFrame(columns=["request", "requester", "helper", "at", "accepted"])


def workshop(name: str, people: list[str], weeks_ago: float) -> pd.DataFrame:
    at = pd.Timestamp(UNTIL - timedelta(weeks=weeks_ago))
    return pd.DataFrame(
        {"workshop": name, "member": people, "role": "learner", "at": at, "size": len(people)},
    )


def strength(tied: pd.DataFrame) -> pd.Series[float]:
    both = pd.concat(
        [
            tied[["source", "strength"]].set_axis(["member", "strength"], axis=1),
            tied[["target", "strength"]].set_axis(["member", "strength"], axis=1),
        ]
    )
    return both.groupby("member")["strength"].sum()


def judged(participation: pd.DataFrame, top: int = 2) -> Stamp:
    return stamp(strength, "copresence", participation, NO_ANSWERS, **WINDOW, top=top)


def test_a_top_that_rests_on_many_small_meetings_holds() -> None:
    pairs = [workshop(f"w{number}", ["ada", "bea"], number) for number in range(1, 12)]
    others = [workshop(f"o{number}", [f"p{number}", f"q{number}"], number) for number in range(1, 12)]
    found = judged(pd.concat([*pairs, *others]))
    assert (found.top, found.holds) == (("ada", "bea"), True)
    assert [variant.name for variant in found.variants] == [
        "half_life_3",
        "half_life_12",
        "half_life_24",
        "no_decay",
        "without_large",
        "flat",
    ]


def test_a_top_that_rests_on_one_large_workshop_does_not_hold() -> None:
    crowd = [f"c{number:02}" for number in range(30)]
    small = [workshop(f"w{number}", [f"p{number}", f"q{number}"], 10) for number in range(3)]
    kept = {
        variant.name: variant.kept for variant in judged(pd.concat([workshop("day", crowd, 1), *small]), 3).variants
    }
    assert kept["without_large"] == 0.0
    assert kept["half_life_12"] == 1.0


def test_the_flat_count_gives_the_top_to_the_crowd() -> None:
    crowd = [f"c{number:02}" for number in range(15)]
    small = [workshop(f"w{number}", ["ada", "bea"], 1) for number in range(3)]
    found = judged(pd.concat([workshop("day", crowd, 1), *small]))
    assert found.top == ("ada", "bea")
    assert {variant.name: variant.kept for variant in found.variants}["flat"] == 0.0
    assert not found.holds


def test_without_ties_nothing_holds() -> None:
    found = judged(workshop("w", ["ada"], 1))
    assert (found.top, found.holds) == ((), False)


def test_answers_have_no_size() -> None:
    at = pd.Timestamp(UNTIL - timedelta(weeks=1))
    answers = pd.DataFrame({"request": ["r"], "requester": ["ada"], "helper": ["bea"], "at": [at], "accepted": [True]})
    found = stamp(strength, "help", workshop("w", ["x", "y"], 1), answers, **WINDOW)
    assert {variant.name for variant in found.variants} == {"half_life_3", "half_life_12", "half_life_24", "no_decay"}
    assert found.holds


def test_agreement_is_spearmans_and_who_is_missing_ranks_last() -> None:
    one = pd.Series({"a": 4.0, "b": 3.0, "c": 2.0, "d": np.nan})
    other = pd.Series({"b": 9.0, "c": 8.0, "e": 1.0})
    variant = compared(one, {"other": other}, top=1).variants[0]
    ranks = pd.DataFrame({"one": [1, 2, 3, 4], "other": [4, 1, 2, 3]})
    assert variant.agreement == pytest.approx(ranks["one"].corr(ranks["other"]))
    assert variant.kept == 0.0
    assert compared(one, {"same": one}).variants[0].agreement == pytest.approx(1.0)


def test_who_shares_the_last_place_of_the_top_belongs_to_it() -> None:
    values = pd.Series({"a": 3.0, "b": 2.0, "c": 2.0, "d": 1.0})
    assert compared(values, {}, top=2).top == ("a", "b", "c")


def meetings(seed: int, people: int = 12, units: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    there = rng.random((units, people)) < np.linspace(0.05, 0.6, people)
    unit, member = np.nonzero(there)
    names = np.array([f"m{number:02}" for number in range(people)])
    return pd.DataFrame({"unit": [f"u{number:02}" for number in unit], "member": names[member]})


def visits(rows: pd.DataFrame) -> pd.Series[float]:
    return rows.drop_duplicates()["member"].value_counts().astype("float64")


def test_rank_intervals_hold_the_observed_rank_and_every_draw_counts_a_unit_as_often_as_drawn() -> None:
    found = bootstrap_ranks(meetings(1), "unit", visits, rounds=100)
    assert ((found["rank_low"] <= found["rank"]) & (found["rank"] <= found["rank_high"])).mean() > 0.8
    assert found["subject"].iloc[0] in {"m10", "m11"}
    assert found["rank_high"].iloc[0] < found["rank_low"].iloc[-1]


def test_a_clear_first_is_first_in_every_draw_and_equals_share_their_ranks() -> None:
    rows = pd.DataFrame({"unit": [f"u{number}" for number in range(20)], "member": ["ada"] * 20})
    rows = pd.concat([rows, rows.head(2).assign(member="bea"), rows.head(2).assign(member="cyd")])
    found = bootstrap_ranks(rows, "unit", visits).set_index("subject")
    assert (found["rank_low"]["ada"], found["rank_high"]["ada"]) == (1, 1)
    assert found.loc[["bea", "cyd"], "rank_low"].tolist() == [2, 2]
    assert found.loc[["bea", "cyd"], "rank_high"].tolist() == [3, 3]


def test_the_order_of_rows_and_what_others_draw_change_no_rank() -> None:
    rows = meetings(2)
    first = bootstrap_ranks(rows, "unit", visits, rounds=30)
    again = bootstrap_ranks(rows.sample(frac=1, random_state=1), "unit", visits, rounds=30)
    pd.testing.assert_frame_equal(again, first)


def test_whole_workshops_are_drawn_into_ties() -> None:
    rows = pd.concat([workshop(f"w{number}", ["ada", "bea", f"p{number}"], number) for number in range(1, 10)])

    def value(drawn: pd.DataFrame) -> pd.Series[float]:
        return strength(ties("copresence", drawn, NO_ANSWERS, **WINDOW))

    found = bootstrap_ranks(rows, "workshop", value, rounds=40).set_index("subject")
    assert found.loc[["ada", "bea"], "rank_high"].tolist() == [2, 2]


def test_no_row_gives_no_rank() -> None:
    assert len(bootstrap_ranks(meetings(1).head(0), "unit", visits)) == 0


def test_the_intervals_hold_the_true_ranks_at_least_nine_times_out_of_ten() -> None:
    true = pd.Series(np.arange(12, 0, -1), index=[f"m{number:02}" for number in range(12)])
    held = []
    for seed in range(20):
        found = bootstrap_ranks(meetings(seed), "unit", visits, rounds=60).set_index("subject")
        ranks = true.reindex(found.index)
        held += ((found["rank_low"] <= ranks) & (ranks <= found["rank_high"])).tolist()
    assert np.mean(held) >= 0.88
