"""Computing many weeks: by processes or by threads, the rows are the same."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.compute import MANY_WEEKS, compute, to_compute
from producers.settings import Settings
from tests.small_region import results, take_region

PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return take_region(tmp_path_factory.mktemp("region"))


def test_processes_and_threads_give_the_same_rows(
    region: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = []
    for workers, processes in ((2, True), (1, False)):
        home = tmp_path / f"{workers}"
        home.mkdir()
        settings = Settings(home=home, workers=workers)
        shutil.copy(region.warehouse, settings.warehouse)
        told: list[int] = []
        weeks = compute(
            settings,
            to_compute(settings, PRESENT),
            present=PRESENT,
            progress=told.append,
            processes=processes,
        )
        assert weeks == sum(told) >= MANY_WEEKS
        found.append(results(settings.warehouse))
    assert found[0] == found[1]
    assert capfd.readouterr() == ("", "")
