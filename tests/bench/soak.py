"""Run ``maillage ingest --follow`` for minutes at a steady pace and hold its memory, lag and latency against bounds.

    python tests/bench/soak.py [--minutes 10] [--rate 500]

It uses the broker at MAILLAGE_TEST_KAFKA, or starts one, and a topic of its own. Everything is measured from outside
the service, on Linux. *Latency* runs from when an event is handed to the producer until the service's port says that
the position after it is committed. The port is asked ten times a second and says so once the file is closed, so that
any reader finds the event there: what is measured is never too short. Every five seconds the file itself is asked
too, read-only, until the newest event is in it. In the end the warehouse must hold exactly what was sent. JSON goes
to ``var/bench/soak.json``; the exit code is 1 when a bound is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from kafka.admin import KafkaAdminClient

from producers.log.broker import running_broker
from producers.log.opening import open_log
from producers.log.topic import ensure_topic
from tests.end_to_end.following import Service, following, send
from tests.faults.stream import Stream, compare, stream
from tests.kafka_broker import JARS, free_port
from warehouse.connection import read

OUT = Path("var/bench/soak.json")
LOOK, ASK, TELL = 0.1, 5.0, 30.0
"""Seconds between two looks at the port and at memory, two questions to the file, two lines for people."""
CHUNKS = 20
"""Chunks a second in which the producer sends."""
PATIENCE = 15.0
"""Seconds in which the last events have to arrive."""
WHOLE = 10.0
"""Minutes from which on memory is judged; a shorter run is still warming up."""


class Look(NamedTuple):
    """Where the port said at a moment that the service stands, and what it occupied and had spent."""

    at: float
    position: dict[int, int]
    memory_mb: float
    cpu_s: float


@dataclass
class Run:
    """What was sent and seen; times are those of the monotonic clock."""

    service: Service
    sent: dict[bytes, list[float]] = field(default_factory=dict)
    newest: tuple[str, float] = ("", 0.0)
    looks: list[Look] = field(default_factory=list)
    asked_s: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look at the port until it is over."""
        while not self.over.wait(LOOK):
            found = self.service.metrics()
            position = {int(number): int(value) for number, value in found.get("position", {}).items()}
            self.looks.append(Look(time.monotonic(), position, self.service.memory_mb(), self.service.cpu_s()))

    def ask(self) -> None:
        """Note every few seconds how long the newest event is not in the file."""
        while not self.over.wait(ASK):
            identity, handed_over = self.newest
            while not self._is_stored(identity):
                self.over.wait(0.05)
            self.asked_s.append(time.monotonic() - handed_over)

    def _is_stored(self, identity: str) -> bool:
        with read(self.service.warehouse) as connection:
            return bool(connection.execute("SELECT 1 FROM events WHERE id = $id", {"id": identity}).fetchall())

    def send(self, url: str, told: Stream, rate: float) -> None:
        """Send everything at its pace, and give the last of it the time to arrive."""
        began = said_at = time.monotonic()
        with closing(open_log(url)) as log:
            for at, entries in send(log, told.entries, rate, max(1, int(rate / CHUNKS))):
                for entry in entries:
                    self.sent.setdefault(entry.value, []).append(at)
                    if entry.value in told.valid and len(self.sent[entry.value]) == 1:
                        self.newest = told.valid[entry.value], at
                if at - said_at >= TELL:
                    said_at = at
                    self._tell(at - began)
            ends = log.ends()
        deadline = time.monotonic() + PATIENCE
        while self.looks[-1].position != ends and time.monotonic() < deadline:
            time.sleep(LOOK)

    def _tell(self, seconds: float) -> None:
        now, asked = self.looks[-1], self.asked_s[-1]
        _say(
            f"  {seconds / 60:4.1f} min {sum(now.position.values()):>9,} taken {now.memory_mb:5.0f} MB"
            f" {now.cpu_s:6.1f} CPU-s  latency {asked:.2f} s",
        )

    def lags(self) -> list[int]:
        """Return at each look how many lines had been handed over and were not committed."""
        handed_over = np.sort(np.concatenate([list(each) for each in self.sent.values()]))
        counts = np.searchsorted(handed_over, [look.at for look in self.looks], side="right")
        return [int(count) - sum(look.position.values()) for count, look in zip(counts, self.looks, strict=True)]

    def latencies(self, url: str) -> np.ndarray:
        """Return the seconds that each line took, from the log read again: infinite where it never arrived."""
        found, waiting = [], {value: deque(times) for value, times in self.sent.items()}
        times = np.array([look.at for look in self.looks] + [np.inf])
        with closing(open_log(url)) as log:
            for partition, end in log.ends().items():
                handed_over, position = [], 0
                while position < end:
                    batch = log.read(partition, position)
                    handed_over += [waiting[value or b""].popleft() for value in batch.values]
                    position = batch.next_position
                seen = [look.position.get(partition, 0) for look in self.looks]
                found.append(times[np.searchsorted(seen, np.arange(end), side="right")] - handed_over)
        return np.concatenate(found)


