"""Forgetting: a person leaves the record, and everything that was made of it follows."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from producers.event import encode_data
from producers.tombstone import without
from warehouse.connection import Connection
from warehouse.mart import refresh
from warehouse.scan import names, parameters, text_columns
from warehouse.statement import statement
from warehouse.tombstone import event_of

RESULTS = ("tie", "metric_value", "skill_week", "computed", "stale", "announced")
"""Tables by week: none of their rows lies outside the span of the activities."""
_COLUMNS = ("source", "id", "type", "subject", "occurred_at", "data")


def forget(connection: Connection, members: Collection[str]) -> tuple[int, int]:
    """Return how many events left the record and how many stay without ``members``; marts and marks follow."""
    connection.execute(statement("erasure/concerned"), {"members": sorted(members)})
    rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM batch").fetchall()
    left = [without(event_of(dict(zip(_COLUMNS, row, strict=True))), members) for row in rows]
    reduced = [(each.source, each.id, encode_data(each.data).decode()) for each in left if each]
    gone = [row[:2] for row, each in zip(rows, left, strict=True) if not each]
    connection.register("reduced", pd.DataFrame(reduced, columns=["source", "id", "data"], dtype="str"))
    connection.register("gone", pd.DataFrame(gone, columns=["source", "id"], dtype="str"))
    connection.execute(statement("erasure/retractions"))
    _mark(connection)
    connection.execute(statement("erasure/leave"), {"members": sorted(members)})
    refresh(connection)
    _sweep(connection, members)
    ((concerned,),) = connection.execute("SELECT count(*) FROM batch").fetchall()
    return concerned - len(reduced), len(reduced)


def _mark(connection: Connection) -> None:
    """Mark what the concerned events can touch as stale, while the marts still show them."""
    first, last = connection.execute("SELECT first_week, last_week FROM span").fetchall()[0]
    connection.execute(statement("ingest/touched"))
    connection.execute(statement("ingest/stale"), {"old_first": first, "old_last": last})
    connection.execute(statement("ingest/pending"))


def _sweep(connection: Connection, members: Collection[str]) -> None:
    """Remove what else names them, whatever the table, and the results of weeks in which nothing is left."""
    values = parameters(members)
    for table, columns in text_columns(connection).items():
        if table != "events":
            connection.execute(f'DELETE FROM "{table}" WHERE {names(columns, values)}', values)
    connection.execute(statement("erasure/span"))
    for table in RESULTS:
        connection.execute(
            f"DELETE FROM {table} USING span WHERE span.first_week IS NULL"
            f" OR {table}.week NOT BETWEEN span.first_week AND span.last_week"
        )
