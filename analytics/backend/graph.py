"""A networkx graph as the arrays that kernels read."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analytics.kernels import Floats, Ints, Lengths

Numbers = Lengths | Floats

EXACT = 2**53
"""Sums of whole numbers up to here are exact in floats, so that it does not matter how a path is added up."""


@dataclass(frozen=True, eq=False)
class CsrGraph:
    """A graph without multiple edges as CSR arrays: node ``u`` is number ``number[u]``, neighbours in order.

    ``weights`` has an array per edge attribute that was asked for. Self-loops stay; ``without_loops`` has none.
    networkx keeps the conversion with the graph (``__networkx_cache__``) until the graph changes.
    """

    __networkx_backend__ = "maillage"

    number: Mapping[Hashable, int]
    indptr: Ints
    indices: Ints
    weights: Mapping[str, Numbers]
    directed: bool

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.number)

    def __iter__(self) -> Iterator[Hashable]:
        """Return the nodes in order."""
        return iter(self.number)

    def is_directed(self) -> bool:
        """Return whether edges have a direction; networkx asks it of any graph."""
        return self.directed

    def is_multigraph(self) -> bool:
        """Return that two nodes have at most one edge; networkx asks it of any graph."""
        return False

    @cached_property
    def source(self) -> Ints:
        """Return, for every place in ``indices``, the node whose neighbour stands there."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.indptr))

    @cached_property
    def without_loops(self) -> CsrGraph:
        """Return the graph without edges from a node to itself."""
        kept = self.source != self.indices
        if kept.all():
            return self
        indptr = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)[self.indptr]
        weights = {name: each[kept] for name, each in self.weights.items()}
        return CsrGraph(self.number, indptr, self.indices[kept], weights, self.directed)

    @cached_property
    def reverse(self) -> CsrGraph:
        """Return the graph with every edge turned round; an undirected one is its own reverse."""
        if not self.directed:
            return self
        indptr, indices, place = _ordered(len(self), self.indices, self.source)
        weights = {name: each[place] for name, each in self.weights.items()}
        return CsrGraph(self.number, indptr, indices, weights, self.directed)

    def both_ways(self, strength: Floats) -> tuple[Ints, Ints, Floats]:
        """Return the CSR arrays of the graph without directions, the strengths of both directions added."""
        if not self.directed:
            return self.indptr, self.indices, strength
        matrix = csr_array((strength, self.indices, self.indptr), shape=(len(self), len(self)))
        both = matrix + csr_array(matrix.T)
        both.sort_indices()
        return both.indptr.astype(np.int32), both.indices.astype(np.int32), both.data

    def floats(self, attribute: str | None) -> Floats:
        """Return the attribute of each edge as floats, 1 for all without attribute.

        Raises:
            NotImplementedError: One is missing or below 0; networkx then computes itself.
        """
        if attribute is None:
            return np.ones(self.indices.size)
        weight = self.weights[attribute].astype(np.float64)
        if not (np.isfinite(weight).all() and (weight >= 0.0).all()):
            raise NotImplementedError(f"an edge's {attribute} is negative or no number: weights have to be at least 0")
        return weight

    def lengths(self, attribute: str) -> Lengths | Floats:
        """Return the attribute of each edge as whole numbers if all are, else as floats.

        Raises:
            NotImplementedError: One is 0, negative, missing, or too great to be added up; networkx then computes.
        """
        weight = self.weights[attribute]
        longest = float(weight.max(initial=0)) * len(self)
        if not (longest < EXACT and (weight > 0).all()):
            raise NotImplementedError(f"an edge's {attribute} is 0, negative, no number or too great to be added up")
        return weight.astype(np.int64) if (weight == np.rint(weight)).all() else weight.astype(np.float64)


def arrays_of(graph: nx.Graph[Hashable], attributes: Mapping[str, float]) -> CsrGraph:
    """Return the graph as arrays with those edge attributes, each with what stands for a missing one.

    Raises:
        NotImplementedError: The graph has multiple edges, or an attribute is no number.
    """
    if graph.is_multigraph():
        raise NotImplementedError("a graph with multiple edges is left to networkx")
    number = {node: place for place, node in enumerate(graph)}
    rows = [neighbours for _, neighbours in graph.adjacency()]
    sizes = np.fromiter(map(len, rows), np.int64, len(rows))
    ends = np.fromiter((number[other] for row in rows for other in row), np.int32, int(sizes.sum()))
    indptr, indices, place = _ordered(len(rows), np.repeat(np.arange(len(rows)), sizes), ends)
    weights = {
        name: _numbers(name, [edge.get(name, default) for row in rows for edge in row.values()])[place]
        for name, default in attributes.items()
    }
    return CsrGraph(number, indptr, indices, weights, graph.is_directed())


def graph_of(arrays: CsrGraph) -> nx.Graph[Hashable]:
    """Return the arrays as a networkx graph with the edge attributes that were asked for."""
    graph: nx.Graph[Hashable] = nx.DiGraph() if arrays.directed else nx.Graph()
    nodes = list(arrays)
    graph.add_nodes_from(nodes)
    columns = {name: weight.tolist() for name, weight in arrays.weights.items()}
    for place, (one, other) in enumerate(zip(arrays.source.tolist(), arrays.indices.tolist(), strict=True)):
        graph.add_edge(nodes[one], nodes[other], **{name: column[place] for name, column in columns.items()})
    return graph


def _ordered(size: int, sources: NDArray[np.integer], ends: Ints) -> tuple[Ints, Ints, Lengths]:
    """Return the CSR arrays of edges with neighbours in order, and where each edge stood before."""
    place = np.arange(ends.size, dtype=np.int64)
    matrix = csr_array((place, (sources, ends)), shape=(size, size))
    matrix.sort_indices()
    return matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data


def _numbers(name: str, column: list[object]) -> Numbers:
    """Return the column as an array of numbers."""
    weight = np.asarray(column) if column else np.ones(0)
    if weight.dtype.kind not in "iuf":
        raise NotImplementedError(f"an edge's {name} is no number")
    return weight.astype(np.float64) if weight.dtype.kind == "f" else weight.astype(np.int64)
