"""Measure ingest beside DuckDB alone, and computing; ratios of one run, medians, JSON under var/bench.

    python tests/bench/run.py [--events 200000] [--repeat 5]

Each measurement is a process of its own, so that its processor time and its peak memory are its own; the two sides
of a ratio take turns.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from analytics.compute import compute, to_compute
from producers.event import encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from producers.simulation import simulate
from warehouse.connection import write
from warehouse.ingest import ingest
from warehouse.mart import refresh

OUT = Path("var/bench")
PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)
ALONE = """
    CREATE TABLE events AS
    SELECT id, source, type, subject, CAST(time AS TIMESTAMPTZ) AS occurred_at, now() AS recorded_at,
           0 AS partition, CAST(0 AS BIGINT) AS position, CAST(data AS VARCHAR) AS data
    FROM read_json($files, format = 'newline_delimited', columns = {
        id: 'VARCHAR', source: 'VARCHAR', type: 'VARCHAR', subject: 'VARCHAR', time: 'VARCHAR', data: 'JSON'})
"""


def fill(log: Path, events: int) -> None:
    """Write that many events of a simulated region into a folder log."""
    arrivals = simulate(members=3000, weeks=156).arrivals[:events]
    FolderLog(log).append([Entry(each.event.key, encode(each.event)) for each in arrivals], recorded_at=PRESENT)


def duckdb_alone(folder: Path) -> None:
    """Load the same lines from disk into the same columns, with nothing checked and nothing known."""
    files = sorted(str(path) for path in (folder / "log").rglob("*.ndjson"))
    connection = duckdb.connect(str(folder / "alone.duckdb"))
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(ALONE, {"files": files})
    connection.execute("CHECKPOINT")
    connection.close()


def ours(folder: Path) -> None:
    """Ingest the log: decoded, checked, deduplicated, what it touches marked, the position moved with it."""
    ingest(FolderLog(folder / "log"), folder / "ours.duckdb")
    with write(folder / "ours.duckdb") as connection:
        connection.execute("CHECKPOINT")


def demo_weeks(folder: Path) -> None:
    """Compute every week of the demo."""
    settings = Settings(home=folder)
    compute(settings, to_compute(settings, PRESENT), present=PRESENT)


def prepare_demo(folder: Path) -> None:
    """Bring the demo's events into the marts."""
    log = FolderLog(folder / "log")
    log.append([Entry(each.event.key, encode(each.event)) for each in simulate().arrivals], recorded_at=PRESENT)
    ingest(log, folder / "warehouse.duckdb")
    with write(folder / "warehouse.duckdb") as connection:
        refresh(connection)


def measured(work: Callable[[Path], None], folder: Path) -> dict[str, float]:
    """Return the processor seconds, the wall seconds and the peak memory in MB of ``work`` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours_end, theirs = context.Pipe()
    process = context.Process(target=_work, args=(work, folder, theirs))
    process.start()
    result: dict[str, float] = ours_end.recv()
    process.join()
    return result


def _work(work: Callable[[Path], None], folder: Path, pipe: Any) -> None:  # noqa: ANN401 - a pipe's end has no type
    before, began = time.process_time(), time.perf_counter()
    work(folder)
    pipe.send(
        {
            "cpu_s": time.process_time() - before,
            "wall_s": time.perf_counter() - began,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
    )


def bench_ingest(events: int, repeat: int) -> dict[str, Any]:
    """Return both sides' medians and their ratio."""
    sides: dict[str, list[dict[str, float]]] = {"ours": [], "duckdb_alone": []}
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name) / "log", events)
        for _ in range(repeat):
            for side, work in (("duckdb_alone", duckdb_alone), ("ours", ours)):
                for database in Path(name).glob("*.duckdb*"):
                    database.unlink()
                sides[side].append(measured(work, Path(name)))
    result: dict[str, Any] = {side: _medians(runs) for side, runs in sides.items()}
    result["events"] = events
    result["cpu_ratio"] = result["ours"]["cpu_s"] / result["duckdb_alone"]["cpu_s"]
    result["events_per_cpu_s"] = events / result["ours"]["cpu_s"]
    return result


def bench_compute() -> dict[str, Any]:
    """Return what all weeks of the demo cost, kernels read from their cache."""
    with tempfile.TemporaryDirectory() as name:
        prepare_demo(Path(name))
        return measured(demo_weeks, Path(name))


def _medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--events", type=int, default=200_000)
    arguments.add_argument("--repeat", type=int, default=5)
    given = arguments.parse_args()
    result = {"ingest": bench_ingest(given.events, given.repeat), "compute_demo": bench_compute()}
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps(result, indent=2) + "\n")
    taken, weeks = result["ingest"], result["compute_demo"]
    print(  # noqa: T201 - a script for people
        f"ingest of {taken['events']:,} events: {taken['ours']['cpu_s']:.2f} CPU-s, DuckDB alone "
        f"{taken['duckdb_alone']['cpu_s']:.2f}: {taken['cpu_ratio']:.2f} times, goal 2; "
        f"peak {taken['ours']['peak_mb']:.0f} MB\n"
        f"all weeks of the demo: {weeks['wall_s']:.1f} s, goal 60; {weeks['cpu_s']:.1f} CPU-s, "
        f"peak {weeks['peak_mb']:.0f} MB, goal 1024\n"
        f"written to {OUT / 'bench.json'}",
    )


if __name__ == "__main__":
    main()
