"""The steps of the chain, called as a task calls them: which week, how long to wait, what is told, how it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from producers.errors import UsageError, WarehouseBusy
from producers.event import MemberJoined, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.small_region import FIRST, LAST
from tests.story import person, tell
from warehouse.intake import take_in

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
MONDAY = LAST.until
InTask = Callable[..., Any]


@pytest.fixture
def in_task(airflow: None) -> InTask:
    """Give a way to be inside a task of a run."""
    from airflow.sdk.execution_time.context import set_current_context

    from dags.chain import WRITER

    @contextmanager
    def inside(
        *, key: str | None = None, form: str | None = None, params: bool = True, at: datetime = NOW
    ) -> Iterator[None]:
        context: Any = {
            "partition_key": key,
            "params": {"week": form} if params else {},
            "dag": SimpleNamespace(dag_id="a_dag"),
            "dag_run": SimpleNamespace(run_after=at, start_date=at),
            "run_id": "run",
            "task": SimpleNamespace(dag_id="a_dag", task_id="a_task", pool=WRITER),
        }
        with set_current_context(context):
            yield

    return inside


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, in_task: InTask) -> Callable[[datetime], None]:
    """Give a function that sets the clock of the steps."""
    from dags import run, steps

    def set_to(instant: datetime) -> None:
        for module in (run, steps):
            monkeypatch.setattr(module, "present", lambda: instant)

    return set_to


def _append(home: Settings, recorded_at: datetime) -> None:
    told = tell(MemberJoined(place="lab"), person(1), "2026-11-12", key=f"{recorded_at}")
    with closing(open_log(home.log_url)) as log:
        log.append([Entry("lab", encode(told))], recorded_at=recorded_at)


def test_the_week_is_the_partition_else_the_form_else_the_last_that_was_over(
    in_task: InTask, at: Callable[[datetime], None]
) -> None:
    from dags.run import week

    at(NOW)
    with in_task(key="2026-11-02", form="2026-10-26"):
        assert str(week()) == "2026-W45"
    with in_task(form="2026-10-26"):
        assert str(week()) == "2026-W44"
    with in_task(at=MONDAY - timedelta(seconds=1)):
        assert week() == LAST + -1
    with in_task(at=MONDAY):
        assert week() == LAST


@pytest.mark.parametrize("key", ["2026-W46", "x" * 300, "2026-11-31", "20261109x"])
def test_a_partition_that_is_no_date_is_refused_in_one_short_line(in_task: InTask, key: str) -> None:
    from dags.run import week

    with in_task(key=key), pytest.raises(UsageError, match=r"no date; expected the Monday; start it again") as refused:
        week()
    assert len(str(refused.value)) < 160


def test_a_week_waits_for_what_the_log_recorded_in_it_and_no_longer_than_six(
    in_task: InTask, at: Callable[[datetime], None], home: Settings
) -> None:
    from dags.steps import events_are_in

    with in_task(key=str(LAST.monday)):
        at(MONDAY + timedelta(minutes=5))
        assert events_are_in()
        _append(home, MONDAY - timedelta(minutes=1))
        assert not events_are_in()
        at(MONDAY + timedelta(hours=6))
        assert events_are_in()
        at(MONDAY + timedelta(minutes=10))
        take_in(home)
        _append(home, MONDAY + timedelta(minutes=6))
        assert events_are_in()


def test_what_is_taken_but_not_in_the_published_copy_is_waited_for(
    in_task: InTask, at: Callable[[datetime], None], home: Settings
) -> None:
    from dags.steps import events_are_in
    from warehouse.ingest import ingest

    _append(home, MONDAY - timedelta(minutes=1))
    with closing(open_log(home.log_url)) as log:
        ingest(log, home.warehouse)
    at(MONDAY + timedelta(minutes=5))
    with in_task(key=str(LAST.monday)):
        assert not events_are_in()


def test_a_log_that_cannot_be_read_is_waited_for_and_said(
    in_task: InTask, at: Callable[[datetime], None], home: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    from dags.steps import events_are_in

    (home.home / "log").rename(home.home / "lost")
    (home.home / "log").write_text("no folder", encoding="utf-8")
    at(MONDAY + timedelta(minutes=5))
    with in_task(key=str(LAST.monday)):
        assert not events_are_in()
    assert "the log does not say how far it is, waiting until 06:00" in caplog.text


@pytest.mark.usefixtures("home")
def test_a_try_that_failed_after_asking_is_told_the_same_weeks_again(in_task: InTask) -> None:
    from dags.steps import stale_weeks

    with in_task(params=False, at=datetime.now(UTC)):
        first = stale_weeks()
        assert (first[0], first[-1]) == (FIRST, LAST)
        assert stale_weeks() == first
    with in_task(params=False, at=datetime.now(UTC)):
        assert stale_weeks() == []


def test_who_asks_publishes_the_marks_with_it(in_task: InTask, home: Settings) -> None:
    from analytics.metrics import METRICS
    from analytics.staged import stage
    from dags.steps import stale_weeks, store_families
    from warehouse.connection import read
    from warehouse.stale import marks

    with in_task(key=str(LAST.monday), at=datetime.now(UTC)):
        stale_weeks()
        stage(home, LAST, "skill", run="run", present=NOW)
        assert store_families(["skill"]) > 0
    with read(home.warehouse) as connection:
        left = {mark.metric for mark in marks(connection, since=LAST.monday, until=LAST.monday)}
    assert left
    assert not {metric for metric in left & METRICS.keys() if METRICS[metric].family == "skill"}


def test_a_failure_is_one_line_with_its_week_or_its_dag(
    in_task: InTask, at: Callable[[datetime], None], caplog: pytest.LogCaptureFixture
) -> None:
    from dags.run import reads

    at(NOW)

    @reads
    def busy() -> None:
        raise WarehouseBusy("another process held it for 60 s", remedy="try again")

    @reads
    def broken() -> None:
        raise ZeroDivisionError("division\nby zero")

    with in_task(key="2026-11-09"), pytest.raises(WarehouseBusy):
        busy()
    with in_task(params=False), pytest.raises(ZeroDivisionError):
        broken()
    one, other = [each.message for each in caplog.records if each.levelno == logging.ERROR]
    assert one == "2026-W46: another process held it for 60 s; try again; it is safe to run it again (Clear task)"
    assert other.startswith("a_dag: ZeroDivisionError: division by zero; nobody expected this")


def test_a_step_that_passes_says_nothing(in_task: InTask, caplog: pytest.LogCaptureFixture) -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    from dags.run import writes

    @writes
    def passed() -> None:
        raise AirflowSkipException("nothing to do")

    with in_task(), pytest.raises(AirflowSkipException):
        passed()
    assert caplog.records == []


def test_the_report_of_a_week_is_out_once_the_site_has_it(in_task: InTask, home: Settings) -> None:
    from dags.steps import report_is_out

    with in_task(key=str(LAST.monday)):
        assert not report_is_out()
    page = home.site / "2026" / "S46" / "report.json"
    page.parent.mkdir(parents=True)
    page.write_text("{}", encoding="utf-8")
    with in_task(key=str(LAST.monday)):
        assert report_is_out()
