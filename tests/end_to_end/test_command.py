"""The command line: help everywhere, one line for an error, exit codes that scripts can use."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click
import pytest

from analytics.__main__ import COMMANDS
from analytics.__main__ import maillage as door
from tests.end_to_end.conftest import Maillage


def _all(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    names = command.list_commands(context)
    below = [(name, command.get_command(context, name)) for name in names]
    return [path, *(each for name, one in below if one for each in _all(one, (*path, name)))]


@pytest.mark.parametrize("path", _all(door), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    command: click.Command | None = door
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    text = command.get_help(click.Context(command, info_name=" ".join(("maillage", *path)), **door.context_settings))
    assert "Example:" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_table_of_commands_names_what_the_layers_have() -> None:
    for layer in set(COMMANDS.values()):
        have = {command.name for command in import_module(layer).COMMANDS}
        assert have == {name for name, module in COMMANDS.items() if module == layer}


@pytest.mark.parametrize("layer", sorted(set(COMMANDS.values())))
def test_loading_a_command_does_not_load_what_takes_long_and_few_need(layer: str) -> None:
    heavy = {"matplotlib", "scipy.stats", "airflow", "kafka", "IPython"}
    asked = f"import sys, {layer}; print(*sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["status"], 1, "run: maillage ingest --once"),
        (["compute"], 1, "run: maillage ingest --once"),
        (["publish", "table", "--profile", "nonsense", "x.csv"], 2, "known: carpentries-badges, carpentries-workshops"),
        (["report"], 1, "maillage ingest --once"),
        (["sql", "SELECT 1"], 1, "maillage ingest --once"),
        (["report", "--week", "2025-W53"], 2, "no week"),
        (["publish", "stackexchange", "nowhere"], 1, "nowhere"),
        (["validate", "nowhere.ndjson"], 1, "nowhere.ndjson"),
        (["rejects", "show", "x"], 2, "2:1043"),
        (["nonsense"], 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_error_is_one_line_that_says_what_to_do(
    maillage: Maillage, arguments: list[str], code: int, says: str
) -> None:
    error = maillage.run(*arguments, code=code).stderr.strip()
    assert says in error
    assert len(error.splitlines()[-1]) < 400


def test_a_wrong_setting_says_where_it_was_read(maillage: Maillage) -> None:
    error = maillage.run("status", code=2, MAILLAGE_WINDOW_WEEKS="many").stderr
    assert "MAILLAGE_WINDOW_WEEKS" in error


def test_rejects_can_be_listed_shown_mended_and_replayed(maillage: Maillage, tmp_path: Path) -> None:
    events = maillage.run("simulate", "--members", "120", "--weeks", "20").stdout.splitlines()
    (tmp_path / "some.ndjson").write_text("\n".join(events[:200]) + "\n")
    maillage.run("publish", "events", str(tmp_path / "some.ndjson"))
    (segment,) = list((maillage.home / "log").rglob("0/*.ndjson"))
    with segment.open("ab") as stream:
        stream.write(b'{"specversion":"1.0"\n')
    done = json.loads(maillage.run("ingest", "--once", "--format", "json").stdout)
    assert done["rejected"] == 1
    assert done["read"] == done["new"] + done["duplicates"] + done["rejected"]
    listed = json.loads(maillage.run("rejects", "list", "--format", "json").stdout)
    where = f"{listed[0]['partition']}:{listed[0]['position']}"
    assert maillage.run("rejects", "show", where).stdout.strip() == '{"specversion":"1.0"'
    assert "0 appended, 0 known already, 1 refused again" in maillage.run("rejects", "replay").stdout
    (tmp_path / "mended.ndjson").write_text(events[300] + "\n")
    assert "1 appended" in maillage.run("rejects", "replay", "--fixed", str(tmp_path / "mended.ndjson")).stdout
    assert "0 appended, 1 known" in maillage.run("rejects", "replay", "--fixed", str(tmp_path / "mended.ndjson")).stdout
    assert json.loads(maillage.run("ingest", "--once", "--format", "json").stdout)["new"] == 1


def test_sql_answers_as_a_table_as_csv_and_as_json_and_never_writes(demo: Maillage) -> None:
    query = "SELECT place, country FROM place WHERE place = 'lab-belfort'"
    assert "lab-belfort" in demo.run("sql", query).stdout
    assert demo.run("sql", "--format", "csv", query).stdout == "place,country\nlab-belfort,FR\n"
    assert json.loads(demo.run("sql", "--format", "json", query).stdout) == [{"place": "lab-belfort", "country": "FR"}]
    assert "only reading" in demo.run("sql", "DELETE FROM place", code=2).stderr


def test_status_is_json_for_scripts(demo: Maillage) -> None:
    status = json.loads(demo.run("status", "--format", "json").stdout)
    assert (status["waiting"], status["stale"], status["last_computed_week"]) == (0, 0, "2026-11-09")
    assert len(status["sources"]) == 14


@pytest.mark.parametrize("reader", ["head -1 > /dev/null", "true"])
@pytest.mark.parametrize("words", ["simulate --members 120 --weeks 20", "--help"])
def test_who_stops_reading_early_ends_the_command_quietly(words: str, reader: str) -> None:
    line = f"{shlex.quote(sys.executable)} -m analytics {words} | {reader}; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)  # noqa: S607
    assert done.returncode in (0, 141), "0 where all had been written before"
    assert done.returncode == 141 or words == "--help"
    assert done.stderr == ""


def test_an_interrupted_command_says_nothing_more(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "analytics", "validate", "-"]
    said = tmp_path / "said"  # a file is never full, as a pipe is that nobody reads
    with said.open("wb") as out, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out) as running:
        assert running.stdin
        running.stdin.write(b"x\n" * 200_000)  # it has begun when this returns
        for _ in range(3):  # one alone is lost where Python drops exceptions, as in a finalizer
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(20)
                break
        assert running.returncode == 130  # its input stays open: only the signal ends it
    assert b"Traceback" not in said.read_bytes()
