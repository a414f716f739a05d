"""What a report says of itself: one budget, firm and loose lists, doors replayed, events, and what places can do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Cell, Thresholds
from analytics.holiday import easter, holidays
from analytics.metrics.robustness import hold, thinned
from analytics.report import around, course, reading
from analytics.report.content import Content
from analytics.report.events import build_events, changes
from analytics.report.judgement import Judgement, judge
from analytics.report.moving import build_trends
from analytics.report.orders import build_orders, firmness
from analytics.report.page import page
from analytics.report.state import Corrected, Correction, Silence
from analytics.report.trust import DoorRecord, Way
from analytics.report.words import LOCALES, Words
from analytics.trends import trends_of
from analytics.week import Week
from tests.analytics.report_region import PRESENT, WEEK, region, report, request, source, told, workshop
from warehouse.connection import Connection

pytestmark = pytest.mark.integration
SIX = ["ann", "bob", "cy", "dee", "eve", "flo"]


@pytest.fixture(scope="module")
def connection() -> Connection:
    return region()


@pytest.fixture(scope="module")
def content(connection: Connection) -> Content:
    return report(connection)


@pytest.fixture(scope="module")
def judged(connection: Connection) -> Judgement:
    extent = reading.row(connection, "report_extent", reading.Extent, week=WEEK)
    return judge(connection, Week(WEEK), extent)


def place(name: str) -> str:
    return f"INSERT INTO place VALUES ('{name}', 'Lab {name}', NULL, 'FR', NULL, NULL, NULL, NULL, NULL, NULL)"


def test_growth_long_views_and_series_share_one_budget(judged: Judgement) -> None:
    series = int(judged.trends.rows["p"].notna().sum())
    assert judged.trends.tests == judged.growth.tests + series > judged.growth.tests > 0
    flagged = judged.growth.rows["verdict"].isin(["growing", "fading"])
    assert judged.growth.rows.loc[flagged, "p"].max() <= judged.trends.level


def test_the_command_and_the_report_say_the_same(connection: Connection, content: Content) -> None:
    rows = trends_of(connection, Week(WEEK)).trends.rows
    moving = rows[rows["verdict"].isin(["growing", "fading", "emerging"])]
    assert content.trends is not None
    assert len(content.trends.rows) + content.trends.hidden == len(moving)
    assert all(row.interval is not None and row.change.value is not None for row in content.trends.rows)


def test_a_series_that_moves_with_few_people_is_counted_and_not_named(judged: Judgement) -> None:
    found = build_trends(judged, {}, Week(WEEK), Thresholds(people=11, organisations=3))
    assert found is not None
    assert "newcomers" not in [row.subject for row in found.rows]  # nine a week at most, then nobody
    assert found.hidden > 0


def test_what_chance_may_announce_is_a_tenth_of_what_is_announced(content: Content) -> None:
    alarms = content.alarms
    assert alarms is not None
    assert alarms.false_flags == pytest.approx(0.1 * alarms.flagged)
    assert 0 < alarms.quiet_alarm < 0.2
    for language in LOCALES:
        sentences = around.alarms(content, Words(language))
        assert len(sentences) == 2
        assert sentences[0] in page(content, language)


def test_counts_that_lie_apart_keep_their_order_and_equal_ones_do_not() -> None:
    apart = hold(thinned(np.array([400, 200, 100, 50])), 2)
    assert (apart.first, apart.kept) == (1.0, 1.0)
    alike = hold(thinned(np.array([30] * 8)), 4)
    assert alike.first < 0.4
    assert alike.kept < 0.75
    assert np.isnan(hold(thinned(np.array([], dtype=np.int64)), 1).first)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_what_is_thinned_never_grows_and_comes_out_the_same_again(counts: list[int]) -> None:
    given_counts = np.array(counts, dtype=np.int64)
    draws = thinned(given_counts)
    assert (draws <= given_counts).all()
    assert (draws == thinned(given_counts)).all()


def test_a_list_is_firm_partly_firm_or_loose() -> None:
    assert [firmness(0.95, 0.95), firmness(0.6, 0.95), firmness(0.3, 0.95)] == ["firm", "partly", "loose"]


def test_the_stamps_come_from_the_figures_of_the_report_alone(content: Content) -> None:
    again = build_orders(content.skills, content.places, content.waiting, content.findings)
    assert again == content.orders
    assert {order.name for order in again} >= {"places", "links"}
    words = around.stamps(content, Words("fr"))
    assert "Un dixième retiré au hasard" in words["places"].sentence


def test_few_answered_requests_judge_no_door() -> None:
    asked = [request(number, "2026-10-20", member, answered_by="gus") for number, member in enumerate(SIX)]
    content = report(told(source(), place("here"), workshop(1, "2026-10-01", SIX), *asked))
    assert content.door is not None
    assert (content.door.ways, content.door.brier) == ([], None)
    assert course.door(content.door, Words("en")).title == "Too few answered requests to judge the right door"


def test_the_door_is_replayed_beside_three_rules_and_owns_up_when_it_is_no_better(content: Content) -> None:
    record = content.door
    assert record is not None
    assert [way.way for way in record.ways] == ["right_door", "nearest", "central", "declared"]
    assert all(0 <= way.hit_1 <= way.hit_3 <= 1 for way in record.ways)
    worse = DoorRecord(
        weeks=26,
        requests=Cell(80, "shown"),
        answered=Cell(60, "shown"),
        ways=[Way(way="right_door", hit_1=0.5, hit_3=0.6, mrr=0.5, lead=None)],
        unbeaten=["nearest"],
        brier=0.2,
        brier_base=0.1,
        bins=[],
        command="maillage door --judge",
    )
    assert course.door(
        worse, Words("fr")
    ).title == "La bonne porte ne fait pas sûrement mieux que : le lieu le plus proche".replace(" :", "\u00a0:")


def test_easter_falls_where_the_calendar_has_it() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ]


def test_holidays_are_those_of_the_countries_of_the_network() -> None:
    spring = date(2026, 4, 1), date(2026, 5, 31)
    assert [name for _, name in holidays(*spring, ["CH"])] == [
        "good_friday",
        "easter_monday",
        "ascension",
        "whit_monday",
    ]
    assert "victory_day" in {name for _, name in holidays(*spring, ["FR"])}
    assert holidays(*spring, []) == []


def test_events_tell_closures_and_silences_of_the_year_that_is_shown(content: Content) -> None:
    kinds = {event.kind for event in content.events}
    assert kinds == {"closure", "holiday", "silence"}
    summer = next(event for event in content.events if event.kind == "closure")
    assert (summer.first, summer.last, summer.count) == (date(2026, 7, 27), date(2026, 8, 16), 3)
    silence = Silence(title="X", since=date(2026, 10, 1), days=40, rhythm_days=7)
    (only,) = [each for each in build_events(Week(WEEK), content.status, None) if each.kind == "silence"]
    assert only.name == content.status.silent[0].title != silence.title
    for language in LOCALES:
        assert all(text for _, text in around.events(content, Words(language)))


def test_a_source_that_falls_silent_is_marked_on_every_sparkline(content: Content) -> None:
    notes = around.notes(content)
    assert len(notes.silences) == 1
    assert len(notes.holidays) > 5
    assert page(content, "fr").count('class="hush"') == len(content.indicators)


def test_every_change_of_method_is_told_in_every_language() -> None:
    assert changes()
    for change in changes():
        assert set(change.texts) == set(LOCALES)


@pytest.mark.parametrize("language", LOCALES)
def test_a_corrected_page_says_when_and_what_at_its_top(content: Content, language: str) -> None:
    changed = Corrected(indicator="workshops", unit="count", before=Cell(4, "shown"), after=Cell(5, "shown"))
    corrected = Content(
        **{name: getattr(content, name) for name in content.__struct_fields__ if name != "correction"},
        correction=Correction(at=PRESENT, figures=2, indicators=[changed]),
    )
    text = page(corrected, language)
    assert text.index('class="corrected"') < text.index('class="status"')
    assert f'href="../revisions/{language}/index.html"' in text
    assert "corrected" not in page(content, language).partition("</header>")[0].partition("</style>")[2]


def test_every_term_of_the_glossary_is_explained() -> None:
    for language in LOCALES:
        assert all(term and len(text) > 20 for term, text in around.glossary(Words(language)))
