"""Questions in SQL from people and notebooks: read-only, with errors in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from producers.errors import UsageError
from warehouse.connection import Connection, read

_CLOSED = ("enable_external_access", "python_enable_replacements")
"""What DuckDB could read beside the tables, and does not."""


@dataclass(frozen=True)
class Answer:
    """The columns and rows of an answer."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(path: Path, query: str) -> Answer:
    """Return the answer to a question.

    Raises:
        UsageError: when the question is not one statement of SQL that reads the tables.
    """
    with read(path) as connection:
        try:
            result = _asked(connection, query)
            return Answer([column[0] for column in result.description or []], result.fetchall())
        except duckdb.Error as error:
            raise _misunderstood(error) from error


def frame(connection: Connection, query: str, parameters: dict[str, object] | None = None) -> pd.DataFrame:
    """Return the answer as a frame; raises like ``ask``."""
    try:
        return _asked(connection, query, parameters).df()
    except duckdb.Error as error:
        raise _misunderstood(error) from error


def _asked(connection: Connection, query: str, parameters: dict[str, object] | None = None) -> Connection:
    """Put one question to tables: to no file beside the warehouse, such as the key, and to no variable of Python."""
    for setting in _CLOSED:
        connection.execute(f"SET {setting} = false")
    if not (found := connection.extract_statements(query)):
        raise UsageError("the question is empty", expected="one SQL statement that reads")
    if len(found) > 1:
        raise UsageError(f"the question has {len(found)} statements", expected="one statement at a time")
    return connection.execute(found[0], parameters or {})


def _misunderstood(error: duckdb.Error) -> UsageError:
    words = " ".join(re.split(r"LINE \d+:", str(error))[0].split())
    return UsageError(words, remedy='tables: maillage sql "SHOW TABLES"; only reading is possible')
