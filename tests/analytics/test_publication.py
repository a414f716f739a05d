"""Publication: a week appears whole, is refused whole, and what a person holds for wrong stays said."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from analytics.as_known import publish_as_known
from analytics.command.week import bring_up_to_date
from analytics.map import DATA, remembered
from analytics.publication import (
    PAGES,
    Draft,
    draft_week,
    is_published,
    publish_draft,
    publish_week,
    published,
    read_draft,
    standing_note,
)
from analytics.report import shelf
from analytics.report.check import ReportRefusedError
from analytics.report.shelf import put, taken
from analytics.report.site import NUMBERS
from analytics.week import parse_week
from producers.errors import UsageError
from producers.event import PlaceOpened, WorkshopHeld, encode
from producers.log import Entry
from producers.log.opening import open_log
from producers.settings import Settings
from tests.story import tell
from warehouse.intake import take_in

pytestmark = pytest.mark.integration
WEEK, OTHER = parse_week("2026-W37"), parse_week("2026-W38")
REMARK = "Les <b>présences</b> de mardi & jeudi"
TWO, THREE = {"fr/index.html": "two", "report.json": "two"}, {"fr/index.html": "three", "report.json": "three"}


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which two weeks are computed."""
    here = Settings(home=tmp_path_factory.mktemp("computed"))
    events = [tell(PlaceOpened(name="Lab"), "lab", "2026-09-07")]
    for number, day in enumerate(("2026-09-08", "2026-09-15")):
        events.append(tell(WorkshopHeld(place="lab", skills=["laser"], head_count=9), f"w{number}", day))
    log = open_log(here.log_url)
    log.append([Entry("lab", encode(event)) for event in events])
    log.close()
    take_in(here)
    bring_up_to_date(here, (OTHER + 1).since)
    return here.home


@pytest.fixture
def settings(computed: Path, tmp_path: Path) -> Settings:
    """Give the settings of a copy of that home."""
    return Settings(home=shutil.copytree(computed, tmp_path / "home"))


