"""Staged results: the same as computed at once, whole or not at all, and never older than what stands."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analytics.command.week import bring_up_to_date
from analytics.compute import reaches, to_compute
from analytics.metrics import METRICS
from analytics.staged import STAGED, Claim, _read, _write, stage, store
from analytics.week import Week
from producers.errors import UsageError, WarehouseBusy, WarehouseError
from producers.event import Attendee, InputSummarised, WorkshopHeld, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.small_region import COMPUTED, FIRST, LAST, results
from tests.story import person, tell
from warehouse import snapshot
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.intake import take_in
from warehouse.result import Results
from warehouse.stale import Mark, computed_at, mark_all, marks

pytestmark = pytest.mark.integration
NOW = COMPUTED
LATER = NOW + timedelta(minutes=1)
THURSDAY = "2026-11-12"


@pytest.fixture(scope="module")
def region(small_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the small region, everything in it stale; tests only read it."""
    settings = Settings(home=shutil.copytree(small_region.home, tmp_path_factory.mktemp("staged") / "home"))
    _mark(settings)
    return settings


@pytest.fixture
def fresh(region: Settings, tmp_path: Path) -> Settings:
    """Give a copy of the region, everything stale."""
    shutil.copytree(region.home, tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def done(computed_region: Settings, tmp_path: Path) -> Settings:
    """Give a copy of the region, everything computed."""
    shutil.copytree(computed_region.home, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def _mark(settings: Settings, week: Week | None = None) -> None:
    to_compute(settings, NOW, first=week, last=week)
    snapshot.publish(settings.warehouse, settings.snapshot)


def _run(settings: Settings, week: Week, families: Sequence[str] = STAGED, run: str = "one") -> int:
    for family in families:
        stage(settings, week, family, run=run, present=NOW)
    return store(settings, week, families, run=run, present=LATER)


def _attend(settings: Settings, member: int) -> None:
    """Let the log have a workshop of two people that nobody has heard of yet."""
    summary = InputSummarised(title="T", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
    held = WorkshopHeld(place="lab", attendees=[Attendee(member=person(each), role="learner") for each in (1, member)])
    told = [tell(summary, "urn:test", THURSDAY), tell(held, f"late{member}", THURSDAY)]
    with closing(open_log(settings.log_url)) as log:
        log.append([Entry("lab", encode(each)) for each in told])


def _stale(settings: Settings, week: Week = LAST) -> list[str]:
    with read(settings.warehouse) as connection:
        return [mark.metric for mark in marks(connection, since=week.monday, until=week.monday)]


def _times(settings: Settings, week: Week = LAST) -> dict[str, datetime]:
    with read(settings.warehouse) as connection:
        return computed_at(connection, week.monday)


def test_the_families_that_are_staged_are_all_there_are(region: Settings) -> None:
    assert set(STAGED) == {each.family for each in reaches(region)} == {metric.family for metric in METRICS.values()}


def test_staged_results_are_those_that_are_computed_at_once(fresh: Settings, computed_region: Settings) -> None:
    some = [FIRST, FIRST + 9, LAST]
    for week in some:
        assert _run(fresh, week)
        assert _stale(fresh, week) == []
    expected = results(computed_region.warehouse, *some)
    assert results(fresh.warehouse) == expected
    assert all(expected.values())
    assert set(_times(fresh).values()) == {LATER}


def test_twice_gives_the_same_rows(fresh: Settings) -> None:
    rows = _run(fresh, LAST)
    before = results(fresh.warehouse)
    _mark(fresh, LAST)
    assert _run(fresh, LAST, run="two") == rows
    assert results(fresh.warehouse) == before


def test_storing_again_writes_nothing_and_leaves_what_stands(fresh: Settings) -> None:
    _run(fresh, LAST)
    before = results(fresh.warehouse)
    assert store(fresh, LAST, STAGED, run="one", present=LATER + timedelta(days=1)) == 0
    assert results(fresh.warehouse) == before
    assert set(_times(fresh).values()) == {LATER}


def test_one_family_is_staged_again_alone_and_the_others_stay(done: Settings) -> None:
    before = results(done.warehouse)
    _mark(done, LAST)
    assert _run(done, LAST, ["path"]) > 0
    assert results(done.warehouse) == before
    assert set(_stale(done)) == {each.metric for each in reaches(done) if each.family != "path"}


def test_what_is_not_stale_is_computed_again_when_asked_for(done: Settings) -> None:
    before = results(done.warehouse)
    snapshot.publish(done.warehouse, done.snapshot)
    assert _run(done, LAST) > 0
    assert results(done.warehouse) == before
    assert set(_times(done).values()) == {LATER}


def test_a_mark_that_was_set_meanwhile_stays(fresh: Settings) -> None:
    stage(fresh, LAST, "tie", run="one", present=NOW)
    with write(fresh.warehouse) as connection:
        mark_all(connection, since=LAST.monday, until=LAST.monday)
    before = _stale(fresh)
    assert store(fresh, LAST, ["tie"], run="one", present=LATER) > 0
    assert _stale(fresh) == before


def test_a_run_that_was_overtaken_leaves_the_newer_results(fresh: Settings) -> None:
    for family in STAGED:
        stage(fresh, LAST, family, run="slow", present=NOW)
    for member in (2, 3):
        _attend(fresh, member)
    take_in(fresh)
    _run(fresh, LAST, run="fast")
    newer = results(fresh.warehouse)
    assert store(fresh, LAST, STAGED, run="slow", present=LATER) == 0
    assert results(fresh.warehouse) == newer
    assert _stale(fresh) == []


def test_what_maillage_compute_has_done_meanwhile_stands(done: Settings) -> None:
    _mark(done, LAST)
    for family in STAGED:
        stage(done, LAST, family, run="slow", present=NOW)
    _attend(done, 2)
    take_in(done)
    assert bring_up_to_date(done, LATER) == 1
    newer = results(done.warehouse)
    assert store(done, LAST, STAGED, run="slow", present=LATER) == 0
    assert results(done.warehouse) == newer


def test_events_that_came_after_the_snapshot_leave_the_week_stale(fresh: Settings) -> None:
    for family in STAGED:
        stage(fresh, LAST, family, run="one", present=NOW)
    _attend(fresh, 2)
    take_in(fresh)
    assert store(fresh, LAST, STAGED, run="one", present=LATER) > 0
    assert "tie" in _stale(fresh)
    _run(fresh, LAST, run="two")
    assert _stale(fresh) == []
    with read(fresh.warehouse) as connection:
        found = connection.execute("SELECT count FROM tie WHERE source = ? AND target = ?", [person(1), person(2)])
        assert found.fetchall() == [(1,)]


def test_a_snapshot_taken_while_events_came_in_is_not_computed_from(fresh: Settings) -> None:
    _attend(fresh, 2)
    with closing(open_log(fresh.log_url)) as log:
        ingest(log, fresh.warehouse)
    shutil.copyfile(fresh.warehouse, fresh.snapshot)  # as an older version left it; publishing refreshes the marts
    with pytest.raises(WarehouseBusy, match="do not show them yet; try again in a minute"):
        stage(fresh, LAST, "tie", run="one", present=NOW)
    snapshot.publish(fresh.warehouse, fresh.snapshot)
    assert stage(fresh, LAST, "tie", run="one", present=NOW) > 0


def test_all_families_are_stored_or_none(fresh: Settings) -> None:
    stage(fresh, LAST, "tie", run="one", present=NOW)
    with pytest.raises(WarehouseError, match="2026-W46: the family path is not staged; run its computing task again"):
        store(fresh, LAST, ["tie", "path"], run="one", present=LATER)
    assert not any(results(fresh.warehouse).values())


def test_what_another_run_staged_is_not_stored(fresh: Settings) -> None:
    stage(fresh, LAST, "tie", run="one", present=NOW)
    with pytest.raises(WarehouseError, match="not staged"):
        store(fresh, LAST, ["tie"], run="..", present=LATER)


def test_a_week_that_is_not_over_an_unknown_family_and_a_week_beyond_the_record_are_refused(fresh: Settings) -> None:
    with pytest.raises(UsageError, match="2026-W47 is not over"):
        stage(fresh, LAST + 1, "tie", run="one", present=NOW)
    with pytest.raises(UsageError, match="unknown family 'ties'"):
        stage(fresh, LAST, "ties", run="one", present=NOW)
    with pytest.raises(WarehouseError, match="nothing is known of 2026-W01; expected a week of the record"):
        stage(fresh, Week(date(2025, 12, 29)), "tie", run="one", present=NOW)


def test_a_week_without_events_is_stored_like_any_other(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    for day in ("2026-10-01", THURSDAY):
        held = WorkshopHeld(place="lab", attendees=[Attendee(member=person(1), role="learner")])
        with closing(open_log(settings.log_url)) as log:
            log.append([Entry("lab", encode(tell(held, f"w{day}", day)))])
    take_in(settings)
    _mark(settings)
    quiet = Week(date(2026, 10, 12))
    rows = _run(settings, quiet)
    with read(settings.warehouse) as connection:
        stored = connection.execute("SELECT count(*) FROM metric_value").fetchall()
    assert _stale(settings, quiet) == []
    assert [(rows,)] == stored


def test_frames_come_back_as_they_were(tmp_path: Path) -> None:
    week = date(2026, 11, 9)
    figures = pd.DataFrame(
        {
            "metric": pd.Series(["a", "b"], dtype="str"),
            "week": [week, week],
            "layer": pd.Series([None, None], dtype="str"),
            "value": [float("nan"), -0.0],
            "low": [0.1 + 0.2, float("inf")],
            "high": pd.Series([None, None], dtype="object"),
            "n": pd.Series([1, 2**62], dtype="int64"),
        },
    )
    skills = pd.DataFrame({"skill": ["x"], "week": pd.Series([week], dtype="datetime64[us]"), "people": [3]})
    frames = [figures, figures.iloc[:0], figures.iloc[1:].reset_index(drop=True)]
    claims = [
        Claim(Mark(week, "a", datetime(2026, 11, 16, 1, 2, 3, 456789, tzinfo=UTC)), None),
        Claim(Mark(week, "b", NOW), LATER),
    ]
    _write(Results([], [], [skills], frames), claims, tmp_path / "2026-W46" / "run" / "skill")
    found, back = _read(tmp_path / "2026-W46" / "run" / "skill")
    assert back == claims
    assert found.ties == []
    pairs = zip([skills, *frames], [*found.skill_weeks, *found.figures], strict=True)
    for before, after in pairs:
        pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_staging_again_leaves_nothing_of_before(tmp_path: Path) -> None:
    folder, frame = tmp_path / "week" / "run" / "tie", pd.DataFrame({"metric": ["a"]})
    _write(Results([], [], [], [frame, frame]), [], folder)
    _write(Results([], [], [], [frame]), [], folder)
    assert len(_read(folder)[0].figures) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["tie"]
