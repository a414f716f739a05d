"""Questions in SQL from people and notebooks: read-only, with errors in one line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from producers.errors import UsageError
from warehouse.connection import Connection, read


@dataclass(frozen=True)
class Answer:
    """The columns and rows of an answer."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(path: Path, query: str) -> Answer:
    """Return the answer to a question.

    Raises:
        UsageError: when the question is not SQL that reads.
    """
    with read(path) as connection:
        try:
            # A question reads tables: no file beside the warehouse, such as the key, and none is written.
            connection.execute("SET enable_external_access = false")
            if not connection.extract_statements(query):
                raise UsageError("the question is empty", expected="one SQL statement that reads")
            result = connection.execute(query)
            return Answer([column[0] for column in result.description or []], result.fetchall())
        except duckdb.Error as error:
            raise _misunderstood(error) from error


def frame(connection: Connection, query: str, parameters: dict[str, object] | None = None) -> pd.DataFrame:
    """Return the answer as a frame; raises like ``ask``."""
    try:
        return connection.execute(query, parameters or {}).df()
    except duckdb.Error as error:
        raise _misunderstood(error) from error


def _misunderstood(error: duckdb.Error) -> UsageError:
    words = " ".join(str(error).split("LINE 1")[0].split())
    return UsageError(words, remedy='tables: maillage sql "SHOW TABLES"; only reading is possible')
