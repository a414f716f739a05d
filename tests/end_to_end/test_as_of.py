"""What was known on a date, from the command and from Python: the same every time, and today's report as of today."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest

from analytics import open_network
from analytics.compute import compute, to_compute
from analytics.network.network import Network
from producers.errors import UsageError
from producers.settings import Settings
from tests.end_to_end.conftest import Maillage
from warehouse.connection import read
from warehouse.knowledge import known_at
from warehouse.query import frame

MONDAY, LATEST = datetime(2026, 11, 2, 7, tzinfo=UTC), "2026-11-16T06:00:00Z"
TABLES = {
    "tie": "SELECT * FROM tie ORDER BY ALL",
    "skill_week": "SELECT * FROM skill_week ORDER BY ALL",
    "metric_value": "SELECT * EXCLUDE (computed_at) FROM metric_value ORDER BY ALL",
    "computed": "SELECT metric, week, version FROM computed ORDER BY ALL",
}


@pytest.fixture(scope="module")
def small(small_demo: Maillage, tmp_path_factory: pytest.TempPathFactory) -> Maillage:
    """Give a small demo in which somebody has objected since; tests leave it as it is."""
    command = Maillage(shutil.copytree(small_demo.home, tmp_path_factory.mktemp("small") / "home"))
    ((member,),) = command.rows(
        "SELECT member FROM attendance JOIN workshop USING (workshop) WHERE started_at < '2026-10-01' "
        "AND member NOT IN (SELECT member FROM hidden) GROUP BY member ORDER BY count(*) DESC, member LIMIT 1"
    )
    objection = {
        "specversion": "1.0",
        "id": "objection",
        "source": "urn:maillage:simulated:forum",
        "type": "fr.maillage.consent.withdrawn.v1",
        "subject": member,
        "time": "2026-11-16T10:00:00Z",
        "data": {"purpose": "analytics"},
    }
    path = command.home / "objection.ndjson"
    path.write_text(json.dumps(objection) + "\n", encoding="utf-8")
    command.run("publish", "events", str(path))
    command.run("ingest", "--once")
    command.run("compute")
    return command


@pytest.fixture(scope="module")
def past(small: Maillage) -> Iterator[Network]:
    with open_network(small.home).as_of(MONDAY) as network:
        yield network


def _known(small: Maillage, week: str, instant: str) -> dict[str, Any]:
    small.run("report", "--week", week, "--as-of", instant)
    name = instant.replace(":", "")
    path = small.home / f"site/2026/S{week[-2:]}/as-of/{name}/report.json"
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def test_as_of_now_it_is_the_report_of_today_but_for_saying_so(small: Maillage) -> None:
    small.run("report", "--week", "2026-W44")
    today, known = small.report(2026, 44), _known(small, "2026-W44", "2026-12-01T06:00:00Z")
    assert known["status"].pop("known_at") == "2026-12-01T06:00:00Z"
    assert known["status"].pop("left_out")["mark"] == "zero"
    assert (today["status"].pop("known_at"), today["status"].pop("left_out")) == (None, None)
    assert known == today


def test_as_of_then_it_knows_less_and_gives_the_same_bytes_again(small: Maillage) -> None:
    before = _known(small, "2026-W44", "2026-11-02T07:00:00Z")
    small.run("report", "--week", "2026-W44")
    assert before["indicators"] != small.report(2026, 44)["indicators"]
    folder = small.home / "site/2026/S44/as-of/2026-11-02T070000Z"
    page = (folder / "fr/index.html").read_text(encoding="utf-8")
    assert "Tel que connu le <b>2 novembre 2026, 08:00</b>, sans les personnes qui se sont opposées" in page
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert "nothing changed" in small.run("report", "--week", "2026-W44", "--as-of", "2026-11-02T07:00Z").stdout
    assert {path: path.read_bytes() for path in files} == files


def test_a_week_that_was_not_over_has_no_report(small: Maillage) -> None:
    done = small.run("report", "--week", "2026-W45", "--as-of", "2026-11-02T07:00Z", code=1)
    assert "2026-W45 has no report as known at 2026-11-02T07:00Z" in done.stderr


def test_what_is_taken_over_is_what_would_be_computed(small: Maillage, past: Network, tmp_path: Path) -> None:
    past.sql("SELECT 1")
    anew = _computed_anew(small, tmp_path)
    for name, query in TABLES.items():
        pd.testing.assert_frame_equal(past.sql(query), anew[name], obj=name)


def _computed_anew(small: Maillage, folder: Path) -> dict[str, pd.DataFrame]:
    def nothing(*_: object) -> bool:
        return False

    with known_at(small.home / "published.duckdb", MONDAY, folder=folder, wanted=nothing) as known:
        settings = msgspec.structs.replace(Settings(), home=known.home)
        compute(settings, to_compute(settings, MONDAY), present=MONDAY)
        with read(settings.warehouse) as connection:
            return {name: frame(connection, query, {}) for name, query in TABLES.items()}


def test_one_week_is_computed_when_it_is_asked_for(small: Maillage) -> None:
    with open_network(small.home).as_of(MONDAY) as network:
        assert str(network.week()) == "2026-W44"
        assert network.past is not None
        before = len(network.past.stale())
        values = network.week().metric("pagerank", layer="help")
        assert not values.empty
        assert len(network.past.stale()) == before - 1
        every = network.metric("pagerank", "help")
        assert len(every) > len(values)
        assert sorted(values["value"]) == sorted(every["value"][pd.to_datetime(every["week"]) == "2026-10-26"])


def test_its_home_goes_with_the_block_and_with_whoever_held_it(small: Maillage) -> None:
    folder = small.home / "tmp"
    network = open_network(small.home)
    before = set(folder.iterdir())
    with network.as_of(MONDAY) as known:
        assert set(folder.iterdir()) > before
        earlier = known.as_of("2026-10-05T07:00Z")
        assert earlier.weeks()[-1] < known.weeks()[-1]
        assert known.as_of(LATEST).weeks() == known.weeks()
    earlier.close()
    assert set(folder.iterdir()) == before
    with pytest.raises(UsageError, match="this past network is closed"):
        known.metric("pagerank", "help")
    kept = network.as_of(MONDAY)
    assert set(folder.iterdir()) > before
    del kept
    assert set(folder.iterdir()) == before
