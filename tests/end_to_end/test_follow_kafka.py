"""``maillage ingest --follow`` on a real Apache Kafka: a process, its port, its log lines, and a broker that goes."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from producers.log import Entry, EventLog
from producers.log.opening import open_log
from producers.log.topic import ensure_topic
from tests.end_to_end.conftest import Maillage
from tests.end_to_end.following import Service, following, send, taken, until
from tests.faults.stream import compare, stream
from tests.kafka_broker import free_port, started_broker
from warehouse.health import PATIENCE_IN_TROUBLE

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.usefixtures("sockets_left_by_the_client"),
]
STOP_SECONDS = 2.0


@pytest.fixture
def sockets_left_by_the_client() -> Iterator[None]:
    """Collect, while the warning is off, the sockets that kafka-python leaves open when it cannot connect."""
    yield
    gc.collect()


@pytest.fixture
def topic(kafka_broker: str) -> Iterator[str]:
    """Give the address of a new topic."""
    name = f"follow.{time.time_ns()}"
    ensure_topic(kafka_broker, name, partitions=4)
    yield f"kafka://{kafka_broker}/{name}"
    with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
        admin.delete_topics([name])


@pytest.fixture
def log(topic: str) -> Iterator[EventLog]:
    with closing(open_log(topic)) as opened:
        yield opened


@pytest.fixture
def service(tmp_path: Path, topic: str) -> Iterator[Service]:
    with following(tmp_path / "home", topic, free_port(), MAILLAGE_PUBLISH_SECONDS="1") as running:
        yield running


def publish(log: EventLog, entries: list[Entry]) -> None:
    for _ in send(log, entries, rate=500, chunk=50):
        pass


def test_what_is_published_can_be_queried_within_the_second(service: Service, log: EventLog) -> None:
    entries = stream(60, seed=1).entries
    log.append(entries[:52])
    until(lambda: taken(service.warehouse) == 52)
    waits = []
    for number, entry in enumerate(entries[52:], start=53):
        log.append([entry])
        waits.append(until(lambda number=number: taken(service.warehouse) == number))  # type: ignore[misc]
    assert statistics.median(waits) < 1, waits


def test_the_port_tells_how_far_it_is(service: Service, log: EventLog, topic: str) -> None:
    told = stream(600, seed=2)
    publish(log, told.entries)
    until(lambda: sum(service.metrics()["position"].values()) == 600)
    metrics = service.metrics()
    assert metrics["lag"] == {str(number): 0 for number in range(4)}
    assert metrics["position"] == {str(number): end for number, end in log.ends().items()}
    assert metrics["lines_total"] == {
        "read": 600,
        "new": len(told.valid),
        "duplicate": told.duplicates,
        "rejected": len(told.poison),
    }
    assert metrics["healthy"] == {"": 1}
    assert abs(metrics["progress_timestamp_seconds"][""] - time.time()) < 5
    assert service.health() == (200, service.health()[1] | {"healthy": True, "lag": 0, "reason": "", "trouble": ""})
    compare(topic, service.warehouse, told)


def test_the_snapshot_follows_at_its_period(service: Service, log: EventLog) -> None:
    for many in (10, 20):
        log.append(stream(10, seed=many).entries)
        until(lambda many=many: taken(service.snapshot) == many)  # type: ignore[misc]
    assert service.metrics()["published_timestamp_seconds"][""] > time.time() - 10


def test_sigterm_ends_it_within_two_seconds_and_keeps_what_it_saw(service: Service, log: EventLog) -> None:
    told = stream(2_000, seed=3)
    for _ in send(log, told.entries, rate=1_000, chunk=50):
        if sum(batch["read"] for batch in service.told("batch")) > 500:
            break
    code, seconds = service.stopped()
    assert (code, seconds < STOP_SECONDS) == (0, True), seconds
    lines = service.told()
    assert lines[-1]["event"] == "stopped"
    assert taken(service.warehouse) == sum(line["read"] for line in lines if line["event"] == "batch")
    assert taken(service.snapshot) == taken(service.warehouse)


def test_an_ingest_beside_it_doubles_nothing(service: Service, log: EventLog, topic: str) -> None:
    told = stream(1_500, seed=4)
    beside = Maillage(service.home)
    for number, _ in enumerate(send(log, told.entries, rate=500, chunk=50)):
        if number % 10 == 5:
            beside.run("ingest", "--once", MAILLAGE_LOG=topic)
    until(lambda: taken(service.warehouse) == 1_500)
    assert service.stopped()[0] == 0
    compare(topic, service.warehouse, told)


def test_its_log_lines_name_nobody(service: Service, log: EventLog) -> None:
    told = stream(1_000, seed=5)
    log.append(told.entries)
    until(lambda: taken(service.warehouse) == 1_000)
    service.stopped()
    fields = {
        "batch": {"read", "new", "duplicates", "rejected", "seconds"},
        "published": {"subjects", "seconds"},
        "stopped": {"reason"},
    }
    for line in service.told():
        assert line.keys() == fields[line["event"]] | {"at", "level", "event"}
        assert all(isinstance(line[name], int | float) for name in fields[line["event"]] - {"reason"})


def test_it_rests_while_nothing_comes(service: Service, log: EventLog) -> None:
    log.append(stream(100, seed=6).entries)
    until(lambda: taken(service.warehouse) == 100)
    time.sleep(1.5)
    before = service.cpu_s()
    time.sleep(5)
    assert service.cpu_s() - before < 1  # a loop without a rest would take 5


@pytest.mark.slow
def test_it_waits_for_a_broker_that_is_away_and_goes_on_by_itself(tmp_path: Path) -> None:
    told, port = stream(1_000, seed=7), free_port()
    with ExitStack() as life:
        broker = life.enter_context(ExitStack())
        address = started_broker(broker, tmp_path / "kafka", port=port)
        ensure_topic(address, "events", partitions=4)
        url = f"kafka://{address}/events"
        service = life.enter_context(following(tmp_path / "home", url, free_port()))
        with closing(open_log(url)) as log:
            log.append(told.entries[:500])
            until(lambda: taken(service.warehouse) == 500)
        broker.close()
        _is_unwell_without_the_broker(service)
        _ends_in_time_without_the_broker(tmp_path / "home", url)
        started_broker(broker, tmp_path / "kafka", port=port)
        with closing(open_log(url)) as log:
            log.append(told.entries[500:])
        until(lambda: taken(service.warehouse) == 1_000)
        until(lambda: service.health()[0] == 200)  # once the turn that took it has ended
        assert len(service.told("going on")) == 1
        assert service.stopped()[0] == 0
        compare(url, service.warehouse, told)


def _is_unwell_without_the_broker(service: Service) -> None:
    before = service.cpu_s()
    assert until(lambda: service.health()[0] == 503) < PATIENCE_IN_TROUBLE + 1
    reason = service.health()[1]["reason"]
    assert "no broker answers" in reason
    time.sleep(5)
    waiting = service.told("waiting")
    assert len(waiting) == 1, waiting
    assert "no broker answers" in waiting[0]["reason"]
    assert service.cpu_s() - before < 2
    assert service.metrics()["healthy"] == {"": 0}


def _ends_in_time_without_the_broker(home: Path, url: str) -> None:
    with following(home, url, free_port()) as other:
        time.sleep(1)
        code, seconds = other.stopped()
    assert (code, seconds < STOP_SECONDS) == (0, True), seconds
    assert other.told()[-1]["event"] == "stopped"
