"""Measure ingest from a real Kafka beside its peers: processor seconds of whole processes, their peak memory.

    python tests/bench/ingest.py [--events 200000] [--repeat 5] [--peers …] [--stored 10000 1000000 5000000]

All read the same topic in the same run and take turns. dlt and Quix Streams live in environments of their own under
``var/bench/venvs``, which are made on the first run. JSON goes to ``var/bench/ingest.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from producers.log import Entry
from producers.log.broker import running_broker
from producers.log.kafka import KafkaLog
from producers.log.topic import ensure_topic
from tests.faults.stream import Stream, stream
from tests.kafka_broker import JARS, free_port
from warehouse.connection import write

OUT = Path("var/bench")
PEERS = Path(__file__).parent / "peers"
SAMPLE = 10_000
"""Lines that ``executemany`` is measured on; its figures are scaled."""
PINS = {
    "dlt": ("dlt[duckdb,parquet]==1.31.0", "confluent-kafka==2.16.1", "duckdb==2.0.0", "pyarrow==26.0.1"),
    "quixstreams": ("quixstreams==3.28.1", "duckdb==2.0.0", "pyarrow==26.0.1", "pytz==2026.1"),
}
LABELS = {
    "poll": "kafka-python poll alone (floor)",
    "record": "ours, up to the record",
    "ingest": "ours, maillage ingest --once",
    "duckdb": "DuckDB alone, from disk",
    "quixstreams": "Quix Streams, Arrow sink",
    "dlt": "dlt, parquet loader",
    "executemany": f"executemany (scaled from {SAMPLE:,})",
}
PREFILL = """
    INSERT INTO events
    SELECT 'before-' || i, 'urn:before', 'fr.maillage.skill.declared.v1', printf('m_%024x', i % 5000),
           now() - INTERVAL 30 DAY - to_seconds(i * 6), now() - INTERVAL 29 DAY - to_seconds(i * 6), 9,
           $count - i, '{"skill":"laser","level":2,"place":"place-' || (i % 40) || '"}'
    FROM range($count) AS before (i) ORDER BY i DESC
"""

LAUNCH = """
import os, sys, time
begun = time.monotonic()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(pid, 0)
print([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, time.monotonic() - begun])
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""
"""A small process in between: the peak memory of a process counts that of the one that starts it."""


@dataclass(frozen=True)
class Cost:
    """What one whole process took."""

    cpu_s: float
    peak_mb: float
    wall_s: float


@dataclass(frozen=True)
class Topic:
    """The events: on the broker, and in a file."""

    servers: str
    name: str
    events: int
    file: Path


def cost(command: list[str], environment: dict[str, str]) -> Cost:
    """Return what the command cost; its own words are shown when it fails."""
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCH, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=False, env=os.environ | environment)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr[-3000:]}")
    return Cost(*json.loads(done.stdout))


def measured(peer: str, topic: Topic, folder: Path) -> Cost:
    """Return what one reading of the topic by ``peer`` cost, into an empty folder or one that is prepared."""
    script = {"dlt": "dlt_parquet", "quixstreams": "quix_arrow", "poll": "kafka_poll", "record": "ingest_alone"}
    arguments = [topic.servers, topic.name, str(folder), str(topic.events)]
    environment = {"PYTHONPATH": str(Path.cwd()), "MAILLAGE_HOME": str(folder)}
    if peer == "ingest":
        url = {"MAILLAGE_LOG": f"kafka://{topic.servers}/{topic.name}"}
        return cost([sys.executable, "-m", "analytics", "ingest", "--once"], environment | url)
    if peer == "duckdb":
        return cost([sys.executable, str(PEERS / "duckdb_disk.py"), str(topic.file), str(folder)], environment)
    if peer == "executemany":
        sample = cost([sys.executable, str(PEERS / "executemany.py"), *arguments[:3], str(SAMPLE)], environment)
        scale = topic.events / SAMPLE
        return Cost(sample.cpu_s * scale, sample.peak_mb, sample.wall_s * scale)
    return cost([interpreter(peer), str(PEERS / f"{script[peer]}.py"), *arguments], environment)


def interpreter(peer: str) -> str:
    """Return the interpreter of a peer's own environment, which exists afterwards; ours for the others."""
    if peer not in PINS:
        return sys.executable
    folder, wanted = OUT / "venvs" / peer, "\n".join(PINS[peer])
    program, made = folder.resolve() / "bin/python", folder / "pins"
    if not made.is_file() or made.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", *PINS[peer]], check=True)
        made.write_text(wanted)
    return str(program)


