"""The daily maintenance, run by Airflow in this process on a small home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dags.chain import WRITER
from producers.settings import Settings
from warehouse.backup import backups
from warehouse.connection import read, write
from warehouse.told import Told

if TYPE_CHECKING:
    from airflow.sdk import DAG

    from tests.dags.conftest import Run

Maintain = Callable[..., "Run"]
ALL = {"retire", "publish", "check", "listen", "back_up"}


@pytest.fixture
def maintain(home: Settings, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> Maintain:
    """Give a function that runs the maintenance on the small home, at an instant; nobody is to be told by mail."""
    monkeypatch.delenv("MAILLAGE_ALERT_TO", raising=False)
    assert home.warehouse.exists()

    def done(present: datetime = datetime(2026, 11, 17, 3, tzinfo=UTC)) -> Run:
        from dags import maintenance_steps

        monkeypatch.setattr(maintenance_steps, "present", lambda: present)
        return run("maintenance", None)

    return done


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[str], list[str]]:
    """Give a function from some words to the lines with them that our own code has logged."""

    def found(words: str) -> list[str]:
        ours = [record.getMessage() for record in caplog.records if record.name.startswith("maillage.")]
        return [line for line in ours if words in line]

    return found


def test_a_home_is_published_and_backed_up_and_the_one_place_that_fell_silent_is_told_of(
    maintain: Maintain, home: Settings, said: Callable[[str], list[str]]
) -> None:
    home.snapshot.unlink()
    done = maintain()
    assert done.state == "success", done.log
    assert done.tasks == {task: ["success"] for task in ALL}
    assert home.snapshot.exists()
    (path,) = backups(home.home / "backups").values()
    with read(path) as copy, read(home.warehouse) as original:
        count = "SELECT count(*) FROM events"
        assert copy.execute(count).fetchall() == original.execute(count).fetchall()
    assert done.values["listen"] == 1
    (told,) = said("Maillage : 1 source sans nouvelles")
    assert "La Grange numérique : plus rien depuis le 12/10/2026" in told, "as the region was told to"


def test_each_complaint_is_a_line_and_the_backup_is_made_all_the_same(
    maintain: Maintain, home: Settings, said: Callable[[str], list[str]]
) -> None:
    with write(home.warehouse) as connection:
        connection.execute("INSERT INTO tie VALUES (DATE '2026-11-17', 'help', 'm_1', 'm_2', 0, 0)")
    done = maintain()
    assert done.state == "failed"
    assert done.tasks == {task: ["failed" if task == "check" else "success"] for task in ALL}
    assert len(said("complains of 1 rows")) == 2
    assert not said("m_1"), "a line about data names nobody"
    assert len(backups(home.home / "backups")) == 1


def test_sources_that_fall_silent_are_told_of_once(
    maintain: Maintain, home: Settings, said: Callable[[str], list[str]]
) -> None:
    later = datetime(2027, 3, 1, 3, tzinfo=UTC)
    silent = maintain(later).values["listen"]
    assert silent > 1
    assert len(said(f"Maillage : {silent} sources sans nouvelles")) == 1
    assert maintain(later + timedelta(days=1)).values["listen"] == silent
    assert len(said("sans nouvelles")) == 1
    told = Told(home.home, "silence")
    told.keep(sorted(told.last().items)[1:], present=later)
    maintain(later + timedelta(days=2))
    assert len(said("sans nouvelles")) == 2, "one of them is new"


def test_what_is_kept_no_longer_goes_and_is_told_in_counts(maintain: Maintain, home: Settings) -> None:
    staged = home.staged / "2026-W40" / "tie"
    staged.mkdir(parents=True)
    done = maintain(datetime.now(UTC) + timedelta(days=1200))
    assert done.values["retire"]["activities"] > 0
    assert done.values["retire"]["staged weeks"] == 1
    assert not staged.exists()
    with read(home.snapshot) as connection:
        ((left,),) = connection.execute("SELECT count(*) FROM events WHERE is_activity(type)").fetchall()
    assert left == 0, "readers don't see them any more either"


def test_every_task_that_writes_is_in_the_pool_of_the_writer(dag_of: Callable[[str], DAG]) -> None:
    pools = {task.task_id: task.pool for task in dag_of("maintenance").tasks}
    assert {task for task, pool in pools.items() if pool == WRITER} == {"retire", "publish", "back_up"}


def test_the_failure_of_the_maintenance_is_told(dag_of: Callable[[str], Any]) -> None:
    from dags.alert import has_failed

    assert dag_of("maintenance").on_failure_callback == has_failed
