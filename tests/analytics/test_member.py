"""A member's page: all that is held about her and nobody else, with figures that follow from what is listed."""

from __future__ import annotations

import json
import re
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner
from markupsafe import escape

from analytics.command.member import erase_command, me_command
from analytics.command.week import demo_command
from analytics.member.build import page_of
from analytics.member.check import OWN, differences, from_own_ties
from analytics.member.content import Page
from analytics.member.page import html
from analytics.member.view import cards, kinds, objection
from analytics.member.words import LOCALES, Words, texts
from analytics.metrics import LAYERS, METRICS
from analytics.publication import publish_week
from producers.errors import InputError, UsageError
from producers.event import PAYLOADS, decode, encode
from producers.identity import pseudonym, read_key
from producers.settings import Settings
from tests.browser import browser
from tests.warehouse.life import whole_story
from tests.warehouse.test_erasure import HER, take
from warehouse.connection import read
from warehouse.held import held
from warehouse.retention import retire

pytestmark = pytest.mark.integration
PRESENT = datetime(2026, 11, 24, 3, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'&amp;<img src=x onerror=alert(1)> {{ 7 * 7 }} javascript:alert(1)"
_anybody = re.compile(r"m_[0-9a-f]{24}").findall


@dataclass(frozen=True)
class Region:
    """A region that is computed and published, and its busiest member."""

    settings: Settings
    member: str


@pytest.fixture(scope="module")
def region(computed_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Region:
    settings = Settings(home=shutil.copytree(computed_region.home, tmp_path_factory.mktemp("region") / "home"))
    publish_week(settings, None, ("fr",))
    with read(settings.warehouse) as connection:
        ((member,),) = connection.execute(
            "SELECT member FROM appearance GROUP BY member ORDER BY count(*) DESC, member LIMIT 1"
        ).fetchall()
    return Region(settings, member)


@pytest.fixture(scope="module")
def page(region: Region) -> Page:
    return made(region.settings, region.member)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def made(settings: Settings, member: str) -> Page:
    return page_of(held(settings.warehouse, member, present=PRESENT), site=settings.site, present=PRESENT)


def called(settings: Settings, command: click.Command, *arguments: str) -> str:
    """Return what the command says; its error is raised."""
    result = CliRunner().invoke(command, arguments, obj=settings, catch_exceptions=False)
    if result.exit_code:
        raise AssertionError(result.output)
    return result.stdout


class Structure(HTMLParser):
    """The tags of a page with the names of their attributes, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.leads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.leads += [value or "" for name, value in attrs if name in {"href", "src", "srcset", "data", "action"}]


def test_every_figure_of_every_member_level_metric_follows_from_the_listed_inputs(region: Region, page: Page) -> None:
    weeks = {figure.week for figure in page.figures}
    assert len(weeks) > 10
    assert {figure.metric for figure in page.figures} == {
        name for name, metric in METRICS.items() if metric.subject_kind == "member"
    }
    assert {figure.layer for figure in page.figures} == {"copresence", "teaching", "help"}
    assert not any(figure.stale for figure in page.figures)
    assert differences(page, region.settings.warehouse, weeks=weeks) == []


def test_her_own_ties_give_her_contacts_and_their_strength_by_themselves(page: Page) -> None:
    listed = {(each.metric, each.week, each.layer): each.value for each in page.figures}
    checked = 0
    for inputs in page.inputs:
        for metric, value in from_own_ties(inputs).items():
            assert value == pytest.approx(listed[metric, inputs.week, inputs.layer], abs=1e-9)
            checked += metric in OWN
    assert checked > 20


def test_a_figure_that_does_not_follow_is_told(region: Region, page: Page) -> None:
    (first, *rest) = page.figures
    wrong = msgspec.structs.replace(first, value=(first.value or 0.0) + 0.5)
    changed = msgspec.structs.replace(page, figures=[wrong, *rest])
    (found,) = differences(changed, region.settings.warehouse, weeks={first.week})
    assert found.figure == wrong


def test_other_ties_than_those_listed_prove_nothing(region: Region, page: Page) -> None:
    week = page.inputs[0].week
    inputs = [msgspec.structs.replace(each, digest="0" * 64) for each in page.inputs]
    changed = msgspec.structs.replace(page, inputs=inputs)
    assert len(differences(changed, region.settings.warehouse, weeks={week})) == len(
        [figure for figure in page.figures if figure.week == week]
    )


def test_every_event_that_names_her_is_listed(region: Region, page: Page) -> None:
    with read(region.settings.warehouse) as connection:
        rows = connection.execute(
            "SELECT id FROM events WHERE contains(subject || data, $member)", {"member": region.member}
        ).fetchall()
    listed = {each.id for each in page.events}
    assert {row[0] for row in rows} <= listed
    extra = [each for each in page.events if each.id not in {row[0] for row in rows}]
    assert {each.kind for each in extra} <= {"help.answered", "help.closed", "event.retracted"}
    assert {"workshop.held", "help.requested", "help.answered"} <= {each.kind for each in page.events}


def test_nobody_else_can_be_read_out_of_it(page: Page) -> None:
    assert {*_anybody(msgspec.json.encode(page).decode())} == {*page.members}
    for language in LOCALES:
        assert {*_anybody(html(page, language, threshold=5))} == {*page.members}


def test_a_workshop_tells_how_many_others_were_there_and_what_she_did(page: Page) -> None:
    workshop = next(each for each in page.events if each.kind == "workshop.held" and each.data["others"])
    assert [each["member"] for each in workshop.data["attendees"]] == page.members[:1]


def test_events_are_listed_until_retention_takes_them(settings: Settings, tmp_path: Path) -> None:
    take(settings, whole_story())
    page = made(settings, HER)
    ends = sorted({each.kept_until for each in page.events if each.kept_until})
    assert len(ends) > 3
    for number, end in enumerate((ends[0], ends[len(ends) // 2], ends[-1])):
        for moved, stays in ((timedelta(seconds=-1), True), (timedelta(seconds=1), False)):
            copy = Settings(home=tmp_path / f"{number}{stays}")
            copy.home.mkdir()
            shutil.copyfile(settings.warehouse, copy.warehouse)
            retire(copy, present=end + moved)
            # What takes back an event that has gone is no longer about anybody.
            left = {each.id for each in made(copy, HER).events if each.kind != "event.retracted"}
            assert left == {
                each.id
                for each in page.events
                if each.kind != "event.retracted" and (not each.kept_until or each.kept_until > end + moved)
            }


def test_what_was_published_tells_whether_it_names_and_counts_her(region: Region, page: Page, tmp_path: Path) -> None:
    (report,) = page.published
    assert (report.week, report.address, report.named) == ("2026-W46", "2026/S46", False)
    site = tmp_path / "site"
    shutil.copytree(region.settings.site, site)
    (site / "2026" / "S46" / "fr" / "index.html").write_text(region.member)
    (named,) = page_of(
        held(region.settings.warehouse, region.member, present=PRESENT), site=site, present=PRESENT
    ).published
    assert named.named


def test_every_look_is_written_down_before_anything_is_shown(settings: Settings) -> None:
    take(settings, whole_story())
    called(settings, me_command, HER, "--lang", "fr", "--why", "she asked")
    shown = json.loads(called(settings, me_command, HER, "--json"))
    assert [(each["what"], each["why"]) for each in shown["looks"]] == [
        ("maillage me", ""),
        ("maillage me", "she asked"),
    ]
    with pytest.raises(UsageError, match="nothing is held"):
        called(settings, me_command, f"m_{99:024x}")
    with read(settings.warehouse) as connection:
        assert connection.execute("SELECT count(*) FROM look").fetchall() == [(2,)]


def test_her_page_is_for_nobody_else_to_read_and_goes(settings: Settings) -> None:
    take(settings, whole_story())
    path = Path(called(settings, me_command, HER, "--lang", "de").strip())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert '<html lang="de">' in path.read_text()
    assert retire(settings, present=datetime.now(UTC) + timedelta(days=31))["pages of members"] == 1
    assert not path.exists()


def test_she_may_be_named_by_what_her_source_calls_her(settings: Settings) -> None:
    member = pseudonym(read_key(settings.home), "urn:forum#17")
    take(settings, [decode(encode(each).replace(HER.encode(), member.encode())) for each in whole_story()])
    assert json.loads(called(settings, me_command, "urn:forum#17", "--json"))["members"] == [member]
    with pytest.raises(UsageError, match="no member's id"):
        called(settings, me_command, "Martin")


def test_check_computes_the_last_figures_again(region: Region) -> None:
    said = called(region.settings, me_command, region.member, "--check")
    assert re.match(r"\d+ figures computed again from the listed inputs, and all are the same", said)
    assert int(said.split()[0]) == 42


def test_check_proves_nothing_where_no_figure_stands(settings: Settings) -> None:
    take(settings, whole_story())
    assert "no figure" in called(settings, me_command, HER, "--check")


@pytest.mark.slow
def test_erasing_takes_her_page_and_publishes_a_page_that_named_her_again(region: Region, tmp_path: Path) -> None:
    shutil.copytree(region.settings.home, tmp_path / "home")
    settings = Settings(home=tmp_path / "home")
    hers = Path(called(settings, me_command, region.member).strip())
    published = settings.site / "2026" / "S46" / "fr" / "index.html"
    published.write_text(published.read_text() + region.member)
    said = called(settings, erase_command, region.member)
    assert not hers.exists()
    assert published.exists()
    assert region.member not in published.read_text()
    (certificate,) = (settings.home / "erasures").glob("*.json")
    assert str(certificate) in said
    (receipt,) = re.findall(r"\b[0-9a-f]{32}\b", said.replace(certificate.stem, ""))
    about = called(settings, erase_command, region.member, "--verify", str(certificate), "--receipt", receipt)
    assert "verifies, and is about this member" in about
    with pytest.raises(InputError, match="about somebody else"):
        called(settings, erase_command, f"m_{1:024x}", "--verify", str(certificate), "--receipt", receipt)
    with pytest.raises(UsageError, match="nothing is held"):
        called(settings, me_command, region.member)
    assert "erased before" in called(settings, erase_command, region.member)


def test_hostile_texts_change_nothing_but_texts(page: Page) -> None:
    few = msgspec.structs.replace(
        page, events=page.events[:40], figures=page.figures[:84], inputs=page.inputs[:6], skills=page.skills[:9]
    )
    hostile = msgspec.convert(_poisoned(msgspec.to_builtins(few)), Page)
    mild = msgspec.convert(_poisoned(msgspec.to_builtins(few), "mild"), Page)
    for language in LOCALES:
        text = html(hostile, language, threshold=5)
        assert "<script" not in text
        assert "onerror" not in {name for _, names in Structure(text).tags for name in names}
        assert Structure(text).tags == Structure(html(mild, language, threshold=5)).tags
        assert "&lt;script&gt;" in text
        assert "{{ 7 * 7 }}" in text


def _poisoned(value: Any, text: str = HOSTILE, name: str = "") -> Any:  # noqa: ANN401  any JSON
    """Return the page with every text that comes from outside replaced; pseudonyms, times and digests stay."""
    if isinstance(value, dict):
        return {key: _poisoned(each, text, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, text, name) for each in value]
    outside = {"title", "subject", "skill", "place", "who", "what", "why", "source", "source_title", "id", "rung"}
    outside |= {"purpose", "public", "country", "kind", "metric", "version", "direction", "legal_basis", "address"}
    return (
        text if isinstance(value, str) and name in outside | {"skills", "role", "answer", "outcome", "code"} else value
    )


@pytest.mark.parametrize("language", LOCALES)
def test_the_page_runs_nothing_and_fetches_nothing(page: Page, language: str) -> None:
    text = html(page, language, threshold=5)
    found = Structure(text)
    assert {lead[:1] for lead in found.leads} == {"#"}
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in found.tags}
    assert not [name for _, names in found.tags for name in names if name.startswith("on") or name == "style"]
    assert "default-src 'none'" in text
    targets = {lead.removeprefix("#") for lead in found.leads}
    assert targets <= set(re.findall(r'id="([^"]+)"', text))


def test_the_same_page_gives_the_same_text(page: Page) -> None:
    assert html(page, "fr", threshold=5) == html(page, "fr", threshold=5)


def test_every_language_says_everything() -> None:
    common = {
        language: {key for key in texts(language) if not key.startswith(("titles.", "not_said."))}
        for language in LOCALES
    }
    assert common["fr"] == common["en"] == common["de"]
    named = {each.removeprefix("fr.maillage.").rpartition(".v")[0] for each in PAYLOADS}
    apart = {each for each in named if each.partition(".")[0] in {"place", "organisation", "input"}}
    for language in LOCALES:
        assert {f"kinds.{each}" for each in named - apart} <= common[language]
        assert {f"layers.{name}" for name, layer in LAYERS.items() if layer.nodes == "member"} <= common[language]


@pytest.mark.parametrize("language", LOCALES)
def test_every_figure_about_a_member_has_a_title_a_formula_and_a_limit_in_her_language(language: str) -> None:
    words = Words(language)
    for name, metric in METRICS.items():
        if metric.subject_kind == "member":
            assert f"metrics.{name}" in texts(language), f"write the formula of {name} in analytics/member/words"
            assert words.metric(name) != name
            assert words.not_said(name)


def test_numbers_and_days_are_written_as_the_language_writes_them() -> None:
    day = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    assert [Words(each).number(12345) for each in LOCALES] == ["12\u202f345", "12,345", "12\u2019345"]
    assert [Words(each).number(-0.25) for each in LOCALES] == ["\u22120,2500", "\u22120.2500", "\u22120.2500"]
    assert [Words(each).day(day) for each in LOCALES] == ["10 nov. 2026", "10 Nov 2026", "10.11.2026"]


def test_an_unknown_language_is_refused(page: Page) -> None:
    with pytest.raises(UsageError, match="known: de, en, fr"):
        html(page, "it", threshold=5)


def test_who_is_known_but_never_counted_has_a_page_without_figures(settings: Settings) -> None:
    take(settings, whole_story())
    page = made(settings, HER)
    assert page.events
    assert (page.figures, page.inputs, page.published) == ([], [], [])
    assert "Aucun chiffre n’est calculé sur vous" in html(page, "fr", threshold=5)


def test_the_line_that_objects_for_her_takes_her_out_of_the_count(region: Region, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(region.settings.home, settings.home)
    page = made(settings, region.member)
    assert page.counted
    assert all(each.counted for each in page.published)
    line = objection(page).encode()
    assert str(escape(line.decode())) in html(page, "fr", threshold=5)
    take(settings, [decode(line)])
    later = held(settings.warehouse, region.member, present=PRESENT + timedelta(hours=1))
    assert not page_of(later, site=settings.site, present=PRESENT).counted


def test_cards_show_every_figure_and_kinds_every_event(page: Page) -> None:
    shown = [figure for card in cards(page) for _, row in card.weeks for figure in row if figure]
    assert sorted(shown, key=repr) == sorted(page.figures, key=repr)
    assert sum(len(kind.events) for kind in kinds(page)) == len(page.events)


@pytest.fixture
def shown(page: Page, tmp_path: Path) -> Iterator[tuple[Any, str]]:
    path = tmp_path / "page.html"
    path.write_text(html(page, "fr", threshold=5), encoding="utf-8")
    with browser() as opened:
        yield opened, path.as_uri()


@pytest.mark.browser
def test_a_browser_shows_it_styled_and_without_a_complaint(shown: tuple[Any, str]) -> None:
    opened, url = shown
    opened.ask("Log.enable")
    assert opened.shows(url, "Tout ce que le réseau sait de vous")
    asked = "getComputedStyle(document.body).backgroundColor + ' ' + document.documentElement.scrollWidth"
    opened.ask("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=True)
    assert opened.run(asked) == "rgb(250, 248, 244) 390", (
        "the policy lets the style in, and a telephone shows the whole width"
    )
    assert opened.ask("Page.printToPDF")["data"]


@pytest.mark.slow
def test_the_page_of_the_busiest_member_of_the_demo_takes_less_than_five_seconds(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    called(settings, demo_command)
    with read(settings.warehouse) as connection:
        ((member,),) = connection.execute(
            "SELECT member FROM appearance GROUP BY member ORDER BY count(*) DESC, member LIMIT 1"
        ).fetchall()
    for language in LOCALES:
        begun = time.monotonic()
        called(settings, me_command, member, "--lang", language)
        assert time.monotonic() - begun < 5
    page = made(settings, member)
    assert len(page.events) > 1000
    assert differences(page, settings.warehouse, weeks={page.figures[0].week}) == []
