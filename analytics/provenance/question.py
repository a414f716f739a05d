"""What has to be asked of the warehouse to get one figure of a report again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.provenance.figure import Figure, Item
from analytics.report.content import Content
from analytics.week import Week


@dataclass(frozen=True)
class Asked:
    """A figure that somebody asks about, in its report."""

    figure: Figure
    content: Content
    week: Week
    window: int
    """Weeks that ties reach over."""

    @property
    def item(self) -> Item:
        """Return the innermost item of a list that the figure lies in."""
        return self.figure.items[-1]

    @property
    def column(self) -> str:
        """Return what the figure is called within its item."""
        return self.figure.steps[-1][-1]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Where a figure comes from."""

    sql: str
    """One query; where ``exact`` its one row and column ``value`` is the figure, else what it is worked out from."""
    week: Week
    """The last week that it is about."""
    weeks: int
    """How many weeks it reaches over."""
    reads: tuple[str, ...]
    """The kinds of event that it rests on."""
    reading: str | None = None
    """The reading under ``warehouse/sql/readings``, where it is counted when it is asked for."""
    metric: str | None = None
    """The metric, where it was computed."""
    exact: bool = True
    note: str = ""


Asks = Callable[[Asked], Question]
Patterns = Mapping[str, Asks]
"""By the pattern of a figure's place: who says what to ask for it."""
