"""The whole site: every computed week, only what is stale is built, and the same snapshot gives the same bytes."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from analytics import site_build
from analytics.command.site import site_command
from analytics.command.week import bring_up_to_date
from analytics.map import DATA, remembered
from analytics.publication import PAGES
from analytics.report.index import entries
from analytics.report.revision import revisions
from analytics.report.site import folder
from analytics.site_build import Built, publish_all
from analytics.week import parse_week
from producers.event import PlaceOpened, WorkshopHeld, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.story import tell
from warehouse.intake import take_in

pytestmark = pytest.mark.integration
WEEK, OTHER = parse_week("2026-W37"), parse_week("2026-W38")
PRESENT = datetime(2026, 9, 22, tzinfo=UTC)


def held(here: Settings, *workshops: tuple[str, str]) -> None:
    """Have it told that workshops were held, each with its name and day, and compute."""
    log = open_log(here.log_url)
    events = [tell(WorkshopHeld(place="lab", skills=["laser"], head_count=9), name, day) for name, day in workshops]
    log.append([Entry("lab", encode(event)) for event in events])
    log.close()
    take_in(here)
    bring_up_to_date(here, (OTHER + 1).since)


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which two weeks are computed."""
    here = Settings(home=tmp_path_factory.mktemp("computed"))
    log = open_log(here.log_url)
    log.append([Entry("lab", encode(tell(PlaceOpened(name="Lab"), "lab", "2026-09-07")))])
    log.close()
    held(here, ("w0", "2026-09-08"), ("w1", "2026-09-15"))
    return here.home


@pytest.fixture
def settings(computed: Path, tmp_path: Path) -> Settings:
    """Give the settings of a copy of that home."""
    return Settings(home=shutil.copytree(computed, tmp_path / "home"))


def files(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


def test_every_computed_week_is_built_and_led_to(settings: Settings) -> None:
    assert publish_all(settings, PAGES, present=PRESENT) == Built(weeks=2, stale=2, changed=2)
    assert [entry.week for entry in entries(settings.site)] == [OTHER, WEEK]
    assert "2026/S38" in (settings.site / "latest/index.html").read_text(encoding="utf-8")


def test_nothing_is_built_again_that_is_not_stale(settings: Settings) -> None:
    publish_all(settings, PAGES, present=PRESENT)
    before = files(settings.site)
    assert publish_all(settings, PAGES, present=PRESENT) == Built(weeks=2, stale=0, changed=0)
    assert files(settings.site) == before


def test_the_same_snapshot_gives_the_same_bytes_in_another_place(settings: Settings, tmp_path: Path) -> None:
    other = Settings(home=shutil.copytree(settings.home, tmp_path / "other"))
    publish_all(settings, PAGES, present=PRESENT)
    publish_all(other, PAGES, present=datetime(2026, 10, 1, tzinfo=UTC))
    assert files(other.site) == files(settings.site)


@pytest.mark.process
def test_the_maps_of_all_weeks_are_drawn_as_one(settings: Settings) -> None:
    publish_all(settings, ("fr",), present=PRESENT)
    maps = [(folder(settings.site, week.monday) / DATA).read_text(encoding="utf-8") for week in (WEEK, OTHER)]
    first, second = (remembered([text]).positions for text in maps)
    assert first.keys() == {WEEK.monday}
    assert second[WEEK.monday] == first[WEEK.monday] != {}


def test_processes_of_their_own_give_the_same_bytes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Settings(home=shutil.copytree(settings.home, tmp_path / "other"))
    publish_all(settings, ("fr",), present=PRESENT)
    monkeypatch.setattr(site_build, "MANY", 1)
    publish_all(other, ("fr",), present=PRESENT)
    assert files(other.site) == files(settings.site)


def test_a_late_event_has_its_week_and_those_that_show_it_built_again_as_corrections(settings: Settings) -> None:
    publish_all(settings, ("fr",), present=PRESENT)
    held(settings, ("late", "2026-09-15"))
    assert publish_all(settings, ("fr",), present=PRESENT).stale == 1
    assert revisions(folder(settings.site, WEEK.monday)) == []
    (revision,) = revisions(folder(settings.site, OTHER.monday))
    assert revision.at == PRESENT
    assert revision.changed > 0


def test_a_week_that_was_taken_away_is_built_again(settings: Settings) -> None:
    publish_all(settings, ("fr",), present=PRESENT)
    shutil.rmtree(folder(settings.site, WEEK.monday))
    assert publish_all(settings, ("fr",), present=PRESENT) == Built(weeks=2, stale=1, changed=1)


def test_another_threshold_makes_every_week_stale(settings: Settings) -> None:
    publish_all(settings, ("fr",), present=PRESENT)
    stricter = Settings(home=settings.home, threshold_persons=8)
    assert publish_all(stricter, ("fr",), present=PRESENT).stale == 2


def test_the_command_says_how_much_there_was_to_do(settings: Settings) -> None:
    told = [CliRunner().invoke(site_command, [], obj=settings).output for _ in range(2)]
    assert told == ["2 weeks: 2 built, 2 changed\n", "2 weeks: 0 built, 0 changed\n"]
