"""The feed and the revisions: what is told to who follows the reports, and what stood there before."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from analytics.disclosure import Cell
from analytics.publication import Draft, publish_draft
from analytics.report import Content
from analytics.report.check import complaints
from analytics.report.content import Indicator
from analytics.report.index import entries, write_index
from analytics.report.revision import figures, revisions
from analytics.report.shelf import taken
from analytics.report.site import as_json, folder, render
from analytics.report.words import LOCALES
from analytics.week import Week
from producers.settings import Settings
from tests.analytics.report_region import PRESENT, region, report

pytestmark = pytest.mark.integration
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = datetime(2026, 11, 24, 8, 0, 0, 500, tzinfo=UTC)
WEEKS = [date(2026, 11, 9), date(2026, 11, 2)]


@pytest.fixture(scope="module")
def contents() -> list[Content]:
    network = region()
    return [report(network, week=week) for week in WEEKS]


@pytest.fixture
def home(contents: list[Content], tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    for content in contents:
        publish(settings, content, PRESENT)
    return settings


def publish(settings: Settings, content: Content, present: datetime) -> None:
    publish_draft(settings, Draft(Week(content.period.monday), render(content)), present=present)


def corrected(content: Content) -> Content:
    """Return the report with two more workshops, and one place with one member more."""
    changed = [_more(row) if row.name == "workshops" else row for row in content.indicators]
    first = content.places.rows[0]
    place = msgspec.structs.replace(first, members=Cell((first.members.value or 0) + 1, "shown"))
    places = msgspec.structs.replace(content.places, rows=[place, *content.places.rows[1:]])
    return msgspec.structs.replace(content, indicators=changed, places=places)


def _more(row: Indicator) -> Indicator:
    return msgspec.structs.replace(row, value=Cell((row.value.value or 0) + 2, "shown"))


def parsed(settings: Settings, language: str = "fr") -> ET.Element:
    own = "" if language == "fr" else f"{language}/"
    return ET.fromstring((settings.site / f"{own}feed.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own


def ids(settings: Settings, language: str = "fr") -> list[str]:
    return [each.findtext(f"{ATOM}id", "") for each in parsed(settings, language).iter(f"{ATOM}entry")]


@pytest.mark.parametrize("language", LOCALES)
def test_a_feed_has_all_that_the_norm_asks_for(home: Settings, language: str) -> None:
    made = parsed(home, language)
    assert made.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
    for part in (made, *made.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", part.findtext(f"{ATOM}id", ""))
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated", "")).tzinfo is not None
    assert made.findtext(f"{ATOM}author/{ATOM}name") == "Maillage"
    assert len(set(ids(home, language))) == len(WEEKS)


def test_every_link_of_a_feed_leads_to_a_page(home: Settings) -> None:
    for language in LOCALES:
        own = home.site if language == "fr" else home.site / language
        for link in parsed(home, language).iter(f"{ATOM}link"):
            assert (own / link.attrib["href"]).is_file()


def test_weeks_keep_their_ids_when_they_are_corrected_and_languages_have_their_own(
    home: Settings, contents: list[Content]
) -> None:
    before = ids(home)
    publish(home, corrected(contents[0]), LATER)
    assert ids(home) == before
    assert not set(before) & set(ids(home, "en"))


def test_the_newest_stands_first_and_its_main_points_are_told(home: Settings, contents: list[Content]) -> None:
    first = next(parsed(home).iter(f"{ATOM}entry"))
    assert first.findtext(f"{ATOM}title") == "Semaine 46 (9–15 novembre 2026)"
    assert first.findtext(f"{ATOM}updated") == "2026-11-16T05:00:00Z"
    assert len((first.findtext(f"{ATOM}summary") or "").splitlines()) == len(contents[0].points)


def test_a_week_that_still_runs_is_not_told_of(home: Settings) -> None:
    before = ids(home)
    running = report(region(), week=date(2026, 11, 16), present=datetime(2026, 11, 19, tzinfo=UTC))
    publish(home, running, LATER)
    assert ids(home) == before


def test_a_site_without_a_week_has_a_feed_that_says_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    write_index(settings.site)
    assert ids(settings) == []


def test_a_correction_is_dated_says_what_changed_and_keeps_what_stood_there(
    home: Settings, contents: list[Content]
) -> None:
    week = folder(home.site, WEEKS[0])
    before = taken(week)
    publish(home, corrected(contents[0]), LATER)
    (revision,) = revisions(week)
    assert (revision.at, revision.changed) == (LATER.replace(microsecond=0), 2)
    assert [change.indicator for change in revision.indicators] == ["workshops"]
    old = taken(week / "revisions" / "2026-11-24T080000Z")
    assert old.keys() == before.keys()
    assert old["report.json"] == before["report.json"]
    page = (week / "revisions/fr/index.html").read_text(encoding="utf-8")
    assert "Ateliers tenus\u00a0: 7, maintenant 9" in page
    assert "Lieux et liens\u00a0: 1 chiffre a changé" in page
    assert "24 novembre 2026" in page
    now = (week / "fr/index.html").read_text(encoding="utf-8").partition("</header>")[0]
    assert "Ateliers tenus\u00a0: 7, maintenant 9" in now
    assert "2 chiffres ont changé" in now
    standing = taken(home.site)
    publish(home, corrected(contents[0]), LATER + timedelta(days=1))
    assert taken(home.site) == standing  # a corrected week that is built again says the same


def test_an_old_version_says_that_it_was_replaced_and_leads_to_the_one_in_force(
    home: Settings, contents: list[Content]
) -> None:
    publish(home, corrected(contents[0]), LATER)
    week = folder(home.site, WEEKS[0])
    for language, says in (("fr", "a été remplacée le"), ("en", "was replaced on"), ("de", "ersetzt")):
        old = (week / "revisions/2026-11-24T080000Z" / language / "index.html").read_text(encoding="utf-8")
        assert says in old
        assert f'href="../../../{language}/index.html"' in old
        assert says not in (week / language / "index.html").read_text(encoding="utf-8")


def test_index_and_feed_tell_of_a_correction(home: Settings, contents: list[Content]) -> None:
    publish(home, corrected(contents[0]), LATER)
    index = (home.site / "index.html").read_text(encoding="utf-8")
    assert "corrigé le 24 novembre 2026, 09:00\u00a0: 2 chiffres" in index
    first = next(parsed(home).iter(f"{ATOM}entry"))
    assert first.findtext(f"{ATOM}updated") == "2026-11-24T08:00:00Z"
    assert (first.findtext(f"{ATOM}summary") or "").startswith("Corrigé le 24 novembre 2026")


def test_every_link_of_a_corrected_site_leads_somewhere(home: Settings, contents: list[Content]) -> None:
    publish(home, corrected(contents[0]), LATER)
    assert [each for each in complaints(taken(home.site)) if "report.json" not in each.page] == []


def test_publishing_the_same_again_is_no_correction(home: Settings, contents: list[Content]) -> None:
    before = {path: path.read_bytes() for path in home.site.rglob("*") if path.is_file()}
    publish(home, contents[0], LATER)
    assert {path: path.read_bytes() for path in home.site.rglob("*") if path.is_file()} == before


def test_a_second_correction_leaves_the_first_one_as_it_was(home: Settings, contents: list[Content]) -> None:
    publish(home, corrected(contents[0]), LATER)
    week = folder(home.site, WEEKS[0])
    first = taken(week / "revisions/2026-11-24T080000Z")
    publish(home, contents[0], LATER + timedelta(days=1))
    assert [each.folder for each in revisions(week)] == ["2026-11-24T080000Z", "2026-11-25T080000Z"]
    assert taken(week / "revisions/2026-11-24T080000Z") == first
    assert entries(home.site)[0].revised == revisions(week)[-1]


def test_a_page_that_is_only_laid_out_anew_says_that_no_figure_changed(home: Settings, contents: list[Content]) -> None:
    files = render(contents[0])
    other = {**files, "fr/index.html": str(files["fr/index.html"]).replace("</h1>", " </h1>")}
    publish_draft(home, Draft(Week(WEEKS[0]), other), present=LATER)
    assert revisions(folder(home.site, WEEKS[0]))[0].changed == 0
    assert "remis en page le 24 novembre" in (home.site / "index.html").read_text(encoding="utf-8")


def test_what_follows_a_week_that_was_still_running_corrects_nothing(tmp_path: Path) -> None:
    settings, week = Settings(home=tmp_path), date(2026, 11, 9)
    publish(settings, report(region(), week=week, present=datetime(2026, 11, 12, tzinfo=UTC)), PRESENT)
    publish(settings, report(region(), week=week), LATER)
    assert revisions(folder(settings.site, week)) == []


def test_figures_are_found_by_the_names_of_their_rows_wherever_they_stand(contents: list[Content]) -> None:
    there = msgspec.json.decode(as_json(contents[0]))
    turned = {**there, "indicators": there["indicators"][::-1]}
    assert figures(turned) == figures(there)
