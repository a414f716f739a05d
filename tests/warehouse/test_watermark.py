"""The watermark: how far a file is behind what the log has recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from producers.errors import TrimmedOffset
from producers.event import MemberJoined, encode
from producers.log import Batch, Entry
from producers.log.folder import FolderLog
from tests.producers.memory_log import MemoryLog
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.watermark import watermark

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
EARLY, LATE = NOW - timedelta(hours=8, microseconds=1), NOW - timedelta(hours=2)


def _append(log: FolderLog, key: str, at: datetime) -> None:
    told = tell(MemberJoined(place="lab"), person(1), "2026-11-12", key=f"{key} {at}")
    log.append([Entry(key, encode(told))], recorded_at=at)


def test_where_nothing_waits_it_is_the_present(log: FolderLog, home: Path) -> None:
    assert watermark(log, home, present=NOW) == NOW
    _append(log, "k", EARLY)
    ingest(log, home)
    assert watermark(log, home, present=NOW) == NOW


def test_it_is_when_the_first_line_that_waits_was_recorded(log: FolderLog, home: Path) -> None:
    _append(log, "k", EARLY)
    _append(log, "k", LATE)
    assert watermark(log, home, present=NOW) == EARLY
    ingest(log, home)
    _append(log, "k", LATE)
    assert watermark(log, home, present=NOW) == LATE


def test_the_partition_that_is_furthest_behind_counts(tmp_path: Path, home: Path) -> None:
    log = FolderLog(tmp_path / "three", partitions=3)
    _append(log, "a", EARLY)
    ingest(log, home)
    keys = {log_key: LATE - timedelta(minutes=number) for number, log_key in enumerate("abcdefgh")}
    for key, at in sorted(keys.items(), key=lambda each: each[1]):
        _append(log, key, at)
    assert sum(end > 1 for end in log.ends().values()) > 1
    assert watermark(log, home, present=NOW) == min(keys.values())


def test_a_line_that_came_after_the_question_does_not_push_it_beyond_the_present(log: FolderLog, home: Path) -> None:
    _append(log, "k", NOW + timedelta(seconds=1))
    assert watermark(log, home, present=NOW) == NOW


def test_a_file_of_an_older_version_has_taken_nothing_and_stays_as_it_is(log: FolderLog, home: Path) -> None:
    _append(log, "k", EARLY)
    ingest(log, home)
    with write(home) as connection:
        connection.execute("DELETE FROM migration WHERE name = (SELECT max(name) FROM migration)")
    before = home.read_bytes()
    assert watermark(log, home, present=NOW) == EARLY
    assert home.read_bytes() == before


def test_it_makes_no_file(log: FolderLog, home: Path) -> None:
    watermark(log, home, present=NOW)
    assert not home.exists()


@dataclass
class _Kept(MemoryLog):
    """A log that keeps only what comes from ``kept`` on, and gives nothing when it is ``silent``."""

    kept: int = 0
    silent: bool = False
    markers: int = 0
    asked: list[int] = field(default_factory=list)

    def starts(self) -> Mapping[int, int]:
        return {0: self.kept}

    def ends(self) -> Mapping[int, int]:
        return {0: len(self.entries) + self.markers}

    def read(self, partition: int, position: int, *, limit: int = 10_000) -> Batch:
        self.asked.append(limit)
        if position < self.kept:
            raise TrimmedOffset(f"position {position} has left the log")
        if self.silent:
            return Batch(partition, [], [], [], position)
        batch = super().read(partition, position, limit=limit)
        return batch if batch.values else batch._replace(next_position=self.ends()[partition])


def _line(number: int) -> Entry:
    return Entry("k", encode(tell(MemberJoined(place="lab"), person(number), "2026-11-12")))


def test_what_has_left_the_log_before_it_was_taken_is_an_error(home: Path) -> None:
    log = _Kept([_line(1), _line(2), _line(3)])
    ingest(_Kept(log.entries[:1]), home)
    log.kept = 2
    with pytest.raises(TrimmedOffset):
        watermark(log, home, present=NOW)


def test_a_log_that_was_never_read_begins_where_it_begins(home: Path) -> None:
    assert watermark(_Kept([_line(1), _line(2)], kept=2), home, present=NOW) == NOW


def test_a_log_that_gives_nothing_of_what_it_has_is_not_believed(home: Path) -> None:
    assert watermark(_Kept([_line(1)], silent=True), home, present=NOW) < EARLY


def test_the_logs_own_markers_do_not_wait(home: Path) -> None:
    log = _Kept([_line(1)])
    ingest(log, home)
    log.markers = 2
    assert watermark(log, home, present=NOW) == NOW
    assert log.asked[-1] == 1


def test_it_opens_the_file_for_reading_only(log: FolderLog, home: Path) -> None:
    _append(log, "k", EARLY)
    ingest(log, home)
    with read(home):
        assert watermark(log, home, present=NOW) == NOW
