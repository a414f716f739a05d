"""Faults under the weekly chain in Airflow: it ends right without a hand, and with the same rows."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from deploy.process import members
from deploy.stack import Stack
from producers.log.broker import running_broker
from producers.log.opening import open_log
from tests.airflow_stack import CHAIN, PATIENCE, Client, known, reported, results, since, started, until
from tests.end_to_end.following import taken
from tests.end_to_end.region import append, keys, late_workshop, publish, told, weeks
from tests.faults.process import broker_process, held, holder
from tests.kafka_broker import JARS

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.kafka,
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.usefixtures("sockets_left_by_the_client"),
]
WEEKS = 3


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Client]]:
    """Give the stack after all weeks have come out once, without the ingest service: the drain takes everything."""
    with started(tmp_path_factory.mktemp("faults") / "up") as (stack, client):
        stack.processes.pop("ingest").stop()
        publish(stack.home, told(WEEKS))
        client.post("/dags/drain_events/dagRuns", {"logical_date": None})
        none: dict[str, set[str]] = {dag: set() for dag in CHAIN}
        until(lambda: reported(client, none, keys(weeks(WEEKS))), PATIENCE)
        yield stack, client


@pytest.fixture
def stack(running: tuple[Stack, Client]) -> Stack:
    return running[0]


@pytest.fixture
def client(running: tuple[Stack, Client]) -> Client:
    return running[1]


class Backfill:
    """All weeks once more, and what is expected of them: each comes out, and no row has changed."""

    def __init__(self, stack: Stack, client: Client) -> None:
        self._stack, self._client = stack, client
        self.before, self._rows, self._weeks = known(client), results(stack), weeks(WEEKS)
        first, last = self._weeks[0].monday.isoformat(), self._weeks[-1].monday.isoformat()
        self._id = client.backfill(first, last, reprocess_behavior="completed")

    def wait_for_store(self) -> None:
        """Return when the first task that writes has come."""
        until(lambda: since(self._client, "network_metrics", self.before, "running"), PATIENCE, pause=0.2)

    def ends_right(self) -> None:
        until(lambda: reported(self._client, self.before, keys(self._weeks)), PATIENCE)
        assert results(self._stack) == self._rows
        # The scheduler closes a backfill some time after its last run, and takes no other one before.
        until(lambda: self._client.get(f"/backfills/{self._id}")["completed_at"], PATIENCE)


def writer(stack: Stack) -> int:
    """Return the task that holds the warehouse for writing, once there is one."""
    session, deadline = stack.processes["scheduler"].pid, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        process: int = holder(stack.home.warehouse)
        if process and process in members(session):
            return process
        time.sleep(0.002)
    raise AssertionError("no task has opened the warehouse")


@contextmanager
def seized(path: Path, seconds: float) -> Iterator[None]:
    """Hold the warehouse for so long, as soon as no task does."""
    with ExitStack() as stack:
        ours = False
        while not ours:
            with suppress(AssertionError):  # a task has it
                stack.enter_context(held(path, seconds))
                ours = True
        yield


def test_tasks_that_are_killed_while_they_write_are_done_again(stack: Stack, client: Client) -> None:
    backfill = Backfill(stack, client)
    for _ in range(3):
        os.kill(writer(stack), signal.SIGKILL)
        time.sleep(5)
    backfill.ends_right()


def test_a_scheduler_that_is_killed_and_started_again_goes_on(stack: Stack, client: Client) -> None:
    backfill = Backfill(stack, client)
    backfill.wait_for_store()
    stack.processes["scheduler"].kill()
    time.sleep(5)
    stack.start("scheduler")
    backfill.ends_right()


def test_a_warehouse_that_somebody_holds_for_a_minute_is_waited_for(stack: Stack, client: Client) -> None:
    backfill = Backfill(stack, client)
    backfill.wait_for_store()
    with seized(stack.home.warehouse, 60):
        time.sleep(60)
    backfill.ends_right()


def test_a_broker_that_goes_during_a_drain_costs_nothing(stack: Stack, client: Client) -> None:
    before, home = known(client), stack.home
    append(home, [late_workshop(weeks(1)[0], "lab-besancon")])
    os.kill(broker_process(home.kafka), signal.SIGKILL)
    run = client.post("/dags/drain_events/dagRuns", {"logical_date": None})["dag_run_id"]
    until(lambda: "up_for_retry" in {each["state"] for each in client.tasks("drain_events", run)}, PATIENCE)
    with running_broker(home.kafka, home.ports.kafka, jars=JARS):
        until(lambda: client.get(f"/dags/drain_events/dagRuns/{run}")["state"] == "success", PATIENCE)
        with closing(open_log(home.log_url)) as log:
            assert taken(home.warehouse) == sum(log.ends().values())
        until(lambda: reported(client, before, keys(weeks(1))), PATIENCE)
