"""The weekly chain with everything real: Kafka, the ingest service and Airflow's four processes.

The tests tell one story, in order: what one leaves is what the next begins with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest

from analytics.week import Week
from deploy.stack import Stack
from producers.log.opening import open_log
from tests.airflow_stack import CHAIN, PATIENCE, Client, known, reported, results, settled, since, started, until
from tests.browser import browser
from tests.conftest import ROOT
from tests.end_to_end.following import taken
from tests.end_to_end.region import append, keys, last, late_workshop, publish, told, weeks

pytestmark = [pytest.mark.airflow, pytest.mark.kafka, pytest.mark.slow]
TOLD, BACKFILLED, AGAIN = 9, 8, 2
SCREENSHOTS = ROOT / "var/screenshots"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Client]]:
    with started(tmp_path_factory.mktemp("airflow") / "up") as running:
        yield running


@pytest.fixture
def stack(running: tuple[Stack, Client]) -> Stack:
    return running[0]


@pytest.fixture
def client(running: tuple[Stack, Client]) -> Client:
    return running[1]


def page(client: Client, week: Week, *, signed: bool = True) -> tuple[int, str]:
    """Return what the plugin answers for the French page of a week."""
    answer = client.ask("GET", f"/maillage/site/{folder(week)}/fr/index.html", signed=signed)
    return answer.code, answer.body.decode()


def folder(week: Week) -> str:
    """Return where a week lies on the site."""
    return f"{week.year}/S{week.number:02d}"


class TestChain:
    def test_a_drain_takes_what_waits_in_kafka_and_asks_for_its_weeks(self, stack: Stack, client: Client) -> None:
        stack.processes["ingest"].stop()
        publish(stack.home, told(TOLD))
        run = client.post("/dags/drain_events/dagRuns", {"logical_date": None})["dag_run_id"]
        until(lambda: client.get(f"/dags/drain_events/dagRuns/{run}")["state"] == "success", PATIENCE)
        with closing(open_log(stack.home.log_url)) as log:
            assert taken(stack.home.warehouse) == sum(log.ends().values()) > 1_000
        until(lambda: client.states("network_metrics").keys() == keys(weeks(TOLD)), 60)

    def test_who_is_late_by_the_calendar_is_told_of(self, stack: Stack, client: Client) -> None:
        week = last().monday.isoformat()
        window = ("--from-date", week, "--to-date", week)
        stack.run("backfill", ("airflow", "backfill", "create", "--dag-id", "close_week", *window))
        # It wakes the run by calendar of that week, where that has not come yet; its eight hours are over now.
        until(lambda: "scheduled" in {run["run_type"] for run in client.runs("close_week")}, PATIENCE)
        with closing(sqlite3.connect(stack.home.airflow / "airflow.db", timeout=30)) as database, database:
            database.execute("UPDATE deadline SET deadline_time = datetime('now', '-1 minute')")
        said = f"le rapport de la semaine {last()} (du lundi {last().monday:%d/%m/%Y}) n'est pas publié"
        until(lambda: said in stack.home.log_of("scheduler").read_text(), PATIENCE)

    def test_every_week_comes_out_and_only_the_newest_one_asks(self, client: Client) -> None:
        none: dict[str, set[str]] = {dag: set() for dag in CHAIN}
        old = keys(weeks(TOLD)[:-1])
        until(lambda: old <= since(client, "weekly_report", none).keys() and client.questions(), PATIENCE)
        assert {client.week_of("weekly_report", each["dag_run_id"]) for each in client.questions()} == keys([last()])
        assert page(client, last())[0] == 404
        until(lambda: reported(client, none, keys(weeks(TOLD))), PATIENCE)
        # A backfill passes by a week whose run goes on, and the run by calendar looks for its report now and then.
        until(lambda: settled(client), PATIENCE)

    def test_a_report_is_for_who_is_signed_in(self, client: Client) -> None:
        code, text = page(client, last())
        assert code == 200
        assert f"{last().number}" in text
        assert page(client, last(), signed=False)[0] == 401

    def test_a_backfill_loses_no_week_asks_nobody_and_changes_no_row(self, stack: Stack, client: Client) -> None:
        stack.start("ingest")
        stack.wait_until_healthy()
        for number in (BACKFILLED, AGAIN):
            before, rows, wanted = known(client), results(stack), weeks(number)
            client.backfill(wanted[0].monday.isoformat(), wanted[-1].monday.isoformat(), reprocess_behavior="completed")
            until(lambda: keys(wanted) <= since(client, "weekly_report", before).keys(), PATIENCE)  # noqa: B023
            for dag in CHAIN:
                runs = since(client, dag, before)
                assert runs.keys() == keys(wanted), dag
                # A backfill of the last week that is over wakes its run by calendar, where that has not come yet.
                assert {week for week, number in runs.items() if number > 1} <= keys([last()]), dag
            assert client.questions() == []
            assert results(stack) == rows

    def test_a_late_event_has_exactly_its_weeks_recomputed_and_is_told(self, stack: Stack, client: Client) -> None:
        before, touched = known(client), weeks(4)
        told_in = touched[1]
        assert "tardif" not in page(client, told_in)[1]
        append(stack.home, [late_workshop(touched[0], "lab-besancon")])
        until(lambda: reported(client, before, keys(touched)), PATIENCE)
        for dag in ("network_metrics", "skill_trends", "weekly_report"):
            assert since(client, dag, before) == dict.fromkeys(keys(touched), 1), dag
        assert since(client, "close_week", before) == {}
        assert "1 événement tardif" in page(client, told_in)[1]

    @pytest.mark.browser
    def test_an_operator_sees_it_in_the_browser(self, client: Client) -> None:
        network, report = (client.runs(dag)[-1]["dag_run_id"] for dag in ("network_metrics", "weekly_report"))
        pages = {
            "home": ("", "La semaine du réseau"),
            "dags": ("/dags", "Rapport hebdomadaire"),
            "mapped-run": (f"/dags/network_metrics/runs/{quote(network)}/tasks/compute/mapped", "welcome"),
            "asset-graph": (f"/assets/{client.asset('tendances')}", "tendances"),
            "report-tab": (f"/dags/weekly_report/runs/{quote(report)}/plugin/rapport", "Semaine"),
            "reports": ("/plugin/rapports", "Semaine"),
            "map": (f"/maillage/site/{folder(last())}/fr/map.html", "La carte des compétences"),
        }
        with browser() as opened:
            opened.sign_in(client.url, client.token)
            for name, (path, text) in pages.items():
                seen = opened.shows(f"{client.url}{path}", text)
                opened.save(SCREENSHOTS / f"{name}.png")
                assert seen, name
            assert opened.run("performance.getEntriesByName('painted').length") == 1
