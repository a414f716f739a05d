"""Communities through the weeks: which one of this week goes on from which one of the last, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analytics.kernels import Floats

SMALLEST = 3
"""Fewer members than this are no community, and get no lasting number."""
ALIKE = 0.3
"""Least share of common members (Jaccard) for a community to go on."""
PART = 1 / 3
"""Least share of an old community in a new one, or of a new one from an old one, to speak of a split or a merger."""
HELD = 2
"""Weeks that a change has to hold before it is told."""

Kind = Literal["birth", "death", "split", "merge"]


@dataclass(frozen=True)
class Change:
    """What became of communities from one week to the next, and has held since."""

    week: date
    """Monday of the week in which it was first seen."""
    kind: Kind
    lasting: int
    """Lasting number of the community that it is told of: the new one of a birth, the old one of a split …"""
    others: tuple[int, ...]
    """Those that it split into, or that it was merged from, itself not counted; empty for birth and death."""


@dataclass(frozen=True)
class Lineage:
    """Lasting numbers, append-only: a new week never changes those of older ones."""

    members: pd.DataFrame
    """``week, member, lasting``: one row a member of a community of three or more."""
    stability: pd.DataFrame
    """``week, alike, kept``: of each week but the first, the mean Jaccard of those that go on (NaN if none does), and
    the share of members of both weeks that kept their number; NaN where there are none."""
    changes: tuple[Change, ...]
    """Those that have held for two weeks, in order; the newest week's are not told yet."""


def follow(partitions: Sequence[tuple[date, Mapping[str, int]]]) -> Lineage:
    """Return the lineage of the communities of following weeks, oldest first.

    Definition: a community of this week goes on from the one of the last with which it shares most, by the assignment
    that makes the sum of the Jaccard indices greatest, counted on the members who were there in both weeks, when they
    share three tenths or more; otherwise it is born with the next free number. An old one that none goes on from dies.
    It split when two or more of this week hold a third of it each; it was merged when a third of its members each came
    from two or more. A change is told when what it speaks of is still so one week later: communities move by
    themselves (metrics.md, rule 2).

    Args:
        partitions: Monday and community of each member, whatever the numbers. A week that is missing in between is
            reached over; no week gives empty frames.

    Cost: O(n + k^3) a week for n members in k communities. Sources: Greene, Doyle & Cunningham 2010, ASONAM;
    Kuhn 1955, Naval Research Logistics 2:83.
    """
    weeks = [(week, _lasting_size(partition)) for week, partition in partitions]
    numbered: list[tuple[date, dict[str, int]]] = []
    stability: list[tuple[date, float, float]] = []
    seen: list[list[Change]] = []
    free = 1
    for week, partition in weeks:
        before = numbered[-1][1] if numbered else {}
        names, alike, free = _names(before, partition, free)
        now = {member: names[community] for member, community in partition.items()}
        if numbered:
            stability.append((week, alike, _kept(before, now)))
            seen.append(_changes(week, before, now))
        numbered.append((week, now))
    return Lineage(
        pd.DataFrame(
            [(week, member, lasting) for week, now in numbered for member, lasting in sorted(now.items())],
            columns=["week", "member", "lasting"],
        ).astype({"week": "object", "member": "str", "lasting": "int64"}),
        pd.DataFrame(stability, columns=["week", "alike", "kept"]),
        tuple(change for place, each in enumerate(seen) for change in each if _holds(change, numbered, place + 1)),
    )


def carried_on(before: Mapping[str, int], now: Mapping[str, int], free: int) -> dict[str, int]:
    """Return this week's members with the lasting numbers that ``follow`` gives after those of ``before``.

    Args:
        before: Members of the last week with their lasting numbers.
        now: Members of this week and their communities, whatever the numbers.
        free: The first number that nobody has borne yet.
    """
    partition = _lasting_size(now)
    names, _, _ = _names(before, partition, free)
    return {member: names[community] for member, community in partition.items()}


def _lasting_size(partition: Mapping[str, int]) -> dict[str, int]:
    """Return the communities that are large enough, members in order, numbered by the first member of each."""
    counts = Counter(partition.values())
    members = [member for member in sorted(partition) if counts[partition[member]] >= SMALLEST]
    number = {each: place for place, each in enumerate(dict.fromkeys(partition[member] for member in members))}
    return {member: number[partition[member]] for member in members}


def _names(before: Mapping[str, int], now: Mapping[str, int], free: int) -> tuple[dict[int, int], float, int]:
    """Return the lasting number of each community, the mean Jaccard of those that go on, and the next free number."""
    shared, old, new = _shared(before, now)
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    alike = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    rows, columns = linear_sum_assignment(-alike)
    going_on = [(row, column) for row, column in zip(rows, columns, strict=True) if alike[row, column] >= ALIKE]
    names = {new[column]: old[row] for row, column in going_on}
    born = [community for community in dict.fromkeys(now.values()) if community not in names]
    names |= {community: free + place for place, community in enumerate(born)}
    mean = float(np.mean([alike[pair] for pair in going_on])) if going_on else float("nan")
    return names, mean, free + len(born)


def _shared(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[Floats, list[int], list[int]]:
    """Return how many members each old community shares with each new one, and the numbers of both."""
    old, new = sorted(set(before.values())), sorted(set(now.values()))
    row, column = ({number: place for place, number in enumerate(numbers)} for numbers in (old, new))
    shared = np.zeros((len(old), len(new)))
    for member in before.keys() & now.keys():
        shared[row[before[member]], column[now[member]]] += 1
    return shared, old, new


def _kept(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    both = before.keys() & now.keys()
    return sum(before[member] == now[member] for member in both) / len(both) if both else float("nan")


def _changes(week: date, before: Mapping[str, int], now: Mapping[str, int]) -> list[Change]:
    """Return what became of the communities of ``before`` in ``now``, told or not."""
    shared, old, new = _shared(before, now)
    changes = [Change(week, "birth", lasting, ()) for lasting in new if lasting not in old]
    changes += [Change(week, "death", lasting, ()) for lasting in old if lasting not in new]
    for kind, table, here, there in (("split", shared, old, new), ("merge", shared.T, new, old)):
        for lasting, row in zip(here, table, strict=True):
            parts = [there[place] for place in np.flatnonzero(row >= max(PART * row.sum(), SMALLEST))]
            others = tuple(part for part in parts if part not in here)
            if others and len(parts) > 1:
                changes.append(Change(week, kind, lasting, others))  # type: ignore[arg-type]
    return changes


def _holds(change: Change, weeks: Sequence[tuple[date, Mapping[str, int]]], first: int) -> bool:
    """Return whether the change, first seen in ``weeks[first]``, is still so in as many weeks as it has to hold."""
    living = [set(now.values()) for _, now in weeks[max(first - HELD, 0) : first + HELD]]
    before, since = living[: min(first, HELD)], living[min(first, HELD) :]
    here = {"birth": {change.lasting}, "split": set(change.others), "merge": {change.lasting}}.get(change.kind, set())
    gone = {"death": {change.lasting}, "merge": set(change.others)}.get(change.kind, set())
    return (
        len(since) == HELD
        and all(here <= each and not gone & each for each in since)
        and all(gone <= each for each in before)
    )
