"""Opening the event log that a URL names."""

from __future__ import annotations

import re
from pathlib import Path

from producers.errors import SettingError, unknown
from producers.log import EventLog

SCHEMES = ("file", "kafka")
_SERVER = re.compile(r"[^\s:/,]+:\d{1,5}")


def open_log(url: str, *, partitions: int = 4) -> EventLog:
    """Return the log at ``file://PATH`` or ``kafka://HOST:PORT[,HOST:PORT…]/TOPIC``.

    ``partitions`` counts only where a folder log is made; a log that exists keeps its own number.

    Raises:
        SettingError: when the URL names no log.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES:
        found = unknown("kind of log", scheme if separator else url, (f"{each}://" for each in SCHEMES))
        raise SettingError(found, remedy="set MAILLAGE_LOG to file://PATH or kafka://HOST:PORT/TOPIC")
    if scheme == "file":
        return _folder(rest, partitions)
    return _kafka(rest)


def _folder(path: str, partitions: int) -> EventLog:
    if not path:
        raise SettingError("the log file:// names no folder", remedy="set MAILLAGE_LOG to file://PATH")
    from producers.log.folder import FolderLog  # noqa: PLC0415  only the adapter in use is loaded

    return FolderLog(path, partitions=partitions)


def _kafka(address: str) -> EventLog:
    servers, topic = _topic(address)
    from producers.log.kafka import KafkaLog  # noqa: PLC0415  loading the client takes a while

    return KafkaLog(servers, topic)


def _topic(address: str) -> tuple[str, str]:
    """Return the servers and the topic."""
    servers, _, topic = address.partition("/")
    if not topic or not all(_SERVER.fullmatch(server) for server in servers.split(",")):
        raise SettingError(f"the log kafka://{address} names no topic of a broker", expected="kafka://HOST:PORT/TOPIC")
    return servers, topic


def make_log(url: str, *, partitions: int = 4) -> tuple[bool, list[str]]:
    """Return whether the log was made now, and its settings: what they are, or what would be different if it were.

    Raises:
        SettingError: when the URL names no log.
        LogError: when it cannot be made.
    """
    scheme, _, rest = url.partition("://")
    if scheme != "kafka":
        existed = Path(rest, "partitions").exists()
        log = open_log(url, partitions=partitions)
        found = len(log.ends())
        log.close()
        return not existed, [f"partitions: {found}" + (f", asked for {partitions}" if found != partitions else "")]
    from producers.log.topic import TOPIC_SETTINGS, ensure_topic  # noqa: PLC0415  loading the client takes a while

    servers, topic = _topic(rest)
    state = ensure_topic(servers, topic, partitions=partitions)
    if state.created:
        return True, [f"partitions: {partitions}", *(f"{name}: {value}" for name, value in TOPIC_SETTINGS.items())]
    return False, [f"{each.name}: {each.found}, a new topic gets {each.wanted}" for each in state.differences]
