"""Ties: what an event is worth, to whom, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.metrics import LAYERS, ties

MEMBERS = [name for name, layer in LAYERS.items() if layer.nodes == "member"]

SINCE = datetime(2026, 1, 5, tzinfo=UTC)
UNTIL = SINCE + timedelta(weeks=13)
HALF_LIFE = timedelta(weeks=6)
Attendance = tuple[str, str, str, datetime, int]
Answer = tuple[str, str, str, datetime, bool]


def participation(rows: Iterable[Attendance]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["workshop", "member", "role", "at", "size"])
    kinds = {"workshop": "str", "member": "str", "role": "str", "at": "datetime64[us, UTC]", "size": "int64"}
    return frame.astype(kinds)


def answers(rows: Iterable[Answer]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["request", "requester", "helper", "at", "accepted"])
    kinds = {"request": "str", "requester": "str", "helper": "str", "at": "datetime64[us, UTC]", "accepted": "bool"}
    return frame.astype(kinds)


def tied(
    layer: str,
    attended: pd.DataFrame | None = None,
    answered: pd.DataFrame | None = None,
    half_life: timedelta | None = None,
) -> pd.DataFrame:
    attended = participation([]) if attended is None else attended
    answered = answers([]) if answered is None else answered
    return ties(layer, attended, answered, since=SINCE, until=UNTIL, half_life=half_life)


def meeting(workshop: str, members: str, at: datetime = SINCE, size: int | None = None) -> list[Attendance]:
    return [(workshop, member, "learner", at, size or len(members)) for member in members]


def strengths(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    return dict(zip(zip(frame["source"], frame["target"], strict=True), frame["strength"], strict=True))


def test_two_people_at_a_workshop_of_two_have_a_tie_of_one() -> None:
    assert strengths(tied("copresence", participation(meeting("w", "ba")))) == {("a", "b"): 1.0}


def test_a_workshop_of_four_gives_each_pair_a_third() -> None:
    found = strengths(tied("copresence", participation(meeting("w", "abcd"))))
    assert found == dict.fromkeys([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")], 1 / 3)


@given(st.integers(2, 60), st.integers(0, 13 * 7 * 24 - 1))
@settings(max_examples=30, deadline=None)
def test_one_event_adds_exactly_its_decay_to_everyone_whatever_their_number(people: int, hours: int) -> None:
    at = SINCE + timedelta(hours=hours)
    rows = [("w", f"m_{who:02}", "learner", at, people) for who in range(people)]
    found = tied("copresence", participation(rows), half_life=HALF_LIFE)
    each = found.groupby("source")["strength"].sum().add(found.groupby("target")["strength"].sum(), fill_value=0.0)
    assert len(each) == people
    assert each.to_numpy() == pytest.approx(2 ** (-((UNTIL - at) / HALF_LIFE)), rel=1e-12)


def test_an_event_counts_half_after_each_half_life() -> None:
    rows = meeting("old", "ab", UNTIL - 2 * HALF_LIFE) + meeting("less old", "cd", UNTIL - HALF_LIFE)
    found = strengths(tied("copresence", participation(rows), half_life=HALF_LIFE))
    assert found == {("a", "b"): 0.25, ("c", "d"): 0.5}


def test_the_window_holds_its_begin_and_not_its_end() -> None:
    just_before = SINCE - timedelta(microseconds=1)
    rows = meeting("in", "ab", SINCE) + meeting("after", "cd", UNTIL) + meeting("before", "ef", just_before)
    assert list(strengths(tied("copresence", participation(rows)))) == [("a", "b")]


def test_a_person_with_two_roles_counts_once() -> None:
    rows = [*meeting("w", "ab", size=2), ("w", "a", "organiser", SINCE, 2)]
    found = tied("copresence", participation(rows))
    assert strengths(found) == {("a", "b"): 1.0}
    assert list(found["count"]) == [1]


def test_people_who_may_not_be_shown_still_count_in_the_size() -> None:
    assert strengths(tied("copresence", participation(meeting("w", "ab", size=5)))) == {("a", "b"): 0.25}


@pytest.mark.parametrize("layer", MEMBERS)
def test_an_event_with_one_participant_makes_no_tie(layer: str) -> None:
    assert tied(layer, participation(meeting("w", "a"))).empty


@pytest.mark.parametrize("layer", MEMBERS)
def test_no_event_gives_an_empty_frame_with_its_columns(layer: str) -> None:
    found = tied(layer)
    assert list(found.columns) == ["source", "target", "strength", "count", "accepted"]
    assert found.empty
    assert found["strength"].dtype == np.float64


def test_teaching_leads_from_each_learner_to_each_instructor() -> None:
    roles = {"a": "learner", "b": "learner", "c": "instructor", "d": "instructor", "e": "helper", "f": "organiser"}
    found = tied("teaching", participation(("w", who, role, SINCE, 6) for who, role in roles.items()))
    assert strengths(found) == dict.fromkeys([("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")], 1 / 5)


def test_nobody_teaches_herself() -> None:
    rows = [("w", "a", "learner", SINCE, 2), ("w", "a", "instructor", SINCE, 2), ("w", "b", "learner", SINCE, 2)]
    assert strengths(tied("teaching", participation(rows))) == {("b", "a"): 1.0}


def test_help_leads_from_requester_to_helper_and_counts_accepted_answers() -> None:
    rows = [("r1", "z", "a", SINCE, True), ("r2", "z", "a", SINCE, False), ("r2", "z", "b", SINCE, False)]
    found = tied("help", answered=answers(rows))
    assert found.to_dict("list") == {
        "source": ["z", "z"],
        "target": ["a", "b"],
        "strength": [2.0, 1.0],
        "count": [2, 1],
        "accepted": [1, 0],
    }


def test_an_answer_to_oneself_is_kept_as_a_tie_to_oneself() -> None:
    assert strengths(tied("help", answered=answers([("r", "a", "a", SINCE, False)]))) == {("a", "a"): 1.0}


def test_a_deleted_account_is_left_out() -> None:
    attended = participation(meeting("w", "abc"))
    attended.loc[attended["member"] == "b", "member"] = None
    answered = answers([("r", "a", "b", SINCE, False), ("r", "a", "c", SINCE, False)])
    answered.loc[answered["helper"] == "b", "helper"] = None
    assert strengths(tied("copresence", attended)) == {("a", "c"): 0.5}
    assert strengths(tied("help", answered=answered)) == {("a", "c"): 1.0}


def test_an_unknown_layer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown layer of members 'love' \(known: copresence, help, teaching\)"):
        tied("love")


def region(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    roles = ["learner", "learner", "learner", "instructor", "helper"]
    attended: list[Attendance] = []
    for workshop in range(25):
        at = SINCE + timedelta(hours=int(rng.integers(-200, 13 * 7 * 24)))
        who = rng.choice(30, int(rng.integers(1, 9)), replace=False)
        hidden = int(rng.integers(0, 3))
        attended += [(f"w{workshop}", f"m{m}", str(rng.choice(roles)), at, len(who) + hidden) for m in who]
    answered = [
        (f"r{n // 2}", f"m{n // 2}", f"m{rng.integers(30)}", SINCE + timedelta(hours=n), bool(n % 2)) for n in range(60)
    ]
    return participation(attended), answers(answered)


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    repeated = pd.concat([frame, frame.sample(frac=0.3, random_state=seed)])
    return repeated.sample(frac=1.0, random_state=seed)


@pytest.mark.parametrize("layer", MEMBERS)
def test_neither_the_order_of_rows_nor_a_repeated_row_changes_a_bit(layer: str) -> None:
    attended, answered = region(1)
    expected = tied(layer, attended, answered, HALF_LIFE)
    assert len(expected) > 10
    for seed in range(5):
        found = tied(layer, shuffled(attended, seed), shuffled(answered, seed), HALF_LIFE)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize("layer", ["copresence", "teaching"])
@pytest.mark.parametrize("seed", range(5))
def test_pairs_agree_with_a_loop_over_everybody(layer: str, seed: int) -> None:
    attended, _ = region(seed)
    expected: dict[tuple[str, str], float] = {}
    for _, rows in attended[(attended["at"] >= SINCE) & (attended["at"] < UNTIL)].groupby("workshop"):
        share = 2 ** (-((UNTIL - rows["at"].iloc[0]) / HALF_LIFE)) / max(rows["size"].iloc[0] - 1, 1)
        for one in rows.itertuples():
            for other in rows.itertuples():
                pair = (str(one.member), str(other.member))
                taught = one.role == "learner" and other.role == "instructor"
                if taught if layer == "teaching" else pair[0] < pair[1]:
                    expected[pair] = expected.get(pair, 0.0) + share
    found = tied(layer, attended, half_life=HALF_LIFE)
    assert strengths(found) == pytest.approx(expected, rel=1e-12)
    assert list(strengths(found)) == sorted(expected)
