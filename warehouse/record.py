"""The record as a whole: what it holds."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from warehouse.connection import read
from warehouse.statement import statement


def holds(path: Path, known: Collection[tuple[str, str]]) -> bool:
    """Return whether the record at ``path`` has every one of these (source, id); False where there is no record."""
    if not path.exists():
        return False
    wanted = pd.DataFrame(sorted(known), columns=["source", "id"])
    with read(path) as connection:
        connection.register("wanted", wanted)
        missing = connection.execute(statement("readings/missing")).fetchall()
    return not missing
