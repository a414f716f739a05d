"""kafka-python and a row at a time into DuckDB: what a first attempt looks like; on a sample, COUNT lines.

python executemany.py SERVERS TOPIC FOLDER COUNT
"""

from __future__ import annotations

import json
import sys

import duckdb
from kafka import KafkaConsumer, TopicPartition

servers, topic, folder, count = sys.argv[1:]
connection = duckdb.connect(f"{folder}/peer.duckdb")
connection.execute(
    "CREATE TABLE events (id VARCHAR, source VARCHAR, type VARCHAR, subject VARCHAR, occurred_at TIMESTAMPTZ, "
    "data VARCHAR, PRIMARY KEY (source, id))"
)
consumer = KafkaConsumer(bootstrap_servers=servers, max_poll_records=1000, auto_offset_reset="none")
partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
consumer.assign(partitions)
for partition in partitions:
    consumer.seek(partition, 0)
left = int(count)
while left > 0:
    records = [record for each in consumer.poll(timeout_ms=500).values() for record in each][:left]
    events = [json.loads(record.value) for record in records]
    rows = [(e["id"], e["source"], e["type"], e["subject"], e["time"], json.dumps(e["data"])) for e in events]
    if rows:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        connection.execute("COMMIT")
    left -= len(rows)
consumer.close(autocommit=False)
connection.close()
