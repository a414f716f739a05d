"""A snapshot: the ties of one layer and one window as arrays, the form in which metrics read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.kernels import Floats, Ints, Lengths

UNIT_LENGTH = 1_000_000
"""Length of a tie of strength 1; a tie is as long as the inverse of its strength, in these units."""

LEAST_STRENGTH = 1e-6
"""A weaker tie is as long as one of this strength, so that no sum of lengths leaves 64 bits."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Members in order and their ties in CSR form; an undirected tie stands in both directions.

    ``length = rint(1e6 / strength)``, at least 1: whole numbers, so that two ways are equally long for every
    library or for none. Members without a tie to anybody else (they answered only themselves) are isolates.
    """

    members: NDArray[np.object_]
    indptr: Ints
    indices: Ints
    strength: Floats
    length: Lengths
    directed: bool

    @property
    def size(self) -> int:
        """Return how many members there are."""
        return len(self.members)

    @property
    def ties(self) -> int:
        """Return how many ties there are; in a directed layer each direction is one."""
        return len(self.indices) if self.directed else len(self.indices) // 2

    @cached_property
    def reverse(self) -> Snapshot:
        """Return the snapshot with every tie turned round; an undirected one is its own reverse."""
        return _from_matrix(self.members, self.matrix.T, directed=True) if self.directed else self

    @cached_property
    def undirected(self) -> Snapshot:
        """Return the snapshot without directions: the strengths of both directions are added."""
        return _from_matrix(self.members, self.matrix + self.matrix.T, directed=False) if self.directed else self

    @property
    def matrix(self) -> csr_array:
        """Return the strengths as a sparse matrix, source by target."""
        return csr_array((self.strength, self.indices, self.indptr), shape=(self.size, self.size))


def snapshot(ties: pd.DataFrame, *, directed: bool) -> Snapshot:
    """Return the snapshot of ``ties`` (source, target, strength); the order of rows does not matter.

    Ties of members to themselves are left out, those members stay. A strength that decayed to nothing is no tie.
    """
    ends = pd.concat([ties["source"], ties["target"]], ignore_index=True)
    codes, members = pd.factorize(ends, sort=True)
    source, target = np.split(codes, 2)
    strength = ties["strength"].to_numpy(dtype=np.float64)
    kept = (source != target) & (strength > 0.0)
    shape = (len(members), len(members))
    matrix = csr_array((strength[kept], (source[kept], target[kept])), shape=shape)
    return _from_matrix(members.to_numpy(dtype=object), matrix if directed else matrix + matrix.T, directed=directed)


def _from_matrix(members: NDArray[np.object_], matrix: csr_array, *, directed: bool) -> Snapshot:
    ordered = matrix.tocsr()
    ordered.sort_indices()
    return Snapshot(
        members,
        ordered.indptr.astype(np.int32),
        ordered.indices.astype(np.int32),
        ordered.data.astype(np.float64),
        lengths(ordered.data),
        directed,
    )


def lengths(strength: Floats) -> Lengths:
    """Return the length of ties of these strengths: ``rint(1e6 / strength)``, from 1 to 1e12."""
    return np.maximum(1, np.rint(UNIT_LENGTH / np.maximum(strength, LEAST_STRENGTH))).astype(np.int64)
