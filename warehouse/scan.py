"""The typed scan: in how many rows of which column something stands, asked of the tables and never of the bytes.

Bytes are no proof: DuckDB leaves deleted rows in its file, and compresses those that are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from warehouse.connection import Connection
from warehouse.statement import statement

Column = tuple[str, str]
"""A table and one of its columns."""


def text_columns(connection: Connection) -> dict[str, list[str]]:
    """Return the columns of each table that could hold a text: all but numbers, times and yes or no."""
    found = defaultdict[str, list[str]](list)
    for table, column in connection.execute(statement("erasure/columns")).fetchall():
        found[table].append(column)
    return dict(found)


def scan(connection: Connection, members: Collection[str]) -> dict[Column, int]:
    """Return how many rows name one of ``members``, for every column that could hold a text."""
    values = parameters(members)
    found: dict[Column, int] = {}
    for table, columns in text_columns(connection).items():
        counts = ", ".join(f"count(*) FILTER (WHERE {names([column], values)})" for column in columns)
        (row,) = connection.execute(f'SELECT {counts} FROM "{table}"', values).fetchall()
        found |= {(table, column): rows for column, rows in zip(columns, row, strict=True)}
    return found


def parameters(members: Collection[str]) -> Mapping[str, str]:
    """Return the members as parameters of ``names``."""
    return {f"member_{number}": member for number, member in enumerate(sorted(members))}


def names(columns: Collection[str], values: Mapping[str, str]) -> str:
    """Return the condition, in SQL, that one of the columns names one of the ``parameters``."""
    return " OR ".join(f'contains(CAST("{column}" AS VARCHAR), ${name})' for column in columns for name in values)
