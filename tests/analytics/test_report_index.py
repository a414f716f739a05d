"""The index and the address of the last report: what stands in the site, and nothing else."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from analytics.report import Content
from analytics.report.check import complaints
from analytics.report.index import entries, write_index
from analytics.report.shelf import taken
from tests.analytics.report_region import region, report, write_report

pytestmark = pytest.mark.integration
WEEKS = [date(2025, 12, 29), date(2026, 8, 10), date(2026, 11, 9)]
REMARK = "<b>Mardi</b> est compté deux fois"


@pytest.fixture(scope="module")
def contents() -> list[Content]:
    network = region()
    return [report(network, week=week) for week in WEEKS]


@pytest.fixture(scope="module")
def written(contents: list[Content], tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    for content in contents:
        write_report(content, site)
    write_index(site)
    return site


@pytest.fixture
def site(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "site")


def index(site: Path, language: str = "fr") -> str:
    return (site / ("" if language == "fr" else language) / "index.html").read_text(encoding="utf-8")


def hold_for_wrong(content: Content, site: Path, remark: str) -> None:
    write_report(msgspec.structs.replace(content, to_correct=remark), site)
    write_index(site)


def test_weeks_stand_newest_first_by_iso_year(site: Path) -> None:
    assert [str(entry.week) for entry in entries(site)] == ["2026-W46", "2026-W33", "2026-W01"]
    numbers = re.findall(r'<th scope="row">Semaine (\d+) <small>(.*?)</small>', index(site))
    assert numbers[0] == ("46", "9–15 novembre 2026")
    assert numbers[-1] == ("1", "29 décembre 2025 – 4 janvier 2026")


def test_every_link_of_the_whole_site_leads_somewhere(site: Path) -> None:
    assert [each for each in complaints(taken(site)) if "report.json" not in each.page] == []


def test_the_same_weeks_give_the_same_bytes(site: Path) -> None:
    before = taken(site)
    write_index(site)
    assert taken(site) == before


def test_the_last_week_is_reached_by_an_address_that_stays(site: Path) -> None:
    french = (site / "latest/index.html").read_text(encoding="utf-8")
    english = (site / "latest/en/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../2026/S46/fr/index.html"' in french
    assert 'content="0; url=../../2026/S46/en/index.html"' in english


def test_a_week_of_closure_and_one_that_runs_are_told_from_the_others(site: Path) -> None:
    write_report(report(region(), week=date(2026, 11, 16), present=datetime(2026, 11, 19, tzinfo=UTC)), site)
    assert [entry.state for entry in entries(site)] == ["running", "published", "closed", "closed"]


@pytest.mark.parametrize(
    ("language", "says"), [("fr", "à corriger"), ("en", "to be corrected"), ("de", "zu berichtigen")]
)
def test_a_week_that_is_held_for_wrong_is_said_to_be_with_its_remark_escaped(
    site: Path, contents: list[Content], language: str, says: str
) -> None:
    hold_for_wrong(contents[-1], site, REMARK)
    own = "" if language == "fr" else f"{language}/"
    for page in (index(site, language), (site / f"latest/{own}index.html").read_text(encoding="utf-8")):
        assert says in page
        assert "&lt;b&gt;Mardi&lt;/b&gt;" in page
        assert "<b>Mardi" not in page
    hold_for_wrong(contents[-1], site, "")
    assert says in index(site, language)


def test_a_week_in_one_language_is_linked_in_that_one(contents: list[Content], tmp_path: Path) -> None:
    write_report(contents[-1], tmp_path, languages=("en",))
    write_index(tmp_path)
    assert "2026/S46/fr" not in index(tmp_path)
    assert "../2026/S46/en/index.html" in (tmp_path / "latest/index.html").read_text(encoding="utf-8")


def test_a_site_without_a_week_says_so_and_leads_nowhere(tmp_path: Path) -> None:
    write_index(tmp_path)
    assert "Aucun rapport n’est encore publié." in index(tmp_path)
    assert not (tmp_path / "latest").exists()


def test_folders_that_are_in_the_making_are_no_weeks(site: Path) -> None:
    (site / "2026/S46").rename(site / "2026/.S46.new")
    (site / "2026/S45/as-of").mkdir(parents=True)
    assert [str(entry.week) for entry in entries(site)] == ["2026-W33", "2026-W01"]
