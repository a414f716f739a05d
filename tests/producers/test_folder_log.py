from __future__ import annotations

import ctypes
import fcntl
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.errors import LogBusy, LogError, SettingError, TrimmedOffset, UsageError
from producers.log import Entry, EventLog, partition
from producers.log.folder import FolderLog
from producers.log.opening import open_log
from tests.producers.log_conformance import FreshLog, LogConformance, Open, entries, everything, values

FIRST = "0" * 20
WRITER = """
import sys
from producers.log import Entry
from producers.log.folder import FolderLog
log, name, size = FolderLog(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(int(sys.argv[4])):
    log.append([Entry("k", b"%s %d %d" % (name.encode(), number, line) + b" " * 300) for line in range(size)])
    print(number, flush=True)
"""


@pytest.fixture
def fresh_log(tmp_path: Path) -> FreshLog:
    numbers = count()

    def fresh(partitions: int) -> Open:
        path = tmp_path / f"log-{next(numbers)}"
        return lambda: FolderLog(path, partitions=partitions)

    return fresh


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FolderLog]:
    with closing(FolderLog(tmp_path / "log", partitions=1)) as made:
        yield made


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return tmp_path / "log/0" / f"{FIRST}.ndjson"


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "SEGMENT_BYTES", 100)


def start_writer(path: Path, name: str = "w", *, size: int = 20, batches: int = 100_000) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(size), str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


class TestConformance(LogConformance):
    """The folder passes what every log must pass."""


