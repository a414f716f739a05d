"""The statements of the warehouse: every piece of SQL is a file under ``warehouse/sql``."""

from __future__ import annotations

import functools
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@functools.cache
def statement(name: str) -> str:
    """Return the text of ``warehouse/sql/<name>.sql``."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def statements(folder: str) -> dict[str, str]:
    """Return the texts of a folder under ``warehouse/sql`` by their bare names, in the order of the names."""
    return {path.stem: statement(f"{folder}/{path.stem}") for path in sorted((FOLDER / folder).glob("*.sql"))}
