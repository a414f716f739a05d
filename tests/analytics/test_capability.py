from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.kernels.breadth import breadths
from analytics.metrics.capability import (
    active_members,
    breadth,
    held_at,
    location_quotients,
    place_absence,
    specialities,
)

UNTIL = datetime(2026, 11, 16, tzinfo=UTC)
MIX = 1 / np.arange(1, 61)
"""How common each of sixty skills is."""


def held(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return what is held: a place, a member and a skill each, shown last week and worth 1."""
    frame = pd.DataFrame(rows, columns=["place", "member", "skill"], dtype="str")
    return frame.assign(value=1.0, shown=pd.Timestamp(UNTIL - timedelta(weeks=1)))


def crowd(place: str, counts: list[int]) -> list[tuple[str, str, str]]:
    """Return so many members of each skill, each with this one alone."""
    return [(place, f"{place}{skill}-{n}", f"s{skill}") for skill, many in enumerate(counts) for n in range(many)]


def drawn(place: str, people: int, rng: np.random.Generator, skills_each: int = 1) -> list[tuple[str, str, str]]:
    chance = MIX / MIX.sum()
    return [
        (place, f"{place}-{person}", f"s{skill}")
        for person in range(people)
        for skill in rng.choice(len(MIX), size=skills_each, replace=False, p=chance)
    ]


def hill(counts: list[int], coverage: float = 0.5) -> float:
    return float(breadths(np.array([counts], np.int64), coverage)[0])


def expected(counts: list[int], drawn: int) -> tuple[float, float]:
    """Return coverage and Hill number of so many drawn, by counting all samples."""
    n = sum(counts)
    covered = 1 - sum(x / n * comb(n - x, drawn) / comb(n - 1, drawn) for x in counts)
    kinds = np.repeat(np.arange(len(counts)), counts)
    samples = [np.bincount(kinds[list(chosen)]) for chosen in combinations(range(n), drawn)]
    entropies = [-sum(x / drawn * np.log(x / drawn) for x in sample if x) for sample in samples]
    return covered, float(np.exp(np.mean(entropies)))


@pytest.mark.parametrize("drawn", range(1, 7))
def test_breadth_is_that_of_all_samples_of_the_size_that_covers_as_much(drawn: int) -> None:
    counts = [3, 1, 1, 2, 0]
    covered, wanted = expected(counts, drawn)
    assert hill(counts, covered - 1e-12) == pytest.approx(wanted)


def test_between_two_sizes_breadth_is_between_theirs() -> None:
    counts = [3, 1, 1, 2]
    (less, low), (more, high) = expected(counts, 3), expected(counts, 4)
    assert hill(counts, (less + more) / 2) == pytest.approx((low + high) / 2)


def test_one_skill_is_as_broad_as_one_and_single_finds_cover_nothing() -> None:
    assert hill([9]) == hill([2]) == 1
    assert np.isnan([hill([1, 1, 1]), hill([1]), hill([0, 0]), hill([])]).all()


COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=8)


@settings(max_examples=60)
@given(COUNTS, st.permutations(range(8)))
def test_breadth_knows_no_order_and_no_empty_skill_and_stays_within_what_was_seen(
    counts: list[int], order: list[int]
) -> None:
    value = hill(counts)
    mixed = [counts[place] for place in order if place < len(counts)]
    assert hill([*mixed, 0]) == pytest.approx(value, nan_ok=True)
    assert np.isnan(value) or 1 - 1e-12 <= value <= sum(each > 0 for each in counts) + 1e-9


def test_the_same_mix_is_as_broad_however_much_was_seen() -> None:
    rng = np.random.default_rng(1)
    samples = {n: rng.multinomial(n, MIX / MIX.sum(), size=100) for n in (60, 200, 600)}
    equal = [float(np.nanmean(breadths(counts, 0.5))) for counts in samples.values()]
    assert max(equal) / min(equal) < 1.15
    shares = [counts / counts.sum(axis=1, keepdims=True) for counts in samples.values()]
    plain = [float(np.exp(-(each * np.log(np.where(each > 0, each, 1))).sum(axis=1)).mean()) for each in shares]
    assert max(plain) / min(plain) > 1.4


def test_twice_as_many_equal_skills_are_twice_as_broad() -> None:
    one, two = breadth(held(*crowd("A", [8] * 6), *crowd("B", [8] * 12)), UNTIL)[0]["value"]
    assert two / one == pytest.approx(2, abs=0.1)


def test_the_interval_of_breadth_holds_its_value_and_does_not_know_the_other_places() -> None:
    rng = np.random.default_rng(2)
    rows = drawn("A", 40, rng, skills_each=2)
    alone, draws = breadth(held(*rows), UNTIL)
    beside, more = breadth(held(*rows, *drawn("0", 30, rng)), UNTIL)
    assert alone["low"][0] < alone["value"][0] < alone["high"][0]
    pd.testing.assert_frame_equal(beside[beside["place"] == "A"].reset_index(drop=True), alone)
    np.testing.assert_array_equal(more[1], draws[0])


def test_two_halves_of_a_place_have_intervals_that_overlap() -> None:
    rng = np.random.default_rng(3)
    met = []
    for _ in range(60):
        found, _ = breadth(held(*drawn("A", 60, rng, 2), *drawn("B", 60, rng, 2)), UNTIL)
        met.append(found["low"].max() <= found["high"].min())
    assert np.mean(met) >= 0.9


def test_a_place_of_which_too_little_was_seen_has_no_breadth() -> None:
    found, draws = breadth(held(*crowd("A", [1, 1, 1])), UNTIL)
    assert found[["value", "low", "high"]].isna().all(axis=None)
    assert found["n"].tolist() == [3]
    assert np.isnan(draws).all()


def test_what_was_shown_longer_ago_is_held_but_not_active() -> None:
    rows = held(*crowd("A", [3, 3])).assign(shown=UNTIL - timedelta(days=181))
    assert active_members(rows, UNTIL).to_numpy().tolist() == [["A", 0.0, 0]]
    assert breadth(rows, UNTIL)[0][["place", "n"]].to_numpy().tolist() == [["A", 0]]
    assert place_absence(rows)["value"].tolist() == [3]


def test_the_factor_of_a_place_counts_members_over_all_its_skills() -> None:
    rows = held(*((("A", "m", f"s{number}")) for number in range(4)), ("A", "n", "s0"), ("A", "o", "s1"))
    assert place_absence(rows).to_numpy().tolist() == [["A", 1.0, 3]]


def test_only_holders_of_known_places_count_and_each_for_one_at_most() -> None:
    found = pd.DataFrame(
        {"member": ["a", "b", "c", "d"], "skill": "cnc", "value": [7.0, 0.25, 1.0, 1.0], "rung": "helped"}
    ).assign(last=UNTIL, shown=UNTIL)
    found["shown"] = found["shown"].where(found["member"] != "c")
    labels = pd.DataFrame({"member": ["a", "b", "c", "d"], "place": ["A", "A", "A", None]})
    assert held_at(found, labels)[["member", "value"]].to_numpy().tolist() == [["a", 1.0], ["b", 0.25]]


def test_a_quotient_is_what_is_there_over_what_chance_gives_shrunk_by_one() -> None:
    rows = held(*crowd("A", [6, 2]), *crowd("B", [2, 6]))
    found = location_quotients(rows)
    assert found["value"].tolist() == pytest.approx([7 / 5, 3 / 5, 3 / 5, 7 / 5])
    assert (found["low"] < found["value"]).all()
    assert (found["value"] < found["high"]).all()
    assert found["n"].tolist() == [6, 2, 2, 6]


def test_a_place_of_one_member_is_special_in_nothing_however_rare_her_skill() -> None:
    rows = held(("A", "m", "rare"), *crowd("B", [50, 50]))
    quotient = location_quotients(rows).set_index("skill")["value"]["rare"]
    assert quotient < 2  # plain: 101
    assert specialities(rows)["value"].tolist() == [0, 0]


def test_a_planted_speciality_is_found() -> None:
    rng = np.random.default_rng(4)
    rows = held(*(row for name in "ABCD" for row in drawn(name, 60, rng)), *crowd("A", [0] * 30 + [15]))
    assert specialities(rows)["value"].tolist() == [1, 0, 0, 0]


def test_places_of_one_mix_are_hardly_ever_special() -> None:
    rng = np.random.default_rng(5)
    found = [
        specialities(held(*(row for name in "ABCDEFGH" for row in drawn(name, 40, rng))))["value"].sum()
        for _ in range(10)
    ]
    assert np.mean(found) < 1  # of 8 places and 60 skills


def test_a_single_place_is_special_in_nothing() -> None:
    rows = held(*crowd("A", [30, 3, 1]))
    assert location_quotients(rows)["value"].tolist() == pytest.approx([1, 1, 1])
    assert specialities(rows)["value"].tolist() == [0]


def test_no_place_gives_no_row() -> None:
    nothing = held()
    assert active_members(nothing, UNTIL).empty
    assert place_absence(nothing).empty
    assert specialities(nothing).empty
    assert breadth(nothing, UNTIL)[0].empty
