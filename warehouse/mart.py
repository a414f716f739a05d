"""The marts: tables by noun, made from the record for the subjects that have new events."""

from __future__ import annotations

from warehouse.connection import Connection, transaction
from warehouse.statement import statement, statements
from warehouse.vocabulary import adopt, classify

LIVE = "01_live"
"""From here on it is known which events are read, and so which texts."""


def refresh(connection: Connection) -> int:
    """Return how many subjects were read again; afterwards the marts show every event of the record.

    Skills are the codes of the vocabulary in force; a text that means none of its concepts stands for itself.
    """
    with transaction(connection):
        adopt(connection)
        pending = _count(connection)
        if pending:
            _read_again(connection)
    return pending


def _read_again(connection: Connection) -> None:
    for name, text in statements("marts").items():
        connection.execute(text)
        if name == LIVE:
            classify(connection)


def rebuild(connection: Connection) -> int:
    """Return how many subjects the record has; afterwards every mart is made anew from it."""
    connection.execute(statement("ingest/everything"))
    return refresh(connection)


def _count(connection: Connection) -> int:
    row = connection.execute("SELECT count(DISTINCT subject) FROM pending").fetchone()
    return int(row[0]) if row else 0
