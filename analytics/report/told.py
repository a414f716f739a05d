"""A section in words: a title that states what was found, a caption, a table, and how one knows."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from analytics.report.box import Box


@dataclass(frozen=True)
class Row:
    """One row; ``card`` is the metric that its name leads to, if any."""

    name: str
    boxes: list[Box]
    card: str = ""


@dataclass(frozen=True)
class Told:
    """One section in words."""

    name: str
    kicker: str
    title: str
    caption: str
    head: list[tuple[str, str]]
    """Names of the columns, each with the metric that it leads to, if any."""
    rows: list[Row]
    query: str
    figure: Markup | str = ""
    stamp: str = ""
    """How firm the order of its rows is."""
    wide: bool = False
