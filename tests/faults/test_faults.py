"""Faults of the machine: each is a wait or one clear line, and when it is gone nothing has been lost."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from producers.errors import LogError
from producers.log.folder import FolderLog
from producers.log.partition import writer_lock
from tests.faults.machine import remount, small_disk, without_overriding_rights
from tests.faults.process import Command, Done, held, run, wait_until_it_holds
from tests.faults.stream import compare, stream
from warehouse.connection import read

BUSY = 3.0
"""Processor seconds that a small ingest takes at most, started and all: a loop that does not sleep takes more."""


class Place:
    """A home whose log holds a known stream."""

    def __init__(self, folder: Path, count: int = 3_000) -> None:
        self.folder, self.home, self.log = folder, folder / "home", folder / "log"
        self.home.mkdir(parents=True, exist_ok=True)
        self.told = stream(count, seed=count)
        self.environment = {"MAILLAGE_LOG": f"file://{self.log}"}
        self.warehouse = self.home / "warehouse.duckdb"

    def filled(self) -> Place:
        """Return this place, all of the stream in its log."""
        with closing(FolderLog(self.log)) as log:
            log.append(self.told.entries)
        return self

    def command(self, *arguments: str, rights: bool = True) -> Command:
        """Return an ingest that has begun; without ``rights`` not even root may pass over those of a file."""
        prepare = None if rights else without_overriding_rights
        given = arguments or ("ingest", "--once")
        return Command(self.home, *given, environment=self.environment, prepare=prepare)

    def more(self, count: int) -> None:
        """Append the beginning of the stream once more."""
        with closing(FolderLog(self.log)) as log:
            log.append(self.told.entries[:count])

    def ingested(self) -> Done:
        """Return what an ingest to the end did; everything that was sent is there."""
        done = run(self.home, "ingest", "--once", environment=self.environment)
        assert done.code == 0, done.errors
        compare(self.environment["MAILLAGE_LOG"], self.warehouse, self.told)
        return done


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path).filled()


def refused(done: Done) -> str:
    """Return the one line with which a command gave up, at little cost."""
    assert done.code == 1, done.errors
    assert done.cpu_s < BUSY
    return done.complaint


class TestDisk:
    def test_a_full_disk_under_the_warehouse_is_said_and_costs_nothing(self, tmp_path: Path) -> None:
        place = Place(tmp_path, count=20_000)
        with small_disk(tmp_path / "home/small", "1m") as disk:
            place.warehouse = disk / "warehouse.duckdb"
            place.home = disk
            place.filled()
            assert "No space left on device" in refused(place.command().done())
            assert "No space left on device" in refused(place.command().done())
            remount(disk, "size=200m")
            place.ingested()

    def test_a_disk_that_fills_up_while_the_warehouse_grows_keeps_what_was_committed(self, tmp_path: Path) -> None:
        place = Place(tmp_path, count=30_000)
        with small_disk(tmp_path / "home/small", "200m") as disk:
            place.home, place.warehouse = disk, disk / "warehouse.duckdb"
            half, place.told.entries[:] = place.told.entries[15_000:], place.told.entries[:15_000]
            place.filled()
            assert place.command().done().code == 0
            used = sum(file.stat().st_size for file in disk.iterdir())
            remount(disk, f"size={used + (1 << 20)}")
            place.told.entries[:] = half
            place.filled()
            assert "No space left on device" in refused(place.command().done())
            remount(disk, "size=200m")
            place.ingested()

    def test_a_full_disk_under_the_log_loses_nothing_that_was_acknowledged(self, tmp_path: Path) -> None:
        place = Place(tmp_path)
        with small_disk(tmp_path / "log", "512k") as disk, closing(FolderLog(disk)) as log:
            chunks = [place.told.entries[first : first + 100] for first in range(0, len(place.told.entries), 100)]
            taken: list[int] = []
            with pytest.raises(LogError, match=r"No space left on device; .*make room and send the same again"):
                taken.extend(log.append(chunk) for chunk in chunks)
            assert place.command().done().code == 0
            remount(disk, "size=100m")
            for chunk in chunks[len(taken) :]:
                log.append(chunk)
            place.ingested()

    def test_a_disk_that_became_read_only_is_said(self, place: Place, tmp_path: Path) -> None:
        with small_disk(tmp_path / "home/small", "200m") as disk:
            place.home, place.warehouse = disk, disk / "warehouse.duckdb"
            remount(disk, "ro")
            assert "Read-only file system" in refused(place.command().done())
            remount(disk, "rw")
            place.ingested()


class TestRights:
    def test_a_read_only_warehouse_is_said(self, place: Place) -> None:
        place.ingested()
        place.more(500)
        place.warehouse.chmod(0o440)
        assert "warehouse.duckdb" in refused(place.command(rights=False).done())
        place.warehouse.chmod(0o640)
        place.ingested()

    def test_a_home_where_nobody_may_write_is_said(self, place: Place) -> None:
        place.home.chmod(0o550)
        assert "Permission denied" in refused(place.command(rights=False).done())
        place.home.chmod(0o750)
        place.ingested()

    def test_a_log_that_nobody_may_read_is_said(self, place: Place) -> None:
        segment = next((place.log / "0").glob("*.ndjson"))
        segment.chmod(0)
        assert "Permission denied; give this user the right" in refused(place.command(rights=False).done())
        segment.chmod(0o640)
        place.ingested()


class TestLock:
    @pytest.mark.parametrize("seconds", [5, pytest.param(58, marks=pytest.mark.slow)])
    def test_a_warehouse_that_somebody_holds_is_waited_for(self, place: Place, seconds: float) -> None:
        place.ingested()
        place.more(500)
        with held(place.warehouse, seconds):
            done = place.ingested()
        assert done.wall_s > seconds - 1
        assert done.cpu_s < BUSY + seconds / 20

    @pytest.mark.slow
    def test_who_holds_it_for_too_long_is_told_of(self, place: Place) -> None:
        place.ingested()
        place.more(500)
        with held(place.warehouse, 100):
            done = place.command().done()
        assert "another process held" in refused(done)
        assert done.wall_s > 60
        place.ingested()


class TestLog:
    def test_a_log_that_was_removed_is_not_taken_for_an_empty_one(self, place: Place, tmp_path: Path) -> None:
        place.ingested()
        place.log.rename(tmp_path / "aside")
        assert re.search(
            r"ingested up to \d+, but the log ends at 0; .*check MAILLAGE_LOG", refused(place.command().done())
        )
        shutil.rmtree(place.log)
        (tmp_path / "aside").rename(place.log)
        place.more(500)
        place.ingested()

    @pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1])
    def test_a_log_that_is_removed_under_an_ingest_loses_nothing(
        self, place: Place, tmp_path: Path, moment: float
    ) -> None:
        command = place.command()
        wait_until_it_holds(command, place.warehouse, 10)
        time.sleep(moment)
        place.log.rename(tmp_path / "aside")
        done = command.done()
        assert done.code == 0 or "No such file or directory; restore the folder" in refused(done)
        (tmp_path / "aside").rename(place.log)
        place.ingested()


class TestEnd:
    def test_lines_that_a_writer_hides_while_it_works_are_waited_for(self, place: Place) -> None:
        """Lines without a note, as after a crash or by hand, count only while nobody writes: the end steps back."""
        segment = next((place.log / "0").glob("*.ndjson"))
        before = sum(FolderLog(place.log).ends().values())
        with segment.open("ab") as file:
            file.write(b"".join(each.value + b"\n" for each in place.told.entries[:50]))
        place.ingested()
        with ThreadPoolExecutor(1) as pool, writer_lock(place.log / "0"):
            assert sum(FolderLog(place.log).ends().values()) == before
            waiting = pool.submit(place.command().done)
            time.sleep(1.5)
            assert not waiting.done()
        assert waiting.result().code == 0, waiting.result().errors
        place.ingested()


class TestClock:
    def test_records_whose_clock_steps_back_inside_a_batch_are_taken_as_they_are(self, place: Place) -> None:
        """As Kafka's may: its LogAppendTime is the broker's clock."""
        shutil.rmtree(place.log)
        now = datetime.now(UTC)
        with closing(FolderLog(place.log, partitions=1)) as log:
            for number, first in enumerate(range(0, len(place.told.entries), 100)):
                log.append(place.told.entries[first : first + 100], recorded_at=now - timedelta(minutes=number))
            stamps = log.read(0, 0).recorded_at
        assert list(stamps) == sorted(stamps, reverse=True) != sorted(stamps)
        place.ingested()
        with read(place.warehouse) as connection:
            rows = connection.execute("SELECT position, epoch_us(recorded_at) FROM events").fetchall()
        assert all(stamp == stamps[position] for position, stamp in rows)

    def test_a_clock_that_is_set_back_never_sets_the_record_back(
        self, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = time.time_ns
        monkeypatch.setattr(time, "time_ns", lambda: now() - 7200 * 10**9)
        place.more(500)
        place.ingested()
        with read(place.warehouse) as connection:
            rows = connection.execute(
                "SELECT partition, position, recorded_at FROM events "
                "UNION ALL SELECT partition, position, seen_at FROM rejects ORDER BY ALL"
            ).fetchall()
        assert all(one[2] <= other[2] for one, other in pairwise(rows) if one[0] == other[0])
