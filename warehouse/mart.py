"""The marts: tables by noun, made from the record for the subjects that have new events."""

from __future__ import annotations

from warehouse.connection import Connection, transaction
from warehouse.statement import statement, statements


def refresh(connection: Connection) -> int:
    """Return how many subjects were read again; afterwards the marts show every event of the record."""
    pending = _count(connection)
    if not pending:
        return 0
    with transaction(connection):
        for text in statements("marts").values():
            connection.execute(text)
    return pending


def rebuild(connection: Connection) -> int:
    """Return how many subjects the record has; afterwards every mart is made anew from it."""
    connection.execute(statement("ingest/everything"))
    return refresh(connection)


def _count(connection: Connection) -> int:
    row = connection.execute("SELECT count(DISTINCT subject) FROM pending").fetchone()
    return int(row[0]) if row else 0
