"""The sections below: what was computed is shown with its interval and its card, and nothing of few people."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Cell, Thresholds
from analytics.metrics import METRICS
from analytics.metrics.waiting import waiting
from analytics.report.below import below
from analytics.report.content import Content
from analytics.report.curve import build_curve
from analytics.report.finding import Finding
from analytics.report.findings import SECTIONS, build_findings
from analytics.report.page import page
from analytics.report.words import LOCALES, Words
from analytics.week import Week
from tests.analytics.report_region import WEEK, report, request, source, told, workshop
from tests.analytics.test_report_page import Outline
from warehouse.connection import Connection
from warehouse.reading import requests

pytestmark = pytest.mark.integration
SIX = ["ann", "bob", "cy", "dee", "eve", "flo"]


def value(
    metric: str,
    subject: str,
    value: float,
    *,
    n: int,
    low: float | None = None,
    high: float | None = None,
    week: str = "2026-11-09",
    layer: str | None = None,
    kind: str = "",
) -> str:
    """Return the statement that stores one computed value."""
    ends = ", ".join("NULL" if each is None else str(each) for each in (low, high))
    place = "NULL" if layer is None else f"'{layer}'"
    kind = kind or METRICS[metric].subject_kind
    return f"""INSERT INTO metric_value VALUES ('{metric}', DATE '{week}', {place}, '{kind}', '{subject}', {value},
        {ends}, {n}, TIMESTAMPTZ '2026-11-16 05:00:00+00')"""


def place(number: int, name: str) -> str:
    return f"INSERT INTO place VALUES ('p{number}', '{name}', NULL, 'FR', NULL, NULL, NULL, NULL, NULL, NULL)"


def members(week: str, groups: list[list[str]]) -> list[str]:
    """Return the statements that store who was in which community."""
    return [
        value("community", member, number, n=30, week=week, layer="copresence")
        for number, group in enumerate(groups)
        for member in group
    ]


@pytest.fixture(scope="module")
def connection() -> Connection:
    groups = [[f"a{number}" for number in range(8)], [f"b{number}" for number in range(6)]]
    return told(
        source(),
        workshop(1, "2026-11-10", SIX),
        *[request(number, "2026-10-20", f"m{number}", answered_by="gus" if number % 4 else "") for number in range(20)],
        place(1, "Zinc"),
        place(2, "Atelier"),
        value("gap", "laser", 1.3, low=0.4, high=2.7, n=9),
        value("gap", "sewing", -2.0, low=-3.0, high=-1.0, n=12),
        value("gap", "cnc", 2.0, low=1.0, high=3.0, n=4),
        value("unmet_share", "laser", 0.25, low=0.1, high=0.4, n=9),
        value("absence_factor", "cnc", 1.0, n=7),
        value("absence_factor", "metrology", 1.0, n=1),
        value("answer_wait", "network", 1.4, low=1.3, high=1.5, n=20),
        value("answer_share", "network", 0.75, low=0.6, high=0.9, n=20),
        value("newcomer_integrated", "network", 0.63, low=0.58, high=0.69, n=268),
        value("porosity_place", "network", -58.5, n=325),
        value("porosity_country", "network", 1.1, n=325),
        value("place_answered", "p1", 0.9, low=0.8, high=0.95, n=20),
        value("place_answered_rank", "p1", 1.2, low=1.0, high=2.0, n=20),
        value("place_answered", "p2", 0.7, low=0.4, high=0.9, n=3),
        value("place_porosity", "p2", 0.5, low=0.4, high=0.6, n=9),
        value("balance_people_share", "CH", 0.4, low=0.3, high=0.5, n=40),
        value("balance_people_share", "FR", 0.6, low=0.5, high=0.7, n=60),
        value("balance_facilitators_share", "CH", 0.3, low=0.1, high=0.6, n=3),
        value("balance_facilitators_share", "FR", 0.7, low=0.4, high=0.9, n=7),
        *members("2026-11-02", groups),
        *members("2026-11-09", groups),
    )


@pytest.fixture(scope="module")
def content(connection: Connection) -> Content:
    return report(connection)


def finding(content: Content, name: str) -> Finding:
    return next(each for each in content.findings if each.name == name)


def values(content: Content, name: str) -> dict[tuple[str, str], float | None]:
    return {(each.metric, each.subject): each.value.value for each in finding(content, name).measures}


def test_a_skill_that_few_ask_for_is_counted_and_not_named(content: Content) -> None:
    assert ("gap", "cnc") not in values(content, "gap")
    assert finding(content, "gap").hidden == finding(content, "fragile").hidden == 1
    assert values(content, "gap")["gap", "laser"] == 1.3
    assert "metrology" not in json.dumps([str(each) for each in content.findings])


def test_places_stand_by_name_and_a_hidden_figure_has_no_interval(content: Content) -> None:
    measures = finding(content, "profiles").measures
    assert list(dict.fromkeys(each.subject for each in measures)) == ["Atelier", "Zinc"]
    (few,) = [each for each in measures if (each.metric, each.subject) == ("place_answered", "Atelier")]
    assert (few.value, few.interval) == (Cell(None, "suppressed", "people", 5), None)


def test_shares_that_add_up_are_all_hidden_when_one_has_to_be(content: Content) -> None:
    found = values(content, "balance")
    assert (found["balance_people_share", "CH"], found["balance_facilitators_share", "FR"]) == (0.4, None)
    hidden = [each for each in finding(content, "balance").measures if each.value.value is None]
    assert all(each.people.value is None and each.interval is None for each in hidden)


def test_an_organisation_that_dominates_hides_the_gap_of_a_skill() -> None:
    asked = [request(number, "2026-10-20", f"m{number}") for number in range(9)]
    network = told(source(), *asked, value("gap", "laser", 1.3, low=0.4, high=2.7, n=9))
    assert values(report(network), "gap")["gap", "laser"] == 1.3
    network.execute("UPDATE help_request SET organisation = 'o1'")
    assert not [each for each in report(network).findings if each.name == "gap"]


def test_groups_are_told_by_their_sizes(content: Content) -> None:
    assert content.communities
    assert [cell.value for cell in content.communities.sizes] == [8, 6]
    assert (content.communities.members.value, content.communities.kept.value) == (14, 1.0)
    assert content.communities.changes == {}
    few = report(told(*members("2026-11-09", [[f"a{number}" for number in range(8)], ["x", "y", "z"]]))).communities
    assert few
    assert few.members.value is None or few.sizes[0].value is None


def test_the_curve_is_the_metric_at_every_step(connection: Connection, content: Content) -> None:
    week = Week(WEEK)
    asked = requests(connection, (week + -25).since, week.until)
    found = waiting(week, requests=asked).set_index("metric").loc["answer_share"]
    assert content.curve
    at = content.curve.days.index(14.0)
    steps = content.curve
    assert (steps.share[at], steps.low[at], steps.high[at]) == (found["value"], found["low"], found["high"])
    assert (steps.people.value, steps.requests.value, steps.days[-1]) == (20, 20, 26.0)
    assert steps.share == sorted(steps.share)


def test_few_who_ask_have_no_curve() -> None:
    network = told(source(), *[request(number, "2026-10-20", SIX[number % 4]) for number in range(20)])
    assert build_curve(network, Week(WEEK), Thresholds()) is None


@pytest.mark.parametrize("language", LOCALES)
def test_each_section_says_what_was_found_and_where_its_cards_are(content: Content, language: str) -> None:
    sections = below(content, Words(language))
    assert {each.name for each in sections} == {*SECTIONS, "communities", "trends", "door"}
    for each in sections:
        cards = [card for _, card in each.head if card] + [row.card for row in each.rows if row.card]
        assert cards or each.name in ("trends", "door")
        assert set(cards) <= METRICS.keys()
        assert all(len(row.boxes) == len(each.head) for row in each.rows), each.name
        assert each.title[0].isupper() or each.title[0].isdigit()


def test_titles_state_the_finding(content: Content) -> None:
    titles = {each.name: each.title for each in below(content, Words("en"))}
    assert titles["gap"] == "Demand surely exceeds supply: laser cutting"
    assert titles["fragile"].endswith("half of it hangs on one person")
    assert titles["answer"] == "Half of the requests are answered within 1.4 days, 75% within 14 days"
    assert titles["porosity"] == (
        "People meet between places less than by chance and between countries as much as by chance"
    )
    assert titles["balance"].startswith("No means is surely out of proportion")


def test_hidden_and_missing_are_told_apart(content: Content) -> None:
    (profiles,) = [each for each in below(content, Words("en")) if each.name == "profiles"]
    words = {re.sub("<.*?>", "", box.text) for row in profiles.rows for box in row.boxes}
    assert any("fewer than 5 people" in text for text in words)
    assert "no data" in words


def test_a_title_without_a_figure_says_so() -> None:
    metrics = (*SECTIONS["answer"], *SECTIONS["newcomers"], *SECTIONS["porosity"])
    few = [value(metric, "network", 0.5, n=2) for metric in metrics]
    titles = {each.name: each.title for each in below(report(told(*few)), Words("en"))}
    assert titles["answer"].startswith("Too few ask")
    assert titles["newcomers"].startswith("Too few newcomers")
    assert titles["porosity"].startswith("A single place")


def test_each_query_gives_the_values_that_are_shown(connection: Connection, content: Content) -> None:
    for each in content.findings:
        rows = connection.execute(each.sql).fetchall()
        found = {(metric, number) for metric, _, number, *_ in rows}
        shown = {(measure.metric, measure.value.value) for measure in each.measures if measure.value.value is not None}
        assert shown <= found, each.name
    assert content.communities
    assert [row[1] for row in connection.execute(content.communities.sql).fetchall()] == [8, 6]


@pytest.mark.parametrize("language", LOCALES)
def test_a_page_with_every_section_can_be_read_without_seeing_it(content: Content, language: str) -> None:
    text = page(content, language)
    assert page(report_again(content), language) == text
    outline = Outline(text)
    assert not re.search(r"\bnan\b|\{\w*\}", " ".join(outline.words))
    ids = {attributes["id"] for _, attributes in outline.tags if "id" in attributes}
    pointed = [name for table in outline.all("table") for name in (table.get("aria-describedby") or "").split()]
    assert pointed
    assert set(pointed) <= ids
    drawings = re.findall(r"<svg [^>]*>", text)
    assert all('role="img"' in each or "aria-hidden" in each for each in drawings)


def report_again(content: Content) -> Content:
    """Return the content as it comes back from its JSON."""
    return msgspec.json.decode(msgspec.json.encode(content), type=Content)


def test_names_bring_no_mark_up_into_a_section() -> None:
    network = told(place(1, "<script>x</script>"), value("place_answered", "p1", 0.9, low=0.8, high=0.95, n=20))
    made = page(report(network), "fr")
    assert "<script" not in made
    assert "&lt;script&gt;" in made


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=4), st.integers(3, 11))
def test_no_share_of_a_country_can_be_worked_out_from_the_others(counts: list[int], threshold: int) -> None:
    whole = sum(counts) or 1
    shares = [
        value("balance_people_share", f"C{number}", count / whole, low=0, high=1, n=count)
        for number, count in enumerate(counts)
    ]
    (found,) = build_findings(told(*shares), Week(WEEK), Thresholds(people=threshold))
    shown = [each for each in found.measures if each.value.value is not None]
    assert len(shown) in (0, len(counts))
    if shown:
        assert min(counts) >= threshold
