"""Computing many weeks: by processes or by threads, the rows are the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analytics.compute import MANY_WEEKS, compute, to_compute
from producers.settings import Settings
from tests.small_region import COMPUTED, LAST, RESULTS, results
from warehouse.connection import write


@pytest.mark.process
def test_processes_give_the_rows_that_threads_gave(
    computed_region: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=shutil.copytree(computed_region.home, tmp_path / "home"), workers=2)
    with write(settings.warehouse) as connection:
        for table in RESULTS:
            connection.execute(f"DELETE FROM {table} WHERE week >= $first", {"first": (LAST + (1 - MANY_WEEKS)).monday})
    assert results(settings.warehouse) != results(computed_region.warehouse)
    told: list[int] = []
    stale = to_compute(settings, COMPUTED, first=LAST + (1 - MANY_WEEKS))
    weeks = compute(settings, stale, present=COMPUTED, progress=told.append, processes=True)
    assert weeks == sum(told) == MANY_WEEKS
    assert results(settings.warehouse) == results(computed_region.warehouse)
    assert capfd.readouterr() == ("", "")
