"""What the right door reads: all that ever happened, with consent applied as it stands now."""

from __future__ import annotations

from datetime import date

import pandas as pd

from warehouse.connection import Connection
from warehouse.reading import prepare
from warehouse.statement import statement

READINGS = ("requests", "answers", "evidence", "members", "places")


def door_facts(connection: Connection) -> dict[str, pd.DataFrame]:
    """Return a frame for each of ``READINGS``; the columns are those of ``readings/door_*.sql``.

    Consent is that of now and not of any other instant: whoever withdraws is not told of from then on, whatever the
    question.
    """
    prepare(connection)
    return {name: connection.execute(statement(f"readings/door_{name}")).df() for name in READINGS}


def last_week(connection: Connection) -> date | None:
    """Return the Monday of the week of the last activity; None before any."""
    found: tuple[date | None] = connection.execute("SELECT last_week FROM span").fetchall()[0]
    return found[0]
