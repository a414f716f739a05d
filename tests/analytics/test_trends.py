"""Trends of a warehouse: what is missing is not decline, and a short record says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from analytics.command.trend import trends_command
from analytics.compute import compute, to_compute
from analytics.report.series import heard
from analytics.trends import trends_of
from analytics.week import Week
from producers.errors import UsageError
from producers.event import Attendee, Event, InputSummarised, WorkshopHeld, encode
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.result import SKILL_WEEK

pytestmark = pytest.mark.integration
MONDAY = date(2026, 3, 2)
MONDAYS = [MONDAY + timedelta(weeks=number) for number in range(40)]
LAST = Week(MONDAYS[-1])


def workshop(place: str, number: int, people: int) -> Event:
    learners = [Attendee(member=person(each), role="learner") for each in range(people)]
    day = str(MONDAYS[number] + timedelta(days=1))
    return tell(WorkshopHeld(place=place, skills=["laser"], attendees=learners), f"{place}-{number}", day)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a home in which one place grows from 4 people to 16, and the other falls silent after 30 weeks."""
    settings = Settings(home=tmp_path_factory.mktemp("trends"))
    told = [workshop("lab-growing", number, 4 if number < 20 else 16) for number in range(40)]
    told += [workshop("lab-silent", number, 9) for number in range(30)]
    summary = InputSummarised(title="Labs", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
    told.append(tell(summary, "urn:test", str(MONDAY)))
    log = FolderLog(settings.home / "log", partitions=1)
    log.append([Entry(each.key, encode(each)) for each in told], recorded_at=datetime(2026, 12, 10, tzinfo=UTC))
    ingest(log, settings.warehouse)
    present = datetime(2026, 12, 11, tzinfo=UTC)
    # Trends count the record; of what is computed they ask only which weeks are.
    stale = [mark for mark in to_compute(settings, present) if mark.metric == SKILL_WEEK]
    compute(settings, stale, present=present)
    return settings


def test_a_place_that_doubles_and_doubles_again_grows_and_one_that_fell_silent_does_not_fade(home: Settings) -> None:
    with read(home.warehouse) as connection:
        rows = trends_of(connection, LAST).trends.rows
    words = dict(zip(rows["subject"], rows["verdict"], strict=True))
    assert (words["lab-growing"], words["lab-silent"]) == ("growing", "steady")
    assert rows.loc[rows["subject"] == "lab-silent", "mean"].tolist() == [9]
    assert rows.loc[rows["family"] == "skill", "verdict"].tolist() == ["growing"]  # 13 people a week, then 25


def test_half_a_year_is_too_early(home: Settings) -> None:
    with read(home.warehouse) as connection:
        found = trends_of(connection, Week(MONDAYS[20])).trends
    assert set(found.rows["verdict"]) == {"too early"}
    assert found.rows["p"].isna().all()


def test_an_empty_warehouse_has_no_series(tmp_path: Path) -> None:
    with write(tmp_path / "warehouse.duckdb"):
        pass
    with read(tmp_path / "warehouse.duckdb") as connection:
        assert trends_of(connection, LAST).trends.rows.empty


@pytest.mark.parametrize(
    ("people", "known"),
    [
        ([0, 0, 5, 5, 0, 5], [None, None, 5, 5, 0, 5]),
        ([5, 5, 5, 5, 0, 0], [5, 5, 5, 5, None, None]),
        ([1, 0, 1, 1, 0, 0], [1, 0, 1, 1, 0, 0]),  # by chance it happens
        ([0, 0, 0, 0, 0, 0], [None] * 6),
    ],
)
def test_before_it_was_heard_and_after_it_fell_silent_a_place_has_no_figure(
    people: list[float], known: list[float | None]
) -> None:
    found = heard(np.array(people, dtype=np.float64), MONDAYS[:6], [])
    assert [None if np.isnan(value) else value for value in found] == known


def test_closed_weeks_make_nobody_silent() -> None:
    people = np.array([5.0, 5, 5, 5, 0, 0])
    assert heard(people, MONDAYS[:6], MONDAYS[4:6]).tolist() == people.tolist()


def test_the_command_tells_it_in_eighty_columns_and_in_json(home: Settings) -> None:
    said = CliRunner().invoke(trends_command, ["--week", str(LAST)], obj=home, catch_exceptions=False)
    assert "growing   lab-growing" in said.output
    assert max(map(len, said.output.splitlines())) <= 80
    given = CliRunner().invoke(trends_command, ["--format", "json"], obj=home, catch_exceptions=False)
    rows = json.loads(given.output)["series"]
    assert {"family", "subject", "p", "verdict"} <= rows[0].keys()


def test_before_anything_is_computed_there_is_a_remedy(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with write(settings.warehouse):
        pass
    with pytest.raises(UsageError, match="nothing is computed yet"):
        CliRunner().invoke(trends_command, [], obj=settings, catch_exceptions=False)
