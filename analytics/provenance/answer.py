"""The answer to "how do you know?": what a figure is made of, as text, as a table for a notebook, and as data."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import Any

import msgspec
from markupsafe import escape
from msgspec import Struct

from analytics.disclosure import Cell

WIDTH = 100


class Input(Struct, frozen=True, kw_only=True):
    """Events of one kind that a figure rests on: all of the network that were in force when the snapshot was made."""

    kind: str
    events: int


class Why(Struct, frozen=True, kw_only=True):
    """How a figure of a report is known."""

    figure: str
    """Its address in ``report.json``."""
    week: str
    title: str
    value: Cell
    """What the report shows, or why it shows nothing."""
    formula: str
    since: datetime
    until: datetime
    """It rests on what happened in ``[since, until)``."""
    inputs: list[Input]
    sql: str
    exact: bool
    """Whether the SQL gives the figure, in its column ``value``; else it gives what the figure is worked out from."""
    metric: str | None
    """The metric whose card tells more; None where it is counted in the record when it is asked for."""
    version: str | None
    """The metric's version that made it (table ``computed``)."""
    computed_at: datetime | None
    code: str
    """What computes it: a function, or a reading."""
    code_version: str
    """The release, and the digest of the file that holds the code."""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made

    def as_json(self) -> str:
        """Return it as JSON."""
        return msgspec.json.format(msgspec.json.encode(self)).decode()

    def rows(self) -> list[tuple[str, str]]:
        """Return what there is to say, a name and a text each."""
        told = ", ".join(f"{each.events:,} {each.kind}" for each in self.inputs) or "none"
        version = f"{self.metric}, version {self.version}" if self.metric else "counted when asked for"
        said = {
            "figure": f"{self.figure}, {self.week}",
            "value": _shown(self.value),
            "formula": self.formula,
            "inputs": f"{told}; from {self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M} UTC",
            "metric": version + (f", computed {self.computed_at:%Y-%m-%d %H:%M} UTC" if self.computed_at else ""),
            "code": f"{self.code} ({self.code_version})",
            "note": self.note,
            "SQL" if self.exact else "SQL of what it is worked out from": self.sql,
        }
        return [(name, text) for name, text in said.items() if text]

    def __str__(self) -> str:
        """Return it for a terminal."""
        lines = [self.title]
        for name, text in self.rows():
            if name.startswith("SQL"):
                lines += [f"  {name}:", text]
            else:
                hanging = textwrap.fill(text, WIDTH, initial_indent=f"  {name:8} ", subsequent_indent=" " * 11)
                lines.append(hanging)
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{escape(name)}</th>'
            f'<td style="text-align:left;white-space:pre-wrap">{escape(text)}</td></tr>'
            for name, text in self.rows()
        )
        return f"<table><caption>{escape(self.title)}</caption>{rows}</table>"


def _shown(cell: Cell) -> str:
    about = "at least " if cell.reason == "rounded" else ""
    return f"{about}{cell.value!r}" if cell.value is not None else cell.text("en")
