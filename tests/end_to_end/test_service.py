"""The service: takes what comes, says how it is, waits where waiting helps, and stops when it is asked to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from producers.errors import TrimmedOffset, UsageError
from producers.event import HelpAnswered, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.gap import accept, gaps
from warehouse.health import Health, served
from warehouse.ingest import Ingested, ingest
from warehouse.service import follow

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def entries(first: int, many: int) -> list[Entry]:
    events = [
        tell(HelpAnswered(answer=f"a{number}", helper=person(number)), f"q{number}", "2026-01-05")
        for number in range(first, first + many)
    ]
    return [Entry(each.key, encode(each)) for each in events]


def until(what: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Wait until it holds, and fail when it does not."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def following(settings: Settings) -> Iterator[Health]:
    stop, health = threading.Event(), Health()
    thread = threading.Thread(target=follow, args=(settings, stop, health))
    thread.start()
    try:
        yield health
    finally:
        stop.set()
        thread.join(timeout=5)
        assert not thread.is_alive()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, publish_seconds=1.0)


def count(settings: Settings) -> int:
    with read(settings.warehouse) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchall()[0][0])


def test_what_comes_is_taken_while_the_service_runs(settings: Settings) -> None:
    log = FolderLog(settings.home / "log")
    with following(settings) as health:
        log.append(entries(0, 30))
        until(lambda: health.done.new == 30)
        log.append([*entries(30, 5), *entries(0, 2), Entry("k", b"garbage")])
        until(lambda: health.done == Ingested(read=38, new=35, duplicates=2, rejected=1))
        until(lambda: sum(health.lag.values()) == 0)
    assert count(settings) == 35


def test_the_snapshot_is_published_again_and_at_the_end(settings: Settings) -> None:
    log = FolderLog(settings.home / "log")
    with following(settings) as health:
        until(settings.snapshot.exists)
        log.append(entries(0, 3))
        until(lambda: health.done.new == 3)
    with read(settings.snapshot) as connection:
        assert connection.execute("SELECT count(*) FROM help_answer").fetchall() == [(3,)]


def service(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "analytics", "ingest", "--follow"],
        env={**os.environ, "MAILLAGE_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_services_take_each_line_once(settings: Settings) -> None:
    log = FolderLog(settings.home / "log")
    both = [service(settings.home), service(settings.home)]
    for first in range(0, 3000, 100):
        log.append(entries(first, 100))
        time.sleep(0.1)
    until(lambda: count(settings) == 3000, seconds=30)
    for each in both:
        each.send_signal(signal.SIGTERM)
    told = [json.loads(line) for each in both for line in each.communicate(timeout=10)[1].splitlines()]
    assert [each.returncode for each in both] == [0, 0]
    batches = [line for line in told if line["event"] == "batch"]
    assert sum(line["new"] for line in batches) == sum(line["read"] for line in batches) == 3000


def test_a_locked_warehouse_is_waited_for(settings: Settings) -> None:
    log = FolderLog(settings.home / "log")
    with write(settings.warehouse):
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(settings.warehouse)], stdout=subprocess.PIPE, text=True
        )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    log.append(entries(0, 10))
    with following(settings) as health:
        until(lambda: health.done.new == 10, seconds=20)
    assert holder.wait() == 0
    holder.stdout.close()


HOLD = """
import sys, time
from pathlib import Path
from warehouse.connection import write
with write(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(2)
"""


def test_the_command_stops_within_two_seconds_of_sigterm(tmp_path: Path) -> None:
    FolderLog(tmp_path / "log").append(entries(0, 50))
    process = service(tmp_path)
    assert process.stderr is not None
    lines = []
    while "batch" not in (line := process.stderr.readline()):
        assert line
        lines.append(json.loads(line))
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=10)
    assert time.monotonic() - began < 2
    assert process.returncode == 0
    assert json.loads(rest.splitlines()[-1]) | {"at": ""} == {
        "at": "",
        "level": "info",
        "event": "stopped",
        "reason": "asked to",
    }
    assert "m_0" not in rest


def test_health_answers_on_the_loopback_and_tells_when_nothing_gets_on() -> None:
    health = Health()
    health.took(Ingested(read=3, new=2, rejected=1), 0.5)
    health.turned({0: 4})
    with served(health, 0) as port:
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
        assert 'maillage_ingest_lines_total{outcome="rejected"} 1' in page
        assert 'maillage_ingest_lag{partition="0"} 4' in page
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert json.load(answer)["lag"] == 4
        health.went_well_at -= 3600
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
        assert caught.value.code == 503
        caught.value.close()


def test_a_gap_stops_ingest_until_it_is_accepted_in_writing(settings: Settings) -> None:
    log = FolderLog(settings.home / "log", partitions=1)
    log.append(entries(0, 10))
    ingest(log, settings.warehouse)
    log.append(entries(10, 10))
    log.close()
    _trim(settings.home / "log" / "0", 15)
    log = FolderLog(settings.home / "log")
    with pytest.raises(TrimmedOffset, match=r"positions 10 to 14 .* maillage gaps accept 0"):
        ingest(log, settings.warehouse)
    assert count(settings) == 10
    found = accept(log, settings.warehouse, 0, reason="off for a month", present=NOW)
    assert (found.since, found.until) == (10, 15)
    assert ingest(log, settings.warehouse).new == 5
    with read(settings.warehouse) as connection:
        assert gaps(connection) == [found]
    with pytest.raises(UsageError, match="nothing is missing"):
        accept(log, settings.warehouse, 0, reason="again", present=NOW)


def _trim(partition: Path, start: int) -> None:
    """Leave the partition as retention would: its first segment gone, the rest from ``start`` on."""
    (segment,) = partition.glob("*.ndjson")
    lines = segment.read_bytes().splitlines(keepends=True)
    (partition / f"{start:020d}.ndjson").write_bytes(b"".join(lines[start:]))
    segment.unlink()
    segment.with_suffix(".times").unlink()
