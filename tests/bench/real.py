"""A real stream: the workshops of The Carpentries, 2012 to 2021, as the weekly chain has them.

    python tests/bench/real.py WORKSHOPS.json OUT.npz

Writes the network of the 13 weeks in which most people met, and computes the networks of every week.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.metrics import network_metrics, snapshot, ties, warm
from producers.settings import Settings
from tests.bench.attendance import HALF_LIFE, WINDOW_WEEKS
from warehouse.connection import read, write
from warehouse.mart import refresh
from warehouse.reading import participation, prepare

PROFILE = "carpentries-workshops"
BEGIN, END = datetime(2012, 1, 1, tzinfo=UTC), datetime(2021, 2, 1, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def attendance(workshops: Path, home: Path) -> pd.DataFrame:
    """Return who was at which workshop, from the file through the log and the warehouse of a new home."""
    maillage, environment = str(Path(sys.executable).with_name("maillage")), os.environ | {"MAILLAGE_HOME": str(home)}
    for command in (["publish", "table", "--profile", PROFILE, str(workshops)], ["ingest", "--once"]):
        subprocess.run([maillage, *command], env=environment, check=True, capture_output=True)
    warehouse = Settings(home=home).warehouse
    with write(warehouse) as connection:
        refresh(connection)
    with read(warehouse) as connection:
        prepare(connection)
        return participation(connection, BEGIN, END)


def window(rows: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return the ties of the 13 weeks before ``until``."""
    since = until - WINDOW_WEEKS * WEEK
    inside = rows[(rows["at"] >= since) & (rows["at"] < until)]
    return ties("copresence", inside, rows.iloc[:0], since=since, until=until, half_life=HALF_LIFE)


def main() -> None:
    """Write the network of the fullest window and print how many weeks took how long."""
    workshops, out = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        rows = attendance(workshops, Path(name))
    weeks = [BEGIN + number * WEEK for number in range((END - BEGIN) // WEEK)]
    warm()
    began, before = time.perf_counter(), time.process_time()
    found = [window(rows, until) for until in weeks]
    for each in found:
        network_metrics(each, "copresence", families=("tie", "structure", "path"))
    took = {"cpu_s": time.process_time() - before, "wall_s": time.perf_counter() - began, "weeks": len(weeks)}
    fullest = int(np.argmax([len(each) for each in found]))
    network = snapshot(found[fullest], directed=False)
    np.savez(out, **{each: getattr(network, each) for each in ("indptr", "indices", "strength", "length")})
    size = {"members": int(rows["member"].nunique()), "nodes": network.size, "ties": network.ties}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"until": date.isoformat(weeks[fullest].date()), "peak_mb": peak, "threads": 1}
    print(json.dumps(took | size | told))  # noqa: T201


if __name__ == "__main__":
    main()
