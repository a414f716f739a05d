"""A clock that is set, under the service on a real Kafka: that of its own machine, and that of the broker."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from producers.event import HelpAnswered, encode
from producers.log.cloudevents import HEADERS
from producers.log.opening import open_log
from tests.end_to_end.conftest import Maillage
from tests.end_to_end.following import Service, following, taken, until
from tests.kafka_broker import free_port
from tests.story import person, tell
from warehouse.connection import read

pytestmark = [pytest.mark.kafka]
DAY = 86_400
_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long offset(void) {
    char text[32] = {0};
    int file = open(getenv("TEST_CLOCK_OFFSET"), O_RDONLY);
    if (file < 0 || read(file, text, sizeof text - 1) < 0) return 0;
    close(file);
    return atol(text);
}
int clock_gettime(clockid_t clock, struct timespec *found) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(clock, found);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) found->tv_sec += offset();
    return code;
}
int gettimeofday(struct timeval *found, void *zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    found->tv_sec = precise.tv_sec;
    found->tv_usec = precise.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *found) {
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (found) *found = precise.tv_sec;
    return precise.tv_sec;
}
"""
"""The time of day as the process sees it, moved by what stands in a file; the monotonic clock stays as it is."""


@pytest.fixture
def clock(tmp_path: Path) -> dict[str, str]:
    """Give the environment of a process whose clock the file ``offset`` sets; the test skips without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to make a clock that can be set")
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(_CLOCK)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    (tmp_path / "offset").write_text("0")
    return {"LD_PRELOAD": str(library), "TEST_CLOCK_OFFSET": str(tmp_path / "offset")}


@pytest.fixture
def free_topic(kafka_broker: str) -> Iterator[str]:
    """Give a topic whose records carry the time that the producer states, as if the broker's clock said so."""
    name = f"clock.{time.time_ns()}"
    settings = {"message.timestamp.type": "CreateTime", "retention.ms": "-1"}
    with closing(KafkaAdminClient(bootstrap_servers=kafka_broker)) as admin:
        wanted = {"num_partitions": 1, "replication_factor": 1, "configs": settings}
        admin.create_topics({name: wanted}, wait_for_metadata=True)
        yield name
        admin.delete_topics([name])


def line(number: int, day: datetime) -> bytes:
    return encode(tell(HelpAnswered(answer=f"a{number}", helper=person(number)), f"q{number}", f"{day:%Y-%m-%d}"))


def append(servers: str, topic: str, number: int, at: datetime, *, occurred: datetime) -> None:
    """Append one event that the broker's clock stamps with ``at``."""
    with closing(KafkaProducer(bootstrap_servers=servers)) as producer:
        stamp = int(at.timestamp() * 1000)
        producer.send(topic, line(number, occurred), b"k", headers=HEADERS, timestamp_ms=stamp).get(timeout=10)


def recorded(service: Service) -> list[datetime]:
    """Return when each event was recorded, in the order of the log."""
    with read(service.warehouse) as connection:
        rows = connection.execute("SELECT recorded_at FROM events ORDER BY position").fetchall()
    return [at for (at,) in rows]


def test_the_service_does_not_mind_that_its_machines_clock_is_set(
    tmp_path: Path, kafka_broker: str, free_topic: str, clock: dict[str, str]
) -> None:
    now, url = datetime.now(UTC), f"kafka://{kafka_broker}/{free_topic}"
    home, offset = tmp_path / "home", Path(clock["TEST_CLOCK_OFFSET"])
    with following(home, url, free_port(), MAILLAGE_PUBLISH_SECONDS="1", **clock) as service:
        for number, step in enumerate((0, -2 * DAY, +2 * DAY)):
            offset.write_text(str(step))
            append(kafka_broker, free_topic, number, now, occurred=now - timedelta(days=9))
            assert until(lambda number=number: taken(service.warehouse) == number + 1) < 5  # type: ignore[misc]
            assert until(lambda number=number: taken(service.snapshot) == number + 1) < 5  # type: ignore[misc]
            code, health = service.health()
            assert (code, health["seconds_since_progress"] < 5) == (200, True)
            assert abs(service.metrics()["progress_timestamp_seconds"][""] - time.time() - step) < 5
        assert service.stopped()[0] == 0
        assert recorded(service) == [now.replace(microsecond=now.microsecond // 1000 * 1000)] * 3


def test_a_broker_whose_clock_was_set_back_loses_nothing(tmp_path: Path, kafka_broker: str, free_topic: str) -> None:
    now, url = datetime.now(UTC).replace(microsecond=0), f"kafka://{kafka_broker}/{free_topic}"
    stamps = [now, now - timedelta(hours=1), now]
    with following(tmp_path / "home", url, free_port()) as service:
        for number, at in enumerate(stamps):
            append(kafka_broker, free_topic, number, at, occurred=now - timedelta(days=9))
        append(kafka_broker, free_topic, 3, now - timedelta(days=30), occurred=now - timedelta(days=9))
        until(lambda: taken(service.warehouse) == 4)
        assert recorded(service) == stamps
        _is_refused_and_taken_once_the_clock_is_right(service, url)


def _is_refused_and_taken_once_the_clock_is_right(service: Service, url: str) -> None:
    """An event that lies in the future of a clock set back by weeks is a reject, which a replay mends."""
    maillage = Maillage(service.home)
    assert "lies in the future" in maillage.run("rejects", "list", MAILLAGE_LOG=url).stdout
    assert maillage.run("rejects", "replay", MAILLAGE_LOG=url).stdout.startswith("1 appended, ")
    with closing(open_log(url)) as log:
        assert log.ends() == {0: 5}
    until(lambda: taken(service.warehouse) == 5)
    assert len(recorded(service)) == 4
