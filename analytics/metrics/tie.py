"""Ties: who worked with whom in a window, and how strongly that counts today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.kernels import Floats

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Window:
    """Half-open ``[since, until)``; what happened counts half after each half-life before ``until``."""

    since: datetime
    until: datetime
    half_life: timedelta | None

    def within(self, events: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose ``at`` lies in the window, with their ``decay``; a repeated row counts once."""
        inside = events[(events["at"] >= self.since) & (events["at"] < self.until)].drop_duplicates()
        return inside.assign(decay=self._decay(inside["at"]))

    def _decay(self, at: pd.Series[pd.Timestamp]) -> Floats:
        if self.half_life is None:
            return np.ones(len(at))
        age = (pd.Timestamp(self.until) - at) / pd.Timedelta(self.half_life)
        return np.exp2(-age.to_numpy(dtype=np.float64))


@dataclass(frozen=True)
class Pairs:
    """One row for each event that two members share, by their place in the sorted ``members``."""

    members: pd.Index[str]
    source: Codes
    target: Codes
    strength: Floats
    accepted: NDArray[np.int64]


def ties(
    layer: str,
    participation: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    since: datetime,
    until: datetime,
    half_life: timedelta | None,
) -> pd.DataFrame:
    """Return the ties of one layer over ``[since, until)``, ordered by source and target.

    Definition: strength = sum over shared events of 1 / (size - 1) * 2^(-(until - at) / half_life), so that
    an event adds the same to everyone who was there, however many they were. An answer counts for two.
        copresence: both were at the workshop, in whatever roles; once, with source < target.
        teaching: learner -> instructor of the same workshop.
        help: requester -> helper; an answer to oneself is kept here, and left out by the metrics.

    Args:
        layer: copresence, teaching or help.
        participation: workshop, member, role, at, size: one row a person and role; size counts everybody on
            the list, also those who may not be shown. Size and time are the workshop's, the same on its rows.
        answers: request, requester, helper, at, accepted: one row an answer.
        since: Begin of the window.
        until: End of the window, no longer in it, and the instant that ages are counted to.
        half_life: Age at which an event counts half; None counts all alike.

    Returns:
        source, target, strength (shared events), count (shared events, plain), accepted (answers among them
        that solved the request; 0 but in the help layer). Empty without events. A row that repeats another
        changes nothing, nor does the order of rows; a null member is left out.

    Cost: O(p log p) for p pairs of people at the same event.
    Source: Newman 2001, Phys. Rev. E 64:016132 (size); Jin, Girvan & Newman 2001, 64:046132 (decay).
    """
    window = Window(since, until, half_life)
    if layer == "help":
        return _summed(_helping(window.within(answers)))
    rows = window.within(participation[participation["size"] > 1])
    if layer == "copresence":
        return _summed(_meeting(rows))
    if layer == "teaching":
        return _summed(_teaching(rows))
    raise ValueError(f"unknown layer of members {layer!r} (known: copresence, help, teaching)")


def _meeting(participation: pd.DataFrame) -> Pairs:
    """Return every two people who were at the same workshop, each pair once a workshop."""
    rows = participation.dropna(subset=["member"]).drop_duplicates(["workshop", "member"])
    member, members = pd.factorize(rows["member"], sort=True)
    workshop = pd.factorize(rows["workshop"])[0]
    order = np.lexsort((member, workshop))
    member, workshop = member[order], workshop[order]
    following = np.arange(1, len(order) + 1)
    end = np.searchsorted(workshop, workshop, side="right")
    one, other = _each_with(following, end)
    return Pairs(members, member[one], member[other], _shares(rows)[order][one], np.zeros(len(one), np.int64))


def _teaching(participation: pd.DataFrame) -> Pairs:
    """Return every learner with every instructor of the same workshop, but nobody with herself."""
    rows = participation.dropna(subset=["member"]).drop_duplicates(["workshop", "member", "role"])
    member, members = pd.factorize(rows["member"], sort=True)
    workshop, strength = pd.factorize(rows["workshop"])[0], _shares(rows)
    learners = np.flatnonzero(rows["role"] == "learner")
    instructors = np.flatnonzero(rows["role"] == "instructor")
    instructors = instructors[np.argsort(workshop[instructors], kind="stable")]
    begin, end = (np.searchsorted(workshop[instructors], workshop[learners], side) for side in ("left", "right"))
    one, other = _each_with(begin, end)
    learner, instructor = learners[one], instructors[other]
    apart = member[learner] != member[instructor]
    learner, instructor = learner[apart], instructor[apart]
    accepted = np.zeros(len(learner), np.int64)
    return Pairs(members, member[learner], member[instructor], strength[learner], accepted)


def _helping(answers: pd.DataFrame) -> Pairs:
    """Return who was answered by whom, each answer once."""
    rows = answers.dropna(subset=["requester", "helper"])
    codes, members = pd.factorize(pd.concat([rows["requester"], rows["helper"]], ignore_index=True), sort=True)
    source, target = np.split(codes, 2)
    return Pairs(members, source, target, rows["decay"].to_numpy(), rows["accepted"].to_numpy(dtype=np.int64))


def _shares(participation: pd.DataFrame) -> Floats:
    """Return what one workshop adds to each tie of a participant: its decay, shared among the others."""
    others = participation["size"].to_numpy(dtype=np.float64) - 1.0
    return participation["decay"].to_numpy() / others


def _each_with(begin: Codes, end: Codes) -> tuple[Codes, Codes]:
    """Return the pairs (i, j) with ``begin[i] <= j < end[i]``, without a loop over them."""
    many = end - begin
    one = np.repeat(np.arange(len(many)), many)
    other = np.arange(len(one)) + np.repeat(begin - (np.cumsum(many) - many), many)
    return one, other


def _summed(pairs: Pairs) -> pd.DataFrame:
    """Return one row a tie; terms are added from small to large, so that no order of rows shows in the sum."""
    key = pairs.source.astype(np.int64) * len(pairs.members) + pairs.target
    order = np.lexsort((pairs.strength, key))
    tie, begin, count = np.unique(key[order], return_index=True, return_counts=True)
    source, target = np.divmod(tie, max(len(pairs.members), 1))
    return pd.DataFrame(
        {
            "source": pairs.members.take(source).astype("str"),
            "target": pairs.members.take(target).astype("str"),
            "strength": np.add.reduceat(pairs.strength[order], begin) if len(begin) else np.empty(0),
            "count": count.astype(np.int64),
            "accepted": np.add.reduceat(pairs.accepted[order], begin) if len(begin) else np.empty(0, np.int64),
        }
    )
