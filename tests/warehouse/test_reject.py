"""Rejects that are given another try: what ingest would take is appended once, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from producers.event import Event, PlaceOpened, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.story import Take, tell
from warehouse.batch import OTHER_CONTENT
from warehouse.connection import read
from warehouse.ingest import ingest
from warehouse.refusal import rejects_command
from warehouse.reject import Replayed, raw, rejects, replay

BEFORE = datetime(2026, 11, 16, 6, tzinfo=UTC)
"""When the fixture's log appends."""
PRESENT = datetime(2026, 11, 23, 6, tzinfo=UTC)
AHEAD = "2026-11-18"
"""A day that lay in the future before, and has come by now."""

Again = Callable[..., Replayed]


def opened(name: str, day: str = "2026-11-02", *, place: str = "lab") -> Event:
    return tell(PlaceOpened(name=name), place, day)


@pytest.fixture
def again(log: FolderLog, home: Path) -> Again:
    def replayed(lines: Sequence[bytes] | None = None, present: datetime = PRESENT) -> Replayed:
        with read(home) as connection:
            found = rejects(connection)
        given = [raw(log, each) for each in reversed(found)] if lines is None else lines
        return replay(log, home, given, present=present)

    return replayed


def end(log: FolderLog) -> int:
    return sum(log.ends().values())


def test_a_line_that_breaks_the_contract_still_is_not_appended(take: Take, again: Again, log: FolderLog) -> None:
    take([opened("A"), b"{", b"not json", b"{"])
    done = again()
    assert (done.appended, done.known, sum(done.refused.values())) == (0, 0, 3)
    assert end(log) == 4


def test_a_line_whose_time_has_come_is_appended_once(take: Take, again: Again, log: FolderLog, home: Path) -> None:
    assert take([opened("A", AHEAD)]).rejected == 1
    assert again() == Replayed(appended=1)
    assert again() == Replayed(known=1), "it waits in the log"
    log.append([], recorded_at=PRESENT)
    done = ingest(log, home)
    assert (done.new, done.rejected) == (1, 0)
    assert again() == Replayed(known=1), "it stands on record"
    assert end(log) == 2


def test_a_line_that_lies_in_the_future_still_is_refused_with_its_reason(take: Take, again: Again) -> None:
    take([opened("A", AHEAD)])
    done = again(present=BEFORE + timedelta(hours=1))
    ((reason, count),) = done.refused.items()
    assert (done.appended, count) == (0, 1)
    assert reason.startswith("the event lies in the future: 2026-11-18T12:00:00Z")


def test_a_line_with_other_content_under_a_known_id_is_refused(take: Take, again: Again, log: FolderLog) -> None:
    assert take([opened("A"), opened("B"), opened("C")]).rejected == 2
    assert again() == Replayed(refused={OTHER_CONTENT: 2})
    assert end(log) == 3


def test_of_lines_that_contradict_each_other_the_first_is_appended(take: Take, again: Again) -> None:
    take([opened("A", AHEAD), opened("B", AHEAD), opened("A", AHEAD)])
    assert again() == Replayed(appended=1, known=1, refused={OTHER_CONTENT: 1})
    assert again() == Replayed(known=2, refused={OTHER_CONTENT: 1})


def test_a_mended_line_is_appended_once(take: Take, again: Again, log: FolderLog) -> None:
    take([b"{"])
    mended = [encode(opened("A")), b"{", encode(opened("A"))]
    first = again(mended)
    assert (first.appended, first.known, sum(first.refused.values())) == (1, 1, 1)
    second = again(mended)
    assert (second.appended, second.known, sum(second.refused.values())) == (0, 2, 1)
    assert end(log) == 2


def test_a_line_that_contradicts_one_that_waits_is_refused(take: Take, again: Again, log: FolderLog) -> None:
    take([b"{"])
    log.append([Entry("k", encode(opened("A")))], recorded_at=PRESENT)
    assert again([encode(opened("B"))]) == Replayed(refused={OTHER_CONTENT: 1})


def test_what_waits_but_will_be_refused_does_not_count_as_known(take: Take, again: Again, log: FolderLog) -> None:
    take([b"{"])
    log.append([Entry("k", encode(opened("A", AHEAD)))], recorded_at=BEFORE)
    assert again([encode(opened("A", AHEAD))]) == Replayed(appended=1)


def test_the_order_of_the_log_is_kept(take: Take, again: Again, log: FolderLog) -> None:
    names = ["C", "A", "B"]
    take([opened(name, AHEAD, place=f"lab-{name.lower()}") for name in names])
    assert again() == Replayed(appended=3)
    values = log.read(0, 3).values
    assert [msgspec.json.decode(value or b"")["data"]["name"] for value in values] == names


class TestCommand:
    """``maillage rejects replay``, on a home with one line that is mended and one that is not."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        settings = Settings(home=tmp_path / "home")
        log = FolderLog(settings.home / "log", partitions=2)
        log.append([Entry("k", encode(opened("A"))), Entry("j", encode(opened("A", "2099-01-01"))), Entry("k", b"{")])
        ingest(log, settings.warehouse)
        return settings

    @staticmethod
    def run(settings: Settings, *words: str) -> Result:
        return CliRunner().invoke(rejects_command, ["replay", *words], obj=settings, catch_exceptions=False)

    def test_a_file_is_appended_once_and_the_counts_are_said(self, settings: Settings, tmp_path: Path) -> None:
        mended = tmp_path / "mended.ndjson"
        mended.write_bytes(b"\xef\xbb\xbf" + encode(opened("B", place="other")) + b"\r\n\r\n{\r\n")
        first = self.run(settings, "--fixed", str(mended))
        assert first.stdout.splitlines()[0] == "1 appended, 0 known already, 1 refused again"
        assert "1 because the line is not JSON" in first.stdout
        second = self.run(settings, "--fixed", str(mended))
        assert second.stdout.splitlines()[0] == "0 appended, 1 known already, 1 refused again"

    def test_a_script_gets_json(self, settings: Settings) -> None:
        told = msgspec.json.decode(self.run(settings, "--format", "json").stdout)
        assert (told["appended"], told["known"], told["lost"], sum(told["refused"].values())) == (0, 0, 0, 2)

    def test_what_the_log_no_longer_holds_is_counted(self, settings: Settings) -> None:
        for segment in (settings.home / "log").rglob("*.ndjson"):
            segment.write_bytes(segment.read_bytes().replace(b"2099", b"2098"))
        done = self.run(settings)
        assert "0 appended, 0 known already, 1 refused again" in done.stdout
        assert "1 could not be read back; the first: other bytes stand at" in done.stderr
