"""The lineage of communities: who goes on, who is born, splits, merges and dies, and when it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics.lineage import Lineage, follow

MONDAY = date(2026, 1, 5)


def through(*weeks: str) -> Lineage:
    """Return the lineage of weeks told as groups of letters, one letter a member: ``abc def``."""
    return follow([(MONDAY + timedelta(weeks=place), groups(week)) for place, week in enumerate(weeks)])


def groups(week: str) -> dict[str, int]:
    return {member: place for place, group in enumerate(week.split()) for member in group}


def at(lineage: Lineage, week: int) -> dict[str, int]:
    rows = lineage.members[lineage.members["week"] == MONDAY + timedelta(weeks=week)]
    return dict(zip(rows["member"], rows["lasting"], strict=True))


def told(lineage: Lineage) -> list[tuple[int, str, int, tuple[int, ...]]]:
    return [((each.week - MONDAY).days // 7, each.kind, each.lasting, each.others) for each in lineage.changes]


def test_the_same_groups_keep_their_numbers_whatever_they_are_called() -> None:
    found = through("abcd efgh", "efgh abcd", "abcd efgh")
    assert at(found, 0) == at(found, 1) == at(found, 2)
    assert set(at(found, 0).values()) == {1, 2}
    assert told(found) == []
    assert found.stability["kept"].tolist() == [1, 1]
    assert found.stability["alike"].tolist() == [1, 1]


def test_a_group_goes_on_when_some_come_and_some_go() -> None:
    found = through("abcdef", "bcdefgh", "cdefghi")
    assert set(found.members["lasting"]) == {1}
    assert told(found) == []


def test_newcomers_do_not_make_a_group_less_alike() -> None:
    assert through("abc", "abcdefghi").stability["alike"].tolist() == [1]


def test_a_birth_is_told_when_it_has_held_two_weeks() -> None:
    assert told(through("abcd", "abcd efgh")) == []
    assert told(through("abcd", "abcd efgh", "abcd efgh")) == [(1, "birth", 2, ())]
    assert told(through("abcd", "abcd efgh", "abcd")) == []


def test_a_death_is_told_when_it_has_held_two_weeks() -> None:
    assert told(through("abcd efgh", "abcd", "abcd")) == [(1, "death", 2, ())]


def test_what_lived_one_week_only_dies_unsaid() -> None:
    assert told(through("abcd", "abcd efgh", "abcd", "abcd")) == []


def test_members_who_move_between_groups_make_no_split() -> None:
    found = through("abcdefgh ijklmn", "abcde fghijklmn", "abcde fghijklmn")
    assert told(found) == []


def test_a_split_names_the_part_that_is_new() -> None:
    found = through("abcdefg", "abcd efg", "abcd efg")
    assert ("split", 1, (2,)) in [each[1:] for each in told(found)]
    assert at(found, 1) == {**dict.fromkeys("abcd", 1), **dict.fromkeys("efg", 2)}


def test_a_merger_keeps_the_number_of_the_larger_one() -> None:
    found = through("abcd efg", "abcdefg", "abcdefg")
    assert ("merge", 1, (2,)) in [each[1:] for each in told(found)]
    assert set(at(found, 2).values()) == {1}


def test_two_people_are_no_community() -> None:
    assert through("ab cde").members["member"].tolist() == ["c", "d", "e"]


def test_a_number_is_never_given_again() -> None:
    found = through("abcd efgh", "abcd", "abcd", "abcd ijkl")
    assert set(at(found, 3).values()) == {1, 3}


def test_without_weeks_there_is_nothing_to_follow() -> None:
    empty = follow([])
    assert empty.members.empty
    assert empty.stability.empty
    assert empty.changes == ()


def test_two_weeks_without_a_common_member_are_strangers() -> None:
    found = through("abc", "def")
    assert set(at(found, 1).values()) == {2}
    assert np.isnan(found.stability.loc[0, ["alike", "kept"]].astype(float)).all()


partitions = st.lists(st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 3)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(weeks=partitions)
def test_a_new_week_never_changes_what_was_told(weeks: list[dict[str, int]]) -> None:
    dated = [(MONDAY + timedelta(weeks=place), week) for place, week in enumerate(weeks)]
    for length in range(len(dated)):
        shorter, longer = follow(dated[:length]), follow(dated[: length + 1])
        assert longer.members.head(len(shorter.members)).to_dict() == shorter.members.to_dict()
        assert set(shorter.changes) <= set(longer.changes)


@settings(max_examples=40, deadline=None)
@given(weeks=partitions, seed=st.integers(0, 99))
def test_neither_the_order_of_members_nor_the_numbers_of_the_week_matter(
    weeks: list[dict[str, int]], seed: int
) -> None:
    rng = np.random.default_rng(seed)

    def shuffled(week: Mapping[str, int]) -> dict[str, int]:
        renamed = rng.permutation(4)
        return {member: int(renamed[week[member]]) for member in rng.permutation(sorted(week)).tolist()}

    dated = [(MONDAY + timedelta(weeks=place), week) for place, week in enumerate(weeks)]
    one, other = follow(dated), follow([(monday, shuffled(week)) for monday, week in dated])
    assert one.members.equals(other.members)
    assert one.stability.equals(other.stability)
    assert one.changes == other.changes
