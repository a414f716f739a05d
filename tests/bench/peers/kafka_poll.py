"""kafka-python alone: poll to the end, keep nothing. The floor of everything that reads with it.

python kafka_poll.py SERVERS TOPIC FOLDER COUNT
"""

from __future__ import annotations

import sys

from kafka import KafkaConsumer, TopicPartition

servers, topic, _, count = sys.argv[1:]
consumer = KafkaConsumer(bootstrap_servers=servers, max_poll_records=10_000, auto_offset_reset="none")
partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
consumer.assign(partitions)
for partition in partitions:
    consumer.seek(partition, 0)
left = int(count)
while left > 0:
    left -= sum(map(len, consumer.poll(timeout_ms=500).values()))
consumer.close(autocommit=False)
