"""Questions in SQL: one statement that reads tables, and nothing beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from producers.errors import UsageError
from warehouse.connection import read, write
from warehouse.query import ask, frame

REFUSED = [
    "SELECT * FROM read_csv('{folder}/key')",
    "SELECT * FROM read_text('{folder}/key')",
    "SELECT * FROM read_blob('{folder}/key')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM '{folder}/key.csv'",
    "COPY place TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH '{folder}/key' AS other (READ_ONLY)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SELECT getenv('HOME')",
]
WRONG = ["SELEC 1", "SELECT nothing FROM place", "SELECT * FROM nowhere", "SELECT\n1 +\n", "SELECT $1", "SELECT 'open"]
WRITES = ["DELETE FROM place", "CREATE TABLE x (a INT)", "DROP TABLE place", "UPDATE place SET name = 'x'"]


@pytest.fixture
def warehouse(home: Path) -> Path:
    with write(home):
        pass
    for name in ("key", "key.csv"):
        (home.parent / name).write_text("secret\n1\n")
    return home


@pytest.mark.parametrize("query", REFUSED)
def test_no_file_beside_the_warehouse_is_read_or_written(warehouse: Path, query: str) -> None:
    before = sorted(warehouse.parent.iterdir())
    with pytest.raises(UsageError, match="only reading is possible") as caught:
        ask(warehouse, query.format(folder=warehouse.parent))
    assert "secret" not in str(caught.value)
    with read(warehouse) as connection, pytest.raises(UsageError, match="only reading is possible"):
        frame(connection, query.format(folder=warehouse.parent))
    assert sorted(warehouse.parent.iterdir()) == before


@pytest.mark.parametrize("query", [*WRONG, *WRITES])
def test_what_does_not_read_is_refused_in_one_line(warehouse: Path, query: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(warehouse, query)
    assert "\n" not in str(caught.value)
    assert "LINE" not in str(caught.value)


@pytest.mark.parametrize("query", ["", "  ", ";", "-- nothing but words", "/* the same */ ;;"])
def test_an_empty_question_is_refused(warehouse: Path, query: str) -> None:
    with pytest.raises(UsageError, match="the question is empty"):
        ask(warehouse, query)


def test_more_than_one_statement_is_refused(warehouse: Path) -> None:
    with pytest.raises(UsageError, match="the question has 2 statements; expected one statement at a time"):
        ask(warehouse, "SELECT 1; SELECT 2")
    assert ask(warehouse, "SELECT ';' AS a; -- one").rows == [(";",)]


def test_tables_and_their_description_can_be_read(warehouse: Path) -> None:
    assert ("place",) in ask(warehouse, "SHOW TABLES").rows
    assert ask(warehouse, "SELECT comment FROM duckdb_tables() WHERE table_name = 'place'").rows
    assert ask(warehouse, "SELECT count(*) AS n FROM place").columns == ["n"]
