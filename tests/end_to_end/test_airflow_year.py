"""A year that is backfilled, with Airflow's metadata in Postgres."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from tests.airflow_stack import CHAIN, Client, known, reported, since, started, until
from tests.end_to_end.following import taken
from tests.end_to_end.region import keys, publish, told, weeks
from tests.postgres import postgres
from warehouse.connection import read

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.kafka,
    pytest.mark.slow,
    pytest.mark.long,
]
WEEKS, MINUTES = 52, 15.0


def tasks_of(client: Client, before: dict[str, set[str]]) -> str:
    """Return how many tasks of each kind there were, and how long one and all of them took."""
    spent: dict[str, list[float]] = defaultdict(list)
    for dag in CHAIN:
        for run in client.runs(dag):
            if run["dag_run_id"] not in before[dag]:
                for each in client.tasks(dag, run["dag_run_id"]):
                    spent[f"{dag}.{each['task_id']}"].append(each["duration"] or 0.0)
    return "\n".join(f"{len(each):5}  {mean(each):5.1f} s  {sum(each):6.0f} s  {name}" for name, each in spent.items())


def test_a_year_is_backfilled_in_a_quarter_of_an_hour_and_no_week_is_lost(tmp_path: Path) -> None:
    year = weeks(WEEKS)
    with postgres() as address, started(tmp_path / "up", database=f"postgresql+pg8000://{address}") as (stack, client):
        client.patch("/dags/drain_events", {"is_paused": True})
        arrivals = told(WEEKS)
        publish(stack.home, arrivals)
        until(lambda: taken(stack.home.warehouse) == len(arrivals), 120)
        before, began = known(client), time.monotonic()
        client.backfill(year[0].monday.isoformat(), year[-1].monday.isoformat())
        until(lambda: reported(client, before, keys(year)), 2 * MINUTES * 60, pause=5)
        minutes = (time.monotonic() - began) / 60
        print(f"{WEEKS} weeks in {minutes:.1f} minutes\n{tasks_of(client, before)}")  # noqa: T201  a measurement
        for dag in CHAIN:
            assert since(client, dag, before).keys() == keys(year), dag
        with read(stack.home.warehouse) as connection:
            computed = connection.execute("SELECT count(DISTINCT week) FROM computed").fetchall()
            assert computed == [(WEEKS,)]
            assert connection.execute("SELECT count(*) FROM stale WHERE week <= ?", [year[-1].monday]).fetchall() == [
                (0,)
            ]
        assert minutes < MINUTES
