"""Real input, whole: the dump and the workshops go in, and recounts agree with what they say of themselves."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analytics import open_network, pseudonym
from producers.vocabulary import code_of
from tests.end_to_end.conftest import Maillage
from warehouse.query import ask

DUMP = "stackexchange-quantum"
WORKSHOPS = "carpentries/all_past_workshops.json"


@pytest.fixture(scope="module")
def quantum(real_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Maillage:
    """Give the home into which the dump went, with a report."""
    folder = real_data(DUMP)
    command = Maillage(tmp_path_factory.mktemp("quantum") / "home")
    command.run("publish", "stackexchange", str(folder), "--name", "quantum")
    command.run("ingest", "--once")
    command.run("compute")
    command.run("report")
    return command


@pytest.fixture(scope="module")
def carpentries(real_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Maillage:
    """Give the home into which the workshops, the badges and the places went."""
    command = Maillage(tmp_path_factory.mktemp("carpentries") / "home")
    for profile, name in (
        ("carpentries-workshops", WORKSHOPS),
        ("carpentries-badges", "carpentries/badged_instructors_country.csv"),
        ("places-bretagne", "places-bretagne/places.geojson"),
    ):
        command.run("publish", "table", "--profile", profile, str(real_data(name)))
    command.run("ingest", "--once")
    return command


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for _, element in ET.iterparse(path):  # noqa: S314 - our own copy of a public dump
        if element.tag == "row":
            yield dict(element.attrib)


def test_questions_per_tag_agree_with_the_dump_on_every_tag(
    quantum: Maillage, real_data: Callable[[str], Path]
) -> None:
    told = {row["TagName"]: int(row["Count"]) for row in _rows(real_data(DUMP) / "Tags.xml")}
    counted = quantum.rows(
        "SELECT skill, count(*) FROM (SELECT unnest(json_extract_string(CAST(data AS JSON), '$.skills[*]')) AS skill "
        "FROM events WHERE kind_of(type) = 'help.requested') GROUP BY ALL",
    )
    assert {skill: int(count) for skill, count in counted} == told
    assert len(told) == 154


def test_tags_that_mean_a_concept_count_for_it_once_a_question(
    quantum: Maillage, real_data: Callable[[str], Path]
) -> None:
    posts = [row for row in _rows(real_data(DUMP) / "Posts.xml") if row["PostTypeId"] == "1"]
    told = Counter(
        code for row in posts for code in {code_of(tag) or tag for tag in re.findall(r"<([^>]+)>", row["Tags"])}
    )
    counted = quantum.rows("SELECT skill, count(*) FROM help_request_skill GROUP BY ALL")
    assert {skill: int(count) for skill, count in counted} == told
    assert told["machine-learning"] > 0


def test_answers_per_question_agree_with_the_dump_on_every_question(
    quantum: Maillage, real_data: Callable[[str], Path]
) -> None:
    posts = [row for row in _rows(real_data(DUMP) / "Posts.xml") if row["PostTypeId"] == "1"]
    told = {f"quantum:q{row['Id']}": int(row["AnswerCount"]) for row in posts}
    counted = quantum.rows(
        "SELECT request, count(answer) FROM help_request LEFT JOIN help_answer USING (request) GROUP BY ALL",
    )
    assert {request: int(count) for request, count in counted} == told
    assert len(told) == 612


def test_the_help_graph_has_an_edge_for_every_pair_and_a_loop_for_every_self_answer(
    quantum: Maillage, real_data: Callable[[str], Path]
) -> None:
    posts = list(_rows(real_data(DUMP) / "Posts.xml"))
    askers = {row["Id"]: row.get("OwnerUserId") for row in posts if row["PostTypeId"] == "1"}
    given = [(askers[row["ParentId"]], row.get("OwnerUserId")) for row in posts if row["PostTypeId"] == "2"]
    pairs = Counter(pair for pair in given if None not in pair)
    graph = open_network(quantum.home).graph("help")
    assert graph.number_of_edges() == len(pairs)
    assert sum(int(edge["count"]) for *_, edge in graph.edges(data=True)) == sum(pairs.values())
    loops = [pair for pair in pairs if pair[0] == pair[1]]
    assert sum(1 for one, other in graph.edges if one == other) == len(loops) == 25
    ((asker, helper),) = [pair for pair, _ in pairs.most_common(1)]
    one, other = (
        pseudonym(f"urn:maillage:stackexchange:quantum#{user}", home=quantum.home) for user in (asker, helper)
    )
    assert graph.edges[one, other]["count"] == pairs[asker, helper]


def test_every_week_of_the_dump_is_computed_and_checks_find_nothing(quantum: Maillage) -> None:
    assert quantum.number("SELECT count(DISTINCT week) FROM computed") == 25
    assert quantum.number("SELECT count(*) FROM stale") == 0
    assert quantum.run("doctor").stdout.strip() == "all is well"


def test_publishing_and_ingesting_the_dump_again_changes_no_row(
    quantum: Maillage, real_data: Callable[[str], Path]
) -> None:
    before = quantum.rows("SELECT count(*), bit_xor(hash(events)) FROM events")
    quantum.run("publish", "stackexchange", str(real_data(DUMP)), "--name", "quantum")
    done = json.loads(quantum.run("ingest", "--once", "--format", "json").stdout)
    assert (done["new"], done["rejected"]) == (0, 0)
    assert quantum.rows("SELECT count(*), bit_xor(hash(events)) FROM events") == before
    assert quantum.run("compute").stdout.strip() == "nothing is stale"


def test_people_and_pairs_of_the_workshops_are_counted_right(carpentries: Maillage) -> None:
    counts = carpentries.rows(
        "SELECT count(DISTINCT member), count(*), count(DISTINCT (workshop, member)) FROM attendance",
    )
    assert counts == [["5651", "14656", "14466"]]
    assert carpentries.number("SELECT count(*) FROM workshop") == 2966
    assert carpentries.number("SELECT count(*) FROM place WHERE kind IS NOT NULL OR country = 'FR'") == 121


@pytest.mark.slow
def test_every_week_of_the_workshops_is_computed_and_reported(carpentries: Maillage) -> None:
    carpentries.run("compute")
    carpentries.run("report", "--week", "2018-W20")
    assert carpentries.number("SELECT count(DISTINCT week) FROM computed") == 470
    assert carpentries.report(2018, 20)["period"]["week"] == "2018-W20"


def test_no_name_address_or_text_of_the_dump_is_anywhere(quantum: Maillage, real_data: Callable[[str], Path]) -> None:
    folder = real_data(DUMP)
    words = {row["DisplayName"] for row in _rows(folder / "Users.xml") if " " in row["DisplayName"]}
    for row in _rows(folder / "Posts.xml"):
        words |= {row[name] for name in ("Title", "OwnerDisplayName") if len(row.get(name, "")) > 5}
        words |= {" ".join(re.sub(r"<[^>]+>", " ", row["Body"]).split())[:60]}
    _assert_absent(quantum, words - {"", "Stack Exchange"})


def test_no_name_of_the_workshops_is_anywhere(carpentries: Maillage, real_data: Callable[[str], Path]) -> None:
    workshops = json.loads(real_data(WORKSHOPS).read_text(encoding="utf-8"))
    names = {
        name.strip()
        for row in workshops
        for column in ("instructors", "helpers")
        for name in (row[column] or "").split(",")
    }
    hosts = " ".join(row["host_name"] for row in workshops)
    _assert_absent(carpentries, {name for name in names if " " in name and name not in hosts})


def _assert_absent(command: Maillage, words: set[str]) -> None:
    """Assert that none of the words stands in a file of the home, nor in any text that the warehouse holds.

    Bytes of a compressed table prove little, so its texts are read through SQL.
    """
    assert len(words) > 500
    files = [path for path in command.home.rglob("*") if path.is_file() and path.suffix != ".duckdb"]
    text = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
    warehouse = command.home / "warehouse.duckdb"
    columns = ask(
        warehouse,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type = 'VARCHAR'",
    )
    for table, column in columns.rows:
        found = ask(warehouse, f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
        text += "\n" + "\n".join(cell for (cell,) in found.rows)
    assert not [word for word in words if word in text]
