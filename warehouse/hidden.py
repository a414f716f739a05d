"""How much consent hides: what a run leaves out, for whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from warehouse.connection import Connection
from warehouse.statement import statement


@dataclass(frozen=True)
class Hidden:
    """The activities of some weeks, and those of them that no figure counts."""

    activities: int
    hidden: int

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.hidden:,} of {self.activities:,} activities not counted: no consent yet, or an objection"


def hidden_rows(connection: Connection, first: date = date.min, last: date = date.max) -> Hidden:
    """Return how many activities of the weeks from one Monday to another are left out, by the consents of each week."""
    ((activities, hidden),) = connection.execute(
        statement("readings/hidden_rows"), {"first": first, "last": last}
    ).fetchall()
    return Hidden(activities, hidden)
