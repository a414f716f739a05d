"""Snapshots: the arrays that every metric reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.metrics import Snapshot, snapshot
from analytics.metrics.snapshot import lengths


def made(rows: list[tuple[str, str, float]], *, directed: bool = False) -> Snapshot:
    return snapshot(pd.DataFrame(rows, columns=["source", "target", "strength"]), directed=directed)


def test_members_are_in_order_and_an_undirected_tie_stands_in_both_directions() -> None:
    found = made([("c", "a", 2.0), ("a", "b", 0.5)])
    assert list(found.members) == ["a", "b", "c"]
    assert found.matrix.toarray().tolist() == [[0, 0.5, 2.0], [0.5, 0, 0], [2.0, 0, 0]]
    assert found.ties == 2


def test_a_directed_snapshot_is_turned_round_and_flattened() -> None:
    found = made([("a", "b", 1.0), ("b", "a", 2.0), ("b", "c", 4.0)], directed=True)
    assert found.ties == 3
    assert found.reverse.matrix.toarray().tolist() == [[0, 2.0, 0], [1.0, 0, 0], [0, 4.0, 0]]
    assert found.undirected.matrix.toarray().tolist() == [[0, 3.0, 0], [3.0, 0, 4.0], [0, 4.0, 0]]
    assert found.undirected.ties == 2


def test_an_undirected_snapshot_is_its_own_reverse_and_projection() -> None:
    found = made([("a", "b", 1.0)])
    assert found.reverse is found
    assert found.undirected is found


def test_a_tie_to_oneself_is_left_out_and_its_member_stays() -> None:
    found = made([("a", "a", 3.0), ("b", "c", 1.0)])
    assert list(found.members) == ["a", "b", "c"]
    assert found.ties == 1


def test_a_strength_that_decayed_to_nothing_is_no_tie() -> None:
    assert made([("a", "b", 0.0)]).ties == 0


@pytest.mark.parametrize(
    ("strength", "length"), [(1.0, 1_000_000), (3.0, 333_333), (0.25, 4_000_000), (1e7, 1), (1e-300, 10**12)]
)
def test_a_tie_is_as_long_as_the_inverse_of_its_strength_in_whole_millionths(strength: float, length: int) -> None:
    assert lengths(np.array([strength])).tolist() == [length]


def test_an_empty_frame_gives_an_empty_snapshot() -> None:
    found = made([])
    assert (found.size, found.ties, len(found.indptr)) == (0, 0, 1)