@dataclass(frozen=True)
class Figure:
    """A measured value, and the most that it may be."""

    name: str
    value: float
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Return whether the value keeps within its bound."""
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        bound = "" if self.most is None else f"{self.most:10,.2f}  {'holds' if self.holds else 'BROKEN'}"
        return f"{self.name:<44}{self.value:10,.2f} {bound}".rstrip()


@contextmanager
def fresh_topic(folder: Path, servers: str) -> Iterator[str]:
    """Give the address of a topic that is there only for this run, on a broker that is started if none is given."""
    name = f"soak.{time.time_ns()}"
    with ExitStack() as life:
        servers = servers or life.enter_context(running_broker(folder / "kafka", free_port(), jars=JARS))
        ensure_topic(servers, name, partitions=4)
        yield f"kafka://{servers}/{name}"
        with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
            admin.delete_topics([name])


def soak(minutes: float, rate: float, servers: str = "") -> tuple[list[Figure], Run]:
    """Return the figures of a run."""
    told = stream(int(minutes * 60 * rate), seed=int(minutes * rate))
    with tempfile.TemporaryDirectory() as name, fresh_topic(Path(name), servers) as url:
        _say(f"{len(told.entries):,} events at {rate:g}/s into {url}")
        with following(Path(name) / "home", url, free_port()) as service, ThreadPoolExecutor(2) as pool:
            run = Run(service)
            before, began = service.cpu_s(), time.monotonic()
            watching = [pool.submit(run.look), pool.submit(run.ask)]
            try:
                run.send(url, told, rate)
            finally:
                run.over.set()
                for each in watching:
                    each.result()
            spent, seconds = service.cpu_s() - before, time.monotonic() - began
            code, stop_s = service.stopped()
        compare(url, service.warehouse, told)
        figures = _figures(run, url, minutes, rate)
    return [
        *figures,
        Figure("processor seconds per 1,000 events", spent / len(told.entries) * 1000),
        Figure("share of one processor", spent / seconds),
        Figure("seconds from SIGTERM to the end", stop_s if code == 0 else np.inf, 2.0),
        Figure("load average of the machine, 5 minutes", os.getloadavg()[1]),
    ], run


def _figures(run: Run, url: str, minutes: float, rate: float) -> list[Figure]:
    lags, latency = run.lags(), run.latencies(url)
    early, late = (_memory(run.looks, tenth) for tenth in (1, 9))
    return [
        Figure("latency p50, s", float(np.median(latency)), 1.0),
        Figure("latency p99, s", float(np.percentile(latency, 99)), 2.0),
        Figure("latency max, s", float(latency.max())),
        Figure("latency p50 of the file asked, s", float(np.median(run.asked_s))),
        Figure("latency max of the file asked, s", max(run.asked_s)),
        Figure("lag p99, events", float(np.percentile(lags, 99)), 2 * rate),
        Figure("lag max, events", max(lags), 5 * rate),
        Figure("memory between batches, second tenth, MB", early[0]),
        Figure("memory between batches, last tenth, MB", late[0]),
        Figure("last tenth over second", late[0] / early[0], 1.1 if minutes >= WHOLE else None),
        Figure("memory median, second tenth, MB", early[1]),
        Figure("memory median, last tenth, MB", late[1]),
        Figure("memory peak, MB", max(look.memory_mb for look in run.looks), 400.0),
    ]


def _memory(looks: list[Look], tenth: int) -> tuple[float, float]:
    """Return the memory in that tenth of the run: what is kept between batches (10th percentile), and the median."""
    part = len(looks) // 10
    found = [look.memory_mb for look in looks[tenth * part : (tenth + 1) * part]]
    return float(np.percentile(found, 10)), float(np.median(found))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  a script for people


def main() -> int:
    """Run, print and write; return the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=WHOLE)
    arguments.add_argument("--rate", type=float, default=500.0)
    given = arguments.parse_args()
    figures, run = soak(given.minutes, given.rate, os.environ.get("MAILLAGE_TEST_KAFKA", ""))
    _say(f"{'':<44}{'found':>10} {'at most':>10}")
    for each in figures:
        _say(str(each))
    result = {
        "minutes": given.minutes,
        "rate": given.rate,
        "figures": {each.name: {"value": each.value, "most": each.most, "holds": each.holds} for each in figures},
        "memory_mb": [round(look.memory_mb, 1) for look in run.looks[::50]],
        "cpu_s": [round(look.cpu_s, 2) for look in run.looks[::50]],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=2) + "\n")
    _say(f"the warehouse holds exactly what was sent; written to {OUT}")
    return 0 if all(each.holds for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
