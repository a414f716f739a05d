"""A small site, built once for all that reads its files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.publication import PAGES, draft_week, publish_draft
from producers.settings import Settings
from tests.shared import made_once
from tests.small_region import LAST


@pytest.fixture(scope="session")
def small_site(computed_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the settings of a home whose site has two weeks, one of them corrected."""

    def make(home: Path) -> None:
        shutil.copytree(computed_region.home, home)
        settings = Settings(home=home)
        for week in (LAST + -1, LAST):
            publish_draft(settings, draft_week(settings, week, PAGES), present=datetime(2026, 11, 16, 6, tzinfo=UTC))
        again = draft_week(settings, LAST, PAGES)
        publish_draft(settings, again, to_correct="Mardi", present=datetime(2026, 11, 17, tzinfo=UTC))

    return Settings(home=made_once(tmp_path_factory, "small-site", make))
