from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from producers.commands import COMMANDS
from producers.errors import InputError
from producers.log.opening import open_log
from producers.progress import progress_bar
from producers.settings import Settings
from producers.sources import SOURCES
from tests.producers.examples import NAMES, line

BADGES = "person,country,first_badge_date\n48,US,2014-05-04\n72,GB,yesterday\n75,,2013-07-20\n"


class Terminal:
    """The command line, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)

    def run(self, *words: str, stdin: bytes | None = None) -> Result:
        group = click.Group(commands=COMMANDS)
        return CliRunner().invoke(group, words, obj=self.settings, input=stdin, catch_exceptions=False)

    def logged(self) -> list[bytes]:
        log = open_log(self.settings.log_url)
        values = [value for each, end in log.ends().items() for value in log.read(each, 0, limit=end or 1).values]
        log.close()
        return [value for value in values if value]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "var")


@pytest.fixture
def badges(tmp_path: Path) -> str:
    path = tmp_path / "badges.csv"
    path.write_text(BADGES)
    return str(path)


def everything() -> list[tuple[str, ...]]:
    top = [(name,) for command in COMMANDS if (name := command.name)]
    return top + [("publish", name) for name in SOURCES]


@pytest.mark.parametrize("words", everything(), ids=" ".join)
def test_the_help_of_every_command_ends_with_an_example(terminal: Terminal, words: tuple[str, ...]) -> None:
    told = terminal.run(*words, "--help").stdout
    assert f"Example:\n    maillage {words[0]}" in told or "  maillage simulate | maillage" in told


def test_publish_says_what_became_of_every_item(terminal: Terminal, badges: str) -> None:
    result = terminal.run("publish", "table", "--profile", "carpentries-badges", badges)
    assert result.exit_code == 0
    assert "3 read = 2 published + 0 ignored + 1 rejected" in result.stdout
    assert "3 events appended, 2013-07-20 to 2014-05-04" in result.stdout
    assert str(terminal.settings.home / "rejected" / "carpentries-badges.ndjson") in result.stdout
    assert len(terminal.logged()) == 3


def test_publish_tells_a_script_in_json(terminal: Terminal, badges: str) -> None:
    result = terminal.run("publish", "table", "--profile", "carpentries-badges", badges, "--format", "json")
    told = json.loads(result.stdout)
    assert (told["read"], told["published"], told["ignored"], told["rejected"], told["events"]) == (3, 2, 0, 1, 3)
    assert told["source"] == "urn:maillage:carpentries-badges"


def test_a_dry_run_shows_samples_and_what_is_thrown_away(terminal: Terminal, badges: str) -> None:
    result = terminal.run("publish", "table", "--profile", "carpentries-badges", badges, "--dry-run")
    assert result.stdout.count('"type":"fr.maillage.skill.certified.v1"') == 2
    assert "Thrown away: country" in result.stdout
    assert not terminal.logged()
    assert not (terminal.settings.home / "rejected").exists()


def test_publish_refuses_a_directory_that_is_no_dump(terminal: Terminal, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no Posts\.xml"):
        terminal.run("publish", "stackexchange", str(tmp_path))


def test_publish_without_a_profile_is_wrong_use(terminal: Terminal, badges: str) -> None:
    assert terminal.run("publish", "table", badges).exit_code == 2


def test_simulated_events_are_valid_and_can_be_published(terminal: Terminal) -> None:
    size = ("--members", "150", "--weeks", "20")
    printed = terminal.run("simulate", *size).stdout_bytes
    assert terminal.run("validate", "-", stdin=printed).exit_code == 0
    from_stream = terminal.run("publish", "events", "-", "--format", "json", stdin=printed)
    from_source = terminal.run("publish", "simulated", *size, "--format", "json")
    counts = [json.loads(result.stdout) for result in (from_stream, from_source)]
    assert [each["published"] for each in counts] == [len(printed.splitlines())] * 2
    assert len(set(terminal.logged())) == len(set(printed.splitlines()))


def test_validate_names_line_and_reason_and_fails(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b"\n".join((line("place.opened"), b"", b"garbage", line("help.closed", data={}), b"")))
    result = terminal.run("validate", str(path))
    assert result.exit_code == 1
    first, second, total = result.stdout.splitlines()
    assert first.startswith("line 3: the line is not JSON")
    assert second.startswith("line 4: ")
    assert "missing required field `outcome`" in second
    assert total == "1 valid, 2 bad"


def test_validate_shows_twenty_bad_lines_and_counts_the_rest(terminal: Terminal) -> None:
    result = terminal.run("validate", "-", stdin=b"x\n" * 1234)
    assert len(result.stdout.splitlines()) == 22
    assert "… and 1,214 more" in result.stdout


def test_validate_is_content_with_one_event_of_every_type(terminal: Terminal) -> None:
    assert terminal.run("validate", "-", stdin=b"\n".join(map(line, NAMES))).stdout == "23 valid, 0 bad\n"


def test_a_line_of_fifty_megabytes_is_one_bad_line(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(line("place.opened") + b"\n" + b"x" * 50_000_000 + b"\n" + line("place.closed"))
    assert "line 2: the line has 50000000 bytes; expected at most" in terminal.run("validate", str(path)).stdout
    told = json.loads(terminal.run("publish", "events", str(path), "--format", "json").stdout)
    assert (told["published"], told["rejected"]) == (2, 1)


def test_a_missing_file_of_events_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    for command in (("validate",), ("publish", "events")):
        with pytest.raises(InputError, match="can't be read"):
            terminal.run(*command, str(tmp_path / "none"))


def test_schema_writes_a_file_for_every_type(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.run("schema", "--out", str(tmp_path / "schemas")).exit_code == 0
    assert len(list((tmp_path / "schemas").glob("*.json"))) == len(NAMES)


def test_where_there_is_no_terminal_progress_is_one_line_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Ingest", 3) as advance:
        advance(1)
        advance(2)
        assert not capsys.readouterr().err
    assert capsys.readouterr().err.startswith("Ingest: 3 in ")


def test_on_a_terminal_progress_is_a_bar_with_count_and_rate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_bar("Ingest", None) as advance:
        advance(2000)
    shown = capsys.readouterr().err
    assert "Ingest" in shown
    assert "2000/2000" in shown
