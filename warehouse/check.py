"""Data checks: each is a query under ``warehouse/sql/checks`` whose rows are the complaint; no row, no complaint."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.connection import Connection
from warehouse.statement import statements

SHOWN = 5


@dataclass(frozen=True)
class Complaint:
    """A check that found something: how many rows, and the first of them in words."""

    check: str
    rows: int
    examples: tuple[str, ...]


def complaints(connection: Connection) -> list[Complaint]:
    """Return what the checks complain of; empty when the warehouse is as it should be."""
    found = []
    for name, text in statements("checks").items():
        rows = connection.execute(text).fetchall()
        if rows:
            examples = tuple(", ".join(map(str, row)) for row in rows[:SHOWN])
            found.append(Complaint(name, len(rows), examples))
    return found
