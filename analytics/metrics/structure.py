"""How the network hangs together and who carries it: the family "structure"."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse.csgraph import connected_components

from analytics.kernels import Floats
from analytics.kernels.core import core_numbers
from analytics.kernels.rank import pagerank as ranked
from analytics.metrics.cohesion import assortativity, centralisation, contacts_in_common, holds_together
from analytics.metrics.community import communities, modularity
from analytics.metrics.metric import Metric
from analytics.metrics.snapshot import Snapshot

DAMPING = 0.85
TOLERANCE = 1e-12
"""Total change of all ranks in a round at which PageRank is reached (networkx's default is n times 1e-6)."""


def structure_family(snapshot: Snapshot) -> Mapping[str, Floats]:
    """Return rank, core, component, community and cohesion of each member, and how the network hangs together."""
    components, component_size = _components(snapshot)
    community = communities(snapshot)
    clustering, diverse_ties = contacts_in_common(snapshot)
    return {
        "pagerank": pagerank(snapshot),
        "core": core(snapshot),
        "component_size": component_size,
        "community": community.astype(np.float64),
        "clustering": clustering,
        "diverse_ties": diverse_ties,
        "articulation": holds_together(snapshot),
        "components": np.array([float(components)]),
        "largest_component_share": np.array([component_size.max() / snapshot.size if snapshot.size else np.nan]),
        "modularity": np.array([modularity(snapshot, community)]),
        "centralisation": np.array([centralisation(snapshot)]),
        "assortativity": np.array([assortativity(snapshot)]),
    }


def pagerank(snapshot: Snapshot) -> Floats:
    """Return the PageRank of each member, damping 0.85; the sum is 1.

    Directed layers are followed in their direction: rank goes to those who teach and help. Members who pass
    nothing on share it with all. Cost: O(m) a round, some 170 rounds. Twin: ``networkx.pagerank(weight="strength")``.
    """
    given = np.asarray(snapshot.matrix.sum(axis=1), dtype=np.float64).ravel()
    incoming = snapshot.reverse
    return ranked(incoming.indptr, incoming.indices, incoming.strength, given, DAMPING, TOLERANCE)


def core(snapshot: Snapshot) -> Floats:
    """Return the core number of each member in the network without directions; 0 for an isolate."""
    plain = snapshot.undirected
    return np.asarray(core_numbers(plain.indptr, plain.indices), dtype=np.float64)


def _components(snapshot: Snapshot) -> tuple[int, Floats]:
    """Return how many components there are, whatever the directions, and how many members each one's has.

    Cost: O(n + m). Twin: ``networkx.weakly_connected_components``.
    """
    components, component = connected_components(snapshot.matrix, directed=snapshot.directed, connection="weak")
    return int(components), np.bincount(component)[component].astype(np.float64)


STRUCTURE_METRICS = (
    *(
        Metric(name=name, family="structure", compute=structure_family)
        for name in (
            "pagerank",
            "core",
            "component_size",
            "community",
            "clustering",
            "diverse_ties",
            "articulation",
        )
    ),
    *(
        Metric(name=name, family="structure", compute=structure_family, subject_kind="network")
        for name in ("components", "largest_component_share", "modularity", "centralisation", "assortativity")
    ),
)
