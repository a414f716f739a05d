"""The topic of the event log: made as it must be, or compared with what it must be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from producers.log.client import client_settings, connected, reaching
from producers.log.kafka import RECORD_BYTES
from producers.log.security import client_security

_DAY_MS = 86_400_000
TOPIC_SETTINGS = {
    "cleanup.policy": "delete",
    "max.message.bytes": str(RECORD_BYTES),
    "message.timestamp.type": "LogAppendTime",
    "retention.ms": str(30 * _DAY_MS),
    "segment.ms": str(_DAY_MS),
}
"""The log keeps a month, a day a segment, under the broker's clock."""


@dataclass(frozen=True)
class Difference:
    """A setting of an existing topic that is not what a new topic would get."""

    name: str
    found: str
    wanted: str


@dataclass(frozen=True)
class TopicState:
    """Whether the topic was made now, and else what would be changed on it."""

    created: bool
    differences: tuple[Difference, ...] = ()


def ensure_topic(
    servers: str, topic: str, *, partitions: int = 4, environment: Mapping[str, str] | None = None
) -> TopicState:
    """Return the state of the topic, which exists afterwards; one that existed is not changed.

    Raises:
        BrokerUnreachable: when no broker answers.
        LogError: when the broker refuses.
    """
    security = client_security(os.environ if environment is None else environment)
    with (
        reaching(f"kafka://{servers}/{topic}"),
        closing(connected(KafkaAdminClient, client_settings(servers, security))) as admin,
    ):
        wanted = {"num_partitions": partitions, "replication_factor": -1, "configs": TOPIC_SETTINGS}
        try:
            admin.create_topics({topic: wanted}, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            return TopicState(created=False, differences=_differences(admin, topic, partitions))
    return TopicState(created=True)


def _differences(admin: KafkaAdminClient, topic: str, partitions: int) -> tuple[Difference, ...]:
    found = {"partitions": str(len(admin.describe_topics([topic])[0]["partitions"])), **_settings(admin, topic)}
    wanted = {"partitions": str(partitions), **TOPIC_SETTINGS}
    return tuple(Difference(name, found[name], wanted[name]) for name in wanted if found[name] != wanted[name])


def _settings(admin: KafkaAdminClient, topic: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, dict.fromkeys(TOPIC_SETTINGS))
    found = admin.describe_configs([resource], config_filter="all")["topic"][topic]
    return {name: str(found[name]["value"]) for name in TOPIC_SETTINGS}
