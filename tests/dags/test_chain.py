"""The chain on a small region: each DAG runs, and ends with what the command gives."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analytics.command.week import bring_up_to_date
from analytics.week import weeks
from producers.settings import Settings
from tests.small_region import FIRST, LAST, results, tell_region
from warehouse.connection import read
from warehouse.stale import marks

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dags.conftest import Run

SOON = (LAST + 1).since


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give a home in whose log the region waits."""
    monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MAILLAGE_LOG", raising=False)
    return tell_region(tmp_path / "home")


def _stale(home: Settings) -> set[str]:
    with read(home.warehouse) as connection:
        return {mark.metric for mark in marks(connection, since=LAST.monday, until=LAST.monday)}


@pytest.mark.usefixtures("waiting")
def test_a_drain_takes_what_waits_and_asks_for_every_stale_week_once(run: Callable[..., Run]) -> None:
    done = run("drain_events", None)
    assert (done.state, done.tasks) == ("success", {"drain": ["success"], "tell": ["success"]})
    assert done.values["drain"] > 1000
    assert sorted(done.partitions) == [str(week.monday) for week in weeks(FIRST, LAST)]
    again = run("drain_events", None)
    assert (again.state, again.tasks) == ("success", {"drain": ["skipped"], "tell": ["skipped"]})
    assert again.partitions == ()


def test_the_chain_gives_what_the_command_gives(home: Settings, run: Callable[..., Run], tmp_path: Path) -> None:
    assert run("close_week").tasks == {"close": ["success"], "report_is_out": ["success"]}
    network = run("network_metrics")
    assert network.tasks == {"compute": ["success"] * 4, "events_are_in": ["success"], "store": ["success"]}
    assert run("skill_trends").tasks == {"compute": ["success"], "store": ["success"]}
    assert _stale(home) == set()
    shutil.copytree(home.home, tmp_path / "other")
    other = Settings(home=tmp_path / "other")
    bring_up_to_date(other, SOON, first=FIRST, last=LAST)
    assert results(home.warehouse) == results(other.warehouse, LAST)
    assert results(home.snapshot) == results(home.warehouse)


@pytest.mark.parametrize(
    ("week", "says"),
    [
        (
            "2026-11-11",
            "the partition 2026-11-11 is a Wednesday; expected .* start it again with the partition 2026-11-09",
        ),
        ("2096-11-05", "the week of the partition 2096-11-05 is not over; expected .* on 2096-11-12"),
    ],
)
@pytest.mark.parametrize(("dag", "task"), [("close_week", "close"), ("network_metrics", "events_are_in")])
def test_a_bad_partition_fails_at_once_and_its_first_line_says_what_to_do(
    home: Settings,
    run: Callable[..., Run],
    caplog: pytest.LogCaptureFixture,
    dag: str,
    task: str,
    week: str,
    says: str,
) -> None:
    before = home.warehouse.read_bytes()
    done = run(dag, week)
    assert done.state == "failed"
    assert (done.tasks[task], done.tries[task]) == (["failed"], 1)
    (line,) = [each.message for each in caplog.records if each.name == "maillage.chain"]
    assert line.startswith(f"{dag}: ")
    assert "\n" not in line
    assert "it is safe to run it again" in line
    assert re.search(says, line)
    assert home.warehouse.read_bytes() == before


@pytest.mark.usefixtures("home")
def test_a_week_that_no_event_reaches_is_passed(run: Callable[..., Run]) -> None:
    done = run("close_week", str((FIRST + -1).monday))
    assert (done.state, done.tasks["close"]) == ("success", ["skipped"])
    assert done.partitions == ()


def test_a_failure_is_told_once_with_its_week_and_remedy(
    home: Settings, run: Callable[..., Run], caplog: pytest.LogCaptureFixture
) -> None:
    home.snapshot.unlink()
    with caplog.at_level(logging.ERROR, "maillage.chain"):
        done = run("skill_trends")
    assert (done.state, done.tries["compute"]) == ("failed", 1)
    (line,) = [each.message for each in caplog.records if each.name == "maillage.chain"]
    assert line.startswith(f"{LAST}: there is no warehouse at ")
    assert line.endswith("run: maillage ingest --once; it is safe to run it again (Clear task)")
