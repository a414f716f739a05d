"""What a report says: numbers by hand, thresholds, recounts, and the weeks that are like no other."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import Cell
from analytics.report.content import Content, Indicator
from analytics.report.indicators import wilson
from producers.errors import UsageError
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


def row(content: Content, name: str) -> Indicator:
    return next(each for each in content.indicators if each.name == name)


def cells(tree: object) -> list[Cell]:
    """Return every cell of a content."""
    if isinstance(tree, Cell):
        return [tree]
    if isinstance(tree, msgspec.Struct):
        tree = [getattr(tree, name) for name in tree.__struct_fields__]
    return [cell for branch in tree for cell in cells(branch)] if isinstance(tree, list) else []


def test_a_workshop_of_six_gives_numbers_that_can_be_checked_by_hand() -> None:
    content = report(told(source(), workshop(1, "2026-11-10", SIX)))
    assert row(content, "active_members").value == Cell(6, "shown")
    assert row(content, "workshops").value == Cell(1, "shown")
    assert row(content, "attendances").value == Cell(6, "shown")
    assert row(content, "learners").value == Cell(5, "shown")
    assert row(content, "skills_taught").value == Cell(1, "shown")
    assert content.status.members == content.status.counted == Cell(5, "shown", "rounded", 5)


def test_four_people_are_fewer_than_five_and_nobody_is_zero() -> None:
    content = report(told(source(), workshop(1, "2026-11-03", SIX), workshop(2, "2026-11-10", SIX[:4])))
    assert row(content, "active_members").value == Cell(None, "suppressed", "count", 5)
    assert row(content, "active_members").week_before == Cell(6, "shown")
    quiet = report(told(source(), workshop(1, "2026-11-03", SIX)))
    assert row(quiet, "active_members").value == Cell(0, "zero")


def test_members_without_consent_are_not_counted() -> None:
    consents = "INSERT INTO consent SELECT * FROM (VALUES {}) AS given (member, purpose, yes, since, until)".format(
        ", ".join(f"('{member}', 'analytics', TRUE, TIMESTAMPTZ '2026-01-01', NULL::TIMESTAMPTZ)" for member in SIX[:5])
    )
    content = report(told(source("consent"), workshop(1, "2026-11-10", SIX), consents))
    assert row(content, "active_members").value == Cell(5, "shown")
    assert (content.status.counted.value, content.status.members.value) == (5, 5)  # nobody learns that one is hidden


def test_a_request_waits_until_somebody_else_answers() -> None:
    asked = [request(number, "2026-10-20", member) for number, member in enumerate(SIX)]
    content = report(told(source(), *asked))
    assert content.waiting.total == Cell(6, "shown")
    assert content.waiting.themes[0].skill == "laser"
    assert content.points[1].kind == "waiting_theme"
    own = [request(number, "2026-10-20", member, answered_by=member) for number, member in enumerate(SIX)]
    assert report(told(source(), *own)).waiting.total == Cell(6, "shown")
    helped = [request(number, "2026-10-20", member, answered_by="gus") for number, member in enumerate(SIX)]
    assert report(told(source(), *helped)).waiting.total == Cell(0, "zero")


def test_a_report_of_an_earlier_week_does_not_know_later_answers() -> None:
    asked = [request(number, "2026-10-20", member, answered_by="gus") for number, member in enumerate(SIX)]
    network = told(source(), *asked)
    network.execute("UPDATE help_answer SET answered_at = TIMESTAMPTZ '2026-11-17 00:00:00+00'")
    assert report(network).waiting.total == Cell(6, "shown")


def test_a_source_is_silent_when_it_is_still_for_longer_than_usual() -> None:
    silent = report(told(source(rhythm="7"), workshop(1, "2026-10-20", SIX)))
    (silence,) = silent.status.silent
    assert (silence.since, silence.days, silent.status.heard) == (date(2026, 10, 20), 26, 0)
    assert any(point.kind == "silence" for point in silent.points)
    assert silent.actions[0].kind == "ask_source"
    unknown = report(told(source(), workshop(1, "2026-10-20", SIX)))
    assert (unknown.status.silent, unknown.status.heard) == ([], 1)


def test_shared_people_link_places_from_the_threshold_on() -> None:
    both = [workshop(1, "2026-11-10", SIX), workshop(2, "2026-11-11", SIX, place="there")]
    content = report(told(source(), *both))
    (link,) = content.places.links
    assert (link.a, link.b, link.people.value) == ("here", "there", 6)
    few = report(told(source(), both[0], workshop(2, "2026-11-11", SIX[:4], place="there")))
    assert (few.places.links, few.places.hidden_links) == ([], 1)


def test_a_skill_of_a_single_holder_is_counted_and_nobody_is_named() -> None:
    content = report(told(source(), workshop(1, "2026-11-10", SIX)))
    assert (content.skills.shown, content.skills.single_holder) == (1, Cell(1, "shown"))
    assert not re.search(r"\bann\b", msgspec.json.encode(content).decode())


def test_each_recount_gives_the_figure_of_its_section(connection: Connection, content: Content) -> None:
    assert [recount.section for recount in content.recounts] == ["members", "activity", "skills", "places", "waiting"]
    for recount in content.recounts:
        assert connection.execute(recount.sql).fetchall() == [(recount.figure.value,)], recount.section


def test_what_is_planted_in_the_region_is_among_the_main_points(content: Content) -> None:
    found = {point.kind: point.subject for point in content.points}
    (fading,) = [point for point in content.points if point.kind == "fading"]
    assert found["growing"] == found["concern"] == found["waiting_theme"] == "sécurité internet"
    assert "tour à bois" in (fading.subject, *fading.names)
    assert found["silence"] == "Openlab Bienne"
    assert content.actions[0].kind == "answer_door"


@pytest.mark.parametrize("threshold", [3, 5, 11])
def test_no_count_of_people_below_the_threshold_is_shown(connection: Connection, threshold: int) -> None:
    content = report(connection, threshold=threshold)
    people = [row(content, name).spark.cells for name in ("active_members", "newcomers", "visitors", "learners")]
    counts = [cell.value for cell in sum(people, []) if cell.value]  # noqa: RUF017 - four lists of 52
    counts += [cell.value for place in content.places.rows for cell in (place.members, place.shared) if cell.value]
    counts += [link.people.value or 0 for link in content.places.links]
    assert min(counts) >= threshold
    assert {cell.threshold for cell in cells(content) if cell.mark == "suppressed"} <= {0, threshold}


def test_no_pseudonym_leaves_the_warehouse(content: Content) -> None:
    assert not re.search(r"[mo]_[0-9a-f]{24}", msgspec.json.encode(content).decode())


def test_an_empty_network_says_so() -> None:
    content = report(told())
    assert [point.kind for point in content.points] == ["empty"]
    assert (content.indicators, content.actions, content.places.rows) == ([], [], [])
    assert (content.status.sources, content.status.complete_until) == (0, None)


def test_the_first_week_is_too_early_to_judge() -> None:
    content = report(told(source(), workshop(1, "2026-11-10", SIX)))
    assert content.points[0].kind == "early"
    assert {each.verdict for each in content.indicators if each.kind == "judged"} <= {"too_early", "missing"}
    assert row(content, "newcomers").value.mark == "missing"


def test_a_week_of_closure_is_shown_and_not_judged(connection: Connection) -> None:
    content = report(connection, week=date(2026, 8, 10))
    assert content.period.closed
    assert row(content, "active_members").verdict == "closed"
    assert row(content, "active_members").year_before.mark != "missing"


def test_week_53_has_a_week_52_weeks_before_it(connection: Connection) -> None:
    content = report(connection, week=date(2026, 12, 28))
    assert content.period.week == "2026-W53"
    assert len(row(content, "requests").spark.cells) == 52


def test_help_alone_and_workshops_alone_have_the_rows_that_they_can_fill() -> None:
    helped = report(told(source(), *[request(number, "2026-11-10", member) for number, member in enumerate(SIX)]))
    assert {each.group for each in helped.indicators} == {"members", "help"}
    assert helped.places.rows == []
    taught = report(told(source(), workshop(1, "2026-11-10", SIX, place=None)))
    assert [each.name for each in taught.indicators if each.group == "members"] == ["active_members", "newcomers"]
    assert not [each for each in taught.indicators if each.group == "help"]


def test_what_the_data_never_tell_of_is_missing_and_not_zero() -> None:
    taught = report(told(source(), workshop(1, "2026-11-10", SIX)))
    assert taught.waiting.total.mark == taught.places.rows[0].requests.mark == "missing"
    helpless = told(source(), workshop(1, "2026-11-10", SIX), "UPDATE attendance SET role = 'helper'")
    assert "learners" not in [each.name for each in report(helpless).indicators]


def test_a_share_of_few_requests_is_not_shown() -> None:
    asked = [request(number, "2026-10-20", f"m{number}", answered_by="gus") for number in range(19)]
    share = row(report(told(source(), *asked)), "answered_soon")
    assert (share.value.mark, share.verdict, share.interval) == ("missing", "too_few", None)
    enough = report(told(source(), *asked, request(19, "2026-10-20", "m19")))
    assert row(enough, "answered_soon").value == Cell(0.95, "shown")


def test_a_week_that_runs_is_provisional(connection: Connection) -> None:
    assert not report(connection, present=datetime(2026, 11, 12, tzinfo=UTC)).period.over
    assert report(connection, present=PRESENT).period.over


def test_a_report_starts_on_a_monday(connection: Connection) -> None:
    with pytest.raises(UsageError, match="no Monday"):
        report(connection, week=date(2026, 11, 10))


def test_reading_twice_gives_the_same_content(connection: Connection, content: Content) -> None:
    assert report(connection, week=WEEK) == content


def test_the_interval_of_eight_in_ten_is_wilsons() -> None:
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0.0, 0) == (0.0, 1.0)


@given(st.integers(1, 500), st.floats(0, 1))
def test_an_interval_holds_its_share(n: int, share: float) -> None:
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
