"""Erasing from the event log: at once where it is a folder, with its retention where it is a topic."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from producers.errors import EventError
from producers.event import decode
from producers.log.notes import MODE
from producers.log.partition import sync_folder, writer_lock
from producers.tombstone import without

_FILE, _KAFKA = "file://", "kafka://"


def erase_from_folder(url: str, members: Collection[str]) -> int:
    """Return how many lines of a folder log named ``members``; none does afterwards. 0 where the log is no folder.

    Every line keeps its position and its length, so that what was noted of the log stays true: a name gives way to
    null and spaces, and a line of which nothing may stay to spaces alone.

    Raises:
        LogBusy: when another process keeps writing.
    """
    folder = Path(url.removeprefix(_FILE))
    if not url.startswith(_FILE) or not (folder / "partitions").exists():
        return 0
    return sum(_of_partition(path, members) for path in sorted(folder.iterdir()) if path.name.isdecimal())


def leaves_topic(url: str, *, present: datetime) -> datetime | None:
    """Return when what stands in the topic now has left it; None where the log is no topic, or keeps all for good.

    A topic gives up whole segments, once the last record in them is old enough.

    Raises:
        BrokerUnreachable: when no broker answers.
    """
    if not url.startswith(_KAFKA):
        return None
    from producers.log.topic import TOPIC_SETTINGS, ensure_topic  # noqa: PLC0415  loading the client takes a while

    servers, _, topic = url.removeprefix(_KAFKA).partition("/")
    found = {**TOPIC_SETTINGS, **{each.name: each.found for each in ensure_topic(servers, topic).differences}}
    kept = int(found["retention.ms"])
    return present + timedelta(milliseconds=kept + int(found["segment.ms"])) if kept >= 0 else None


def _of_partition(folder: Path, members: Collection[str]) -> int:
    with writer_lock(folder):
        done = sum(_of_segment(path, members) for path in sorted(folder.glob("*.ndjson")))
        for left in folder.glob(".*.part"):
            left.unlink()
        sync_folder(folder)
    return done


def _of_segment(path: Path, members: Collection[str]) -> int:
    """Return how many lines of the segment were changed; a new file takes its place in one step."""
    lines = path.read_bytes().split(b"\n")
    found = [number for number, line in enumerate(lines) if any(member.encode() in line for member in members)]
    if not found:
        return 0
    for number in found:
        lines[number] = _erased(lines[number], members)
    part = path.with_name(f".{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as file:
        file.write(b"\n".join(lines))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return len(found)


def _erased(line: bytes, members: Collection[str]) -> bytes:
    """Return the line without the members, as long as it was."""
    try:
        stays = without(decode(line), members) is not None
    except EventError:
        stays = False
    for member in members if stays else ():
        name = f'"{member}"'.encode()
        line = line.replace(name, b"null".ljust(len(name)))
    named = any(member.encode() in line for member in members)
    return line if stays and not named else b" " * len(line)
