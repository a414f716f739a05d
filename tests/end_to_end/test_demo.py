"""The demo, whole: its truth is known, and the report's own numbers find it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from analytics import open_network
from producers.errors import UsageError
from producers.simulation import Truth, simulate
from producers.vocabulary import code_of
from tests.end_to_end.conftest import SMALL, Maillage

LAST = "2026-W46"


@cache
def truth() -> Truth:
    return simulate().truth


def code(text: str) -> str:
    found = code_of(text)
    assert found
    return found


def test_the_demo_ends_with_a_page_in_each_language(demo: Maillage) -> None:
    for language in ("fr", "en", "de"):
        page = (demo.home / "site/2026/S46" / language / "index.html").read_text(encoding="utf-8")
        assert f'lang="{language}"' in page
    assert demo.report(2026, 46)["period"]["week"] == LAST


def test_a_second_demo_changes_nothing_and_says_so(demo: Maillage) -> None:
    before = _files(demo.home / "site")
    events = demo.number("SELECT count(*) FROM events")
    assert "Nothing has changed" in demo.run("demo").stdout
    assert _files(demo.home / "site") == before
    assert demo.number("SELECT count(*) FROM events") == events


def test_the_same_snapshot_gives_the_same_bytes(demo: Maillage, tmp_path: Path) -> None:
    again = Maillage(tmp_path / "again")
    again.home.mkdir()
    (again.home / "published.duckdb").symlink_to(demo.home / "published.duckdb")
    again.run("report")
    assert _files(again.home / "site") == _files(demo.home / "site")


def test_the_numbers_keep_the_schema_beside_them(demo: Maillage) -> None:
    folder = demo.home / "site/2026/S46"
    schema = json.loads((folder / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(demo.report(2026, 46))


def test_every_line_of_the_log_is_an_event_a_reject_or_a_duplicate(demo: Maillage) -> None:
    lines = sum(path.read_bytes().count(b"\n") for path in (demo.home / "log").rglob("*.ndjson"))
    assert lines == demo.number("SELECT sum(next_position) FROM ingest_offset")
    assert demo.number("SELECT count(*) FROM events") == len(
        {(arrival.event.source, arrival.event.id) for arrival in simulate().arrivals},
    )
    assert demo.run("doctor").stdout.strip() == "all is well"


def test_the_planted_brokers_lead_in_betweenness(demo: Maillage) -> None:
    week = open_network(demo.home).week(LAST)
    help_first = list(week.metric("betweenness", "help")["subject"][:10])
    assert set(truth().brokers) <= set(help_first)
    together = week.metric("betweenness", "copresence")["subject"]
    assert set(truth().brokers) <= set(together[: len(together) // 20])


def test_the_report_finds_what_grows_and_what_fades(demo: Maillage) -> None:
    skills = demo.report(2026, 46)["skills"]
    assert code(truth().growing_skill) in [row["skill"] for row in skills["growing"]]
    assert code(truth().fading_skill) in [row["skill"] for row in skills["fading"]]
    assert code(truth().growing_skill) not in [row["skill"] for row in skills["fading"]]


def test_the_report_counts_the_skill_that_hangs_on_one_person_and_names_nobody(demo: Maillage) -> None:
    assert demo.report(2026, 46)["skills"]["single_holder"]["value"] == 1
    single = code(truth().single_holder_skill)
    holders = demo.rows(f"SELECT DISTINCT member FROM skill_evidence WHERE skill = '{single}'")
    assert holders == [[truth().single_holder]]
    for path in (demo.home / "site").rglob("*"):
        assert path.is_dir() or truth().single_holder.encode() not in path.read_bytes()


def test_no_member_stands_on_any_page(demo: Maillage) -> None:
    members = [row[0] for row in demo.rows("SELECT member FROM member")]
    text = "".join(path.read_bytes().decode("utf-8", "replace") for path in _pages(demo.home / "site"))
    assert not [member for member in members if member in text]


def test_the_common_concern_is_the_first_one(demo: Maillage) -> None:
    concerns = demo.report(2026, 46)["skills"]["concerns"]
    assert concerns[0]["skill"] == code(truth().common_concern)
    assert all(each["organisations"]["value"] >= 3 and each["places"] >= 2 for each in concerns)


def test_the_silent_place_is_said_to_be_silent_and_not_to_decline(demo: Maillage) -> None:
    (silent,) = demo.report(2026, 46)["status"]["silent"]
    last_heard = truth().silent_since - timedelta(days=1)
    assert silent["since"] == last_heard.date().isoformat()
    verdicts = {row["name"]: row["verdict"] for row in demo.report(2026, 46)["indicators"]}
    assert verdicts["active_members"] == verdicts["workshops"] == "ordinary"


def test_members_who_withdrew_are_in_no_tie_afterwards(demo: Maillage) -> None:
    hidden = demo.number(
        "SELECT count(*) FROM tie JOIN hidden ON hidden.member IN (tie.source, tie.target) "
        "AND hidden.since < tie.week + 7 AND (hidden.until IS NULL OR hidden.until >= tie.week + 8)",
    )
    assert hidden == 0


def test_the_graph_of_a_week_is_the_table_of_its_ties(demo: Maillage) -> None:
    net = open_network(demo.home)
    for layer in ("copresence", "teaching", "help"):
        graph = net.week(LAST).graph(layer=layer)
        ties = net.sql("SELECT * FROM tie WHERE week = DATE '2026-11-09' AND layer = $layer", layer=layer)
        assert graph.number_of_edges() == len(ties)
        for tie in ties.itertuples():
            edge = graph.edges[str(tie.source), str(tie.target)]
            assert (edge["count"], edge["strength"]) == (tie.count, pytest.approx(tie.strength, abs=1e-12))


def test_a_published_network_refuses_what_tells_of_single_members(demo: Maillage) -> None:
    net = open_network(demo.home, published=True)
    people = net.skills()["people"].dropna()
    assert ((people == 0) | (people >= 5)).all()
    with pytest.raises(UsageError, match="single members"):
        net.graph("help")
    with pytest.raises(UsageError, match="single members"):
        net.metric("betweenness")


def test_a_late_event_makes_its_weeks_stale_and_no_other(small_demo: Maillage, tmp_path: Path) -> None:
    late = Maillage(shutil.copytree(small_demo.home, tmp_path / "home"))
    request = late.rows("SELECT request FROM help_request WHERE week_of(requested_at) = DATE '2026-08-31' LIMIT 1")
    event = {
        "specversion": "1.0",
        "id": "late",
        "source": "urn:maillage:simulated:forum",
        "type": "fr.maillage.help.answered.v1",
        "subject": request[0][0],
        "time": "2026-10-14T10:00:00Z",
        "data": {"answer": "late", "helper": truth().single_holder},
    }
    (tmp_path / "late.ndjson").write_text(json.dumps(event) + "\n")
    late.run("publish", "events", str(tmp_path / "late.ndjson"))
    late.run("ingest", "--once")
    stale = late.rows("SELECT DISTINCT week FROM stale WHERE metric = 'tie' ORDER BY week")
    assert [week for (week,) in stale] == ["2026-10-12", "2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09"]
    assert "5 weeks computed" in late.run("compute").stdout
    assert late.run("compute").stdout.strip() == "nothing is stale"


@pytest.mark.slow
def test_a_rebuild_gives_the_same_tables(demo: Maillage, tmp_path: Path) -> None:
    rebuilt = Maillage(shutil.copytree(demo.home, tmp_path / "home"))
    rebuilt.run("rebuild")
    assert _tables(rebuilt) == _tables(demo)


@pytest.mark.slow
def test_another_demo_gives_the_same_tables(small_demo: Maillage, tmp_path: Path) -> None:
    another = Maillage(tmp_path / "home")
    another.run("demo", *SMALL)
    assert _tables(another) == _tables(small_demo)


def _tables(home: Maillage) -> list[list[list[str]]]:
    tables = ("tie", "skill_week", "place", "member", "attendance", "help_answer", "hidden", "stale")
    figures = "SELECT metric, week, layer, subject, value, low, high, n FROM metric_value"
    queries = [f"SELECT count(*), bit_xor(hash(x)) FROM {table} AS x" for table in tables]
    queries.append(f"SELECT count(*), bit_xor(hash(x)) FROM ({figures}) AS x")
    return [home.rows(query) for query in queries]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _pages(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
