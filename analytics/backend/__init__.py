"""The kernels as a backend of networkx: ``nx.betweenness_centrality(graph, weight="length", backend="maillage")``.

networkx finds it by its entry points and asks ``info()`` on every import, so nothing heavy is loaded here; the
functions stand in ``analytics.backend.functions``. With ``nx.config.backend_priority = ["maillage"]`` networkx uses
them wherever it can and its own code elsewhere.
"""

from __future__ import annotations

PATHS = "All nodes at once, edge lengths positive. Whole numbers are exact; other lengths are added as networkx adds."
COVERED = {
    "articulation_points": "",
    "average_clustering": "Undirected graphs, all nodes.",
    "betweenness_centrality": PATHS,
    "closeness_centrality": PATHS,
    "clustering": "Undirected graphs, all nodes.",
    "constraint": "Positive weights, no self-loops; some of the nodes in undirected graphs only.",
    "core_number": "Undirected graphs.",
    "effective_size": (
        "As constraint. With weights and without ``nodes`` it keeps to the definition, where networkx 3.6 and 3.7 take "
        "the greatest weight of the wrong node."
    ),
    "harmonic_centrality": PATHS,
    "pagerank": "Without personalization, nstart and dangling; weights of at least 0.",
    "transitivity": "Undirected graphs.",
    "triangles": "All nodes.",
}
"""What the backend computes, and what each function asks for; anything else is left to networkx."""


def info() -> dict[str, object]:
    """Return what networkx shows of the backend in the documentation of each function."""
    return {
        "backend_name": "maillage",
        "project": "maillage",
        "package": "analytics.backend",
        "short_summary": "Compiled kernels, one thread, the same bits at every run.",
        "functions": {name: {"additional_docs": covered} for name, covered in COVERED.items()},
    }
