"""Compute the networks of many weeks of a generated stream as the weekly chain does, and say what it took.

    python tests/bench/weeks.py MEMBERS WEEKS THREADS FAMILY …

Only the rows of a window are in memory; results are counted and let go, as a chain that stores them would.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from analytics.metrics import network_metrics, warm
from tests.bench.attendance import WEEKS, WINDOW_WEEKS, people, week_of, window_ties


def main() -> None:
    """Compute the last WEEKS weeks and print processor and wall seconds and the peak memory in MB."""
    members, weeks, threads, *families = sys.argv[1:]
    told = people(int(members))
    warm()
    began, before = time.perf_counter(), time.process_time()

    def computed(week: int) -> int:
        first = max(0, week - WINDOW_WEEKS + 1)
        rows = pd.concat([week_of(told, each) for each in range(first, week + 1)])
        return len(network_metrics(window_ties(rows, week), "copresence", families=families))

    with ThreadPoolExecutor(int(threads)) as pool:
        values = sum(pool.map(computed, range(WEEKS - int(weeks), WEEKS)))
    took = {"cpu_s": time.process_time() - before, "wall_s": time.perf_counter() - began, "values": values}
    print(json.dumps(took | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # noqa: T201


if __name__ == "__main__":
    main()
