"""The command line in one process: exit codes, and one line that says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics.__main__ import _run
from producers.event import PlaceOpened, WorkshopHeld, encode
from tests.story import tell

pytestmark = pytest.mark.integration


class Done(NamedTuple):
    code: int
    out: str
    error: str


Maillage = Callable[..., Done]


@pytest.fixture
def maillage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Maillage:
    """Give the command in a home of its own; the error is its last line."""
    monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        monkeypatch.setattr("sys.argv", ["maillage", *words])
        code = _run()
        out, error = capfd.readouterr()
        return Done(code, out, (error.splitlines() or [""])[-1])

    return run


@pytest.fixture
def one_week(maillage: Maillage, tmp_path: Path) -> Maillage:
    """Give the command in a home in which one workshop was held and ingested."""
    held = tell(WorkshopHeld(place="lab", skills=["laser"], head_count=9), "w1", "2026-09-08")
    events = [tell(PlaceOpened(name="Lab"), "lab", "2026-09-07"), held]
    (tmp_path / "events.ndjson").write_bytes(b"\n".join(map(encode, events)))
    maillage("publish", "events", "events.ndjson")
    maillage("ingest", "--once")
    return maillage


def test_weeks_are_counted_in_words(one_week: Maillage) -> None:
    assert "1 week computed" in one_week("compute").out
    assert "nothing is stale" in one_week("compute").out


def test_a_span_of_weeks_that_ends_before_it_begins_is_wrong_use(one_week: Maillage) -> None:
    done = one_week("compute", "--from", "2026-W40", "--to", "2026-W38")
    assert done == (2, "", "maillage: --from 2026-W40 is after --to 2026-W38; expected the first week, then the last")


def test_a_report_on_a_week_that_is_not_computed_fails_and_says_what_to_run(one_week: Maillage) -> None:
    for words in ((), ("--week", "2026-W20")):
        done = one_week("report", *words)
        assert done.code == 1
        assert done.error.endswith("expected a week with activity that is over; run: maillage compute")


@pytest.mark.parametrize(
    ("instant", "code", "says"),
    [
        ("", 2, "is no instant"),
        ("2026-11-20", 2, "has no zone"),
        ("0001-01-01T00:00Z", 2, "is out of reach"),
        ("9999-12-31T23:59Z", 2, "is out of reach"),
        ("1990-01-01T00:00Z", 1, "has no report as known at"),
    ],
)
def test_an_instant_without_a_report_is_told_from_one_that_is_none(
    one_week: Maillage, instant: str, code: int, says: str
) -> None:
    one_week("compute")
    done = one_week("report", "--as-of", instant)
    assert done.code == code
    assert says in done.error


def test_the_status_of_an_empty_warehouse_is_said_in_words(maillage: Maillage) -> None:
    maillage("ingest", "--once")
    assert maillage("status").out.splitlines() == [
        "log        0 events wait",
        "record     0 events, 0 rejects, no week with activity yet",
        "results    nothing is computed yet, 0 stale",
        "sources    none was heard yet",
    ]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("select 1; select 2", "the question has 2 statements; expected one statement at a time"),
        ("", "the question is empty; expected one SQL statement that reads"),
        ("selec 1", "Parser Error"),
        ("SELECT * FROM read_csv('events.ndjson')", "only reading is possible"),
        ("COPY place TO 'out.csv'", "only reading is possible"),
        ("ATTACH 'other.duckdb'", "only reading is possible"),
    ],
)
def test_a_question_that_is_no_question_is_wrong_use(one_week: Maillage, tmp_path: Path, query: str, says: str) -> None:
    for live in ((), ("--live",)):
        done = one_week("sql", query, *live)
        assert (done.code, done.out) == (2, "")
        assert says in done.error
    assert {path.name for path in tmp_path.iterdir()} == {"home", "events.ndjson"}


def test_answers_are_json_whatever_is_in_them(one_week: Maillage) -> None:
    query = "SELECT 'nan'::DOUBLE AS a, NULL AS b, [1, 'inf'::DOUBLE] AS c, {'x': 1} AS d, encode('é') AS e"
    (row,) = json.loads(one_week("sql", "--format", "json", query).out, parse_constant=pytest.fail)
    assert row == {"a": None, "b": None, "c": [1, None], "d": {"x": 1}, "e": "c3a9"}
    done = one_week("sql", "--format", "json", "SELECT 1 AS a, 2 AS a")
    assert (done.code, done.error) == (
        2,
        "maillage: two columns are called 'a'; expected names of their own; name one by AS",
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["validate", "empty"], 1, ""),
        (["validate", "."], 1, "Is a directory"),
        (["schema", "--out", "empty"], 2, "is a file"),
        (["schema", "--out", "/proc/none"], 1, "can't be written"),
        (["log", "init", "--partitions", "0"], 2, "1<=x<=1000"),
        (["rejects", "list", "--limit", "-1"], 2, "x>=1"),
        (["rejects", "show", "²:1"], 2, "is no position"),
        (["rejects", "show", "99999999999999999999:1"], 2, "is no position"),
        (["rejects", "replay", "--fixed", "empty"], 1, "holds no event"),
        (["rejects", "replay", "--fixed", "."], 2, "is a directory"),
        (["gaps", "accept", "0", "--reason", " "], 2, "the reason is empty"),
        (["simulate", "--last-week", "9999-W52", "--weeks", "20"], 2, "out of reach"),
        (["publish", "table", "--profile", "none.yaml", "empty"], 1, "none.yaml can't be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_one_line_with_the_right_exit_code(
    one_week: Maillage, tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    (tmp_path / "empty").touch()
    done = one_week(*words)
    assert done.code == code
    assert says in done.error


def test_a_file_without_an_event_is_not_valid(maillage: Maillage, tmp_path: Path) -> None:
    for content in (b"", b"\n\n \n", b"\xef\xbb\xbf"):
        (tmp_path / "none").write_bytes(content)
        assert maillage("validate", "none") == (1, "no event found; expected one a line\n", "")
