"""How far the log was ingested: whoever asks only reads."""

from __future__ import annotations

from pathlib import Path

import duckdb

from producers.event import PlaceOpened
from producers.log.folder import FolderLog
from tests.story import Take, tell
from warehouse.connection import read
from warehouse.ingest import ingest, positions
from warehouse.status import status

OPENED = tell(PlaceOpened(name="Lab"), "lab", "2026-11-02")


def test_who_asks_how_far_the_log_was_ingested_shares_the_file_with_other_readers(
    take: Take, log: FolderLog, home: Path
) -> None:
    take([OPENED])
    with read(home):
        assert positions(home) == {0: 1}
        assert status(log, home).events == 1


def test_a_file_whose_tables_were_never_made_gets_them(log: FolderLog, home: Path, take: Take) -> None:
    duckdb.connect(str(home)).close()  # as after a kill between the making of the file and of its tables
    assert positions(home) == {}
    assert take([OPENED]).new == 1
    assert ingest(log, home).read == 0


def test_a_file_of_an_older_version_gets_the_tables_of_this_one(log: FolderLog, home: Path, take: Take) -> None:
    take([OPENED])
    with duckdb.connect(str(home)) as connection:
        connection.execute("DROP VIEW retracted; DROP VIEW retraction; DELETE FROM migration WHERE name LIKE '0005%'")
    assert positions(home) == {0: 1}
    assert ingest(log, home).read == 0


def test_where_there_is_no_warehouse_an_empty_one_is_made(home: Path) -> None:
    assert positions(home) == {}
    with read(home) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchall() == [(0,)]
