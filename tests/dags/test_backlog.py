"""The watcher of the log: off unless it is set, it sees what waits by positions alone, and writes nothing."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from producers.errors import WarehouseOld
from producers.event import MemberJoined, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.dags.conftest import DAGS
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.intake import take_in

pytestmark = pytest.mark.usefixtures("airflow")


def append(home: Settings, number: int) -> None:
    told = [tell(MemberJoined(place="lab"), person(each), "2026-11-12", key=f"{each}") for each in range(number)]
    with closing(open_log(home.log_url)) as log:
        log.append([Entry("lab", encode(each)) for each in told])


def test_what_waits_is_counted_until_it_is_published(home: Settings) -> None:
    from dags.backlog import waiting

    assert waiting() == 0
    append(home, 3)
    assert waiting() == 3
    take_in(home)
    assert waiting() == 0


def test_before_the_first_drain_all_of_the_log_waits(home: Settings) -> None:
    from dags.backlog import waiting

    home.snapshot.unlink()
    with closing(open_log(home.log_url)) as log:
        assert waiting() == sum(log.ends().values()) > 1_000
    assert not home.snapshot.exists()


def test_a_log_that_cannot_be_read_is_left_to_the_clock(home: Settings, caplog: pytest.LogCaptureFixture) -> None:
    from dags.backlog import waiting

    (home.home / "log").rename(home.home / "lost")
    (home.home / "log").write_text("no folder", encoding="utf-8")
    assert waiting() == 0
    assert "the clock goes on" in caplog.text


def test_a_published_copy_of_an_older_version_stays_as_it_is(home: Settings, caplog: pytest.LogCaptureFixture) -> None:
    from dags.backlog import waiting

    with write(home.snapshot) as connection:
        connection.execute("DELETE FROM migration")
    assert waiting() == 0
    assert "older version" in caplog.text
    with pytest.raises(WarehouseOld), read(home.snapshot):
        pass


def test_an_event_tells_of_a_backlog_again_while_it_is_not_taken(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dags import backlog

    monkeypatch.setattr(backlog, "LOOK", 0.01)
    monkeypatch.setattr(backlog, "REST", 0.0)

    async def seen() -> list[object]:
        events = backlog.Backlog().run()  # type: ignore[no-untyped-call]
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.2)
        assert not first.done()
        append(home, 3)
        return [(await first).payload, (await anext(events)).payload]

    assert asyncio.run(seen()) == [3, 3]


def test_an_event_tells_of_what_comes_after_all_was_taken_without_a_rest(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dags import backlog

    monkeypatch.setattr(backlog, "LOOK", 0.01)
    append(home, 3)

    async def seen() -> list[object]:
        events = backlog.Backlog().run()  # type: ignore[no-untyped-call]
        first = await anext(events)
        second = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.2)
        assert not second.done()
        take_in(home)
        await asyncio.sleep(0.6)  # it looks meanwhile
        append(home, 1)
        async with asyncio.timeout(backlog.REST / 2):
            return [first.payload, (await second).payload]

    assert asyncio.run(seen()) == [3, 1]


def test_the_clock_alone_starts_it_unless_the_setting_says_true(monkeypatch: pytest.MonkeyPatch) -> None:
    from dags.backlog import CLOCK, SETTING, schedule

    for value in ("", "false", "1"):
        monkeypatch.setenv(SETTING, value)
        assert schedule() is CLOCK
    monkeypatch.delenv(SETTING)
    assert schedule() is CLOCK


def test_with_the_setting_the_dag_keeps_its_clock_and_has_a_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.sdk import Asset, AssetOrTimeSchedule
    from airflow.serialization.serialized_objects import DagSerialization

    from dags.backlog import CLOCK, SETTING, Backlog

    monkeypatch.setenv(SETTING, "true")
    bag = BundleDagBag(dag_folder=DAGS / "drain_events.py", bundle_path=DAGS, bundle_name="dags-folder")
    dag = bag.dags["drain_events"]
    assert isinstance(dag.timetable, AssetOrTimeSchedule)
    assert dag.timetable.timetable == CLOCK
    watched = dag.timetable.asset_condition
    assert isinstance(watched, Asset)
    (watcher,) = watched.watchers
    assert watcher.trigger.serialize() == (f"{Backlog.__module__}.{Backlog.__name__}", {})
    assert DagSerialization.to_dict(dag) == DagSerialization.to_dict(dag)
