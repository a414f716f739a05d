"""The crash test: whatever is killed, stopped or fought over, what was sent is in the record, each line once."""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from producers.log import Entry
from producers.log.client import BrokerUnreachable
from producers.log.opening import open_log
from producers.log.topic import ensure_topic
from tests.faults.process import Watched, broker_process, contender, run
from tests.faults.stream import POISONS, Stream, compare, stream
from tests.kafka_broker import free_port, started_broker

STOPS = (signal.SIGTERM, signal.SIGKILL)
"""How a broker is stopped: in order, or as a power failure would."""


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
        self.url, self._home, self._rng = url, home, rng
        self._environment = {"MAILLAGE_LOG": url, "MAILLAGE_PUBLISH_SECONDS": "5"}
        self.warehouse = home / "warehouse.duckdb"
        self.kills = self.inside = self.services = 0

    def one_life(self, longest: float) -> None:
        """Start an ingester or the service, and kill it at any moment, or while it is inside a transaction."""
        life = self._begun(self._rng.choice(["--once", "--follow"]))
        if self._rng.random() < 0.7:
            life.wait_until_inside(self._rng.randint(1, 4), longest)
            time.sleep(self._rng.uniform(0, 0.03))
        else:
            time.sleep(self._rng.uniform(0, longest))
        self._killed(life)

    @contextmanager
    def living_through(self) -> Iterator[None]:
        """Have the service live through the body, however long nothing answers it, and kill it a while later."""
        life = self._begun("--follow")
        yield
        life.wait_until_inside(life.transactions + 1, 4)
        assert not life.ended(), life.done().errors
        self._killed(life)

    def to_the_end(self) -> None:
        """Take in what is left, undisturbed."""
        done = run(self._home, "ingest", "--once", environment=self._environment)
        assert done.code == 0, done.errors

    def _begun(self, manner: str) -> Watched:
        return Watched(self._home, "ingest", manner, environment=self._environment)

    def _killed(self, life: Watched) -> None:
        done = life.kill()
        if done.code == -signal.SIGKILL:
            self.kills += 1
            self.inside += life.inside
            self.services += "--follow" in life.arguments
        elif done.code:
            assert "broker" in done.complaint, done.errors


@dataclass
class Broker:
    """A broker that is stopped in order or killed, and started again with what it had."""

    home: Path
    port: int = field(default_factory=free_port)
    life: ExitStack = field(default_factory=ExitStack)

    def start(self) -> str:
        """Return its address."""
        return started_broker(self.life, self.home, port=self.port)

    def stop(self, how: signal.Signals) -> None:
        """Stop it in order (SIGTERM) or as a power failure would."""
        if how == signal.SIGKILL:
            os.kill(broker_process(self.home), signal.SIGKILL)
        self.life.close()


def ends(url: str) -> dict[int, int]:
    """Return where the log ends, once its broker answers."""
    while True:
        try:
            with closing(open_log(url)) as log:
                return dict(log.ends())
        except BrokerUnreachable:
            time.sleep(0.1)


def restarted(broker: Broker, how: signal.Signals, ingesting: Ingesting, longest: float) -> None:
    """Stop the broker and start it again; what it has shown once, it still has."""
    before = ends(ingesting.url)
    broker.stop(how)
    ingesting.one_life(longest)
    broker.start()
    after = ends(ingesting.url)
    assert all(after[number] >= end for number, end in before.items()), (how, before, after)


def check_shares(told: Stream) -> None:
    """Assert that what is sent has the shares that it was meant to have, and all kinds of poison."""
    count = len(told.entries)
    assert set(told.poison.values()) == set(POISONS)
    assert 0.045 < told.duplicates / count < 0.055
    assert 0.008 < len(told.poison) / count < 0.011
    assert 0.045 < told.late / count < 0.055


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
    told, rng = stream(200_000, seed), chance(seed)
    check_shares(told)
    with ExitStack() as life, ThreadPoolExecutor(1) as pool:
        broker = Broker(tmp_path / "kafka")
        life.callback(broker.life.close)
        address = broker.start()
        ensure_topic(address, "events", partitions=4)
        url = f"kafka://{address}/events"
        ingesting = Ingesting(tmp_path / "home", url, rng)
        life.enter_context(contender(ingesting.warehouse, seed))
        publishing = Publishing(url, told.entries, chunk=1_000, pause=0.6, rng=chance(seed))
        promise = publishing.start(pool)
        for stop, how in enumerate(rng.sample([signal.SIGTERM, signal.SIGKILL, rng.choice(STOPS)], 3), 1):
            while ingesting.kills < 7 * stop:
                ingesting.one_life(longest=4)
            with ingesting.living_through():
                restarted(broker, how, ingesting, longest=4 * stop)
        while ingesting.kills < 30 or not promise.done():
            ingesting.one_life(longest=4)
        promise.result()
        ingesting.to_the_end()
        told_of = (ingesting.kills, ingesting.inside, ingesting.services, publishing.failures)
        print("kills %d, inside a transaction %d, of the service %d; sent again %d" % told_of)  # noqa: T201, UP031
        assert ingesting.inside >= 8
        assert ingesting.services >= 8
        compare(url, ingesting.warehouse, told)