def test_a_draft_is_read_by_nobody_and_published_as_it_was_approved(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    assert not is_published(settings, WEEK)
    assert not settings.site.exists()
    assert read_draft(settings, WEEK).digest == draft.digest
    written = publish_draft(settings, read_draft(settings, WEEK))
    assert written.summary == {"week": "2026-W37", "changed": True, "pages": 3}
    assert is_published(settings, WEEK)
    assert taken(settings.site / "2026/S37") == draft.files


def test_publishing_the_same_again_changes_nothing(settings: Settings) -> None:
    assert publish_week(settings, WEEK, PAGES).changed
    before = taken(settings.site)
    assert not publish_week(settings, WEEK, PAGES).changed
    assert taken(settings.site) == before


def test_a_week_without_a_draft_is_refused_by_name(settings: Settings) -> None:
    with pytest.raises(UsageError, match="2026-W38 has no draft"):
        read_draft(settings, OTHER)


def test_what_is_not_fit_to_be_read_leaves_the_site_as_it_was(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    publish_draft(settings, draft)
    before = taken(settings.site)
    worse = Draft(WEEK, {**draft.files, "fr/index.html": "<p>no language</p>"})
    with pytest.raises(ReportRefusedError, match="does not say its language"):
        publish_draft(settings, worse)
    with pytest.raises(ReportRefusedError, match="e-mail address"):
        publish_draft(settings, draft, to_correct="ask ada" + "@" + "lab.example")
    assert taken(settings.site) == before


@pytest.mark.parametrize(
    ("language", "says"), [("fr", "À corriger\u00a0:"), ("en", "To be corrected:"), ("de", "Zu berichtigen:")]
)
def test_a_remark_stands_escaped_at_the_top_and_in_the_numbers(settings: Settings, language: str, says: str) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    page = (publish_draft(settings, draft, to_correct=f"  {REMARK}\n").pages[PAGES.index(language)]).read_text()
    top = page[page.index("<h1>") : page.index("<main")]
    assert says in top
    assert "Les &lt;b&gt;présences&lt;/b&gt; de mardi &amp; jeudi" in top
    assert "<b>présences" not in page
    assert standing_note(settings, WEEK) == REMARK
    there = published(settings, WEEK)
    assert there is not None
    assert there.content.to_correct == REMARK


def test_a_page_that_nobody_holds_for_wrong_is_the_same_as_before(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    assert "to_correct" not in draft.files[NUMBERS]
    assert draft.noted(None).files == draft.files
    assert Draft(WEEK, draft.noted("x").files).noted("y").files == draft.noted("y").files


def test_a_remark_stays_until_a_person_says_that_it_is_settled(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    publish_draft(settings, draft, to_correct="")
    assert standing_note(settings, WEEK) == ""
    assert not publish_week(settings, WEEK, PAGES).changed
    assert publish_draft(settings, read_draft(settings, WEEK)).changed
    assert standing_note(settings, WEEK) is None
    assert taken(settings.site / "2026/S37") == draft.files


def test_a_report_in_one_language_keeps_the_others_that_stand(settings: Settings) -> None:
    alone = publish_week(settings, WEEK, ["en"])
    assert [page.parent.name for page in alone.pages] == ["en"]
    assert "../fr/" not in alone.pages[0].read_text()
    both = publish_week(settings, WEEK, ["fr"])
    assert [page.parent.name for page in both.pages] == ["fr", "en"]


def test_what_was_known_then_outlives_a_correction(settings: Settings) -> None:
    publish_week(settings, WEEK, PAGES)
    known = publish_as_known(settings, WEEK, PAGES, OTHER.until + timedelta(days=365))
    before = [page.read_bytes() for page in known.pages]
    publish_draft(settings, read_draft(settings, WEEK), to_correct=REMARK)
    assert [page.read_bytes() for page in known.pages] == before


def test_every_report_has_its_map_and_its_pages_lead_to_it(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    assert {f"{language}/map.html" for language in PAGES} | {DATA} <= set(draft.files)
    for language in PAGES:
        assert '<a href="map.html">' in draft.files[f"{language}/index.html"]
        assert '<a href="metrics.html">' in draft.files[f"{language}/map.html"]
    known = publish_as_known(settings, WEEK, PAGES, OTHER.until + timedelta(days=365))
    assert {f"{language}/map.html" for language in PAGES} <= set(taken(known.pages[0].parent.parent))


def test_a_report_that_is_to_be_corrected_keeps_its_map(settings: Settings) -> None:
    draft = draft_week(settings, WEEK, PAGES)
    noted = draft.noted(REMARK)
    assert noted.files.keys() == draft.files.keys()
    assert {name for name in draft.files if draft.files[name] != noted.files[name]} == {
        NUMBERS,
        *(f"{language}/index.html" for language in PAGES),
    }


def test_a_map_that_was_replaced_says_so(settings: Settings) -> None:
    publish_week(settings, WEEK, PAGES)
    publish_draft(settings, read_draft(settings, WEEK), to_correct=REMARK)
    (old,) = (settings.site / "2026/S37/revisions").glob("*/en/map.html")
    top = old.read_text(encoding="utf-8").partition("<main")[0]
    assert 'href="../../../en/index.html"' in top


def test_a_map_stays_where_it_stood_and_the_next_one_goes_on_from_it(settings: Settings) -> None:
    first = draft_week(settings, WEEK, PAGES)
    publish_draft(settings, first)
    again = draft_week(settings, WEEK, PAGES)
    assert again.files[DATA] == first.files[DATA]
    following = draft_week(settings, OTHER, PAGES)
    stood, stands = (remembered([str(each.files[DATA])]) for each in (first, following))
    assert stands.positions[WEEK.monday] == stood.positions[WEEK.monday]


def test_the_index_lists_both_weeks_whoever_published_last(settings: Settings) -> None:
    drafts = [draft_week(settings, each, PAGES) for each in (WEEK, OTHER)]
    with ThreadPoolExecutor() as pool:
        assert [written.changed for written in pool.map(partial(publish_draft, settings), drafts)] == [True, True]
    index = (settings.site / "index.html").read_text()
    assert index.index("Semaine 38") < index.index("2026/S37/fr/index.html")


def test_a_reader_finds_all_of_before_or_all_of_now(tmp_path: Path) -> None:
    folder, done = tmp_path / "S37", threading.Event()
    put(TWO, folder)
    seen: set[str] = set()

    def look() -> None:
        while not done.is_set():
            seen.add((folder / "report.json").read_text())
            seen.add((folder / "fr/index.html").read_text())
            seen.add(",".join(sorted(path.name for path in tmp_path.glob("S*"))))

    with ThreadPoolExecutor() as pool:
        reader = pool.submit(look)
        for turn in range(300):
            put((THREE, TWO)[turn % 2], folder)
        done.set()
        reader.result()
    assert seen == {"two", "three", "S37"}


def test_a_crash_before_the_exchange_leaves_the_old_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "S37"
    put(TWO, folder)

    def crash(*_: Path) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shelf, "_exchanged", crash)
        with pytest.raises(KeyboardInterrupt):
            put(THREE, folder)
    assert taken(folder) == TWO
    assert put(THREE, folder)
    assert taken(folder) == THREE
    assert [path.name for path in tmp_path.iterdir()] == ["S37"]


def test_where_folders_cannot_be_exchanged_a_crash_is_mended_by_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "S37"
    monkeypatch.setattr(shelf, "_exchanged", lambda *_: False)
    put(TWO, folder)
    (folder / "as-of").mkdir()
    (folder / "as-of/then").write_text("kept")
    assert put(THREE, folder)
    folder.rename(tmp_path / ".S37.old")  # as when it died between the two renames
    assert not put(THREE, folder)
    assert (folder / "as-of/then").read_text() == "kept"
    assert [path.name for path in tmp_path.iterdir()] == ["S37"]


def test_this_system_exchanges_folders_in_one_step(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "here").write_text(name)
    if not shelf._exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this file system cannot exchange two folders")
    assert (tmp_path / "one/here").read_text() == "other"


def test_the_week_of_a_draft_is_the_last_one_computed_by_default(settings: Settings) -> None:
    assert draft_week(settings, None, PAGES).week == OTHER
