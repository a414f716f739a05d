"""``maillage ingest --follow`` as a process that is watched from outside, and a producer that keeps a pace."""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from producers.log import Entry, EventLog
from warehouse.connection import read

_TICKS = os.sysconf("SC_CLK_TCK")
_METRIC = re.compile(r'^maillage_ingest_(\w+?)(?:\{\w+="(\w+)"\})? (\S+)$', re.MULTILINE)
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True)
class Service:
    """The running service of a home; costs are read from /proc, so Linux only."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int

    @property
    def warehouse(self) -> Path:
        """Return where it writes."""
        return self.home / "warehouse.duckdb"

    @property
    def snapshot(self) -> Path:
        """Return the copy that it publishes."""
        return self.home / "published.duckdb"

    @property
    def words(self) -> Path:
        """Return the file that holds its standard error."""
        return _words(self.home)

    def told(self, event: str = "") -> list[dict[str, Any]]:
        """Return its log lines so far, all or those of one event; each is a JSON object."""
        lines = [json.loads(line) for line in self.words.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if event in ("", line["event"])]

    def asked(self, path: str) -> tuple[int, str]:
        """Return code and text of an answer on its port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def health(self) -> tuple[int, dict[str, Any]]:
        """Return what /healthz says; 0 while nobody answers."""
        try:
            code, text = self.asked("/healthz")
        except ConnectionRefusedError:
            return 0, {}
        return code, json.loads(text)

    def metrics(self) -> dict[str, dict[str, float]]:
        """Return the metrics by name and label."""
        found: dict[str, dict[str, float]] = {}
        for name, label, value in _METRIC.findall(self.asked("/metrics")[1]):
            found.setdefault(name, {})[label] = float(value)
        return found

    def cpu_s(self) -> float:
        """Return the processor seconds of the service and of the children that it waited for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICKS

    def memory_mb(self) -> float:
        """Return the memory that it occupies."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / (1 << 20)

    def stopped(self) -> tuple[int, float]:
        """Return the exit code, and the seconds that it took to end after SIGTERM."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        return code, time.monotonic() - began


@contextmanager
def following(home: Path, url: str, port: int, **environment: str) -> Iterator[Service]:
    """Give the service, whose health answers; whatever happens, it is gone afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    settings = {"MAILLAGE_HOME": str(home), "MAILLAGE_LOG": url, "MAILLAGE_METRICS_PORT": str(port), **environment}
    with _words(home).open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "analytics", "ingest", "--follow"],
            stdin=subprocess.DEVNULL,
            stderr=words,
            env={**os.environ, **settings},
        )
    try:
        service = Service(process, home, port)
        wait_until_it_answers(service)
        yield service
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_until_it_answers(service: Service, patience: float = 30.0) -> None:
    """Wait for the first answer on the service's port."""
    deadline = time.monotonic() + patience
    while not service.health()[0]:
        if service.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the service does not answer: {service.words.read_text()[-2000:]}")
        time.sleep(0.05)


def _words(home: Path) -> Path:
    return home / "service.log"


def until(what: Callable[[], bool], seconds: float = 20.0) -> float:
    """Return the seconds until it held, and fail when it does not."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def taken(warehouse: Path) -> int:
    """Return how many positions of the log any reader of the file sees as taken."""
    if not warehouse.exists():
        return 0
    with read(warehouse) as connection:
        return int(connection.execute("SELECT coalesce(sum(next_position), 0) FROM ingest_offset").fetchall()[0][0])


def send(log: EventLog, entries: Sequence[Entry], rate: float, chunk: int) -> Iterator[tuple[float, Sequence[Entry]]]:
    """Append the entries at ``rate`` a second; yield each chunk once it is durable, with when it was handed over."""
    began = time.monotonic()
    for first in range(0, len(entries), chunk):
        together = entries[first : first + chunk]
        time.sleep(max(0.0, began + first / rate - time.monotonic()))
        handed_over = time.monotonic()
        log.append(together)
        yield handed_over, together
