"""Quix Streams: Kafka to DuckDB with a sink of its own that writes each batch as an Arrow table.

    python quix_arrow.py SERVERS TOPIC FOLDER COUNT

No check of the events, no dedupe: rows are appended.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import duckdb
import pyarrow as pa
from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch

servers, topic, folder, count = sys.argv[1:]


class ArrowSink(BatchingSink):
    """Writes to one file that it keeps open."""

    def setup(self) -> None:
        """Make the table."""
        self.connection = duckdb.connect(f"{folder}/peer.duckdb")
        self.connection.execute(
            "CREATE TABLE events (id VARCHAR, source VARCHAR, type VARCHAR, subject VARCHAR, occurred_at TIMESTAMPTZ, "
            "partition INTEGER, position BIGINT, data VARCHAR)"
        )

    def write(self, batch: SinkBatch) -> None:
        """Append what was collected between two checkpoints."""
        items: list[Any] = list(batch)
        values = [item.value for item in items]
        columns = {name: [value[name] for value in values] for name in ("id", "source", "type", "subject", "time")}
        columns["partition"] = [batch.partition] * len(items)
        columns["position"] = [item.offset for item in items]
        columns["data"] = [json.dumps(value["data"]) for value in values]
        table = pa.table(columns)
        self.connection.register("batch", table)
        self.connection.execute("INSERT INTO events SELECT * FROM batch")


app = Application(
    broker_address=servers,
    consumer_group=f"quix-{folder.rpartition('/')[2]}",
    auto_offset_reset="earliest",
    commit_every=10_000,
    loglevel="ERROR",
    state_dir=folder,
)
sink = ArrowSink()
app.dataframe(app.topic(topic, value_deserializer="json")).sink(sink)
app.run(count=int(count), collect=False, timeout=20)
sink.connection.close()
