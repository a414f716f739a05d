"""The first screen as a browser shows it: all of it at 1280×720, nothing too wide on a telephone, one page of A4."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analytics.report.words import LOCALES
from tests.analytics.report_region import region, report, write_report
from tests.browser import Browser, browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("first-screen")
    write_report(report(region()), home)
    return home / "2026/S46"


@pytest.fixture(scope="module")
def reader() -> Iterator[Browser]:
    with browser() as found:
        yield found


def opened(reader: Browser, site: Path, language: str, width: int, height: int, script: str) -> Any:  # noqa: ANN401  JSON
    """Return what a script says of a page in a window of a size."""
    reader.ask(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
    )
    assert reader.shows(f"file://{site}/{language}/index.html", "Maillage")
    return json.loads(reader.run(f"JSON.stringify({script})"))


@pytest.mark.parametrize("language", LOCALES)
def test_title_points_things_to_do_and_the_whole_table_stand_on_the_first_screen(
    reader: Browser, site: Path, language: str
) -> None:
    parts = "document.querySelectorAll('.first, .first .board, .first .todo')"
    script = f"[...{parts}].map(e => e.getBoundingClientRect().bottom)"
    bottoms = opened(reader, site, language, 1280, 720, script)
    assert len(bottoms) == 3
    assert max(bottoms) <= 720
    rows = opened(reader, site, language, 1280, 720, "document.querySelectorAll('.first .board td.now').length")
    assert 8 <= rows <= 12


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_is_wider_than_a_telephone(reader: Browser, site: Path, language: str) -> None:
    assert opened(reader, site, language, 390, 844, "document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", LOCALES)
def test_the_first_screen_is_the_first_page_of_a4(reader: Browser, site: Path, language: str) -> None:
    opened(reader, site, language, 1280, 720, "1")
    rest = "document.querySelectorAll('main > :not(.first), footer')"
    reader.run(f"{rest}.forEach(e => e.remove())")
    printed = base64.b64decode(reader.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