@contextmanager
def filled_topic(events: int) -> Iterator[Topic]:
    """Give a topic of that many lines on a real broker: 1 % are repeated, 1 % break the contract, all are JSON."""
    with ExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory()))
        servers = life.enter_context(running_broker(folder / "kafka", free_port(), jars=JARS))
        ensure_topic(servers, "bench", partitions=4)
        entries = readable(stream(events * 11 // 10, seed=1), events)
        with closing(KafkaLog(servers, "bench")) as log:
            log.append(entries)
        file = folder / "events.ndjson"
        file.write_bytes(b"\n".join(entry.value for entry in entries) + b"\n")
        print(f"{events:,} events of {file.stat().st_size / events:.0f} bytes on {servers}")  # noqa: T201
        yield Topic(servers, "bench", events, file)


def readable(told: Stream, events: int) -> list[Entry]:
    """Return as many lines of the stream as asked, without those that a JSON reader would stop at."""
    stops = {"no JSON", "no UTF-8", "no subject"}
    return [entry for entry in told.entries if told.poison.get(entry.value) not in stops][:events]


def compare(topic: Topic, peers: list[str], repeat: int) -> dict[str, Cost]:
    """Return the medians of all peers, which take turns."""
    runs: dict[str, list[Cost]] = {peer: [] for peer in peers}
    for peer in peers:
        interpreter(peer)
    for _ in range(repeat):
        for peer in peers:
            with tempfile.TemporaryDirectory() as folder:
                runs[peer].append(measured(peer, topic, Path(folder)))
    return {peer: median(each) for peer, each in runs.items()}


def median(runs: list[Cost]) -> Cost:
    """Return the medians of the runs, each figure by itself."""
    return Cost(*(statistics.median(asdict(run)[name] for run in runs) for name in ("cpu_s", "peak_mb", "wall_s")))


def by_size(topic: Topic, sizes: list[int], repeat: int) -> dict[int, Cost]:
    """Return what the topic costs up to the record where so many events are stored already."""
    return {size: _at_size(topic, size, repeat) for size in sizes}


def _at_size(topic: Topic, size: int, repeat: int) -> Cost:
    with tempfile.TemporaryDirectory() as name:
        before = Path(name) / "before.duckdb"
        with write(before) as connection:
            connection.execute(PREFILL, {"count": size})
            connection.execute("CHECKPOINT")
        runs = []
        for number in range(repeat):
            folder = Path(name) / str(number)
            folder.mkdir()
            shutil.copy(before, folder / "warehouse.duckdb")
            runs.append(measured("record", topic, folder))
            shutil.rmtree(folder)
    return median(runs)


def shown(medians: dict[str, Cost], sizes: dict[int, Cost], events: int) -> str:
    """Return the tables for people."""
    floor, ours = (medians.get(name) for name in ("poll", "ingest"))
    lines = [f"{'':<36} CPU-s  us/event  peak MB  wall s  x poll  x ours"]
    for peer, each in medians.items():
        ratios = [f"{each.cpu_s / base.cpu_s:7.2f}" if base else "      -" for base in (floor, ours)]
        figures = f"{each.cpu_s:6.2f} {each.cpu_s / events * 1e6:9.1f} {each.peak_mb:8.0f} {each.wall_s:7.1f}"
        lines.append(f"{LABELS[peer]:<36}{figures} {' '.join(ratios)}")
    first = next(iter(sizes.values()), None)
    for size, each in sizes.items():
        growth = each.cpu_s / first.cpu_s if first else 1
        per_event = f"{each.cpu_s / events * 1e6:5.1f} us an event, {growth:.2f} times the first"
        lines.append(f"{size:>10,} events stored: {per_event}, peak {each.peak_mb:.0f} MB")
    lines.append("goals: ours at most 1.4 x poll, peers at least 2 x ours, peak under 400 MB, growth under 1.5")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--events", type=int, default=200_000)
    arguments.add_argument("--repeat", type=int, default=5)
    arguments.add_argument("--peers", nargs="*", choices=list(LABELS), default=list(LABELS))
    arguments.add_argument("--stored", nargs="*", type=int, default=[10_000, 1_000_000, 5_000_000])
    given = arguments.parse_args()
    with filled_topic(given.events) as topic:
        medians = compare(topic, given.peers, given.repeat)
        sizes = by_size(topic, given.stored, min(given.repeat, 3))
    print(shown(medians, sizes, given.events))  # noqa: T201
    result: dict[str, Any] = {
        "events": given.events,
        "repeat": given.repeat,
        "peers": {peer: asdict(each) for peer, each in medians.items()},
        "stored": {str(size): asdict(each) for size, each in sizes.items()},
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "ingest.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {OUT / 'ingest.json'}")  # noqa: T201


if __name__ == "__main__":
    main()
