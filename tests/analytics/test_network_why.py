"""How do you know? Every figure of a report is found by its address, and running its SQL on the snapshot gives it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime

import msgspec
import pytest
from click.testing import CliRunner

from analytics import open_network
from analytics.card import cards, told
from analytics.command.why import why_command
from analytics.metrics import METRICS
from analytics.network.network import Network
from analytics.provenance.figure import Figure, figures, find
from analytics.provenance.query import literal, named, query
from analytics.provenance.reason import PATTERNS, ask_for
from analytics.provenance.repeated import repeated
from analytics.report.content import Content
from producers.errors import UsageError
from producers.settings import Settings
from tests.small_region import LAST
from warehouse.connection import read
from warehouse.query import frame
from warehouse.statement import statement

pytestmark = pytest.mark.integration
SAMPLED = 4
"""Figures of one kind that are asked for; weeks of indicators there are many hundreds of."""


@pytest.fixture(scope="module")
def net(computed_region: Settings) -> Network:
    return open_network(computed_region.home)


@pytest.fixture(scope="module")
def content(net: Network) -> Content:
    return net.week(str(LAST)).report()


def sampled(content: Content) -> list[Figure]:
    """Return the figures that stand for themselves: of each kind the first ones, and one in seven of the others."""
    kinds: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures(content):
        if figure.pattern in PATTERNS and not repeated(figure):
            kinds[figure.pattern].append(figure)
    return [each for found in kinds.values() for each in (*found[:SAMPLED], *found[SAMPLED::7])]


class TestSql:
    def test_running_the_sql_on_the_snapshot_gives_the_figure(self, net: Network, content: Content) -> None:
        asked = 0
        with read(net.path) as connection:
            for figure in sampled(content):
                question = ask_for(figure, content, net.settings)
                answer = frame(connection, question.sql)
                if question.exact and figure.cell.value is not None:
                    assert answer.shape == (1, 1), figure.place
                    assert list(answer) == ["value"]
                    assert float(answer["value"].iloc[0]) == figure.cell.value, figure.place
                    asked += 1
        assert asked > 100

    def test_there_is_a_figure_of_nearly_every_kind(self, content: Content) -> None:
        there = {figure.pattern for figure in figures(content)}
        assert len(there & PATTERNS.keys()) > 25

    def test_the_sql_is_one_statement_without_a_parameter(self, net: Network, content: Content) -> None:
        for figure in sampled(content):
            sql = ask_for(figure, content, net.settings).sql
            assert "$" not in sql
            assert ";" not in sql

    def test_a_name_with_a_quote_is_only_a_name(self) -> None:
        assert literal("L'Horloge'; DROP TABLE place; --") == "'L''Horloge''; DROP TABLE place; --'"
        assert named("L'A", "p.name", "p.id").startswith("'L''A' IN (")

    def test_what_a_connection_of_ours_holds_ready_stands_in_the_query(self) -> None:
        since = until = datetime(2026, 11, 9, tzinfo=UTC)
        assert "hidden_spell AS (SELECT" in query("occasions", "count(*)", since=since, until=until)
        assert "hidden_spell" not in query("report_coverage", "members", week=LAST.monday)


class TestAddress:
    def test_every_figure_is_found_by_its_place_and_by_its_own_address(self, net: Network, content: Content) -> None:
        known = figures(content)
        for figure in known[::11]:
            assert find(content, figure.place) == figure
        address = net.why(sampled(content)[0].place, LAST).figure
        assert find(content, address) == sampled(content)[0]

    def test_the_beginning_of_an_address_may_be_left_out(self, content: Content) -> None:
        assert find(content, "active_members").place == "indicators.0.value"
        assert find(content, "active_members.median").place == "indicators.0.median"
        assert find(content, "places.beyond") == find(content, "beyond")
        skill = content.findings[0].measures[0].subject
        assert find(content, f"gap.{skill}").pattern == "findings.*.measures.*.value"

    def test_what_is_no_figure_or_several_is_refused_with_those_that_are_near(self, content: Content) -> None:
        with pytest.raises(UsageError, match=r"figures are called 'members'; expected one of status\.members"):
            find(content, "members")
        with pytest.raises(UsageError, match=r"no figure 'absence'; expected one of findings\."):
            find(content, "absence")

    def test_a_point_leads_to_the_figure_that_it_repeats(self, net: Network, content: Content) -> None:
        recount = content.recounts[0]
        assert net.why(f"recounts.{recount.section}.figure", LAST).figure == "status.counted"
        again = [each for each in figures(content) if repeated(each)]
        assert again
        for figure in again:
            assert find(content, repeated(figure)).cell == figure.cell


class TestWhy:
    def test_a_metric_tells_its_card_version_and_code(self, net: Network, content: Content) -> None:
        measure = content.findings[0].measures[0]
        why = net.why(f"{measure.metric}.{measure.subject}", LAST)
        ((version, computed_at),) = net.sql(
            "SELECT version, computed_at FROM computed WHERE metric = $metric AND week = $week",
            metric=measure.metric,
            week=LAST.monday,
        ).itertuples(index=False, name=None)
        assert (why.metric, why.version, why.computed_at) == (measure.metric, version, computed_at.to_pydatetime())
        assert why.formula == told(cards()[measure.metric].formula, "en")
        compute = METRICS[measure.metric].compute
        assert why.code == f"{compute.__module__}.{compute.__name__}"
        assert "maillage" in why.code_version
        assert measure.subject in why.title

    def test_an_indicator_tells_its_reading_and_its_inputs(self, net: Network) -> None:
        why = net.week(str(LAST)).why("requests")
        asked = net.sql(
            "SELECT count(*) AS n FROM events WHERE type LIKE 'fr.maillage.help.requested.%' "
            "AND week_of(occurred_at) = $week",
            week=LAST.monday,
        )
        assert [(each.kind, each.events) for each in why.inputs] == [("help.requested", int(asked["n"].iloc[0]))]
        assert why.code == "warehouse/sql/readings/report_help.sql"
        assert why.formula in " ".join(statement("readings/report_help").replace("--", "").split())
        assert (why.since, why.until) == (LAST.since, LAST.until)
        assert (why.metric, why.version) == (None, None)

    def test_it_reads_well_in_a_terminal_in_a_notebook_and_as_data(self, net: Network) -> None:
        why = net.why("places.beyond", LAST)
        text, table, data = str(why), why._repr_html_(), json.loads(why.as_json())
        assert max(len(line) for line in text.split("SQL:", maxsplit=1)[0].splitlines()) <= 100
        for said in (why.figure, why.code, "report_bridge.sql"):
            assert said in text
            assert said in table
        assert "&lt;&gt;" in table, "what stands in SQL is escaped"
        assert data == json.loads(msgspec.json.encode(why.as_dict()))
        assert data["sql"] == why.sql

    def test_a_hidden_figure_is_explained_without_its_value(self, net: Network, content: Content) -> None:
        hidden = next(each for each in figures(content) if each.cell.mark == "suppressed" and each.pattern in PATTERNS)
        why = net.why(hidden.place, LAST)
        assert why.value.value is None
        assert "fewer than" in str(why) or "not published" in str(why)

    def test_the_published_view_answers_as_well(self, net: Network, computed_region: Settings) -> None:
        shown = open_network(computed_region.home, published=True).why("requests", LAST)
        assert shown == net.why("requests", LAST)

    def test_what_was_worked_out_says_from_what(self, net: Network) -> None:
        why = net.why("communities.kept", LAST)
        assert not why.exact
        assert "lineage.follow" in why.note
        assert "SQL of what it is worked out from" in str(why)
        assert list(net.sql(why.sql)) == ["week", "member", "community"]

    def test_what_is_put_together_from_other_figures_is_refused_in_one_line(
        self, net: Network, content: Content
    ) -> None:
        alone = [each for each in figures(content) if each.pattern not in PATTERNS and not repeated(each)]
        for figure in alone[:3]:
            with pytest.raises(UsageError, match="put together from other figures") as caught:
                net.why(figure.place, LAST)
            assert "\n" not in str(caught.value)


def test_the_command_tells_the_same(computed_region: Settings, net: Network) -> None:
    asked = ["requests", "--week", str(LAST), "--format"]
    said = {
        style: CliRunner().invoke(why_command, [*asked, style], obj=computed_region, catch_exceptions=False)
        for style in ("text", "json")
    }
    assert said["text"].output.strip() == str(net.why("requests", LAST))
    assert json.loads(said["json"].output)["figure"] == "indicators.requests.value"
