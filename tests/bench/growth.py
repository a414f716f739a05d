"""How the cost of each of our measures grows with nodes and ties: exponents fitted over networks of twelve sizes.

    python tests/bench/growth.py [SECONDS]

Members from 1,000 to 8,000 and windows of 3, 6 and 13 weeks, so that nodes and ties vary apart from each other.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import pandas as pd

from analytics.metrics import Snapshot, snapshot
from tests.bench.attendance import WEEKS, people, week_of, window_ties
from tests.bench.peers.graph_measures import measured, measures_of, takes_sources

MEMBERS = (1_000, 2_000, 4_000, 8_000)
WINDOWS = (3, 6, 13)
BOUNDS = {"strength_bound", "pagerank_bound", "one_read", "two_steps"}


def network(members: int, weeks: int) -> Snapshot:
    """Return the network of the last weeks of a stream."""
    told = people(members)
    rows = pd.concat([week_of(told, week) for week in range(WEEKS - weeks, WEEKS)])
    return snapshot(window_ties(rows, WEEKS - 1), directed=False)


def seconds_of(found: Snapshot, seconds: float) -> dict[str, float]:
    """Return what each measure takes of the processor."""
    arrays = {name: getattr(found, name) for name in ("indptr", "indices", "strength", "length")}
    return {
        name: float(measured(work, seconds, found.size if takes_sources(work) else 0)["cpu_s"] or 0.0)
        for name, work in measures_of("ours", arrays).items()
        if name not in BOUNDS
    }


def main() -> None:
    """Print the exponents of nodes and of ties by measure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
    networks = [network(members, weeks) for members in MEMBERS for weeks in WINDOWS]
    taken = pd.DataFrame([seconds_of(each, seconds) for each in networks])
    sizes = np.array([[1.0, np.log(each.size), np.log(each.ties)] for each in networks])
    fitted = np.linalg.lstsq(sizes, np.log(taken.to_numpy()), rcond=None)[0]
    print(json.dumps({name: fitted[1:, place].tolist() for place, name in enumerate(taken.columns)}))  # noqa: T201


if __name__ == "__main__":
    main()
