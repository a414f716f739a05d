"""The real components in a home of a test, and a client for their REST API."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.home import USER, Home, Ports
from deploy.stack import Stack, running
from producers.errors import LogError
from tests.kafka_broker import JARS, free_port
from warehouse.connection import read

PATIENCE = 900.0
"""Seconds in which the chain goes through all weeks on two busy cores."""
RESULTS = {"tie": "*", "skill_week": "*", "metric_value": "* EXCLUDE (computed_at)"}
CHAIN = ("close_week", "network_metrics", "skill_trends", "weekly_report")


class Answer:
    """What the API server said."""

    def __init__(self, code: int, body: bytes) -> None:
        self.code, self.body = code, body

    @property
    def json(self) -> Any:  # noqa: ANN401  Airflow's own documents
        """Return the body, read."""
        return json.loads(self.body)


class Client:
    """The REST API as a signed-in user sees it."""

    def __init__(self, home: Home, url: str = "") -> None:
        self.url, self.token = url or home.api_url, ""
        signed_in = self.ask("POST", "/auth/token", {"username": USER, "password": home.secrets["password"]})
        assert signed_in.code == 201, signed_in.body
        self.token = signed_in.json["access_token"]

    def ask(self, method: str, path: str, body: object = None, *, signed: bool = True) -> Answer:
        """Return what is answered, whatever its code."""
        request = urllib.request.Request(f"{self.url}{path}", method=method)  # noqa: S310  ours
        if self.token and signed:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  ours
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with closing(error):
                return Answer(error.code, error.read())

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401
        """Return the document at a path below ``/api/v2``."""
        answer = self.ask("GET", f"/api/v2{path}?{urllib.parse.urlencode(query)}")
        assert answer.code == 200, (path, answer.code, answer.body[:500])
        return answer.json

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401
        """Return what became of it."""
        answer = self.ask("POST", f"/api/v2{path}", body)
        assert answer.code in {200, 201}, (path, answer.code, answer.body[:500])
        return answer.json

    def patch(self, path: str, body: object) -> Any:  # noqa: ANN401
        """Return what became of it."""
        answer = self.ask("PATCH", f"/api/v2{path}", body)
        assert answer.code == 200, (path, answer.code, answer.body[:500])
        return answer.json

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """Return all runs of a DAG, oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.get(f"/dags/{dag}/dagRuns", limit=100, offset=len(found), order_by="id")
            found += page["dag_runs"]
            if len(found) >= page["total_entries"]:
                return found

    def states(self, dag: str) -> dict[str, str]:
        """Return the state of the newest run of each week of a DAG."""
        return {run["partition_key"]: run["state"] for run in self.runs(dag) if run["partition_key"]}

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """Return the task instances of a run."""
        found: list[dict[str, Any]] = self.get(f"/dags/{dag}/dagRuns/{run}/taskInstances", limit=100)["task_instances"]
        return found

    def week_of(self, dag: str, run: str) -> str:
        """Return the partition of a run."""
        return str(self.get(f"/dags/{dag}/dagRuns/{run}")["partition_key"])

    def asset(self, name: str) -> int:
        """Return the number of an asset."""
        return next(int(each["id"]) for each in self.get("/assets")["assets"] if each["name"] == name)

    def questions(self) -> list[dict[str, Any]]:
        """Return the tasks of the report that wait for a person."""
        found: list[dict[str, Any]] = self.get("/dags/weekly_report/dagRuns/~/taskInstances", state="awaiting_input")[
            "task_instances"
        ]
        return found

    def answer_all(self, *, choice: str = "Publier") -> None:
        """Answer whatever waits for a person."""
        for each in self.questions():
            path = f"/dags/weekly_report/dagRuns/{each['dag_run_id']}/taskInstances/{each['task_id']}/-1/hitlDetails"
            self.patch(path, {"chosen_options": [choice], "params_input": {}})

    def backfill(self, first: str, last: str, **more: object) -> int:
        """Return the backfill of close_week over the weeks of two Mondays, both included."""
        body = {"dag_id": "close_week", "from_date": f"{first}T00:00:00Z", "to_date": f"{last}T00:00:00Z"}
        return int(self.post("/backfills", {**body, "max_active_runs": 16, **more})["id"])


def until(what: Callable[[], object], seconds: float, *, pause: float = 1.0) -> float:
    """Return the seconds until it held, and fail when it does not."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s"
        time.sleep(pause)
    return time.monotonic() - began


def results(stack: Stack) -> dict[str, list[Any]]:
    """Return all results, but not when they were computed."""
    with read(stack.home.warehouse) as connection:
        return {
            table: connection.execute(f"SELECT {what} FROM {table} ORDER BY ALL").fetchall()
            for table, what in RESULTS.items()
        }


def known(client: Client) -> dict[str, set[str]]:
    """Return the ids of all runs of the chain."""
    return {dag: {run["dag_run_id"] for run in client.runs(dag)} for dag in CHAIN}


def since(client: Client, dag: str, before: dict[str, set[str]], state: str = "success") -> Counter[str]:
    """Return how often each week is the partition of a run in ``state`` that is none of those before; none failed."""
    runs = [run for run in client.runs(dag) if run["dag_run_id"] not in before[dag]]
    assert not [run["dag_run_id"] for run in runs if run["state"] == "failed"]
    return Counter(run["partition_key"] for run in runs if run["state"] == state)


def reported(client: Client, before: dict[str, set[str]], wanted: set[str]) -> bool:
    """Return whether each week is through, after the questions that wait were answered."""
    client.answer_all()
    return wanted <= since(client, "weekly_report", before).keys()


def settled(client: Client) -> bool:
    """Return whether no run of the chain goes on, after the questions that wait were answered.

    Whoever answers faster than the scheduler has noted that somebody is asked (a second) is asked again by Airflow.
    """
    client.answer_all()
    return all(run["state"] in {"success", "failed"} for dag in CHAIN for run in client.runs(dag))


@contextmanager
def started(folder: Path, *, weeks: int = 0, database: str = "") -> Iterator[tuple[Stack, Client]]:
    """Give the stack on free ports, all DAGs known, and a client of it; it is gone afterwards.

    The test skips where no broker can be started, and fails there in continuous integration.
    """
    ports = Ports(kafka=free_port(), ingest=free_port(), api=free_port())
    home = Home(folder, ports, database=database, weeks=weeks)
    try:
        with running(home, lambda _: None, jars=JARS) as stack:
            client = Client(home)
            until(lambda: set(CHAIN) <= {dag["dag_id"] for dag in client.get("/dags")["dags"]}, 60)
            assert client.get("/importErrors")["import_errors"] == []
            yield stack, client
    except LogError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Kafka: {error}")
