"""The crash test: whatever is killed, stopped or fought over, what was sent is in the record, each line once."""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from producers.log import Entry
from producers.log.client import BrokerUnreachable
from producers.log.opening import open_log
from producers.log.topic import ensure_topic
from tests.faults.process import Command, contender, holder, run, wait_until_it_holds
from tests.faults.stream import compare, stream
from tests.kafka_broker import free_port, started_broker


@pytest.fixture
def seed() -> int:
    """Give the number that decides all chances; pytest shows it when the test fails."""
    chosen = int(os.environ.get("MAILLAGE_TEST_SEED") or secrets.randbelow(1_000_000))
    print(f"\nrepeat with MAILLAGE_TEST_SEED={chosen}")  # noqa: T201
    return chosen


def chance(seed: int) -> random.Random:
    """Return chances that the seed repeats."""
    return random.Random(seed)  # noqa: S311  not for secrets


@dataclass
class Publishing:
    """Lines on their way into the log, sent again where the log did not take them."""

    url: str
    entries: list[Entry]
    chunk: int
    pause: float
    rng: random.Random
    failures: int = 0

    def start(self, pool: ThreadPoolExecutor) -> Future[None]:
        """Return the promise that everything is in the log."""
        return pool.submit(self._all)

    def _all(self) -> None:
        with closing(open_log(self.url)) as log:
            for first in range(0, len(self.entries), self.chunk):
                self._once(log.append, self.entries[first : first + self.chunk])
                time.sleep(self.rng.uniform(0, self.pause))

    def _once(self, append: Callable[[list[Entry]], int], entries: list[Entry]) -> None:
        while True:
            try:
                assert append(entries) == len(entries)
            except BrokerUnreachable:
                self.failures += 1
                time.sleep(0.2)
            else:
                return


class Ingesting:
    """Ingesters in one home that are killed at random moments."""

    def __init__(self, home: Path, url: str, rng: random.Random) -> None:
        self._home, self._rng = home, rng
        self._environment = {"MAILLAGE_LOG": url}
        self.warehouse = home / "warehouse.duckdb"
        self.kills = self.while_holding = 0

    def one_life(self, longest: float) -> None:
        """Start an ingester and kill it at any moment, or while it holds the warehouse."""
        command = Command(self._home, "ingest", "--once", environment=self._environment)
        if self._rng.random() < 0.5:
            wait_until_it_holds(command, self.warehouse, longest)
            time.sleep(self._rng.uniform(0, 0.06))
        else:
            time.sleep(self._rng.uniform(0, longest))
        holding = holder(self.warehouse) == command.process.pid
        done = command.kill()
        if done.code == -signal.SIGKILL:
            self.kills += 1
            self.while_holding += holding
        elif done.code:
            assert "broker" in done.complaint, done.errors

    def to_the_end(self) -> None:
        """Take in what is left, undisturbed."""
        done = run(self._home, "ingest", "--once", environment=self._environment)
        assert done.code == 0, done.errors


def test_killing_the_ingester_five_times_changes_nothing(tmp_path: Path, seed: int) -> None:
    url, told = f"file://{tmp_path}/log", stream(5_000, seed)
    ingesting = Ingesting(tmp_path / "home", url, chance(seed))
    publishing = Publishing(url, told.entries, chunk=250, pause=0.4, rng=chance(seed))
    with ThreadPoolExecutor(1) as pool, contender(ingesting.warehouse, seed, longest=0.05):
        promise = publishing.start(pool)
        while ingesting.kills < 5:
            ingesting.one_life(longest=1.2)
        promise.result()
        ingesting.to_the_end()
    compare(url, ingesting.warehouse, told)


@pytest.mark.slow
@pytest.mark.kafka
@pytest.mark.usefixtures("sockets_left_by_the_client")
@pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")
def test_killing_everything_for_minutes_changes_nothing(tmp_path: Path, seed: int) -> None:
    told, port = stream(200_000, seed), free_port()
    with ExitStack() as life, ThreadPoolExecutor(1) as pool:
        broker = life.enter_context(ExitStack())
        address = started_broker(broker, tmp_path / "kafka", port=port)
        ensure_topic(address, "events", partitions=4)
        url = f"kafka://{address}/events"
        ingesting = Ingesting(tmp_path / "home", url, chance(seed))
        life.enter_context(contender(ingesting.warehouse, seed))
        publishing = Publishing(url, told.entries, chunk=1_000, pause=0.6, rng=chance(seed))
        promise = publishing.start(pool)
        for stop in range(4):
            while ingesting.kills < 8 * (stop + 1):
                ingesting.one_life(longest=4)
            if stop < 3:
                broker.close()
                ingesting.one_life(longest=4 * (stop + 1))
                started_broker(broker, tmp_path / "kafka", port=port)
        promise.result()
        ingesting.to_the_end()
        print(ingesting.kills, ingesting.while_holding, publishing.failures)  # noqa: T201
        assert ingesting.while_holding > 5
        compare(url, ingesting.warehouse, told)
