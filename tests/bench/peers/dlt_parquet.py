"""dlt: Kafka to DuckDB through parquet files, the messages read as its verified source for Kafka reads them.

    python dlt_parquet.py SERVERS TOPIC FOLDER COUNT

No check of the events, no dedupe: rows are appended.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

servers, topic, folder, count = sys.argv[1:]
os.environ.update(
    RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="CRITICAL", DLT_DATA_DIR=folder, NORMALIZE__WORKERS="1"
)

import dlt  # noqa: E402  it reads the settings above
from confluent_kafka import Consumer, TopicPartition  # noqa: E402


@dlt.resource(name="events", write_disposition="append", max_table_nesting=0, columns={"data": {"data_type": "json"}})
def messages() -> Iterator[list[dict[str, Any]]]:
    """Give the messages of the topic up to its end, 3,000 at a time."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "dlt", "enable.auto.commit": False})
    partitions = [TopicPartition(topic, each, 0) for each in consumer.list_topics(topic).topics[topic].partitions]
    consumer.assign(partitions)
    left = int(count)
    while left:
        found = consumer.consume(min(left, 3000), timeout=3)
        left -= len(found)
        yield [{**json.loads(each.value()), "partition": each.partition(), "position": each.offset()} for each in found]
    consumer.close()


pipeline = dlt.pipeline(
    "bench", destination=dlt.destinations.duckdb(f"{folder}/peer.duckdb"), dataset_name="bench", pipelines_dir=folder
)
pipeline.run(messages(), loader_file_format="parquet")