class TestLayout:
    def test_the_partition_of_a_key_never_changes(self, tmp_path: Path) -> None:
        with closing(FolderLog(tmp_path, partitions=4)) as log:
            log.append([Entry(key, key.encode()) for key in ("besancon", "montbéliard", "m_0", "lausanne")])
            found = [values(log, number) for number in range(4)]
        assert found == [["montbéliard".encode()], [b"besancon"], [b"m_0"], [b"lausanne"]]

    def test_a_log_keeps_its_number_of_partitions(self, tmp_path: Path) -> None:
        FolderLog(tmp_path, partitions=3).close()
        with closing(FolderLog(tmp_path, partitions=8)) as log:
            assert list(log.ends()) == [0, 1, 2]

    def test_a_number_that_is_none_is_explained(self, tmp_path: Path) -> None:
        (tmp_path / "partitions").write_text("many")
        with pytest.raises(LogError, match="says 'many'; expected a number"):
            FolderLog(tmp_path)

    @pytest.mark.parametrize("partitions", [0, -1, 100_000])
    def test_a_number_that_makes_no_sense_is_refused(self, tmp_path: Path, partitions: int) -> None:
        with pytest.raises(UsageError):
            FolderLog(tmp_path / "log", partitions=partitions)
        assert not (tmp_path / "log").exists()

    def test_a_file_in_the_way_is_explained(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_text("")
        with pytest.raises(LogError, match="log"):
            FolderLog(tmp_path / "log")

    def test_segments_are_lines_that_grep_can_read(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one", b"two"))
        assert lines.read_bytes() == b"one\ntwo\n"

    @pytest.mark.usefixtures("small_segments")
    def test_a_full_segment_is_followed_by_another(self, log: FolderLog, lines: Path) -> None:
        for number in range(10):
            log.append(entries(b"%d" % number + b"x" * 30))
        assert sorted(path.name for path in lines.parent.glob("*.ndjson")) == [
            f"{first:020d}.ndjson" for first in (0, 4, 8)
        ]
        assert [value and value[:1] for value in values(log, limit=3)] == [b"%d" % number for number in range(10)]
        assert log.read(0, 6, limit=1).values == [b"6" + b"x" * 30]

    def test_the_url_chooses_the_log(self, tmp_path: Path) -> None:
        with closing(open_log(f"file://{tmp_path}/log", partitions=2)) as log:
            assert log.ends() == {0: 0, 1: 0}

    @pytest.mark.parametrize("url", ["pulsar://x/y", "var/log", ""])
    def test_an_unknown_kind_of_log_names_the_known(self, url: str) -> None:
        with pytest.raises(SettingError, match=r"known: file://, kafka://"):
            open_log(url)

    @pytest.mark.parametrize("url", ["file://", "kafka://127.0.0.1:9092", "kafka:///events", "kafka://host/events"])
    def test_half_a_url_is_refused(self, url: str) -> None:
        with pytest.raises(SettingError):
            open_log(url)


class TestTimes:
    def test_a_simulated_past_is_kept(self, log: FolderLog) -> None:
        moments = [datetime(2024, 3, day, 8, tzinfo=UTC) for day in (1, 2, 5)]
        for moment in moments:
            log.append(entries(b"one", b"two"), recorded_at=moment)
        expected = [int(moment.timestamp()) * 1_000_000 for moment in moments for _ in range(2)]
        assert list(log.read(0, 0).recorded_at) == expected
        assert list(log.read(0, 3, limit=2).recorded_at) == expected[3:5]

    @pytest.mark.usefixtures("small_segments")
    def test_the_clock_never_runs_backwards(self, log: FolderLog) -> None:
        log.append(entries(b"x" * 200), recorded_at=datetime(2100, 1, 1, tzinfo=UTC))
        log.append(entries(b"two"))
        first, second = (moment for batch in everything(log) for moment in batch.recorded_at)
        assert first == second

    def test_a_time_without_its_zone_is_refused(self, log: FolderLog) -> None:
        with pytest.raises(UsageError, match="expected a time with its zone"):
            log.append(entries(b"one"), recorded_at=datetime(2026, 1, 1))  # noqa: DTZ001  that is the point

    def test_a_damaged_sidecar_is_explained(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        lines.with_suffix(".times").write_text("zero 0 0\n")
        with pytest.raises(LogError, match="three numbers a line"):
            log.ends()

    def test_without_its_sidecar_a_segment_takes_the_time_of_the_file(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"), recorded_at=datetime(2024, 1, 1, tzinfo=UTC))
        log.close()
        lines.with_suffix(".times").unlink()
        assert list(log.read(0, 0).recorded_at) == [lines.stat().st_mtime_ns // 1000]
        log.append(entries(b"two"))
        assert values(log) == [b"one", b"two"]


class TestByHand:
    def test_lines_appended_by_hand_are_read(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"), recorded_at=datetime(2024, 1, 1, tzinfo=UTC))
        with lines.open("ab") as file:
            file.write(b"two\n\nfour\n")
        batch = log.read(0, 0)
        assert batch.values == [b"one", b"two", b"", b"four"]
        assert len(set(batch.recorded_at)) == 1
        log.append(entries(b"five"))
        assert values(log)[-2:] == [b"four", b"five"]
        assert log.ends() == {0: 5}

    def test_a_segment_made_by_hand_is_a_log(self, log: FolderLog, lines: Path) -> None:
        lines.write_bytes(b"one\ntwo\n")
        assert values(log) == [b"one", b"two"]
        by_hand = lines.stat().st_mtime_ns // 1000
        log.append(entries(b"three"), recorded_at=datetime(2100, 1, 1, tzinfo=UTC))
        assert list(log.read(0, 0).recorded_at)[:2] == [by_hand, by_hand]

    def test_a_line_of_50_megabytes_is_read(self, log: FolderLog) -> None:
        big = b"x" * 50_000_000
        log.append(entries(b"one", big, b"three"))
        assert values(log) == [b"one", big, b"three"]
        assert log.read(0, 2).values == [b"three"]

    def test_many_long_lines_come_in_several_batches(self, log: FolderLog) -> None:
        log.append(entries(*[b"x" * 9_000_000] * 10))
        assert [len(batch.values) for batch in everything(log)] == [8, 2]


class TestCrash:
    def test_a_torn_line_is_not_read_and_goes_when_a_writer_comes(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        with lines.open("ab") as file:
            file.write(b"tw")
        assert values(log) == [b"one"]
        log.append(entries(b"three"))
        assert lines.read_bytes() == b"one\nthree\n"
        assert values(log) == [b"one", b"three"]

    def test_a_torn_note_is_cut_off(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        with lines.with_suffix(".times").open("ab") as file:
            file.write(b"1 4")
        assert values(log) == [b"one"]
        log.append(entries(b"two"))
        log.close()
        assert values(log) == [b"one", b"two"]

    def test_a_note_without_its_lines_changes_nothing(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        with lines.with_suffix(".times").open("ab") as file:
            file.write(b"1 4 9999999999999999\n")
        assert log.ends() == {0: 1}
        log.append(entries(b"two"), recorded_at=datetime(2024, 1, 1, tzinfo=UTC))
        assert values(log) == [b"one", b"two"]
        assert log.read(0, 1).recorded_at == [1_704_067_200_000_000]

    def test_a_segment_shorter_than_its_notes_is_an_error_for_all(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one", b"two"))
        os.truncate(lines, 4)
        for attempt in (log.ends, lambda: log.read(0, 0), lambda: log.append(entries(b"three"))):
            with pytest.raises(LogError, match="expected at least 8 by its sidecar"):
                attempt()

    @pytest.mark.process
    def test_killing_a_writer_loses_no_acknowledged_batch(self, tmp_path: Path) -> None:
        acknowledged: list[int] = []
        for _ in range(5):
            with start_writer(tmp_path / "log") as writer:
                assert writer.stdout is not None
                writer.stdout.readline()
                time.sleep(random.uniform(0, 0.05))  # noqa: S311  any moment will do
                writer.kill()
                acknowledged.append(1 + len(writer.stdout.read().splitlines()))
        with closing(FolderLog(tmp_path / "log")) as log:
            log.append(entries(b"after all"))
            found = [value for number in range(4) for value in values(log, number)]
        lives = [value for value in found if value and value.startswith(b"w 0 0 ")]
        assert len(lives) == 5
        whole = [value for value in found if value and value.startswith(b"w ") and value.split()[2] == b"19"]
        assert sum(acknowledged) <= len(whole) <= sum(acknowledged) + 5
        assert found.count(b"after all") == 1


class TestNoRoom:
    def test_a_full_disk_leaves_the_log_as_it_was(self, tmp_path: Path) -> None:
        with tiny_disk(tmp_path) as disk, closing(FolderLog(disk / "log", partitions=1)) as log:
            log.append(entries(b"one"))
            with pytest.raises(LogError, match=r"was cut off again: make room") as failure:
                log.append(entries(*[b"x" * 1000] * 1000))
            assert isinstance(failure.value.__cause__, OSError)
            assert values(log) == [b"one"]
            log.append(entries(b"two"))
            assert values(log) == [b"one", b"two"]

    def test_a_limit_on_file_sizes_leaves_the_log_as_it_was(self, log: FolderLog) -> None:
        log.append(entries(b"one"))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
        try:
            with pytest.raises(LogError, match="make room"):
                log.append(entries(*[b"x" * 1000] * 10))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert values(log) == [b"one"]
        log.append(entries(b"two"))
        assert values(log) == [b"one", b"two"]

    def test_a_folder_that_was_removed_is_named(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        (lines.parent).rename(lines.parents[2] / "away")
        for attempt in (log.ends, log.starts, lambda: log.read(0, 1), lambda: log.append(entries(b"two"))):
            with pytest.raises(LogError, match=r"log/0.*: No such file.*restore the folder"):
                attempt()


class TestRetention:
    @pytest.fixture
    def trimmed(self, log: FolderLog, lines: Path, request: pytest.FixtureRequest) -> FolderLog:
        request.getfixturevalue("small_segments")
        for number in range(10):
            log.append(entries(b"%d" % number + b"x" * 30))
        lines.unlink()
        return log

    def test_the_start_moves_when_segments_are_removed(self, trimmed: FolderLog) -> None:
        assert (trimmed.starts(), trimmed.ends()) == ({0: 4}, {0: 10})
        assert len(values(trimmed)) == 6

    def test_a_removed_position_is_an_error_that_names_the_range(self, trimmed: FolderLog) -> None:
        with pytest.raises(TrimmedOffset, match=r"no record 3; expected 4 to 10; .*accept the loss"):
            trimmed.read(0, 3)

    @pytest.mark.usefixtures("small_segments")
    def test_a_hole_in_the_middle_is_an_error_not_a_jump(self, log: FolderLog, lines: Path) -> None:
        for number in range(10):
            log.append(entries(b"%d" % number + b"x" * 30))
        (lines.parent / f"{4:020d}.ndjson").unlink()
        assert log.read(0, 0).next_position == 4
        with pytest.raises(TrimmedOffset, match="no record 4; expected every record before 8"):
            log.read(0, 4)
        assert len(log.read(0, 8).values) == 2

    def test_an_emptied_partition_is_noticed(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        assert log.read(0, 0).next_position == 1
        lines.unlink()
        with pytest.raises(TrimmedOffset, match="no record 1; expected 0 to 0"):
            log.read(0, 1)

    def test_a_log_that_was_made_anew_is_noticed(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one", b"two"))
        assert log.read(0, 0).next_position == 2
        lines.unlink()
        lines.with_suffix(".times").unlink()
        log.append(entries(b"other"))
        with pytest.raises(TrimmedOffset, match="younger"):
            log.read(0, 2)


class TestTogether:
    def test_a_second_writer_waits_and_then_says_who_is_busy(
        self, log: FolderLog, lines: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(partition, "PATIENCE", 0.05)
        log.append(entries(b"one"))
        with (lines.parent / "lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with pytest.raises(LogBusy, match="another process"):
                log.append(entries(b"two"))
            assert values(log) == [b"one"]
        log.append(entries(b"two"))

    def test_nothing_is_shown_that_a_writer_has_not_finished(self, log: FolderLog, lines: Path) -> None:
        log.append(entries(b"one"))
        with (lines.parent / "lock").open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with lines.open("ab") as file:
                file.write(b"half of a batch\n")
            assert log.ends() == {0: 1}
            assert log.read(0, 1).values == []
        assert log.read(0, 1).values == [b"half of a batch"]

    @pytest.mark.process
    def test_two_processes_never_mix_their_batches(self, tmp_path: Path) -> None:
        writers = [start_writer(tmp_path / "log", name, size=30, batches=20) for name in ("first", "second")]
        for writer in writers:
            writer.communicate(timeout=30)
            assert writer.returncode == 0
        with closing(FolderLog(tmp_path / "log")) as log:
            found = [(value or b"").split() for number in range(4) for value in values(log, number)]
        assert len(found) == 2 * 20 * 30
        for number in range(0, len(found), 30):
            batch = found[number : number + 30]
            assert len({(name, which) for name, which, _ in batch}) == 1
            assert [int(line) for _, _, line in batch] == list(range(30))

    @pytest.mark.process
    def test_a_reader_follows_a_writer_without_a_gap(self, tmp_path: Path) -> None:
        with closing(FolderLog(tmp_path / "log")) as log:
            with start_writer(tmp_path / "log", size=25, batches=40) as writer:
                found = list(follow(log, until=lambda: writer.poll() is not None))
            assert writer.returncode == 0
        assert found == [(batch, line) for batch in range(40) for line in range(25)]


def follow(log: EventLog, *, until: Callable[[], bool]) -> Iterator[tuple[int, int]]:
    positions = dict.fromkeys(log.ends(), 0)
    done = False
    while not done:
        done = until()
        for number in positions:
            batch = log.read(number, positions[number], limit=7 if not done else 10_000)
            positions[number] = batch.next_position
            for value in batch.values:
                _, which, line = (value or b"").split()
                yield int(which), int(line)


class tiny_disk:  # noqa: N801  used as a context manager
    """A disk of 64 KiB in memory; the test is skipped where one may not be mounted."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "disk"
        self._libc = ctypes.CDLL(None, use_errno=True)

    def __enter__(self) -> Path:
        self._path.mkdir()
        if self._libc.mount(b"tmpfs", os.fsencode(self._path), b"tmpfs", 0, b"size=64k"):
            pytest.skip(f"no disk can be mounted here: {os.strerror(ctypes.get_errno())}")
        return self._path

    def __exit__(self, *_: object) -> None:
        self._libc.umount2(os.fsencode(self._path), 2)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    limit=st.integers(1, 9),
    jumps=st.lists(st.integers(0, 200), max_size=5),
)
def test_reading_anywhere_agrees_with_reading_through(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], limit: int, jumps: list[int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "SEGMENT_BYTES", 50)
        with closing(FolderLog(tmp_path_factory.mktemp("log"), partitions=1)) as log:
            expected = [b"%d:%s" % (number, b"x" * size) for number, size in enumerate(sizes)]
            for value in expected:
                log.append(entries(value))
            assert values(log, limit=limit) == expected
            for jump in jumps:
                position = jump % (len(expected) + 1)
                found = log.read(0, position, limit=limit)
                assert found.values == expected[position : found.next_position]
                assert len(found.values) > 0 or position == len(expected)
            starts = [batch.positions[0] for batch in everything(log, limit=limit)]
            assert all(before < after for before, after in pairwise(starts))
