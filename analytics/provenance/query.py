"""A reading of the warehouse written out as one query that anybody can run: no parameter left, no table of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from warehouse.statement import statement

HIDDEN = "hidden_spell"
_OF_HIDDEN = f"{HIDDEN} AS (SELECT member, since, until FROM hidden), "
"""What a connection of ours holds ready, for a query that has to do without."""
_parameter = re.compile(r"\$(\w+)")


def formula_of(reading: str) -> str:
    """Return what a reading says of itself: the comment at its head."""
    return " ".join(
        line.removeprefix("--").strip() for line in statement(f"readings/{reading}").splitlines() if _says(line)
    )


def query(
    reading: str, wanted: str | Mapping[str, str], *, where: str = "", joined: str = "", **parameters: date | datetime
) -> str:
    """Return the query that gives ``wanted`` of the rows of a reading: one column ``value``, or several by name."""
    columns = {"value": wanted} if isinstance(wanted, str) else wanted
    chosen = ", ".join(f"{each} AS {name}" for name, each in columns.items())
    body = "\n".join(line for line in statement(f"readings/{reading}").splitlines() if not _says(line))
    written = _parameter.sub(lambda found: literal(parameters[found[1]]), body.strip().removesuffix(";"))
    before = _OF_HIDDEN if HIDDEN in written else ""
    return (
        f"WITH {before}reading AS (\n{written}\n)\nSELECT {chosen}\nFROM reading"
        + (f"\n{joined}" if joined else "")
        + (f"\nWHERE {where}" if where else "")
    )


def literal(value: date | datetime | str) -> str:
    """Return a value as SQL writes it."""
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.isoformat()}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'{}'".format(value.replace("'", "''"))


def named(name: str, label: str, key: str) -> str:
    """Return the condition that a place bears a name of the report: its own, its id, or both where two bear it."""
    called = f"coalesce({label}, {key})"
    return f"{literal(name)} IN ({called}, {called} || ' (' || {key} || ')')"


def _says(line: str) -> bool:
    return line.startswith("--")
