"""Files that no table can be: each is refused in one line that says what to do and holds nothing of what they hold."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from producers.errors import EventError, InputError
from producers.publish import publish
from producers.sources import events, table
from producers.sources.cells import instant
from producers.sources.profile import Profile, read_profile, shipped
from tests.producers.memory_log import MemoryLog

SOMEBODY = "Jeanne.Dupont@example.org"
HEADER = "person,country,first_badge_date"
ROW = f"{SOMEBODY},FR,2014-05-04"
CSV = f"{HEADER}\n{ROW}\n"
HOW = Profile(source="urn:maillage:x", title="X", legal_basis="consent", events=[], zone="Europe/Paris")

GARBAGE = {
    "nothing": b"",
    "line breaks": b"\n\n  \n",
    "a mark alone": b"\xef\xbb\xbf",
    "UTF-16": CSV.encode("utf-16"),
    "UTF-16 without a mark": CSV.encode("utf-16-le"),
    "zeros": bytes(5000),
    "a picture": b"\x89PNG\r\n\x1a\n" * 99,
    "an archive": b"PK\x03\x04" + bytes(range(256)),
    "a web page": f"<!DOCTYPE html><html><body>{SOMEBODY}</body></html>".encode(),
    "rows without a header": f"{ROW}\n{ROW}\n".encode(),
    "one cell": SOMEBODY.encode(),
    "carriage returns": CSV.replace("\n", "\r").encode(),
    "another delimiter": CSV.replace(",", "|").encode(),
    "three million letters": b"x" * 3_000_000,
    "brackets": b"[" * 200_000,
    "a number": b"3",
    "null": b"null",
    "an object with a name": json.dumps([{SOMEBODY: 1}]).encode(),
    "a list of names": json.dumps([SOMEBODY]).encode(),
    "JSON that is cut off": f'[{{"person": "{SOMEBODY}", "cou'.encode(),
    "no number": b"[NaN]",
}


def refused(file: Path, profile: str) -> str:
    with pytest.raises(InputError) as caught:
        table.fetch(bytes(32), file=file, profile=profile)
    said = str(caught.value)
    assert SOMEBODY not in said
    assert "Jeanne" not in said
    assert said.isprintable()
    assert len(said) < 600
    assert caught.value.remedy or caught.value.expected
    return said


@pytest.mark.parametrize("profile", shipped())
@pytest.mark.parametrize("content", GARBAGE.values(), ids=list(GARBAGE))
def test_garbage_is_refused_without_a_word_of_it(tmp_path: Path, content: bytes, profile: str) -> None:
    file = tmp_path / "export.dat"
    file.write_bytes(content)
    assert "export.dat" in refused(file, profile)


@pytest.mark.parametrize("profile", shipped())
def test_what_is_no_file_is_refused(tmp_path: Path, profile: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "Is a directory" in refused(tmp_path, profile)
    assert "No such file" in refused(tmp_path / "none.csv", profile)
    assert "save it as one" in refused(tmp_path / "pipe", profile)
    assert "save it as one" in refused(Path("/dev/null"), profile)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1 is empty"),
        (CSV.encode("utf-16"), "is UTF-16 or no text at all"),
        (CSV.encode("utf-16-le"), "is UTF-16 or no text at all"),
        (CSV.replace("country", "région").encode("latin-1"), "line 1: the line is not utf-8 text"),
        (CSV.replace("\n", "\r").encode(), "its lines end in carriage returns alone"),
        (b"x" * 3_000_000, "the line has 3000000 bytes; expected the names of the columns; is it a CSV file?"),
        (CSV.replace("first_badge", "badge").encode(), "(columns found: person, country, badge_date)"),
        (ROW.encode(), "has no column 'person' (nor any other that the profile names, among 3)"),
        (b"person," + b",".join(b"c%d" % each for each in range(999)), "c18, …)"),
        (b"person," + b"y" * 9999 + b",\x1b[31mred\x1b[0m", "(columns found: person, " + "y" * 40 + "…, ?[31mred?[0m)"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_file(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "badges.csv"
    file.write_bytes(content)
    assert says in refused(file, "carpentries-badges")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_may_come_from_any_program(tmp_path: Path, log: MemoryLog, encoding: str, mark: str, end: str) -> None:
    file = tmp_path / "badges.csv"
    file.write_bytes(CSV.replace(",", mark).replace("\n", end).encode(encoding))
    given = table.fetch(bytes(32), file=file, profile="carpentries-badges")
    assert publish(given, log, rejected_file=tmp_path / "rejected").published == 1


@pytest.mark.parametrize(
    "written",
    ["0001-01-01", "1899-12-30", "1900-01-01", "1969-12-31", "0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00"],
)
def test_the_zero_of_a_calendar_and_its_end_are_no_times(written: str) -> None:
    with pytest.raises(EventError, match="expected one since 1970"):
        instant(written, HOW)


def test_dates_as_they_are_written_in_france_are_read_with_their_format() -> None:
    french = Profile(
        source="urn:maillage:x",
        title="X",
        legal_basis="consent",
        events=[],
        zone="Europe/Paris",
        dates=["%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M"],
    )
    for written in ("09/11/2026", "9/11/2026", "09/11/26", "09.11.2026"):
        assert instant(written, french).isoformat() == "2026-11-09T11:00:00+00:00"
    for written in ("09/11/2026 08:30", "09/11/2026 8h30"):
        assert instant(written, french).isoformat() == "2026-11-09T07:30:00+00:00"
    for written in ("31/02/2026", "11/13/2026", "9 novembre 2026", "hier", "45000"):
        with pytest.raises(EventError, match="a cell is not a time; expected one like %d/%m/%Y"):
            instant(written, french)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00a",
        b"- a\n",
        b"[" * 3000,
        b"source: x\n",
        b"!!python/object/apply:os.system ['true']",
        b"a: b: c",
    ],
)
def test_a_profile_that_is_none_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.yaml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_profile(str(tmp_path / "p.yaml"))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("layout", ["%Q/%d", "%d/%", "%d %d"])
def test_a_date_format_that_cannot_be_is_refused_before_any_row(tmp_path: Path, layout: str) -> None:
    text = (Path(table.__file__).parent / "profiles" / "carpentries-badges.yaml").read_text(encoding="utf-8")
    (tmp_path / "p.yaml").write_text(f'dates: "{layout}"\n{text}', encoding="utf-8")
    with pytest.raises(InputError, match="expected a format like %d/%m/%Y"):
        read_profile(str(tmp_path / "p.yaml"))


def test_events_may_come_through_a_pipe(tmp_path: Path, log: MemoryLog, through: Callable[[bytes], Path]) -> None:
    given = events.fetch(b"", file=through(b"\xef\xbb\xbfno event\r\n\r\n"))
    summary = publish(given, log, rejected_file=tmp_path / "rejected")
    assert (given.total, summary.read, summary.rejected, summary.ignored) == (None, 2, 1, 1)


@pytest.fixture
def through() -> Iterator[Callable[[bytes], Path]]:
    """Give a function from a few bytes to a pipe that holds them."""
    opened = []

    def made(content: bytes) -> Path:
        reading, writing = os.pipe()
        os.write(writing, content)
        os.close(writing)
        opened.append(reading)
        return Path(f"/dev/fd/{reading}")

    yield made
    for each in opened:
        os.close(each)
