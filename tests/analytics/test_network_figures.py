"""The figures of the network in Python: those of the report to the last digit, and drawn by the report's own chart."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analytics import open_network
from analytics.network.network import Network
from analytics.network.values import Values
from analytics.network.weekly import INDICATORS
from analytics.publication import publish_week
from producers.errors import UsageError
from producers.settings import Settings
from tests.small_region import LAST

pytestmark = pytest.mark.integration
Report = Mapping[str, Any]


@pytest.fixture(scope="module")
def site(computed_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the region with the report of its last week written."""
    home = shutil.copytree(computed_region.home, tmp_path_factory.mktemp("figures") / "home")
    publish_week(Settings(home=home), LAST, ("en",))
    return home


@pytest.fixture(scope="module")
def report(site: Path) -> Report:
    found: Report = json.loads((site / "site/2026/S46/report.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    return (site / "site/2026/S46/en/index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def net(site: Path) -> Network:
    return open_network(site)


@pytest.fixture(scope="module")
def published(site: Path) -> Network:
    return open_network(site, published=True)


def same(value: object, cell: Mapping[str, Any] | None) -> bool:
    """Return whether a value of a frame is that of a cell of the report, to the last digit."""
    told = None if cell is None else cell["value"]
    return bool(pd.isna(value)) if told is None else value == told  # type: ignore[call-overload]


class TestParity:
    def test_every_indicator_of_the_report_is_one_of_the_interface(self, report: Report) -> None:
        told = [row["name"] for row in report["indicators"]]
        assert told
        assert told == [name for name in INDICATORS if name in told]

    def test_every_indicator_has_the_value_interval_and_mark_of_the_report(
        self, published: Network, report: Report
    ) -> None:
        for row in report["indicators"]:
            found = published.week(str(LAST)).metric(row["name"])
            assert len(found) == 1
            only = found.iloc[0]
            assert same(only["value"], row["value"]), row["name"]
            assert only["mark"] == row["value"]["mark"], row["name"]
            ends = row["interval"] or {"low": None, "high": None}
            assert [None if pd.isna(only[end]) else only[end] for end in ("low", "high")] == [*ends.values()]

    def test_every_week_of_an_indicator_is_that_of_the_report(self, published: Network, report: Report) -> None:
        for row in report["indicators"]:
            found = published.metric(row["name"], week=None)
            cells = row["spark"]["cells"][-len(found) :]
            assert [cell["mark"] for cell in cells] == list(found["mark"])
            assert all(same(value, cell) for value, cell in zip(found["value"], cells, strict=True)), row["name"]

    def test_where_nothing_is_hidden_both_views_agree_with_the_report(self, net: Network, report: Report) -> None:
        for row in report["indicators"]:
            value = net.week(str(LAST)).metric(row["name"])["value"].iloc[0]
            assert row["value"]["value"] is None or value == row["value"]["value"]

    def test_every_measure_of_every_finding_is_that_of_the_metric(self, net: Network, report: Report) -> None:
        names = net.places().set_index("name")["place"]
        measures = [measure for finding in report["findings"] for measure in finding["measures"]]
        assert len(measures) > 20
        for measure in measures:
            rows = net.metric(measure["metric"], week=LAST)
            subject = measure["subject"] or "network"
            only = rows[rows["subject"] == names.get(subject, subject)].iloc[0]
            if measure["value"]["value"] is not None:
                assert only["value"] == measure["value"]["value"], measure
            if measure["interval"]:
                assert [only["low"], only["high"]] == [measure["interval"]["low"], measure["interval"]["high"]]

    def test_the_report_of_the_week_is_the_one_that_was_written(self, net: Network, report: Report) -> None:
        content = net.week(str(LAST)).report()
        assert [row.value.value for row in content.indicators] == [
            row["value"]["value"] for row in report["indicators"]
        ]
        assert (
            content.communities is None or content.communities.members.mark == report["communities"]["members"]["mark"]
        )


class TestChart:
    def test_the_chart_is_the_drawing_of_the_page(self, published: Network, report: Report, page: str) -> None:
        drawn = 0
        for row in report["indicators"]:
            svg = published.week(str(LAST)).metric(row["name"]).xmr().plot().svg
            inner = svg[svg.index('<svg class="spark"') : svg.index("</svg>") + len("</svg>")]
            assert inner in page, row["name"]
            drawn += 1
        assert drawn == len(report["indicators"])

    def test_verdict_and_limits_are_those_of_the_report(self, published: Network, report: Report) -> None:
        for row in report["indicators"]:
            xmr = published.week(str(LAST)).metric(row["name"]).xmr()
            limits = row["spark"]["limits"]
            assert xmr.verdict == row["verdict"]
            assert (xmr.limits and [xmr.limits.low, xmr.limits.high]) == (limits and [limits["low"], limits["high"]])
            assert (len(xmr.weeks), xmr.weeks[-1]) == (52, LAST.monday)

    @pytest.mark.parametrize("language", ["fr", "en", "de"])
    def test_a_chart_is_an_image_with_words_in_each_language(self, net: Network, language: str, tmp_path: Path) -> None:
        chart = net.week().metric("requests").xmr().plot(language)
        root = ET.fromstring(chart.save(tmp_path / "requests.svg").read_text(encoding="utf-8"))  # noqa: S314  ours
        texts = [each.text for each in root.iter() if each.tag.endswith("text")]
        assert chart._repr_svg_() == chart.svg
        assert (
            str(chart).split(",")[0]
            == texts[0]
            == {"fr": "Demandes d’aide", "en": "Requests for help"}.get(language, texts[0])
        )

    def test_a_metric_of_one_subject_is_drawn_without_limits(self, net: Network) -> None:
        xmr = net.week().metric("absence_factor")
        subject = str(xmr["subject"].iloc[0])
        found = xmr.xmr(subject)
        assert (found.verdict, found.limits) == ("untested", None)
        assert "Absence factor" in str(found.plot()) or subject in str(found.plot())

    def test_whose_chart_is_meant_has_to_be_said(self, net: Network) -> None:
        with pytest.raises(UsageError, match="series here; expected one layer and one subject"):
            net.week().metric("absence_factor").xmr()
        with pytest.raises(UsageError, match="has 0 series"):
            net.week().metric("absence_factor").xmr("nothing")

    def test_hidden_weeks_of_a_metric_are_rings_and_tell_no_value(self, published: Network) -> None:
        hidden = published.metric("active_holders")
        few = hidden[hidden["mark"] == "suppressed"]
        assert len(few), "the region is small enough for that"
        subject = str(few["subject"].iloc[0])
        cells = published.week().metric("active_holders").xmr(subject).cells
        assert any(cell.mark == "suppressed" for cell in cells)
        assert all(cell.value is None for cell in cells if cell.mark == "suppressed")

    def test_what_goes_below_zero_is_not_drawn_on_an_axis_that_begins_there(self, net: Network) -> None:
        gaps = net.metric("gap")
        below = str(gaps.loc[gaps["value"] < 0, "subject"].iloc[0])
        with pytest.raises(UsageError, match="below zero"):
            net.week().metric("gap").xmr(below)


class TestValues:
    def test_values_are_a_frame_like_any_other(self, net: Network) -> None:
        found = net.metric("requests")
        assert isinstance(found, pd.DataFrame)
        assert isinstance(found[found["value"] > 0], Values)
        assert found[found["value"] > 0].xmr().verdict == found.xmr().verdict
        assert found.groupby("subject")["value"].sum().index.tolist() == ["network"]

    def test_an_indicator_has_no_layer(self, net: Network) -> None:
        with pytest.raises(UsageError, match="has no layer"):
            net.metric("requests", "help")

    def test_an_unknown_name_is_refused_with_those_that_there_are(self, net: Network) -> None:
        with pytest.raises(UsageError, match=r"unknown metric 'nothing'.*active_members.*betweenness"):
            net.metric("nothing")

    def test_places_are_listed_by_name(self, net: Network) -> None:
        places = net.places()
        assert list(places) == ["place", "name", "country"]
        assert places["name"].is_monotonic_increasing or len(places)
